/*
 * The session step: sense, set up, judge, give feedback, fill rows; see
 * session.h. Each part lives in a module of its own; this file is the order.
 */
#include "stretch/session.h"

#include <string.h>

#include "stretch/sense.h"
#include "stretch/session_plan.h"
#include "stretch/session_rows.h"

#define ZERO_STILL_US 5000000 /* the leg is down and at rest by then */

const char *const health_names[HEALTH_COUNT] = {
	[HEALTH_SAMPLES] = "samples",
	[HEALTH_BACKWARDS] = "time_backwards",
	[HEALTH_GAPS] = "gaps",
	[HEALTH_ABSENT_THIGH] = "absent_thigh",
	[HEALTH_ABSENT_PELVIS] = "absent_pelvis",
	[HEALTH_FROZEN] = "frozen",
	[HEALTH_SATURATED] = "saturated",
	[HEALTH_ORIENT_RESTARTS] = "orientation_restarts",
};

const char *session_init(struct session_state *s, const struct session_inputs *in)
{
	const struct exercise *ex = session_exercise(in);

	memset(s, 0, sizeof *s);
	if (ex->judging == JUDGE_REFUSED)
		return ex->blind_spot;
	session_plan_hold(&s->plan, in);
	if (ex->judging != JUDGE_COUNTED && !(s->plan.prescribed_s > 0.0))
		return "the leaflet gives no hold time: set hold_s in the prescription";
	timebase_init(&s->time);
	still_init(&s->still);
	if (in->continued)
		s->still.moved_us = 0;
	for (int site = 0; site < SITE_COUNT; site++) {
		struct session_sensor *sensor = &s->sensor[site];

		gyr_zero_init(&sensor->zero);
		orient_init(&sensor->orient);
		tremor_init(&sensor->tremor);
		sensor->last_us = INT64_MIN;
		sensor->tilt_deg = NAN;
	}
	s->setup_plan = (struct setup_plan){
		.exercise = (enum exercise_id)in->settings.exercise,
		.sites = sense_sites(in->mode),
		.raises = session_raises(in),
		.have_alignment = in->have_alignment,
		.reference_from_us = in->reference_from_us,
		.reference_to_us = in->reference_to_us,
	};
	setup_init(&s->setup, &s->setup_plan, in->align);
	if (in->have_curve)
		s->setup.curve = in->curve;
	hold_init(&s->hold, in->restrap ? HOLD_RESTRAP
		: in->armed ? HOLD_NEED_REFERENCE : HOLD_IDLE, 0);
	hold_stats_init(&s->stats);
	pelvis_init(&s->pelvis);
	cue_init(&s->cue);
	feedback_init(&s->feedback, 0);
	s->gap_us = INT64_MIN;
	s->drift_deg = s->slip_deg = s->slip_roll_deg = NAN;
	return NULL;
}

/* Segment angles, absolute and since the reference. */
static void angles(struct session_state *s, const uint32_t bad[SITE_COUNT])
{
	for (int site = 0; site < SITE_COUNT; site++) {
		struct session_sensor *sensor = &s->sensor[site];
		const struct alignment *align = &s->setup.align[site];

		if (!align->valid || bad[site] != 0)
			continue;
		sensor->angle = align_angle(align, sensor->up);
		sensor->tilt_deg = s->setup.step == SETUP_DONE
			? align_wrap_deg(sensor->angle.angle_deg -
				s->setup.reference_deg[site])
			: MISSING;
	}
}

/*
 * Outwards, in the plane across the flexion axis: z points to the right when
 * standing and for a right leg on top also up when lying on the side.
 */
static double abduction_deg(const struct session_state *s,
	const struct session_inputs *in)
{
	double side = in->settings.side == SIDE_RIGHT ? 1.0 : -1.0;
	struct vec3 from = s->setup.reference_up[SITE_THIGH];
	struct vec3 u;

	if (!isfinite(s->sensor[SITE_THIGH].tilt_deg))
		return MISSING;
	u = mat3_apply(&s->setup.align[SITE_THIGH].to_segment, s->sensor[SITE_THIGH].up);
	return align_wrap_deg((atan2(u.x, side * u.z) - atan2(from.x, side * from.z)) *
		DEG_PER_RAD);
}

static bool counts_abduction(const struct session_inputs *in)
{
	return session_exercise(in)->judging == JUDGE_COUNTED &&
		session_count_way(in)->signal == COUNT_ABDUCTION;
}

static double counted_signal(const struct session_state *s,
	const struct session_inputs *in)
{
	const struct count_way *way = session_count_way(in);

	switch (way->signal) {
	case COUNT_PELVIS:
		return way->sign * s->sensor[SITE_PELVIS].tilt_deg;
	case COUNT_ABDUCTION:
		return way->sign * abduction_deg(s, in);
	case COUNT_THIGH:
		break;
	}
	return way->sign * s->sensor[SITE_THIGH].tilt_deg;
}

