/*
 * Recordings with a reference orientation, for tests and benches: read into memory,
 * thinned, spoiled on purpose, and scored (inclination error, degrees).
 */
#ifndef STRETCH_TESTS_MOTION_DATA_H
#define STRETCH_TESTS_MOTION_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "stretch/orient.h"

enum motion_score { SCORE_NONE, SCORE_MOTION, SCORE_HOLD, SCORE_COUNT };

struct motion_row {
	double t_s, dt_s; /* dt of the first row: 0 */
	struct vec3 acc_m_s2, gyr_rad_s;
	struct vec3 up; /* reference, sensor frame; valid when score is not NONE */
	enum motion_score score;
};

struct motion_data {
	struct motion_row *rows;
	size_t count;
};

/* Folder of the recordings: STRETCH_DATA, else ../shared/data. */
const char *motion_folder(void);

/*
 * Reads recordings/NAME*.csv, thigh columns. False (and nothing to free) when the
 * folder or the file is not there; a file that is bad ends the program.
 */
bool motion_load(struct motion_data *data, const char *name);
void motion_free(struct motion_data *data);

/* Means of n rows each; reference and score of the last row of each. */
struct motion_data motion_average(const struct motion_data *data, size_t n);

/* Error of an estimated up direction, degrees. */
double motion_error_deg(const struct motion_row *row, struct vec3 up);

/* Root mean square of the errors of one class; NAN when there is none. */
double motion_rmse(
	const struct motion_data *data, const struct vec3 *up, enum motion_score score);

/* First row of that class; count when there is none. */
size_t motion_first(const struct motion_data *data, enum motion_score score);

/* Copy of the rows from `first` on; the first blank_s seconds are not scored. */
struct motion_data motion_from(
	const struct motion_data *data, size_t first, double blank_s);

/* Copy with a worse gyroscope: (1 + scale) reading + bias. */
struct motion_data motion_spoil(
	const struct motion_data *data, double scale, struct vec3 bias_rad_s);

/* Runs the causal or the offline filter over all rows: up directions, malloc'ed. */
struct vec3 *motion_run(const struct motion_data *data, const struct orient_param *param);
struct vec3 *motion_run_offline(
	const struct motion_data *data, const struct orient_param *param);

/* RMSE of a run that keeps nothing. */
double motion_score_run(const struct motion_data *data, const struct orient_param *param,
	bool offline, enum motion_score score);

/* Standard deviation of the error within each hold about that hold's mean: root mean
 * square over all holds, and the largest. */
double motion_hold_spread(
	const struct motion_data *data, const struct vec3 *up, double *largest);

#endif
