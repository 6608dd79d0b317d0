/*
 * stretchctl simulate: its options, one table for those that set one number of
 * wearer_param and one for the others. They are read in two rounds: who does
 * what comes first, because every other default hangs on it.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "linux/number.h"
#include "stretch/fmt.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"
#include "stretchctl/simulate.h"

#define PERCENT 0.01

/* Options of the form --NAME VALUE that set one double. */
struct number_option {
	const char *name, *unit, *help;
	double low, high, factor;
	size_t offset; /* in wearer_param */
};

#define OFFSET(member) offsetof(struct wearer_param, member)

/* clang-format off */
static const struct number_option number_options[] = {
	{ "rate", "HZ", "sampling rate, 25 to 1000; 104", 25, 1000, 1,
		OFFSET(rate_hz) },
	{ "clock-ppm", "PPM", "the chip's clock runs fast by this; 0", -1e5, 1e5, 1,
		OFFSET(clock_ppm) },
	{ "jitter", "MS", "standard deviation of the time stamps; 0", 0, 100, 1e-3,
		OFFSET(jitter_s) },
	{ "prescribed-s", "S", "prescribed time; the exercise's, else 30", 1, 600,
		1, OFFSET(prescribed_s) },
	{ "rest-s", "S", "rest between holds; 15", 0, 600, 1, OFFSET(rest_s) },
	{ "raise", "DEG", "angle of the calm raises; the person's", 10, 120, 1,
		OFFSET(raise_deg) },
	{ "angle", "DEG", "angle of the holds; the person's", 1, 150, 1,
		OFFSET(angle_deg) },
	{ "entry-rate", "DEG/S", "fastest speed into a hold; 20", 1, 600, 1,
		OFFSET(entry_rate_deg_s) },
	{ "wander", "DEG", "random sway, standard deviation; 0.3", 0, 30, 1,
		OFFSET(wander_deg) },
	{ "tremor", "DEG/S", "trembling at 6 to 8 Hz, root mean square; 0", 0, 500, 1,
		OFFSET(tremor_deg_s) },
	{ "creep", "DEG/S", "slow rise in every hold; 0", -5, 5, 1,
		OFFSET(creep_deg_s) },
	{ "breathing", "DEG", "breathing under the belt sensor; 0.5", 0, 10, 1,
		OFFSET(breathing_deg) },
	{ "soft-tissue", "DEG", "wobble of the thigh sensor, each axis; 0", 0, 20, 1,
		OFFSET(soft_tissue_deg) },
	{ "temperature", "C", "writes temperature columns, starting there", -40, 85, 1,
		OFFSET(temperature_c) },
};
/* clang-format on */

#define NUMBER_OPTIONS (sizeof number_options / sizeof *number_options)

/* The other options, in the order of help. */
enum other_option {
	OPTION_EXERCISE,
	OPTION_SIDE,
	OPTION_PERSON,
	OPTION_SENSORS,
	OPTION_SEED,
	OPTION_HOLDS,
	OPTION_HOLD_S,
	OPTION_HOLD,
	OPTION_HABIT,
	OPTION_SWAY,
	OPTION_BOUNCE,
	OPTION_SLIP,
	OPTION_GAP,
	OPTION_CURVE,
	OPTION_STRAP,
	OPTION_ACC_BIAS,
	OPTION_ACC_SCALE,
	OPTION_CROSS_AXIS,
	OPTION_GYR_BIAS,
	OPTION_GYR_SCALE,
	OPTION_NOISE,
	OPTION_NO_START,
	OPTION_NO_PRESS,
	OPTION_NO_NEXT,
	OPTION_NO_TRUTH,
	OPTION_PLAN,
	OPTION_OUTPUT,
	OPTION_HELP,
	OPTION_COUNT
};

