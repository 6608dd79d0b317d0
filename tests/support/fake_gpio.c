/* The back end of lines.c without a GPIO; see fake_gpio.h. */
#include "fake_gpio.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fake_gpio fake_gpio = { .edge_fd = -1 };

static void note(int chip, unsigned int offset, char what)
{
	size_t used = strlen(fake_gpio.history);

	snprintf(fake_gpio.history + used, sizeof(fake_gpio.history) - used, "%d.%u%c ",
		chip, offset, what);
}

size_t backend_chip_paths(char paths[BACKEND_CHIPS_MAX][BACKEND_PATH_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < fake_gpio.chips; i++)
		if (fake_gpio.chip[i].node != 0)
			snprintf(paths[count++], BACKEND_PATH_MAX,
				"/dev/null/gpiochip%zu", i);
	return count;
}

static int chip_of(const char *path)
{
	return path[strlen(path) - 1] - '0';
}

uint64_t backend_chip_node(const char *path)
{
	return fake_gpio.chip[chip_of(path)].node;
}

int backend_chip_open(struct backend_chip **chip, const char *path)
{
	struct backend_chip *opened = &fake_gpio.chip[chip_of(path)];

	if (opened->open_error != 0)
		return opened->open_error;
	if (opened->node == 0)
		return -ENOENT;
	fake_gpio.open_chips++;
	*chip = opened;
	return 0;
}

void backend_chip_close(struct backend_chip *chip)
{
	(void)chip;
	fake_gpio.open_chips--;
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

	*line = (struct backend_line){ .used = fake_gpio.holder[0] != '\0' };
	snprintf(line->name, sizeof(line->name), "%s", name ? name : "");
	snprintf(line->consumer, sizeof(line->consumer), "%s", fake_gpio.holder);
	return 0;
}

int backend_request(struct backend_request **request, const char *path,
	unsigned int offset, enum line_direction direction, bool active_low,
	const char *consumer)
{
	int chip = chip_of(path);
	struct backend_request *taken = &fake_gpio.request[chip][offset];

	assert_string_equal(consumer, fake_gpio.consumer);
	assert_true(offset < FAKE_LINES);
	if (fake_gpio.take_error[chip][offset] != 0)
		return fake_gpio.take_error[chip][offset];
	assert_false(taken->taken);
	if (direction == LINE_PULSES && fake_gpio.edge_fd < 0)
		return -ENXIO;
	*taken = (struct backend_request){ .chip = chip, .offset = offset,
		.taken = true, .output = direction == LINE_OUTPUT,
		.active_low = active_low, .node = fake_gpio.chip[chip].node };
	if (taken->output)
		fake_gpio.on[chip][offset] = false;
	fake_gpio.taken_lines++;
	*request = taken;
	return 0;
}

/* The kernel answers so on the descriptor of a chip that was removed. */
static bool dead(const struct backend_request *request)
{
	return request->node != fake_gpio.chip[request->chip].node;
}

int backend_set(struct backend_request *request, bool value)
{
	assert_true(request->taken && request->output);
	if (dead(request))
		return -ENODEV;
	fake_gpio.on[request->chip][request->offset] = value;
	note(request->chip, request->offset, value ? '+' : '-');
	return 0;
}

int backend_get(struct backend_request *request)
{
	assert_true(request->taken);
	if (dead(request))
		return -ENODEV;
	return fake_gpio.on[request->chip][request->offset];
}

int backend_fd(struct backend_request *request)
{
	(void)request;
	return fake_gpio.edge_fd;
}

/* Each wake-up of the descriptor is one edge. */
int backend_edge(struct backend_request *request, int64_t *t_ns)
{
	uint64_t count;

	if (dead(request))
		return -ENODEV;
	assert_int_equal(read(fake_gpio.edge_fd, &count, sizeof(count)), sizeof(count));
	*t_ns = fake_gpio.edge_ns;
	return 1;
}

void backend_release(struct backend_request *request)
{
	assert_true(request->taken);
	request->taken = false;
	note(request->chip, request->offset, 'r');
	fake_gpio.taken_lines--;
}

int fake_gpio_reset(void **state)
{
	(void)state;
	memset(fake_gpio.request, 0, sizeof(fake_gpio.request));
	memset(fake_gpio.on, 0, sizeof(fake_gpio.on));
	memset(fake_gpio.take_error, 0, sizeof(fake_gpio.take_error));
	fake_gpio.holder[0] = '\0';
	fake_gpio.history[0] = '\0';
	fake_gpio.open_chips = 0;
	fake_gpio.taken_lines = 0;
	fake_gpio.chips = 2;
	fake_gpio.edge_fd = -1;
	fake_gpio.edge_ns = 12345;
	fake_gpio.consumer = "test";
	fake_gpio.chip[0] = (struct backend_chip){ .label = "soc",
		.names = { "GPIO16", "GPIO17", "TWIN", NULL }, .node = 1 };
	fake_gpio.chip[1] = (struct backend_chip){ .label = "expander",
		.names = { "P0", "TWIN", NULL, NULL }, .node = 2 };
	fake_gpio.nodes = 2;
	return 0;
}

void fake_gpio_pull(int chip)
{
	fake_gpio.chip[chip].node = 0;
	memset(fake_gpio.on[chip], 0, sizeof(fake_gpio.on[chip]));
}

void fake_gpio_plug(int chip)
{
	fake_gpio.chip[chip].node = ++fake_gpio.nodes;
}
