/*
 * What a session writes: the judged row of a sample and the row of a hold, filled
 * from the session's state.
 */
#include "stretch/session_rows.h"

#include <string.h>

#define RANGE_SIGMAS 1.96 /* 95 % */
#define WHOLE_PART 0.95   /* of a hold's samples: as good as all */

const struct exercise *session_exercise(const struct session_inputs *in)
{
	return &exercises[in->settings.exercise];
}

void session_blank_judged(struct judged_row *row, int64_t t_us)
{
	*row = (struct judged_row){
		.t_us = t_us,
		.thigh_elevation_deg = MISSING,
		.thigh_elevation_method = METHOD_NOT_MEASURED,
		.thigh_elevation_confidence = CONFIDENCE_NONE,
		.thigh_elevation_error_deg = MISSING,
		.out_of_plane_deg = MISSING,
		.pelvis_tilt_deg = MISSING,
		.hip_flexion_deg = MISSING,
		.hip_flexion_low_deg = MISSING,
		.hip_flexion_high_deg = MISSING,
		.hip_flexion_method = METHOD_NOT_MEASURED,
		.hip_flexion_confidence = CONFIDENCE_NONE,
		.signal_deg = MISSING,
		.state = HOLD_IDLE,
		.hold_index = INT32_MIN,
		.pelvis_verdict = -1,
		.pelvis_method = METHOD_NOT_MEASURED,
		.led = LED_OFF,
	};
}

int32_t session_pelvis_method(const struct session_inputs *in, bool measured)
{
	enum judging judging = session_exercise(in)->judging;

	if (judging == JUDGE_TIMED || judging == JUDGE_COUNTED)
		return METHOD_NOT_MEASURED;
	if (measured)
		return METHOD_MEASURED;
	return session_exercise(in)->lying ? METHOD_INFERRED : METHOD_NOT_MEASURED;
}

/* A guess from other people is low; from this person's own pelvis medium. */
static int32_t inferred_confidence(const struct session_inputs *in, struct quality thigh)
{
	if (!in->have_share || thigh.confidence < CONFIDENCE_MEDIUM)
		return CONFIDENCE_LOW;
	return CONFIDENCE_MEDIUM;
}

/* Of the tilt of the pelvis. Sitting, the belly pushes a sensor at the front about. */
static struct quality pelvis_quality(const struct session_state *s,
	const struct session_inputs *in, double tilt_deg)
{
	const struct session_sensor *pelvis = &s->sensor[SITE_PELVIS];
	struct quality q = quality_of(&in->settings, &in->calib[SITE_PELVIS],
		&s->setup.align[SITE_PELVIS], pelvis->last.temp_c, tilt_deg,
		pelvis->angle.out_of_plane_deg);

	if (session_exercise(in)->start_pose == POSE_SITTING &&
		in->settings.pelvis_site == PELVIS_FRONT &&
		q.confidence > CONFIDENCE_MEDIUM)
		q.confidence = CONFIDENCE_MEDIUM;
	return q;
}

/* Hip flexion: measured with two sensors, inferred lying with one. */
static void flexion(const struct session_state *s, const struct session_inputs *in,
	struct quality thigh, bool pelvis_ok, struct judged_row *row)
{
	const struct exercise *ex = session_exercise(in);
	double tilt = row->pelvis_tilt_deg, up = row->thigh_elevation_deg;

	row->hip_flexion_deg = row->hip_flexion_low_deg = NAN;
	row->hip_flexion_high_deg = NAN;
	row->hip_flexion_method = METHOD_NOT_MEASURED;
	row->hip_flexion_confidence = CONFIDENCE_NONE;
	if (!isfinite(up))
		return;
	if (pelvis_ok && isfinite(tilt)) {
		struct quality q = quality_of_difference(thigh,
			pelvis_quality(s, in, tilt));

		row->hip_flexion_deg = up - tilt;
		row->hip_flexion_low_deg = up - tilt - RANGE_SIGMAS * q.error_deg;
		row->hip_flexion_high_deg = up - tilt + RANGE_SIGMAS * q.error_deg;
		row->hip_flexion_method = METHOD_MEASURED;
		row->hip_flexion_confidence = (int32_t)q.confidence;
	} else if (ex->lying) {
		double share = in->have_share ? in->share : ex->share;
		double low = in->have_share ? in->share - in->share_spread
					    : ex->share_low;
		double high = in->have_share ? in->share + in->share_spread
					     : ex->share_high;

		row->hip_flexion_deg = up * (1.0 - share);
		row->hip_flexion_low_deg = up * (1.0 - high);
		row->hip_flexion_high_deg = up * (1.0 - low);
		row->hip_flexion_method = METHOD_INFERRED;
		row->hip_flexion_confidence = inferred_confidence(in, thigh);
	}
}

