/*
 * stretchctl calibrate: the options, and which of the two jobs is to be done.
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "linux/calib_file.h"
#include "linux/clock.h"
#include "linux/config.h"
#include "linux/number.h"
#include "linux/output.h"
#include "stretchctl/calib_poses.h"
#include "stretchctl/calibrate.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"

#define TIME_MAX_S 1e9

/* clang-format off */
static void print_help(void)
{
	puts("Usage: stretchctl calibrate --from RECORDING [OPTION...] [-o FILE]\n"
	"       stretchctl calibrate --sensor SENSOR [OPTION...] [KEY=VALUE...] [-o FILE]\n"
	"       stretchctl calibrate --alignment --from RECORDING|--sensor SENSOR\n"
	"                            [--pose NAME[@A..B]]... [OPTION...] [-o FILE]\n"
	"\n"
	"Finds bias and scale (six parameters), or cross-axis terms too (nine), of an\n"
	"accelerometer, and its gyroscope's bias, from the moments at which it was\n"
	"still in many directions. calibration/README.md shows how to hold it.\n"
	"With --alignment: how the worn sensors sit, from two poses or more.\n"
	"\n"
	"      --from RECORDING     raw.csv or raw.csv.gz; - is standard input\n"
	"      --sensor SENSOR      a live one, with a dialogue: replay:FILE,\n"
	"                           simulate:EXERCISE or i2c:BUS (i2c:auto; while\n"
	"                           stretchd has the bus, through stretchd)\n"
	"  -c, --config FILE        settings file, for the sensor (of i2c: the service's,\n"
	"                           if there is one); KEY=VALUE is any setting, such\n"
	"                           as pelvis=yes\n"
	"      --site thigh|pelvis  which sensor (default thigh; alignment: all)\n"
	"  -o, --output FILE        file to write; without it none is written\n"
	"      --chip NAME          the chip it is for, such as MPU-6050:blue\n"
	"      --guided             --from: show the dialogue, at the recording's pace\n"
	"      --speed X            of a dialogue without a chip, times real time (1)\n"
	"      --help\n"
	"\n"
	"The chip:\n"
	"      --parameters 6|9|auto\n"
	"                           auto (default) takes what the directions allow and\n"
	"                           what predicts left-out windows better; 6 is content\n"
	"                           with six faces once, and says so\n"
	"      --until S            fit what ends before second S, and check the fit by\n"
	"                           what comes later\n"
	"      --gravity G          m/s^2 at your place, 9.75..9.85 (default 9.81);\n"
	"                           scale and gravity cannot be told apart, and no\n"
	"                           angle depends on it\n"
	"\n"
	"The straps (--alignment):\n"
	"      --pose NAME@A..B     the pose is kept from second A to B of the recording\n"
	"      --pose NAME          or: the poses in the order in which they are kept\n"
	"                           still (default: lying, then standing). Thigh: lying\n"
	"                           or sitting, and standing or raise (40 degrees and\n"
	"                           more). Pelvis: lying, and sitting or standing; lying\n"
	"                           and raise if it tilts by 10 degrees\n"
	"      --calibration FILE   of the sensor's chip; once for each sensor\n"
	"      --side left|right    the leg it is on; a session of the other refuses it\n"
	"\n"
	"Exit status: 0 good (and written); 1 refused, nothing written, an older file\n"
	"stays; 2 bad input or usage; 3 trouble of the system.");
}
/* clang-format on */

static int refuse(const char *text, const char *what)
{
	return options_refuse(CALIBRATE, text, what);
}

int calibrate_fail(const struct problem *problem, int error)
{
	fprintf(stderr, CALIBRATE ": %s\n", problem->text);
	return problem_exit_status(error);
}

void calibrate_date(char text[40])
{
	if (clock_trust() == CLOCK_NONE)
		(void)snprintf(text, 40, "undated");
	else
		clock_iso(text);
}

