/*
 * From still windows to a calibration, or to the reason why not.
 *
 * Chooses six or nine parameters by what the directions allow and by the
 * leave-one-out residual, takes the gyroscope's bias from the same windows, and
 * lets nothing pass that cannot be believed.
 */
#ifndef STRETCH_STRETCHCTL_CALIB_JUDGE_H
#define STRETCH_STRETCHCTL_CALIB_JUDGE_H

#include "linux/calib_file.h"
#include "stretchctl/calib_fit.h"

#define CALIB_WORST_MAX_M_S2 0.15 /* one window left out */
#define CALIB_GYR_SPREAD_MAX_RAD_S 0.05

struct calib_wish {
	int32_t parameters; /* 6, 9; 0: what the windows allow */
	double gravity_m_s2;
	int64_t until_us; /* windows that end later only check; INT64_MAX: none */
};

struct calib_verdict {
	bool good;
	char reason[512];           /* why not; one line */
	char note[256];             /* what to know about a good one; "" : nothing */
	int32_t fitted;             /* the first so many windows were fitted */
	struct calib_sphere sphere; /* their directions */
	bool have_fit;              /* fit and the residuals in file are filled */
	struct calib_fit fit;
	/* windows behind the fitted ones, corrected, against gravity */
	double check_m_s2[CALIB_WINDOWS_MAX];
	struct calib_file file; /* chip, site and date are the caller's */
};

void calib_judge(const struct calib_collect *collect, const struct calib_wish *wish,
	struct calib_verdict *verdict);

#endif
