/*
 * The pieces of stretchctl simulate: what its options say, and what becomes of it.
 */
#ifndef STRETCH_STRETCHCTL_SIMULATE_H
#define STRETCH_STRETCHCTL_SIMULATE_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/wearer.h"

/* An error of three numbers: given, or drawn up to a size. */
struct error_spec {
	bool given;
	double size;
	struct vec3 value;
};

struct simulation {
	struct wearer_param param;
	enum exercise_id exercise;
	enum side side;
	const struct wearer_person *person;
	int64_t sensors, seed, hold_count;
	struct wearer_hold every; /* of holds that are not given one by one */
	struct wearer_hold holds[WEARER_HOLDS_MAX];
	int32_t holds_given;
	bool strap_given;
	struct quat strap;
	struct error_spec acc_bias, acc_scale, cross_axis, gyr_bias, gyr_scale;
	double noise;
	bool no_start, no_press, no_next, no_truth, plan_only, help;
	const char *output;
};

/* Before any option is read. */
void simulation_init(struct simulation *sim);

/* Reads the command line. 0, or the exit status; help stands in sim->help. */
int simulation_read(struct simulation *sim, int argc, char **argv);

/* Puts holds, straps and errors into param once all options are known. */
void simulation_finish(struct simulation *sim);

void simulation_print_help(void);

/* Prints one line about an option's value; always 2, the exit status. */
int simulation_refuse(const char *option, const char *text, const char *advice);

/*
 * Splits text at mark into at most count numbers; empty parts and those not
 * there keep their value. Returns how many parts there were, or -1.
 */
int simulation_numbers(const char *text, char mark, double *values, int count);

/* Values of options with a form of their own. 0, or the exit status. */
int simulation_option_hold(struct simulation *sim, const char *text);
int simulation_option_habit(struct simulation *sim, const char *text);
int simulation_option_strap(struct simulation *sim, const char *text);
int simulation_option_error(
	struct error_spec *spec, const char *option, const char *text, double factor);

#endif
