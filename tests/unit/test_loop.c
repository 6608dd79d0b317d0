/*
 * The loop itself: descriptors, signals, events for the next sample; and what a press
 * of the button is. The clock is the system's where waiting is what is tried out.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/loop.h"
#include "linux/press.h"

static struct loop loop;
static struct source source;
static int pipe_fd[2];
static int taken, presses, limit;
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

static bool take(void *context, const struct sample *sample)
{
	(void)context;
	taken++;
	presses += sample->event.kind == EVENT_PRESS;
	return taken < limit;
}

static bool until_signal(void *context, int64_t now_us)
{
	(void)context;
	(void)now_us;
	return caught == 0;
}

static void on_pipe(void *context)
{
	struct event event = { .kind = EVENT_PRESS };
	char byte;

	(void)context;
	assert_int_equal(read(pipe_fd[0], &byte, 1), 1);
	loop_event(&loop, &event);
}

/* A recording of a second at 100 Hz, one event in it. */
static void open_recording(double speed)
{
	struct settings set;
	struct problem problem;
	char text[16384] = "t_s,thigh_acc_x_m_s2,thigh_acc_y_m_s2,thigh_acc_z_m_s2,"
			   "thigh_gyr_x_rad_s,thigh_gyr_y_rad_s,thigh_gyr_z_rad_s,event\n";

	for (int i = 0; i < 100; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
			"%d.%02d,0,9.8,0,0,0,0,%s\n", 5 + i / 100, i % 100,
			i == 1 ? "next" : "");
	settings_default(&set);
	snprintf(set.sensor, sizeof set.sensor, "replay:%s",
		temp_write_text("raw.csv", text));
	set.speed = speed;
	assert_int_equal(source_open(&source, &set, &problem), 0);
}

static int set_up(void **state)
{
	(void)state;
	temp_make();
	loop_init(&loop, &loop_clock_system);
	loop.sample = take;
	taken = presses = 0;
	limit = 1000;
	caught = 0;
	assert_int_equal(pipe(pipe_fd), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	source_close(&source);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	temp_remove();
	return 0;
}

/* All samples, none before its time; what waits in a descriptor becomes an event. */
static void test_plays(void **state)
{
	struct problem problem;
	int64_t start_us = loop_clock_system.now_us(NULL);

	(void)state;
	open_recording(5.0);
	assert_true(loop_watch(&loop, -1, on_pipe, NULL));
	assert_true(loop_watch(&loop, pipe_fd[0], on_pipe, NULL));
	assert_int_equal(write(pipe_fd[1], "ab", 2), 2);
	assert_int_equal(loop_run(&loop, &source, &problem), 0);
	assert_int_equal(taken, 100);
	assert_int_equal(presses, 2);
	/* 0.99 s five times as fast; how late it may be depends on the machine. */
	assert_true(loop_clock_system.now_us(NULL) - start_us >= 198000);
	assert_in_range(loop.wakeups, 1, 102);
}

static void test_enough(void **state)
{
	struct problem problem;

	(void)state;
	open_recording(1000.0);
	limit = 7;
	assert_int_equal(loop_run(&loop, &source, &problem), 1);
	assert_int_equal(taken, 7);
	limit = 1000;
	assert_int_equal(loop_run(&loop, &source, &problem), 0);
	assert_int_equal(taken, 100);
}

/* A signal that came while nobody waited ends the next wait; held back till then. */
static void test_signal(void **state)
{
	static const int signals[] = { SIGUSR1 };
	struct sigaction action = { .sa_handler = on_signal }, before;
	struct problem problem;

	(void)state;
	sigaction(SIGUSR1, &action, &before);
	open_recording(1.0);
	loop.round = until_signal;
	loop_hold_signals(&loop, signals, 1);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_int_equal(caught, 0);
	assert_int_equal(loop_run(&loop, &source, &problem), 1);
	assert_int_equal(caught, SIGUSR1);
	assert_true(taken < 100);
	sigaction(SIGUSR1, &before, NULL);
	pthread_sigmask(SIG_SETMASK, &loop.mask, NULL);
}

/* Eight wait, the ninth is lost and counted; one a sample, never over another one. */
static void test_events(void **state)
{
	struct event event = { .kind = EVENT_PRESS };
	struct problem problem;

	(void)state;
	open_recording(1000.0);
	for (int i = 0; i < LOOP_EVENTS + 1; i++)
		loop_event(&loop, &event);
	assert_int_equal(loop.events_lost, 1);
	limit = 9; /* the second sample has its own event */
	assert_int_equal(loop_run(&loop, &source, &problem), 1);
	assert_int_equal(presses, 8);
	assert_int_equal(loop.events, 0);
}

static void test_watches(void **state)
{
	(void)state;
	for (int i = 0; i < LOOP_WATCHES; i++)
		assert_true(loop_watch(&loop, 100 + i, on_pipe, NULL));
	assert_false(loop_watch(&loop, 99, on_pipe, NULL));
	loop_unwatch(&loop, 103);
	assert_true(loop_watch(&loop, 99, on_pipe, NULL));
}

static enum event_kind edge(struct press *press, bool down, int64_t ms, bool in_hold)
{
	struct line_edge e = { .t_ns = ms * 1000000, .pressed = down };

	return press_edge(press, &e, in_hold);
}

static void test_press(void **state)
{
	struct press press = { .down = false };

	(void)state;
	/* Short, then long: told when it comes up. */
	assert_int_equal(edge(&press, true, 0, false), EVENT_NONE);
	assert_int_equal(edge(&press, false, 300, false), EVENT_PRESS);
	assert_int_equal(edge(&press, true, 1000, false), EVENT_NONE);
	assert_int_equal(edge(&press, false, 2000, false), EVENT_REFERENCE);
	/* In a hold at once, and only once, however long it is held. */
	assert_int_equal(edge(&press, true, 3000, true), EVENT_PRESS);
	assert_int_equal(edge(&press, false, 9000, false), EVENT_NONE);
	/* Up without down: the button was held when the program began. */
	assert_int_equal(edge(&press, false, 9500, false), EVENT_NONE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_plays),
		TEST(test_enough),
		TEST(test_signal),
		TEST(test_events),
		TEST(test_watches),
		TEST(test_press),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
