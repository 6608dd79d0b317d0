/*
 * The world of world.h.
 */
#include "world.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 9
#define G_M_S2 9.80665
#define SEED 7
#define BEGIN_S 3.0 /* bring-up and lamp test fit in */

struct wearer_param world_wearer(double hold_s, int holds)
{
	struct wearer_param param = wearer_default(EX_LYING_TOWEL, SIDE_LEFT);

	param.sensors = 2;
	param.seed = SEED;
	param.rest_s = 6.0;
	param.extra_s = 1.0;
	param.prescribed_s = hold_s;
	param.hold_count = holds;
	return param;
}

static void move(void *context, double t_s, double acc_g[3], double gyr_dps[3])
{
	const struct world_chip *chip = context;
	const struct world *world = chip->world;
	struct wearer_motion motion;

	memcpy(acc_g, chip->acc_g, sizeof chip->acc_g);
	memcpy(gyr_dps, chip->gyr_dps, sizeof chip->gyr_dps);
	if (!world->worn)
		return;
	t_s -= world->start_s;
	motion = wearer_motion_at(&world->wearer.plan, &world->param, chip->site,
		fmax(0.0, fmin(t_s, world->wearer.plan.end_s)));
	if (t_s < 0.0 || t_s > world->wearer.plan.end_s)
		motion.gyr_rad_s = (struct vec3){ 0, 0, 0 }; /* before and after: at rest */
	acc_g[0] = motion.acc_m_s2.x / G_M_S2;
	acc_g[1] = motion.acc_m_s2.y / G_M_S2;
	acc_g[2] = motion.acc_m_s2.z / G_M_S2;
	gyr_dps[0] = motion.gyr_rad_s.x * DEG_PER_RAD;
	gyr_dps[1] = motion.gyr_rad_s.y * DEG_PER_RAD;
	gyr_dps[2] = motion.gyr_rad_s.z * DEG_PER_RAD;
}

void world_init(struct world *world)
{
	memset(world, 0, sizeof *world);
	emul_bus_init(&world->bus);
	/* The bridge and the kernel take the time; the bus itself takes none more. */
	world->bus.us_per_byte = 0.0;
	world->bus.us_per_transfer = 0.0;
	world->cut_from_s = world->cut_to_s = NAN;
}

static void refuse(struct emul *chip, bool refuses)
{
	if (chip->refuses && !refuses)
		emul_power_cycle(chip);
	chip->refuses = refuses;
}

void world_advance(struct world *world, int64_t now_us)
{
	double t_s = (double)now_us * 1e-6 - world->start_s;

	emul_bus_advance(&world->bus, now_us);
	if (world->worn && isfinite(world->cut_from_s))
		refuse(&world->chip[0].emul,
			t_s >= world->cut_from_s && t_s < world->cut_to_s);
}

static struct world_chip *chip_at(struct world *world, const char *address)
{
	for (int i = 0; i < world->chips; i++)
		if (world->chip[i].emul.address == strtoul(address, NULL, 0))
			return &world->chip[i];
	return NULL;
}

static enum emul_kind kind_named(const char *name, size_t length)
{
	int kind = 0;

	while (kind < EMUL_KIND_COUNT && (strlen(emul_names[kind]) != length ||
						 strncmp(emul_names[kind], name, length) != 0))
		kind++;
	return (enum emul_kind)kind;
}

/* Clocks 3 % fast and 2 % slow, as real ones may be. */
static const char *set_chips(struct world *world, int64_t now_us, char **words, int count)
{
	static const double rate_error[EMUL_BUS_CHIPS] = { 0.03, -0.02, 0.0, 0.0 };

	world_init(world);
	for (int i = 0; i < count && i < EMUL_BUS_CHIPS; i++) {
		struct world_chip *chip = &world->chip[i];
		const char *at = strchr(words[i], '@');
		enum emul_kind kind = EMUL_KIND_COUNT;

		if (at != NULL)
			kind = kind_named(words[i], (size_t)(at - words[i]));
		if (kind == EMUL_KIND_COUNT)
			return "no such chip";
		emul_init(&chip->emul, kind, (uint8_t)strtoul(at + 1, NULL, 0),
			SEED + (uint64_t)i);
		chip->world = world;
		chip->site = i == 1 ? SITE_PELVIS : SITE_THIGH;
		chip->acc_g[2] = 1.0;
		chip->emul.motion = move;
		chip->emul.motion_context = chip;
		chip->emul.rate_error = rate_error[i];
		emul_bus_add(&world->bus, &chip->emul);
		world->chips++;
	}
	emul_bus_advance(&world->bus, now_us);
	return NULL;
}

/* Without noise: what is read must be what was set. */
static const char *set_attitude(struct world *world, char **words, int count)
{
	struct world_chip *chip = count == 7 ? chip_at(world, words[0]) : NULL;

	if (chip == NULL)
		return "attitude ADDRESS AX AY AZ GX GY GZ";
	for (int axis = 0; axis < 3; axis++) {
		chip->acc_g[axis] = strtod(words[1 + axis], NULL);
		chip->gyr_dps[axis] = strtod(words[4 + axis], NULL);
	}
	chip->emul.noise = 0;
	world->worn = false;
	return NULL;
}

