/*
 * The number formatter. Expected texts are written by hand or come from a second
 * implementation (snprintf and strtod of the C library, which are exact).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/fmt.h"
#include "stretch/random.h"

#define SEED UINT64_C(20240611)
#define VALUES 1000000

static uint64_t bits_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	return bits;
}

static void test_by_hand(void **state)
{
	static const struct {
		double value;
		int decimals;
		const char *text;
	} table[] = {
		{ 0.0, 0, "0" }, { -0.0, 0, "0" }, { -0.0, 3, "0.000" },
		{ -0.0004, 3, "0.000" }, { -0.0005, 3, "-0.001" },
		{ 0.0004999, 3, "0.000" }, { 9.81, 5, "9.81000" },
		{ -9.81, 5, "-9.81000" }, { 1.0, 0, "1" }, { 0.5, 0, "1" },
		{ -0.5, 0, "-1" }, { 1.5, 0, "2" }, { 2.5, 0, "3" }, { 0.125, 2, "0.13" },
		{ -0.125, 2, "-0.13" }, { 0.375, 2, "0.38" }, { 99.95, 1, "100.0" },
		{ 0.999999, 3, "1.000" }, { 123456.789, 2, "123456.79" },
		{ 1e-300, 9, "0.000000000" }, { -5e-324, 9, "0.000000000" },
		{ 0.000000001, 9, "0.000000001" }, { -0.01, 9, "-0.010000000" },
		{ 999999999999999.0, 0, "999999999999999" },
		{ 999999999999999.875, 9, "999999999999999.875000000" },
		{ 999999999999999.875, 0, "1000000000000000" },
		{ 999999999999999.875, 2, "999999999999999.88" },
		{ 9007199254740.993, 3,
			"9007199254740.992" }, /* the double is .9921875 */
		{ 1e15, 0, "" }, { -1e15, 3, "" }, { 1e300, 0, "" },
		{ (double)NAN, 3, "" }, { (double)INFINITY, 3, "" },
		{ -(double)INFINITY, 0, "" }, { 1.25, -4, "1" },
		{ 0.25, 12, "0.250000000" }, /* decimals clamped to 0..9 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		char text[FMT_NUMBER_MAX];
		size_t length = fmt_fixed(text, table[i].value, table[i].decimals);

		assert_string_equal(text, table[i].text);
		assert_int_equal(length, strlen(text));
	}
}

/* A value that tries the corners: any exponent, decimal numbers, near ties. */
static double draw(struct random *rng, int decimals)
{
	double scale = pow(10.0, decimals);
	double value, n = (double)(random_u64(rng) % 2000000) - 1000000.0;

	switch (random_u64(rng) % 4) {
	case 0: { /* any bit pattern of a finite double below 1e15 */
		uint64_t bits = random_u64(rng);

		memcpy(&value, &bits, sizeof value);
		return isfinite(value) && fabs(value) < 1e15 ? value : n;
	}
	case 1: /* sensor values */ return random_between(rng, -400.0, 400.0);
	case 2: /* within two ulp of a tie */
		value = (n + 0.5) / scale;
		for (uint64_t step = random_u64(rng) % 3; step > 0; step--)
			value = nextafter(value, n);
		return value;
	default: /* large: more digits than a double has */
		return random_between(rng, -1e15, 1e15) /
			(double)(UINT64_C(1) << random_u64(rng) % 30);
	}
}

/* What fmt_round promises: reading the text back gives that double, bit by bit. */
static void test_text_reads_back(void **state)
{
	struct random rng;

	(void)state;
	random_seed(&rng, SEED, 0);
	printf("# fmt round trip: seed %llu, %d values\n", (unsigned long long)SEED,
		VALUES);
	for (int i = 0; i < VALUES; i++) {
		int decimals = (int)(random_u64(&rng) % 10);
		double value = draw(&rng, decimals);
		double rounded = fmt_round(value, decimals);
		char text[FMT_NUMBER_MAX];

		if (fmt_fixed(text, value, decimals) == 0)
			continue; /* 1e15 itself, after the division */
		if (bits_of(strtod(text, NULL)) != bits_of(rounded))
			fail_msg("%.17g, %d decimals: \"%s\", but rounded to %.17g",
				value, decimals, text, rounded);
		/* a rounded value stays, and its own text reads back too */
		if (fmt_fixed(text, rounded, decimals) == 0)
			continue;
		if (bits_of(strtod(text, NULL)) != bits_of(rounded) ||
			bits_of(fmt_round(rounded, decimals)) != bits_of(rounded))
			fail_msg("%.17g, %d decimals: not the same rounded twice",
				rounded, decimals);
	}
}

