/*
 * What a session writes: one judged row, one hold row, and their columns.
 *
 * Missing numbers are NAN, missing whole numbers INT32_MIN, missing names
 * negative; all of them print as an empty cell.
 */
#ifndef STRETCH_ROWS_H
#define STRETCH_ROWS_H

#include "stretch/column.h"
#include "stretch/feedback.h"
#include "stretch/quality.h"

#define ROW_SESSION_MAX 96

enum angle_quantity {
	QUANTITY_NONE,
	QUANTITY_THIGH_ELEVATION,
	QUANTITY_HIP_FLEXION,
	QUANTITY_PELVIS_TILT_GAIN,
	QUANTITY_COUNT
};

enum session_mode { MODE_THIGH, MODE_THIGH_PELVIS, MODE_COUNT };

extern const char *const angle_quantity_names[QUANTITY_COUNT];
extern const char *const session_mode_names[MODE_COUNT];

/* One row of samples.csv. */
struct judged_row {
	int64_t t_us;
	double thigh_elevation_deg;
	int32_t thigh_elevation_method, thigh_elevation_confidence;
	double thigh_elevation_error_deg;
	double out_of_plane_deg, pelvis_tilt_deg;
	double hip_flexion_deg, hip_flexion_low_deg, hip_flexion_high_deg;
	int32_t hip_flexion_method, hip_flexion_confidence;
	double signal_deg;
	int32_t state, counting, hold_index;
	int32_t pelvis_verdict, pelvis_method;
	int32_t led;
	uint32_t flags;
};

/* One row of holds.csv. */
struct hold_row {
	char session[ROW_SESSION_MAX];
	int32_t hold_index, exercise, side, other_leg, mode;
	int64_t start_t_us;
	double prescribed_s, hold_s, longest_s;
	int32_t drops, angle_quantity;
	double angle_mean_deg, angle_peak_deg, angle_median_deg, angle_sd_deg;
	double thigh_elevation_mean_deg, hip_flexion_mean_deg;
	double hip_flexion_low_deg, hip_flexion_high_deg;
	int32_t hip_flexion_method;
	double entry_rate_peak_deg_s, exit_rate_peak_deg_s;
	double creep_deg, creep_deg_per_30s;
	int32_t steps;
	double sway_sd_deg, tremor_rms_deg_s;
	double out_of_plane_max_deg, pelvis_tilt_mean_deg, pelvis_tilt_peak_deg;
	double pelvis_share;
	int32_t pelvis_verdict, pelvis_method, result, reason, stopped_by;
	int32_t angle_method, angle_confidence;
	double angle_error_deg;
	double rest_drift_deg;
	int32_t samples, gaps, faults;
	uint32_t flags;
};

extern const struct column_table judged_table; /* samples.csv */
extern const struct column_table hold_table;   /* holds.csv */

#endif