struct quality session_fill_angles(const struct session_state *s,
	const struct session_inputs *in, const uint32_t bad[SITE_COUNT],
	struct judged_row *row)
{
	const struct session_sensor *thigh = &s->sensor[SITE_THIGH];
	bool pelvis_ok = in->mode == MODE_THIGH_PELVIS && bad[SITE_PELVIS] == 0;
	struct quality q;

	row->thigh_elevation_deg = bad[SITE_THIGH] == 0 ? thigh->tilt_deg : MISSING;
	row->out_of_plane_deg = isfinite(row->thigh_elevation_deg)
		? thigh->angle.out_of_plane_deg : MISSING;
	row->pelvis_tilt_deg = pelvis_ok ? s->sensor[SITE_PELVIS].tilt_deg : MISSING;
	q = quality_of(&in->settings, &in->calib[SITE_THIGH], &s->setup.align[SITE_THIGH],
		thigh->last.temp_c, row->thigh_elevation_deg, row->out_of_plane_deg);
	row->thigh_elevation_method = isfinite(row->thigh_elevation_deg)
		? METHOD_MEASURED : METHOD_NOT_MEASURED;
	row->thigh_elevation_confidence = (int32_t)q.confidence;
	row->thigh_elevation_error_deg = q.error_deg;
	flexion(s, in, q, pelvis_ok, row);
	return q;
}

static enum angle_quantity quantity_of(const struct session_state *s,
	const struct session_inputs *in)
{
	bool two = in->mode == MODE_THIGH_PELVIS;

	if (s->plan.judging == JUDGE_LEAN)
		return two ? QUANTITY_PELVIS_TILT_GAIN : QUANTITY_NONE;
	if (s->plan.timed)
		return QUANTITY_NONE;
	return two ? QUANTITY_HIP_FLEXION : QUANTITY_THIGH_ELEVATION;
}

void session_describe(struct session_state *s, const struct session_inputs *in,
	const struct hold_output *hold, const struct judged_row *row, struct quality q)
{
	enum angle_quantity quantity = quantity_of(s, in);
	const struct tremor_state *tremor = &s->sensor[SITE_THIGH].tremor;
	struct hold_moment moment = {
		.t_us = row->t_us,
		.counted = hold->counting,
		.angle_deg = NAN,
		.low_deg = s->hold.steady.low_deg,
		.rate_deg_s = s->hold.steady.rate_deg_s,
		.tremor_square = tremor->dt_s > 0.0 ? tremor->now_square : MISSING,
		.row = row,
		.confidence = q.confidence,
		.error_deg = q.error_deg,
		.gap = (row->flags & FLAG_BIT(FLAG_GAP)) != 0,
		.bad = (row->flags & FLAGS_BAD_DATA) != 0,
		.leaving = s->hold.row_open,
	};

	if (hold->hold_begun) {
		hold_stats_init(&s->stats);
		pelvis_init(&s->pelvis);
		s->stats_open = true;
		s->drift_deg = NAN;
	}
	if (!s->stats_open)
		return;
	if (quantity == QUANTITY_THIGH_ELEVATION) {
		moment.angle_deg = row->thigh_elevation_deg;
	} else if (quantity == QUANTITY_HIP_FLEXION) {
		moment.angle_deg = row->hip_flexion_deg;
		moment.confidence = (enum confidence)row->hip_flexion_confidence;
		moment.error_deg = (row->hip_flexion_high_deg - row->hip_flexion_deg) /
			RANGE_SIGMAS;
	} else if (quantity == QUANTITY_PELVIS_TILT_GAIN) {
		q = pelvis_quality(s, in, row->pelvis_tilt_deg);
		moment.angle_deg = -row->pelvis_tilt_deg;
		moment.confidence = q.confidence;
		moment.error_deg = q.error_deg;
	}
	hold_stats_add(&s->stats, &moment);
}

