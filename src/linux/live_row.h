/*
 * This moment of a session beyond the judged row: band, timer, lamps, words. With
 * judged_table it is the row that the control socket streams.
 */
#ifndef STRETCH_LINUX_LIVE_ROW_H
#define STRETCH_LINUX_LIVE_ROW_H

#include "linux/row_json.h"
#include "linux/run.h"

#define LIVE_ADVICE_MAX 96

struct live_row {
	struct judged_row judged;
	double band_low_deg, band_high_deg;
	double counted_s, prescribed_s;
	int32_t holds;                    /* of the plan; INT32_MIN: not known */
	int32_t holds_done;               /* and those that need no repeat */
	int32_t red, amber, green, buzzer; /* 1: on */
	char advice[LIVE_ADVICE_MAX];
};

extern const struct column_table live_table; /* what is not in judged_table */

/* From a session that has taken a sample. */
void live_fill(struct live_row *row, const struct run *run);

/* The line of it, newline and NUL included, as row_json(). */
size_t live_json(const struct live_row *row, char *text, size_t size);

#endif
