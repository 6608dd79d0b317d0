/*
 * Which bus and which address: the rules of sensors.h.
 */
#include "linux/sensors_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BUSES_MAX 64

/* What one bus has to offer for the addresses that are wanted there. */
struct offer {
	struct i2c_probe probe[I2C_PROBE_ADDRESSES];
	int chips;
};

struct wanted {
	uint8_t *address[SITE_COUNT]; /* NULL: no sensor there; *address 0: any */
};

static bool taken(const struct wanted *wanted, uint8_t address)
{
	for (int site = 0; site < SITE_COUNT; site++)
		if (wanted->address[site] != NULL && *wanted->address[site] == address)
			return true;
	return false;
}

/* Chips that are not asked for by their address. */
static int spare(const struct offer *offer, const struct wanted *wanted)
{
	int count = 0;

	for (int i = 0; i < I2C_PROBE_ADDRESSES; i++)
		count += offer->probe[i].chip != NULL &&
			!taken(wanted, offer->probe[i].address);
	return count;
}

static int open_sites(const struct wanted *wanted)
{
	int count = 0;

	for (int site = 0; site < SITE_COUNT; site++)
		count += wanted->address[site] != NULL && *wanted->address[site] == 0;
	return count;
}

/* Is everything there that is wanted? What has an address must answer at it. */
static bool satisfies(const struct offer *offer, const struct wanted *wanted)
{
	for (int site = 0; site < SITE_COUNT; site++) {
		bool found = false;

		if (wanted->address[site] == NULL || *wanted->address[site] == 0)
			continue;
		for (int i = 0; i < I2C_PROBE_ADDRESSES; i++)
			found = found ||
				(offer->probe[i].address == *wanted->address[site] &&
					offer->probe[i].chip != NULL);
		if (!found)
			return false;
	}
	return spare(offer, wanted) >= open_sites(wanted);
}

/* "0x68 answers 0x00": what there is that is no chip of ours. */
static void strangers(const struct offer *offer, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < I2C_PROBE_ADDRESSES && used < size; i++) {
		const struct i2c_probe *p = &offer->probe[i];
		int more;

		if (p->error != 0 || p->chip != NULL)
			continue;
		more = snprintf(text + used, size - used,
			" At 0x%02x something else answers (0x%02x%s).", p->address,
			p->id, p->address == CHIP_ADDRESS_CLOCK
				? "; maybe a clock chip: move the sensor to 0x69, AD0 high"
				: "");
		used += more > 0 ? (size_t)more : 0;
	}
}

static int explain_none(const char *bus, const struct offer *offer,
	const struct wanted *wanted, struct problem *problem)
{
	char others[256];

	for (int i = 0; i < I2C_PROBE_ADDRESSES; i++)
		if (offer->probe[i].error == -EBUSY) {
			problem_set(problem, "%s", offer->probe[i].problem.text);
			return -EBUSY;
		}
	if (spare(offer, wanted) > 0) {
		problem_set(problem, "bus \"%s\": one sensor answers, and it may be the "
			"thigh's or the pelvis'. Mend the wiring of the other one, or "
			"write thigh_address and pelvis_address", bus);
		return -ENOTUNIQ;
	}
	strangers(offer, others, sizeof others);
	problem_set(problem, "bus \"%s\": no sensor answers at 0x68, 0x69, 0x6a or 0x6b. "
		"Look at power, ground, SDA and SCL.%s stretchctl doctor tells more",
		bus, others);
	return -ENODEV;
}

