/*
 * stretchctl calibrate: accelerometer and gyroscope bias of one sensor.
 *
 * Samples come through a callback, so that a recording and a live sensor take the
 * same way: collect still windows, fit, judge, write only what passed.
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "linux/clock.h"
#include "linux/number.h"
#include "linux/recording.h"
#include "stretchctl/calib_guide.h"
#include "stretchctl/calib_report.h"
#include "stretchctl/command.h"

#define TIME_MAX_S 1e9
#define IDLE_MAX_US INT64_C(120000000) /* guided: without a new window */

struct calibrate_options {
	const char *from, *chip, *output;
	enum site site;
	double until_s, gravity_m_s2, speed;
	int32_t parameters; /* 0: auto */
	bool guided, help;
};

/* Where samples come from: 1 with *sample filled, 0 at the end, negative errno. */
struct sample_feed {
	int (*next)(void *context, struct sample *sample, struct problem *problem);
	void *context;
	double speed; /* times real time, for a guided run; 0: as fast as it goes */
};

/* clang-format off */
static void print_help(void)
{
	puts("Usage: stretchctl calibrate --from RECORDING [OPTION...] [-o FILE]\n"
	"\n"
	"Finds bias and scale (six parameters), or cross-axis terms too (nine), of an\n"
	"accelerometer, and its gyroscope's bias, from the moments at which it was\n"
	"still in many directions. calibration/README.md shows how to hold it.\n"
	"\n"
	"      --from RECORDING     raw.csv or raw.csv.gz; - is standard input\n"
	"      --site thigh|pelvis  which sensor of the recording (default thigh)\n"
	"  -o, --output FILE        calibration file; without it none is written\n"
	"      --parameters 6|9|auto\n"
	"                           auto (default) takes what the directions allow and\n"
	"                           what predicts left-out windows better; 6 is content\n"
	"                           with six faces once, and says so\n"
	"      --until S            fit what ends before second S, and check the fit by\n"
	"                           what comes later\n"
	"      --gravity G          m/s^2 at your place, 9.75..9.85 (default 9.81);\n"
	"                           scale and gravity cannot be told apart, and no\n"
	"                           angle depends on it\n"
	"      --chip NAME          the chip it is for, such as MPU-6050:blue\n"
	"      --guided             show the dialogue, at the recording's own pace\n"
	"      --speed X            of --guided, times real time (default 1)\n"
	"      --help\n"
	"\n"
	"Exit status: 0 good (and written); 1 refused, nothing written, an older file\n"
	"stays; 2 bad input or usage; 3 trouble of the system.");
}
/* clang-format on */

static int refuse(const char *text, const char *what)
{
	fprintf(stderr, "stretchctl calibrate: %s: %s. see stretchctl calibrate --help\n",
		text, what);
	return EXIT_USAGE;
}

static int fail(const struct problem *problem, int error)
{
	fprintf(stderr, "stretchctl calibrate: %s\n", problem->text);
	return problem_exit_status(error);
}

/* ---- options ---- */

enum {
	OPT_FROM = 256,
	OPT_SITE,
	OPT_UNTIL,
	OPT_PARAMETERS,
	OPT_GRAVITY,
	OPT_CHIP,
	OPT_GUIDED,
	OPT_SPEED,
	OPT_HELP
};

static const struct option long_options[] = {
	{ "from", required_argument, NULL, OPT_FROM },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "parameters", required_argument, NULL, OPT_PARAMETERS },
	{ "gravity", required_argument, NULL, OPT_GRAVITY },
	{ "chip", required_argument, NULL, OPT_CHIP },
	{ "output", required_argument, NULL, 'o' },
	{ "guided", no_argument, NULL, OPT_GUIDED },
	{ "speed", required_argument, NULL, OPT_SPEED },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int read_number(
	const char *text, double low, double high, double *value, const char *wanted)
{
	return number_parse(text, low, high, value) != 0 ? refuse(text, wanted) : 0;
}

