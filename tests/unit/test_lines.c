/* Lines by name, what is said when they cannot be had, the button's bounce. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/fake_gpio.h"

static int open_one(struct lines **lines, const char *name, struct problem *problem)
{
	const struct line_request request = { .name = name };

	return lines_open(lines, &request, 1, "test", problem);
}

/* Opening that name fails so, and nothing stays open. */
static void fails(const char *name, int error, const char *text)
{
	struct problem problem;
	struct lines *lines = NULL;

	assert_int_equal(open_one(&lines, name, &problem), error);
	assert_string_equal(problem.text, text);
	assert_null(lines);
	assert_int_equal(fake_gpio.open_chips, 0);
	assert_int_equal(fake_gpio.taken_lines, 0);
}

static void names_are_split(void **state)
{
	char label[LINES_LABEL_MAX];
	unsigned int offset = 99;

	(void)state;
	assert_int_equal(lines_name_split("GPIO17", label, &offset), 0);
	assert_int_equal(offset, 99);
	assert_int_equal(lines_name_split("pinctrl-bcm2835:17", label, &offset), 1);
	assert_string_equal(label, "pinctrl-bcm2835");
	assert_int_equal(offset, 17);
	assert_int_equal(lines_name_split("1-0020:a:3", label, &offset), 1);
	assert_string_equal(label, "1-0020:a");
	assert_int_equal(offset, 3);
	assert_int_equal(lines_name_split("", label, &offset), -EINVAL);
	assert_int_equal(lines_name_split("soc:", label, &offset), -EINVAL);
	assert_int_equal(lines_name_split(":1", label, &offset), -EINVAL);
	assert_int_equal(lines_name_split("soc:1x", label, &offset), -EINVAL);
	assert_int_equal(lines_name_split("soc:-1", label, &offset), -EINVAL);
	assert_int_equal(lines_name_split("soc:99999", label, &offset), -EINVAL);
	assert_int_equal(lines_name_split("gpiochip0:1", label, &offset), -EINVAL);
}

static void lines_are_found_and_set(void **state)
{
	const struct line_request asked[] = { { .name = "GPIO17", .active_low = true },
		{ .name = "expander:3" } };
	struct problem problem;
	struct lines *lines;

	(void)state;
	assert_int_equal(lines_open(&lines, asked, 2, "test", &problem), 0);
	assert_true(fake_gpio.request[0][1].taken && fake_gpio.request[0][1].active_low);
	assert_true(fake_gpio.request[1][3].taken && !fake_gpio.request[1][3].active_low);
	assert_int_equal(lines_set(lines, 0, true), 0);
	assert_int_equal(lines_set(lines, 1, true), 0);
	assert_int_equal(lines_get(lines, 0), 1);
	assert_int_equal(lines_set(lines, 2, true), -EINVAL);
	assert_int_equal(lines_button_fd(lines), -1);
	lines_close(lines);
	/* dark before the first is released */
	assert_string_equal(fake_gpio.history, "0.1+ 1.3+ 0.1- 1.3- 0.1r 1.3r ");
	assert_int_equal(fake_gpio.open_chips, 0);
}

