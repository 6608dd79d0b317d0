/*
 * stretchctl simulate: option values with a form of their own, and what they
 * become once all are known.
 */
#include <stdio.h>
#include <string.h>

#include "linux/number.h"
#include "stretchctl/command.h"
#include "stretchctl/simulate.h"

#define STREAM_ERRORS 11

int simulation_refuse(const char *option, const char *text, const char *advice)
{
	fprintf(stderr, "stretchctl simulate: --%s %s: %s\n", option, text, advice);
	return EXIT_USAGE;
}

int simulation_numbers(const char *text, char mark, double *values, int count)
{
	int parts = 0;

	for (const char *at = text;; parts++) {
		const char *end = strchr(at, mark);
		size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
		char part[48];

		if (parts >= count || length >= sizeof part)
			return -1;
		memcpy(part, at, length);
		part[length] = '\0';
		if (length > 0 && number_parse(part, -1e6, 1e6, &values[parts]) != 0)
			return -1;
		if (end == NULL)
			return parts + 1;
		at = end + 1;
	}
}

/* NAME, or NAME:numbers: the habit and up to count numbers behind it. */
static bool parse_habit(const char *text, int32_t *habit, double *values, int count)
{
	const char *colon = strchr(text, ':');
	size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);
	char name[32];
	enum wearer_habit_id id;

	if (length >= sizeof name)
		return false;
	memcpy(name, text, length);
	name[length] = '\0';
	id = wearer_habit_lookup(length > 0 ? name : "none");
	if (id == HABIT_COUNT)
		return false;
	*habit = (int32_t)id;
	return colon == NULL || simulation_numbers(colon + 1, ':', values, count) > 0;
}

int simulation_option_hold(struct simulation *sim, const char *text)
{
	struct wearer_hold hold = wearer_hold_default();
	const char *colon = strchr(text, ':');
	const char *second = colon != NULL ? strchr(colon + 1, ':') : NULL;
	char numbers[64];
	size_t length = second != NULL ? (size_t)(second - text) : strlen(text);
	double values[2] = { NAN, NAN };

	if (sim->holds_given >= WEARER_HOLDS_MAX)
		return simulation_refuse("hold", text, "at most 16 holds");
	if (length >= sizeof numbers)
		return simulation_refuse("hold", text, "too long");
	memcpy(numbers, text, length);
	numbers[length] = '\0';
	if (simulation_numbers(numbers, ':', values, 2) < 0)
		return simulation_refuse(
			"hold", text, "write SECONDS[:DEGREES[:HABIT[:SIZE]]]");
	hold.hold_s = values[0];
	hold.angle_deg = values[1];
	if (second != NULL && !parse_habit(second + 1, &hold.habit, &hold.habit_size, 1))
		return simulation_refuse(
			"hold", text, "no such habit; --help lists them");
	sim->holds[sim->holds_given++] = hold;
	return 0;
}

int simulation_option_habit(struct simulation *sim, const char *text)
{
	double values[3] = { NAN, NAN, NAN };

	if (!parse_habit(text, &sim->every.habit, values, 3))
		return simulation_refuse("habit", text,
			"write NAME[:SIZE[:AT[:LENGTH]]]; --help "
			"lists the names");
	sim->every.habit_size = values[0];
	sim->every.habit_start_s = values[1];
	sim->every.habit_length_s = values[2];
	return 0;
}

int simulation_option_strap(struct simulation *sim, const char *text)
{
	double q[4];

	sim->strap_given = strcmp(text, "random") != 0;
	sim->strap = (struct quat){ 1, 0, 0, 0 };
	if (!sim->strap_given || strcmp(text, "identity") == 0)
		return 0;
	if (simulation_numbers(text, ',', q, 4) != 4 ||
		fabs(q[0]) + fabs(q[1]) + fabs(q[2]) + fabs(q[3]) < 1e-3)
		return simulation_refuse(
			"strap", text, "write random, identity or W,X,Y,Z");
	sim->strap = quat_unit((struct quat){ q[0], q[1], q[2], q[3] });
	return 0;
}

