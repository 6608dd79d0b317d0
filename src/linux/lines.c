/*
 * Lines by name: which chip, whose they are, and plain words when it fails.
 *
 * All that depends on the version of libgpiod is behind lines_backend.h.
 */
#include "lines.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lines_backend.h"
#include "lines_button.h"
#include "number.h"
#include "stretch/setting.h"

#define PULSES_AT_ONCE 64 /* a noisy line must not hold the caller up */

struct place {
	char path[BACKEND_PATH_MAX];
	unsigned int offset;
	uint64_t node;
};

struct lines {
	size_t count;
	struct backend_request *request[LINES_MAX];
	struct place place[LINES_MAX];
	bool output[LINES_MAX];
	bool has_button;
	struct button button;
};

/* A search over all chips for one name. */
struct search {
	const char *name;
	char label[LINES_LABEL_MAX];
	unsigned int offset;
	bool by_label;
	size_t matches;
	struct place place; /* of the first match */
	char all[256];      /* "LABEL:OFFSET, ..." of every match, for people */
	bool offset_beyond; /* the label is there, the offset is not */
	size_t refused;     /* chips that could not be opened for want of rights */
	char refused_path[BACKEND_PATH_MAX];
};

int lines_name_split(const char *name, char label[LINES_LABEL_MAX],
	unsigned int *offset)
{
	const char *colon = strrchr(name, ':');
	int64_t value;

	if (name[0] == '\0' || setting_line_wrong(name) != NULL)
		return -EINVAL;
	if (colon == NULL)
		return 0;
	if (number_parse_int(colon + 1, 0, 9999, &value) != 0)
		return -EINVAL;
	snprintf(label, LINES_LABEL_MAX, "%.*s", (int)(colon - name), name);
	*offset = (unsigned int)value;
	return 1;
}

static void add_match(struct search *search, const char *path, const char *label,
	unsigned int offset)
{
	size_t used = strlen(search->all);

	if (search->matches == 0) {
		snprintf(search->place.path, sizeof(search->place.path), "%s", path);
		search->place.offset = offset;
		search->place.node = backend_chip_node(path);
	}
	snprintf(search->all + used, sizeof(search->all) - used, "%s%s:%u",
		search->matches ? ", " : "", label, offset);
	search->matches++;
}

static void search_chip(struct search *search, struct backend_chip *chip,
	const char *path)
{
	unsigned int count = backend_chip_lines(chip);
	char label[LINES_LABEL_MAX];

	backend_chip_label(chip, label);
	if (search->by_label) {
		if (strcmp(label, search->label) != 0)
			return;
		if (search->offset < count)
			add_match(search, path, label, search->offset);
		else
			search->offset_beyond = true;
		return;
	}
	for (unsigned int offset = 0; offset < count; offset++) {
		struct backend_line line;

		if (backend_line_info(chip, offset, &line) == 0 &&
			strcmp(line.name, search->name) == 0)
			add_match(search, path, label, offset);
	}
}

/* Opens every chip; returns how many there are. */
static size_t search_all(struct search *search)
{
	char paths[BACKEND_CHIPS_MAX][BACKEND_PATH_MAX];
	size_t count = backend_chip_paths(paths);

	for (size_t i = 0; i < count; i++) {
		struct backend_chip *chip;
		int error = backend_chip_open(&chip, paths[i]);

		if (error == -EACCES || error == -EPERM) {
			if (search->refused++ == 0)
				memcpy(search->refused_path, paths[i],
					sizeof(search->refused_path));
		}
		if (error != 0)
			continue;
		search_chip(search, chip, paths[i]);
		backend_chip_close(chip);
	}
	return count;
}

static int no_rights(const char *path, struct problem *problem)
{
	struct stat about;
	struct group room, *group = NULL;
	char names[4096]; /* of the group and of its members */

	if (stat(path, &about) == 0 &&
		getgrgid_r(about.st_gid, &room, names, sizeof(names), &group) != 0)
		group = NULL;
	problem_set(problem, "%s: no permission; it belongs to group %s. Add the user "
		"to group gpio and give the group the chips by the udev rule, "
		"then log in again", path, group ? group->gr_name : "unknown");
	return -EACCES;
}

/* Where the line of that name is: 0, or -errno and problem. */
static int find_line(const char *name, struct place *place, struct problem *problem)
{
	struct search search = { .name = name };
	int split = lines_name_split(name, search.label, &search.offset);

	if (split < 0) {
		const char *wrong = setting_line_wrong(name);

		problem_set(problem, "line \"%s\": %s. Write LINE-NAME or "
			"CHIP-LABEL:OFFSET; gpioinfo lists them", name,
			wrong ? wrong : "the name is empty");
		return -EINVAL;
	}
	search.by_label = split == 1;
	if (search_all(&search) == 0) {
		problem_set(problem, "line \"%s\": this machine has no GPIO chip (no "
			"/dev/gpiochip*). Load its driver, or write led_mode = none",
			name);
		return -ENODEV;
	}
	if (search.matches == 1) {
		*place = search.place;
		return 0;
	}
	if (search.matches > 1) {
		problem_set(problem, "line \"%s\": ambiguous: %s. Write %s", name,
			search.all, search.by_label ? "its line name" :
			"the one that is meant as CHIP-LABEL:OFFSET");
		return -ENOTUNIQ;
	}
	if (search.refused > 0)
		return no_rights(search.refused_path, problem);
	problem_set(problem, "line \"%s\": %s. gpioinfo lists the chips and their lines",
		name, search.offset_beyond ? "the chip has fewer lines" :
		search.by_label ? "no chip has this label" : "no chip has this line");
	return -ENOENT;
}

