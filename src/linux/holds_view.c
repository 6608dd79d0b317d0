/* The columns of holds.csv that answer "how did it go?"; see holds_view.h. */
#include "linux/holds_view.h"

#include <limits.h>

#include "linux/table.h"

int holds_view_print(const char *folder, FILE *out, struct problem *problem)
{
	static const struct table_pick picks[] = {
		{ "hold_index", "hold" },
		{ "result", "result" },
		{ "reason", "reason" },
		{ "hold_s", "held s" },
		{ "prescribed_s", "of s" },
		{ "angle_mean_deg", "mean deg" },
		{ "angle_peak_deg", "peak deg" },
		{ "sway_sd_deg", "sway deg" },
		{ "pelvis_verdict", "pelvis" },
		{ "angle_method", "angle" },
		{ "angle_confidence", "trust" },
	};
	char path[PATH_MAX + 16];
	struct problem none = { "" };
	int error;

	*problem = none;
	snprintf(path, sizeof path, "%s/holds.csv", folder);
	error = table_print_csv(path, picks, sizeof picks / sizeof picks[0], out,
		table_width(out), problem);
	/* the file was read, but the table could not be written */
	if (error != 0 && problem->text[0] == '\0')
		problem_errno(problem, "standard output", "write", error);
	return error;
}
