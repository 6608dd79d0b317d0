/* Calibration files in and out; see calib_file.h. */
#include "linux/calib_file_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN CALIB_AGAIN
#define ACC_DECIMALS 6
#define GYR_DECIMALS 7
#define MATRIX_DECIMALS 8

const struct sealed_kind calib_file_kind = { .format = "stretch-calibration",
	.version = CALIB_FILE_VERSION,
	.noun = "calibration file",
	.again = CALIB_AGAIN };

/* ---- out ---- */

static void round_values(struct calib_file *f)
{
	struct calib *k = &f->calib;

	k->acc_bias_m_s2 = sealed_round_vec(k->acc_bias_m_s2, ACC_DECIMALS);
	k->gyr_bias_rad_s = sealed_round_vec(k->gyr_bias_rad_s, GYR_DECIMALS);
	for (int row = 0; row < 3; row++)
		for (int column = 0; column < 3; column++)
			k->acc_matrix.m[row][column] = sealed_round(
				k->acc_matrix.m[row][column], MATRIX_DECIMALS);
	k->temp_c = sealed_round(k->temp_c, 2);
	k->residual_m_s2 = sealed_round(k->residual_m_s2, ACC_DECIMALS);
	k->gyr_full_scale_rad_s = sealed_round(k->gyr_full_scale_rad_s, GYR_DECIMALS);
	k->acc_full_scale_m_s2 = sealed_round(k->acc_full_scale_m_s2, ACC_DECIMALS);
	f->gravity_m_s2 = sealed_round(f->gravity_m_s2, ACC_DECIMALS);
	f->residual_before_m_s2 = sealed_round(f->residual_before_m_s2, ACC_DECIMALS);
	f->residual_after_m_s2 = sealed_round(f->residual_after_m_s2, ACC_DECIMALS);
	f->residual_check_m_s2 = sealed_round(f->residual_check_m_s2, ACC_DECIMALS);
	f->gyr_spread_rad_s = sealed_round(f->gyr_spread_rad_s, GYR_DECIMALS);
	f->largest_hole_deg = sealed_round(f->largest_hole_deg, 2);
}

static json_t *to_json(const struct calib_file *f)
{
	const struct calib *k = &f->calib;

	return json_pack("{s:s,s:i,s:s,s:s,s:s,s:i,s:f,s:o,s:o,s:o,s:o,s:o,s:o,"
			 "s:f,s:f,s:o,s:o,s:f,s:i,s:i,s:f}",
		"format", calib_file_kind.format, "version", CALIB_FILE_VERSION, "chip",
		f->chip, "site", site_names[f->site], "date", f->date, "parameters",
		k->parameters, "gravity_m_s2", f->gravity_m_s2, "acc_bias_m_s2",
		sealed_vec(k->acc_bias_m_s2), "acc_matrix", sealed_mat(&k->acc_matrix),
		"gyr_bias_rad_s", sealed_vec(k->gyr_bias_rad_s), "temp_c",
		sealed_real(k->temp_c), "acc_full_scale_m_s2",
		sealed_real(k->acc_full_scale_m_s2), "gyr_full_scale_rad_s",
		sealed_real(k->gyr_full_scale_rad_s), "residual_before_m_s2",
		f->residual_before_m_s2, "residual_after_m_s2", f->residual_after_m_s2,
		"residual_m_s2", sealed_real(k->residual_m_s2), "residual_check_m_s2",
		sealed_real(f->residual_check_m_s2), "gyr_spread_rad_s",
		f->gyr_spread_rad_s, "windows", (int)f->windows, "directions",
		(int)f->directions, "largest_hole_deg", f->largest_hole_deg);
}

int calib_file_write(
	const char *path, const struct calib_file *file, struct problem *problem)
{
	struct calib_file f = *file;
	int error;

	round_values(&f);
	error = calib_file_check(&f, path, problem);
	if (error != 0)
		return error;
	return sealed_write(path, to_json(&f), problem);
}

/* ---- in ---- */

static void read_members(struct sealed_check *c, const json_t *root, struct calib_file *f)
{
	char site[16] = "";
	struct calib *k = &f->calib;

	sealed_text_of(c, root, "chip", f->chip, sizeof f->chip);
	sealed_text_of(c, root, "date", f->date, sizeof f->date);
	sealed_text_of(c, root, "site", site, sizeof site);
	f->site = strcmp(site, site_names[SITE_PELVIS]) == 0 ? SITE_PELVIS : SITE_THIGH;
	if (strcmp(site, site_names[f->site]) != 0)
		sealed_refuse(
			c, "site", "\"%s\" is neither thigh nor pelvis. " AGAIN, site);
	k->parameters = (int)sealed_whole_of(c, root, "parameters");
	k->acc_bias_m_s2 = sealed_vec_of(c, root, "acc_bias_m_s2");
	k->acc_matrix = sealed_mat_of(c, root, "acc_matrix");
	k->gyr_bias_rad_s = sealed_vec_of(c, root, "gyr_bias_rad_s");
	k->temp_c = sealed_real_of(c, root, "temp_c");
	k->residual_m_s2 = sealed_real_of(c, root, "residual_m_s2");
	k->gyr_full_scale_rad_s = sealed_real_of(c, root, "gyr_full_scale_rad_s");
	k->acc_full_scale_m_s2 = sealed_real_of(c, root, "acc_full_scale_m_s2");
	f->gravity_m_s2 = sealed_real_of(c, root, "gravity_m_s2");
	f->residual_before_m_s2 = sealed_real_of(c, root, "residual_before_m_s2");
	f->residual_after_m_s2 = sealed_real_of(c, root, "residual_after_m_s2");
	f->residual_check_m_s2 = sealed_real_of(c, root, "residual_check_m_s2");
	f->gyr_spread_rad_s = sealed_real_of(c, root, "gyr_spread_rad_s");
	f->largest_hole_deg = sealed_real_of(c, root, "largest_hole_deg");
	f->windows = sealed_whole_of(c, root, "windows");
	f->directions = sealed_whole_of(c, root, "directions");
}

int calib_file_parse(const char *text, size_t size, const char *name,
	struct calib_file *file, struct problem *problem)
{
	struct sealed_check c = { &calib_file_kind, name, problem, 0 };
	struct calib_file f = { .calib = calib_none() };
	json_t *root = sealed_parse(&c, text, size);

	if (root != NULL)
		read_members(&c, root, &f);
	json_decref(root);
	if (c.error == 0)
		c.error = calib_file_check(&f, name, problem);
	if (c.error == 0)
		*file = f;
	return c.error;
}

int calib_file_read(const char *path, struct calib_file *file, struct problem *problem)
{
	struct sealed_check c = { &calib_file_kind, path, problem, 0 };
	size_t size = 0;
	char *text = sealed_text(&c, path, &size);

	if (text != NULL)
		c.error = calib_file_parse(text, size, path, file, problem);
	free(text);
	return c.error;
}

int calib_file_load(
	const char *path, enum site site, struct calib *calib, struct problem *problem)
{
	struct calib_file file;
	int error = calib_file_read(path, &file, problem);

	if (error == 0)
		error = calib_file_fits(&file, path, site, NULL, problem);
	if (error == 0)
		*calib = file.calib;
	return error;
}