static void plain_words_for_every_failure(void **state)
{
	(void)state;
	fails("GPIO99", -ENOENT, "line \"GPIO99\": no chip has this line. gpioinfo "
		"lists the chips and their lines");
	fails("board:1", -ENOENT, "line \"board:1\": no chip has this label. gpioinfo "
		"lists the chips and their lines");
	fails("soc:4", -ENOENT, "line \"soc:4\": the chip has fewer lines. gpioinfo "
		"lists the chips and their lines");
	fails("TWIN", -ENOTUNIQ, "line \"TWIN\": ambiguous: soc:2, expander:1. Write the "
		"one that is meant as CHIP-LABEL:OFFSET");
	fails("soc:x", -EINVAL, "line \"soc:x\": the offset after the colon is not 0 to "
		"9999. Write LINE-NAME or CHIP-LABEL:OFFSET; gpioinfo lists them");
	fails("", -EINVAL, "line \"\": the name is empty. Write LINE-NAME or "
		"CHIP-LABEL:OFFSET; gpioinfo lists them");
	fake_gpio.take_error[0][1] = -EBUSY;
	snprintf(fake_gpio.holder, sizeof(fake_gpio.holder), "spi0 CS1");
	fails("GPIO17", -EBUSY, "line \"GPIO17\": busy, used by \"spi0 CS1\". Stop that, "
		"or use another line");
	fake_gpio.take_error[0][1] = -EIO;
	fails("GPIO17", -EIO, "line \"GPIO17\": cannot be taken: Input/output error. "
		"gpioinfo shows how it is used");
	fake_gpio.chip[1].label = "soc";
	fails("soc:1", -ENOTUNIQ, "line \"soc:1\": ambiguous: soc:1, soc:1. Write its "
		"line name");
	fake_gpio.chips = 0;
	fails("GPIO17", -ENODEV, "line \"GPIO17\": this machine has no GPIO chip (no "
		"/dev/gpiochip*). Load its driver, or write led_mode = none");
}

static void no_rights(void **state)
{
	struct problem problem;
	struct lines *lines = NULL;

	(void)state;
	fake_gpio.chip[1].open_error = -EACCES;
	fails("P0", -EACCES, "/dev/null/gpiochip1: no permission; it belongs to group "
		"unknown. Add the user to group gpio and give the group the chips by the "
		"udev rule, then log in again");
	/* a chip that is not needed does not matter */
	assert_int_equal(open_one(&lines, "GPIO17", &problem), 0);
	lines_close(lines);
}

static void all_or_nothing(void **state)
{
	const struct line_request same[] = { { .name = "GPIO17" }, { .name = "soc:1" } };
	const struct line_request busy[] = { { .name = "GPIO16" }, { .name = "GPIO17" } };
	const struct line_request buttons[] = {
		{ .name = "GPIO16", .direction = LINE_BUTTON },
		{ .name = "GPIO17", .direction = LINE_BUTTON } };
	struct problem problem;
	struct lines *lines = NULL;

	(void)state;
	assert_int_equal(lines_open(&lines, same, 2, "test", &problem), -EINVAL);
	assert_string_equal(problem.text, "lines \"GPIO17\" and \"soc:1\" are one and "
		"the same. Give each use a line of its own");
	assert_int_equal(lines_open(&lines, buttons, 2, "test", &problem), -EINVAL);
	fake_gpio.take_error[0][1] = -EBUSY;
	assert_int_equal(lines_open(&lines, busy, 2, "test", &problem), -EBUSY);
	assert_int_equal(fake_gpio.taken_lines, 0);
	assert_string_equal(fake_gpio.history, "0.0- 0.0r ");
	lines_close(NULL);
}

/* Reads until something is new, or for the number of wake-ups. */
static int wait_button(struct lines *lines, struct line_edge *edge, int wakes)
{
	for (int i = 0; i < wakes; i++) {
		struct pollfd wait = { .fd = lines_button_fd(lines), .events = POLLIN };
		int got;

		if (poll(&wait, 1, 2000) != 1)
			return -ETIME;
		got = lines_button_read(lines, edge);
		if (got != 0)
			return got;
	}
	return 0;
}

static struct lines *open_button(void)
{
	const struct line_request request = { .name = "GPIO17",
		.direction = LINE_BUTTON, .active_low = true };
	struct problem problem;
	struct lines *lines = NULL;

	assert_int_equal(lines_open(&lines, &request, 1, "test", &problem), 0);
	assert_true(lines_button_fd(lines) >= 0);
	assert_int_equal(lines_set(lines, 0, true), -EINVAL); /* an input */
	return lines;
}

static void bounce(unsigned int edges)
{
	const uint64_t one = 1;

	for (unsigned int i = 0; i < edges; i++)
		assert_int_equal(write(fake_gpio.edge_fd, &one, sizeof(one)), sizeof(one));
}

