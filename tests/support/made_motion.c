/* A movement in closed form; see made_motion.h. */
#include "made_motion.h"

#include "stretch/random.h"

#define SEED UINT64_C(20240611)

struct jet {
	double value, rate, change; /* and its first two derivatives */
};

static struct jet wave_at(const struct made_wave *w, double t)
{
	double omega = 2.0 * STRETCH_PI * w->hz, a = omega * t + w->phase_rad;
	double end = w->end_s > 0.0 ? w->end_s : 1e9;
	double ramp_s = fmax(fmin(t, end) - w->start_s, 0.0);
	double slope = t > w->start_s && t < end ? w->rate_s : 0.0;

	return (struct jet){ w->offset + w->rate_s * ramp_s + w->amplitude * sin(a),
		slope + w->amplitude * omega * cos(a),
		-w->amplitude * omega * omega * sin(a) };
}

static struct made_reading read_at(const struct made_motion *m, double t)
{
	struct jet a = wave_at(&m->tilt_rad[0], t), b = wave_at(&m->tilt_rad[1], t);
	struct vec3 force = { wave_at(&m->place_m[0], t).change,
		wave_at(&m->place_m[1], t).change,
		wave_at(&m->place_m[2], t).change + GRAVITY_M_S2 };
	struct quat q = quat_mul(quat_axis_angle((struct vec3){ 1, 0, 0 }, a.value),
		quat_axis_angle((struct vec3){ 0, 1, 0 }, b.value));

	/* a' about the x axis before Ry, b' about the y axis that both share */
	return (struct made_reading){ quat_rotate(quat_conj(q), force),
		{ a.rate * cos(b.value), b.rate, a.rate * sin(b.value) } };
}

struct made_reading made_read(const struct made_motion *m, double t0_s, double t1_s)
{
	static const double weight[5] = { 1, 4, 2, 4, 1 };
	struct made_reading sum = { { 0, 0, 0 }, { 0, 0, 0 } };

	for (int i = 0; i < 5; i++) {
		struct made_reading r = read_at(m, t0_s + (t1_s - t0_s) * i / 4.0);

		sum.acc_m_s2 =
			vec3_add(sum.acc_m_s2, vec3_scale(r.acc_m_s2, weight[i] / 12.0));
		sum.gyr_rad_s = vec3_add(
			sum.gyr_rad_s, vec3_scale(r.gyr_rad_s, weight[i] / 12.0));
	}
	return sum;
}

struct vec3 made_up(const struct made_motion *m, double t_s)
{
	double a = wave_at(&m->tilt_rad[0], t_s).value;
	double b = wave_at(&m->tilt_rad[1], t_s).value;

	return quat_up(quat_mul(quat_axis_angle((struct vec3){ 1, 0, 0 }, a),
		quat_axis_angle((struct vec3){ 0, 1, 0 }, b)));
}

double made_error_deg(const struct orient_state *state, struct vec3 up)
{
	return vec3_angle_rad(orient_up(state), up) * DEG_PER_RAD;
}

static double limited(double value, double limit)
{
	return limit > 0.0 ? fmax(fmin(value, limit), -limit) : value;
}

struct made_reading made_run_read(const struct made_run *run, double t0, double t1)
{
	struct made_reading r = made_read(&run->motion, t0, t1);

	r.gyr_rad_s =
		vec3_add(vec3_scale(r.gyr_rad_s, 1.0 + run->scale), run->bias_rad_s);
	r.gyr_rad_s.x = limited(r.gyr_rad_s.x, run->full_scale_rad_s);
	r.gyr_rad_s.y = limited(r.gyr_rad_s.y, run->full_scale_rad_s);
	r.gyr_rad_s.z = limited(r.gyr_rad_s.z, run->full_scale_rad_s);
	return r;
}

double made_play(const struct made_run *run, const struct orient_param *param,
	struct orient_state *state)
{
	struct random random;
	double before = run->start_s, worst = 0.0;

	random_seed(&random, SEED, 1);
	orient_init(state);
	for (double t = run->start_s; t < run->end_s;) {
		double dt = 1.0 / run->rate_hz *
			(1.0 + run->jitter * random_between(&random, -1.0, 1.0));
		struct made_reading r = made_run_read(run, t, t + dt);

		t += dt;
		orient_step(state, param, t - before, r.acc_m_s2, r.gyr_rad_s);
		before = t;
		if (t >= run->score_s)
			worst = fmax(
				worst, made_error_deg(state, made_up(&run->motion, t)));
	}
	return worst;
}

struct made_motion made_busy(void)
{
	return (struct made_motion){
		.tilt_rad = { { .offset = 0.3, .amplitude = 0.8, .hz = 0.23 },
			{ .offset = 0.2,
				.amplitude = 0.6,
				.hz = 0.31,
				.phase_rad = 1.0 } },
		.place_m = { { .amplitude = 0.06, .hz = 0.7 },
			{ .amplitude = 0.05, .hz = 0.9, .phase_rad = 2.0 },
			{ .amplitude = 0.03, .hz = 0.5 } },
	};
}
