/*
 * Properties of the hold on random scripts, seeded. No expected numbers: what must
 * be true of every hold, and how two holds that differ in one thing must compare.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stretch/random.h"
#include "../support/judge.h"

#define SEED 7800
#define WAVES 6

/* A smooth random angle of zero mean: sines from 0.1 to 2.5 Hz. */
struct noise {
	double amplitude[WAVES], hz[WAVES], phase[WAVES];
};

static void noise_draw(struct noise *n, struct random *random)
{
	for (int i = 0; i < WAVES; i++) {
		n->amplitude[i] = random_between(random, 0.0, 1.0);
		n->hz[i] = random_between(random, 0.1, 2.5);
		n->phase[i] = random_between(random, 0.0, 2.0 * STRETCH_PI);
	}
}

static double noise_at(const struct noise *n, double t_s)
{
	double sum = 0.0;

	for (int i = 0; i < WAVES; i++)
		sum += n->amplitude[i] *
			sin(2.0 * STRETCH_PI * n->hz[i] * t_s + n->phase[i]);
	return sum;
}

/* A rig in a hold at 70 deg of a band from 40 to 85, with no end in sight. */
static void begin(struct hold_rig *rig)
{
	rig_init(rig);
	rig->plan.band_low_deg = 40.0;
	rig->plan.prescribed_s = 200.0;
	rig->plan.hold_max_s = 400.0;
	rig_raise(rig, 70.0);
	rig_stay(rig, 2.0, 70.0);
}

static double counted_with_noise(const struct noise *n, double size)
{
	struct hold_rig rig;

	begin(&rig);
	for (int i = 0; i < 3000; i++) {
		double t_s = i * RIG_DT_S;

		/* swelling, so that the noise does not begin with a jump */
		rig_step(&rig, 70.0 + size * fmin(t_s, 1.0) * noise_at(n, t_s));
	}
	return rig.credited_s;
}

static void test_more_stillness_never_counts_less(void **state)
{
	struct random random;
	double least = 1e9, most = 0.0;

	(void)state;
	printf("# seed %d\n", SEED);
	random_seed(&random, SEED, 0);
	for (int trial = 0; trial < 16; trial++) {
		struct noise n;
		double before = 1e9;

		noise_draw(&n, &random);
		for (double size = 0.0; size < 5.0; size += 0.5) {
			double now = counted_with_noise(&n, size);

			if (now > before + 2.0 * RIG_DT_S)
				fail_msg("trial %d: %.2f s at size %.2f, %.2f s before",
					trial, now, size, before);
			before = now;
			least = fmin(least, now);
			most = fmax(most, now);
		}
	}
	printf("# counted between %.1f s and %.1f s\n", least, most);
	assert_true(least < 10.0 && most > 30.0); /* both ends were met */
}

/* 30 s with a span that is cut out, or put past the cap. */
static double counted_with_span(const struct noise *n, int from, int to, double past_deg,
	bool gap)
{
	struct hold_rig rig;

	begin(&rig);
	for (int i = 0; i < 3000; i++) {
		bool inside = i >= from && i < to;
		double angle = 70.0 + 0.5 * fmin(i * RIG_DT_S, 1.0) * noise_at(n, i * RIG_DT_S);

		if (inside && gap)
			rig.index++; /* its time passes without it */
		else
			rig_step(&rig, inside ? past_deg : angle);
		/* the clock names what is longer than 80 ms */
		if (i == to - 1 && gap && to - from >= 8)
			rig.extra.bad_data |= FLAG_BIT(FLAG_GAP);
	}
	return rig.credited_s;
}

static void test_past_the_cap_never_counts_more(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, SEED, 1);
	for (int trial = 0; trial < 100; trial++) {
		int from = (int)random_between(&random, 0.0, 2900.0);
		int to = from + (int)random_between(&random, 1.0, 400.0);
		double past_deg = random_between(&random, 85.1, 120.0);
		struct noise n;
		double whole, cut;

		noise_draw(&n, &random);
		whole = counted_with_span(&n, 0, 0, 0.0, false);
		to = to > 3000 ? 3000 : to;
		cut = counted_with_span(&n, from, to, past_deg, false);
		/* that time, and not a sample less, is lost */
		assert_true(cut <= whole - (to - from) * RIG_DT_S + 1e-6);
	}
}

static void test_a_gap_never_counts_more(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, SEED, 2);
	for (int trial = 0; trial < 100; trial++) {
		int from = (int)random_between(&random, 0.0, 2900.0);
		int to = from + (int)random_between(&random, 8.0, 400.0);
		struct noise n;
		double whole, cut;

		noise_draw(&n, &random);
		whole = counted_with_span(&n, 0, 0, 0.0, false);
		to = to > 2990 ? 2990 : to;
		if (to - from < 8)
			continue;
		cut = counted_with_span(&n, from, to, 0.0, true);
		assert_true(cut <= whole - (to - from) * RIG_DT_S + 1e-6);
	}
}

/* What must be true after every step of any script. */
struct watch {
	double bad_s, out_s, credit_s; /* latest of each; -1: none */
	double low_deg, high_deg;      /* band */
};

