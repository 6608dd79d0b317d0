/*
 * Numbers out of the bytes of a register block, in both byte orders.
 *
 * Nothing here shifts a signed value or relies on what a cast of a large number
 * does. Each helper does one thing, so that a decoder is a list of them and
 * precedence of operators plays no part.
 */
#ifndef STRETCH_BYTES_H
#define STRETCH_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two bytes, high one first. */
static inline uint16_t be16u(const uint8_t *bytes)
{
	return (uint16_t)((unsigned)bytes[0] << 8 | bytes[1]);
}

/* Two bytes, low one first. */
static inline uint16_t le16u(const uint8_t *bytes)
{
	return (uint16_t)((unsigned)bytes[1] << 8 | bytes[0]);
}

/* The low bits (1 to 31) of value as a two's complement number. */
static inline int32_t sext(uint32_t value, unsigned bits)
{
	uint32_t top = UINT32_C(1) << (bits - 1);

	value &= (top << 1) - 1;
	return (int32_t)(value ^ top) - (int32_t)top;
}

static inline int16_t be16s(const uint8_t *bytes)
{
	return (int16_t)sext(be16u(bytes), 16);
}

static inline int16_t le16s(const uint8_t *bytes)
{
	return (int16_t)sext(le16u(bytes), 16);
}

/* Bits of value: `bits` of them, from bit `low` upwards. */
static inline unsigned field(unsigned value, unsigned low, unsigned bits)
{
	return value >> low & ((1u << bits) - 1u);
}

/* Is every byte the same? size is at least 1. */
static inline bool bytes_equal(const uint8_t *bytes, size_t size)
{
	for (size_t i = 1; i < size; i++)
		if (bytes[i] != bytes[0])
			return false;
	return true;
}

#endif
