/* Inputs of a session from its settings; see inputs.h. */
#include "linux/inputs.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "linux/align_file.h"
#include "linux/calib_file.h"
#include "stretch/sense.h"

int inputs_from_settings(struct session_inputs *in, const struct settings *settings,
	struct problem *problem)
{
	const char *const files[SITE_COUNT] = { settings->calibration_thigh,
		settings->calibration_pelvis };

	memset(in, 0, sizeof *in);
	in->settings = *settings;
	in->armed = true;
	in->reference_from_us = in->reference_to_us = -1;
	for (int site = 0; site < SITE_COUNT; site++) {
		int error;

		in->calib[site] = calib_none();
		if (files[site][0] == '\0')
			continue;
		error = calib_file_load(files[site], (enum site)site, &in->calib[site],
			problem);
		if (error != 0)
			return error;
	}
	return 0;
}

/* Chips that the calibration files are for. */
static int read_chips(const struct settings *settings,
	char chips[SITE_COUNT][SEALED_CHIP_MAX], struct problem *problem)
{
	const char *const files[SITE_COUNT] = { settings->calibration_thigh,
		settings->calibration_pelvis };

	for (int site = 0; site < SITE_COUNT; site++) {
		struct calib_file file;
		int error;

		chips[site][0] = '\0';
		if (files[site][0] == '\0')
			continue;
		error = calib_file_read(files[site], &file, problem);
		if (error != 0)
			return error;
		memcpy(chips[site], file.chip, sizeof chips[site]);
	}
	return 0;
}

int inputs_take_alignment(struct session_inputs *in, bool live, struct problem *problem)
{
	const struct settings *settings = &in->settings;
	char chips[SITE_COUNT][SEALED_CHIP_MAX], boot_id[CLOCK_TEXT_MAX];
	const char *const chip[SITE_COUNT] = { chips[SITE_THIGH], chips[SITE_PELVIS] };
	unsigned sites = sense_sites(in->mode);
	struct align_file file;
	int error;

	problem_set(problem, "%s", "");
	if (settings->alignment[0] == '\0')
		return 0;
	error = align_file_read(settings->alignment, &file, problem);
	if (error == 0)
		error = read_chips(settings, chips, problem);
	if (error == 0)
		error = align_file_fits(&file, settings->alignment, sites,
			side_names[settings->side], chip, problem);
	if (error != 0)
		return error;
	clock_boot_id(boot_id);
	if (live && !align_file_fresh(&file, settings->alignment, boot_id,
		(double)clock_monotonic_us() * 1e-6, settings->alignment_max_min, problem))
		return 0;
	for (int site = 0; site < SITE_COUNT; site++)
		if ((sites & 1u << site) != 0)
			in->align[site] = file.site[site].align;
	in->have_alignment = true;
	return 1;
}

static int tell(const struct problem *problem, int error, int first, FILE *err)
{
	if (error != 0)
		fprintf(err, "%s\n", problem->text);
	return first != 0 ? first : error;
}

int inputs_check_files(const struct settings *settings, FILE *err)
{
	static const char played[] = "replay:";
	const char *const files[SITE_COUNT] = { settings->calibration_thigh,
		settings->calibration_pelvis };
	const char *recording = settings->sensor + strlen(played);
	struct problem problem;
	int first = 0;

	for (int site = 0; site < SITE_COUNT; site++) {
		struct calib calib;

		if (files[site][0] != '\0')
			first = tell(&problem, calib_file_load(files[site],
				(enum site)site, &calib, &problem), first, err);
	}
	if (settings->alignment[0] != '\0') {
		struct align_file file;

		first = tell(&problem, align_file_read(settings->alignment, &file,
			&problem), first, err);
	}
	if (strncmp(settings->sensor, played, strlen(played)) == 0 &&
		access(recording, R_OK) != 0)
		first = tell(&problem, problem_errno(&problem, recording, "read",
			-errno), first, err);
	return first;
}
