/*
 * What two sensors at 104 Hz cost, on emulated chips (LSM6DSO and LSM6DSL, one bus of
 * 100 kHz, each wake-up up to 1 ms late):
 *
 *   sensing_cost figures SECONDS     bus load and wake-ups, as "NAME|VALUE|UNIT"
 *   sensing_cost record SECONDS      runs the chips and keeps what came over the wire
 *   sensing_cost play SECONDS        the same, then plays it back to a second driver
 *   sensing_cost judge SECONDS       likewise, with the judging behind it
 *   sensing_cost rss PROGRAM WORD... peak memory of a program, in KiB
 *
 * The driver's instructions are those of `play` less those of `record`: sensing_cost.sh.
 */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../support/emul_bus.h"
#include "linux/loop.h"
#include "stretch/session.h"

#define WARM_UP_S 5.0 /* bring-up and the clocks' first lessons */
#define KEPT 4000000  /* bytes of the wire */
#define WAITS 100000

extern char **environ;

/* The wire of a run, in order: results, bytes read, moments of the clock. */
static struct {
	uint8_t bytes[KEPT];
	size_t size, at;
	int64_t now_us[4 * WAITS];
	size_t moments, moment;
	bool full;
} tape;

static struct emul chip[SITE_COUNT];
static struct emul_bus wire;
static struct random chance;
static double clocks; /* of SCL */
static bool playing;
static int64_t end_us;
static struct session_state session;
static struct session_inputs inputs;
static struct session_output output;
static bool judging;

static int wire_read(
	void *context, uint8_t address, uint8_t reg, uint8_t *data, size_t size)
{
	struct bus door = emul_bus_door(&wire);

	(void)context;
	if (playing) {
		memcpy(data, tape.bytes + tape.at, size);
		tape.at += size;
		return 0;
	}
	/* start, address, register, start, address, bytes, stop: nine clocks a byte */
	clocks += 9.0 * (double)(size + 3) + 3.0;
	if (door.read(door.context, address, reg, data, size) != 0)
		return -EIO;
	if (tape.size + size > KEPT) {
		tape.full = true;
		return -EIO;
	}
	memcpy(tape.bytes + tape.size, data, size);
	tape.size += size;
	return 0;
}

static int wire_write(void *context, uint8_t address, uint8_t reg, const uint8_t *data,
	size_t size)
{
	struct bus door = emul_bus_door(&wire);

	(void)context;
	if (playing)
		return 0;
	clocks += 9.0 * (double)(size + 2) + 2.0;
	return door.write(door.context, address, reg, data, size);
}

static int64_t now(void *context)
{
	(void)context;
	if (playing)
		return tape.now_us[tape.moment < tape.moments ? tape.moment++
							      : tape.moments - 1];
	if (tape.moments < 4 * WAITS)
		tape.now_us[tape.moments++] = wire.now_us;
	else
		tape.full = true;
	return wire.now_us;
}

static int wait_until(void *context, struct pollfd *fds, nfds_t count, int64_t until_us,
	const sigset_t *mask)
{
	(void)context;
	(void)fds;
	(void)count;
	(void)mask;
	if (!playing && until_us > wire.now_us)
		emul_bus_advance(
			&wire, until_us + (int64_t)random_between(&chance, 0.0, 1000.0));
	return 0;
}

static bool take(void *context, const struct sample *sample)
{
	(void)context;
	if (playing && judging)
		session_step(&session, &inputs, sample, &output);
	return playing ? tape.moment < tape.moments : wire.now_us < end_us;
}

static struct loop *begin(struct sensors *sensors, struct source *source,
	struct loop *loop)
{
	static const struct loop_clock clock = { .now_us = now, .wait = wait_until };
	static const struct bus door = { NULL, wire_read, wire_write };

	sensors_init(sensors);
	sensors_put(sensors, SITE_THIGH, &door, 0x6A, CHIP_RATE_100);
	sensors_put(sensors, SITE_PELVIS, &door, 0x6B, CHIP_RATE_100);
	memset(source, 0, sizeof *source);
	source->sensors = sensors;
	loop_init(loop, &clock);
	loop->sample = take;
	return loop;
}

static void build_chips(void)
{
	emul_bus_init(&wire);
	random_seed(&chance, 1, 1);
	emul_init(&chip[0], EMUL_LSM6DSO, 0x6A, 1);
	emul_init(&chip[1], EMUL_LSM6DSL, 0x6B, 2);
	for (int i = 0; i < SITE_COUNT; i++)
		emul_bus_add(&wire, &chip[i]);
	emul_bus_advance(&wire, 1000000);
}

static void begin_session(void)
{
	settings_default(&inputs.settings);
	inputs.mode = MODE_THIGH_PELVIS;
	inputs.settings.hold_s = 30.0;
	for (int site = 0; site < SITE_COUNT; site++)
		inputs.calib[site] = calib_none();
	inputs.reference_from_us = inputs.reference_to_us = -1;
	inputs.armed = true;
	(void)session_init(&session, &inputs);
}

/* The chips for so long, everything kept on the tape. */
static int record(double seconds, bool print)
{
	static struct sensors sensors;
	struct source source;
	struct loop loop;
	struct problem problem;
	int64_t start_us;
	uint64_t wakeups, transfers;

	build_chips();
	end_us = wire.now_us + (int64_t)(WARM_UP_S * 1e6);
	(void)loop_run(begin(&sensors, &source, &loop), &source, &problem);
	start_us = wire.now_us;
	wakeups = loop.wakeups;
	transfers = wire.transfers;
	clocks = 0.0;
	end_us = start_us + (int64_t)(seconds * 1e6);
	(void)loop_run(&loop, &source, &problem);
	seconds = (double)(wire.now_us - start_us) * 1e-6;
	if (tape.full || loop.samples == 0)
		return 1;
	if (!print)
		return 0;
	printf("bus load, two sensors at 104 Hz, 100 kHz|%.1f|%%\n",
		clocks / 1e5 / seconds * 100.0);
	printf("bus transfers, two sensors at 104 Hz|%.0f|transfers/s\n",
		(double)(wire.transfers - transfers) / seconds);
	printf("wake-ups, two sensors at 104 Hz (goal 25)|%.1f|wake-ups/s\n",
		(double)(loop.wakeups - wakeups) / seconds);
	return 0;
}

static int play(void)
{
	static struct sensors sensors;
	struct source source;
	struct loop loop;
	struct problem problem;

	playing = true;
	begin_session();
	(void)loop_run(begin(&sensors, &source, &loop), &source, &problem);
	/* The very same transfers, or it was another run. */
	return tape.at + 2000 > tape.size && loop.samples > 0 ? 0 : 1;
}

static int peak_rss(char **words)
{
	struct rusage usage;
	pid_t pid;
	int status;

	if (posix_spawn(&pid, words[0], NULL, NULL, words, environ) != 0 ||
		wait4(pid, &status, 0, &usage) != pid || status != 0)
		return 1;
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}

int main(int argc, char **argv)
{
	double seconds = argc == 3 ? strtod(argv[2], NULL) : 0.0;

	if (argc >= 3 && strcmp(argv[1], "rss") == 0)
		return peak_rss(argv + 2);
	if (!(seconds > 0.0)) {
		fprintf(stderr, "usage: sensing_cost figures|record|play|judge SECONDS, "
			"or rss PROGRAM WORD...\n");
		return 2;
	}
	judging = strcmp(argv[1], "judge") == 0;
	if (record(seconds, strcmp(argv[1], "figures") == 0) != 0)
		return 1;
	if (judging || strcmp(argv[1], "play") == 0)
		return play();
	return 0;
}