/* printf looks at all binary digits; the two may differ only next to a tie. */
static void test_agrees_with_printf(void **state)
{
	struct random rng;
	int differ = 0;

	(void)state;
	random_seed(&rng, SEED, 1);
	for (int i = 0; i < VALUES; i++) {
		int decimals = (int)(random_u64(&rng) % 10);
		double value = draw(&rng, decimals);
		double product = fabs(value) * pow(10.0, decimals);
		char text[FMT_NUMBER_MAX], reference[400];
		const char *expected = reference;

		if (fmt_fixed(text, value, decimals) == 0)
			continue;
		snprintf(reference, sizeof reference, "%.*f", decimals, value);
		if (reference[0] == '-' && strspn(reference, "-0.") == strlen(reference))
			expected++; /* -0 */
		if (strcmp(text, expected) == 0)
			continue;
		differ++;
		if (fabs(product - floor(product) - 0.5) >
			2.0 * (nextafter(product, 1e300) - product))
			fail_msg("%.17g, %d decimals: \"%s\", printf \"%s\"", value,
				decimals, text, expected);
	}
	printf("# fmt and printf: %d of %d values differ, all at a tie\n", differ,
		VALUES);
	assert_true(differ > 0); /* the ties were tried */
}

static void test_round_keeps_what_is_not_finite(void **state)
{
	(void)state;
	assert_true(isnan(fmt_round((double)NAN, 3)));
	assert_true(fmt_round((double)INFINITY, 3) == (double)INFINITY);
	assert_true(fmt_round(-(double)INFINITY, 3) == -(double)INFINITY);
	assert_true(bits_of(fmt_round(-0.0, 3)) == 0);
	assert_true(bits_of(fmt_round(-0.0001, 3)) == 0);
	assert_true(bits_of(fmt_round(-1e-310, 9)) == 0);
	assert_true(fmt_round(1.7976931348623157e308, 9) == 1.7976931348623157e308);
}

static void test_whole_numbers(void **state)
{
	char text[FMT_NUMBER_MAX];
	struct random rng;

	(void)state;
	random_seed(&rng, SEED, 2);
	fmt_int(text, 0);
	assert_string_equal(text, "0");
	assert_int_equal(fmt_int(text, INT64_MAX), 19);
	assert_string_equal(text, "9223372036854775807");
	assert_int_equal(fmt_int(text, INT64_MIN), 20);
	assert_string_equal(text, "-9223372036854775808");
	for (int i = 0; i < 10000; i++) {
		int64_t value = (int64_t)random_u64(&rng) >> random_u64(&rng) % 64;
		char reference[64];

		fmt_int(text, value);
		snprintf(reference, sizeof reference, "%lld", (long long)value);
		assert_string_equal(text, reference);
	}
}

static void test_microseconds(void **state)
{
	static const struct {
		int64_t t_us;
		const char *text;
	} table[] = {
		{ 0, "0.000000" },
		{ 1, "0.000001" },
		{ -1, "-0.000001" },
		{ 999999, "0.999999" },
		{ 1000000, "1.000000" },
		{ -1500000, "-1.500000" },
		{ 86400000001, "86400.000001" },
		{ INT64_MAX, "9223372036854.775807" },
		{ INT64_MIN, "-9223372036854.775808" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		char text[FMT_NUMBER_MAX];

		assert_int_equal(fmt_us_as_s(text, table[i].t_us), strlen(table[i].text));
		assert_string_equal(text, table[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_text_reads_back),
		cmocka_unit_test(test_agrees_with_printf),
		cmocka_unit_test(test_round_keeps_what_is_not_finite),
		cmocka_unit_test(test_whole_numbers),
		cmocka_unit_test(test_microseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
