/*
 * stretchctl calibrate with a live chip: an emulated MPU-6050 behind an adapter that
 * answers ioctl(), turned from pose to pose by the emulator's time. The system's
 * monotonic clock is the bus's here, so that minutes take a moment.
 */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/emul_bus.h"
#include "../support/i2c_fake.h"
#include "../support/i2c_tree.h"
#include "../support/temp_files.h"
#include "linux/align_file.h"
#include "linux/calib_file.h"
#include "stretch/calib_sphere.h"
#include "stretchctl/calibrate.h"
#include "stretchctl/command.h"

#define HOLD_S 3.0
#define TURN_S 1.0

static struct emul chip;
static struct emul_bus wire;
static char said[65536];
static double stop_at_s; /* a signal comes then; 0: none */

/* In place of the C library's: time passes on the bus and in sleep alone. */
int clock_gettime(clockid_t id, struct timespec *now)
{
	if (id != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, id, now);
	emul_bus_advance(&wire, wire.now_us + 1);
	now->tv_sec = wire.now_us / 1000000;
	now->tv_nsec = wire.now_us % 1000000 * 1000;
	return 0;
}

int clock_nanosleep(
	clockid_t id, int flags, const struct timespec *until, struct timespec *rest)
{
	int64_t until_us = until->tv_sec * INT64_C(1000000) + until->tv_nsec / 1000;

	(void)id;
	(void)flags;
	(void)rest;
	if (until_us > wire.now_us)
		emul_bus_advance(&wire, until_us);
	if (stop_at_s > 0.0 && (double)wire.now_us * 1e-6 > stop_at_s) {
		stop_at_s = 0.0;
		(void)raise(SIGINT);
	}
	return 0;
}

static int set_up(void **state)
{
	i2c_fake_reset();
	i2c_tree_set_up(state);
	i2c_tree_machine();
	for (int i = 0; i < I2C_FAKES; i++)
		i2c_fake[i].functions = i == 1 ? i2c_fake[i].functions : 0;
	emul_bus_init(&wire);
	i2c_fake_place(1, i2c_tree_own_node(1));
	i2c_fake[1].chips = emul_bus_door(&wire);
	emul_init(&chip, EMUL_MPU6050, 0x68, 1);
	chip.noise = 3;
	emul_bus_add(&wire, &chip);
	emul_bus_advance(&wire, 1000000);
	stop_at_s = 0.0;
	return 0;
}

/* One named direction after the other; between them a turn. */
static void faces(void *context, double t_s, double acc_g[3], double gyr_dps[3])
{
	double phase = fmod(t_s, HOLD_S + TURN_S);
	struct vec3 up = calib_named[(int)(t_s / (HOLD_S + TURN_S)) % 18].up;

	(void)context;
	acc_g[0] = up.x;
	acc_g[1] = up.y;
	acc_g[2] = up.z;
	gyr_dps[0] = phase < TURN_S ? 60.0 * sin(40.0 * t_s) : 2.0;
	gyr_dps[1] = gyr_dps[2] = 0.0;
}

static void faces_until_gone(
	void *context, double t_s, double acc_g[3], double gyr_dps[3])
{
	chip.refuses = chip.refuses || t_s > 8.0;
	faces(context, t_s, acc_g, gyr_dps);
}

/* Lying for 9 s, in 2 s to standing, then on. */
static void poses(void *context, double t_s, double acc_g[3], double gyr_dps[3])
{
	double part = (t_s - 10.0) / 2.0;
	bool turning = part > 0.0 && part < 1.0;
	double a = (part <= 0.0 ? 0.0 : part >= 1.0 ? 90.0 : 90.0 * part) * RAD_PER_DEG;

	(void)context;
	acc_g[0] = 0.0;
	acc_g[1] = sin(a);
	acc_g[2] = cos(a);
	gyr_dps[0] = turning ? 45.0 : 0.0;
	gyr_dps[1] = gyr_dps[2] = 0.0;
}

static struct calibrate_options options(const char *output)
{
	return (struct calibrate_options){ .chip = "",
		.sensor = "i2c:1",
		.until_s = 1e9,
		.gravity_m_s2 = GRAVITY_M_S2,
		.output = output,
		.places = i2c_tree_places() };
}

