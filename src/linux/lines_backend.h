/*
 * What lines.c needs of a GPIO library: lines_gpiod1.c and lines_gpiod2.c each
 * give all of it but the nodes, which are those of lines_scan.c.
 *
 * Every function returns 0 (or the count it names) or -errno.
 */
#ifndef STRETCH_LINUX_LINES_BACKEND_H
#define STRETCH_LINUX_LINES_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lines.h"

#define BACKEND_PATH_MAX 64
#define BACKEND_CHIPS_MAX 32

struct backend_chip;
struct backend_request;

struct backend_line {
	char name[LINES_LABEL_MAX];     /* "" when it has none */
	bool used;
	char consumer[LINES_LABEL_MAX]; /* "" when nobody has it */
};

/* Paths of the chips' device nodes, sorted; links to a node are left out. */
size_t backend_chip_paths(char paths[BACKEND_CHIPS_MAX][BACKEND_PATH_MAX]);

/* What tells a device node from a later one of the same name; 0: there is none. */
uint64_t backend_chip_node(const char *path);

int backend_chip_open(struct backend_chip **chip, const char *path);
void backend_chip_close(struct backend_chip *chip);
void backend_chip_label(struct backend_chip *chip, char label[LINES_LABEL_MAX]);
unsigned int backend_chip_lines(struct backend_chip *chip);
int backend_line_info(struct backend_chip *chip, unsigned int offset,
	struct backend_line *line);

/*
 * Takes one line of the chip at path. An output starts dark. A button asks for
 * both edges; where the chip has no interrupts it is a plain input and
 * backend_fd() is -1. LINE_PULSES asks for rising edges, and fails without them.
 */
int backend_request(struct backend_request **request, const char *path,
	unsigned int offset, enum line_direction direction, bool active_low,
	const char *consumer);
int backend_set(struct backend_request *request, bool on);
int backend_get(struct backend_request *request); /* 1, 0 or -errno */
int backend_fd(struct backend_request *request);
/* Takes one waiting edge: 1 and its CLOCK_MONOTONIC time, or -errno. */
int backend_edge(struct backend_request *request, int64_t *t_ns);
void backend_release(struct backend_request *request);

#endif
