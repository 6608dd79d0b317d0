/* This moment of a session; see live_row.h. */
#include "linux/live_row.h"

#include <stdio.h>

#define NUMBER(member, unit_, help_) \
	{ .name = #member, .type = COLUMN_NUMBER, .decimals = 1, \
		.offset = offsetof(struct live_row, member), .unit = (unit_), \
		.help = (help_) }
#define BOOL(member, help_) \
	{ .name = #member, .type = COLUMN_BOOL, \
		.offset = offsetof(struct live_row, member), .unit = "", .help = (help_) }

static const struct column live_columns[] = {
	NUMBER(band_low_deg, "deg", "lower edge of the band; null: not known yet"),
	NUMBER(band_high_deg, "deg", "upper edge of the band; null: not known yet"),
	NUMBER(counted_s, "s", "seconds of this hold that count so far"),
	NUMBER(prescribed_s, "s", "seconds that the hold is prescribed for"),
	{ .name = "holds", .type = COLUMN_INT, .offset = offsetof(struct live_row, holds),
		.unit = "", .help = "holds that are planned; null: as many as one likes" },
	{ .name = "holds_done", .type = COLUMN_INT,
		.offset = offsetof(struct live_row, holds_done), .unit = "",
		.help = "holds of this session that need no repeat" },
	BOOL(red, "the red LED is lit"),
	BOOL(amber, "the amber LED is lit"),
	BOOL(green, "the green LED is lit"),
	BOOL(buzzer, "the buzzer sounds"),
	{ .name = "advice", .type = COLUMN_TEXT,
		.offset = offsetof(struct live_row, advice), .unit = "",
		.help = "plain words for the wearer: what to do now" },
};

const struct column_table live_table = { .file = "", .help = "the live view",
	.columns = live_columns, .count = sizeof live_columns / sizeof live_columns[0] };

void live_fill(struct live_row *row, const struct run *run)
{
	const struct session_output *out = &run->out;
	const char *advice = session_advice(&run->state);

	*row = (struct live_row){ .judged = out->judged,
		.band_low_deg = out->band_low_deg,
		.band_high_deg = out->band_high_deg,
		.counted_s = out->counted_s,
		.prescribed_s = out->prescribed_s,
		.holds = run->state.plan.reps > 0 ? run->state.plan.reps : INT32_MIN,
		.holds_done = run->state.hold.reps_done,
		.red = out->lamp.red,
		.amber = out->lamp.amber,
		.green = out->lamp.green,
		.buzzer = out->lamp.buzzer };
	if (!(row->band_high_deg > row->band_low_deg))
		row->band_low_deg = row->band_high_deg = (double)NAN;
	snprintf(row->advice, sizeof row->advice, "%s", advice != NULL ? advice : "");
}

size_t live_json(const struct live_row *row, char *text, size_t size)
{
	const struct row_part parts[] = { { &judged_table, &row->judged },
		{ &live_table, row } };

	return row_json(text, size, "row", parts, sizeof parts / sizeof parts[0]);
}
