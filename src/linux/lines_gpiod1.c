/*
 * GPIO lines through libgpiod 1.x. Compiled instead of lines_gpiod2.c where
 * pkg-config finds a version below 2.
 *
 * In this API a line belongs to its chip's handle: closing the chip releases the
 * line. Each request therefore keeps a chip open for itself.
 */
#include "lines_backend.h"

#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>

#define NS_PER_S INT64_C(1000000000)

struct backend_chip {
	struct gpiod_chip *chip;
};

struct backend_request {
	struct gpiod_chip *chip;
	struct gpiod_line *line;
	bool edges;
};

/* Some paths of the library fail without an errno. */
static int last_error(void)
{
	return errno != 0 ? -errno : -EIO;
}

int backend_chip_open(struct backend_chip **chip, const char *path)
{
	struct backend_chip *opened = malloc(sizeof(*opened));

	if (opened == NULL)
		return -ENOMEM;
	errno = 0;
	opened->chip = gpiod_chip_open(path);
	if (opened->chip == NULL) {
		int error = last_error();

		free(opened);
		return error;
	}
	*chip = opened;
	return 0;
}

void backend_chip_close(struct backend_chip *chip)
{
	gpiod_chip_close(chip->chip);
	free(chip);
}

void backend_chip_label(struct backend_chip *chip, char label[LINES_LABEL_MAX])
{
	snprintf(label, LINES_LABEL_MAX, "%s", gpiod_chip_label(chip->chip));
}

unsigned int backend_chip_lines(struct backend_chip *chip)
{
	return gpiod_chip_num_lines(chip->chip);
}

int backend_line_info(struct backend_chip *chip, unsigned int offset,
	struct backend_line *line)
{
	struct gpiod_line *found;
	const char *name, *consumer;

	errno = 0;
	found = gpiod_chip_get_line(chip->chip, offset);
	if (found == NULL)
		return last_error();
	name = gpiod_line_name(found);
	consumer = gpiod_line_consumer(found);
	line->used = gpiod_line_is_used(found);
	snprintf(line->name, sizeof(line->name), "%s", name ? name : "");
	snprintf(line->consumer, sizeof(line->consumer), "%s",
		consumer ? consumer : "");
	return 0;
}

static int take_button(struct backend_request *request, bool active_low,
	const char *consumer)
{
	int pull = active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW |
		GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP :
		GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
	int plain = active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;

	request->edges = true;
	if (gpiod_line_request_both_edges_events_flags(request->line, consumer,
			pull) == 0)
		return 0;
	if (errno == EBUSY || errno == EPERM)
		return -1;
	request->edges = false;
	if (gpiod_line_request_input_flags(request->line, consumer, pull) == 0)
		return 0;
	if (errno == EBUSY || errno == EPERM)
		return -1;
	return gpiod_line_request_input_flags(request->line, consumer, plain);
}

int backend_request(struct backend_request **request, const char *path,
	unsigned int offset, enum line_direction direction, bool active_low,
	const char *consumer)
{
	struct backend_request *taken = calloc(1, sizeof(*taken));
	int flags = active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
	int result, error;

	if (taken == NULL)
		return -ENOMEM;
	errno = 0;
	taken->chip = gpiod_chip_open(path);
	if (taken->chip == NULL)
		goto fail;
	taken->line = gpiod_chip_get_line(taken->chip, offset);
	if (taken->line == NULL)
		goto fail;
	taken->edges = direction == LINE_PULSES;
	if (direction == LINE_BUTTON)
		result = take_button(taken, active_low, consumer);
	else if (direction == LINE_PULSES)
		result = gpiod_line_request_rising_edge_events_flags(taken->line,
			consumer, flags);
	else
		result = gpiod_line_request_output_flags(taken->line, consumer,
			flags, 0);
	if (result != 0)
		goto fail;
	*request = taken;
	return 0;

fail:
	error = last_error();
	if (taken->chip != NULL)
		gpiod_chip_close(taken->chip);
	free(taken);
	return error;
}

int backend_set(struct backend_request *request, bool on)
{
	errno = 0;
	return gpiod_line_set_value(request->line, on) == 0 ? 0 : last_error();
}

int backend_get(struct backend_request *request)
{
	int value;

	errno = 0;
	value = gpiod_line_get_value(request->line);
	return value >= 0 ? value : last_error();
}

int backend_fd(struct backend_request *request)
{
	return request->edges ? gpiod_line_event_get_fd(request->line) : -1;
}

int backend_edge(struct backend_request *request, int64_t *t_ns)
{
	struct gpiod_line_event event;

	errno = 0;
	if (gpiod_line_event_read(request->line, &event) != 0)
		return last_error();
	*t_ns = event.ts.tv_sec * NS_PER_S + event.ts.tv_nsec;
	return 1;
}

void backend_release(struct backend_request *request)
{
	gpiod_line_release(request->line);
	gpiod_chip_close(request->chip);
	free(request);
}

const char *lines_library(void)
{
	static char text[32]; /* the same each time */

	snprintf(text, sizeof text, "%.16s (API 1)", gpiod_version_string());
	return text;
}
