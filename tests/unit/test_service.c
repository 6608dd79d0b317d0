/*
 * stretchd as a service manager sees it: the built program, run by a user without
 * rights, and the datagrams that it sends to NOTIFY_SOCKET. What is expected follows
 * from sd_notify(3) and from what stretchd promises; waits end with the word that is
 * waited for, and fail after LIMIT_S.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/temp_files.h"

#define LIMIT_S 30
#define NOBODY 65534
#define WORDS 8
#define WORDS_HEARD 100 /* five a second at most */

static struct {
	int socket, program;
	pid_t child;
	const char *control; /* "control=", no socket, unless a test says where */
	char folder[PATH_MAX], state_dir[PATH_MAX + 16], said[PATH_MAX];
	char heard[1 << 16]; /* all datagrams, a line each */
} rig;

/* A name without a number in /dev and /sys: no such bus on any machine. */
#define NO_BUS "sensor=i2c:none-such"

static int begin(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval limit = { .tv_sec = LIMIT_S };
	const char *build = getenv("STRETCH_BUILD");
	char path[PATH_MAX];

	(void)state;
	temp_make();
	memset(&rig, 0, sizeof rig);
	rig.control = "control=";
	strcpy(rig.folder, temp_path("."));
	snprintf(rig.said, sizeof rig.said, "%s", temp_path("said"));
	snprintf(rig.state_dir, sizeof rig.state_dir, "%s/state", rig.folder);
	assert_true(snprintf(address.sun_path, sizeof address.sun_path, "%s",
		temp_path("notify")) < (int)sizeof address.sun_path);
	rig.socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(rig.socket >= 0);
	assert_int_equal(bind(rig.socket, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(setsockopt(rig.socket, SOL_SOCKET, SO_RCVTIMEO, &limit,
		sizeof limit), 0);
	/* the user without rights needs both */
	assert_int_equal(chmod(rig.folder, 0777), 0);
	assert_int_equal(chmod(address.sun_path, 0777), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	setenv("WATCHDOG_USEC", "400000", 1);
	snprintf(path, sizeof path, "%s/stretchd", build && *build ? build : "build");
	rig.program = open(path, O_PATH | O_CLOEXEC);
	assert_true(rig.program >= 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	if (rig.child > 0) {
		kill(rig.child, SIGKILL);
		waitpid(rig.child, NULL, 0);
	}
	close(rig.socket);
	close(rig.program);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	temp_remove();
	return 0;
}

/* The words after "stretchd", NULL ends them; by descriptor, as the path may be shut. */
static pid_t start(const char *const words[], uid_t user)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char *argv[WORDS + 2] = { strdup("stretchd") };

		for (int i = 0; words[i] != NULL && i < WORDS; i++)
			argv[i + 1] = strdup(words[i]);
		if (freopen(rig.said, "a", stderr) == NULL)
			_exit(127);
		if (geteuid() == 0 && user != 0 && (setgid(user) != 0 || setuid(user) != 0))
			_exit(127);
		fexecve(rig.program, argv, environ);
		perror("fexecve");
		_exit(127);
	}
	return child;
}

static void start_rig(const char *sensor)
{
	const char *words[] = { sensor, rig.state_dir, "volatile=yes", "reps=1",
		"hold_s=5", rig.control, NULL };
	char state_dir[PATH_MAX + 32];

	/* opened for all: the user that runs it is not the one that reads it */
	assert_true(close(open(rig.said, O_CREAT | O_WRONLY | O_CLOEXEC, 0666)) == 0);
	assert_int_equal(chmod(rig.said, 0666), 0);
	snprintf(state_dir, sizeof state_dir, "state_dir=%s", rig.state_dir);
	words[1] = state_dir;
	rig.child = start(words, NOBODY);
}

/* Reads datagrams until one has the words. */
static void await(const char *words)
{
	char text[4096];

	for (int i = 0; i < WORDS_HEARD; i++) {
		size_t used = strlen(rig.heard);
		ssize_t length = recv(rig.socket, text, sizeof text - 1, 0);

		if (length <= 0)
			fail_msg("\"%s\" never came, but:\n%s", words, rig.heard);
		text[length] = '\0';
		snprintf(rig.heard + used, sizeof rig.heard - used, "%s\n", text);
		if (strstr(text, words) != NULL)
			return;
	}
	fail_msg("\"%s\" did not come in time, but:\n%s", words, rig.heard);
}

static int finish(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int finish_rig(void)
{
	pid_t child = rig.child;

	rig.child = 0;
	return finish(child);
}

static void expect_said(const char *words)
{
	size_t size;
	char *text = temp_read(rig.said, &size);

	assert_non_null(text);
	if (strstr(text, words) == NULL)
		fail_msg("\"%s\" was not said, but:\n%s", words, text);
	free(text);
}

#if STRETCH_SYSTEMD
static void without_a_sensor_it_is_up_and_waits(void **state)
{
	(void)state;
	rig.control = "control=/nowhere/control"; /* it goes on without */
	start_rig(NO_BUS);
	await("READY=1");
	assert_non_null(strstr(rig.heard, "STATUS=no socket; fault, waiting"));
	await("WATCHDOG=1");
	await("WATCHDOG=1");
	kill(rig.child, SIGTERM);
	await("STOPPING=1");
	assert_int_equal(finish_rig(), 0);
	expect_said("no sensor: ");
	expect_said("/nowhere/control: cannot listen for stretchctl: ");
	expect_said("ends: 0 sessions, 0 kept; 0 samples");
	expect_said("log: ");
}

static void a_session_is_told_step_by_step(void **state)
{
	(void)state;
	start_rig("sensor=simulate:lying-towel");
	await("READY=1");
	assert_non_null(strstr(rig.heard, "STATUS=lying-towel, left: "));
	await("WATCHDOG=1");
	kill(rig.child, SIGTERM);
	await("STOPPING=1");
	assert_int_equal(finish_rig(), 0);
}

/* The sign of life comes out of the loop: a program that stands still gives none. */
static void a_stopped_process_gives_no_sign_of_life(void **state)
{
	const struct timeval second = { .tv_sec = 1 };
	char text[4096];
	int status, late = 0;

	(void)state;
	start_rig(NO_BUS);
	await("WATCHDOG=1");
	kill(rig.child, SIGSTOP);
	assert_int_equal(waitpid(rig.child, &status, WUNTRACED), rig.child);
	assert_true(WIFSTOPPED(status));
	while (recv(rig.socket, text, sizeof text, MSG_DONTWAIT) > 0)
		; /* sent before it stood */
	setsockopt(rig.socket, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
	while (recv(rig.socket, text, sizeof text, 0) > 0)
		late++;
	assert_int_equal(late, 0);
}
#endif

static void a_second_one_is_refused(void **state)
{
	char state_dir[PATH_MAX + 32];
	const char *words[] = { NO_BUS, state_dir, "volatile=yes", NULL };
	char lock[PATH_MAX + 64];
	struct stat info;

	(void)state;
	start_rig(NO_BUS);
	snprintf(lock, sizeof lock, "%s/stretchd.lock", rig.state_dir);
	/* It is made, then locked, then its process is written into it. */
	for (int i = 0; i < 100 * LIMIT_S && (stat(lock, &info) < 0 || info.st_size == 0); i++)
		usleep(10000);
	assert_int_equal(stat(lock, &info), 0);
	assert_true(info.st_size > 0);
	snprintf(state_dir, sizeof state_dir, "state_dir=%s", rig.state_dir);
	assert_int_equal(finish(start(words, NOBODY)), 3);
	expect_said("another stretchd");
	kill(rig.child, SIGTERM);
	assert_int_equal(finish_rig(), 0);
}

static void at_the_terminal_no_sensor_ends_it(void **state)
{
	char state_dir[PATH_MAX + 32];
	const char *words[] = { NO_BUS, state_dir, "volatile=yes", "--foreground", NULL };

	(void)state;
	snprintf(state_dir, sizeof state_dir, "state_dir=%s", rig.state_dir);
	assert_int_equal(finish(start(words, NOBODY)), 3);
}

static void root_is_refused(void **state)
{
	char state_dir[PATH_MAX + 32];
	const char *words[] = { NO_BUS, state_dir, NULL };

	(void)state;
	if (geteuid() != 0) {
		print_message("# only root can try to run it as root\n");
		skip();
	}
	snprintf(state_dir, sizeof state_dir, "state_dir=%s", rig.state_dir);
	assert_int_equal(finish(start(words, 0)), 2);
	expect_said("as root");
	assert_false(temp_exists(rig.state_dir));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
#if STRETCH_SYSTEMD
		TEST(without_a_sensor_it_is_up_and_waits),
		TEST(a_session_is_told_step_by_step),
		TEST(a_stopped_process_gives_no_sign_of_life),
#endif
		TEST(a_second_one_is_refused),
		TEST(at_the_terminal_no_sensor_ends_it),
		TEST(root_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
