/* The tables of a calibration; see calib_report.h. */
#include "stretchctl/calib_report.h"

#include <stdio.h>

void calib_report_windows(const struct calib_collect *c, const struct calib_wish *wish,
	const struct calib_verdict *v)
{
	printf("window  from s    to s  raw m/s^2");
	if (v->have_fit)
		printf("  corrected  left out");
	printf("  direction\n");
	for (int32_t i = 0; i < c->count; i++) {
		const struct calib_window *w = &c->windows[i];
		double left_out = i < v->fitted ? v->fit.left_out_m_s2[i] : MISSING;
		double off = i < v->fitted ? v->fit.after_m_s2[i] : v->check_m_s2[i];

		printf("%6d %7.1f %7.1f %10.3f", (int)i + 1, (double)w->from_us * 1e-6,
			(double)w->to_us * 1e-6, vec3_norm(w->acc_m_s2));
		if (v->have_fit)
			printf(" %10.3f", wish->gravity_m_s2 + off);
		if (v->have_fit && isfinite(left_out))
			printf(" %+9.3f", left_out);
		else if (v->have_fit)
			printf(" %9s", i < v->fitted ? "-" : "check");
		printf("  %s\n", calib_named[calib_named_nearest(w->acc_m_s2)].words);
	}
	printf("%d still windows, %d of them to be fitted: %d directions, largest "
	       "hole %.0f deg\n\n",
		(int)c->count, (int)v->fitted, (int)v->sphere.count,
		calib_sphere_hole_deg(&v->sphere, NULL));
}

void calib_report_fit(const struct calib_verdict *v)
{
	const struct calib_file *f = &v->file;
	const struct calib *k = &f->calib;
	double shown =
		isfinite(k->residual_m_s2) ? k->residual_m_s2 : f->residual_check_m_s2;

	printf("%d parameters, gravity taken as %g m/s^2 (scale and gravity cannot\n"
	       "be told apart at rest; no angle depends on it; see --gravity)\n",
		k->parameters, f->gravity_m_s2);
	printf("bias        %+8.3f %+8.3f %+8.3f m/s^2\n", k->acc_bias_m_s2.x,
		k->acc_bias_m_s2.y, k->acc_bias_m_s2.z);
	printf("scale       %+8.2f %+8.2f %+8.2f %%\n",
		(k->acc_matrix.m[0][0] - 1.0) * 100.0,
		(k->acc_matrix.m[1][1] - 1.0) * 100.0,
		(k->acc_matrix.m[2][2] - 1.0) * 100.0);
	if (k->parameters == 9)
		printf("cross-axis  %+8.2f %+8.2f %+8.2f %% (xy, xz, yz)\n",
			k->acc_matrix.m[0][1] * 100.0, k->acc_matrix.m[0][2] * 100.0,
			k->acc_matrix.m[1][2] * 100.0);
	printf("gyroscope   %+8.4f %+8.4f %+8.4f rad/s, windows differ by %.4f\n",
		k->gyr_bias_rad_s.x, k->gyr_bias_rad_s.y, k->gyr_bias_rad_s.z,
		f->gyr_spread_rad_s);
	if (isfinite(k->temp_c))
		printf("temperature %8.1f C\n", k->temp_c);
	printf("residual    %.3f m/s^2 before, %.3f after, ", f->residual_before_m_s2,
		f->residual_after_m_s2);
	if (isfinite(k->residual_m_s2))
		printf("%.3f left out\n", k->residual_m_s2);
	else
		printf("left out: not known\n");
	if (isfinite(f->residual_check_m_s2))
		printf("later windows, not fitted: %.3f m/s^2\n", f->residual_check_m_s2);
	if (isfinite(shown))
		printf("%.3f of %g m/s^2 is about %.2f deg of tilt\n", shown,
			f->gravity_m_s2, shown / f->gravity_m_s2 * DEG_PER_RAD);
	printf("\n");
}
