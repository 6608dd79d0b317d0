/* The daemon's answer to `status` as lines for people; see status_view.h. */
#include "stretchctl/status_view.h"

#include <math.h>
#include <string.h>

#include "linux/term.h"
#include "stretch/fmt.h"
#include "stretchctl/watch_view.h"

static void line(FILE *out, const char *name, const char *text)
{
	if (text[0] != '\0')
		fprintf(out, "%-9s %s\n", name, text);
}

static void print_session(const struct watch_view *v, FILE *out)
{
	if (v->waiting) {
		fprintf(out, "%-9s %s\n", "session",
			v->why[0] != '\0' ? v->why : "none: dark until the wearer moves");
		return;
	}
	fprintf(out, "%-9s %s, %s leg, of %s", "session", v->exercise, v->side, v->wearer);
	if (v->steps > 0)
		fprintf(out, ", step %d of %d", v->step, v->steps);
	fputc('\n', out);
}

static void print_hold(const struct watch_view *v, FILE *out)
{
	char counted[FMT_NUMBER_MAX], wanted[FMT_NUMBER_MAX];
	char words[TERM_WORDS_MAX];

	if (v->hold == 0)
		return;
	fmt_fixed(counted, v->counted_s, 1);
	fmt_fixed(wanted, v->prescribed_s, 0);
	term_hold_words(v->hold, v->holds, v->holds_done, words, sizeof words);
	fprintf(out, "%-9s %s, %s%s%s s\n", "hold", words + strlen("hold "), counted,
		wanted[0] != '\0' ? " of " : "", wanted);
}

/* Counters that are not zero: nothing is silent, and nothing is a wall of zeros. */
static void print_counters(const char *name, const json_t *counters, FILE *out)
{
	json_t *all = json_deep_copy(counters), *value;
	const char *key;
	bool any = false;

	json_object_foreach(all, key, value) {
		if (!json_is_integer(value) || json_integer_value(value) == 0)
			continue;
		if (!any)
			fprintf(out, "%-9s ", name);
		fprintf(out, "%s%s %lld", any ? ", " : "", key,
			(long long)json_integer_value(value));
		any = true;
	}
	if (any)
		fputc('\n', out);
	json_decref(all);
}

void status_print(const json_t *answer, FILE *out)
{
	struct watch_view v;
	char angle[FMT_NUMBER_MAX], target[WATCH_TEXT];

	watch_clear(&v);
	(void)watch_hear(&v, answer);
	fprintf(out, "%-9s %s%s%s\n", "state", v.state[0] != '\0' ? v.state
		: v.waiting ? "waiting" : "starting",
		v.advice[0] != '\0' ? ": " : "", v.advice);
	print_session(&v, out);
	print_hold(&v, out);
	if (fmt_fixed(angle, v.angle_deg, 1) > 0) {
		watch_target(&v, target, sizeof target);
		fprintf(out, "%-9s %s deg, %s, confidence %s%s%s\n", "angle", angle,
			v.method, v.confidence, target[0] != '\0' ? "; " : "", target);
	}
	if (v.pelvis[0] != '\0')
		fprintf(out, "%-9s %s (%s)\n", "pelvis", v.pelvis, v.pelvis_method);
	line(out, "led", v.led);
	line(out, "flags", v.flags);
	line(out, "source", v.source);
	for (int site = 0; site < SITE_COUNT; site++)
		line(out, "sensor", v.sensor[site]);
	line(out, "clock", strcmp(v.clock_source, "none") == 0 ? "not certain"
							      : v.clock_source);
	line(out, "storage", v.storage_error);
	print_counters("counted", json_object_get(answer, "counters"), out);
	print_counters("socket", json_object_get(answer, "control"), out);
}
