/* Inputs of a session from its settings; see inputs.h. */
#include "linux/inputs.h"

#include <string.h>

#include "linux/calib_file.h"

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
