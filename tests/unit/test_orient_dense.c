/*
 * The orientation filter and the offline form beside a second implementation of both
 * (dense_orient.h): rest, movement, rest.
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

#include "../support/dense_orient.h"
#include "../support/made_motion.h"
#include "stretch/smooth.h"

#define SAMPLES (110 * 128 + 1)
#define BLOCKS_MAX (SAMPLES / DENSE_BLOCK)

/* Rest for 30 s, movement for 60, rest for 20. */
static struct made_reading reading(int k)
{
	struct made_motion motion = made_busy();
	double t = k * DENSE_DT - 30.0, still_s = fmax(fmin(t, 60.0), 0.0);
	struct made_reading r = { vec3_scale(made_up(&motion, still_s), GRAVITY_M_S2),
		{ 0, 0, 0 } };

	if (t > 0.0 && t <= 60.0)
		r = made_read(&motion, t - DENSE_DT, t);
	r.gyr_rad_s = vec3_add(
		vec3_scale(r.gyr_rad_s, 1.004), (struct vec3){ 0.01, -0.005, 0.008 });
	return r;
}

static void test_filters_agree(void **unused)
{
	struct orient_param param = orient_default();
	struct dense dense;
	struct orient_state state;
	double up = 0.0, learned = 0.0, sd = 0.0;

	(void)unused;
	orient_init(&state);
	for (int k = 0; k < SAMPLES; k++) {
		struct made_reading r = reading(k);

		orient_step(
			&state, &param, k == 0 ? 0.0 : DENSE_DT, r.acc_m_s2, r.gyr_rad_s);
		if (k == 0) {
			dense_start(&dense, r.acc_m_s2, r.gyr_rad_s);
			continue;
		}
		dense_step(&dense, &param, r.acc_m_s2, r.gyr_rad_s);
		up = fmax(up,
			vec3_angle_rad(orient_up(&state), quat_up(quat_unit(dense.q))));
		if (dense.samples % DENSE_BLOCK != 0 || dense.blocks < 4)
			continue;
		for (int i = 0; i < 12; i++)
			learned =
				fmax(learned, fabs(state.learned[i] - dense.learned[i]));
		sd = fmax(sd,
			fabs(orient_tilt_sd_rad(&state) -
				sqrt(dense.p[0][0] + dense.p[1][1])));
	}
	printf("# dense filter, 110 s: up differs by %.1e rad, learned by %.1e, sigma by "
	       "%.1e\n",
		up, learned, sd);
	assert_true(dense.blocks > 500);
	assert_true(up < 1e-6);
	assert_true(learned < 1e-6);
	assert_true(sd < 1e-9);
}

static void test_smoothers_agree(void **unused)
{
	struct orient_param param = smooth_default();
	struct smooth_sample *in = calloc(SAMPLES, sizeof *in);
	struct quat *got = calloc(SAMPLES, sizeof *got);
	struct quat *want = calloc(BLOCKS_MAX, sizeof *want);
	struct dense_record *records = calloc(BLOCKS_MAX, sizeof *records);
	struct dense dense;
	double worst = 0.0, moved = 0.0;
	size_t size;
	void *memory;
	int count;

	(void)unused;
	assert_true(in && got && want && records);
	for (int k = 0; k < SAMPLES; k++) {
		struct made_reading r = reading(k);

		in[k] = (struct smooth_sample){ k == 0 ? 0.0 : DENSE_DT, r.acc_m_s2,
			r.gyr_rad_s, false };
		if (k == 0) {
			dense_start(&dense, r.acc_m_s2, r.gyr_rad_s);
			dense.record = records;
		} else {
			dense_step(&dense, &param, r.acc_m_s2, r.gyr_rad_s);
		}
	}
	count = (int)(dense.record - records);
	dense_smooth(records, count, want);
	size = smooth_memory_size(&param, in, SAMPLES);
	memory = malloc(size);
	assert_int_equal(smooth_run(&param, in, SAMPLES, got, memory, size), 0);
	for (int i = 0; i < count; i++) {
		struct vec3 up =
			quat_up(got[(i + 4) * DENSE_BLOCK]); /* three for levelling */

		worst = fmax(worst, vec3_angle_rad(up, quat_up(quat_unit(want[i]))));
		moved = fmax(moved, vec3_angle_rad(up, quat_up(quat_unit(records[i].q))));
	}
	printf("# dense smoother, 110 s: up differs by %.1e rad; it moved the filter by "
	       "%.1e\n",
		worst, moved);
	assert_true(moved > 1e-3);
	assert_true(worst < 1e-5);
	free(memory);
	free(records);
	free(want);
	free(got);
	free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters_agree),
		cmocka_unit_test(test_smoothers_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
