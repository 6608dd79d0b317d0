/*
 * The minimum-jerk step is the classic model of a calm human reach (T. Flash,
 * N. Hogan, "The coordination of arm movements", 1985).
 */
#include "stretch/track.h"

#include <string.h>

void track_init(struct track *track)
{
	memset(track, 0, sizeof *track);
}

void track_add_move(struct track *track, const struct track_move *move)
{
	struct track_move m = *move;

	if (track->move_count >= TRACK_MOVES_MAX) {
		track->full = true;
		return;
	}
	if (m.length_s < 1e-3)
		m.length_s = 1e-3;
	if (m.blend_s > m.length_s / 2.0)
		m.blend_s = m.length_s / 2.0;
	track->moves[track->move_count++] = m;
}

void track_add_wave(struct track *track, const struct track_wave *wave)
{
	struct track_wave w = *wave;

	if (track->wave_count >= TRACK_WAVES_MAX) {
		track->full = true;
		return;
	}
	if (w.length_s < 1e-3)
		w.length_s = 1e-3;
	if (w.ease_s > w.length_s / 2.0)
		w.ease_s = w.length_s / 2.0;
	track->waves[track->wave_count++] = w;
}

void track_add_wander(struct track *track, const struct track_wave *frame,
	double deviation, double low_hz, double high_hz, int count, struct random *random)
{
	struct track_wave wave = *frame;
	double width = (high_hz - low_hz) / count;

	/* one wave in each slice of the band: no two alike, none missing */
	wave.amplitude = deviation * sqrt(2.0 / count);
	for (int i = 0; i < count; i++) {
		wave.frequency_hz = low_hz + width * (i + random_uniform(random));
		wave.phase_rad = random_between(random, 0.0, 2.0 * STRETCH_PI);
		track_add_wave(track, &wave);
	}
}

double track_ease(double x)
{
	if (x <= 0.0)
		return 0.0;
	if (x >= 1.0)
		return 1.0;
	return x * x * x * (10.0 + x * (-15.0 + 6.0 * x));
}

double track_ease_inverse(double value)
{
	double low = 0.0, high = 1.0;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2.0;

		if (track_ease(middle) < value)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2.0;
}

/* Integral of track_ease from 0 to x, for x in 0..1. */
static double ease_integral(double x)
{
	return x * x * x * x * (2.5 + x * (-3.0 + x));
}

/* Speed rises with track_ease over the blend, stays, and falls likewise. */
static double ramp(double t, double length, double blend)
{
	double way = length - blend;

	if (t <= 0.0)
		return 0.0;
	if (t >= length)
		return 1.0;
	if (t < blend)
		return blend * ease_integral(t / blend) / way;
	if (t > length - blend)
		return 1.0 - blend * ease_integral((length - t) / blend) / way;
	return (t - blend / 2.0) / way;
}

static double move_at(const struct track_move *m, double t_s)
{
	double t = t_s - m->start_s;

	if (t >= m->length_s)
		return m->delta;
	if (m->shape == TRACK_RAMP)
		return m->delta * ramp(t, m->length_s, m->blend_s);
	return m->delta * track_ease(t / m->length_s);
}

static double wave_at(const struct track_wave *w, double t_s)
{
	double t = t_s - w->start_s;
	double left = w->length_s - t;
	double size = w->amplitude;

	if (t < w->ease_s)
		size *= track_ease(t / w->ease_s);
	if (left < w->ease_s)
		size *= track_ease(left / w->ease_s);
	return size * sin(2.0 * STRETCH_PI * w->frequency_hz * t + w->phase_rad);
}

void track_at(const struct track *track, double t_s, double *value, int channels)
{
	for (int c = 0; c < channels; c++)
		value[c] = 0.0;
	for (int32_t i = 0; i < track->move_count; i++) {
		const struct track_move *m = &track->moves[i];

		if (t_s > m->start_s && m->channel < channels)
			value[m->channel] += move_at(m, t_s);
	}
	for (int32_t i = 0; i < track->wave_count; i++) {
		const struct track_wave *w = &track->waves[i];

		if (t_s > w->start_s && t_s < w->start_s + w->length_s &&
			w->channel < channels)
			value[w->channel] += wave_at(w, t_s);
	}
}
