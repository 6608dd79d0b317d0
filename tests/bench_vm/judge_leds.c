/*
 * Do the lines do what the table of patterns (feedback.h) says for the ids in the
 * session's samples.csv?
 *
 *   bench_vm leds SAMPLES.CSV LINES SPEED SLACK_MS [ORIGIN_US]
 *
 * LINES is the adapter's log, ORIGIN_US the clock's time of t_s = 0; without it, that
 * of the first amber light behind the lamp test, which is the first `wait`. It looks
 * until the adapter is unplugged, if ever.
 *
 * On a grid of 10 ms, wherever the pattern does not change within a slack either side,
 * the three lines must be as it says; and each id's light must come on as often as it
 * says, give or take the one that the id's end cuts off. Prints what it found and the
 * delay from the sample that changes the id to the line, where the line was dark; by
 * itself where the thigh gave no reading, for such a sample has the time of one that did
 * not come (150 ms ago, imu_stream.h).
 */
#include "bench_vm.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/programs.h"
#include "line_log.h"
#include "stretch/feedback.h"

#define GRID_US 10000
#define SPANS_MAX 2000
#define TOLD_MAX 8

struct span {
	enum led_id id;
	int pulses;
	bool blind; /* its first sample had no reading of the thigh */
	int64_t from_us, to_us; /* on the log's clock */
};

static struct {
	struct line_log log;
	struct span span[SPANS_MAX];
	int spans;
	double speed;
	int64_t slack_us, end_us;
	int wrong, looked;
	double lag_ms[SPANS_MAX], late_ms[SPANS_MAX]; /* late: without a reading */
	int lags, lates;
} j;

static enum led_id id_named(const char *name)
{
	int id = 0;

	while (id < LED_ID_COUNT && strcmp(led_names[id], name) != 0)
		id++;
	return (enum led_id)id;
}

static int pulses_of(enum led_id id, const char *state)
{
	if (id == LED_WAIT && strcmp(state, "closing") == 0)
		return 3;
	return led_patterns[id].pulses;
}

static void read_spans(const struct csv_table *rows, const double *t_s, int64_t origin_us)
{
	for (size_t i = 0; i < rows->rows && j.spans < SPANS_MAX; i++) {
		enum led_id id = id_named(csv_table_text(rows, i, "led"));
		int pulses = pulses_of(id, csv_table_text(rows, i, "state"));
		int64_t at_us = origin_us + (int64_t)(t_s[i] * 1e6 / j.speed);
		struct span *last = j.spans > 0 ? &j.span[j.spans - 1] : NULL;

		if (last != NULL)
			last->to_us = at_us < j.end_us ? at_us : j.end_us;
		if (at_us >= j.end_us)
			return;
		/* `closing` only adds blinks to a `wait` that goes on. */
		if (last == NULL || last->id != id)
			j.span[j.spans++] = (struct span){ id, pulses,
				strstr(csv_table_text(rows, i, "flags"), "absent") != NULL,
				at_us, at_us };
		else if (last->pulses < pulses)
			last->pulses = -1;
	}
}

/* Lit at that time by the table? */
static bool should(const struct span *s, int64_t t_us)
{
	const struct led_pattern *p = &led_patterns[s->id];
	double ms = (double)(t_us - s->from_us) * 1e-3 * j.speed;
	double each = p->on_ms + p->off_ms;

	if (p->colour == COLOUR_NONE)
		return false;
	if (p->pulses == 0)
		return true;
	if (p->period_ms > 0)
		ms = fmod(ms, p->period_ms);
	for (int i = 0; i < s->pulses; i++)
		if (ms >= i * each && ms < i * each + p->on_ms)
			return !p->inverted;
	return p->inverted;
}

static bool settled(const struct span *s, int64_t t_us, bool on)
{
	if (t_us - j.slack_us < s->from_us || t_us + j.slack_us > s->to_us)
		return false;
	for (int64_t near = t_us - j.slack_us; near <= t_us + j.slack_us; near += GRID_US / 5)
		if (should(s, near) != on)
			return false;
	return true;
}

static void complain(const struct span *s, int64_t t_us, const char *what)
{
	if (j.wrong++ < TOLD_MAX)
		printf("%.3f s after the id became %s: %s\n",
			(double)(t_us - s->from_us) * 1e-6, led_names[s->id], what);
}

