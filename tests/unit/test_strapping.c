/*
 * Before the set: the sensors lie on a table, are picked up, turned about, strapped on;
 * then the wearer does a set like any other. What the table looked like to the session
 * must be forgotten by then: the same wearer without the table is what is expected.
 *
 * The hand's path is a chain of random rotations; once in two it puts the sensors down
 * again, on other faces. Faces are those of a board: six sides, an edge, a corner.
 *
 * Gravity cannot tell everything: two sensors that lay at right angles to how they are
 * then worn in lying pass for a wearer who has lain down and stood up. Who then stands up
 * loses a hold by it, and is shown so; the next one counts.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/effort.h"
#include "../support/judge.h"
#include "stretch/random.h"
#include "stretch/track.h"

#define SEED UINT64_C(52000)
#define RATE_HZ 52.0
#define HOLDS 2
#define FACES 8
#define TURNS_MAX 10
#define PUT_DOWN_S 6.0

/* Up, as the sensor sees it where it lies. */
static const struct vec3 faces[FACES] = { { 0, 0, 1 }, { 0, 0, -1 }, { 1, 0, 0 },
	{ -1, 0, 0 }, { 0, 1, 0 }, { 0, -1, 0 }, { 0.6, 0.8, 0 }, { 0.48, 0.6, 0.64 } };

/* One sensor before it is worn: at the time of each turn it has that attitude. */
struct before {
	struct quat at[TURNS_MAX]; /* sensor -> level */
	double t_s[TURNS_MAX];
	int turns;
};

struct trial {
	enum exercise_id exercise;
	int sensors;
	bool band_given; /* by the prescription: one calm raise is enough */
	int face;        /* -1: no table */
	double table_s;
	bool put_down;   /* once more, on another face, before it is strapped on */
	uint64_t seed; /* of the hand */
};

/* The shortest turn that brings up to Z. */
static struct quat lying_on(struct vec3 up, double heading_rad)
{
	struct vec3 z = { 0, 0, 1 }, axis = vec3_cross(up, z);
	double angle = vec3_angle_rad(up, z);
	struct quat q;

	if (vec3_norm(axis) < 1e-9)
		axis = (struct vec3){ 1, 0, 0 };
	q = quat_axis_angle(vec3_unit(axis), angle);
	return quat_mul(quat_axis_angle(z, heading_rad), q);
}

/* Turn from a to b as axis times angle, in a's own frame. */
static struct vec3 turn_between(struct quat a, struct quat b)
{
	struct quat q = quat_unit(quat_mul(quat_conj(a), b));
	struct vec3 v;
	double s, angle;

	if (q.w < 0.0)
		q = (struct quat){ -q.w, -q.x, -q.y, -q.z };
	v = (struct vec3){ q.x, q.y, q.z };
	s = vec3_norm(v);
	angle = 2.0 * atan2(s, q.w);
	return s > 1e-12 ? vec3_scale(v, angle / s) : (struct vec3){ 0, 0, 0 };
}

static struct quat attitude(const struct before *b, double t_s)
{
	int i = 0;
	struct vec3 turn;
	double part, angle;

	while (i + 2 < b->turns && t_s >= b->t_s[i + 1])
		i++;
	part = track_ease((t_s - b->t_s[i]) / (b->t_s[i + 1] - b->t_s[i]));
	turn = turn_between(b->at[i], b->at[i + 1]);
	angle = vec3_norm(turn) * part;
	return angle > 1e-12
		? quat_mul(b->at[i], quat_axis_angle(vec3_unit(turn), angle)) : b->at[i];
}

static void add_turn(struct before *b, double t_s, struct quat at)
{
	assert_true(b->turns < TURNS_MAX);
	b->t_s[b->turns] = t_s;
	b->at[b->turns++] = at;
}

/* From the table into the strap; returns when it is worn, s. */
static double plan_before(struct before *b, const struct trial *t, int site,
	struct quat worn)
{
	struct random random; /* times are the same for both sensors */
	struct random turn;
	double at_s = t->table_s;