/* Worn on the wrong place it would be judged all the same: nobody guesses. */
static int explain_many(const char *bus, const struct offer *offer,
	const struct wanted *wanted, struct problem *problem)
{
	const uint8_t *thigh = wanted->address[SITE_THIGH];
	bool is_thigh = thigh != NULL && *thigh == 0;
	const char *site = site_names[is_thigh ? SITE_THIGH : SITE_PELVIS];
	char all[I2C_PROBE_ADDRESSES * 8] = "";

	for (int i = 0; i < I2C_PROBE_ADDRESSES; i++) {
		const struct i2c_probe *p = &offer->probe[i];
		size_t used = strlen(all);

		if (p->chip != NULL && !taken(wanted, p->address))
			snprintf(all + used, sizeof all - used, "%s0x%02x",
				used > 0 ? ", " : "", p->address);
	}
	problem_set(problem, "bus \"%s\": sensors answer at %s; which one is on the %s? "
		"Write %s_address%s", bus, all, site, site,
		wanted->address[SITE_PELVIS] == NULL
			? ", and pelvis = yes where two are worn" : "");
	return -ENOTUNIQ;
}

/* Fills the open addresses, thigh first. */
static int choose(const char *bus, const struct offer *offer,
	const struct wanted *wanted, struct problem *problem)
{
	if (spare(offer, wanted) < open_sites(wanted))
		return explain_none(bus, offer, wanted, problem);
	if (open_sites(wanted) == 1 && spare(offer, wanted) > 1)
		return explain_many(bus, offer, wanted, problem);
	for (int site = 0; site < SITE_COUNT; site++) {
		if (wanted->address[site] == NULL)
			continue;
		for (int i = 0; i < I2C_PROBE_ADDRESSES; i++) {
			const struct i2c_probe *p = &offer->probe[i];

			if (*wanted->address[site] == 0 && p->chip != NULL &&
				!taken(wanted, p->address))
				*wanted->address[site] = p->address;
		}
	}
	return 0;
}

static int ask(struct i2c_bus *bus, struct offer *offer)
{
	offer->chips = i2c_probe_all(bus, offer->probe);
	return offer->chips;
}

/* A bus that was named: its addresses, and nobody else's chip. */
static int settle(struct i2c_bus *bus, const struct wanted *wanted,
	struct problem *problem)
{
	struct offer offer;

	if (open_sites(wanted) > 0) {
		(void)ask(bus, &offer);
		return choose(bus->name, &offer, wanted, problem);
	}
	for (int site = 0; site < SITE_COUNT; site++) {
		int error;

		if (wanted->address[site] == NULL)
			continue;
		error = i2c_bus_claim(bus, *wanted->address[site], problem);
		if (error != 0)
			return error;
	}
	return 0;
}

struct search {
	int matches, number;
	char all[200]; /* "1, 3" */
	int error, weight; /* most telling one of the buses that did not match */
	struct problem problem;
};

/* One that says what to do weighs more than "nobody answers". */
static int weight(int error, const struct offer *offer)
{
	switch (error) {
	case 0: return 0;
	case -ENOTTY:
	case -EOPNOTSUPP: return 1;
	case -ENOENT: return 2;
	case -EACCES: return 5;
	case -ENODEV: break;
	default: return 6;
	}
	for (int i = 0; i < I2C_PROBE_ADDRESSES; i++)
		if (offer->probe[i].error == 0)
			return 4;
	return 3;
}

static void try_bus(struct sensors *sensors, int number, const struct wanted *wanted,
	struct search *search)
{
	struct problem problem = { "" };
	struct i2c_bus bus;
	struct offer offer = { .chips = 0 };
	size_t used = strlen(search->all);
	char name[16];
	int error;

	snprintf(name, sizeof name, "%d", number);
	error = i2c_bus_open(&bus, sensors->places, name, &problem);
	if (error == 0) {
		(void)ask(&bus, &offer);
		if (satisfies(&offer, wanted)) {
			snprintf(search->all + used, sizeof search->all - used, "%s%d",
				used > 0 ? ", " : "", number);
			search->number = number;
			search->matches++;
		} else {
			error = explain_none(name, &offer, wanted, &problem);
		}
		i2c_bus_close(&bus);
	}
	if (weight(error, &offer) > search->weight) {
		search->weight = weight(error, &offer);
		search->error = error;
		search->problem = problem;
	}
}

/* The one bus that has what is wanted; its number as text in name. */
static int find_auto(struct sensors *sensors, const struct wanted *wanted, char name[16],
	struct problem *problem)
{
	struct i2c_adapter adapters[BUSES_MAX];
	struct search search = { .matches = 0 };
	int count = i2c_bus_list(sensors->places, adapters, BUSES_MAX, problem);