static void look(const struct span *s)
{
	static const int colour_of[] = { COLOUR_RED, COLOUR_AMBER, COLOUR_GREEN };
	static const char *const names[] = { "red", "amber", "green" };
	bool own_only = s->pulses < 0 || s->id == LED_DONE;

	for (int64_t t_us = s->from_us; t_us < s->to_us; t_us += GRID_US) {
		bool on = should(s, t_us);

		if (!settled(s, t_us, on))
			continue;
		j.looked++;
		for (int line = LINE_RED; line <= LINE_GREEN; line++) {
			bool mine = colour_of[line] == (int)led_patterns[s->id].colour;
			bool lit = line_log_lit(&j.log, line, t_us);

			/* How often these blink depends on more than the id. */
			if (mine && own_only)
				continue;
			if (lit != (mine && on)) {
				char text[60];

				snprintf(text, sizeof text, "%s is %s", names[line],
					lit ? "lit" : "dark");
				complain(s, t_us, text);
			}
		}
	}
}

static void count_rises(const struct span *s)
{
	const struct led_pattern *p = &led_patterns[s->id];
	int line = (int)p->colour - (int)COLOUR_RED;
	int wanted = 0, seen = 0;

	if (p->colour == COLOUR_NONE || s->pulses < 0 || s->id == LED_DONE)
		return;
	for (int64_t t_us = s->from_us + 1000; t_us < s->to_us; t_us += 1000)
		wanted += should(s, t_us) && !should(s, t_us - 1000);
	while (line_log_rise(&j.log, line, s->from_us + j.slack_us, seen) <
		s->to_us + j.slack_us)
		seen++;
	if (abs(wanted - seen) > 1) {
		char text[80];

		snprintf(text, sizeof text, "came on %d times, not %d", seen, wanted);
		complain(s, s->to_us, text);
	}
}

static void take_lag(const struct span *s)
{
	const struct led_pattern *p = &led_patterns[s->id];
	int line = (int)p->colour - (int)COLOUR_RED;
	int64_t rise_us;

	/* Lit already by the id before: nothing to see. */
	if (p->colour == COLOUR_NONE || p->inverted ||
		line_log_lit(&j.log, line, s->from_us))
		return;
	rise_us = line_log_rise(&j.log, line, s->from_us, 0);
	if (rise_us >= s->to_us)
		return;
	printf("%s %.0f ms, ", led_names[s->id], (double)(rise_us - s->from_us) * 1e-3);
	/* Where no reading comes the sample has the time at which it was missed. */
	if (s->blind)
		j.late_ms[j.lates++] = (double)(rise_us - s->from_us) * 1e-3;
	else
		j.lag_ms[j.lags++] = (double)(rise_us - s->from_us) * 1e-3;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int64_t origin_of_log(void)
{
	/* The lamp test lights it first. */
	return line_log_rise(&j.log, LINE_AMBER, 0, 1);
}

int bench_leds(int argc, char **argv)
{
	struct csv_table rows;
	int64_t origin_us;
	double *t_s;

	if (argc < 5 || !line_log_read(&j.log, argv[2]) ||
		!csv_table_load(&rows, argv[1])) {
		fprintf(stderr, "bench_vm leds SAMPLES.CSV LINES SPEED SLACK_MS [ORIGIN]\n");
		return 3;
	}
	j.speed = strtod(argv[3], NULL);
	j.slack_us = strtoll(argv[4], NULL, 10) * 1000;
	j.end_us = INT64_MAX;
	for (size_t i = 0; i < j.log.count; i++)
		if (j.log.change[i].line == LINE_COUNT && j.end_us == INT64_MAX)
			j.end_us = j.log.change[i].t_us;
	t_s = csv_table_column(&rows, "t_s");
	origin_us = argc > 5 ? strtoll(argv[5], NULL, 10) : origin_of_log();
	if (origin_us == INT64_MAX) {
		fprintf(stderr, "%s: amber came on less than twice\n", argv[2]);
		return 1;
	}
	read_spans(&rows, t_s, origin_us);
	for (int i = 0; i < j.spans; i++) {
		look(&j.span[i]);
		count_rises(&j.span[i]);
		take_lag(&j.span[i]);
	}
	printf("were lit so long after their sample\n");
	qsort(j.lag_ms, (size_t)j.lags, sizeof j.lag_ms[0], by_size);
	qsort(j.late_ms, (size_t)j.lates, sizeof j.late_ms[0], by_size);
	printf("LED lines: %d ids, %d moments looked at, %d wrong", j.spans, j.looked,
		j.wrong);
	if (j.lags > 0)
		printf("; from the sample to the line p50 %.0f ms, p99 %.0f ms (%d changes)",
			j.lag_ms[j.lags / 2], j.lag_ms[(j.lags * 99) / 100], j.lags);
	if (j.lates > 0)
		printf("; at most %.0f ms (%d) from a reading that did not come",
			j.late_ms[j.lates - 1], j.lates);
	printf("\n");
	free(t_s);
	csv_table_free(&rows);
	return j.wrong > 0 || j.looked == 0;
}