	memset(b, 0, sizeof *b);
	random_seed(&random, t->seed, 11);
	random_seed(&turn, t->seed, 12 + (uint64_t)site);
	add_turn(b, -1.0, lying_on(faces[(t->face + site) % FACES], 0.3));
	add_turn(b, at_s, b->at[0]);
	for (int i = 0; i < 3; i++)
		add_turn(b, at_s += random_between(&random, 0.8, 1.6),
			random_rotation(&turn));
	if (t->put_down) {
		add_turn(b, at_s += 1.5, lying_on(faces[(t->face + 3 + site) % FACES], 1.0));
		add_turn(b, at_s += PUT_DOWN_S, b->at[b->turns - 1]);
	}
	add_turn(b, at_s += random_between(&random, 0.8, 1.6), random_rotation(&turn));
	add_turn(b, at_s += random_between(&random, 1.5, 2.5), worn);
	return at_s;
}

static struct imu_reading read_before(const struct before *b, double t_s,
	struct random *random)
{
	const double step_s = 1e-3;
	struct quat q = attitude(b, t_s);
	struct vec3 turn = turn_between(q, attitude(b, t_s + step_s));
	struct imu_reading r = { .present = true, .temp_c = MISSING };
	double *value[6] = { &r.acc_m_s2.x, &r.acc_m_s2.y, &r.acc_m_s2.z,
		&r.gyr_rad_s.x, &r.gyr_rad_s.y, &r.gyr_rad_s.z };

	r.acc_m_s2 = quat_rotate(quat_conj(q), (struct vec3){ 0, 0, 9.81 });
	r.gyr_rad_s = vec3_scale(turn, 1.0 / step_s);
	for (int i = 0; i < 6; i++) /* as the simulated wearer's sensors at this rate */
		*value[i] += random_gauss(random) * (i < 3 ? 0.02 : 4.5e-4);
	return r;
}

static void take(struct judge_run *run)
{
	session_step(&run->state, &run->inputs, &run->sample, &run->out);
	if (run->out.hold_due)
		run->holds[run->hold_count++] = run->out.hold;
}

static void play(struct judge_run *run, const struct trial *t)
{
	struct before before[SITE_COUNT];
	struct random noise;
	double worn_s = 0.0;
	int64_t k = 0, offset_us;

	judge_init(run, t->exercise, t->sensors);
	run->param.seed = SEED + (uint64_t)t->exercise;
	wearer_strap_randomly(&run->param);
	run->param.rate_hz = RATE_HZ;
	run->param.prescribed_s = 10.0;
	run->param.hold_count = HOLDS;
	run->param.rest_s = 12.0;
	if (t->band_given) {
		run->inputs.settings.target_lo_deg = 55.0;
		run->inputs.settings.cap_deg = 85.0;
		run->param.calm_raises = 1;
	}
	judge_start(run);
	random_seed(&noise, t->seed, 15);
	for (int site = 0; t->face >= 0 && site < t->sensors; site++)
		worn_s = plan_before(&before[site], t, site, wearer_motion_at(
			&run->wearer.plan, &run->param, (enum site)site, 0.0).sensor);
	offset_us = (int64_t)(worn_s * 1e6);
	for (; (double)k / RATE_HZ < worn_s; k++) {
		memset(&run->sample, 0, sizeof run->sample);
		run->sample.t_us = (int64_t)((double)k / RATE_HZ * 1e6);
		for (int site = 0; site < SITE_COUNT; site++) {
			run->sample.imu[site].temp_c = MISSING;
			if (site < t->sensors)
				run->sample.imu[site] = read_before(&before[site],
					(double)k / RATE_HZ, &noise);
		}
		take(run);
	}
	while (!run->state.finished &&
		wearer_step(&run->wearer, &run->param, &run->sample, &run->truth)) {
		run->sample.t_us += offset_us;
		take(run);
	}
	session_finish(&run->state, &run->inputs, &run->out);
	if (run->out.hold_due)
		run->holds[run->hold_count++] = run->out.hold;
}

static int done(const struct judge_run *run)
{
	int n = 0;

	for (int i = 0; i < run->hold_count; i++)
		n += run->holds[i].result == RESULT_DONE;
	return n;
}

