/*
 * Settings that are right one by one and wrong together.
 *
 * Each rule is one function that knows its two or three settings. A dose that
 * neither the settings nor the exercise's source give is such a conflict too:
 * nothing is made up in its place.
 */
#include "stretch/setting.h"

#include <math.h>
#include <string.h>

#define CONTROL_PATH_MAX 107

struct finder {
	void (*found)(void *context, const char *key, const char *wrong,
		const char *advice);
	void *context;
	int count;
};

static void report(struct finder *finder, const char *key, const char *wrong,
	const char *advice)
{
	finder->found(finder->context, key, wrong, advice);
	finder->count++;
}

static void check_dose(struct finder *finder, const struct settings *s)
{
	const struct exercise *exercise = &exercises[s->exercise];
	double hold_s = isnan(s->hold_s) ? exercise->hold_s : s->hold_s;

	if (exercise->judging == JUDGE_REFUSED) {
		report(finder, "exercise", "this one is listed but not done: "
			"its source is not safe to follow by a sensor",
			"write another exercise");
		return;
	}
	if (exercise->judging != JUDGE_COUNTED && isnan(hold_s))
		report(finder, "hold_s", "the exercise's source gives no hold time",
			"write the prescribed seconds");
	if (s->reps == 0 && exercise->reps == 0)
		report(finder, "reps", "the exercise's source gives no number",
			"write the prescribed number");
	if (hold_s > s->hold_max_s)
		report(finder, "hold_max_s", "it is shorter than the hold itself",
			"write more than hold_s");
}

enum band_wrong setting_band_wrong(const struct settings *s, double target_lo_deg,
	double cap_deg)
{
	const struct exercise *exercise = &exercises[s->exercise];
	double least = exercise->band_low_deg, most = exercise->band_high_deg;

	if (exercise->judging == JUDGE_RAISE)
		most = s->band_top_deg;
	if (exercise->judging == JUDGE_DOORWAY) {
		least = s->doorway_low_deg;
		most = s->doorway_high_deg;
	}
	if (target_lo_deg >= cap_deg)
		return BAND_UPSIDE_DOWN;
	if (least >= cap_deg)
		return BAND_CAP_LOW;
	return isnan(cap_deg) && target_lo_deg >= most ? BAND_TARGET_HIGH : BAND_RIGHT;
}

const struct band_words setting_band_words[] = {
	[BAND_UPSIDE_DOWN] = { "it is not above target_lo_deg", "write a larger cap_deg" },
	[BAND_CAP_LOW] = { "this exercise begins higher", "write a larger cap_deg" },
	[BAND_TARGET_HIGH] = { "it is not below the usual cap of this exercise",
		"write a smaller target_lo_deg, or cap_deg too" },
};

/* Either edge may be blank: it then comes from calm raises, or is the exercise's. */
static void check_band(struct finder *finder, const struct settings *s)
{
	enum band_wrong wrong = setting_band_wrong(s, s->target_lo_deg, s->cap_deg);

	if (wrong != BAND_RIGHT)
		report(finder, wrong == BAND_TARGET_HIGH ? "target_lo_deg" : "cap_deg",
			setting_band_words[wrong].wrong, setting_band_words[wrong].advice);
}

/* Pairs of which the first must not exceed the second. */
static void check_order(struct finder *finder, const struct settings *s)
{
	if (s->slip_flag_deg > s->slip_untrusted_deg)
		report(finder, "slip_untrusted_deg", "it is below slip_flag_deg",
			"write at least slip_flag_deg");
	if (s->plane_medium_deg > s->plane_low_deg)
		report(finder, "plane_low_deg", "it is below plane_medium_deg",
			"write at least plane_medium_deg");
	if (s->doorway_low_deg >= s->doorway_high_deg)
		report(finder, "doorway_high_deg", "it is not above doorway_low_deg",
			"write a larger doorway_high_deg");
	if (s->gap_min_ms > s->gap_reference_s * 1000.0)
		report(finder, "gap_reference_s", "it is shorter than gap_min_ms",
			"write a longer gap_reference_s");
}

static void check_lines(struct finder *finder, const struct settings *s)
{
	const struct {
		const char *key, *line;
		bool wanted;
	} lines[] = {
		{ "led_red_line", s->led_red_line,
			s->led_mode == LED_THREE || s->led_mode == LED_RGB },
		{ "led_amber_line", s->led_amber_line, s->led_mode == LED_THREE },
		{ "led_green_line", s->led_green_line,
			s->led_mode == LED_THREE || s->led_mode == LED_RGB },
		{ "buzzer_line", s->buzzer_line, false },
		{ "button_line", s->button_line, false },
		{ "data_ready_thigh", s->data_ready_thigh, false },
		{ "data_ready_pelvis", s->data_ready_pelvis, false },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (lines[i].line[0] == '\0') {
			if (lines[i].wanted)
				report(finder, lines[i].key,
					"led_mode wants this line",
					"write a line such as \"GPIO17\"");
			continue;
		}
		for (size_t j = 0; j < i; j++) {
			if (strcmp(lines[i].line, lines[j].line) == 0)
				report(finder, lines[i].key,
					"this line is used for something else too",
					"write a line of its own");
		}
	}
}

static void check_sensor(struct finder *finder, const struct settings *s)
{
	if (strncmp(s->sensor, "i2c:", 4) != 0)
		return;
	if (s->speed < 1.0 || s->speed > 1.0)
		report(finder, "speed", "a real sensor cannot be sped up",
			"write 1, or a sensor of simulate: or replay:");
	if (s->pelvis && s->pelvis_bus[0] == '\0' && s->thigh_address != 0 &&
		s->pelvis_address == s->thigh_address)
		report(finder, "pelvis_address", "it is the thigh sensor's on the same bus",
			"write another address, or a pelvis_bus");
}

/* The kernel's limit for the name of a Unix socket. */
static void check_control(struct finder *finder, const struct settings *s)
{
	if (strlen(s->control) > CONTROL_PATH_MAX)
		report(finder, "control", "it is too long for a socket",
			"write a path of at most 107 bytes");
}

int settings_conflicts(const struct settings *settings,
	void (*found)(void *context, const char *key, const char *wrong,
		const char *advice),
	void *context)
{
	struct finder finder = { .found = found, .context = context };

	check_dose(&finder, settings);
	check_band(&finder, settings);
	check_order(&finder, settings);
	check_lines(&finder, settings);
	check_sensor(&finder, settings);
	check_control(&finder, settings);
	return finder.count;
}
