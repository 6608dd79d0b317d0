/*
 * Samples for calibrate while stretchd has the bus: a thread plays the daemon. The
 * machine's own buses must not be touched.
 */
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/control.h"
#include "stretchctl/calibrate.h"

static struct control control;
static _Atomic bool stop;
static const char *sensors;

static void answer(void *context, struct control *c, struct control_client *from,
	const struct control_request *request)
{
	(void)context;
	from->streams |= CONTROL_SAMPLES;
	control_answer(c, from, request, json_loads(sensors, 0, NULL));
}

static void *serve(void *context)
{
	char text[512];
	int n = 0;

	while (!stop) {
		struct pollfd fd = { .fd = control_fd(&control), .events = POLLIN };

		if (poll(&fd, 1, 2) > 0)
			control_serve(&control);
		snprintf(text, sizeof text, "{\"class\":\"sample\",\"t_s\":%d.25,"
			"\"thigh_acc_x_m_s2\":0.5,\"thigh_acc_y_m_s2\":0,"
			"\"thigh_acc_z_m_s2\":9.81,\"thigh_gyr_x_rad_s\":0,"
			"\"thigh_gyr_y_rad_s\":0.01,\"thigh_gyr_z_rad_s\":0}\n", n++);
		control_stream(&control, CONTROL_SAMPLES, text, strlen(text));
		control_round(&control, n);
	}
	return context;
}

static void through_the_daemon(void **state)
{
	const struct calibrate_options options = { .from = NULL };
	struct calib calib[SITE_COUNT] = { calib_none(), calib_none() };
	static struct settings settings;
	static struct calib_feed feed;
	struct problem problem = { "" };
	struct sample sample;
	int64_t last_us = -1;
	pthread_t thread;

	(void)state;
	temp_make();
	settings_default(&settings);
	snprintf(settings.sensor, sizeof settings.sensor, "i2c:1");
	snprintf(settings.control, sizeof settings.control, "%s", temp_path("control"));
	sensors = "{\"sensors\":{\"thigh\":{\"chip\":\"MPU-6050\",\"address\":\"0x68\"}}}";
	assert_int_equal(control_init(&control), 0);
	control.request = answer;
	assert_int_equal(control_listen(&control, settings.control, &problem), 0);
	assert_int_equal(pthread_create(&thread, NULL, serve, NULL), 0);
	assert_int_equal(calib_feed_open(&feed, &options, &settings, &problem), 0);
	assert_false(calib_feed_has_pelvis(&feed));
	assert_string_equal(calib_feed_chip(&feed, SITE_THIGH)->name, "MPU-6050");
	assert_null(calib_feed_chip(&feed, SITE_PELVIS));
	/* by its data sheet, at 2000 deg/s and 4 g: as sensors_full_scales says it */
	calib_feed_full_scales(&feed, calib);
	assert_true(fabs(calib[SITE_THIGH].gyr_full_scale_rad_s -
		32768.0 * calib_feed_chip(&feed, SITE_THIGH)->gyr_rad_s) < 1e-9);
	assert_true(isnan(calib[SITE_PELVIS].gyr_full_scale_rad_s));
	for (int i = 0; i < 50; i++) {
		assert_int_equal(calib_feed_next(&feed, &sample, &problem), 1);
		assert_true(sample.imu[SITE_THIGH].present);
		assert_false(sample.imu[SITE_PELVIS].present);
		assert_true(fabs(sample.imu[SITE_THIGH].acc_m_s2.x - 0.5) < 1e-12);
		assert_true(last_us < 0 || sample.t_us == last_us + 1000000);
		last_us = sample.t_us;
	}
	stop = true;
	pthread_join(thread, NULL);
	control_close(&control);
	/* hung up: said, not waited for */
	while (calib_feed_next(&feed, &sample, &problem) == 1)
		;
	assert_string_equal(problem.text, "stretchd hung up");
	calib_feed_close(&feed);
	temp_remove();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(through_the_daemon) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
