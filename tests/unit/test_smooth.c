/*
 * The offline form: better than the live filter from the first sample on, on made
 * movement (expected directions in closed form) and on recordings with an optical
 * reference; honest about its memory; untroubled by bad readings and gaps. Its
 * equations are checked against another smoother in test_orient_dense.c.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../support/made_motion.h"
#include "../support/motion_data.h"
#include "stretch/random.h"
#include "stretch/smooth.h"

#define SEED UINT64_C(77)
#define SLOW 4
#define STEP_DEG 0.05

static const char *const files[] = { "broad_02", "broad_04", "broad_10", "broad_14",
	"broad_21", "broad_24", "broad_26" };

/* smooth_run with exactly the memory it asks for. */
static void run(const struct smooth_sample *in, size_t count, struct quat *out)
{
	struct orient_param param = smooth_default();
	size_t size = smooth_memory_size(&param, in, count);
	void *memory = malloc(size);

	assert_non_null(memory);
	assert_int_equal(smooth_run(&param, in, count, out, memory, size), 0);
	free(memory);
}

static double error_deg(struct quat q, struct vec3 up)
{
	return vec3_angle_rad(quat_up(q), up) * DEG_PER_RAD;
}

enum { COUNT = 6000, GAP = 2000, DEAD = 4000, DEAD_COUNT = 8 };

/*
 * Begun amid motion, uneven samples, a biased gyroscope. Near the start a lost sample
 * is announced, in the middle 1.5 s are missing, later a few readings are.
 */
static void make(
	struct smooth_sample in[COUNT], double t[COUNT], const struct made_motion *motion)
{
	struct random random;
	double now = 0.3;

	random_seed(&random, SEED, 1);
	for (int k = 0; k < COUNT; k++) {
		double dt = 0.01 * random_between(&random, 0.7, 1.3);
		struct made_reading r;

		now += k == GAP ? 1.5 : 0.0;
		r = made_read(motion, now, now + dt);
		now += dt;
		t[k] = now;
		in[k] = (struct smooth_sample){ k > 0 ? now - t[k - 1] : 0.0, r.acc_m_s2,
			vec3_add(r.gyr_rad_s, (struct vec3){ 0.01, 0.01, -0.01 }),
			k == 150 };
		if (k >= DEAD && k < DEAD + DEAD_COUNT)
			in[k].acc_m_s2.x = MISSING;
	}
}

static void test_made_motion(void **unused)
{
	static struct smooth_sample in[COUNT];
	static struct quat out[COUNT];
	static double t[COUNT];
	struct orient_param param = orient_default();
	struct made_motion motion = made_busy();
	double first = 0.0, live_first = 0.0, square = 0.0, live_square = 0.0;
	double before = 0.0, step = 0.0, cut = 0.0;
	struct orient_state live;

	(void)unused;
	make(in, t, &motion);
	run(in, COUNT, out);
	orient_init(&live);
	for (int k = 0; k < COUNT; k++) {
		struct vec3 up = made_up(&motion, t[k]);
		double error = error_deg(out[k], up), live_error;

		orient_step(&live, &param, in[k].dt_s, in[k].acc_m_s2, in[k].gyr_rad_s);
		live_error = made_error_deg(&live, up);
		if (k >= DEAD && k < DEAD + DEAD_COUNT)
			continue;
		if (k < 500) {
			first = fmax(first, error);
			live_first = fmax(live_first, live_error);
		}
		if (k > 100 && k < GAP)
			step = fmax(step, fabs(error - before));
		if (k >= GAP - 100 && k < GAP)
			cut = fmax(cut, error);
		before = error;
		square += error * error / COUNT;
		live_square += live_error * live_error / COUNT;
	}
	printf("# made movement: offline %.3f deg, live %.3f; worst of the first 5 s "
	       "%.3f, "
	       "%.3f; before the gap %.3f; largest step %.4f\n",
		sqrt(square), sqrt(live_square), first, live_first, cut, step);
	assert_true(sqrt(square) < 0.5 * sqrt(live_square));
	assert_true(first < 0.25 * live_first);
	assert_true(first < 1.0);
	assert_true(cut < 0.3);
	assert_true(step < STEP_DEG);
}

/* A gap that is announced but only as long as a sample, during levelling or after it,
 * changes next to nothing: what comes later still counts before it. */
static void test_harmless_gap(void **unused)
{
	static struct smooth_sample in[COUNT];
	static struct quat whole[COUNT], cut[COUNT];
	static double t[COUNT];
	const int at[] = { 30, 150, 1000 };
	struct made_motion motion = made_busy();

	(void)unused;
	make(in, t, &motion);
	in[150].gap = false;
	run(in, COUNT, whole);
	for (int i = 0; i < 3; i++) {
		double worst = 0.0;

		in[at[i]].gap = true;
		run(in, COUNT, cut);
		in[at[i]].gap = false;
		for (int k = 0; k < COUNT; k++)
			worst = fmax(worst, error_deg(cut[k], quat_up(whole[k])));
		printf("# gap of one sample at %d: up moves by %.3f deg\n", at[i], worst);
		assert_true(worst < 0.1);
	}
}