static void check(struct hold_rig *rig)
{
	struct watch *w = rig->context;
	const struct hold_output *out = &rig->out;
	double from_s = (double)out->credit_from_us * 1e-6;

	if ((out->flags & FLAGS_BAD_DATA) != 0)
		w->bad_s = rig->t_s;
	if (rig->angle_deg < w->low_deg || rig->angle_deg > w->high_deg)
		w->out_s = rig->t_s;
	if (out->counting) {
		/* only forwards, never twice */
		assert_true(from_s >= w->credit_s - 1e-6);
		assert_close(out->credit_s, rig->t_s - from_s, 2e-6);
		assert_true(out->credit_s >= 0.0);
		/* no sample outside the band or without data within what is credited */
		assert_true(w->bad_s <= from_s + 1e-6);
		assert_true(w->out_s <= from_s + 1e-6);
		/* back-dated by the still window at the most */
		assert_true(out->credit_s <= 1.5 + RIG_DT_S);
		assert_true(out->phase == HOLD_COUNTING || out->phase == HOLD_DONE);
		assert_true(out->in_band);
		w->credit_s = rig->t_s;
	} else {
		assert_close(out->credit_s, 0.0, 0.0);
	}
	assert_true(rig->state.longest_s <= rig->state.counted_s + 1e-9);
	assert_true(rig->ended <= rig->begun && rig->rows <= rig->ended);
	if (out->hold_ended && rig->state.result == RESULT_DONE)
		assert_true(rig->state.counted_s >= rig->plan.prescribed_s);
	if (out->hold_ended && rig->state.reason == REASON_NEARLY)
		assert_true(rig->state.counted_s >= 0.8 * rig->plan.prescribed_s);
}

static void random_act(struct hold_rig *rig, struct random *random)
{
	double length_s = random_between(random, 0.05, 6.0);
	double angle = random_between(random, -5.0, 100.0);

	switch ((int)random_between(random, 0.0, 11.0)) {
	case 0: rig_stay(rig, length_s, rig->angle_deg); break;
	case 1: rig_move(rig, length_s, angle); break;
	case 2: rig_ramp(rig, length_s, angle); break;
	case 3: rig_wave(rig, length_s, rig->angle_deg, random_between(random, 0.0, 8.0),
		random_between(random, 0.2, 3.0)); break;
	case 4: rig_skip(rig, length_s); break;
	case 5: rig_bad(rig, length_s, FLAG_BIT(FLAG_ABSENT)); break;
	case 6: rig->extra.press = random_uniform(random) < 0.3; break;
	case 7: rig->extra.next = random_uniform(random) < 0.1; break;
	default: /* mostly a proper entry */
		rig_move(rig, 2.0, 2.0);
		rig_stay(rig, 3.0, 2.0);
		rig_move(rig, 3.0, random_between(random, 60.0, 80.0));
		rig_stay(rig, 3.0 * length_s, rig->angle_deg);
		break;
	}
}

static void test_always_true(void **state)
{
	struct random random;
	double credited_s = 0.0;
	int32_t ended = 0;

	(void)state;
	random_seed(&random, SEED, 3);
	for (int trial = 0; trial < 60; trial++) {
		struct watch w = { -1.0, -1.0, -1.0, 56.0, 85.0 };
		struct hold_rig rig;

		rig_init(&rig);
		rig.plan.prescribed_s = 8.0;
		rig.plan.hold_max_s = 16.0;
		rig.plan.reps = 0;
		rig.plan.rest_s = 2.0;
		rig.seen = check;
		rig.context = &w;
		while (rig.t_s < 120.0 && rig.ended < RIG_ENDS_MAX - 4)
			random_act(&rig, &random);
		credited_s += rig.credited_s;
		ended += rig.ended;
	}
	printf("# random scripts: %d holds, %.0f s credited\n", ended, credited_s);
	assert_true(ended > 100 && credited_s > 500.0);
}

/* The same script at another rate: the same verdicts. */
static void test_rate_does_not_matter(void **state)
{
	static const double rates_hz[] = { 52.0, 104.0, 208.0 };
	struct hold_rig rigs[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct hold_rig *rig = &rigs[i];

		rig_init(rig);
		rig->rate_hz = rates_hz[i];
		rig_raise(rig, 70.0);
		rig_wave(rig, 12.0, 70.0, 1.5, 0.7);
		rig_stay(rig, 20.0, 70.0);
		rig_lower(rig);
		rig_stay(rig, 12.0, 2.0);
		rig_raise(rig, 75.0);
		rig_stay(rig, 10.0, 75.0);
		rig_wave(rig, 6.0, 75.0, 6.0, 1.0);
		rig_lower(rig);
		rig_stay(rig, 14.0, 2.0);
	}
	for (int i = 0; i < 3; i++) {
		assert_int_equal(rigs[i].ended, 2);
		for (int k = 0; k < 2; k++) {
			assert_int_equal(rigs[i].ends[k].result, rigs[1].ends[k].result);
			assert_int_equal(rigs[i].ends[k].reason, rigs[1].ends[k].reason);
			assert_close(rigs[i].ends[k].counted_s,
				rigs[1].ends[k].counted_s, 0.06);
		}
	}
	assert_int_equal(rigs[0].ends[0].result, RESULT_DONE);
	assert_int_equal(rigs[0].ends[1].result, RESULT_SHORT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_more_stillness_never_counts_less),
		cmocka_unit_test(test_past_the_cap_never_counts_more),
		cmocka_unit_test(test_a_gap_never_counts_more),
		cmocka_unit_test(test_always_true),
		cmocka_unit_test(test_rate_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