static int read_site(struct calibrate_options *o, const char *text)
{
	for (int site = 0; site < SITE_COUNT; site++)
		if (strcmp(text, site_names[site]) == 0) {
			o->site = (enum site)site;
			return 0;
		}
	return refuse(text, "the site is thigh or pelvis");
}

static int read_parameters(struct calibrate_options *o, const char *text)
{
	if (strcmp(text, "6") == 0)
		o->parameters = 6;
	else if (strcmp(text, "9") == 0)
		o->parameters = 9;
	else if (strcmp(text, "auto") == 0)
		o->parameters = 0;
	else
		return refuse(text, "parameters are 6, 9 or auto");
	return 0;
}

static int read_option(struct calibrate_options *o, int option)
{
	switch (option) {
	case OPT_FROM: o->from = optarg; return 0;
	case OPT_SITE: return read_site(o, optarg);
	case OPT_UNTIL:
		return read_number(
			optarg, 0.0, TIME_MAX_S, &o->until_s, "not a time in seconds");
	case OPT_PARAMETERS: return read_parameters(o, optarg);
	case OPT_GRAVITY:
		return read_number(optarg, CALIB_GRAVITY_MIN_M_S2, CALIB_GRAVITY_MAX_M_S2,
			&o->gravity_m_s2, "gravity is 9.75..9.85 m/s^2");
	case OPT_CHIP:
		o->chip = optarg;
		return sealed_chip_wrong(optarg) != NULL
			? refuse(optarg, sealed_chip_wrong(optarg))
			: 0;
	case 'o': o->output = optarg; return 0;
	case OPT_GUIDED: o->guided = true; return 0;
	case OPT_SPEED:
		return read_number(optarg, 0.1, 1000.0, &o->speed, "speed is 0.1..1000");
	case OPT_HELP: o->help = true; return 0;
	default: return EXIT_USAGE; /* getopt has said it */
	}
}

