/*
 * The doctor beside a running daemon, which a thread plays here: canned status, a raw
 * stream of a resting sensor. Nothing of the machine's buses is there to be touched.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/fake_gpio.h"
#include "../support/i2c_fake.h"
#include "../support/i2c_tree.h"
#include "../support/temp_files.h"
#include "linux/control.h"
#include "linux/doctor.h"
#include "linux/instance.h"

#define LINES_KEPT 40

static struct control control;
static pthread_t thread;
static _Atomic bool stop;
static const char *status_text;
static struct settings set;
static struct doctor doctor;
static struct doctor_line kept[LINES_KEPT];
static int lines;

static void keep(void *context, const struct doctor_line *line)
{
	(void)context;
	assert_true(lines < LINES_KEPT);
	kept[lines++] = *line;
}

static void answer(void *context, struct control *c, struct control_client *from,
	const struct control_request *request)
{
	(void)context;
	if (request->command == CONTROL_RAW)
		from->streams |= CONTROL_SAMPLES;
	control_answer(c, from, request, json_loads(status_text, 0, NULL));
}

/* Gravity on z, a hundredth of noise on x; the gyroscope reads 0.01 rad/s on y. */
static void *serve(void *context)
{
	char text[512];
	int n = 0;

	while (!stop) {
		struct pollfd fd = { .fd = control_fd(&control), .events = POLLIN };

		if (poll(&fd, 1, 2) > 0)
			control_serve(&control);
		snprintf(text, sizeof text, "{\"class\":\"sample\",\"t_s\":1.5,"
			"\"thigh_acc_x_m_s2\":%s,"
			"\"thigh_acc_y_m_s2\":0,\"thigh_acc_z_m_s2\":9.81,"
			"\"thigh_gyr_x_rad_s\":0,\"thigh_gyr_y_rad_s\":0.01,"
			"\"thigh_gyr_z_rad_s\":0,\"pelvis_acc_x_m_s2\":null}\n",
			n++ % 2 == 0 ? "0.01" : "-0.01");
		control_stream(&control, CONTROL_SAMPLES, text, strlen(text));
		control_round(&control, n);
	}
	return context;
}

static int set_up(void **state)
{
	struct problem problem;

	i2c_fake_reset();
	fake_gpio_reset(state);
	fake_gpio.consumer = "stretchctl doctor";
	i2c_tree_set_up(state);
	settings_default(&set);
	snprintf(set.state_dir, sizeof set.state_dir, "%s", temp_path("state"));
	snprintf(set.control, sizeof set.control, "%s", temp_path("control"));
	snprintf(set.sensor, sizeof set.sensor, "i2c:1");
	set.volatile_store = 1;
	assert_int_equal(control_init(&control), 0);
	control.request = answer;
	assert_int_equal(control_listen(&control, set.control, &problem), 0);
	return 0;
}

static int tear_down(void **state)
{
	control_close(&control);
	return i2c_tree_tear_down(state);
}

static int run(const char *only, const char *status)
{
	int bad;

	lines = 0;
	status_text = status;
	stop = false;
	assert_int_equal(pthread_create(&thread, NULL, serve, NULL), 0);
	doctor_init(&doctor, &set, keep, NULL);
	doctor.places = i2c_tree_places();
	doctor.root = temp_path("root");
	doctor.listen_s = 0.3;
	bad = doctor_run(&doctor, only);
	doctor_end(&doctor);
	stop = true;
	pthread_join(thread, NULL);
	return bad;
}

static void expect(enum doctor_mark mark, const char *check, const char *says)
{
	for (int i = 0; i < lines; i++)
		if (kept[i].mark == mark && strcmp(kept[i].check, check) == 0 &&
			strstr(kept[i].text, says) != NULL)
			return;
	for (int i = 0; i < lines; i++)
		printf("# %s %s: %s\n", doctor_mark_names[kept[i].mark], kept[i].check,
			kept[i].text);
	fail_msg("no line %s %s: %s", doctor_mark_names[mark], check, says);
}

#define THIGH "\"thigh\":{\"chip\":\"MPU-6050\",\"bus\":\"1\",\"address\":\"0x68\"," \
	"\"rate_hz\":103.0,\"nominal_hz\":100.0,\"transfers\":10000"

static void sensors_of_the_daemon(void **state)
{
	(void)state;
	assert_int_equal(run("sensors", "{\"source\":\"i2c:1\",\"sensors\":{" THIGH
		",\"faults\":{\"nack\":2}},\"adapter_reopened\":0}}"), 0);
	expect(DOCTOR_OK, "sensors", "thigh: MPU-6050 at 0x68, bus 1: 2 errors in 10000");
	expect(DOCTOR_OK, "sensors", "thigh: 103.0 readings a second, +3.0 %");
	/* sd of +-0.01 is 0.01; |(0, 0, 9.81)|; 0.01 rad/s is 0.573 deg/s */
	expect(DOCTOR_OK, "sensors", "thigh: noise 0.010 m/s^2, 0.00 deg/s; at rest it "
		"reads 9.81 m/s^2 and 0.6 deg/s");
}