enum stopper { STOPPER_TIME, STOPPER_WEARER, STOPPER_RULE, STOPPER_SENSOR };

static enum stopper stopped_by(const struct hold_state *h)
{
	if (h->result == RESULT_STOPPED || h->reason == REASON_LEG_DOWN ||
		h->result == RESULT_DONE)
		return STOPPER_WEARER;
	if (h->reason == REASON_SENSOR)
		return STOPPER_SENSOR;
	return h->reason == REASON_TOO_LONG || h->reason == REASON_END
		? STOPPER_TIME : STOPPER_RULE;
}

/* Was the pelvis measured all through the hold? Its sensor may have failed in it. */
static bool pelvis_throughout(const struct session_state *s, const struct session_inputs *in)
{
	return in->mode == MODE_THIGH_PELVIS &&
		(double)s->stats.pelvis.n >= WHOLE_PART * (double)s->stats.n;
}

void session_fill_hold(struct session_state *s, const struct session_inputs *in,
	struct hold_row *row)
{
	const struct hold_state *h = &s->hold;
	bool two = pelvis_throughout(s, in);
	bool lying = session_exercise(in)->lying;
	enum angle_quantity quantity = quantity_of(s, in);

	memset(row, 0, sizeof *row);
	memcpy(row->session, in->name, sizeof row->session);
	hold_stats_fill(&s->stats, lying && two, h->counted_s, row);
	row->hold_index = h->index;
	row->exercise = in->settings.exercise;
	row->side = in->settings.side;
	row->other_leg = in->settings.other_leg;
	row->mode = (int32_t)in->mode;
	row->start_t_us = h->count_start_us != INT64_MIN ? h->count_start_us
							 : h->entry_us;
	row->prescribed_s = s->plan.prescribed_s;
	row->hold_s = h->counted_s;
	row->longest_s = h->longest_s;
	row->drops = h->drops;
	row->angle_quantity = (int32_t)quantity;
	row->hip_flexion_method = two ? METHOD_MEASURED
		: lying ? METHOD_INFERRED : METHOD_NOT_MEASURED;
	row->entry_rate_peak_deg_s = s->plan.timed ? MISSING : h->entry_rate_deg_s;
	row->pelvis_verdict = s->pelvis.worst > PELVIS_NONE ? (int32_t)s->pelvis.worst : -1;
	row->pelvis_method = session_pelvis_method(in, two);
	row->result = (int32_t)h->result;
	row->reason = h->reason > REASON_NONE ? (int32_t)h->reason : -1;
	row->stopped_by = (int32_t)stopped_by(h);
	row->angle_method = quantity == QUANTITY_NONE ? METHOD_NOT_MEASURED
		: quantity == QUANTITY_HIP_FLEXION ? row->hip_flexion_method
		: METHOD_MEASURED;
	if (row->angle_method == METHOD_NOT_MEASURED) { /* nothing to trust or not */
		row->angle_confidence = CONFIDENCE_NONE;
		row->angle_error_deg = MISSING;
	}
	if (row->pelvis_verdict == PELVIS_QUIET && !two)
		row->pelvis_verdict = PELVIS_DOUBTFUL; /* nobody saw all of it */
	row->flags = h->flags;
	if (in->calib[SITE_THIGH].parameters == 0 ||
		(in->mode == MODE_THIGH_PELVIS && in->calib[SITE_PELVIS].parameters == 0))
		row->flags |= FLAG_BIT(FLAG_UNCALIBRATED);
	row->rest_drift_deg = s->drift_deg;
	if (s->slipped)
		row->flags |= FLAG_BIT(FLAG_SLIP);
	s->stats_open = false;
}
