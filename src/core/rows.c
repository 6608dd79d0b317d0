/* The columns of samples.csv and holds.csv: one table for header, cell, schema. */
#include "stretch/rows.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

const char *const angle_quantity_names[QUANTITY_COUNT] = { "none", "thigh_elevation",
	"hip_flexion", "pelvis_tilt_gain" };
const char *const session_mode_names[MODE_COUNT] = { "thigh", "thigh+pelvis" };

static const char *const stopper_names[] = { "time", "wearer", "rule", "sensor" };

/* Shorthand for this file: each takes a member of the struct named by ROW. */
#define AT(member) offsetof(struct ROW, member)
#define NUMBER(member, decimals_, unit_, help_) \
	{ .name = #member, .type = COLUMN_NUMBER, .decimals = (decimals_), \
		.offset = AT(member), .unit = (unit_), .help = (help_) }
#define WHOLE(member, help_) \
	{ .name = #member, .type = COLUMN_INT, .offset = AT(member), .unit = "", \
		.help = (help_) }
#define NAME(member, names_, help_) \
	{ .name = #member, .type = COLUMN_NAME, .offset = AT(member), \
		.names = (names_), .name_count = COUNT_OF(names_), .unit = "", \
		.help = (help_) }
#define FLAGS(member, help_) \
	{ .name = #member, .type = COLUMN_FLAGS, .offset = AT(member), \
		.names = flag_names, .name_count = FLAG_COUNT, .unit = "", \
		.help = (help_) }

#define ROW judged_row
static const struct column judged_columns[] = {
	{ .name = "t_s", .type = COLUMN_TIME_US, .offset = AT(t_us), .unit = "s",
		.help = "time since the session began, on the learned sample clock" },
	NUMBER(thigh_elevation_deg, 3, "deg",
		"thigh against its reference pose, + flexes the hip"),
	NAME(thigh_elevation_method, method_names, "how the elevation came about"),
	NAME(thigh_elevation_confidence, confidence_names, "trust in the elevation"),
	NUMBER(thigh_elevation_error_deg, 2, "deg", "its expected error, one sigma"),
	NUMBER(out_of_plane_deg, 3, "deg", "thigh out of the sagittal plane"),
	NUMBER(pelvis_tilt_deg, 3, "deg",
		"pelvis against its reference, + posterior; empty without a sensor"),
	NUMBER(hip_flexion_deg, 3, "deg", "thigh elevation minus pelvis tilt"),
	NUMBER(hip_flexion_low_deg, 3, "deg", "lower end of its range"),
	NUMBER(hip_flexion_high_deg, 3, "deg", "upper end of its range"),
	NAME(hip_flexion_method, method_names, "how the hip flexion came about"),
	NAME(hip_flexion_confidence, confidence_names, "trust in the hip flexion"),
	{ .name = "signal", .type = COLUMN_NUMBER, .decimals = 3,
		.offset = AT(signal_deg), .unit = "deg",
		.help = "the angle that the hold is judged by" },
	NAME(state, hold_phase_names, "state of the hold"),
	{ .name = "counting", .type = COLUMN_BOOL, .offset = AT(counting), .unit = "",
		.help = "1 while seconds are credited" },
	WHOLE(hold_index, "attempt of this session; empty before the first"),
	NAME(pelvis_verdict, pelvis_verdict_names, "pelvis while counting"),
	NAME(pelvis_method, method_names, "how that verdict came about"),
	NAME(led, led_names, "pattern on the lamps"),
	FLAGS(flags, "what was seen in this sample"),
};
#undef ROW

