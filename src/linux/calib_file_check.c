/* What is believed of a calibration; see calib_file.h. */
#include "linux/calib_file_parts.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define AGAIN CALIB_AGAIN

void calib_refuse(struct calib_check *c, const char *member, const char *format, ...)
{
	char what[256];
	va_list arguments;

	if (c->error != 0)
		return;
	va_start(arguments, format);
	(void)vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	problem_set(c->problem, "%s%s%s: %s", c->name, c->name[0] != '\0' ? ": " : "",
		member, what);
	c->error = -EBADMSG;
}

static void check_vec(struct calib_check *c, const char *member, struct vec3 v,
	double limit, const char *unit)
{
	double of[3] = { v.x, v.y, v.z };

	for (int i = 0; i < 3; i++) {
		if (!isfinite(of[i]))
			calib_refuse(c, member, "%c is no number. " AGAIN, "xyz"[i]);
		else if (fabs(of[i]) > limit)
			calib_refuse(c, member,
				"%c is %g %s, beyond %g: no sound chip is so "
				"far off. " AGAIN,
				"xyz"[i], of[i], unit, limit);
	}
}

static void check_entry(struct calib_check *c, const struct calib *k, int row, int column)
{
	double value = k->acc_matrix.m[row][column];
	char where[3] = { "xyz"[row], "xyz"[column], '\0' };

	if (!isfinite(value))
		calib_refuse(c, "acc_matrix", "%s is no number. " AGAIN, where);
	else if (row == column && value <= 0.0)
		calib_refuse(c, "acc_matrix", "scale of %c is %g, not positive. " AGAIN,
			where[0], value);
	else if (row == column && fabs(value - 1.0) > CALIB_SCALE_MAX)
		calib_refuse(c, "acc_matrix",
			"scale of %c is off by %.1f %%, beyond %g %%. " AGAIN, where[0],
			(value - 1.0) * 100.0, CALIB_SCALE_MAX * 100.0);
	else if (row > column && fabs(value) > 0.0)
		calib_refuse(c, "acc_matrix",
			"%s is %g, but below the diagonal all is zero. " AGAIN, where,
			value);
	else if (row < column && fabs(value) > CALIB_CROSS_MAX)
		calib_refuse(c, "acc_matrix",
			"cross-axis term %s is %.1f %%, beyond %g %%. " AGAIN, where,
			value * 100.0, CALIB_CROSS_MAX * 100.0);
	else if (row < column && k->parameters == 6 && fabs(value) > 0.0)
		calib_refuse(c, "acc_matrix",
			"%s is not zero, but there are only six "
			"parameters. " AGAIN,
			where);
}

/* NAN is allowed where the format has null. */
static void check_range(struct calib_check *c, const char *member, double value,
	double low, double high, bool may_miss)
{
	if (may_miss && isnan(value))
		return;
	if (!isfinite(value))
		calib_refuse(c, member, "no number. " AGAIN);
	else if (value < low || value > high)
		calib_refuse(
			c, member, "%g is not in %g .. %g. " AGAIN, value, low, high);
}

const char *calib_chip_wrong(const char *chip)
{
	static const char alnum[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789";
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789 _.:-";

	if (chip[0] == '\0')
		return NULL;
	if (strlen(chip) >= CALIB_CHIP_MAX)
		return "longer than 48 characters";
	if (strchr(alnum, chip[0]) == NULL)
		return "must begin with a letter or digit";
	return chip[strspn(chip, all)] != '\0'
		? "only letters, digits, blank and _ . : - are possible"
		: NULL;
}

static void check_date(struct calib_check *c, const char *date)
{
	if (date[0] == '\0' || strlen(date) >= CALIB_DATE_MAX)
		calib_refuse(c, "date", "empty or too long. " AGAIN);
	for (const char *d = date; *d != '\0'; d++)
		if (*d < 0x20 || *d == 0x7f)
			calib_refuse(c, "date", "holds a control character. " AGAIN);
}

int calib_file_check(
	const struct calib_file *f, const char *name, struct problem *problem)
{
	struct calib_check c = { name, problem, 0 };
	const struct calib *k = &f->calib;
	const char *wrong = calib_chip_wrong(f->chip);

	if (k->parameters != 6 && k->parameters != 9)
		calib_refuse(&c, "parameters", "%d, but 6 or 9 is possible. " AGAIN,
			k->parameters);
	if (wrong != NULL)
		calib_refuse(&c, "chip", "%s", wrong);
	check_date(&c, f->date);
	check_range(&c, "site", f->site, SITE_THIGH, SITE_PELVIS, false);
	check_vec(&c, "acc_bias_m_s2", k->acc_bias_m_s2, CALIB_BIAS_MAX_M_S2, "m/s^2");
	for (int row = 0; row < 3; row++)
		for (int column = 0; column < 3; column++)
			check_entry(&c, k, row, column);
	check_vec(&c, "gyr_bias_rad_s", k->gyr_bias_rad_s, CALIB_GYR_BIAS_MAX_RAD_S,
		"rad/s");
	check_range(&c, "temp_c", k->temp_c, -60.0, 150.0, true);
	check_range(&c, "residual_m_s2", k->residual_m_s2, 0.0, CALIB_RESIDUAL_MAX_M_S2,
		true);
	check_range(&c, "residual_after_m_s2", f->residual_after_m_s2, 0.0,
		CALIB_RESIDUAL_MAX_M_S2, false);
	check_range(
		&c, "residual_before_m_s2", f->residual_before_m_s2, 0.0, 100.0, false);
	check_range(&c, "residual_check_m_s2", f->residual_check_m_s2, 0.0,
		CALIB_RESIDUAL_MAX_M_S2, true);
	check_range(&c, "gyr_spread_rad_s", f->gyr_spread_rad_s, 0.0, 1.0, false);
	check_range(&c, "gravity_m_s2", f->gravity_m_s2, CALIB_GRAVITY_MIN_M_S2,
		CALIB_GRAVITY_MAX_M_S2, false);
	check_range(&c, "largest_hole_deg", f->largest_hole_deg, 0.0, 180.0, false);
	check_range(&c, "windows", f->windows, 6, 10000, false);
	check_range(&c, "directions", f->directions, 6, 10000, false);
	check_range(
		&c, "gyr_full_scale_rad_s", k->gyr_full_scale_rad_s, 0.1, 100.0, true);
	check_range(&c, "acc_full_scale_m_s2", k->acc_full_scale_m_s2, 9.0, 400.0, true);
	return c.error;
}

int calib_file_fits(const struct calib_file *f, const char *name, enum site site,
	const char *chip, struct problem *problem)
{
	struct calib_check c = { name, problem, 0 };

	if (f->site != site)
		calib_refuse(&c, "site",
			"it is for the %s sensor, not for the %s one. give the "
			"file that was made for it",
			site_names[f->site], site_names[site]);
	if (chip != NULL && chip[0] != '\0' && f->chip[0] != '\0' &&
		strcmp(chip, f->chip) != 0)
		calib_refuse(&c, "chip",
			"it is for the chip \"%s\", but \"%s\" is there. "
			"calibrate that one",
			f->chip, chip);
	return c.error;
}
