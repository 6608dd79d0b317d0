/*
 * A pelvis that rolls back to cheat, on whole sessions of simulated wearers: how often
 * it is seen, and how often a quiet one is blamed. The wearer's own pelvis differs from
 * raise to raise by an SD and moves with the breath. A cheat is 8 degrees beyond the
 * curve of the person, reached within 3 s at a random moment of a hold; it has to be
 * flagged within 3 s of being there. Goals of the product for an SD up to 1.5 and
 * breathing up to 1 degree: 95 % seen, 2 % of quiet holds blamed.
 *
 * By hand: the baseline is the mean of three raises and the hold has an SD of its own,
 * so the excess of a cheat has a mean of 8 and an SD of sqrt(1 + 1/3) SD = 1.7 degrees
 * at 1.5; 5 degrees is the limit: 96 % by this rule alone. What grew by 3 degrees since
 * seconds 2 to 7 of the hold is flagged too, whatever the baseline.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/effort.h"
#include "../support/judge.h"
#include "stretch/random.h"

#define SEED 7300
#define RATE_HZ 52.0
#define CHEAT_DEG 8.0
#define CHEAT_RAMP_S 3.0
#define SEEN_WITHIN_S 3.0
#define BREATHS 3
#define SPREADS 4

static struct judge_run run;

struct figures {
	int cheats, seen, quiet, blamed;
};

static int sets(int usual)
{
	return effort_times(usual, 10 * usual, 1);
}

/* One set of three holds, each with a cheat or without by the toss of a coin. */
static void play(double sd_deg, double breath_deg, int sensors, uint64_t seed,
	struct figures *f)
{
	bool cheats[3], flagged[3] = { false, false, false }, known[3] = { false, false, false };
	double there_s[3] = { 0.0, 0.0, 0.0 };
	struct random random;

	random_seed(&random, seed, 5);
	judge_init(&run, EX_LYING_TOWEL, sensors);
	run.param.seed = seed;
	run.param.rate_hz = RATE_HZ;
	run.param.pelvic_sd_deg = sd_deg;
	run.param.breathing_deg = breath_deg;
	wearer_strap_randomly(&run.param);
	for (int k = 0; k < 3; k++) {
		cheats[k] = random_uniform(&random) < 0.5;
		there_s[k] = random_between(&random, 3.0, 22.0);
		if (!cheats[k])
			continue;
		run.param.holds[k].habit = HABIT_PELVIS;
		run.param.holds[k].habit_size = CHEAT_DEG;
		run.param.holds[k].habit_start_s = there_s[k];
	}
	judge_start(&run);
	while (judge_step(&run)) {
		double t_s = (double)run.sample.t_us * 1e-6;

		for (int k = 0; k < run.wearer.plan.hold_count && k < 3; k++) {
			const struct wearer_hold_plan *hold = &run.wearer.plan.holds[k];
			double full_s = hold->settled_s + there_s[k] + CHEAT_RAMP_S;

			if (t_s < hold->settled_s || t_s > hold->leave_s ||
				run.out.judged.pelvis_verdict < 0)
				continue;
			known[k] = true;
			if (run.out.judged.pelvis_verdict != PELVIS_MOVING &&
				(sensors == 2 || run.out.judged.pelvis_verdict !=
					PELVIS_DOUBTFUL))
				continue;
			if (!cheats[k] || t_s <= full_s + SEEN_WITHIN_S)
				flagged[k] = true;
		}
	}
	for (int k = 0; k < 3; k++) {
		if (!known[k])
			continue;
		f->cheats += cheats[k];
		f->seen += cheats[k] && flagged[k];
		f->quiet += !cheats[k];
		f->blamed += !cheats[k] && flagged[k];
	}
}

static double percent(int part, int of)
{
	return of > 0 ? 100.0 * part / of : 0.0;
}

static void test_two_sensors(void **state)
{
	static const double spreads_deg[SPREADS] = { 1.0, 1.5, 2.0, 2.5 };
	struct figures goal = { 0, 0, 0, 0 };
	uint64_t seed = SEED;

	(void)state;
	for (int i = 0; i < SPREADS; i++)
		for (int breath = 0; breath < BREATHS; breath++) {
			bool within = spreads_deg[i] <= 1.5 && breath <= 1;
			struct figures f = { 0, 0, 0, 0 };

			for (int n = sets(within ? 12 : 4); n > 0; n--)
				play(spreads_deg[i], breath, 2, seed++, &f);
			printf("# SD %.1f, breathing %d deg: %d of %d cheats of 8 deg seen "
			       "within 3 s (%.0f %%), %d of %d quiet holds blamed (%.0f %%)\n",
				spreads_deg[i], breath, f.seen, f.cheats,
				percent(f.seen, f.cheats), f.blamed, f.quiet,
				percent(f.blamed, f.quiet));
			if (!within)
				continue;
			goal.cheats += f.cheats;
			goal.seen += f.seen;
			goal.quiet += f.quiet;
			goal.blamed += f.blamed;
		}
	printf("# SD up to 1.5, breathing up to 1 deg, seeds %d on: %d of %d seen, %d of "
	       "%d blamed\n", SEED, goal.seen, goal.cheats, goal.blamed, goal.quiet);
	assert_true(goal.cheats > 0 && goal.quiet > 0);
	assert_true(goal.seen * 100 >= goal.cheats * 95);
	assert_true(goal.blamed * 100 <= goal.quiet * 2);
}

/* With one sensor a pelvis is not seen, only what it does to the leg: figures for the
 * README. A wearer whose leg keeps its angle cannot be found out. */
static void test_one_sensor(void **state)
{
	struct figures f = { 0, 0, 0, 0 };

	(void)state;
	for (int n = 0; n < sets(12); n++)
		play(1.5, 1.0, 1, SEED + 10000 + (uint64_t)n, &f);
	printf("# one sensor, SD 1.5, breathing 1 deg: %d of %d cheats hinted at (%.0f %%), "
	       "%d of %d quiet holds (%.0f %%)\n", f.seen, f.cheats,
		percent(f.seen, f.cheats), f.blamed, f.quiet, percent(f.blamed, f.quiet));
	assert_true(f.blamed * 10 <= f.quiet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_sensors),
		cmocka_unit_test(test_one_sensor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
