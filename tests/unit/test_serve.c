/*
 * The daemon from start to stop with a worn sensor and a prescription that nobody has
 * accepted: an emulated chip that never lies still. Each movement asks for a run; what
 * keeps it from beginning is said once, and once more when it is something else. Then it
 * is accepted, and a session begins by itself. The monotonic clock is the test's: it moves
 * when the daemon waits.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/emul_bus.h"
#include "../support/temp_files.h"
#include "linux/folder.h"
#include "linux/prescription_file.h"
#include "stretchd/daemon.h"

#define NOBODY 65534
#define LIMIT_US INT64_C(60000000)

/* main.c's, which is not linked. */
volatile sig_atomic_t daemon_stop, daemon_hangup;

int daemon_fail(const struct problem *problem, int error)
{
	fail_msg("%s: %d", problem->text, error);
	return EXIT_SYSTEM;
}

static _Atomic int64_t now_us = 5000000; /* the writing thread looks at it too */

/* In the C library's place. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
	if (clock != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, clock, time);
	time->tv_sec = now_us / 1000000;
	time->tv_nsec = now_us % 1000000 * 1000;
	return 0;
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *limit,
	const sigset_t *mask)
{
	(void)mask;
	if (limit != NULL)
		now_us += (int64_t)limit->tv_sec * 1000000 + limit->tv_nsec / 1000;
	return poll(fds, count, 0);
}

static struct daemon d;
static struct emul chip;
static struct emul_bus wire;
static struct bus door;
static int waits;           /* for the wearer, that a sample has come in */
static bool fresh;          /* one began, without a sample yet */
static struct prescription other; /* with a sitting break */
static int sessions;        /* that were seen to run */
static void (*do_then)(void); /* what a person does when a wait or a session begins */
static void (*do_late)(void); /* when the limit has come; NULL: stop */
static int64_t limit_us;

static void accept_it(const struct prescription *p)
{
	struct problem problem;

	if (accepted_write(d.settings.state_dir, p, "anna-1", &problem) != 0)
		fail_msg("%s", problem.text);
}

/* First another prescription is accepted, then the right one. */
static void accept_late(void)
{
	if (waits == 2)
		accept_it(&other);
	if (waits == 4)
		accept_it(&d.programme.now.prescription);
	if (sessions == 1)
		daemon_stop = 1;
}

/* Counts waits and sessions as they begin. */
static void look(void)
{
	static bool ran;

	if (fresh && d.waiting && d.origin_us >= 0)
		waits++;
	if (d.talk.session && !ran)
		sessions++;
	/* no disk keeps up with this clock: it is waited for, nothing is dropped */
	if (d.talk.session)
		d.run.files[d.run.at].writer.mode = WRITER_WAITS;
	if ((fresh && d.waiting && d.origin_us >= 0) || (d.talk.session && !ran))
		do_then();
	ran = d.talk.session;
	fresh = d.origin_us < 0;
	if (now_us <= limit_us)
		return;
	if (do_late != NULL)
		do_late();
	else
		daemon_stop = 1;
	do_late = NULL;
	limit_us += LIMIT_US;
}

/* The chip lives in the daemon's time, and its wire takes none. */
static void to_now(void)
{
	look();
	emul_bus_advance(&wire, now_us);
}

static int read_now(
	void *context, uint8_t address, uint8_t reg, uint8_t *data, size_t size)
{
	to_now();
	return door.read(context, address, reg, data, size);
}

static int write_now(
	void *context, uint8_t address, uint8_t reg, const uint8_t *data, size_t size)
{
	to_now();
	return door.write(context, address, reg, data, size);
}

static void put_chip(void)
{
	struct sensors *sensors = malloc(sizeof *sensors); /* freed by source_close */
	struct bus bus;

	assert_non_null(sensors);
	emul_bus_init(&wire);
	wire.us_per_byte = wire.us_per_transfer = 0.0;
	emul_init(&chip, EMUL_MPU6050, 0x68, 1);
	emul_bus_add(&wire, &chip);
	door = emul_bus_door(&wire);
	bus = (struct bus){ .context = door.context, .read = read_now,
		.write = write_now };
	sensors_init(sensors);
	sensors_put(sensors, SITE_THIGH, &bus, 0x68, CHIP_RATE_100);
	d.source.sensors = sensors;
	d.source_open = true;
}

static int begin(void **state)
{
	(void)state;
	temp_make();
	assert_int_equal(chmod(temp_path("."), 0777), 0);
	memset(&d, 0, sizeof d);
	settings_default(&d.settings);
	snprintf(d.settings.state_dir, sizeof d.settings.state_dir, "%s",
		temp_path("state"));
	snprintf(d.settings.prescription, sizeof d.settings.prescription, "%s",
		temp_write_text("p.conf", "wearer = anna-1\nitem lying-towel {\n"
			"\treps = 1\n\tper_day = 1\n}\n"));
	assert_int_equal(chmod(d.settings.prescription, 0666), 0);
	strcpy(d.settings.sensor, "i2c:none");
	d.settings.control[0] = '\0';
	d.settings.volatile_store = 1;
	assert_int_equal(programme_load(&d.programme, &d.settings, stderr), 0);
	other = d.programme.now.prescription;
	other.break_every_min = 45.0;
	put_chip();
	daemon_stop = 0;
	waits = sessions = 0;
	fresh = false;
	do_late = NULL;
	limit_us = now_us + LIMIT_US;
	return 0;
}

