/*
 * Properties of whole sessions that no single number shows: rows come when they are due,
 * a state that is moved or copied goes on the same, left mirrors right, the sampling rate
 * does not matter, a gap is never credited.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/judge.h"

/* FNV-1a over formatted rows. */
struct digest {
	uint64_t sum;
	int32_t rows;
};

static void digest_text(struct digest *d, const char *text)
{
	if (d->sum == 0)
		d->sum = UINT64_C(14695981039346656037);
	for (; *text != '\0'; text++)
		d->sum = (d->sum ^ (unsigned char)*text) * UINT64_C(1099511628211);
	d->rows++;
}

static void digest_out(struct digest *d, const struct session_output *out)
{
	char text[ROW_TEXT_MAX];

	if (out->judged_due) {
		assert_true(column_row(&judged_table, &out->judged, text, sizeof text) > 0);
		digest_text(d, text);
	}
	if (out->hold_due) {
		assert_true(column_row(&hold_table, &out->hold, text, sizeof text) > 0);
		digest_text(d, text);
	}
}

static struct judge_run run; /* large: not on the stack */
static struct judge_run other;

static void test_rows_at_40_ms_and_at_changes(void **state)
{
	int64_t next_us = 0;
	int32_t state_was = -1, led_was = LED_OFF, extra = 0;

	(void)state;
	judge_init(&run, EX_LYING_TOWEL, 1);
	run.param.hold_count = 1;
	judge_start(&run);
	while (judge_step(&run)) {
		const struct judged_row *row = &run.out.judged;
		bool due = row->t_us >= next_us;
		bool changed = (state_was >= 0 && row->state != state_was) ||
			row->led != led_was;

		assert_true(run.out.judged_due == (due || changed));
		extra += changed && !due;
		if (due)
			next_us = (row->t_us / 40000 + 1) * 40000;
		state_was = row->state;
		led_was = row->led;
	}
	assert_true(extra > 0);
}

static void test_split_anywhere(void **state)
{
	static struct session_state copy;
	struct digest whole = { 0 }, split = { 0 };
	struct session_inputs inputs;

	(void)state;
	judge_init(&run, EX_LYING_STRAP, 2);
	run.param.hold_count = 2;
	run.param.gap_s = 0.6;
	judge_start(&run);
	copy = run.state;
	inputs = run.inputs;
	while (judge_step(&run)) {
		struct session_output out;

		digest_out(&whole, &run.out);
		/* the state moves house after every sample, and what it left behind is
		 * made useless */
		{
			struct session_state moved;

			memcpy(&moved, &copy, sizeof moved);
			memset(&copy, 0xa5, sizeof copy);
			session_step(&moved, &inputs, &run.sample, &out);
			memcpy(&copy, &moved, sizeof copy);
		}
		digest_out(&split, &out);
	}
	assert_int_equal(whole.rows, split.rows);
	assert_true(whole.sum == split.sum);
	assert_true(whole.rows > 3000);
}

static void test_copy_goes_on_the_same(void **state)
{
	static struct session_state saved[16];
	static struct wearer_state wearers[16];
	struct digest at[16], after[16];
	struct digest whole = { 0 };
	int n = 0;

	(void)state;
	/* saved at sixteen moments, continued later from there: same bytes */
	judge_init(&run, EX_LYING_TOWEL, 1);
	run.param.hold_count = 2;
	judge_start(&run);
	memset(at, 0, sizeof at);
	while (judge_step(&run)) {
		digest_out(&whole, &run.out);
		if (run.samples % 997 == 0 && n < 16) {
			saved[n] = run.state;
			wearers[n] = run.wearer;
			at[n++] = whole;
		}
	}
	digest_out(&whole, &run.out);
	assert_int_equal(n, 16);
	for (int i = 0; i < n; i++) {
		other.param = run.param;
		other.inputs = run.inputs;
		other.hold_count = 0;
		other.state = saved[i];
		other.wearer = wearers[i];
		after[i] = at[i];
		while (judge_step(&other))
			digest_out(&after[i], &other.out);
		digest_out(&after[i], &other.out);
		assert_int_equal(after[i].rows, whole.rows);
		assert_true(after[i].sum == whole.sum);
	}
}

/* The other leg's recording: everything reflected in the sagittal plane. */
static struct sample mirrored(const struct sample *sample)
{
	struct sample m = *sample;

	for (int site = 0; site < SITE_COUNT; site++) {
		m.imu[site].acc_m_s2.z = -m.imu[site].acc_m_s2.z;
		m.imu[site].gyr_rad_s.x = -m.imu[site].gyr_rad_s.x;
		m.imu[site].gyr_rad_s.y = -m.imu[site].gyr_rad_s.y;
	}
	return m;
}

