/* The command line of stretchctl replay; see replay_options.h. */
#include "stretchctl/replay_options.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "linux/number.h"
#include "linux/recording.h"
#include "stretchctl/command.h"
#include "stretchctl/options.h"

#define START_US 1000000 /* a start event later than that is a press by name */

void replay_print_help(void)
{
	puts("Usage: stretchctl replay RECORDING|SESSION_FOLDER [OPTION...] [KEY=VALUE...]\n"
	     "\n"
	     "Judges a recording with today's program and settings, or a session folder\n"
	     "with the inputs it was judged by.\n"
	     "\n"
	     "  -o, --output DIR        write a session folder (samples, holds, raw, facts)\n"
	     "      --force             replace DIR if replay wrote it before\n"
	     "  -e, --exercise NAME     exercise (usual: what the recording's start event\n"
	     "                          says, else lying-towel)\n"
	     "  -s, --side left|right   side that wears the thigh sensor (the same; left)\n"
	     "      --other-leg bent|straight\n"
	     "      --sensors 1|2       use the thigh sensor only, or both\n"
	     "      --reference-at A..B the start pose is seconds A to B; the straps are\n"
	     "                          then learned from the whole recording\n"
	     "      --smooth            orientation from the whole recording, forwards and\n"
	     "                          backwards; marked as such in the session\n"
	     "  -c, --config FILE       settings file\n"
	     "      --inputs FILE       inputs.json to judge by\n"
	     "  -q, --quiet             no table of holds\n"
	     "      --help\n"
	     "\n"
	     "KEY=VALUE is any setting (stretchd --print-config lists them), for example\n"
	     "hold_s=30 target_lo_deg=55.\n"
	     "\n"
	     "Exit status: 0 judged; 2 bad input or usage; 3 trouble of the system.");
}

static int add_word(struct replay_options *o, const char *word)
{
	if (o->word_count == REPLAY_WORDS_MAX)
		return options_refuse(REPLAY, word, "too many settings");
	o->words[o->word_count++] = word;
	return 0;
}

/* A setting that has an option of its own, as one of the words. */
static int add_setting(struct replay_options *o, const char *key, const char *value)
{
	char *text;

	if (value == NULL)
		return 0;
	if (strlen(value) > SETTING_LINE_MAX)
		return options_refuse(REPLAY, value, "no such value");
	text = o->named[o->named_count++];
	snprintf(text, sizeof o->named[0], "%s=%s", key, value);
	return add_word(o, text);
}

/* "A..B" in seconds; number_parse wants whole tokens. */
static int read_window(struct replay_options *o, const char *text)
{
	const char *dots = strstr(text, "..");
	char first[64];

	if (dots == NULL || (size_t)(dots - text) >= sizeof first)
		return options_refuse(REPLAY, text, "not a window like 1..4");
	memcpy(first, text, (size_t)(dots - text));
	first[dots - text] = '\0';
	if (number_parse(first, 0.0, 1e9, &o->reference_from_s) != 0 ||
		number_parse(dots + 2, 0.0, 1e9, &o->reference_to_s) != 0 ||
		o->reference_to_s <= o->reference_from_s)
		return options_refuse(REPLAY, text, "not a window like 1..4");
	return 0;
}

static int read_sensors(struct replay_options *o, const char *text)
{
	if (strcmp(text, "1") != 0 && strcmp(text, "2") != 0)
		return options_refuse(REPLAY, text, "sensors are 1 or 2");
	o->sensors = text[0] - '0';
	return 0;
}

/* The recording, and settings: what has a "=" and is no file. */
static int read_words(struct replay_options *o, int count, char **words)
{
	int status = 0;

	for (int i = 0; status == 0 && i < count; i++) {
		if (strchr(words[i], '=') != NULL && access(words[i], F_OK) != 0)
			status = add_word(o, words[i]);
		else if (o->path != NULL)
			status = options_refuse(REPLAY, words[i], "one recording at a time");
		else
			o->path = words[i];
	}
	if (status == 0 && o->path == NULL)
		status = options_refuse(REPLAY, "RECORDING", "missing");
	return status;
}

int replay_options_read(struct replay_options *options, int argc, char **argv)
{
	struct replay_options *o = options;
	const char *exercise = NULL, *side = NULL, *other_leg = NULL, *sensors = NULL,
		   *reference = NULL;
	const struct option_slot slots[] = {
		{ "output", 'o', &o->output, NULL },
		{ "force", 0, NULL, &o->force },
		{ "exercise", 'e', &exercise, NULL },
		{ "side", 's', &side, NULL },
		{ "other-leg", 0, &other_leg, NULL },
		{ "sensors", 0, &sensors, NULL },
		{ "reference-at", 0, &reference, NULL },
		{ "config", 'c', &o->config, NULL },
		{ "inputs", 0, &o->inputs, NULL },
		{ "smooth", 0, NULL, &o->smooth },
		{ "quiet", 'q', NULL, &o->quiet },
		{ "help", 0, NULL, &o->help },
	};
	int status;

	*o = (struct replay_options){ .reference_from_s = (double)NAN,
		.reference_to_s = (double)NAN };
	status = options_read(slots, sizeof slots / sizeof slots[0], argc, argv);
	if (status != 0 || o->help)
		return status;
	status = add_setting(o, "exercise", exercise);
	if (status == 0)
		status = add_setting(o, "side", side);
	if (status == 0)
		status = add_setting(o, "other_leg", other_leg);
	if (status == 0 && sensors != NULL)
		status = read_sensors(o, sensors);
	if (status == 0 && reference != NULL)
		status = read_window(o, reference);
	return status != 0 ? status : read_words(o, argc - optind, argv + optind);
}

static bool says(const struct replay_options *o, const char *key)
{
	size_t length = strlen(key);

	for (size_t i = 0; i < o->word_count; i++)
		if (strncmp(o->words[i], key, length) == 0 && o->words[i][length] == '=')
			return true;
	return false;
}

/* What was not said on the command line; a name that is none is left alone. */
static void take_start(struct replay_options *o, const struct event *start)
{
	if (!says(o, "exercise") && exercise_lookup(start->word[0]) != EX_COUNT)
		(void)add_setting(o, "exercise", start->word[0]);
	if (!says(o, "side") && name_lookup(side_names, SIDE_COUNT, start->word[1]) >= 0)
		(void)add_setting(o, "side", start->word[1]);
}

void replay_options_from_start(struct replay_options *o)
{
	struct recording *recording;
	struct sample sample;
	struct problem problem;
	int64_t first_us = INT64_MIN;

	if (o->inputs != NULL || o->config != NULL ||
		recording_open(&recording, o->path, NULL, &problem) != 0)
		return;
	while (recording_next(recording, &sample, NULL, &problem) == 1) {
		if (first_us == INT64_MIN)
			first_us = sample.t_us;
		if (sample.event.kind == EVENT_START)
			take_start(o, &sample.event);
		if (sample.event.kind == EVENT_START || sample.t_us - first_us > START_US)
			break;
	}
	recording_close(recording);
}
