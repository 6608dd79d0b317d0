/*
 * People who do the counted and the timed exercises, well or badly, with one and two
 * IMUs, at 52, 104 and 208 Hz. No quality is judged there: what must be right are the
 * rows, their seconds and how they end.
 *
 * The expected verdicts are reasoned by hand from the rules, in each row's own words. A
 * repetition goes up and down at 50 deg/s at the fastest and rests for a second at the
 * top: 1 to 6 s long. A timed hold of 10 s is pressed to begin, kept for 13 s and pressed
 * to end; what happens 5 s in leaves 4 to 8 s.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../support/effort.h"
#include "../support/persons.h"

#define REP { RESULT_DONE, ANY, 1.0, 6.0, ANY, 0 }
#define NOTHING { NO_ROW, ANY, 0.0, 0.0, ANY, 0 }
#define DONE { RESULT_DONE, ANY, 12.0, 17.5, ANY, 0 }
#define ENDS(result_, reason_) { RESULT_##result_, REASON_##reason_, 4.0, 8.0, ANY, 0 }
#define BOTH(...) .one = __VA_ARGS__, .two = __VA_ARGS__

static const struct person counted_persons[] = {
	{ "early", BOTH(NOTHING), "moves before any pose is known: nothing can count",
		.habit = HABIT_EARLY, .first = true, .hold_s = 1.0 },
	{ "calm", BOTH(REP), "there and back once", .habit = HABIT_NONE, .hold_s = 1.0 },
	{ "trembles", BOTH(REP), "12 deg/s at 7 Hz are 0.4 deg: not a second one",
		.habit = HABIT_TREMOR, .size = 12.0, .hold_s = 2.0 },
	{ "coughs", BOTH(REP), "2 deg at the top go by", .habit = HABIT_COUGH,
		.hold_s = 2.0 },
	{ "does nothing", BOTH(NOTHING), "no movement, no repetition",
		.habit = HABIT_IDLE, .hold_s = 2.0 },
	{ "stops by the button", BOTH({ RESULT_STOPPED, REASON_BUTTON, 0.0, 4.0, ANY, 0 }),
		"a press stops at once; the rest that follows is longer than a second, so "
		"nobody comes after", .habit = HABIT_PRESS, .start_s = 0.5,
		.hold_s = 2.0, .last = true },
	{ "has pain", BOTH({ RESULT_STOPPED, REASON_PAIN, 0.0, 4.0, ANY,
		FLAG_BIT(FLAG_PAIN) }), "a second press within 5 s says pain",
		.habit = HABIT_PAIN, .start_s = 0.5, .hold_s = 4.0, .last = true },
	{ "has a dead sensor", BOTH({ RESULT_SHORT, REASON_SENSOR, 0.0, 4.0, ANY, 0 }),
		"4 s without readings at the top: nobody saw the way back",
		.habit = HABIT_DEAD, .size = 4.0, .start_s = 0.5, .hold_s = 6.0,
		.last = true },
	{ "stays up", BOTH({ RESULT_OVER, REASON_TOO_LONG, 18.0, 21.0, ANY, 0 }),
		"for 30 s: longer than the 20 s of any repetition", .habit = HABIT_NONE,
		.hold_s = 30.0 },
};

static const struct person timed_persons[] = {
	{ "early", BOTH(NOTHING), "begins before any pose is known: nothing can count",
		.habit = HABIT_EARLY, .first = true },
	{ "calm", BOTH(DONE), "pressed, kept, pressed", .habit = HABIT_NONE },
	{ "sways", BOTH(DONE), "the trunk's sway takes the thigh along by little",
		.habit = HABIT_SWAY, .size = 1.5 },
	{ "lifts the knee", BOTH({ RESULT_SHORT, REASON_LEFT_BAND, 4.0, 8.0, ANY,
		FLAG_BIT(FLAG_KNEE_UP) }), "12 deg at the thigh is over 5, for 4 s",
		.habit = HABIT_KNEE, .size = 12.0, .start_s = 5.0, .length_s = 5.0 },
	{ "does nothing", BOTH(NOTHING), "no press, no hold", .habit = HABIT_IDLE },
	{ "stops by the button", BOTH(ENDS(STOPPED, PAIN)),
		"a press stops at once; pressed again on coming up 2 s later: pain",
		.habit = HABIT_PRESS, .start_s = 5.0 },
	{ "has pain", BOTH(ENDS(STOPPED, PAIN)), "a second press within 5 s says pain",
		.habit = HABIT_PAIN, .start_s = 5.0 },
	{ "gives up half way", BOTH(ENDS(STOPPED, BUTTON)), "up after 5 s",
		.hold_s = 5.0 },
	{ "loses 3 s of data", BOTH(ENDS(SHORT, SENSOR)), "longer than a pause",
		.habit = HABIT_GAP, .size = 3.0, .start_s = 5.0 },
	{ "has a dead sensor", BOTH(ENDS(SHORT, SENSOR)), "4 s without readings",
		.habit = HABIT_DEAD, .size = 4.0, .start_s = 5.0 },
};

static const double rates_hz[] = { 52.0, 104.0, 208.0 };

static int check(const struct person *table, size_t count, enum exercise_id id)
{
	int wrong = 0;

	for (int32_t sensors = 1; sensors <= 2; sensors++) {
		struct persons_tally all = { 0, 0, 0.0 };

		for (int r = 0; r < 3; r++)
			if (!EFFORT_FEW || rates_hz[r] == 52.0)
				persons_play(&all, table, count, id, sensors, rates_hz[r]);
		printf("# %s, %d IMU%s: %zu persons at %s Hz: %d of %d as expected\n",
			exercise_names[id], (int)sensors, sensors == 1 ? "" : "s", count,
			EFFORT_FEW ? "52" : "52, 104, 208", all.persons - all.wrong,
			all.persons);
		wrong += all.wrong;
	}
	return wrong;
}

static void test_counted(void **state)
{
	int wrong = 0;

	(void)state;
	for (int id = 0; id < EX_COUNT; id++)
		if (exercises[id].judging == JUDGE_COUNTED)
			wrong += check(counted_persons, sizeof counted_persons /
				sizeof *counted_persons, (enum exercise_id)id);
	assert_int_equal(wrong, 0);
}

static void test_timed(void **state)
{
	(void)state;
	assert_int_equal(check(timed_persons, sizeof timed_persons / sizeof *timed_persons,
		EX_ALTERNATE_BEND), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counted),
		cmocka_unit_test(test_timed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