static void test_mirror(void **state)
{
	static struct session_state state_m;
	struct session_inputs inputs;
	struct session_output out;
	double worst = 0.0;
	int32_t holds = 0;

	(void)state;
	judge_init(&run, EX_LYING_STRAP, 2);
	run.param.hold_count = 2;
	run.param.holds[1] = wearer_hold_default();
	run.param.holds[1].habit = HABIT_DRIFT;
	judge_start(&run);
	inputs = run.inputs;
	inputs.settings.side = SIDE_RIGHT;
	assert_null(session_init(&state_m, &inputs));
	while (judge_step(&run)) {
		const struct judged_row *a = &run.out.judged, *b = &out.judged;
		struct sample sample = mirrored(&run.sample);

		session_step(&state_m, &inputs, &sample, &out);
		assert_int_equal(a->state, b->state);
		assert_int_equal(a->led, b->led);
		assert_int_equal(a->counting, b->counting);
		assert_int_equal(a->pelvis_verdict, b->pelvis_verdict);
		if (!isnan(a->thigh_elevation_deg)) {
			worst = fmax(worst, fabs(a->thigh_elevation_deg -
				b->thigh_elevation_deg));
			worst = fmax(worst, fabs(a->pelvis_tilt_deg - b->pelvis_tilt_deg));
			worst = fmax(worst, fabs(a->out_of_plane_deg +
				b->out_of_plane_deg));
		}
		if (out.hold_due) {
			assert_true(run.out.hold_due);
			assert_int_equal(out.hold.side, SIDE_RIGHT);
			assert_int_equal(out.hold.result, run.out.hold.result);
			assert_close(out.hold.hold_s, run.out.hold.hold_s, 1e-6);
			holds++;
		}
	}
	printf("# mirrored session: angles within %.1e deg\n", worst);
	assert_true(worst < 1e-6);
	assert_true(holds == 2);
}

static void test_rate_does_not_matter(void **state)
{
	static const double rates_hz[] = { 52.0, 104.0, 208.0 };
	struct hold_row rows[3][3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		judge_init(&run, EX_LYING_TOWEL, 1);
		run.param.rate_hz = rates_hz[i];
		run.param.holds[1] = wearer_hold_default();
		run.param.holds[1].hold_s = 20.0;
		run.param.holds[2] = wearer_hold_default();
		run.param.holds[2].habit = HABIT_BOUNCE;
		run.param.holds[2].habit_size = 6.0;
		judge_start(&run);
		judge_all(&run);
		assert_int_equal(run.hold_count, 3);
		memcpy(rows[i], run.holds, sizeof rows[i]);
	}
	for (int h = 0; h < 3; h++) {
		printf("# at 52, 104, 208 Hz: hold %d %.2f, %.2f, %.2f s; %.2f, %.2f, %.2f "
		       "deg\n", h + 1, rows[0][h].hold_s, rows[1][h].hold_s,
			rows[2][h].hold_s, rows[0][h].angle_mean_deg,
			rows[1][h].angle_mean_deg, rows[2][h].angle_mean_deg);
		for (int i = 0; i < 3; i++) {
			assert_int_equal(rows[i][h].result, rows[1][h].result);
			assert_int_equal(rows[i][h].reason, rows[1][h].reason);
			assert_close(rows[i][h].hold_s, rows[1][h].hold_s, 0.3);
			assert_close(rows[i][h].angle_mean_deg,
				rows[1][h].angle_mean_deg, 0.3);
			assert_close(rows[i][h].entry_rate_peak_deg_s,
				rows[1][h].entry_rate_peak_deg_s, 1.0);
		}
	}
}

static void test_gap_asks_again_and_goes_on(void **state)
{
	bool again = false, ready = false;

	(void)state;
	judge_init(&run, EX_LYING_TOWEL, 1);
	run.param.gap_s = 11.0;
	run.param.hold_count = 3;
	judge_start(&run);
	while (judge_step(&run)) {
		int32_t now = run.out.judged.state;

		if (run.hold_count > 0 && now == HOLD_NEED_REFERENCE)
			again = true;
		if (again && now == HOLD_READY)
			ready = true;
		/* no gap is ever credited */
		if ((run.out.judged.flags & FLAG_BIT(FLAG_GAP)) != 0)
			assert_false(run.out.judged.counting);
	}
	assert_true(again && ready);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_at_40_ms_and_at_changes),
		cmocka_unit_test(test_split_anywhere),
		cmocka_unit_test(test_copy_goes_on_the_same),
		cmocka_unit_test(test_mirror),
		cmocka_unit_test(test_rate_does_not_matter),
		cmocka_unit_test(test_gap_asks_again_and_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
