/*
 * The recording format: its sixteen tables, and the rounding at the tap.
 */
#include "stretch/raw.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "stretch/fmt.h"

#define MISSING ((double)NAN) /* the macro is a float */

#define REAL(name, decimals, member, unit, help) \
	{ name, COLUMN_NUMBER, decimals, offsetof(struct raw_row, member), NULL, 0, \
		unit, help }
#define ACC(site, n, axis) \
	REAL(site "_acc_" #axis "_m_s2", RAW_ACC_DECIMALS, sample.imu[n].acc_m_s2.axis, \
		"m/s2", "Specific force along the " site " sensor's " #axis \
		" axis, uncalibrated; at rest it points up. " \
		"Empty: no valid reading.")
#define GYR(site, n, axis) \
	REAL(site "_gyr_" #axis "_rad_s", RAW_GYR_DECIMALS, \
		sample.imu[n].gyr_rad_s.axis, "rad/s", \
		"Rotation rate about the " site " sensor's " #axis \
		" axis, uncalibrated. Empty: no valid reading.")
#define IMU(site, n) ACC(site, n, x), ACC(site, n, y), ACC(site, n, z), \
	GYR(site, n, x), GYR(site, n, y), GYR(site, n, z)
#define TEMP(site, n) \
	REAL(site "_temp_c", RAW_TEMP_DECIMALS, sample.imu[n].temp_c, "Cel", \
		"Temperature of the " site " sensor. Empty: not measured.")
#define TRUTH(quantity) \
	REAL("truth_" #quantity, RAW_TRUTH_DECIMALS, truth.quantity, "deg", \
		"Reference value from the simulator or a laboratory. Empty: none.")

#define TIME_COLUMN \
	{ "t_s", COLUMN_TIME_US, 0, offsetof(struct raw_row, sample.t_us), NULL, 0, \
		"s", "Time since the session began, on the learned sample clock." }
#define EVENT_COLUMN \
	{ "event", COLUMN_TEXT, 0, offsetof(struct raw_row, event), NULL, 0, "", \
		"What happened since the row before: reference, " \
		"start:<exercise>:<side>, stop:<reason>, next, press, " \
		"fault:<sensor>:<name>, recovered:<sensor>, reload:<sha>. " \
		"Empty: nothing." }

/* PART_1(x) is x and a comma, PART_0(x) is nothing. */
#define PART_0(...)
#define PART_1(...) __VA_ARGS__,
#define COLUMNS(pelvis, temp, event, truth) { \
	TIME_COLUMN, \
	IMU("thigh", SITE_THIGH), \
	PART_##temp(TEMP("thigh", SITE_THIGH)) \
	PART_##pelvis(IMU("pelvis", SITE_PELVIS) \
		PART_##temp##_INNER(TEMP("pelvis", SITE_PELVIS))) \
	PART_##event(EVENT_COLUMN) \
	PART_##truth(TRUTH(thigh_elevation_deg), TRUTH(pelvis_tilt_deg), \
		TRUTH(hip_flexion_deg)) \
}
/* Inside another part the comma stands in front. */
#define PART_0_INNER(...)
#define PART_1_INNER(...) , __VA_ARGS__

/* Named by the bits of enum raw_part: truth, event, temperature, pelvis. */
static const struct column columns_0000[] = COLUMNS(0, 0, 0, 0);
static const struct column columns_0001[] = COLUMNS(1, 0, 0, 0);
static const struct column columns_0010[] = COLUMNS(0, 1, 0, 0);
static const struct column columns_0011[] = COLUMNS(1, 1, 0, 0);
static const struct column columns_0100[] = COLUMNS(0, 0, 1, 0);
static const struct column columns_0101[] = COLUMNS(1, 0, 1, 0);
static const struct column columns_0110[] = COLUMNS(0, 1, 1, 0);
static const struct column columns_0111[] = COLUMNS(1, 1, 1, 0);
static const struct column columns_1000[] = COLUMNS(0, 0, 0, 1);
static const struct column columns_1001[] = COLUMNS(1, 0, 0, 1);
static const struct column columns_1010[] = COLUMNS(0, 1, 0, 1);
static const struct column columns_1011[] = COLUMNS(1, 1, 0, 1);
static const struct column columns_1100[] = COLUMNS(0, 0, 1, 1);
static const struct column columns_1101[] = COLUMNS(1, 0, 1, 1);
static const struct column columns_1110[] = COLUMNS(0, 1, 1, 1);
static const struct column columns_1111[] = COLUMNS(1, 1, 1, 1);