/* clang-format off */
static const struct {
	const char *name, *value, *help;
} other_options[OPTION_COUNT] = {
	[OPTION_EXERCISE] = { "exercise", "NAME", "lying-towel when not given" },
	[OPTION_SIDE] = { "side", "SIDE", "left or right; left" },
	[OPTION_PERSON] = { "person", "KIND", "stiff, average or supple; average" },
	[OPTION_SENSORS] = { "sensors", "N", "1: thigh, 2: thigh and pelvis; 2" },
	[OPTION_SEED] = { "seed", "N", "of everything that is random; 1" },
	[OPTION_HOLDS] = { "holds", "N", "number of hold attempts; 3" },
	[OPTION_HOLD_S] = { "hold-s", "S", "length of every hold; prescribed + 3" },
	[OPTION_HOLD] = { "hold", "S[:DEG[:HABIT[:SIZE]]]",
		"one hold more; an empty part is the usual" },
	[OPTION_HABIT] = { "habit", "NAME[:SIZE[:AT[:LENGTH]]]",
		"a bad habit in every hold, AT s into it" },
	[OPTION_SWAY] = { "sway", "DEG[:HZ]", "even sway in every hold; 0:0.7" },
	[OPTION_BOUNCE] = { "bounce", "DEG[:HZ]", "4 s of bouncing in every hold; 0:1" },
	[OPTION_SLIP] = { "slip", "DEG[:AT]", "the strap slips once, at a time in s" },
	[OPTION_GAP] = { "gap", "S[:AT]", "rows are missing once, at a time in s" },
	[OPTION_CURVE] = { "pelvic-curve", "A,B,C", "tilt = A + B raise + C raise^2" },
	[OPTION_STRAP] = { "strap", "HOW", "random, identity or W,X,Y,Z; random" },
	[OPTION_ACC_BIAS] = { "acc-bias", "M_S2", "any direction, or X,Y,Z; 0" },
	[OPTION_ACC_SCALE] = { "acc-scale", "PERCENT", "+-, any, or X,Y,Z; 0" },
	[OPTION_CROSS_AXIS] = { "cross-axis", "PERCENT", "+-, any, or XY,XZ,YZ; 0" },
	[OPTION_GYR_BIAS] = { "gyr-bias", "DEG/S", "any direction, or X,Y,Z; 0" },
	[OPTION_GYR_SCALE] = { "gyr-scale", "PERCENT", "+-, any, or X,Y,Z; 0" },
	[OPTION_NOISE] = { "noise", "FACTOR", "times the data sheet's of MPU-6050; 1" },
	[OPTION_NO_START] = { "no-start", NULL, "no start:EXERCISE:SIDE event" },
	[OPTION_NO_PRESS] = { "no-press", NULL, "leans with one sensor: no button" },
	[OPTION_NO_NEXT] = { "no-next", NULL, "no next event after the last hold" },
	[OPTION_NO_TRUTH] = { "no-truth", NULL, "no truth columns" },
	[OPTION_PLAN] = { "plan", NULL, "print the planned holds, write no recording" },
	[OPTION_OUTPUT] = { "output", "FILE", "-o FILE; - is standard output, as usual" },
	[OPTION_HELP] = { "help", NULL, "this text" },
};
/* clang-format on */

static void print_option(const char *name, const char *value, const char *help)
{
	char left[64];

	snprintf(left, sizeof left, "--%s %s", name, value != NULL ? value : "");
	printf("  %-34s %s\n", left, help);
}

void simulation_print_help(void)
{
	char size[FMT_NUMBER_MAX];

	printf("Usage: stretchctl simulate [OPTION...]\n"
	       "Writes a recording of a simulated wearer doing a session: straps on,\n"
	       "learning poses, holds, closing. Its truth is in the truth_ columns.\n\n");
	for (int i = 0; i < OPTION_COUNT; i++)
		print_option(other_options[i].name, other_options[i].value,
			other_options[i].help);
	printf("\n");
	for (size_t i = 0; i < NUMBER_OPTIONS; i++)
		print_option(number_options[i].name, number_options[i].unit,
			number_options[i].help);
	printf("\nHabits (default size):\n");
	for (int i = 0; i < HABIT_COUNT; i++) {
		fmt_fixed(size, wearer_habits[i].size, 1);
		printf("  %-10s %6s %-6s %s\n", wearer_habits[i].name, size,
			wearer_habits[i].unit, wearer_habits[i].help);
	}
	printf("\nExercises:");
	for (size_t i = 0; i < wearer_preset_count; i++)
		printf("%s%s", i % 5 == 0 ? "\n  " : " ", wearer_presets[i].name);
	printf("\n\nExit status: 0 written; 2 wrong usage; 3 the file could not be "
	       "written.\n");
}

