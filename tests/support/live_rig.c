/*
 * The rig of live_rig.h.
 */
#include "live_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define G_M_S2 9.80665

void live_init(struct live_rig *rig, int sensors, uint64_t seed)
{
	memset(rig, 0, sizeof *rig);
	rig->param = wearer_default(EX_LYING_TOWEL, SIDE_LEFT);
	rig->param.sensors = sensors;
	rig->param.seed = seed;
	rig->kind[SITE_THIGH] = rig->kind[SITE_PELVIS] = EMUL_MPU6050;
	rig->address[SITE_THIGH] = 0x68;
	rig->address[SITE_PELVIS] = 0x69;
	rig->rate = CHIP_RATE_100;
	rig->rate_error[SITE_THIGH] = 0.03;
	rig->rate_error[SITE_PELVIS] = -0.02;
	rig->us_per_byte = 22.5; /* 400 kHz */
	rig->late_us = 1000.0;
	rig->rest_s = 45.0;
}

double live_time_s(const struct live_rig *rig, int64_t now_us)
{
	return (double)now_us * 1e-6 - rig->start_s;
}

/* Before and behind the plan the wearer lies still. */
static void move(void *context, double t_s, double acc_g[3], double gyr_dps[3])
{
	const struct live_motion *m = context;
	double at_s = fmax(0.1, fmin(t_s - m->rig->start_s, m->rig->wearer.plan.end_s));
	struct wearer_motion motion = wearer_motion_at(
		&m->rig->wearer.plan, &m->rig->param, m->site, at_s);

	acc_g[0] = motion.acc_m_s2.x / G_M_S2;
	acc_g[1] = motion.acc_m_s2.y / G_M_S2;
	acc_g[2] = motion.acc_m_s2.z / G_M_S2;
	gyr_dps[0] = motion.gyr_rad_s.x * DEG_PER_RAD;
	gyr_dps[1] = motion.gyr_rad_s.y * DEG_PER_RAD;
	gyr_dps[2] = motion.gyr_rad_s.z * DEG_PER_RAD;
}

static int64_t now(void *context)
{
	return ((struct live_rig *)context)->bus.now_us;
}

static int wait(void *context, struct pollfd *fds, nfds_t count, int64_t until_us,
	const sigset_t *mask)
{
	struct live_rig *rig = context;

	(void)mask;
	if (until_us > rig->bus.now_us) {
		emul_bus_advance(&rig->bus, until_us +
			(int64_t)random_between(&rig->random, 0.0, rig->late_us));
		if (rig->world != NULL)
			rig->world(rig, live_time_s(rig, rig->bus.now_us));
	}
	return count > 0 ? poll(fds, count, 0) : 0;
}

/* Error of the thigh's angle against the truth at the sample's own time. */
static void compare(struct live_rig *rig, const struct judged_row *row, double t_s)
{
	for (int i = 0; i < rig->wearer.plan.hold_count && i < LIVE_HOLDS; i++) {
		const struct wearer_hold_plan *hold = &rig->wearer.plan.holds[i];
		struct truth truth;
		double error;

		if (t_s < hold->settled_s || t_s > hold->leave_s ||
			!isfinite(row->thigh_elevation_deg))
			continue;
		truth = wearer_truth_at(&rig->wearer.plan, &rig->param, t_s);
		error = row->thigh_elevation_deg - truth.thigh_elevation_deg;
		rig->square[i] += error * error;
		rig->errors[i] += 1.0;
	}
}

static void keep_event(struct live_rig *rig, const struct sample *sample, double t_s)
{
	if (sample->event.kind == EVENT_NONE || rig->events == LIVE_EVENTS)
		return;
	rig->event[rig->events] = sample->event;
	rig->event_s[rig->events++] = t_s;
}

