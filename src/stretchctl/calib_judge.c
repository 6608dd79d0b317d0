/* The verdict over still windows; see calib_judge.h. */
#include "stretchctl/calib_judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MISSING_SHOWN 4

static void __attribute__((format(printf, 2, 3)))
say_no(struct calib_verdict *v, const char *format, ...)
{
	va_list arguments;

	v->good = false;
	va_start(arguments, format);
	(void)vsnprintf(v->reason, sizeof v->reason, format, arguments);
	va_end(arguments);
}

static const char *words_of(const struct calib_collect *c, int32_t window)
{
	return calib_named[calib_named_nearest(c->windows[window].acc_m_s2)].words;
}

/* What is missing for so many parameters, in words, into text; "" : nothing. */
static void missing_words(
	const struct calib_sphere *sphere, int32_t parameters, char *text, size_t size)
{
	int32_t wanted[CALIB_DIRECTIONS_MAX];
	int32_t count =
		calib_sphere_missing(sphere, parameters, wanted, CALIB_DIRECTIONS_MAX);
	size_t used = 0;

	text[0] = '\0';
	for (int32_t i = 0; i < count && i < MISSING_SHOWN && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s\"%s\"",
			i > 0 ? ", " : "", calib_named[wanted[i]].words);
	if (count > MISSING_SHOWN && used < size)
		(void)snprintf(text + used, size - used, " and %d more",
			(int)(count - MISSING_SHOWN));
}

/* Windows before the limit, and their directions. */
static void take_windows(
	const struct calib_collect *c, int64_t until_us, struct calib_verdict *v)
{
	for (int32_t i = 0; i < c->count && c->windows[i].to_us <= until_us; i++) {
		const struct calib_window *w = &c->windows[i];
		int32_t d = calib_sphere_add(&v->sphere, w->acc_m_s2);

		if (d >= 0 && (i == 0 || c->windows[i - 1].visit != w->visit))
			v->sphere.of[d].visits++;
		v->fitted = i + 1;
	}
}

static void say_too_few(
	struct calib_verdict *v, const struct calib_collect *c, int32_t parameters)
{
	double hole_deg = calib_sphere_hole_deg(&v->sphere, NULL);
	char missing[320];

	missing_words(&v->sphere, parameters, missing, sizeof missing);
	if (v->fitted == 0)
		say_no(v,
			"no still window was found: %d quarter seconds were moving, %d "
			"frozen, %d nothing like gravity. Put the sensor down and let go "
			"for 2 s in each direction",
			(int)c->moving_bins, (int)c->frozen_bins, (int)c->wrong_bins);
	else if (parameters == 9)
		say_no(v,
			"%d directions, largest hole %.0f deg; nine parameters need %d "
			"and at most %.0f. Missing: %s",
			(int)v->sphere.count, hole_deg, CALIB_DIRECTIONS_9,
			CALIB_HOLE_DEG, missing);
	else if (calib_sphere_enough(&v->sphere, 6) == CALIB_ONCE)
		say_no(v,
			"not every face was taken twice, so nothing checks the fit. Turn "
			"the sensor away and take again: %s. Or take %d directions in "
			"all. Or accept it unchecked with --parameters 6",
			missing, CALIB_DIRECTIONS_6);
	else
		say_no(v,
			"%d directions, largest hole %.0f deg; six parameters need the "
			"six faces twice, or %d directions with at most %.0f. Missing: "
			"%s",
			(int)v->sphere.count, hole_deg, CALIB_DIRECTIONS_6,
			CALIB_HOLE_DEG, missing);
}

static int32_t poses_of(const struct calib_collect *c, int32_t count,
	struct calib_pose poses[CALIB_POSES_MAX])
{
	for (int32_t i = 0; i < count; i++)
		poses[i] = (struct calib_pose){ c->windows[i].acc_m_s2,
			c->windows[i].visit };
	return count;
}

/* Fits with so many parameters when the directions allow it. */
static bool try_fit(const struct calib_collect *c, const struct calib_wish *wish,
	const struct calib_verdict *v, int32_t parameters, struct calib_fit *fit)
{
	struct calib_pose poses[CALIB_POSES_MAX];
	enum calib_enough enough = calib_sphere_enough(&v->sphere, parameters);

	if (enough == CALIB_TOO_FEW || (enough == CALIB_ONCE && wish->parameters != 6))
		return false;
	return calib_fit_judge(poses, poses_of(c, v->fitted, poses), parameters,
		       wish->gravity_m_s2, fit) == CALIB_FIT_OK;
}

