/* SHA-256 against the examples of FIPS 180-4 and another implementation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "linux/sha256.h"

static void gives(const char *text, size_t size, const char *expected)
{
	char digest[SHA256_TEXT];

	sha256_text(text, size, digest);
	assert_string_equal(digest, expected);
}

/* The three messages of the standard's examples, and the empty one. */
static void published_examples(void **state)
{
	static char million[1000000];

	(void)state;
	gives("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	gives("abc", 3,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	gives("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	memset(million, 'a', sizeof(million));
	gives(million, sizeof(million),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Around the ends of a block, where padding changes; digests by Python's hashlib. */
static void block_ends(void **state)
{
	char text[128];

	(void)state;
	memset(text, 'x', sizeof(text));
	gives(text, 1,
		"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
	gives(text, 55,
		"d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072");
	gives(text, 56,
		"04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e");
	gives(text, 63,
		"75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2");
	gives(text, 64,
		"7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c");
	gives(text, 65,
		"9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9");
	gives(text, 119,
		"000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c");
	gives(text, 120,
		"13f05a0b594787f5ecd315edc96141bd3243203d1b7d4f0836f37308b276ba98");
	gives(text, 128,
		"24da1b81d0b16df6428eee73c69fcb2a93c76bc6df706f0c6670fe6bfe800464");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_examples),
		cmocka_unit_test(block_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
