/*
 * Bytes to numbers: expected values written out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stretch/bytes.h"

/* clang-format off */
static const struct {
	uint8_t bytes[2];
	int big, little;
} pairs[] = {
	{ { 0x00, 0x00 }, 0, 0 },
	{ { 0x00, 0x01 }, 1, 256 },
	{ { 0x01, 0x00 }, 256, 1 },
	{ { 0x7F, 0xFF }, INT16_MAX, -129 },
	{ { 0x80, 0x00 }, INT16_MIN, 128 },
	{ { 0x00, 0x80 }, 128, INT16_MIN },
	{ { 0xFF, 0xFF }, -1, -1 },
	{ { 0xFF, 0x7F }, -129, INT16_MAX },
	{ { 0xFE, 0x0C }, -500, 3326 },
	{ { 0x0C, 0xFE }, 3326, -500 },
};
/* clang-format on */

static void test_sixteen_bits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		const uint8_t *bytes = pairs[i].bytes;

		assert_int_equal(be16s(bytes), pairs[i].big);
		assert_int_equal(le16s(bytes), pairs[i].little);
		assert_int_equal(be16u(bytes), pairs[i].big & 0xFFFF);
		assert_int_equal(le16u(bytes), pairs[i].little & 0xFFFF);
	}
}

static void test_sign_extension(void **state)
{
	(void)state;
	assert_int_equal(sext(0, 1), 0);
	assert_int_equal(sext(1, 1), -1);
	assert_int_equal(sext(0x7, 4), 7);
	assert_int_equal(sext(0x8, 4), -8);
	assert_int_equal(sext(0xF8, 4), -8); /* bits above are not looked at */
	assert_int_equal(sext(0x7FF, 12), 2047);
	assert_int_equal(sext(0x800, 12), -2048);
	assert_int_equal(sext(0x7FFFF, 20), 524287);
	assert_int_equal(sext(0x80000, 20), -524288);
	assert_int_equal(sext(0x3FFFFFFF, 31), 1073741823);
	assert_int_equal(sext(0x40000000, 31), -1073741824);
	assert_int_equal(sext(UINT32_MAX, 31), -1);
	/* All 16-bit numbers, against the value that their bits stand for. */
	for (int32_t value = INT16_MIN; value <= INT16_MAX; value++)
		assert_int_equal(sext((uint32_t)(value + 65536) & 0xFFFF, 16), value);
}

/* The precedence trap: a & 0xF0 >> 4 is a & 0x0F. */
static void test_fields(void **state)
{
	(void)state;
	assert_int_equal(field(0xAB, 4, 4), 0xA);
	assert_int_equal(field(0xAB, 0, 4), 0xB);
	assert_int_equal(field(0x0B, 1, 2), 1);
	assert_int_equal(field(0x8001, 15, 1), 1);
	assert_int_equal(field(0x8001, 1, 14), 0);
	assert_int_equal(field(0x3FF, 0, 10), 1023);
	assert_int_equal(field(0xFFFF, 0, 10), 1023);
}

static void test_equal_bytes(void **state)
{
	static const uint8_t same[4] = { 9, 9, 9, 9 }, last[4] = { 9, 9, 9, 8 };

	(void)state;
	assert_true(bytes_equal(same, 4));
	assert_true(bytes_equal(last, 3));
	assert_true(bytes_equal(last, 1));
	assert_false(bytes_equal(last, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sixteen_bits),
		cmocka_unit_test(test_sign_extension),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_equal_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