/* Leaves the chosen number in file.calib.parameters; 0: none is possible. */
static void choose_fit(const struct calib_collect *c, const struct calib_wish *wish,
	struct calib_verdict *v)
{
	struct calib_fit six = { .checked = 0 }, nine = { .checked = 0 };
	bool have_six = wish->parameters != 9 && try_fit(c, wish, v, 6, &six);
	bool have_nine = wish->parameters != 6 && try_fit(c, wish, v, 9, &nine);

	/* the better one by leaving out; of equals the simpler one */
	if (have_six && have_nine)
		have_nine = nine.left_out_rms_m_s2 < six.left_out_rms_m_s2;
	v->have_fit = have_six || have_nine;
	v->fit = have_nine ? nine : six;
	v->file.calib.parameters = have_nine ? 9 : have_six ? 6 : 0;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Mean of the two in the middle; values are put into order. */
static double median(double *values, int32_t count)
{
	qsort(values, (size_t)count, sizeof *values, compare);
	return 0.5 * (values[(count - 1) / 2] + values[count / 2]);
}

/* Bias by axis: the median over windows, so that a few turned ones do no harm. */
static void find_gyro_bias(const struct calib_collect *c, struct calib_verdict *v)
{
	double axis[3][CALIB_WINDOWS_MAX] = { { 0 } };
	double off[CALIB_WINDOWS_MAX] = { 0 };
	int32_t n = v->fitted;
	struct vec3 bias;

	for (int32_t i = 0; i < n; i++) {
		axis[0][i] = c->windows[i].gyr_rad_s.x;
		axis[1][i] = c->windows[i].gyr_rad_s.y;
		axis[2][i] = c->windows[i].gyr_rad_s.z;
	}
	bias = (struct vec3){ median(axis[0], n), median(axis[1], n),
		median(axis[2], n) };
	for (int32_t i = 0; i < n; i++)
		off[i] = vec3_norm(vec3_sub(c->windows[i].gyr_rad_s, bias));
	v->file.calib.gyr_bias_rad_s = bias;
	v->file.gyr_spread_rad_s = median(off, n);
}

static double mean_temp(const struct calib_collect *c, int32_t count)
{
	double sum = 0.0;
	int32_t n = 0;

	for (int32_t i = 0; i < count; i++)
		if (isfinite(c->windows[i].temp_c)) {
			sum += c->windows[i].temp_c;
			n++;
		}
	return n > 0 ? sum / n : MISSING;
}

/* Applies the fit to the windows that were kept out of it. */
static double check_later(const struct calib_collect *c, double gravity,
	struct calib_verdict *v, double *worst)
{
	double square = 0.0;

	*worst = 0.0;
	for (int32_t i = v->fitted; i < c->count; i++) {
		double off = calib_fit_off_m_s2(&v->fit, c->windows[i].acc_m_s2, gravity);

		v->check_m_s2[i] = off;
		square += off * off;
		*worst = fmax(*worst, fabs(off));
	}
	return c->count > v->fitted ? sqrt(square / (c->count - v->fitted)) : MISSING;
}

static void fill_file(const struct calib_collect *c, const struct calib_wish *wish,
	struct calib_verdict *v)
{
	struct calib_file *f = &v->file;

