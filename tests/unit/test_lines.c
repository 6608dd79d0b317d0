/*
 * GPIO lines without hardware: a stand-in for the back end of lines.c. (The
 * functions below replace lines_gpiod*.c and lines_scan.c when this is linked.)
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "linux/lines_backend.h"

#define FAKE_LINES 4

/* ---- two chips, GPIO17 on one, TWIN on both -------------------------------- */

struct backend_chip {
	const char *label;
	const char *names[FAKE_LINES];
	int open_error;
};

struct backend_request {
	int chip;
	unsigned int offset;
	bool taken, output, active_low;
};

static struct backend_chip chips[2];
static size_t chip_count;
static struct backend_request requests[2][FAKE_LINES];
static bool on[2][FAKE_LINES];     /* logical */
static int take_error[2][FAKE_LINES];
static char holder[LINES_LABEL_MAX];
static int open_chips, taken_lines;
static char history[256]; /* "0.1+" line 1 of chip 0 on; "-" off; "r" released */
static int edge_fd;       /* -1: the chip has no interrupts */

static void note(int chip, unsigned int offset, char what)
{
	size_t used = strlen(history);

	snprintf(history + used, sizeof(history) - used, "%d.%u%c ", chip, offset, what);
}

size_t backend_chip_paths(char paths[BACKEND_CHIPS_MAX][BACKEND_PATH_MAX])
{
	for (size_t i = 0; i < chip_count; i++)
		snprintf(paths[i], BACKEND_PATH_MAX, "/dev/null/gpiochip%zu", i);
	return chip_count;
}

static int chip_of(const char *path)
{
	return path[strlen(path) - 1] - '0';
}

int backend_chip_open(struct backend_chip **chip, const char *path)
{
	struct backend_chip *opened = &chips[chip_of(path)];

	if (opened->open_error != 0)
		return opened->open_error;
	open_chips++;
	*chip = opened;
	return 0;
}

void backend_chip_close(struct backend_chip *chip)
{
	(void)chip;
	open_chips--;
}

void backend_chip_label(struct backend_chip *chip, char label[LINES_LABEL_MAX])
{
	snprintf(label, LINES_LABEL_MAX, "%s", chip->label);
}

unsigned int backend_chip_lines(struct backend_chip *chip)
{
	(void)chip;
	return FAKE_LINES;
}

int backend_line_info(struct backend_chip *chip, unsigned int offset,
	struct backend_line *line)
{
	const char *name = chip->names[offset];

	*line = (struct backend_line){ .used = holder[0] != '\0' };
	snprintf(line->name, sizeof(line->name), "%s", name ? name : "");
	snprintf(line->consumer, sizeof(line->consumer), "%s", holder);
	return 0;
}

int backend_request(struct backend_request **request, const char *path,
	unsigned int offset, enum line_direction direction, bool active_low,
	const char *consumer)
{
	int chip = chip_of(path);
	struct backend_request *taken = &requests[chip][offset];

	assert_string_equal(consumer, "test");
	assert_true(offset < FAKE_LINES);
	if (take_error[chip][offset] != 0)
		return take_error[chip][offset];
	assert_false(taken->taken);
	*taken = (struct backend_request){ .chip = chip, .offset = offset,
		.taken = true, .output = direction == LINE_OUTPUT,
		.active_low = active_low };
	if (taken->output)
		on[chip][offset] = false;
	taken_lines++;
	*request = taken;
	return 0;
}

int backend_set(struct backend_request *request, bool value)
{
	assert_true(request->taken && request->output);
	on[request->chip][request->offset] = value;
	note(request->chip, request->offset, value ? '+' : '-');
	return 0;
}

int backend_get(struct backend_request *request)
{
	assert_true(request->taken);
	return on[request->chip][request->offset];
}

int backend_fd(struct backend_request *request)
{
	(void)request;
	return edge_fd;
}

/* Each wake-up of the descriptor is one edge. */
int backend_edge(struct backend_request *request, int64_t *t_ns)
{
	uint64_t count;

	(void)request;
	assert_int_equal(read(edge_fd, &count, sizeof(count)), sizeof(count));
	*t_ns = 12345;
	return 1;
}

void backend_release(struct backend_request *request)
{
	assert_true(request->taken);
	request->taken = false;
	note(request->chip, request->offset, 'r');
	taken_lines--;
}

static int reset(void **state)
{
	(void)state;
	memset(requests, 0, sizeof(requests));
	memset(on, 0, sizeof(on));
	memset(take_error, 0, sizeof(take_error));
	holder[0] = '\0';
	history[0] = '\0';
	open_chips = 0;
	taken_lines = 0;
	chip_count = 2;
	edge_fd = -1;
	chips[0] = (struct backend_chip){ .label = "soc",
		.names = { "GPIO16", "GPIO17", "TWIN", NULL } };
	chips[1] = (struct backend_chip){ .label = "expander",
		.names = { "P0", "TWIN", NULL, NULL } };
	return 0;
}