static int option_pair(
	const char *option, const char *text, double *first, double *second)
{
	double values[2] = { *first, *second };

	if (simulation_numbers(text, ':', values, 2) < 0)
		return simulation_refuse(
			option, text, "write one number, or two with a colon");
	*first = values[0];
	*second = values[1];
	return 0;
}

static int option_whole(
	const char *option, const char *text, int64_t low, int64_t high, int64_t *value)
{
	if (number_parse_int(text, low, high, value) != 0)
		return simulation_refuse(option, text, "not a whole number in range");
	return 0;
}

/* What concerns sensors and their errors. */
static int take_sensor_option(struct simulation *sim, int option, const char *text)
{
	const char *name = other_options[option].name;

	switch (option) {
	case OPTION_STRAP: return simulation_option_strap(sim, text);
	case OPTION_ACC_BIAS:
		return simulation_option_error(&sim->acc_bias, name, text, 1.0);
	case OPTION_ACC_SCALE:
		return simulation_option_error(&sim->acc_scale, name, text, PERCENT);
	case OPTION_CROSS_AXIS:
		return simulation_option_error(&sim->cross_axis, name, text, PERCENT);
	case OPTION_GYR_BIAS:
		return simulation_option_error(&sim->gyr_bias, name, text, RAD_PER_DEG);
	case OPTION_GYR_SCALE:
		return simulation_option_error(&sim->gyr_scale, name, text, PERCENT);
	default:
		if (number_parse(text, 0.0, 1000.0, &sim->noise) != 0)
			return simulation_refuse(
				name, text, "write a factor from 0 to 1000");
		return 0;
	}
}

static int take_motion_option(struct simulation *sim, int option, const char *text)
{
	struct wearer_param *param = &sim->param;
	const char *name = other_options[option].name;
	double curve[3];

	switch (option) {
	case OPTION_HOLDS:
		return option_whole(name, text, 0, WEARER_HOLDS_MAX, &sim->hold_count);
	case OPTION_HOLD_S:
		if (number_parse(text, 0.0, 3600.0, &sim->every.hold_s) != 0)
			return simulation_refuse(
				name, text, "write seconds from 0 to 3600");
		return 0;
	case OPTION_HOLD: return simulation_option_hold(sim, text);
	case OPTION_HABIT: return simulation_option_habit(sim, text);
	case OPTION_SWAY:
		return option_pair(name, text, &param->sway_deg, &param->sway_hz);
	case OPTION_BOUNCE:
		return option_pair(name, text, &param->bounce_deg, &param->bounce_hz);
	case OPTION_SLIP:
		return option_pair(name, text, &param->slip_deg, &param->slip_at_s);
	case OPTION_GAP: return option_pair(name, text, &param->gap_s, &param->gap_at_s);
	default:
		if (simulation_numbers(text, ',', curve, 3) != 3)
			return simulation_refuse(name, text, "write A,B,C");
		param->pelvic_a_deg = curve[0];
		param->pelvic_b = curve[1];
		param->pelvic_c_per_deg = curve[2];
		return 0;
	}
}