/* Parameters that make every block overflow: begun again and again, still sane. */
static void test_overflow(void **unused)
{
	static struct smooth_sample in[COUNT];
	static struct quat out[COUNT];
	static double t[COUNT];
	struct orient_param param = smooth_default();
	struct made_motion motion = made_busy();
	size_t size;
	void *memory;

	(void)unused;
	make(in, t, &motion);
	param.calm_m_s_sqrt_s = (double)NAN;
	size = smooth_memory_size(&param, in, COUNT);
	memory = malloc(size);
	assert_non_null(memory);
	assert_int_equal(smooth_run(&param, in, COUNT, out, memory, size), 0);
	for (int k = 0; k < COUNT; k++)
		assert_true(isnan(out[k].w) ||
			error_deg(out[k], made_up(&motion, t[k])) < 30.0);
	free(memory);
}

/* What is not known is missing; a skipped sample keeps the attitude before it. */
static void test_missing_and_skipped(void **unused)
{
	const struct vec3 level = { 0, 0, 9.8 }, none = { 0, 0, 0 };
	struct smooth_sample in[300];
	struct quat out[300];

	(void)unused;
	for (int k = 0; k < 300; k++)
		in[k] = (struct smooth_sample){ 0.01, k < 10 || k == 200 ? none : level,
			none, false };
	run(in, 300, out);
	for (int k = 0; k < 10; k++)
		assert_true(isnan(out[k].w) && isnan(out[k].x) && isnan(out[k].z));
	for (int k = 10; k < 300; k++)
		assert_true(error_deg(out[k], level) < 1e-6);
}

/* Too short for a single block, and nothing at all. */
static void test_short(void **unused)
{
	struct smooth_sample in[20];
	struct quat out[20];

	(void)unused;
	for (int k = 0; k < 20; k++)
		in[k] = (struct smooth_sample){ 0.01, { 3, 0, 9 }, { 0, 0, 0 }, false };
	run(in, 0, out);
	for (size_t count = 1; count < 20; count++) {
		run(in, count, out);
		for (size_t k = 0; k < count; k++)
			assert_true(error_deg(out[k], (struct vec3){ 3, 0, 9 }) < 1e-6);
	}
}

static void test_too_little_memory(void **unused)
{
	static struct smooth_sample in[1000];
	static struct quat out[1000];
	struct orient_param param = smooth_default();
	size_t size;
	char *memory;

	(void)unused;
	for (int k = 0; k < 1000; k++)
		in[k] = (struct smooth_sample){ 0.01, { 0, 0, 9.8 }, { 0, 0, 0 }, false };
	size = smooth_memory_size(&param, in, 1000);
	memory = malloc(size);
	assert_non_null(memory);
	assert_int_equal(smooth_run(&param, in, 1000, out, memory, size), 0);
	assert_int_equal(smooth_run(&param, in, 1000, out, memory, size / 2), -1);
	assert_int_equal(smooth_run(&param, in, 1000, out, memory, 0), -1);
	free(memory);
}

/* Whatever the times and gaps are, the memory asked for is enough (AddressSanitizer
 * sees the rest), and every attitude is a unit quaternion or missing as a whole. */
static void test_any_times(void **unused)
{
	const double times_s[] = { 0.0, 0.0005, 0.001, 0.01, 0.03, 0.0401, 0.099, 0.101,
		0.3, 2.0, -1.0, (double)NAN, (double)INFINITY, 1e300 };
	static struct smooth_sample in[3000];
	static struct quat out[3000];
	struct random random;

	(void)unused;
	printf("# seed %llu\n", (unsigned long long)SEED);
	random_seed(&random, SEED, 2);
	for (int round = 0; round < 40; round++) {
		size_t favourite = random_u64(&random) % 14;
		uint64_t often = 1 + random_u64(&random) % 30;

		for (int k = 0; k < 3000; k++) {
			bool usual = random_u64(&random) % often != 0;

			in[k] = (struct smooth_sample){
				times_s[usual ? favourite : random_u64(&random) % 14],
				vec3_scale(random_direction(&random), 9.8),
				vec3_scale(random_direction(&random), 3.0),
				random_u64(&random) % 50 == 0
			};
			if (random_u64(&random) % 20 == 0)
				in[k].gyr_rad_s.y = MISSING;
		}
		run(in, 3000, out);
		for (int k = 0; k < 3000; k++) {
			struct quat q = out[k];
			double n = q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z;

			assert_true(fabs(n - 1.0) < 1e-9 || (isnan(q.w) && isnan(q.z)));
		}
	}
}

static void test_recordings(void **unused)
{
	struct orient_param offline = smooth_default(), live = orient_default();
	double slow = 0.0;

	(void)unused;
	for (int i = 0; i < 7; i++) {
		struct motion_data data;
		double error, live_error;

		if (!motion_load(&data, files[i])) {
			printf("# no recordings in %s: skipped\n", motion_folder());
			skip();
		}
		error = motion_score_run(&data, &offline, true, SCORE_MOTION);
		live_error = motion_score_run(&data, &live, false, SCORE_MOTION);
		printf("# %s: offline %.3f deg, live %.3f\n", files[i], error,
			live_error);
		assert_true(error <= live_error + 0.01);
		slow += i < SLOW ? error / SLOW : 0.0;
		motion_free(&data);
	}
	printf("# slow motion offline, mean of four: %.3f deg\n", slow);
	assert_true(slow <= 0.31);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_motion),
		cmocka_unit_test(test_harmless_gap),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_missing_and_skipped),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_too_little_memory),
		cmocka_unit_test(test_any_times),
		cmocka_unit_test(test_recordings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