static double signal_of(const struct session_state *s, const struct session_inputs *in)
{
	if (s->plan.judging == JUDGE_COUNTED)
		return counted_signal(s, in);
	if (s->plan.judging == JUDGE_LEAN && in->mode == MODE_THIGH_PELVIS)
		return -s->sensor[SITE_PELVIS].tilt_deg;
	return s->sensor[SITE_THIGH].tilt_deg;
}

/*
 * How far the thigh has left its place. Standing, that is forwards only, the way of a
 * knee that bends and of sitting down: who bends forward leans back with the thighs.
 */
static double thigh_rise_deg(const struct session_state *s,
	const struct session_inputs *in)
{
	double tilt_deg = s->sensor[SITE_THIGH].tilt_deg;

	return session_exercise(in)->start_pose == POSE_STANDING ? tilt_deg
		: fabs(tilt_deg);
}

/* Flags of the sensors that the judged signal comes from. */
static uint32_t signal_bad(const struct session_state *s,
	const struct session_inputs *in, const uint32_t bad[SITE_COUNT])
{
	if ((s->plan.judging == JUDGE_LEAN || s->plan.judging == JUDGE_COUNTED) &&
		in->mode == MODE_THIGH_PELVIS)
		return bad[SITE_PELVIS] | bad[SITE_THIGH];
	return bad[SITE_THIGH];
}

static enum hold_reason stop_reason(const struct event *event)
{
	int reason = name_lookup(hold_reason_names, REASON_COUNT, event->word[0]);

	if (event->kind != EVENT_STOP)
		return REASON_NONE;
	return reason > 0 ? (enum hold_reason)reason : REASON_OTHER;
}

/*
 * Still again in the start pose: how far has zero moved? Between holds as a
 * warning, at the end as the closing check (true: it is done).
 */
static bool check_zero(struct session_state *s, const struct session_inputs *in)
{
	bool closing = s->hold.phase == HOLD_CLOSING;
	struct segment_angle now;
	double drift_deg;

	if ((!closing && s->hold.phase != HOLD_REST) || !s->still.still)
		return false;
	if (s->hold.end_us != INT64_MIN && s->t_us - s->hold.end_us < ZERO_STILL_US)
		return false;
	/* on the side, gravity does not show the strap turn; and who left before there was
	 * a reference has nothing to be compared with */
	if (counts_abduction(in) || s->setup.reference_us == 0)
		return closing;
	now = align_angle(&s->setup.align[SITE_THIGH], s->still.up[SITE_THIGH]);
	drift_deg = align_wrap_deg(now.angle_deg - s->setup.reference_deg[SITE_THIGH]);
	if (!closing && fabs(drift_deg) > in->settings.entry_flat_deg)
		return false; /* not in the start pose at all */
	s->drift_deg = drift_deg;
	if (fabs(drift_deg) > in->settings.slip_flag_deg)
		s->slipped = true;
	if (!closing)
		return false;
	s->slip_deg = drift_deg;
	s->slip_roll_deg = now.out_of_plane_deg -
		s->setup.reference_plane_deg[SITE_THIGH];
	return true;
}

static void run_setup(struct session_state *s, const struct session_inputs *in,
	const struct sample *sample, bool ok)
{
	struct setup_input setup = { .t_us = sample->t_us, .ok = ok, .still = &s->still };
	bool was_done = s->setup.step == SETUP_DONE;

	for (int site = 0; site < SITE_COUNT; site++)
		setup.up[site] = s->sensor[site].up;
	/* later too: a rest may show that an earlier one was none of the wearer's */
	if (s->hold.phase == HOLD_NEED_REFERENCE || (!s->setup.proved &&
			(s->hold.phase == HOLD_READY || s->hold.phase == HOLD_ENTERING ||
			s->hold.phase == HOLD_REST)))
		setup_step(&s->setup, &s->setup_plan, &in->settings, &setup);
	if (!was_done && s->setup.step == SETUP_DONE)
		session_complete_band(&s->plan, &in->settings, s->setup.raises.best_deg);
}

static void run_pelvis(struct session_state *s, const struct session_inputs *in,
	const struct hold_output *hold, const uint32_t bad[SITE_COUNT],
	struct judged_row *row)
{
	bool lean = s->plan.judging == JUDGE_LEAN;
	bool two = in->mode == MODE_THIGH_PELVIS;
	const struct session_sensor *pelvis = &s->sensor[SITE_PELVIS];
	struct pelvis_input input = {
		.t_us = row->t_us,
		.ok = bad[SITE_THIGH] == 0 && (!two || bad[SITE_PELVIS] == 0),
		.measured = two,
		.thigh_deg = s->sensor[SITE_THIGH].tilt_deg,
		.pelvis_deg = pelvis->tilt_deg,
		.roll_deg = s->sensor[SITE_THIGH].angle.out_of_plane_deg,
		.tremor_rad_s = sqrt(s->sensor[SITE_THIGH].tremor.square),
	};
	/* leaning, the pelvis is the signal: rolling back from the start counts */
	struct pelvis_curve start = { .valid = true, .a = s->pelvis.start_deg,
		.top_deg = 180.0 };

