/* What is believed of a calibration; see calib_file.h. */
#include "linux/calib_file_parts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define AGAIN CALIB_AGAIN

static void check_vec(struct sealed_check *c, const char *member, struct vec3 v,
	double limit, const char *unit)
{
	double of[3] = { v.x, v.y, v.z };

	for (int i = 0; i < 3; i++) {
		if (!isfinite(of[i]))
			sealed_refuse(c, member, "%c is no number. " AGAIN, "xyz"[i]);
		else if (fabs(of[i]) > limit)
			sealed_refuse(c, member,
				"%c is %g %s, beyond %g: no sound chip is so "
				"far off. " AGAIN,
				"xyz"[i], of[i], unit, limit);
	}
}

static void check_entry(
	struct sealed_check *c, const struct calib *k, int row, int column)
{
	double value = k->acc_matrix.m[row][column];
	char where[3] = { "xyz"[row], "xyz"[column], '\0' };

	if (!isfinite(value))
		sealed_refuse(c, "acc_matrix", "%s is no number. " AGAIN, where);
	else if (row == column && value <= 0.0)
		sealed_refuse(c, "acc_matrix", "scale of %c is %g, not positive. " AGAIN,
			where[0], value);
	else if (row == column && fabs(value - 1.0) > CALIB_SCALE_MAX)
		sealed_refuse(c, "acc_matrix",
			"scale of %c is off by %.1f %%, beyond %g %%. " AGAIN, where[0],
			(value - 1.0) * 100.0, CALIB_SCALE_MAX * 100.0);
	else if (row > column && fabs(value) > 0.0)
		sealed_refuse(c, "acc_matrix",
			"%s is %g, but below the diagonal all is zero. " AGAIN, where,
			value);
	else if (row < column && fabs(value) > CALIB_CROSS_MAX)
		sealed_refuse(c, "acc_matrix",
			"cross-axis term %s is %.1f %%, beyond %g %%. " AGAIN, where,
			value * 100.0, CALIB_CROSS_MAX * 100.0);
	else if (row < column && k->parameters == 6 && fabs(value) > 0.0)
		sealed_refuse(c, "acc_matrix",
			"%s is not zero, but there are only six "
			"parameters. " AGAIN,
			where);
}

int calib_file_check(
	const struct calib_file *f, const char *name, struct problem *problem)
{
	struct sealed_check c = { &calib_file_kind, name, problem, 0 };
	const struct calib *k = &f->calib;
	const char *wrong = sealed_chip_wrong(f->chip);

	if (k->parameters != 6 && k->parameters != 9)
		sealed_refuse(&c, "parameters", "%d, but 6 or 9 is possible. " AGAIN,
			k->parameters);
	if (wrong != NULL)
		sealed_refuse(&c, "chip", "%s", wrong);
	sealed_check_date(&c, f->date, sizeof f->date);
	sealed_check_range(&c, "site", f->site, SITE_THIGH, SITE_PELVIS, false);
	check_vec(&c, "acc_bias_m_s2", k->acc_bias_m_s2, CALIB_BIAS_MAX_M_S2, "m/s^2");
	for (int row = 0; row < 3; row++)
		for (int column = 0; column < 3; column++)
			check_entry(&c, k, row, column);
	check_vec(&c, "gyr_bias_rad_s", k->gyr_bias_rad_s, CALIB_GYR_BIAS_MAX_RAD_S,
		"rad/s");
	sealed_check_range(&c, "temp_c", k->temp_c, -60.0, 150.0, true);
	sealed_check_range(&c, "residual_m_s2", k->residual_m_s2, 0.0,
		CALIB_RESIDUAL_MAX_M_S2, true);
	sealed_check_range(&c, "residual_after_m_s2", f->residual_after_m_s2, 0.0,
		CALIB_RESIDUAL_MAX_M_S2, false);
	sealed_check_range(
		&c, "residual_before_m_s2", f->residual_before_m_s2, 0.0, 100.0, false);
	sealed_check_range(&c, "residual_check_m_s2", f->residual_check_m_s2, 0.0,
		CALIB_RESIDUAL_MAX_M_S2, true);
	sealed_check_range(&c, "gyr_spread_rad_s", f->gyr_spread_rad_s, 0.0, 1.0, false);
	sealed_check_range(&c, "gravity_m_s2", f->gravity_m_s2, CALIB_GRAVITY_MIN_M_S2,
		CALIB_GRAVITY_MAX_M_S2, false);
	sealed_check_range(
		&c, "largest_hole_deg", f->largest_hole_deg, 0.0, 180.0, false);
	sealed_check_range(&c, "windows", f->windows, 6, 10000, false);
	sealed_check_range(&c, "directions", f->directions, 6, 10000, false);
	sealed_check_range(
		&c, "gyr_full_scale_rad_s", k->gyr_full_scale_rad_s, 0.1, 100.0, true);
	sealed_check_range(
		&c, "acc_full_scale_m_s2", k->acc_full_scale_m_s2, 9.0, 400.0, true);
	return c.error;
}

int calib_file_fits(const struct calib_file *f, const char *name, enum site site,
	const char *chip, struct problem *problem)
{
	struct sealed_check c = { &calib_file_kind, name, problem, 0 };

	if (f->site != site)
		sealed_refuse(&c, "site",
			"it is for the %s sensor, not for the %s one. give the "
			"file that was made for it",
			site_names[f->site], site_names[site]);
	if (chip != NULL && chip[0] != '\0' && f->chip[0] != '\0' &&
		strcmp(chip, f->chip) != 0)
		sealed_refuse(&c, "chip",
			"it is for the chip \"%s\", but \"%s\" is there. "
			"calibrate that one",
			f->chip, chip);
	return c.error;
}