/* Runs one of the jobs with both outputs in a file. */
static int run(int (*job)(const struct calibrate_options *), struct calibrate_options *o)
{
	int status, out = dup(1), err = dup(2), file;
	char *text;

	file = open(temp_path("said"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(file >= 0);
	fflush(stdout);
	dup2(file, 1);
	dup2(file, 2);
	calib_feed_catch();
	status = job(o);
	fflush(stdout);
	dup2(out, 1);
	dup2(err, 2);
	close(out);
	close(err);
	close(file);
	text = temp_read(temp_path("said"), NULL);
	snprintf(said, sizeof said, "%s", text);
	free(text);
	return status;
}

static void expect_said(const char *what)
{
	if (strstr(said, what) == NULL)
		fail_msg("\"%s\" is not in:\n%s", what, said);
}

static void the_chip(void **state)
{
	const char *path = temp_path("chip.json");
	struct calibrate_options o = options(path);
	struct calib_file file;
	struct problem problem;

	(void)state;
	chip.motion = faces;
	assert_int_equal(run(calibrate_chip, &o), 0);
	expect_said("next: x axis up\n");
	expect_said("taken 12: ");
	expect_said("Good, written to ");
	assert_int_equal(calib_file_read(path, &file, &problem), 0);
	assert_string_equal(file.chip, "MPU-6050"); /* its own name */
	assert_true(file.windows >= 12);
	/* an ideal chip: nothing to correct but the rate it turns at, 2 deg/s */
	assert_true(vec3_norm(file.calib.acc_bias_m_s2) < 0.02);
	assert_true(fabs(file.calib.gyr_bias_rad_s.x - 2.0 * RAD_PER_DEG) < 0.002);
	assert_true(isfinite(file.calib.temp_c));
	assert_true(file.calib.gyr_full_scale_rad_s > 1.0);
	assert_true(file.calib.acc_full_scale_m_s2 > 15.0);
	/* a file for a chip of another family is neither made nor written over */
	o.chip = "LSM6DSO:1";
	assert_int_equal(run(calibrate_chip, &o), EXIT_NO);
	expect_said("it is for the chip \"MPU-6050\", but \"LSM6DSO:1\" is there");
	path = o.output = temp_path("other.json");
	assert_int_equal(run(calibrate_chip, &o), EXIT_NO);
	expect_said("not \"LSM6DSO:1\"");
	assert_false(temp_exists(path));
}

static void the_straps(void **state)
{
	const char *path = temp_path("straps.json");
	struct calibrate_options o = options(path);
	struct align_file file;
	struct problem problem;
	char boot_id[CLOCK_TEXT_MAX];

	(void)state;
	chip.motion = poses;
	o.poses[0] = (struct pose_take){ .pose = POSE_LYING, .from_us = -1, .to_us = -1 };
	o.poses[1] =
		(struct pose_take){ .pose = POSE_STANDING, .from_us = -1, .to_us = -1 };
	o.pose_count = 2;
	o.alignment = true;
	assert_int_equal(run(calibrate_alignment, &o), 0);
	expect_said("pose 2 of 2, standing");
	expect_said("Good, written to ");
	assert_int_equal(align_file_read(path, &file, &problem), 0);
	assert_string_equal(file.site[SITE_THIGH].chip, "MPU-6050");
	assert_true(fabs(file.site[SITE_THIGH].align.between_deg - 90.0) < 1.0);
	/* y up while lying: the chip's z; standing the chip's y is up, x looks down */
	assert_true(file.site[SITE_THIGH].align.to_segment.m[1][2] > 0.999);
	assert_true(file.site[SITE_THIGH].align.to_segment.m[0][1] < -0.999);
	clock_boot_id(boot_id);
	assert_true(align_file_fresh(
		&file, "f", boot_id, (double)wire.now_us * 1e-6, 60.0, &problem));
}

static void ctrl_c(void **state)
{
	struct calibrate_options o = options(temp_write_text("old.json", "old"));
	char *text;

	(void)state;
	chip.motion = faces;
	stop_at_s = 8.0;
	assert_int_equal(run(calibrate_chip, &o), EXIT_NO);
	expect_said("taken  1: ");
	expect_said("refused, nothing written: stopped");
	text = temp_read(o.output, NULL);
	assert_string_equal(text, "old");
	free(text);
}

/* The wire comes off and nothing is heard: it does not wait for ever. */
static void unplugged(void **state)
{
	const char *path = temp_path("gone.json");
	struct calibrate_options o = options(path);

	(void)state;
	chip.motion = faces_until_gone;
	assert_int_not_equal(run(calibrate_chip, &o), 0);
	expect_said("stretchctl calibrate: thigh sensor: ");
	assert_false(temp_exists(path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_chip, set_up, i2c_tree_tear_down),
		cmocka_unit_test_setup_teardown(the_straps, set_up, i2c_tree_tear_down),
		cmocka_unit_test_setup_teardown(ctrl_c, set_up, i2c_tree_tear_down),
		cmocka_unit_test_setup_teardown(unplugged, set_up, i2c_tree_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