/* Every hold as it is without the table. */
static bool all_the_same(const struct judge_run *a, const struct judge_run *b)
{
	bool same = done(a) == HOLDS && a->hold_count == b->hold_count;

	for (int i = 0; same && i < a->hold_count; i++)
		same = fabs(a->holds[i].hold_s - b->holds[i].hold_s) < 0.3;
	return same;
}

static void describe(const struct trial *t, const struct judge_run *run)
{
	printf("# %s, %d sensors%s, face %d for %.0f s%s, seed %llu: %d done of %d\n",
		exercise_names[t->exercise], t->sensors,
		t->band_given ? ", band given" : "", t->face, t->table_s,
		t->put_down ? ", put down" : "", (unsigned long long)t->seed, done(run),
		run->hold_count);
}

/* On each face, for seconds and for a minute. */
static void sets_of(enum exercise_id exercise, bool band_given, int sensors, bool tells)
{
	static struct judge_run with, without;
	struct trial t = { .exercise = exercise, .band_given = band_given,
		.sensors = sensors, .face = -1 };
	int runs = effort_times(FACES, 10 * FACES, 3), same = 0;

	play(&without, &t);
	assert_int_equal(done(&without), HOLDS);
	for (int i = 0; i < runs; i++) {
		t.face = i % FACES;
		t.table_s = i % 4 < 2 ? 5.0 : 60.0;
		t.put_down = i % 2 == 1;
		t.seed = SEED + (uint64_t)i;
		play(&with, &t);
		if (all_the_same(&with, &without)) {
			same++;
			continue;
		}
		describe(&t, &with);
		assert_false(tells);
		assert_true(done(&with) >= HOLDS - 1);
	}
	printf("# %s%s, %d sensors: %d of %d as without the table\n",
		exercise_names[exercise], band_given ? ", band given" : "", sensors, same,
		runs);
	assert_true(same * 4 >= runs * 3);
}

static void lying(void **state)
{
	(void)state;
	for (int sensors = 1; sensors <= 2; sensors++) {
		sets_of(EX_LYING_TOWEL, false, sensors, true);
		sets_of(EX_LYING_HANDS, true, sensors, true);
		sets_of(EX_DOORWAY, false, sensors, true);
	}
}

static void seated(void **state)
{
	(void)state;
	sets_of(EX_SEATED_LEG, false, 1, true);
	sets_of(EX_SEATED_BUTTERFLY, false, 2, true);
}

static void standing(void **state)
{
	(void)state;
	sets_of(EX_STANDING_BEND, false, 1, true);
	sets_of(EX_STANDING_BEND, false, 2, false);
}

/* A long press while the straps are being learned: from the first pose on. */
static void begun_anew(void **state)
{
	static struct judge_run run;
	struct sample table = { .event.kind = EVENT_NONE };

	(void)state;
	judge_init(&run, EX_LYING_TOWEL, 1);
	judge_start(&run);
	table.imu[SITE_THIGH] = (struct imu_reading){ .present = true,
		.acc_m_s2 = { 0, 0, 9.81 }, .temp_c = MISSING };
	for (int i = 0; i < 500; i++) {
		table.t_us = i * 10000;
		table.imu[SITE_THIGH].acc_m_s2.x = i % 2 == 0 ? 0.01 : -0.01; /* not frozen */
		session_step(&run.state, &run.inputs, &table, &run.out);
	}
	assert_int_equal(run.state.setup.step, SETUP_RAISES);
	assert_string_equal(session_advice(&run.state), pose_advice[POSE_RAISE]);
	table.t_us += 10000;
	table.event.kind = EVENT_REFERENCE;
	session_step(&run.state, &run.inputs, &table, &run.out);
	assert_int_equal(run.state.hold.phase, HOLD_NEED_REFERENCE);
	assert_string_equal(session_advice(&run.state), pose_advice[POSE_LYING]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lying),
		cmocka_unit_test(seated),
		cmocka_unit_test(standing),
		cmocka_unit_test(begun_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
