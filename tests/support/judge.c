/* Helpers for tests of the judging core; see judge.h. */
#include "judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

void judge_close(double value, double expected, double within, const char *what,
	const char *file, int line)
{
	if (fabs(value - expected) <= within)
		return;
	print_error("%s is %.9g, not %.9g within %g\n", what, value, expected, within);
	_fail(file, line);
}

void rig_init(struct hold_rig *rig)
{
	memset(rig, 0, sizeof *rig);
	settings_default(&rig->settings);
	rig->plan = (struct hold_plan){ .judging = JUDGE_RAISE, .band_low_deg = 56.0,
		.band_high_deg = 85.0, .flat_deg = 20.0, .down_deg = 20.0,
		.rise_deg = 15.0, .entry_time_s = 20.0, .prescribed_s = 30.0,
		.hold_max_s = 60.0, .reps = 3, .rest_s = 10.0 };
	rig->rate_hz = RIG_RATE_HZ;
	rig->last_us = -1;
	rig->credit_from_s = rig->credit_to_s = NAN;
	rig->thigh_rise_deg = NAN;
	hold_init(&rig->state, HOLD_READY, 0);
}

static void note_credit(struct hold_rig *rig)
{
	const struct hold_output *out = &rig->out;
	double from_s = (double)out->credit_from_us * 1e-6;

	if (!out->counting)
		return;
	rig->credited_s += out->credit_s;
	if (isnan(rig->credit_from_s) || from_s < rig->credit_from_s)
		rig->credit_from_s = from_s;
	if (from_s - rig->credit_to_s > rig->credit_gap_s)
		rig->credit_gap_s = from_s - rig->credit_to_s;
	rig->credit_last_from_s = from_s;
	rig->credit_to_s = rig->t_s;
}

static void note(struct hold_rig *rig)
{
	const struct hold_output *out = &rig->out;

	note_credit(rig);
	rig->begun += out->hold_begun;
	rig->rows += out->row_due;
	rig->fixes += out->fix;
	rig->flags |= out->flags;
	if (out->changed && rig->changed < RIG_CHANGES_MAX) {
		rig->changes[rig->changed++] = (struct rig_change){ out->phase,
			out->event, rig->t_s };
	}
	if (out->hold_ended && rig->ended < RIG_ENDS_MAX) {
		rig->ends[rig->ended++] = (struct rig_end){ rig->state.result,
			rig->state.reason, rig->t_s, rig->state.counted_s,
			rig->state.flags };
	}
}

void rig_step(struct hold_rig *rig, double angle_deg)
{
	struct hold_input in = rig->extra;

	rig->t_s = (double)rig->index++ / rig->rate_hz + rig->lead_s;
	in.t_us = llround(rig->t_s * 1e6);
	in.dt_us = rig->last_us < 0 ? 0 : in.t_us - rig->last_us;
	in.signal_deg = angle_deg;
	in.thigh_rise_deg = rig->thigh_rise_deg;
	in.bad_data |= rig->bad;
	in.setup_done = !rig->unaligned;
	rig->last_us = in.t_us;
	rig->angle_deg = angle_deg;
	memset(&rig->extra, 0, sizeof rig->extra);
	hold_step(&rig->state, &rig->plan, &rig->settings, &in, &rig->out);
	note(rig);
	if (rig->seen != NULL)
		rig->seen(rig);
}

static int64_t steps(const struct hold_rig *rig, double seconds)
{
	return llround(seconds * rig->rate_hz);
}

void rig_stay(struct hold_rig *rig, double seconds, double angle_deg)
{
	for (int64_t i = steps(rig, seconds); i > 0; i--)
		rig_step(rig, angle_deg);
}

void rig_move(struct hold_rig *rig, double seconds, double angle_deg)
{
	double from = rig->angle_deg;
	int64_t n = steps(rig, seconds);

	for (int64_t i = 1; i <= n; i++)
		rig_step(rig, from + (angle_deg - from) *
			track_ease((double)i / (double)n));
}

void rig_ramp(struct hold_rig *rig, double seconds, double angle_deg)
{
	double from = rig->angle_deg;
	int64_t n = steps(rig, seconds);

	for (int64_t i = 1; i <= n; i++)
		rig_step(rig, from + (angle_deg - from) * (double)i / (double)n);
}