#define TABLE(columns) { "raw.csv", \
	"The recording: what the sensors measured and what was pressed.", \
	(columns), sizeof (columns) / sizeof (columns)[0] }

static const struct column_table tables[RAW_PARTS + 1] = {
	TABLE(columns_0000), TABLE(columns_0001),
	TABLE(columns_0010), TABLE(columns_0011),
	TABLE(columns_0100), TABLE(columns_0101),
	TABLE(columns_0110), TABLE(columns_0111),
	TABLE(columns_1000), TABLE(columns_1001),
	TABLE(columns_1010), TABLE(columns_1011),
	TABLE(columns_1100), TABLE(columns_1101),
	TABLE(columns_1110), TABLE(columns_1111),
};

const struct column_table *raw_table(unsigned int parts)
{
	return &tables[parts & RAW_PARTS];
}

/* No reference value. */
static struct truth truth_none(void)
{
	return (struct truth){ MISSING, MISSING, MISSING };
}

static bool vec3_within(struct vec3 v, double limit)
{
	return vec3_finite(v) && fabs(v.x) <= limit && fabs(v.y) <= limit &&
		fabs(v.z) <= limit;
}

static struct vec3 vec3_round(struct vec3 v, int decimals)
{
	return (struct vec3){ fmt_round(v.x, decimals), fmt_round(v.y, decimals),
		fmt_round(v.z, decimals) };
}

/* A temperature does not decide over its reading: one beyond belief is dropped. */
static double temp_round(double temp_c)
{
	bool good = temp_c >= RAW_TEMP_MIN_C && temp_c <= RAW_TEMP_MAX_C;

	return good ? fmt_round(temp_c, RAW_TEMP_DECIMALS) : MISSING;
}

int raw_round(struct sample *sample)
{
	const struct imu_reading absent = { .present = false, .temp_c = MISSING };
	int given_up = 0;

	for (int site = 0; site < SITE_COUNT; site++) {
		struct imu_reading *imu = &sample->imu[site];
		bool good = imu->present &&
			vec3_within(imu->acc_m_s2, RAW_ACC_MAX_M_S2) &&
			vec3_within(imu->gyr_rad_s, RAW_GYR_MAX_RAD_S);

		given_up += imu->present && !good;
		if (!good) {
			*imu = absent;
			continue;
		}
		imu->acc_m_s2 = vec3_round(imu->acc_m_s2, RAW_ACC_DECIMALS);
		imu->gyr_rad_s = vec3_round(imu->gyr_rad_s, RAW_GYR_DECIMALS);
		imu->temp_c = temp_round(imu->temp_c);
	}
	return given_up;
}

void raw_row_fill(struct raw_row *row, const struct sample *sample,
	const struct truth *truth)
{
	row->sample = *sample;
	row->truth = truth ? *truth : truth_none();
	for (int site = 0; site < SITE_COUNT; site++) {
		struct imu_reading *imu = &row->sample.imu[site];

		if (imu->present)
			continue;
		imu->acc_m_s2 = (struct vec3){ MISSING, MISSING, MISSING };
		imu->gyr_rad_s = (struct vec3){ MISSING, MISSING, MISSING };
		imu->temp_c = MISSING;
	}
	event_format(&sample->event, row->event);
}