int calibrate_settings(const struct calibrate_options *o, struct settings *settings)
{
	static struct config_mistakes mistakes;
	const char *wrong = NULL;
	/* a chip on the service's bus is the one that its settings describe */
	bool worn = o->sensor != NULL && strncmp(o->sensor, "i2c:", 4) == 0;
	const char *file = worn ? config_choose_file(o->config, CONFIG_SERVICE_FILE)
		: o->config;
	int error = config_load(settings, file, o->words, o->word_count, &mistakes);

	if (error != 0) {
		config_print_mistakes(&mistakes, stderr);
		return problem_exit_status(error);
	}
	if (o->sensor != NULL)
		wrong = setting_put_text(settings, setting_find("sensor"), o->sensor);
	if (wrong != NULL)
		return refuse(o->sensor, wrong);
	if (o->speed > 0.0)
		settings->speed = o->speed;
	if (o->site_given && o->site == SITE_PELVIS)
		settings->pelvis = 1;
	return 0;
}

/* ---- options ---- */

enum {
	OPT_FROM = 256,
	OPT_SENSOR,
	OPT_SITE,
	OPT_UNTIL,
	OPT_PARAMETERS,
	OPT_GRAVITY,
	OPT_CHIP,
	OPT_GUIDED,
	OPT_SPEED,
	OPT_ALIGNMENT,
	OPT_POSE,
	OPT_CALIBRATION,
	OPT_SIDE,
	OPT_HELP
};

static const struct option long_options[] = {
	{ "from", required_argument, NULL, OPT_FROM },
	{ "sensor", required_argument, NULL, OPT_SENSOR },
	{ "config", required_argument, NULL, 'c' },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "parameters", required_argument, NULL, OPT_PARAMETERS },
	{ "gravity", required_argument, NULL, OPT_GRAVITY },
	{ "chip", required_argument, NULL, OPT_CHIP },
	{ "output", required_argument, NULL, 'o' },
	{ "guided", no_argument, NULL, OPT_GUIDED },
	{ "speed", required_argument, NULL, OPT_SPEED },
	{ "alignment", no_argument, NULL, OPT_ALIGNMENT },
	{ "pose", required_argument, NULL, OPT_POSE },
	{ "calibration", required_argument, NULL, OPT_CALIBRATION },
	{ "side", required_argument, NULL, OPT_SIDE },
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
	int site = name_lookup(site_names, SITE_COUNT, text);

	if (site < 0)
		return refuse(text, "the site is thigh or pelvis");
	o->site = (enum site)site;
	o->site_given = true;
	return 0;
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

/* "A..B" in seconds. */
static bool read_window(const char *text, struct pose_take *take)
{
	const char *dots = strstr(text, "..");
	char first[64];
	double from_s, to_s;

	if (dots == NULL || (size_t)(dots - text) >= sizeof first)
		return false;
	memcpy(first, text, (size_t)(dots - text));
	first[dots - text] = '\0';
	if (number_parse(first, 0.0, TIME_MAX_S, &from_s) != 0 ||
		number_parse(dots + 2, 0.0, TIME_MAX_S, &to_s) != 0 || to_s <= from_s)
		return false;
	take->from_us = (int64_t)llround(from_s * 1e6);
	take->to_us = (int64_t)llround(to_s * 1e6);
	return true;
}

/* "NAME" or "NAME@A..B" */
static int read_pose(struct calibrate_options *o, const char *text)
{
	const char *at = strchr(text, '@');
	size_t length = at != NULL ? (size_t)(at - text) : strlen(text);
	struct pose_take take = { .from_us = -1, .to_us = -1 };
	char name[24] = "";
	int pose;

	if (o->pose_count == POSE_TAKES_MAX)
		return refuse(text, "too many poses; four at most");
	if (length < sizeof name)
		memcpy(name, text, length);
	pose = name_lookup(pose_names, POSE_COUNT, name);
	if (pose < 0 || pose_words[pose] == NULL)
		return refuse(text, "poses are lying, sitting, standing and raise");
	take.pose = (enum pose)pose;
	if (at != NULL && !read_window(at + 1, &take))
		return refuse(text, "not a pose with its window, like lying@2..6");
	if (o->pose_count > 0 && (o->poses[0].from_us < 0) != (take.from_us < 0))
		return refuse(text, "give a window for every pose, or for none");
	o->poses[o->pose_count++] = take;
	return 0;
}