int simulation_option_error(
	struct error_spec *spec, const char *option, const char *text, double factor)
{
	double values[3] = { 0, 0, 0 };
	int n = simulation_numbers(text, ',', values, 3);

	if (n != 1 && n != 3)
		return simulation_refuse(
			option, text, "write one number, or three with commas");
	spec->given = n == 3;
	spec->size = values[0] * factor;
	spec->value = (struct vec3){ values[0] * factor, values[1] * factor,
		values[2] * factor };
	return 0;
}

void simulation_init(struct simulation *sim)
{
	memset(sim, 0, sizeof *sim);
	sim->exercise = EX_LYING_TOWEL;
	sim->side = SIDE_LEFT;
	sim->person = &wearer_persons[1];
	sim->sensors = 2;
	sim->seed = 1;
	sim->hold_count = -1;
	sim->every = wearer_hold_default();
	sim->noise = 1.0;
	sim->output = "-";
}

/* The three numbers: as given, or each drawn from +-size. */
static struct vec3 draw_each(const struct error_spec *spec, struct random *random)
{
	struct vec3 v;

	v.x = random_between(random, -spec->size, spec->size);
	v.y = random_between(random, -spec->size, spec->size);
	v.z = random_between(random, -spec->size, spec->size);
	return spec->given ? spec->value : v;
}

/* As given, or any direction of that length. */
static struct vec3 draw_length(const struct error_spec *spec, struct random *random)
{
	struct vec3 v = vec3_scale(random_direction(random), spec->size);

	return spec->given ? spec->value : v;
}

static void spoil_sensors(struct simulation *sim)
{
	struct random random;

	random_seed(&random, sim->param.seed, STREAM_ERRORS);
	for (int i = 0; i < SITE_COUNT; i++) {
		struct wearer_imu *imu = &sim->param.imu[i];
		struct vec3 scale = draw_each(&sim->acc_scale, &random);
		struct vec3 cross = draw_each(&sim->cross_axis, &random);

		imu->acc_matrix = (struct mat3){ { { 1.0 + scale.x, cross.x, cross.y },
			{ 0.0, 1.0 + scale.y, cross.z }, { 0.0, 0.0, 1.0 + scale.z } } };
		imu->acc_bias_m_s2 = draw_length(&sim->acc_bias, &random);
		imu->gyr_bias_rad_s = draw_length(&sim->gyr_bias, &random);
		imu->gyr_scale = draw_each(&sim->gyr_scale, &random);
		if (sim->strap_given)
			imu->strap = sim->strap;
	}
	sim->param.acc_noise_ug_sqrt_hz *= sim->noise;
	sim->param.gyr_noise_deg_s_sqrt_hz *= sim->noise;
}

void simulation_finish(struct simulation *sim)
{
	struct wearer_param *param = &sim->param;

	param->sensors = (int32_t)sim->sensors;
	param->seed = (uint64_t)sim->seed;
	param->announce = !sim->no_start;
	param->press = !sim->no_press;
	param->finish = !sim->no_next;
	wearer_strap_randomly(param);
	spoil_sensors(sim);
	if (sim->hold_count >= 0)
		param->hold_count = (int32_t)sim->hold_count;
	else if (sim->holds_given > 0)
		param->hold_count = sim->holds_given;
	for (int32_t i = 0; i < WEARER_HOLDS_MAX; i++) {
		struct wearer_hold *hold = &param->holds[i];

		*hold = sim->every;
		if (i >= sim->holds_given)
			continue;
		if (!isnan(sim->holds[i].hold_s))
			hold->hold_s = sim->holds[i].hold_s;
		hold->angle_deg = sim->holds[i].angle_deg;
		if (sim->holds[i].habit != HABIT_NONE) {
			hold->habit = sim->holds[i].habit;
			hold->habit_size = sim->holds[i].habit_size;
		}
	}
}