static int end(void **state)
{
	(void)state;
	temp_remove();
	return 0;
}

static int count(const char *text, const char *words)
{
	int n = 0;

	while ((text = strstr(text, words)) != NULL) {
		text += strlen(words);
		n++;
	}
	return n;
}

/* Runs it with its log in a file. */
static char *run(void)
{
	const char *path = temp_path("log");
	int standard_error = dup(STDERR_FILENO), status;
	char *said;

	fflush(stderr);
	assert_non_null(freopen(path, "w", stderr));
	if (geteuid() == 0)
		assert_int_equal(seteuid(NOBODY), 0);
	log_open("stretchd");
	status = serve_run(&d);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	fflush(stderr);
	assert_true(dup2(standard_error, STDERR_FILENO) >= 0);
	close(standard_error);
	assert_int_equal(status, 0);
	said = temp_read(temp_path("log"), NULL);
	assert_non_null(said);
	return said;
}

static void what_is_to_be_done_is_said_once(void **state)
{
	char counts[256], *said;

	(void)state;
	do_then = accept_late;
	said = run();
	if (waits != 4 || count(said, "not accepted") != 2)
		fail_msg("%d waits:\n%s", waits, said);
	assert_int_equal(count(said, "stretchctl accept "), 2);
	assert_int_equal(count(said, "accepted was another one"), 1);
	/* nor was it left to the log to hold the same line back */
	log_say_counts(counts, sizeof counts);
	if (strstr(counts, "held") != NULL || strstr(counts, "ask 2") == NULL)
		fail_msg("%s", counts);
	assert_int_equal(count(said, "step 1 of "), 1);
	assert_int_equal(d.sessions, 1);
	free(said);
}

/*
 * The wearer left the session, and came back after more than an hour, to a prescription
 * that is another one by then. Nobody has accepted it.
 */
static void change_it_meanwhile(void)
{
	if (waits == 1)
		accept_it(&d.programme.now.prescription);
	if (waits == 2) {
		temp_write_text("p.conf", "wearer = anna-1\nitem lying-towel {\n"
			"\treps = 3\n\tper_day = 2\n}\n");
		daemon_hangup = 1;
		now_us += INT64_C(3700000000);
		limit_us += INT64_C(3700000000);
	}
	if (waits == 5 || sessions == 2)
		daemon_stop = 1;
}

static void after_an_hour_nothing_goes_on_unaccepted(void **state)
{
	char *said;

	(void)state;
	d.settings.idle_min = 1.0;
	limit_us += LIMIT_US;
	do_then = change_it_meanwhile;
	said = run();
	if (sessions != 1 || waits != 5 || count(said, "not accepted") != 2)
		fail_msg("%d sessions, %d waits:\n%s", sessions, waits, said);
	free(said);
}

/* The wearer lies still from the first wait on, which may end once more by itself. */
static void lie_down(void)
{
	chip.motion = emul_rest;
}

static void accept_other(void)
{
	accept_it(&other);
}

static void accept_this(void)
{
	accept_it(&d.programme.now.prescription);
}

/* Nobody moves when it is accepted, and what the status tells follows all the same. */
static void what_is_accepted_is_noticed_without_a_movement(void **state)
{
	char *said;

	(void)state;
	do_then = lie_down;
	do_late = accept_other;
	said = run();
	if (sessions != 0 || count(said, "not accepted") != 2 ||
		strstr(d.why.text, "accepted was another one") == NULL)
		fail_msg("%d waits, %d sessions:\n%s", waits, sessions, said);
	free(said);
	daemon_stop = 0;
	limit_us = now_us + LIMIT_US;
	do_late = accept_this;
	put_chip();
	said = run();
	if (sessions != 0 || count(said, "nothing keeps a session from beginning") != 1)
		fail_msg("%d waits, %d sessions:\n%s", waits, sessions, said);
	assert_string_equal(d.why.text, "");
	free(said);
}

/* A power cut, then another label in the settings: both are closed all the same. */
static void sessions_of_every_wearer_are_recovered(void **state)
{
	static const char *const wearers[] = { "anna-1", "ben" };
	char path[PATH_MAX];

	(void)state;
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "state/%s/sessions/000001-undated-"
			"lying-towel-left", wearers[i]);
		assert_int_equal(folder_make(temp_path(path)), 0);
		strcat(path, "/session.json");
		(void)temp_write_text(path, "{\"status\":\"open\"}");
	}
	(void)temp_write_text("state/clock.json", "{}");
	session_recover(&d);
	for (int i = 0; i < 2; i++) {
		char *text;

		snprintf(path, sizeof path, "state/%s/sessions/000001-undated-"
			"lying-towel-left/session.json", wearers[i]);
		text = temp_read(temp_path(path), NULL);
		assert_non_null(text);
		assert_non_null(strstr(text, "\"recovered\""));
		free(text);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_to_be_done_is_said_once),
		TEST(after_an_hour_nothing_goes_on_unaccepted),
		TEST(what_is_accepted_is_noticed_without_a_movement),
		TEST(sessions_of_every_wearer_are_recovered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