static void button_with_edges(void **state)
{
	struct lines *lines;
	struct line_edge edge;

	(void)state;
	fake_gpio.edge_fd = eventfd(0, EFD_SEMAPHORE);
	lines = open_button();
	assert_int_equal(lines_button_read(lines, &edge), 0);
	fake_gpio.on[0][1] = true; /* pressed; five bounces come as one press */
	bounce(5);
	assert_int_equal(wait_button(lines, &edge, 50), 1);
	assert_true(edge.pressed);
	assert_int_equal(edge.t_ns, 12345);
	assert_int_equal(lines_button_read(lines, &edge), 0);
	bounce(4); /* a crackle that ends as it began is nothing */
	assert_int_equal(wait_button(lines, &edge, 2), 0);
	fake_gpio.on[0][1] = false;
	bounce(1);
	assert_int_equal(wait_button(lines, &edge, 50), 1);
	assert_false(edge.pressed);
	lines_close(lines);
	assert_string_equal(fake_gpio.history, "0.1r "); /* an input is never written */
	close(fake_gpio.edge_fd);
}

static void button_without_interrupts(void **state)
{
	struct lines *lines = open_button();
	struct timespec now;
	struct line_edge edge;

	(void)state;
	assert_int_equal(wait_button(lines, &edge, 3), 0);
	fake_gpio.on[0][1] = true;
	assert_int_equal(wait_button(lines, &edge, 1), 0); /* seen once */
	fake_gpio.on[0][1] = false;
	assert_int_equal(wait_button(lines, &edge, 3), 0); /* and gone: a bounce */
	fake_gpio.on[0][1] = true;
	assert_int_equal(wait_button(lines, &edge, 3), 1); /* seen twice */
	assert_true(edge.pressed);
	clock_gettime(CLOCK_MONOTONIC, &now);
	assert_true(edge.t_ns > 0 &&
		edge.t_ns <= now.tv_sec * INT64_C(1000000000) + now.tv_nsec);
	fake_gpio.on[0][1] = false;
	assert_int_equal(wait_button(lines, &edge, 3), 1);
	assert_false(edge.pressed);
	lines_close(lines);
}

/* Edges are counted and the newest one's time is told; none is waited for. */
static void pulses(void **state)
{
	const struct line_request request = { .name = "GPIO17",
		.direction = LINE_PULSES };
	struct problem problem = { "" };
	struct lines *lines = NULL;
	int64_t newest_ns = 0;

	(void)state;
	assert_int_equal(lines_open(&lines, &request, 1, "test", &problem), -ENXIO);
	assert_string_equal(problem.text, "line \"GPIO17\": gives no edges: No such "
		"device or address. Take a line of a chip with interrupts, or leave the setting "
		"blank");
	fake_gpio.edge_fd = eventfd(0, EFD_SEMAPHORE);
	assert_int_equal(lines_open(&lines, &request, 1, "test", &problem), 0);
	assert_int_equal(lines_button_fd(lines), -1);
	assert_int_equal(lines_set(lines, 0, true), -EINVAL);
	assert_int_equal(lines_pulses(lines, 0, &newest_ns), 0);
	bounce(5);
	assert_int_equal(lines_pulses(lines, 0, &newest_ns), 5);
	assert_int_equal(newest_ns, 12345);
	assert_int_equal(lines_pulses(lines, 0, &newest_ns), 0);
	assert_int_equal(lines_pulses(lines, 1, &newest_ns), -EINVAL);
	bounce(1);
	fake_gpio_pull(0);
	assert_int_equal(lines_pulses(lines, 0, &newest_ns), -ENODEV);
	lines_close(lines);
	assert_int_equal(fake_gpio.taken_lines, 0);
	close(fake_gpio.edge_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_split),
		cmocka_unit_test_setup(lines_are_found_and_set, fake_gpio_reset),
		cmocka_unit_test_setup(plain_words_for_every_failure, fake_gpio_reset),
		cmocka_unit_test_setup(no_rights, fake_gpio_reset),
		cmocka_unit_test_setup(all_or_nothing, fake_gpio_reset),
		cmocka_unit_test_setup(button_with_edges, fake_gpio_reset),
		cmocka_unit_test_setup(button_without_interrupts, fake_gpio_reset),
		cmocka_unit_test_setup(pulses, fake_gpio_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
