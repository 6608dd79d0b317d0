/* Test persons; see persons.h. */
#include "persons.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DOSE_S 10.0
#define PACK_MAX 12

static double or_nan(double x)
{
	return x == 0.0 ? (double)NAN : x;
}

static double dose_of(const struct person *p)
{
	return p->dose_s > 0.0 ? p->dose_s : DOSE_S;
}

static void describe(char *text, size_t size, const struct judge_run *run, int32_t row)
{
	const struct hold_row *hold = &run->holds[row];

	(void)snprintf(text, size, "%s, %s, %.1f s, pelvis %s, flags %x",
		hold_result_names[hold->result],
		hold->reason > 0 ? hold_reason_names[hold->reason] : "-", hold->hold_s,
		hold->pelvis_verdict > 0 ? pelvis_verdict_names[hold->pelvis_verdict]
					 : "-",
		(unsigned)hold->flags);
}

static bool fits(const struct expect *e, const struct hold_row *row)
{
	return row->result == e->result &&
		(e->reason == ANY || row->reason == e->reason) &&
		row->hold_s >= e->low_s && row->hold_s <= e->high_s &&
		(e->pelvis == ANY || row->pelvis_verdict == e->pelvis) &&
		(row->flags & e->flags) == e->flags;
}

/* Rows that began from this attempt's begin to the next one's. */
static bool judged_right(const struct judge_run *run, const struct expect *e, int32_t n,
	char *said, size_t size)
{
	const struct wearer_plan *plan = &run->wearer.plan;
	double from_s = plan->holds[n].entry_s - 0.5;
	double to_s = n + 1 < plan->hold_count ? plan->holds[n + 1].entry_s - 0.5 : 1e9;
	int32_t rows = 0, first = -1;

	for (int32_t i = 0; i < run->hold_count; i++) {
		double t_s = (double)run->holds[i].start_t_us * 1e-6;

		if (t_s < from_s || t_s >= to_s)
			continue;
		if (rows++ == 0)
			first = i;
	}
	(void)snprintf(said, size, "no row");
	if (first >= 0)
		describe(said, size, run, first);
	if (rows > 1)
		(void)snprintf(said + strlen(said), size - strlen(said), ", and %d more",
			rows - 1);
	if (e->result == NO_ROW)
		return rows == 0;
	return rows == 1 && fits(e, &run->holds[first]);
}

static void play_pack(struct persons_tally *tally, const struct person *pack,
	int32_t count, enum exercise_id exercise, int32_t sensors, double rate_hz)
{
	static struct judge_run run;
	char said[160];

	judge_init(&run, exercise, sensors);
	run.param.rate_hz = rate_hz;
	run.param.prescribed_s = dose_of(pack);
	run.param.hold_count = count;
	run.param.rest_s = 12.0;
	for (int32_t i = 0; i < count; i++) {
		struct wearer_hold *hold = &run.param.holds[i];

		hold->habit = (int32_t)pack[i].habit;
		hold->habit_size = or_nan(pack[i].size);
		hold->habit_start_s = or_nan(pack[i].start_s);
		hold->habit_length_s = or_nan(pack[i].length_s);
		hold->hold_s = or_nan(pack[i].hold_s);
	}
	judge_start(&run);
	judge_all(&run);
	tally->seconds += run.wearer.plan.end_s;
	for (int32_t i = 0; i < count; i++) {
		const struct expect *e = sensors == 1 ? &pack[i].one : &pack[i].two;

		tally->persons++;
		if (judged_right(&run, e, i, said, sizeof said))
			continue;
		tally->wrong++;
		printf("# not as expected: %s, %d IMU, %.0f Hz: %s: %s\n",
			exercise_names[exercise], (int)sensors, rate_hz, pack[i].name,
			said);
	}
}

void persons_play(struct persons_tally *tally, const struct person *table, size_t count,
	enum exercise_id exercise, int32_t sensors, double rate_hz)
{
	size_t from = 0;

	while (from < count) {
		size_t to = from + 1;

		while (to < count && to - from < PACK_MAX && !table[to - 1].last &&
			!table[to].first && dose_of(&table[to]) == dose_of(&table[from]))
			to++;
		play_pack(tally, &table[from], (int32_t)(to - from), exercise, sensors,
			rate_hz);
		from = to;
	}
}
