/* The reminder to get up: moments worked by hand, in seconds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stretch/sitting.h"

/* Seconds in which it was shown until end_s; the sensor moves every move_s. */
static int shown_s(double every_min, int end_s, int move_s, int *first_s)
{
	struct sitting sitting;
	int shown = 0;

	*first_s = -1;
	sitting_init(&sitting, 0);
	for (int s = 0; s < end_s; s++) {
		if (!sitting_step(&sitting, every_min, (int64_t)s * 1000000,
			move_s > 0 && s % move_s == 0))
			continue;
		if (*first_s < 0)
			*first_s = s;
		shown++;
	}
	return shown;
}

static void test_every_hour(void **state)
{
	int first_s;

	(void)state;
	/* at 3600 s for 20 s, then 3600 s after its end: 7220 s, 10840 s */
	assert_int_equal(shown_s(60.0, 3599, 300, &first_s), 0);
	assert_int_equal(shown_s(60.0, 7000, 300, &first_s), 20);
	assert_int_equal(first_s, 3600);
	assert_int_equal(shown_s(60.0, 7230, 300, &first_s), 30);
	assert_int_equal(shown_s(60.0, 10860, 300, &first_s), 60);
}

static void test_not_without_a_wearer(void **state)
{
	int first_s;

	(void)state;
	/* laid down at the start: one reminder at most, then none all night */
	assert_int_equal(shown_s(60.0, 12 * 3600, 0, &first_s), 20);
	/* and never when none is asked for */
	assert_int_equal(shown_s((double)NAN, 12 * 3600, 300, &first_s), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_hour),
		cmocka_unit_test(test_not_without_a_wearer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