#define ROW hold_row
static const struct column hold_columns[] = {
	{ .name = "session", .type = COLUMN_TEXT, .offset = AT(session),
		.name_count = ROW_SESSION_MAX, .unit = "",
		.help = "name of the session folder" },
	WHOLE(hold_index, "attempt of this session, from 1"),
	NAME(exercise, exercise_names, "exercise"),
	NAME(side, side_names, "side that the wearer named"),
	NAME(other_leg, other_leg_names, "the other leg, as the wearer said"),
	NAME(mode, session_mode_names, "sensors worn"),
	{ .name = "start_t_s", .type = COLUMN_TIME_US, .offset = AT(start_t_us),
		.unit = "s", .help = "first counted moment; without one, the entry" },
	NUMBER(prescribed_s, 1, "s", "prescribed seconds"),
	NUMBER(hold_s, 2, "s", "seconds in band, still, with good data"),
	NUMBER(longest_s, 2, "s", "longest unbroken run of them"),
	WHOLE(drops, "times that counting was left"),
	NAME(angle_quantity, angle_quantity_names, "what the angle columns are"),
	NUMBER(angle_mean_deg, 2, "deg", "mean while counting"),
	NUMBER(angle_peak_deg, 2, "deg", "highest from entry to end"),
	NUMBER(angle_median_deg, 2, "deg", "median while counting"),
	NUMBER(angle_sd_deg, 2, "deg", "standard deviation while counting"),
	NUMBER(thigh_elevation_mean_deg, 2, "deg", "mean while counting"),
	NUMBER(hip_flexion_mean_deg, 2, "deg", "mean while counting"),
	NUMBER(hip_flexion_low_deg, 2, "deg", "mean lower end of its range"),
	NUMBER(hip_flexion_high_deg, 2, "deg", "mean upper end of its range"),
	NAME(hip_flexion_method, method_names, "how it came about"),
	NUMBER(entry_rate_peak_deg_s, 1, "deg/s", "fastest while entering"),
	NUMBER(exit_rate_peak_deg_s, 1, "deg/s", "fastest on the way down"),
	NUMBER(creep_deg, 2, "deg", "slope while counting times its duration"),
	NUMBER(creep_deg_per_30s, 2, "deg", "the same for 30 s; empty below 15 s"),
	WHOLE(steps, "quick rises that stayed, as on an exhale"),
	NUMBER(sway_sd_deg, 2, "deg", "standard deviation about the slope"),
	NUMBER(tremor_rms_deg_s, 2, "deg/s", "4-12 Hz; empty below 30 Hz sampling"),
	NUMBER(out_of_plane_max_deg, 1, "deg", "largest while counting, with sign"),
	NUMBER(pelvis_tilt_mean_deg, 2, "deg", "mean while counting"),
	NUMBER(pelvis_tilt_peak_deg, 2, "deg", "highest while counting"),
	NUMBER(pelvis_share, 3, "", "tilt over elevation; lying from 30 deg on"),
	NAME(pelvis_verdict, pelvis_verdict_names, "worst of the hold"),
	NAME(pelvis_method, method_names, "how it came about"),
	NAME(result, hold_result_names, "outcome"),
	NAME(reason, hold_reason_names, "why not done"),
	NAME(stopped_by, stopper_names, "who ended it"),
	NAME(angle_method, method_names, "how the angle came about"),
	NAME(angle_confidence, confidence_names, "lowest while counting"),
	NUMBER(angle_error_deg, 2, "deg", "expected error, one sigma"),
	NUMBER(rest_drift_deg, 2, "deg",
		"thigh against its reference in the rest after this hold; empty: not still"),
	WHOLE(samples, "samples counted"),
	WHOLE(gaps, "gaps from entry to end"),
	WHOLE(faults, "samples with bad data from entry to end"),
	FLAGS(flags, "what was seen in this hold"),
};
#undef ROW

const struct column_table judged_table = {
	.file = "samples.csv",
	.help = "judged series: a row each 40 ms and at every change of state or LED",
	.columns = judged_columns,
	.count = COUNT_OF(judged_columns),
};

const struct column_table hold_table = {
	.file = "holds.csv",
	.help = "one row for each attempt to hold",
	.columns = hold_columns,
	.count = COUNT_OF(hold_columns),
};