static bool take(void *context, const struct sample *sample)
{
	struct live_rig *rig = context;
	const struct session_output *out = &rig->run.out;
	int led = out->judged.led;
	int64_t at_us = rig->sensors.origin_us + sample->t_us;
	double t_s = live_time_s(rig, at_us);

	run_feed(&rig->run, sample);
	rig->samples++;
	for (int site = 0; site < SITE_COUNT; site++)
		rig->absent[site] += !sample->imu[site].present;
	keep_event(rig, sample, t_s);
	compare(rig, &out->judged, t_s);
	if (out->judged.led != led && rig->lags < LIVE_LAGS)
		rig->lag_us[rig->lags++] = rig->bus.now_us - at_us;
	if (out->hold_due && rig->holds < LIVE_HOLDS)
		rig->hold[rig->holds++] = out->hold;
	if (rig->watch != NULL)
		rig->watch(rig, sample);
	return !rig->run.state.finished &&
		t_s < rig->wearer.plan.end_s + rig->rest_s;
}

static void build_chips(struct live_rig *rig)
{
	struct bus door;

	emul_bus_init(&rig->bus);
	rig->bus.us_per_byte = rig->us_per_byte;
	door = emul_bus_door(&rig->bus);
	sensors_init(&rig->sensors);
	for (int site = 0; site < rig->param.sensors; site++) {
		struct emul *chip = &rig->chip[site];

		emul_init(chip, rig->kind[site], rig->address[site],
			rig->param.seed + (uint64_t)site);
		rig->motion[site] = (struct live_motion){ rig, (enum site)site };
		chip->motion = move;
		chip->motion_context = &rig->motion[site];
		chip->rate_error = rig->rate_error[site];
		emul_bus_add(&rig->bus, chip);
		sensors_put(&rig->sensors, (enum site)site, &door, rig->address[site],
			rig->rate);
	}
	emul_bus_advance(&rig->bus, 1000000);
	rig->start_s = 1.0;
}

static void build_session(struct live_rig *rig, const char *state_dir)
{
	struct session_inputs *in = &rig->run.inputs;
	struct store_place place = { .program = "test", .state_dir = state_dir,
		.wearer = "wearer", .date = "2026-05-01",
		.exercise = exercise_names[rig->param.exercise],
		.side = side_names[rig->param.side] };
	struct problem problem = { "" };

	settings_default(&in->settings);
	in->settings.exercise = (int32_t)rig->param.exercise;
	in->settings.side = (int32_t)rig->param.side;
	in->settings.hold_s = rig->param.prescribed_s;
	in->settings.reps = rig->param.hold_count;
	in->armed = true;
	in->reference_from_us = in->reference_to_us = -1;
	for (int site = 0; site < SITE_COUNT; site++)
		in->calib[site] = calib_none();
	rig->source.sensors = &rig->sensors;
	source_prepare(&rig->source, in);
	if (run_begin(&rig->run, state_dir != NULL ? &place : NULL, &problem) != 0)
		fail_msg("%s", problem.text);
}

void live_begin(struct live_rig *rig, const char *state_dir)
{
	const struct loop_clock clock = { .now_us = now, .wait = wait, .context = rig };
	const char *wrong = wearer_init(&rig->wearer, &rig->param);

	assert_null(wrong);
	random_seed(&rig->random, rig->param.seed, 9);
	build_chips(rig);
	build_session(rig, state_dir);
	loop_init(&rig->loop, &clock);
	rig->loop.sample = take;
	rig->loop.context = rig;
	rig->begun_us = rig->bus.now_us;
}

int live_loop(struct live_rig *rig)
{
	struct problem problem = { "" };
	int ended = loop_run(&rig->loop, &rig->source, &problem);

	if (ended < 0)
		fail_msg("%s", problem.text);
	return ended;
}

void live_end(struct live_rig *rig)
{
	struct problem problem = { "" };

	rig->run.sensors = source_json(&rig->source);
	if (run_end(&rig->run, &problem) != 0)
		fail_msg("%s", problem.text);
	json_decref(rig->run.sensors);
	if (rig->run.out.hold_due && rig->holds < LIVE_HOLDS)
		rig->hold[rig->holds++] = rig->run.out.hold;
}

void live_run(struct live_rig *rig, const char *state_dir)
{
	live_begin(rig, state_dir);
	assert_int_equal(live_loop(rig), 1);
	live_end(rig);
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double live_lag_ms(struct live_rig *rig, double rank)
{
	assert_true(rig->lags > 0);
	qsort(rig->lag_us, (size_t)rig->lags, sizeof rig->lag_us[0], by_size);
	return (double)rig->lag_us[(int)(rank * (rig->lags - 1) + 0.5)] * 1e-3;
}
