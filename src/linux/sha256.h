/*
 * SHA-256 of a text (FIPS 180-4), to tell one prescription from another.
 *
 * Our own because no library that is linked anyway has it.
 */
#ifndef STRETCH_LINUX_SHA256_H
#define STRETCH_LINUX_SHA256_H

#include <stddef.h>

#define SHA256_TEXT 65 /* 64 hexadecimal digits and the NUL */

/* The digest of size bytes, as sha256sum prints it. */
void sha256_text(const void *data, size_t size, char text[SHA256_TEXT]);

#endif
