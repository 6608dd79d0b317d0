/*
 * The other leg: a thigh that stays where it was after the cue. Expected moments: worked
 * by hand, 60 s after the cue or after the last turn of more than 10 degrees.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stretch/cue.h"

static struct cue_state cue;

static bool step(double t_s, bool asked, double raise_deg)
{
	struct vec3 up = { sin(raise_deg * RAD_PER_DEG), cos(raise_deg * RAD_PER_DEG),
		0.0 };

	return cue_step(&cue, asked, llround(t_s * 1e6), up, 60.0);
}

static void test_a_minute_after_the_cue(void **state)
{
	(void)state;
	cue_init(&cue);
	for (int t = 0; t < 100; t++)
		assert_false(step(t, false, 0.0)); /* nobody was asked */
	assert_false(step(100.0, true, 0.0));
	assert_false(step(160.0, true, 9.0)); /* taken along by the other leg */
	assert_true(step(160.1, true, 0.0));
	assert_true(step(200.0, true, 0.0));
	/* the cue is over, and given again */
	assert_false(step(201.0, false, 0.0));
	assert_false(step(202.0, true, 0.0));
	assert_false(step(262.0, true, 0.0));
	assert_true(step(262.1, true, 0.0));
}

static void test_who_moves_is_not_meant(void **state)
{
	(void)state;
	cue_init(&cue);
	assert_false(step(0.0, true, 0.0));
	assert_false(step(50.0, true, 11.0)); /* up, and back */
	assert_false(step(55.0, true, 0.0));
	assert_false(step(115.0, true, 0.0));
	assert_true(step(115.1, true, 0.0));
	assert_false(step(116.0, true, 11.0)); /* told, then it moves */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_minute_after_the_cue),
		cmocka_unit_test(test_who_moves_is_not_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