static int take_option(struct simulation *sim, int option, const char *text)
{
	switch (option) {
	case OPTION_SENSORS: return option_whole("sensors", text, 1, 2, &sim->sensors);
	case OPTION_SEED: return option_whole("seed", text, 0, INT64_MAX, &sim->seed);
	case OPTION_NO_START: sim->no_start = true; return 0;
	case OPTION_NO_PRESS: sim->no_press = true; return 0;
	case OPTION_NO_TRUTH: sim->no_truth = true; return 0;
	case OPTION_PLAN: sim->plan_only = true; return 0;
	case OPTION_OUTPUT: sim->output = text; return 0;
	case OPTION_EXERCISE:
	case OPTION_SIDE:
	case OPTION_PERSON: return 0; /* read in the first round */
	default:
		return option >= OPTION_STRAP ? take_sensor_option(sim, option, text)
					      : take_motion_option(sim, option, text);
	}
}

/* Who does what: every other default hangs on it. */
static int take_first(struct simulation *sim, int option, const char *text)
{
	int side;

	switch (option) {
	case OPTION_EXERCISE:
		if (wearer_preset_lookup(text) == NULL)
			return simulation_refuse("exercise", text,
				"not one that can be done; --help lists them");
		sim->exercise = exercise_lookup(text);
		return 0;
	case OPTION_SIDE:
		side = name_lookup(side_names, SIDE_COUNT, text);
		if (side < 0)
			return simulation_refuse("side", text, "write left or right");
		sim->side = (enum side)side;
		return 0;
	case OPTION_PERSON:
		for (int i = 0; i < WEARER_PERSONS; i++)
			if (strcmp(wearer_persons[i].name, text) == 0) {
				sim->person = &wearer_persons[i];
				return 0;
			}
		return simulation_refuse(
			"person", text, "write stiff, average or supple");
	default: return 0;
	}
}

static int take_number(
	struct simulation *sim, const struct number_option *option, const char *text)
{
	char *base = (char *)&sim->param;
	double value;

	if (number_parse(text, option->low, option->high, &value) != 0)
		return simulation_refuse(
			option->name, text, "not a number in range; see --help");
	value *= option->factor;
	memcpy(base + option->offset, &value, sizeof value);
	return 0;
}

/* One round over the command line: first who and what, then the rest. */
static int read_options(struct simulation *sim, int argc, char **argv, bool first)
{
	struct option longs[OPTION_COUNT + NUMBER_OPTIONS + 1];
	int status = 0, c;

	memset(longs, 0, sizeof longs);
	for (int i = 0; i < OPTION_COUNT; i++) {
		longs[i].name = other_options[i].name;
		longs[i].has_arg = other_options[i].value != NULL;
		longs[i].val = 256 + i;
	}
	for (size_t i = 0; i < NUMBER_OPTIONS; i++) {
		longs[OPTION_COUNT + i].name = number_options[i].name;
		longs[OPTION_COUNT + i].has_arg = 1;
		longs[OPTION_COUNT + i].val = 256 + OPTION_COUNT + (int)i;
	}
	optind = 0; /* from the first word again */
	opterr = first;
	while (status == 0 && (c = getopt_long(argc, argv, "o:h", longs, NULL)) != -1) {
		int option = c == 'o' ? OPTION_OUTPUT : c == 'h' ? OPTION_HELP : c - 256;

		if (c == '?')
			return EXIT_USAGE;
		if (option == OPTION_HELP)
			sim->help = true;
		else if (first)
			status = take_first(sim, option, optarg);
		else if (option >= OPTION_COUNT)
			status = take_number(
				sim, &number_options[option - OPTION_COUNT], optarg);
		else
			status = take_option(sim, option, optarg);
	}
	if (status == 0 && optind < argc && !sim->help)
		return options_refuse("stretchctl simulate", argv[optind], "not an option");
	return status;
}

int simulation_read(struct simulation *sim, int argc, char **argv)
{
	int status = read_options(sim, argc, argv, true);

	if (status != 0 || sim->help)
		return status;
	sim->param = wearer_default(sim->exercise, sim->side);
	wearer_set_person(&sim->param, sim->person);
	return read_options(sim, argc, argv, false);
}