static int read_command(struct calibrate_options *o, int argc, char **argv)
{
	int option, status = 0;

	optind = 0;
	while (status == 0 &&
		(option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1)
		status = read_option(o, option);
	if (status != 0 || o->help)
		return status;
	if (optind < argc)
		return refuse(argv[optind], "not an option; a recording follows --from");
	if (o->from == NULL)
		return refuse("--from",
			"missing. A live sensor cannot be calibrated yet: "
			"record it first");
	if (o->output != NULL && (o->output[0] == '\0' || strcmp(o->output, "-") == 0))
		return refuse(o->output, "a calibration needs a file name");
	return 0;
}

/* ---- samples in ---- */

static int next_of_recording(
	void *context, struct sample *sample, struct problem *problem)
{
	int got = recording_next(context, sample, NULL, problem);

	if (got == 1)
		(void)raw_round(sample);
	return got;
}

/* Guided: waits until the moment of the sample. */
static void keep_pace(
	const struct sample_feed *feed, int64_t t_us, int64_t first_us, int64_t begin_us)
{
	if (feed->speed > 0.0)
		clock_sleep_until_us(
			begin_us + (int64_t)((double)(t_us - first_us) / feed->speed));
}

/* Enough, and the newest window has had its time. */
static bool guided_done(const struct calib_guide *guide, const struct calib_collect *c)
{
	return calib_sphere_enough(&c->sphere, guide->parameters) == CALIB_ENOUGH &&
		(c->open < 0 || c->still_s >= 2.0 * guide->window_s);
}

static int collect(const struct calibrate_options *o, const struct sample_feed *feed,
	struct calib_collect *c, struct problem *problem)
{
	struct calib_collect_param param = calib_collect_default();
	int64_t until_us = (int64_t)llround(o->until_s * 1e6);
	int64_t begin_us = clock_monotonic_us(), first_us = 0, fresh_us = 0;
	struct calib_guide guide;
	struct sample sample;
	bool first = true, before = true;
	int32_t windows = 0;
	int got;

	calib_collect_init(c);
	if (o->guided)
		calib_guide_begin(&guide, stdout, o->parameters == 6 ? 6 : 9, &param);
	while ((got = feed->next(feed->context, &sample, problem)) == 1) {
		if (first)
			first_us = fresh_us = sample.t_us;
		first = false;
		if (before && sample.t_us >= until_us)
			calib_collect_break(c);
		before = sample.t_us < until_us;
		calib_collect_step(c, &param, sample.t_us, &sample.imu[o->site]);
		if (!o->guided)
			continue;
		keep_pace(feed, sample.t_us, first_us, begin_us);
		calib_guide_step(&guide, c, sample.t_us);
		if (c->count > windows)
			fresh_us = sample.t_us;
		windows = c->count;
		if (sample.t_us - fresh_us > IDLE_MAX_US || guided_done(&guide, c))
			break;
	}
	if (o->guided)
		calib_guide_end(&guide, c);
	return got < 0 ? got : 0;
}

static int collect_recording(const struct calibrate_options *o, struct calib_collect *c)
{
	/* other programs' events are of no interest here */
	const struct recording_options loose = { .loose_events = true };
	struct sample_feed feed = { .next = next_of_recording,
		.speed = o->guided ? o->speed : 0.0 };
	struct recording *recording;
	struct problem problem;
	int error = recording_open(&recording, o->from, &loose, &problem);

	if (error != 0)
		return fail(&problem, error);
	if (o->site == SITE_PELVIS && (recording_parts(recording) & RAW_PELVIS) == 0) {
		recording_close(recording);
		return refuse(o->from, "it has no pelvis sensor");
	}
	feed.context = recording;
	error = collect(o, &feed, c, &problem);
	if (error == 0 && recording_stats(recording).torn > 0)
		fprintf(stderr,
			"stretchctl calibrate: %s: the last row was torn and is "
			"left out\n",
			o->from);
	recording_close(recording);
	return error != 0 ? fail(&problem, error) : 0;
}

/* ---- verdict ---- */

static int write_file(const struct calibrate_options *o, struct calib_verdict *v)
{
	struct problem problem;
	int error;

	v->file.site = o->site;
	(void)snprintf(v->file.chip, sizeof v->file.chip, "%s", o->chip);
	if (clock_trust() == CLOCK_NONE)
		(void)snprintf(v->file.date, sizeof v->file.date, "undated");
	else
		clock_iso(v->file.date);
	error = calib_file_write(o->output, &v->file, &problem);
	return error != 0 ? fail(&problem, error) : 0;
}

static int report(const struct calibrate_options *o, const struct calib_collect *c,
	const struct calib_wish *wish, struct calib_verdict *v)
{
	int status = 0;

	if (c->count > 0)
		calib_report_windows(c, wish, v);
	if (v->have_fit)
		calib_report_fit(v);
	if (c->full)
		printf("More than %d windows: the later ones were left out.\n",
			CALIB_WINDOWS_MAX);
	if (v->good && v->note[0] != '\0')
		printf("Note: %s.\n", v->note);
	if (v->good && o->output != NULL)
		status = write_file(o, v);
	if (v->good && status == 0)
		printf("Good%s%s.\n", o->output != NULL ? ", written to " : "",
			o->output != NULL ? o->output : "");
	if (fflush(stdout) != 0)
		return EXIT_SYSTEM;
	if (v->good)
		return status;
	fprintf(stderr, "stretchctl calibrate: refused, nothing written: %s\n",
		v->reason);
	return EXIT_NO;
}

int cmd_calibrate(int argc, char **argv)
{
	static struct calib_collect c;
	static struct calib_verdict v;
	struct calibrate_options o = { .chip = "",
		.until_s = TIME_MAX_S,
		.gravity_m_s2 = GRAVITY_M_S2,
		.speed = 1.0 };
	struct calib_wish wish;
	int status = read_command(&o, argc, argv);

	if (status != 0)
		return status;
	if (o.help) {
		print_help();
		return fflush(stdout) == 0 ? 0 : EXIT_SYSTEM;
	}
	status = collect_recording(&o, &c);
	if (status != 0)
		return status;
	wish = (struct calib_wish){ o.parameters, o.gravity_m_s2,
		(int64_t)llround(o.until_s * 1e6) };
	calib_judge(&c, &wish, &v);
	return report(&o, &c, &wish, &v);
}