void rig_wave(struct hold_rig *rig, double seconds, double centre_deg,
	double amplitude_deg, double frequency_hz)
{
	int64_t n = steps(rig, seconds);

	for (int64_t i = 1; i <= n; i++)
		rig_step(rig, centre_deg + amplitude_deg *
			sin(2.0 * STRETCH_PI * frequency_hz * (double)i / rig->rate_hz));
}

void rig_skip(struct hold_rig *rig, double seconds)
{
	rig->lead_s += seconds;
	rig->extra.bad_data |= FLAG_BIT(FLAG_GAP);
}

void rig_bad(struct hold_rig *rig, double seconds, uint32_t flags)
{
	uint32_t before = rig->bad;

	rig->bad |= flags;
	rig_stay(rig, seconds, rig->angle_deg);
	rig->bad = before;
}

double rig_raise(struct hold_rig *rig, double angle_deg)
{
	double start_s;

	rig_stay(rig, 3.0, 2.0);
	start_s = rig->t_s;
	rig_move(rig, 4.0, angle_deg);
	return start_s + 4.0 * track_ease_inverse((56.0 - 2.0) / (angle_deg - 2.0));
}

void rig_lower(struct hold_rig *rig)
{
	rig_move(rig, 3.0, 2.0);
}

void rig_count(struct hold_rig *rig, double angle_deg, double seconds)
{
	rig_init(rig);
	rig_raise(rig, angle_deg);
	while (rig->state.counted_s < seconds && rig->t_s < 100.0)
		rig_step(rig, angle_deg);
	rig_assert_phase(rig, HOLD_COUNTING);
	assert_close(rig->state.counted_s, seconds, 0.05);
}

void rig_assert_phase(const struct hold_rig *rig, enum hold_phase phase)
{
	if (rig->out.phase != phase)
		fail_msg("at %.2f s %s, not %s", rig->t_s,
			hold_phase_names[rig->out.phase], hold_phase_names[phase]);
}

void rig_assert_end(const struct hold_rig *rig, int32_t n, enum hold_result result,
	enum hold_reason reason)
{
	const struct rig_end *end = &rig->ends[n];
	const char *said = end->reason == REASON_NONE ? "-" : hold_reason_names[end->reason];

	assert_true(rig->ended > n);
	if (end->result != result || end->reason != reason)
		fail_msg("ended %s, %s", hold_result_names[end->result], said);
}

double rig_when(const struct hold_rig *rig, enum hold_phase phase, double from_s)
{
	for (int32_t i = 0; i < rig->changed; i++)
		if (rig->changes[i].phase == phase && rig->changes[i].at_s >= from_s)
			return rig->changes[i].at_s;
	return NAN;
}

void judge_init(struct judge_run *run, enum exercise_id exercise, int32_t sensors)
{
	memset(run, 0, sizeof *run);
	run->param = wearer_default(exercise, SIDE_LEFT);
	run->param.sensors = sensors;
	memcpy(run->inputs.name, "000001", sizeof "000001");
	settings_default(&run->inputs.settings);
	run->inputs.settings.exercise = (int32_t)exercise;
	run->inputs.settings.side = SIDE_LEFT;
	run->inputs.mode = sensors == 2 ? MODE_THIGH_PELVIS : MODE_THIGH;
	for (int site = 0; site < SITE_COUNT; site++)
		run->inputs.calib[site] = calib_none();
	run->inputs.reference_from_us = run->inputs.reference_to_us = -1;
	run->inputs.armed = true;
}

void judge_start(struct judge_run *run)
{
	struct settings *set = &run->inputs.settings;

	set->hold_s = run->param.prescribed_s;
	set->reps = run->param.hold_count;
	assert_null(wearer_init(&run->wearer, &run->param));
	assert_null(session_init(&run->state, &run->inputs));
	run->hold_count = 0;
	run->samples = 0;
}

static void keep_hold(struct judge_run *run)
{
	if (!run->out.hold_due)
		return;
	assert_true(run->hold_count < JUDGE_HOLDS_MAX);
	run->holds[run->hold_count++] = run->out.hold;
}

bool judge_step(struct judge_run *run)
{
	if (run->state.finished)
		return false;
	if (!wearer_step(&run->wearer, &run->param, &run->sample, &run->truth)) {
		session_finish(&run->state, &run->inputs, &run->out);
		keep_hold(run);
		return false;
	}
	session_step(&run->state, &run->inputs, &run->sample, &run->out);
	run->samples++;
	keep_hold(run);
	return true;
}

void judge_all(struct judge_run *run)
{
	while (judge_step(run))
		;
}
