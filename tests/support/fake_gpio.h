/*
 * A stand-in for the back end of lines.c (lines_gpiod*.c and lines_scan.c, which are
 * left out of every test that is linked with this): two chips without hardware, that
 * can be pulled out and come back.
 */
#ifndef STRETCH_TESTS_FAKE_GPIO_H
#define STRETCH_TESTS_FAKE_GPIO_H

#include "linux/lines_backend.h"

#define FAKE_CHIPS 2
#define FAKE_LINES 4

struct backend_chip {
	const char *label;
	const char *names[FAKE_LINES];
	int open_error;
	uint64_t node; /* another one each time that it comes back; 0: pulled out */
};

struct backend_request {
	int chip;
	unsigned int offset;
	bool taken, output, active_low;
	uint64_t node; /* of the chip when it was taken */
};

struct fake_gpio {
	struct backend_chip chip[FAKE_CHIPS];
	size_t chips;
	struct backend_request request[FAKE_CHIPS][FAKE_LINES];
	bool on[FAKE_CHIPS][FAKE_LINES]; /* logical */
	int take_error[FAKE_CHIPS][FAKE_LINES];
	char holder[LINES_LABEL_MAX];
	int open_chips, taken_lines;
	char history[256]; /* "0.1+" line 1 of chip 0 on; "-" off; "r" released */
	int edge_fd;       /* -1: the chips have no interrupts; read: one edge */
	int64_t edge_ns;   /* time of all edges */
	const char *consumer; /* that has to be given */
	uint64_t nodes;
};

extern struct fake_gpio fake_gpio;

/* GPIO17 on one chip, "soc", TWIN on both. A set-up function of cmocka. */
int fake_gpio_reset(void **state);

/* A chip pulled out with its lines, and back in, dark, under a new node. */
void fake_gpio_pull(int chip);
void fake_gpio_plug(int chip);

#endif
