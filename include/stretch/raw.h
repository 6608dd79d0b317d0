/*
 * The recording format as a column table: raw.csv, and what replay, orient and
 * simulate read and write.
 *
 * raw_round is the tap: it rounds a sample to what the file can hold. A sample
 * that has passed it, printed with raw_table and read back, is the same sample
 * bit for bit, so that a replay feeds the core the very numbers the daemon saw.
 */
#ifndef STRETCH_RAW_H
#define STRETCH_RAW_H

#include "stretch/column.h"
#include "stretch/sample.h"

#define RAW_ACC_DECIMALS 5
#define RAW_GYR_DECIMALS 6
#define RAW_TEMP_DECIMALS 2
#define RAW_TRUTH_DECIMALS 4

/* What a recording can hold; beyond it a value is not believed. */
#define RAW_T_MAX_S 4.0e9         /* seconds either side of zero */
#define RAW_ACC_MAX_M_S2 400.0    /* twice the widest range of a worn sensor */
#define RAW_GYR_MAX_RAD_S 100.0   /* likewise: 5730 deg/s */
#define RAW_TEMP_MIN_C (-60.0)
#define RAW_TEMP_MAX_C 150.0
#define RAW_TRUTH_MAX_DEG 360.0

/* Optional parts of a recording; t_s and the thigh's six columns are always there. */
enum raw_part {
	RAW_PELVIS = 1, /* the pelvis sensor's six columns */
	RAW_TEMP = 2,   /* the temperature of each sensor that is there */
	RAW_EVENT = 4,
	RAW_TRUTH = 8,
	RAW_PARTS = 15
};

#define RAW_EVENT_MAX (3 * EVENT_WORD_MAX)

/* One row as the table sees it: absent readings are NAN, the event is text. */
struct raw_row {
	struct sample sample;
	struct truth truth;
	char event[RAW_EVENT_MAX];
};

/* The table for those parts (enum raw_part, or-ed). Never NULL. */
const struct column_table *raw_table(unsigned int parts);

/*
 * Rounds every value of the sample to its printed decimals. A reading with a
 * value that is not finite or beyond the limits above becomes absent; an absent
 * one is all zero, its temperature NAN. Returns the number of readings given up.
 */
int raw_round(struct sample *sample);

/* A row of sample and truth (NULL: none). Does not round. */
void raw_row_fill(struct raw_row *row, const struct sample *sample,
	const struct truth *truth);

#endif
