/*
 * GPIO lines through libgpiod 2.x. Compiled instead of lines_gpiod1.c where
 * pkg-config finds version 2 or later.
 *
 * In this API a request stands by itself; the chip's handle is closed at once.
 */
#include "lines_backend.h"

#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>

struct backend_chip {
	struct gpiod_chip *chip;
	struct gpiod_chip_info *info;
};

struct backend_request {
	struct gpiod_line_request *request;
	struct gpiod_edge_event_buffer *event; /* NULL: no edges */
	unsigned int offset;
};

static int last_error(void)
{
	return errno != 0 ? -errno : -EIO;
}

int backend_chip_open(struct backend_chip **chip, const char *path)
{
	struct backend_chip *opened = calloc(1, sizeof(*opened));
	int error;

	if (opened == NULL)
		return -ENOMEM;
	errno = 0;
	opened->chip = gpiod_chip_open(path);
	if (opened->chip != NULL)
		opened->info = gpiod_chip_get_info(opened->chip);
	if (opened->info != NULL) {
		*chip = opened;
		return 0;
	}
	error = last_error();
	if (opened->chip != NULL)
		gpiod_chip_close(opened->chip);
	free(opened);
	return error;
}

void backend_chip_close(struct backend_chip *chip)
{
	gpiod_chip_info_free(chip->info);
	gpiod_chip_close(chip->chip);
	free(chip);
}

void backend_chip_label(struct backend_chip *chip, char label[LINES_LABEL_MAX])
{
	snprintf(label, LINES_LABEL_MAX, "%s", gpiod_chip_info_get_label(chip->info));
}

unsigned int backend_chip_lines(struct backend_chip *chip)
{
	return (unsigned int)gpiod_chip_info_get_num_lines(chip->info);
}

int backend_line_info(struct backend_chip *chip, unsigned int offset,
	struct backend_line *line)
{
	struct gpiod_line_info *info;
	const char *name, *consumer;

	errno = 0;
	info = gpiod_chip_get_line_info(chip->chip, offset);
	if (info == NULL)
		return last_error();
	name = gpiod_line_info_get_name(info);
	consumer = gpiod_line_info_get_consumer(info);
	line->used = gpiod_line_info_is_used(info);
	snprintf(line->name, sizeof(line->name), "%s", name ? name : "");
	snprintf(line->consumer, sizeof(line->consumer), "%s",
		consumer ? consumer : "");
	gpiod_line_info_free(info);
	return 0;
}

/* One line with these settings; NULL with errno set. */
static struct gpiod_line_request *take(struct gpiod_chip *chip, unsigned int offset,
	struct gpiod_line_settings *settings, const char *consumer)
{
	struct gpiod_request_config *config = gpiod_request_config_new();
	struct gpiod_line_config *lines = gpiod_line_config_new();
	struct gpiod_line_request *request = NULL;
	int error;

	if (config != NULL && lines != NULL &&
		gpiod_line_config_add_line_settings(lines, &offset, 1, settings) == 0) {
		gpiod_request_config_set_consumer(config, consumer);
		request = gpiod_chip_request_lines(chip, config, lines);
	}
	error = errno;
	gpiod_line_config_free(lines);
	gpiod_request_config_free(config);
	errno = error;
	return request;
}

/* With edges and a pull; then without edges; then as a bare input. */
static struct gpiod_line_request *take_button(struct gpiod_chip *chip,
	unsigned int offset, struct gpiod_line_settings *settings, bool active_low,
	const char *consumer, bool *edges)
{
	struct gpiod_line_request *request;

	gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
	gpiod_line_settings_set_bias(settings, active_low ? GPIOD_LINE_BIAS_PULL_UP :
		GPIOD_LINE_BIAS_PULL_DOWN);
	gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
	*edges = true;
	request = take(chip, offset, settings, consumer);
	if (request != NULL || errno == EBUSY || errno == EPERM)
		return request;
	*edges = false;
	gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_NONE);
	request = take(chip, offset, settings, consumer);
	if (request != NULL || errno == EBUSY || errno == EPERM)
		return request;
	gpiod_line_settings_set_bias(settings, GPIOD_LINE_BIAS_AS_IS);
	return take(chip, offset, settings, consumer);
}

static struct gpiod_line_request *take_pulses(struct gpiod_chip *chip,
	unsigned int offset, struct gpiod_line_settings *settings,
	const char *consumer)
{
	gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
	gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_RISING);
	return take(chip, offset, settings, consumer);
}

static struct gpiod_line_request *take_output(struct gpiod_chip *chip,
	unsigned int offset, struct gpiod_line_settings *settings,
	const char *consumer)
{
	gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
	gpiod_line_settings_set_output_value(settings, GPIOD_LINE_VALUE_INACTIVE);
	return take(chip, offset, settings, consumer);
}

int backend_request(struct backend_request **request, const char *path,
	unsigned int offset, enum line_direction direction, bool active_low,
	const char *consumer)
{
	struct backend_request *taken = calloc(1, sizeof(*taken));
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_chip *chip = NULL;
	bool edges = direction == LINE_PULSES;
	int error = 0;

	if (taken == NULL || settings == NULL) {
		error = -ENOMEM;
		goto done;
	}
	errno = 0;
	chip = gpiod_chip_open(path);
	if (chip == NULL) {
		error = last_error();
		goto done;
	}
	taken->offset = offset;
	gpiod_line_settings_set_active_low(settings, active_low);
	if (direction == LINE_BUTTON)
		taken->request = take_button(chip, offset, settings, active_low,
			consumer, &edges);
	else if (direction == LINE_PULSES)
		taken->request = take_pulses(chip, offset, settings, consumer);
	else
		taken->request = take_output(chip, offset, settings, consumer);
	if (taken->request == NULL) {
		error = last_error();
		goto done;
	}
	if (edges)
		taken->event = gpiod_edge_event_buffer_new(1);
	if (edges && taken->event == NULL) {
		error = -ENOMEM;
		gpiod_line_request_release(taken->request);
	}

done:
	if (chip != NULL)
		gpiod_chip_close(chip);
	gpiod_line_settings_free(settings);
	if (error != 0)
		free(taken);
	else
		*request = taken;
	return error;
}

int backend_set(struct backend_request *request, bool on)
{
	errno = 0;
	return gpiod_line_request_set_value(request->request, request->offset,
		on ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE) == 0 ? 0 :
		last_error();
}

int backend_get(struct backend_request *request)
{
	enum gpiod_line_value value;

	errno = 0;
	value = gpiod_line_request_get_value(request->request, request->offset);
	if (value == GPIOD_LINE_VALUE_ERROR)
		return last_error();
	return value == GPIOD_LINE_VALUE_ACTIVE;
}

int backend_fd(struct backend_request *request)
{
	return request->event ? gpiod_line_request_get_fd(request->request) : -1;
}

int backend_edge(struct backend_request *request, int64_t *t_ns)
{
	struct gpiod_edge_event *event;

	errno = 0;
	if (gpiod_line_request_read_edge_events(request->request, request->event,
			1) != 1)
		return last_error();
	event = gpiod_edge_event_buffer_get_event(request->event, 0);
	if (event == NULL)
		return last_error();
	*t_ns = (int64_t)gpiod_edge_event_get_timestamp_ns(event);
	return 1;
}

void backend_release(struct backend_request *request)
{
	gpiod_line_request_release(request->request);
	gpiod_edge_event_buffer_free(request->event);
	free(request);
}

const char *lines_library(void)
{
	static char text[32]; /* the same each time */

	snprintf(text, sizeof text, "%.16s (API 2)", gpiod_api_version());
	return text;
}
