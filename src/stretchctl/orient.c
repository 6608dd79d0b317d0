/*
 * stretchctl orient: the orientation filter alone, one row for each row read.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "linux/csv_out.h"
#include "linux/output.h"
#include "linux/recording.h"
#include "stretch/orient.h"
#include "stretch/timebase.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"

struct orient_row {
	int64_t t_us;
	struct quat q[SITE_COUNT];
	struct vec3 up[SITE_COUNT];
};

#define QUAT(site, name_, member) \
	{ .name = (name_), .type = COLUMN_NUMBER, .decimals = 7, \
		.offset = offsetof(struct orient_row, q[site].member), .unit = "", \
		.help = "sensor to earth, scalar first, heading free" }
#define UP(site, name_, member) \
	{ .name = (name_), .type = COLUMN_NUMBER, .decimals = 7, \
		.offset = offsetof(struct orient_row, up[site].member), .unit = "", \
		.help = "unit vector up, sensor frame" }

static const struct column orient_columns[] = {
	{ .name = "t_s", .type = COLUMN_TIME_US,
		.offset = offsetof(struct orient_row, t_us), .unit = "s",
		.help = "as in the recording" },
	QUAT(0, "thigh_qw", w), QUAT(0, "thigh_qx", x), QUAT(0, "thigh_qy", y),
	QUAT(0, "thigh_qz", z), UP(0, "thigh_up_x", x), UP(0, "thigh_up_y", y),
	UP(0, "thigh_up_z", z),
	QUAT(1, "pelvis_qw", w), QUAT(1, "pelvis_qx", x), QUAT(1, "pelvis_qy", y),
	QUAT(1, "pelvis_qz", z), UP(1, "pelvis_up_x", x), UP(1, "pelvis_up_y", y),
	UP(1, "pelvis_up_z", z),
};

#define ORIENT_COLUMNS_ONE 8
#define ORIENT_COLUMNS_TWO 15

struct orient_run {
	struct orient_state state[SITE_COUNT];
	int64_t last_us[SITE_COUNT];
	struct timebase time;
};

static void print_help(void)
{
	puts("Usage: stretchctl orient RECORDING [-o FILE]\n"
	     "\n"
	     "Orientation of each sensor by gyroscope and accelerometer, causal, heading\n"
	     "free: quaternion sensor to earth and the unit vector up in the sensor's\n"
	     "frame, one row for each row read.\n"
	     "\n"
	     "  -o, --output FILE   CSV (default: standard output)\n"
	     "      --help\n"
	     "\n"
	     "Exit status: 0 done; 2 bad input or usage; 3 trouble of the system.");
}

static void step(struct orient_run *run, const struct sample *sample, int sites,
	struct orient_row *row)
{
	struct orient_param param = orient_default();
	bool gap = timebase_step(&run->time, sample->t_us, 3.0, 80000).gap;

	memset(row, 0, sizeof *row);
	row->t_us = sample->t_us;
	for (int site = 0; site < sites; site++) {
		const struct imu_reading *r = &sample->imu[site];
		struct orient_state *state = &run->state[site];
		double dt_s = run->last_us[site] == INT64_MIN ? 0.0
			: (double)(sample->t_us - run->last_us[site]) * 1e-6;

		if (r->present) {
			if (gap && orient_ready(state))
				orient_gap(state, &param);
			orient_step(state, &param, dt_s, r->acc_m_s2, r->gyr_rad_s);
			run->last_us[site] = sample->t_us;
		}
		if (orient_ready(state)) {
			row->q[site] = orient_quat(state);
			row->up[site] = orient_up(state);
		} else {
			row->q[site] = (struct quat){ NAN, NAN, NAN, NAN };
			row->up[site] = (struct vec3){ NAN, NAN, NAN };
		}
	}
}

static int fail(const struct problem *problem, int error)
{
	fprintf(stderr, "stretchctl orient: %s\n", problem->text);
	return problem_exit_status(error);
}

static int write_rows(struct recording *recording, struct csv_out *csv, int sites,
	struct problem *problem)
{
	struct orient_run run = { .last_us = { INT64_MIN, INT64_MIN } };
	struct sample sample;
	struct orient_row row;
	int got;

	timebase_init(&run.time);
	for (int site = 0; site < SITE_COUNT; site++)
		orient_init(&run.state[site]);
	while ((got = recording_next(recording, &sample, NULL, problem)) == 1) {
		(void)raw_round(&sample);
		step(&run, &sample, sites, &row);
		if (csv_out_row(csv, &row) != 0)
			break; /* csv_out_close tells why */
	}
	return got < 0 ? got : 0;
}

static int orient_file(const char *path, const char *output)
{
	static struct csv_out csv; /* holds its buffer */
	struct column_table table = { .file = "orient.csv",
		.help = "orientation of each sensor", .columns = orient_columns };
	struct recording *recording;
	struct problem problem;
	int sites, error = recording_open(&recording, path, NULL, &problem);

	if (error != 0)
		return fail(&problem, error);
	sites = (recording_parts(recording) & RAW_PELVIS) != 0 ? 2 : 1;
	table.count = sites == 2 ? ORIENT_COLUMNS_TWO : ORIENT_COLUMNS_ONE;
	error = csv_out_open(&csv, output, &table, strcmp(output, "-") != 0, &problem);
	if (error == 0) {
		error = write_rows(recording, &csv, sites, &problem);
		if (error != 0)
			csv_out_abort(&csv);
		else
			error = csv_out_close(&csv, &problem);
	}
	recording_close(recording);
	return error != 0 ? fail(&problem, error) : 0;
}

int cmd_orient(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *output = "-";
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (option == 'o') {
			output = optarg;
		} else if (option == 'h') {
			print_help();
			return output_end("stretchctl orient");
		} else {
			return EXIT_USAGE;
		}
	}
	if (optind + 1 < argc)
		return options_refuse("stretchctl orient", argv[optind + 1],
			"one recording at a time");
	if (optind == argc) {
		fprintf(stderr, "stretchctl orient: one recording is wanted. "
			"see stretchctl orient --help\n");
		return EXIT_USAGE;
	}
	return orient_file(argv[optind], output);
}
