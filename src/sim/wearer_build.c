/*
 * The builder's tools: each adds one thing to the plan. See wearer_plan.h.
 */
#include "stretch/wearer_plan.h"

#include <string.h>

#define WAVE_EASE_S 0.3

void wearer_shift(struct wearer_build *build, enum wearer_channel channel, double start_s,
	double length_s, double delta)
{
	struct track_move move = { .start_s = start_s,
		.length_s = length_s,
		.delta = delta,
		.channel = (int32_t)channel,
		.shape = TRACK_EASE };

	if (delta != 0.0)
		track_add_move(&build->plan->track, &move);
}

void wearer_push(struct wearer_build *build, enum wearer_channel channel, double start_s,
	double length_s, double delta)
{
	wearer_shift(build, channel, start_s, length_s, delta);
	build->held[channel] += delta;
}

void wearer_push_evenly(struct wearer_build *build, enum wearer_channel channel,
	double start_s, double length_s, double delta)
{
	struct track_move move = { .start_s = start_s,
		.length_s = length_s,
		.delta = delta,
		.blend_s = RAMP_BLEND_S,
		.channel = (int32_t)channel,
		.shape = TRACK_RAMP };

	track_add_move(&build->plan->track, &move);
	build->held[channel] += delta;
}

void wearer_bump(struct wearer_build *build, enum wearer_channel channel, double start_s,
	double length_s, double move_s, double delta)
{
	wearer_shift(build, channel, start_s, move_s, delta);
	wearer_shift(build, channel, start_s + length_s - move_s, move_s, -delta);
}

enum wearer_channel wearer_signal(const struct wearer_build *build, double *sign)
{
	*sign = build->script->sign;
	return build->script->signal;
}

void wearer_add_wave(struct wearer_build *build, enum wearer_channel channel,
	double start_s, double length_s, double amplitude, double frequency_hz)
{
	struct track_wave wave = { .start_s = start_s,
		.length_s = length_s,
		.ease_s = WAVE_EASE_S,
		.amplitude = amplitude,
		.frequency_hz = frequency_hz,
		.channel = (int32_t)channel };

	track_add_wave(&build->plan->track, &wave);
}

void wearer_add_event(struct wearer_build *build, double t_s, enum event_kind kind,
	const char *first, const char *second)
{
	struct wearer_plan *plan = build->plan;
	struct wearer_event event = { .t_s = t_s, .event.kind = kind };
	int32_t i = plan->event_count;

	if (i >= WEARER_EVENTS_MAX) {
		plan->full = true;
		return;
	}
	strncpy(event.event.word[0], first, EVENT_WORD_MAX - 1);
	strncpy(event.event.word[1], second, EVENT_WORD_MAX - 1);
	for (; i > 0 && plan->events[i - 1].t_s > t_s; i--)
		plan->events[i] = plan->events[i - 1];
	plan->events[i] = event;
	plan->event_count++;
}

void wearer_add_span(struct wearer_build *build, struct wearer_span *spans,
	int32_t *count, double start_s, double end_s)
{
	if (*count >= WEARER_SPANS_MAX) {
		build->plan->full = true;
		return;
	}
	spans[(*count)++] = (struct wearer_span){ start_s, end_s };
}

void wearer_take_posture(
	struct wearer_build *build, const struct wearer_posture *posture, double length_s)
{
	struct wearer_posture *now = &build->posture;
	double mirror = build->param->side == SIDE_LEFT ? -1.0 : 1.0;
	double t_s = build->now_s;

	wearer_shift(
		build, CHANNEL_THIGH, t_s, length_s, posture->thigh_deg - now->thigh_deg);
	wearer_shift(build, CHANNEL_PELVIS, t_s, length_s,
		posture->pelvis_deg - now->pelvis_deg);
	wearer_shift(build, CHANNEL_BODY, t_s, length_s,
		mirror * (posture->body_deg - now->body_deg));
	wearer_shift(
		build, CHANNEL_HIP_Z_M, t_s, length_s, posture->hip_z_m - now->hip_z_m);
	*now = *posture;
	build->now_s += length_s;
}

double wearer_move_time(double way_deg, double rate_deg_s)
{
	double t = TRACK_EASE_PEAK * fabs(way_deg) / rate_deg_s;

	return t > 0.5 ? t : 0.5;
}

void wearer_push_signal(struct wearer_build *build, const struct wearer_script *script,
	double start_s, double length_s, double angle_deg)
{
	double extra = random_gauss(&build->random) * build->param->pelvic_sd_deg;

	wearer_push(build, script->signal, start_s, length_s, script->sign * angle_deg);
	wearer_push(build, CHANNEL_THIGH, start_s, length_s, script->thigh * angle_deg);
	wearer_push(build, CHANNEL_PELVIS, start_s, length_s, script->pelvis * angle_deg);
	if (script->signal == CHANNEL_RAISE) /* grows with the raise */
		wearer_push(build, CHANNEL_PELVIS, start_s, length_s,
			extra * angle_deg / 70.0);
}

void wearer_push_back(struct wearer_build *build, double start_s, double length_s)
{
	for (int c = 0; c < CHANNEL_COUNT; c++) {
		wearer_shift(build, (enum wearer_channel)c, start_s, length_s,
			-build->held[c]);
		build->held[c] = 0.0;
	}
}

double wearer_vary(struct wearer_build *build, double angle_deg)
{
	return angle_deg + random_gauss(&build->random) * build->param->raise_sd_deg;
}