static int read_side(struct calibrate_options *o, const char *text)
{
	o->side = text;
	return name_lookup(side_names, SIDE_COUNT, text) < 0
		? refuse(text, "the side is left or right")
		: 0;
}

static int read_calibration(struct calibrate_options *o, const char *text)
{
	if (o->calibrations == SITE_COUNT)
		return refuse(text, "one calibration for each sensor");
	o->calibration[o->calibrations++] = text;
	return 0;
}

static int read_option(struct calibrate_options *o, int option)
{
	switch (option) {
	case OPT_FROM: o->from = optarg; return 0;
	case OPT_SENSOR: o->sensor = optarg; return 0;
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
	case 'c': o->config = optarg; return 0;
	case OPT_GUIDED: o->guided = true; return 0;
	case OPT_SPEED:
		return read_number(optarg, 0.1, 1000.0, &o->speed, "speed is 0.1..1000");
	case OPT_ALIGNMENT: o->alignment = true; return 0;
	case OPT_POSE: return read_pose(o, optarg);
	case OPT_CALIBRATION: return read_calibration(o, optarg);
	case OPT_SIDE: return read_side(o, optarg);
	case OPT_HELP: o->help = true; return 0;
	default: return EXIT_USAGE; /* getopt has said it */
	}
}

/* Options that are right one by one. */
static int check_options(const struct calibrate_options *o)
{
	if (o->from == NULL && o->sensor == NULL && o->config == NULL)
		return refuse("--from", "missing; or --sensor for a live one");
	if (o->from != NULL && o->sensor != NULL)
		return refuse("--sensor", "not together with --from");
	if (o->output != NULL && (o->output[0] == '\0' || strcmp(o->output, "-") == 0))
		return refuse(o->output, "a calibration needs a file name");
	if (!o->alignment && o->pose_count > 0)
		return refuse("--pose", "only with --alignment");
	if (!o->alignment && o->calibrations > 0)
		return refuse("--calibration", "only with --alignment");
	if (!o->alignment && o->side != NULL)
		return refuse("--side", "only with --alignment");
	if (o->pose_count > 0 && o->poses[0].from_us >= 0 && o->from == NULL)
		return refuse("--pose",
			"a live sensor has no seconds to name yet; give "
			"the names alone");
	return 0;
}

static int read_command(struct calibrate_options *o, int argc, char **argv)
{
	int option, status = 0;

	optind = 0;
	while (status == 0 &&
		(option = getopt_long(argc, argv, "o:c:", long_options, NULL)) != -1)
		status = read_option(o, option);
	if (status != 0 || o->help)
		return status;
	for (int i = optind; i < argc; i++) {
		if (strchr(argv[i], '=') == NULL || o->word_count == CALIBRATE_WORDS_MAX)
			return refuse(
				argv[i], "not KEY=VALUE; a recording follows --from");
		o->words[o->word_count++] = argv[i];
	}
	if (o->alignment && o->pose_count == 0) {
		(void)read_pose(o, pose_names[POSE_LYING]);
		(void)read_pose(o, pose_names[POSE_STANDING]);
	}
	return check_options(o);
}

int cmd_calibrate(int argc, char **argv)
{
	struct calibrate_options o = {
		.chip = "", .until_s = TIME_MAX_S, .gravity_m_s2 = GRAVITY_M_S2
	};
	int status = read_command(&o, argc, argv), ended;

	if (status != 0)
		return status;
	if (o.help) {
		print_help();
		return output_end(CALIBRATE);
	}
	calib_feed_catch();
	status = o.alignment ? calibrate_alignment(&o) : calibrate_chip(&o);
	ended = output_end(CALIBRATE);
	return ended != 0 ? ended : status;
}