	row->pelvis_method = session_pelvis_method(in, two);
	row->pelvis_verdict = -1;
	if (row->pelvis_method == METHOD_NOT_MEASURED)
		return;
	if (hold->counting && !s->pelvis.in_hold)
		pelvis_begin(&s->pelvis, &input);
	if (!hold->counting)
		return;
	row->pelvis_verdict = (int32_t)pelvis_step(&s->pelvis,
		lean ? &start : &s->setup.curve, &in->settings, &input);
	if (row->pelvis_verdict == PELVIS_MOVING)
		row->flags |= FLAG_BIT(FLAG_PELVIS_MOVING);
	if (row->pelvis_verdict == PELVIS_DOUBTFUL)
		row->flags |= FLAG_BIT(FLAG_PELVIS_DOUBTFUL);
}

/* Lying, the cue is to raise this leg: for the straps, and for a hold. */
static void watch_leg(struct session_state *s, const struct session_inputs *in,
	const uint32_t bad[SITE_COUNT], struct judged_row *row)
{
	bool asked = session_exercise(in)->lying && (s->hold.phase == HOLD_READY ||
		(s->hold.phase == HOLD_NEED_REFERENCE && s->setup.step == SETUP_RAISES));

	if (bad[SITE_THIGH] == 0)
		s->other_leg = cue_step(&s->cue, asked, row->t_us,
			s->sensor[SITE_THIGH].up, in->settings.other_leg_s);
	if (s->other_leg)
		row->flags |= FLAG_BIT(FLAG_OTHER_LEG);
}

/*
 * A cap holds while the straps are learned, too: how far the thigh has turned from where it
 * lay is known before them.
 */
static void watch_raise(const struct session_state *s, const uint32_t bad[SITE_COUNT],
	struct hold_output *hold, struct judged_row *row)
{
	struct vec3 up[SITE_COUNT] = { [SITE_THIGH] = s->sensor[SITE_THIGH].up };

	if (bad[SITE_THIGH] != 0 || hold->phase != HOLD_NEED_REFERENCE ||
		s->setup.step != SETUP_RAISES || !s->setup.raises.based ||
		!(raise_tilt_deg(&s->setup.raises, up) > s->plan.band_high_deg))
		return;
	hold->fix = true;
	row->flags |= FLAG_BIT(FLAG_PAST_CAP);
}

static void run_feedback(struct session_state *s, const struct session_inputs *in,
	const struct hold_output *hold, struct judged_row *row)
{
	struct feedback_input input = {
		.t_us = row->t_us,
		.hold = hold,
		.counted_s = s->hold.counted_s,
		.prescribed_s = s->plan.prescribed_s,
		.storage_fault = s->storage_fault,
		.set_done = s->plan.reps > 0 && s->hold.reps_done + 1 >= s->plan.reps,
		.pelvis = row->pelvis_verdict >= 0
			? (enum pelvis_verdict)row->pelvis_verdict : PELVIS_NONE,
		.doubtful_data = (row->flags & FLAG_BIT(FLAG_OUT_OF_PLANE)) != 0,
	};

	row->led = (int32_t)feedback_step(&s->feedback, &in->settings, &input);
}

static void fill_judged(const struct session_state *s, const struct hold_output *hold,
	struct judged_row *row)
{
	row->state = (int32_t)hold->phase;
	row->counting = hold->counting;
	row->hold_index = s->hold.index > 0 ? s->hold.index : INT32_MIN;
}

static void fill_output(struct session_state *s, const struct session_inputs *in,
	const struct hold_output *hold, struct session_output *out)
{
	int64_t t_us = out->judged.t_us;

	out->judged_due = out->changed || t_us >= s->next_row_us;
	if (t_us >= s->next_row_us)
		s->next_row_us = (t_us / ROW_PERIOD_US + 1) * ROW_PERIOD_US;
	out->begun = hold->hold_begun;
	out->hold_due = hold->row_due;
	if (hold->row_due)
		session_fill_hold(s, in, &out->hold);
	out->setup = s->setup.step;
	out->band_low_deg = s->plan.band_low_deg;
	out->band_high_deg = s->plan.band_high_deg;
	/* the last hold's seconds stay in view until the next one is asked for */
	out->counted_s = hold->phase == HOLD_READY || hold->phase == HOLD_ENTERING
		? 0.0 : s->hold.counted_s;
	out->prescribed_s = s->plan.prescribed_s;
	out->lamp = feedback_lamp(&s->feedback, t_us, in->settings.quiet != 0);
	out->finished = s->finished;
}