	f->calib.acc_bias_m_s2 = v->fit.bias_m_s2;
	f->calib.acc_matrix = v->fit.matrix;
	f->calib.residual_m_s2 = v->fit.left_out_rms_m_s2;
	f->calib.temp_c = mean_temp(c, v->fitted);
	f->gravity_m_s2 = wish->gravity_m_s2;
	f->residual_before_m_s2 = v->fit.before_rms_m_s2;
	f->residual_after_m_s2 = v->fit.after_rms_m_s2;
	f->largest_hole_deg = calib_sphere_hole_deg(&v->sphere, NULL);
	f->windows = v->fitted;
	f->directions = v->sphere.count;
	find_gyro_bias(c, v);
}

static void say_bad_fit(const struct calib_collect *c, struct calib_verdict *v)
{
	int32_t suspect = v->fit.worst;

	for (int32_t i = 0; i < v->fitted; i++)
		if (c->windows[i].visit == v->fit.suspect_visit)
			suspect = i;
	say_no(v,
		"the windows do not agree: left out, they are off by %.3f m/s^2 (rms; "
		"at most %.2f) and by %.3f at worst (at most %.2f). Window %d, \"%s\" at "
		"%.1f s, fits the others least: take it again, resting on something",
		v->fit.left_out_rms_m_s2, CALIB_RESIDUAL_MAX_M_S2,
		fabs(v->fit.left_out_m_s2[v->fit.worst]), CALIB_WORST_MAX_M_S2,
		(int)suspect + 1, words_of(c, suspect),
		(double)c->windows[suspect].from_us * 1e-6);
}

/* A window that the others cannot predict may be as wrong as it likes: the fit
 * follows it. */
static void say_unchecked(const struct calib_collect *c, struct calib_verdict *v)
{
	int32_t alone = 0;

	while (alone < v->fitted - 1 && isfinite(v->fit.left_out_m_s2[alone]))
		alone++;
	say_no(v,
		"nothing checks window %d, \"%s\" at %.1f s (and %d more): the others do "
		"not suffice without it. Turn the sensor away and take that direction "
		"once more",
		(int)alone + 1, words_of(c, alone),
		(double)c->windows[alone].from_us * 1e-6,
		(int)(v->fitted - v->fit.checked - 1));
}

static void check_verdict(const struct calib_collect *c, const struct calib_wish *wish,
	struct calib_verdict *v)
{
	struct calib_file probe;
	struct problem problem;
	double worst;

	v->file.residual_check_m_s2 = check_later(c, wish->gravity_m_s2, v, &worst);
	v->good = true;
	probe = v->file; /* the residuals have better words here than in the file */
	probe.calib.residual_m_s2 = probe.residual_check_m_s2 = MISSING;
	probe.residual_after_m_s2 = 0.0;
	(void)snprintf(probe.date, sizeof probe.date, "undated");
	if (calib_file_check(&probe, "", &problem) != 0)
		say_no(v, "%s", problem.text);
	else if (v->fit.checked > 0 &&
		(v->fit.left_out_rms_m_s2 > CALIB_RESIDUAL_MAX_M_S2 ||
			fabs(v->fit.left_out_m_s2[v->fit.worst]) > CALIB_WORST_MAX_M_S2))
		say_bad_fit(c, v);
	else if (v->fit.after_rms_m_s2 > CALIB_RESIDUAL_MAX_M_S2)
		say_no(v, "the windows do not agree: rms %.3f m/s^2, at most %.2f",
			v->fit.after_rms_m_s2, CALIB_RESIDUAL_MAX_M_S2);
	else if (v->file.residual_check_m_s2 > CALIB_RESIDUAL_MAX_M_S2 ||
		worst > CALIB_WORST_MAX_M_S2)
		say_no(v,
			"the windows kept for checking are off by %.3f m/s^2 (rms), %.3f "
			"at worst",
			v->file.residual_check_m_s2, worst);
	else if (v->fit.checked < v->fitted && wish->parameters != 6)
		say_unchecked(c, v);
	else if (v->file.gyr_spread_rad_s > CALIB_GYR_SPREAD_MAX_RAD_S)
		say_no(v,
			"the gyroscope reads another rate in each window (by %.3f "
			"rad/s): "
			"the sensor was turning",
			v->file.gyr_spread_rad_s);
}

void calib_judge(const struct calib_collect *c, const struct calib_wish *wish,
	struct calib_verdict *v)
{
	int32_t aim = wish->parameters == 9 ? 9 : 6;

	memset(v, 0, sizeof *v);
	v->file.calib = calib_none();
	v->file.residual_check_m_s2 = MISSING;
	take_windows(c, wish->until_us, v);
	choose_fit(c, wish, v);
	if (!v->have_fit) {
		if (v->fitted > 0 && calib_sphere_enough(&v->sphere, aim) == CALIB_ENOUGH)
			say_no(v,
				"the directions do not tell bias, scale and cross-axis "
				"terms apart: they lie too much alike");
		else
			say_too_few(v, c, aim);
		return;
	}
	fill_file(c, wish, v);
	check_verdict(c, wish, v);
	if (v->fit.checked < v->fitted)
		(void)snprintf(v->note, sizeof v->note,
			"%d of %d windows are alone in "
			"their direction: %s. Faces taken twice, or %d directions, would "
			"do it",
			(int)(v->fitted - v->fit.checked), (int)v->fitted,
			c->count > v->fitted ? "only the later windows check them"
					     : "nothing checks them",
			CALIB_DIRECTIONS_9);
}