static void its_troubles(void **state)
{
	(void)state;
	assert_true(run(NULL, "{\"source\":\"i2c:1\",\"why\":\"not accepted\","
		"\"storage_error\":\"No space left on device\",\"sensors\":{" THIGH
		",\"fault\":\"nack\",\"faults\":{\"nack\":900}}}}") >= 2);
	expect(DOCTOR_OK, "daemon", "stretchd runs, with i2c:1");
	expect(DOCTOR_BAD, "daemon", "it cannot write its session: No space left");
	expect(DOCTOR_NOTE, "daemon", "no session begins: not accepted");
	expect(DOCTOR_BAD, "sensors", "thigh: MPU-6050 at 0x68, bus 1: nack: ");
	(void)run("sensors", "{\"sensors\":{" THIGH ",\"faults\":{\"nack\":900}}}}");
	expect(DOCTOR_BAD, "sensors", "900 errors in 10000 transfers, most of them nack");
}

/* What comes from the socket is looked at, not believed. */
static void odd_answers(void **state)
{
	(void)state;
	(void)run(NULL, "{\"sensors\":{\"thigh\":{\"faults\":[]},\"pelvis\":7},\"source\":1}");
	expect(DOCTOR_OK, "sensors", "thigh: sensor at ?, bus ?: 0 errors");
	(void)run("sensors", "{\"sensors\":null}"); /* simulated: its own look */
	expect(DOCTOR_BAD, "sensors", "");
}

/* As somebody who may talk to the daemon and open no device. */
static int run_without_rights(const char *only, const char *status)
{
	bool root = getuid() == 0;
	int bad;

	assert_int_equal(chmod(temp_path("."), 0755), 0);
	assert_int_equal(chmod(set.control, 0666), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	bad = run(only, status);
	if (root)
		assert_int_equal(seteuid(0), 0);
	return bad;
}

/*
 * Who is in group stretchd and in no other reads the sensors by the daemon: a bus that
 * only the daemon may open is no fault then. It is one when the daemon has none either.
 */
static void a_bus_of_others(void **state)
{
	(void)state;
	i2c_tree_adapter(1, "bcm2835", false);
	temp_write_text("dev/i2c-1", "");
	assert_int_equal(chmod(temp_path("dev/i2c-1"), 0), 0);
	assert_int_equal(run_without_rights("buses", "{\"sensors\":{" THIGH "}}}"), 0);
	expect(DOCTOR_NOTE, "buses", "bus 1 (bcm2835): this user may not open it, and need "
		"not: stretchd reads the sensors.");
	expect(DOCTOR_NOTE, "buses", "usermod -aG i2c,gpio");
	assert_int_equal(run_without_rights("chips", "{\"sensors\":{" THIGH "}}}"), 0);
	expect(DOCTOR_OK, "chips", "stretchd has the bus");
	assert_int_equal(run_without_rights("buses", "{\"sensors\":null}"), 1);
	expect(DOCTOR_BAD, "buses", "group i2c");
}

static void lines_of_others(void **state)
{
	(void)state;
	set.led_mode = LED_RGB;
	strcpy(set.led_red_line, "GPIO17");
	fake_gpio.chip[0].open_error = fake_gpio.chip[1].open_error = -EACCES;
	assert_int_equal(run("lines", "{\"lines\":\"held\"}"), 0);
	expect(DOCTOR_NOTE, "lines", "line \"GPIO17\": this user may not look, and need not: "
		"stretchd has the lines.");
	expect(DOCTOR_NOTE, "lines", "usermod -aG i2c,gpio");
	assert_int_equal(run("lines", "{\"lines\":\"missing\"}"), 1);
	expect(DOCTOR_BAD, "lines", "group gpio");
	assert_int_equal(run("lines", "{}"), 1);
}

static void nobody(void **state)
{
	(void)state;
	control_close(&control);
	assert_int_equal(control_init(&control), 0);
	(void)run("daemon", "{}");
	expect(DOCTOR_OK, "daemon", "stretchd does not run");
	set.led_mode = LED_RGB;
	strcpy(set.led_red_line, "GPIO17");
	fake_gpio.chip[0].open_error = fake_gpio.chip[1].open_error = -EACCES;
	assert_int_equal(run("lines", "{\"lines\":\"held\"}"), 1);
	expect(DOCTOR_BAD, "lines", "group gpio");
}

/* Its socket could not be made, or none is wanted: the lock of the state folder tells. */
static void one_without_a_socket(void **state)
{
	struct problem problem;
	int lock = instance_lock(set.state_dir, &problem);

	(void)state;
	assert_true(lock >= 0);
	control_close(&control);
	assert_int_equal(control_init(&control), 0);
	assert_int_equal(run("daemon", "{}"), 1);
	expect(DOCTOR_BAD, "daemon", ", but does not listen at ");
	set.control[0] = '\0';
	assert_int_equal(run("daemon", "{}"), 0);
	expect(DOCTOR_NOTE, "daemon", " without a socket: control is blank");
	instance_unlock(lock);
	assert_int_equal(run("daemon", "{}"), 0);
	expect(DOCTOR_OK, "daemon", "stretchd does not run");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sensors_of_the_daemon),
		TEST(its_troubles),
		TEST(odd_answers),
		TEST(a_bus_of_others),
		TEST(lines_of_others),
		TEST(nobody),
		TEST(one_without_a_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