/* With noise: a chip of which no digit changes is a frozen one. */
static const char *set_pose(struct world *world, char **words, int count)
{
	struct world_chip *chip = count == 4 ? chip_at(world, words[0]) : NULL;

	if (chip == NULL)
		return "pose ADDRESS AX AY AZ";
	for (int axis = 0; axis < 3; axis++) {
		chip->acc_g[axis] = strtod(words[1 + axis], NULL);
		chip->gyr_dps[axis] = 0.0;
	}
	world->worn = false;
	return NULL;
}

static const char *play(struct world *world, int64_t now_us, char **words, int count)
{
	const char *wrong;

	if (count != 2)
		return "play HOLD_S HOLDS";
	world->param = world_wearer(strtod(words[0], NULL), atoi(words[1]));
	wrong = wearer_init(&world->wearer, &world->param);
	world->start_s = (double)now_us * 1e-6 + BEGIN_S;
	world->worn = wrong == NULL;
	return wrong;
}

static const char *cut(struct world *world, char **words, int count)
{
	int hold = count == 3 ? atoi(words[0]) : -1;

	if (!world->worn || hold < 0 || hold >= world->wearer.plan.hold_count)
		return "cut HOLD AFTER_S FOR_S, while playing";
	world->cut_from_s =
		world->wearer.plan.holds[hold].settled_s + strtod(words[1], NULL);
	world->cut_to_s = world->cut_from_s + strtod(words[2], NULL);
	return NULL;
}

static const char *set_fault(struct world *world, char **words, int count)
{
	int kind = 0;

	while (count == 2 && kind < EMUL_FAULT_COUNT &&
		strcmp(emul_fault_names[kind], words[0]) != 0)
		kind++;
	if (count != 2 || kind == EMUL_FAULT_COUNT)
		return "fault KIND FOR_MS";
	world->bus.fault = (struct emul_fault){ .kind = (enum emul_fault_kind)kind,
		.first = world->bus.transfers, .for_us = 1000 * atoi(words[1]) };
	world->bus.begun = world->bus.ended = false;
	world->bus.victim = NULL;
	return NULL;
}

static const char *set_refuse(struct world *world, char **words, int count)
{
	struct world_chip *chip = count == 2 ? chip_at(world, words[0]) : NULL;

	if (chip == NULL)
		return "refuse ADDRESS 0|1";
	refuse(&chip->emul, words[1][0] == '1');
	return NULL;
}

static void tell_play(const struct world *world, char *answer, size_t size)
{
	snprintf(answer, size, "ok %.0f %.0f", world->start_s * 1e6,
		(world->start_s + world->wearer.plan.end_s) * 1e6);
}

static void tell_chip(struct world *world, const char *address, char *answer, size_t size)
{
	const struct world_chip *chip = chip_at(world, address);

	if (chip == NULL)
		snprintf(answer, size, "no chip there");
	else
		snprintf(answer, size,
			"ok written=%" PRIu64 " id_read=%d wrote_before_id=%d "
			"lost=%" PRIu64 " samples=%" PRIu64,
			chip->emul.data_bytes_written, chip->emul.id_read,
			chip->emul.wrote_before_id, chip->emul.lost,
			chip->emul.samples);
}

void world_command(struct world *world, int64_t now_us, char *line, char *answer,
	size_t size)
{
	char *words[WORDS_MAX] = { NULL }, *rest = NULL;
	const char *wrong = "unknown command";
	int64_t at_us = now_us;
	int count = 0;

	for (char *word = strtok_r(line, " \n", &rest); word != NULL && count < WORDS_MAX;
		word = strtok_r(NULL, " \n", &rest))
		words[count++] = word;
	if (count == 0)
		wrong = "empty";
	else if (strcmp(words[0], "chips") == 0)
		wrong = set_chips(world, now_us, words + 1, count - 1);
	else if (strcmp(words[0], "attitude") == 0)
		wrong = set_attitude(world, words + 1, count - 1);
	else if (strcmp(words[0], "pose") == 0)
		wrong = set_pose(world, words + 1, count - 1);
	else if (strcmp(words[0], "play") == 0)
		wrong = play(world, now_us, words + 1, count - 1);
	else if (strcmp(words[0], "cut") == 0) {
		wrong = cut(world, words + 1, count - 1);
		at_us = llround((world->start_s + world->cut_from_s) * 1e6);
	}
	else if (strcmp(words[0], "fault") == 0)
		wrong = set_fault(world, words + 1, count - 1);
	else if (strcmp(words[0], "refuse") == 0)
		wrong = set_refuse(world, words + 1, count - 1);
	else if (strcmp(words[0], "chip") == 0 && count == 2) {
		tell_chip(world, words[1], answer, size);
		return;
	}
	if (wrong != NULL)
		snprintf(answer, size, "no %s", wrong);
	else if (strcmp(words[0], "play") == 0)
		tell_play(world, answer, size);
	else
		snprintf(answer, size, "ok %" PRId64, at_us);
}