/* fault:storage:<name> and recovered:storage; the sensors' are seen in their data. */
static void note_storage(struct session_state *s, const struct event *event)
{
	if ((event->kind == EVENT_FAULT || event->kind == EVENT_RECOVERED) &&
		strcmp(event->word[0], "storage") == 0)
		s->storage_fault = event->kind == EVENT_FAULT;
}

static void step(struct session_state *s, const struct session_inputs *in,
	const struct sample *sample, const struct vec3 *up, struct session_output *out)
{
	uint32_t bad[SITE_COUNT];
	enum led_id led = s->feedback.id;
	struct hold_input input = { .t_us = sample->t_us };
	struct hold_output hold;
	struct judged_row *row = &out->judged;
	struct quality q;

	memset(out, 0, sizeof *out);
	session_blank_judged(row, sample->t_us);
	out->finished = s->finished;
	if (s->finished || !sense_step(s, in, sample, up, &input.dt_us, bad))
		return;
	note_storage(s, &sample->event);
	s->t_us = row->t_us = sample->t_us;
	s->health[HEALTH_ORIENT_RESTARTS] = orient_restarts(&s->sensor[SITE_THIGH].orient) +
		orient_restarts(&s->sensor[SITE_PELVIS].orient);
	run_setup(s, in, sample, sense_all_ok(in, bad));
	angles(s, bad);
	q = session_fill_angles(s, in, bad, row);

	input.signal_deg = signal_of(s, in);
	input.thigh_rise_deg = thigh_rise_deg(s, in);
	input.bad_data = signal_bad(s, in, bad);
	input.setup_done = s->setup.step == SETUP_DONE;
	input.moved = s->still.moved_us == sample->t_us;
	input.closed = check_zero(s, in);
	input.press = sample->event.kind == EVENT_PRESS;
	input.begin = sample->event.kind == EVENT_START;
	input.next = sample->event.kind == EVENT_NEXT;
	input.reference = sample->event.kind == EVENT_REFERENCE;
	input.stop = stop_reason(&sample->event);
	if (input.reference && s->hold.phase == HOLD_NEED_REFERENCE)
		setup_restart(&s->setup, &s->setup_plan);
	hold_step(&s->hold, &s->plan, &in->settings, &input, &hold);
	s->setup.proved = s->setup.proved || hold.phase == HOLD_DONE;
	if (hold.event == HOLD_EV_LONG_GAP || hold.event == HOLD_EV_REFERENCE)
		setup_again(&s->setup);

	row->signal_deg = input.bad_data == 0 ? input.signal_deg : MISSING;
	row->flags = hold.flags;
	if (!counts_abduction(in) &&
		fabs(row->out_of_plane_deg) > in->settings.plane_low_deg)
		row->flags |= FLAG_BIT(FLAG_OUT_OF_PLANE);
	watch_leg(s, in, bad, row);
	watch_raise(s, bad, &hold, row);
	run_pelvis(s, in, &hold, bad, row);
	if ((row->flags & FLAGS_FIX) != 0)
		s->fix_flags = row->flags & FLAGS_FIX;
	fill_judged(s, &hold, row);
	run_feedback(s, in, &hold, row);
	s->hold.flags |= row->flags;
	session_describe(s, in, &hold, row, q);
	s->finished = hold.changed &&
		(hold.phase == HOLD_IDLE || hold.phase == HOLD_RESTRAP);
	s->idled = hold.event == HOLD_EV_IDLE_LATE;
	out->changed = hold.changed || s->feedback.id != led;
	fill_output(s, in, &hold, out);
}

void session_step(struct session_state *s, const struct session_inputs *in,
	const struct sample *sample, struct session_output *out)
{
	step(s, in, sample, NULL, out);
}

void session_step_smoothed(struct session_state *s, const struct session_inputs *in,
	const struct sample *sample, const struct vec3 up[SITE_COUNT],
	struct session_output *out)
{
	step(s, in, sample, up, out);
}

void session_finish(struct session_state *s, const struct session_inputs *in,
	struct session_output *out)
{
	struct hold_output hold;

	memset(out, 0, sizeof *out);
	session_blank_judged(&out->judged, s->t_us);
	out->finished = true;
	if (s->finished)
		return;
	hold_finish(&s->hold, s->t_us, &hold);
	s->finished = true;
	out->hold_due = hold.row_due;
	if (hold.row_due)
		session_fill_hold(s, in, &out->hold);
}