/* ---- the tests ------------------------------------------------------------- */

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
	assert_int_equal(open_chips, 0);
	assert_int_equal(taken_lines, 0);
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
	assert_true(requests[0][1].taken && requests[0][1].active_low);
	assert_true(requests[1][3].taken && !requests[1][3].active_low);
	assert_int_equal(lines_set(lines, 0, true), 0);
	assert_int_equal(lines_set(lines, 1, true), 0);
	assert_int_equal(lines_get(lines, 0), 1);
	assert_int_equal(lines_set(lines, 2, true), -EINVAL);
	assert_int_equal(lines_button_fd(lines), -1);
	lines_close(lines);
	/* dark before the first is released */
	assert_string_equal(history, "0.1+ 1.3+ 0.1- 1.3- 0.1r 1.3r ");
	assert_int_equal(open_chips, 0);
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
	take_error[0][1] = -EBUSY;
	snprintf(holder, sizeof(holder), "spi0 CS1");
	fails("GPIO17", -EBUSY, "line \"GPIO17\": busy, used by \"spi0 CS1\". Stop that, "
		"or use another line");
	take_error[0][1] = -EIO;
	fails("GPIO17", -EIO, "line \"GPIO17\": cannot be taken: Input/output error. "
		"gpioinfo shows how it is used");
	chips[1].label = "soc";
	fails("soc:1", -ENOTUNIQ, "line \"soc:1\": ambiguous: soc:1, soc:1. Write its "
		"line name");
	chip_count = 0;
	fails("GPIO17", -ENODEV, "line \"GPIO17\": this machine has no GPIO chip (no "
		"/dev/gpiochip*). Load its driver, or write led_mode = none");
}

static void no_rights(void **state)
{
	struct problem problem;
	struct lines *lines = NULL;

	(void)state;
	chips[1].open_error = -EACCES;
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
	take_error[0][1] = -EBUSY;
	assert_int_equal(lines_open(&lines, busy, 2, "test", &problem), -EBUSY);
	assert_int_equal(taken_lines, 0);
	assert_string_equal(history, "0.0- 0.0r ");
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
		assert_int_equal(write(edge_fd, &one, sizeof(one)), sizeof(one));
}

static void button_with_edges(void **state)
{
	struct lines *lines;
	struct line_edge edge;

	(void)state;
	edge_fd = eventfd(0, EFD_SEMAPHORE);
	lines = open_button();
	assert_int_equal(lines_button_read(lines, &edge), 0);
	on[0][1] = true; /* pressed; five bounces come as one press */
	bounce(5);
	assert_int_equal(wait_button(lines, &edge, 50), 1);
	assert_true(edge.pressed);
	assert_int_equal(edge.t_ns, 12345);
	assert_int_equal(lines_button_read(lines, &edge), 0);
	bounce(4); /* a crackle that ends as it began is nothing */
	assert_int_equal(wait_button(lines, &edge, 2), 0);
	on[0][1] = false;
	bounce(1);
	assert_int_equal(wait_button(lines, &edge, 50), 1);
	assert_false(edge.pressed);
	lines_close(lines);
	assert_string_equal(history, "0.1r "); /* an input is never written */
	close(edge_fd);
}

static void button_without_interrupts(void **state)
{
	struct lines *lines = open_button();
	struct timespec now;
	struct line_edge edge;

	(void)state;
	assert_int_equal(wait_button(lines, &edge, 3), 0);
	on[0][1] = true;
	assert_int_equal(wait_button(lines, &edge, 1), 0); /* seen once */
	on[0][1] = false;
	assert_int_equal(wait_button(lines, &edge, 3), 0); /* and gone: a bounce */
	on[0][1] = true;
	assert_int_equal(wait_button(lines, &edge, 3), 1); /* seen twice */
	assert_true(edge.pressed);
	clock_gettime(CLOCK_MONOTONIC, &now);
	assert_true(edge.t_ns > 0 &&
		edge.t_ns <= now.tv_sec * INT64_C(1000000000) + now.tv_nsec);
	on[0][1] = false;
	assert_int_equal(wait_button(lines, &edge, 3), 1);
	assert_false(edge.pressed);
	lines_close(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_split),
		cmocka_unit_test_setup(lines_are_found_and_set, reset),
		cmocka_unit_test_setup(plain_words_for_every_failure, reset),
		cmocka_unit_test_setup(no_rights, reset),
		cmocka_unit_test_setup(all_or_nothing, reset),
		cmocka_unit_test_setup(button_with_edges, reset),
		cmocka_unit_test_setup(button_without_interrupts, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