/* Plain words for a line that was found and could not be taken. */
static int cannot_take(const struct line_request *request, const struct place *place,
	int error, struct problem *problem)
{
	const char *name = request->name;
	struct backend_chip *chip;
	struct backend_line line = { .consumer = "" };

	if (error == -EACCES || error == -EPERM)
		return no_rights(place->path, problem);
	if (error != -EBUSY && request->direction == LINE_PULSES) {
		problem_set(problem, "line \"%s\": gives no edges: %s. Take a line of a "
			"chip with interrupts, or leave the setting blank", name,
			strerror(-error));
		return error;
	}
	if (error != -EBUSY) {
		problem_set(problem, "line \"%s\": cannot be taken: %s. gpioinfo shows "
			"how it is used", name, strerror(-error));
		return error;
	}
	if (backend_chip_open(&chip, place->path) == 0) {
		(void)backend_line_info(chip, place->offset, &line);
		backend_chip_close(chip);
	}
	problem_set(problem, "line \"%s\": busy, used by \"%s\". Stop that, or use "
		"another line", name, line.consumer[0] ? line.consumer : "the kernel");
	return -EBUSY;
}

static int find_all(const struct line_request *requests, size_t count,
	struct place *places, struct problem *problem)
{
	size_t buttons = 0;

	for (size_t i = 0; i < count; i++) {
		int error = find_line(requests[i].name, &places[i], problem);

		if (error != 0)
			return error;
		for (size_t j = 0; j < i; j++) {
			if (places[i].offset != places[j].offset ||
				strcmp(places[i].path, places[j].path) != 0)
				continue;
			problem_set(problem, "lines \"%s\" and \"%s\" are one and the "
				"same. Give each use a line of its own",
				requests[j].name, requests[i].name);
			return -EINVAL;
		}
		buttons += requests[i].direction == LINE_BUTTON;
	}
	if (buttons > 1) {
		problem_set(problem, "only one line can be the button");
		return -EINVAL;
	}
	return 0;
}

static int take_line(struct lines *lines, const struct line_request *request,
	const struct place *place, const char *consumer, struct problem *problem)
{
	struct backend_request **taken = &lines->request[lines->count];
	int error = backend_request(taken, place->path, place->offset,
		request->direction, request->active_low, consumer);

	if (error != 0)
		return cannot_take(request, place, error, problem);
	lines->place[lines->count] = *place;
	lines->output[lines->count] = request->direction == LINE_OUTPUT;
	lines->count++;
	if (request->direction != LINE_BUTTON)
		return 0;
	error = button_open(&lines->button, *taken);
	if (error != 0)
		return cannot_take(request, place, error, problem);
	lines->has_button = true;
	return 0;
}

int lines_open(struct lines **lines, const struct line_request *requests,
	size_t count, const char *consumer, struct problem *problem)
{
	struct place places[LINES_MAX];
	struct lines *opened;
	int error;

	if (count > LINES_MAX) {
		problem_set(problem, "more than %d lines", LINES_MAX);
		return -EINVAL;
	}
	error = find_all(requests, count, places, problem);
	if (error != 0)
		return error;
	opened = calloc(1, sizeof(*opened));
	if (opened == NULL) {
		problem_set(problem, "no memory for the lines");
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++) {
		error = take_line(opened, &requests[i], &places[i], consumer, problem);
		if (error != 0) {
			lines_close(opened);
			return error;
		}
	}
	*lines = opened;
	return 0;
}

int lines_set(struct lines *lines, size_t index, bool on)
{
	if (index >= lines->count || !lines->output[index])
		return -EINVAL;
	return backend_set(lines->request[index], on);
}

int lines_get(struct lines *lines, size_t index)
{
	return index < lines->count ? backend_get(lines->request[index]) : -EINVAL;
}

int lines_button_fd(const struct lines *lines)
{
	return lines->has_button ? lines->button.poll_fd : -1;
}

int lines_button_read(struct lines *lines, struct line_edge *edge)
{
	return lines->has_button ? button_read(&lines->button, edge) : 0;
}

int lines_pulses(struct lines *lines, size_t index, int64_t *newest_ns)
{
	struct pollfd wait = { .events = POLLIN };
	int count = 0;

	if (index >= lines->count)
		return -EINVAL;
	wait.fd = backend_fd(lines->request[index]);
	while (wait.fd >= 0 && count < PULSES_AT_ONCE && poll(&wait, 1, 0) > 0) {
		int got = backend_edge(lines->request[index], newest_ns);

		if (got < 0)
			return got;
		count++;
	}
	return count;
}

bool lines_gone(const struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		if (backend_chip_node(lines->place[i].path) != lines->place[i].node)
			return true;
	return false;
}

void lines_close(struct lines *lines)
{
	if (lines == NULL)
		return;
	for (size_t i = 0; i < lines->count; i++) {
		if (lines->output[i])
			(void)backend_set(lines->request[i], false);
	}
	if (lines->has_button)
		button_close(&lines->button);
	for (size_t i = 0; i < lines->count; i++)
		backend_release(lines->request[i]);
	free(lines);
}