	if (count < 0)
		return count;
	for (int i = 0; i < count && i < BUSES_MAX; i++)
		try_bus(sensors, adapters[i].number, wanted, &search);
	if (search.matches > 1) {
		problem_set(problem, "sensor i2c:auto: sensors answer on several buses: "
			"%s. Write the thigh's, as i2c:%d, and pelvis_bus", search.all,
			search.number);
		return -ENOTUNIQ;
	}
	if (search.matches == 0) {
		problem_set(problem, "%s", search.problem.text);
		return search.error;
	}
	snprintf(name, 16, "%d", search.number);
	return 0;
}

static int open_named(struct sensors *sensors, enum site site,
	const struct wanted *wanted, struct problem *problem)
{
	struct i2c_bus *bus = &sensors->bus[site];
	const char *wish = sensors->wish[site];
	char number[16];
	int error = 0;

	if (strcmp(wish, "auto") == 0) {
		error = find_auto(sensors, wanted, number, problem);
		wish = number;
	}
	if (error == 0)
		error = i2c_bus_open(bus, sensors->places, wish, problem);
	if (error != 0)
		return error;
	error = settle(bus, wanted, problem);
	if (error != 0)
		i2c_bus_close(bus);
	return error;
}

/* Two names can mean one bus, and a bus is locked once only. */
static void share_if_same(struct sensors *sensors)
{
	char path[SITE_COUNT][PATH_MAX];
	int number[SITE_COUNT];

	for (int site = 0; site < SITE_COUNT; site++)
		if (i2c_bus_find(sensors->places, sensors->wish[site], path[site],
			    &number[site], NULL) != 0)
			return;
	if (strcmp(path[SITE_THIGH], path[SITE_PELVIS]) == 0 ||
		(number[SITE_THIGH] >= 0 && number[SITE_THIGH] == number[SITE_PELVIS]))
		sensors->wish[SITE_PELVIS][0] = '\0';
}

int sensors_find(struct sensors *sensors, uint8_t address[SITE_COUNT], bool two,
	struct problem *problem)
{
	struct wanted thigh = { .address = { [SITE_THIGH] = &address[SITE_THIGH] } };
	struct wanted pelvis = { .address = { [SITE_PELVIS] = &address[SITE_PELVIS] } };
	int error;

	if (two && sensors->wish[SITE_PELVIS][0] != '\0')
		share_if_same(sensors);
	if (two && sensors->wish[SITE_PELVIS][0] == '\0')
		thigh.address[SITE_PELVIS] = pelvis.address[SITE_PELVIS];
	if (thigh.address[SITE_PELVIS] != NULL && address[SITE_THIGH] != 0 &&
		address[SITE_THIGH] == address[SITE_PELVIS]) {
		problem_set(problem, "thigh_address and pelvis_address are the same, on "
			"one bus. Give one chip the other address (AD0 or SA0), or "
			"another bus");
		return -EINVAL;
	}
	/* The pelvis' bus first: auto must not find its chip. */
	if (two && sensors->wish[SITE_PELVIS][0] != '\0') {
		error = open_named(sensors, SITE_PELVIS, &pelvis, problem);
		if (error != 0)
			return error;
	}
	error = open_named(sensors, SITE_THIGH, &thigh, problem);
	if (error != 0)
		i2c_bus_close(&sensors->bus[SITE_PELVIS]);
	return error;
}

int sensors_find_again(struct sensors *sensors, enum site site, struct problem *problem)
{
	uint8_t address[SITE_COUNT];
	struct wanted wanted = { .address = { NULL } };

	for (int i = 0; i < SITE_COUNT; i++) {
		address[i] = sensors->stream.side[i].imu.address;
		if (sensors->stream.side[i].used &&
			sensors_bus(sensors, (enum site)i) == &sensors->bus[site])
			wanted.address[i] = &address[i];
	}
	return open_named(sensors, site, &wanted, problem);
}
