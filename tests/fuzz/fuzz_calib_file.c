/*
 * Calibration and alignment files from any bytes, as they are and with the checksum
 * put right.
 *
 * Must hold: no crash; refused means one line of text and the result untouched;
 * accepted means values that pass the check, finite and near the identity (of an
 * alignment: a rotation).
 */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "linux/align_file.h"
#include "linux/calib_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int condition)
{
	if (!condition)
		abort();
}

static void try_alignment(const char *text, size_t size)
{
	struct align_file file, before;
	struct problem problem = { "" };

	memset(&file, 0x5a, sizeof file);
	before = file;
	if (align_file_parse(text, size, "fuzz", &file, &problem) != 0) {
		must(memcmp(&file, &before, sizeof file) == 0);
		must(problem.text[0] != '\0' && strchr(problem.text, '\n') == NULL);
		return;
	}
	must(align_file_check(&file, "", &problem) == 0);
	for (int site = 0; site < SITE_COUNT; site++) {
		struct vec3 up = mat3_apply(&file.site[site].align.to_segment,
			(struct vec3){ 0.6, 0.0, 0.8 });

		must(!file.site[site].align.valid || fabs(vec3_norm(up) - 1.0) < 1e-5);
	}
}

static void try_text(const char *text, size_t size)
{
	struct calib_file file, before;
	struct problem problem = { "" };
	struct imu_reading reading = { .present = true, .acc_m_s2 = { 0, 0, 9.81 } };

	memset(&file, 0x5a, sizeof file);
	before = file;
	try_alignment(text, size);
	if (calib_file_parse(text, size, "fuzz", &file, &problem) != 0) {
		must(memcmp(&file, &before, sizeof file) == 0);
		must(problem.text[0] != '\0' && strchr(problem.text, '\n') == NULL);
		return;
	}
	must(calib_file_check(&file, "", &problem) == 0);
	calib_apply(&file.calib, &reading);
	must(vec3_finite(reading.acc_m_s2) && vec3_finite(reading.gyr_rad_s));
	must(fabs(vec3_norm(reading.acc_m_s2) - 9.81) < 5.0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *root = json_loadb((const char *)data, size, 0, NULL);
	char *text, sum[16];

	try_text((const char *)data, size);
	if (root == NULL)
		return 0;
	(void)json_object_del(root, "crc32");
	text = json_dumps(root, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(15));
	if (text != NULL) {
		snprintf(sum, sizeof sum, "%08lx",
			crc32(0, (const Bytef *)text, (uInt)strlen(text)));
		free(text);
		(void)json_object_set_new(root, "crc32", json_string(sum));
		text = json_dumps(root, JSON_REAL_PRECISION(15));
	}
	if (text != NULL)
		try_text(text, strlen(text));
	free(text);
	json_decref(root);
	return 0;
}
