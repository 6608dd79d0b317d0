/* inputs.json out and in; see inputs_json.h. Both directions use one table. */
#include "linux/inputs_json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define INPUTS_VERSION 1

/* ---- out ---- */

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *vec_to_json(struct vec3 v)
{
	return json_pack("[o,o,o]", json_real(v.x), json_real(v.y), json_real(v.z));
}

static json_t *mat_to_json(const struct mat3 *m)
{
	json_t *rows = json_array();

	for (int r = 0; r < 3; r++)
		json_array_append_new(rows, vec_to_json((struct vec3){ m->m[r][0],
			m->m[r][1], m->m[r][2] }));
	return rows;
}

static json_t *settings_to_json(const struct settings *settings)
{
	json_t *object = json_object();

	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *s = &setting_table[i];
		json_t *value;

		if (s->type >= SETTING_LABEL)
			value = json_string(setting_text(settings, s));
		else if (s->type == SETTING_CHOICE)
			value = json_string(setting_choice_name(s,
				(int)setting_number(settings, s)));
		else
			value = real_or_null(setting_number(settings, s));
		json_object_set_new(object, s->key, value);
	}
	return object;
}

static json_t *calib_to_json(const struct calib *c)
{
	return json_pack("{s:i,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
		"parameters", c->parameters,
		"acc_bias_m_s2", vec_to_json(c->acc_bias_m_s2),
		"acc_matrix", mat_to_json(&c->acc_matrix),
		"gyr_bias_rad_s", vec_to_json(c->gyr_bias_rad_s),
		"temp_c", real_or_null(c->temp_c),
		"residual_m_s2", real_or_null(c->residual_m_s2),
		"gyr_full_scale_rad_s", real_or_null(c->gyr_full_scale_rad_s),
		"acc_full_scale_m_s2", real_or_null(c->acc_full_scale_m_s2));
}

static json_t *alignment_to_json(const struct alignment *a)
{
	if (!a->valid)
		return json_null();
	return json_pack("{s:b,s:o,s:[s,s],s:f,s:f}",
		"weak", a->weak,
		"to_segment", mat_to_json(&a->to_segment),
		"poses", pose_names[a->pair[0]], pose_names[a->pair[1]],
		"between_deg", a->between_deg,
		"cone_deg", a->cone_deg);
}

static json_t *curve_to_json(const struct session_inputs *in)
{
	const struct pelvis_curve *c = &in->curve;

	if (!in->have_curve)
		return json_null();
	return json_pack("{s:f,s:f,s:f,s:f,s:f}", "a_deg", c->a, "b", c->b, "c_per_deg",
		c->c, "top_deg", c->top_deg, "residual_deg", c->residual_deg);
}

json_t *inputs_to_json(const struct session_inputs *in)
{
	json_t *calib = json_object(), *align = json_object();
	bool window = in->reference_from_us >= 0;

	for (int site = 0; site < SITE_COUNT; site++) {
		json_object_set_new(calib, site_names[site],
			calib_to_json(&in->calib[site]));
		json_object_set_new(align, site_names[site], in->have_alignment
			? alignment_to_json(&in->align[site]) : json_null());
	}
	return json_pack("{s:i,s:s,s:s,s:b,s:b,s:b,s:b,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
		"inputs_version", INPUTS_VERSION,
		"session", in->name,
		"mode", session_mode_names[in->mode],
		"armed", in->armed,
		"restrap", in->restrap,
		"other_leg_next", in->other_leg_next,
		"continued", in->continued,
		"smoothed", in->smoothed,
		"reference_from_s", real_or_null(window
			? (double)in->reference_from_us * 1e-6 : MISSING),
		"reference_to_s", real_or_null(window
			? (double)in->reference_to_us * 1e-6 : MISSING),
		"calibration", calib,
		"alignment", align,
		"pelvis_curve", curve_to_json(in),
		"personal_share", real_or_null(in->have_share ? in->share : MISSING),
		"personal_share_spread", real_or_null(in->have_share
			? in->share_spread : MISSING),
		"settings", settings_to_json(&in->settings));
}

/* ---- in ---- */

/* Where we are and what went wrong first; reading goes on without harm. */
struct reader {
	const char *path;
	struct problem *problem;
	int error;
	/* settings of another version: how many, and the first of them */
	int absent, unknown;
	const char *first_absent, *first_unknown;
};

static void refuse(struct reader *r, const char *member, const char *what)
{
	if (r->error == 0)
		problem_set(r->problem, "%s: %s: %s. use the inputs.json that the "
			"session was written with", r->path, member, what);
	r->error = -EBADMSG;
}

static json_t *member(struct reader *r, const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	if (value == NULL)
		refuse(r, key, "missing");
	return value;
}

static double read_real(struct reader *r, const json_t *object, const char *key)
{
	const json_t *value = member(r, object, key);

	if (value != NULL && !json_is_number(value) && !json_is_null(value))
		refuse(r, key, "not a number");
	return json_is_number(value) ? json_number_value(value) : MISSING;
}

static struct vec3 vec_of(struct reader *r, const json_t *array, const char *key)
{
	double v[3] = { 0, 0, 0 };

	if (json_array_size(array) != 3)
		refuse(r, key, "not three numbers");
	for (size_t i = 0; i < 3; i++) {
		const json_t *value = json_array_get(array, i);

		if (!json_is_number(value))
			refuse(r, key, "not three numbers");
		else
			v[i] = json_number_value(value);
	}
	return (struct vec3){ v[0], v[1], v[2] };
}

static struct mat3 read_mat(struct reader *r, const json_t *object, const char *key)
{
	const json_t *rows = member(r, object, key);
	struct mat3 m = mat3_identity();

	if (json_array_size(rows) != 3) {
		refuse(r, key, "not three rows");
		return m;
	}
	for (size_t i = 0; i < 3; i++) {
		struct vec3 row = vec_of(r, json_array_get(rows, i), key);

		m.m[i][0] = row.x;
		m.m[i][1] = row.y;
		m.m[i][2] = row.z;
	}
	return m;
}

static void read_setting(struct reader *r, const json_t *object,
	const struct setting *s, struct settings *settings)
{
	const json_t *value = json_object_get(object, s->key);
	const char *text = json_string_value(value);
	double number = json_is_number(value) ? json_number_value(value) : MISSING;

	if (value == NULL) {
		if (r->absent++ == 0)
			r->first_absent = s->key;
		return;
	}
	if (s->type >= SETTING_LABEL) {
		if (text == NULL || setting_put_text(settings, s, text) != NULL)
			refuse(r, s->key, "no such text is possible");
		return;
	}
	if (s->type == SETTING_CHOICE) {
		int index = -1;

		for (int i = 0; text != NULL && setting_choice_name(s, i) != NULL; i++)
			if (strcmp(setting_choice_name(s, i), text) == 0)
				index = i;
		number = index;
	}
	if (setting_put_number(settings, s, number) != 0)
		refuse(r, s->key, "out of range");
}

static void read_settings(struct reader *r, json_t *object, struct settings *settings)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object)) {
		refuse(r, "settings", "no JSON object");
		return;
	}
	for (size_t i = 0; i < setting_count; i++)
		read_setting(r, object, &setting_table[i], settings);
	json_object_foreach(object, key, value) {
		if (setting_find(key) == NULL && r->unknown++ == 0)
			r->first_unknown = key;
	}
}

/* A session outlives the version that wrote it: what has come since has its default. */
static void note_version(const struct reader *r, struct problem *note)
{
	char absent[128] = "", unknown[128] = "";

	if (r->absent > 0)
		snprintf(absent, sizeof absent, ". taken by default: %s%s", r->first_absent,
			r->absent > 1 ? " and others" : "");
	if (r->unknown > 0)
		snprintf(unknown, sizeof unknown, ". not known here, left out: %.60s%s",
			r->first_unknown, r->unknown > 1 ? " and others" : "");
	if (r->absent + r->unknown > 0)
		problem_set(note, "%s: its settings are of another version%s%s", r->path,
			absent, unknown);
}

static void read_calib(struct reader *r, const json_t *object, struct calib *c)
{
	double parameters = read_real(r, object, "parameters");

	c->parameters = isfinite(parameters) ? (int)parameters : 0;
	c->acc_bias_m_s2 = vec_of(r, member(r, object, "acc_bias_m_s2"), "acc_bias_m_s2");
	c->acc_matrix = read_mat(r, object, "acc_matrix");
	c->gyr_bias_rad_s = vec_of(r, member(r, object, "gyr_bias_rad_s"),
		"gyr_bias_rad_s");
	c->temp_c = read_real(r, object, "temp_c");
	c->residual_m_s2 = read_real(r, object, "residual_m_s2");
	c->gyr_full_scale_rad_s = read_real(r, object, "gyr_full_scale_rad_s");
	c->acc_full_scale_m_s2 = read_real(r, object, "acc_full_scale_m_s2");
}

static void read_alignment(struct reader *r, const json_t *object,
	struct session_inputs *in, int site)
{
	struct alignment *a = &in->align[site];
	const json_t *poses;

	if (json_is_null(object))
		return;
	in->have_alignment = true;
	a->valid = true;
	a->weak = json_is_true(member(r, object, "weak"));
	a->to_segment = read_mat(r, object, "to_segment");
	a->between_deg = read_real(r, object, "between_deg");
	a->cone_deg = read_real(r, object, "cone_deg");
	poses = member(r, object, "poses");
	for (size_t i = 0; i < 2; i++) {
		const char *name = json_string_value(json_array_get(poses, i));
		int pose = name != NULL ? name_lookup(pose_names, POSE_COUNT, name) : -1;

		if (pose < 0)
			refuse(r, "poses", "no such pose");
		else
			a->pair[i] = (enum pose)pose;
	}
}

static void read_curve(struct reader *r, const json_t *object, struct session_inputs *in)
{
	if (json_is_null(object))
		return;
	in->have_curve = true;
	in->curve = (struct pelvis_curve){ .valid = true,
		.a = read_real(r, object, "a_deg"), .b = read_real(r, object, "b"),
		.c = read_real(r, object, "c_per_deg"),
		.top_deg = read_real(r, object, "top_deg"),
		.residual_deg = read_real(r, object, "residual_deg") };
}

static int64_t seconds_to_us(double seconds)
{
	return isfinite(seconds) ? (int64_t)llround(seconds * 1e6) : -1;
}

static void read_inputs(struct reader *r, const json_t *root, struct session_inputs *in)
{
	const json_t *calib = member(r, root, "calibration");
	const json_t *align = member(r, root, "alignment");
	const char *mode = json_string_value(member(r, root, "mode"));
	const char *name = json_string_value(member(r, root, "session"));
	int index = mode != NULL ? name_lookup(session_mode_names, MODE_COUNT, mode) : -1;

	if (index < 0)
		refuse(r, "mode", "no such mode");
	else
		in->mode = (enum session_mode)index;
	if (name == NULL || strlen(name) >= sizeof in->name)
		refuse(r, "session", "no name, or too long");
	else
		memcpy(in->name, name, strlen(name) + 1);
	in->armed = json_is_true(member(r, root, "armed"));
	in->restrap = json_is_true(member(r, root, "restrap"));
	in->other_leg_next = json_is_true(member(r, root, "other_leg_next"));
	in->continued = json_is_true(member(r, root, "continued"));
	in->smoothed = json_is_true(member(r, root, "smoothed"));
	in->reference_from_us = seconds_to_us(read_real(r, root, "reference_from_s"));
	in->reference_to_us = seconds_to_us(read_real(r, root, "reference_to_s"));
	in->share = read_real(r, root, "personal_share");
	in->share_spread = read_real(r, root, "personal_share_spread");
	in->have_share = isfinite(in->share) && isfinite(in->share_spread);
	for (int site = 0; site < SITE_COUNT; site++) {
		read_calib(r, member(r, calib, site_names[site]), &in->calib[site]);
		read_alignment(r, member(r, align, site_names[site]), in, site);
	}
	read_curve(r, member(r, root, "pelvis_curve"), in);
	read_settings(r, member(r, root, "settings"), &in->settings);
}

int inputs_read(const char *path, struct session_inputs *in, struct problem *note,
	struct problem *problem)
{
	struct reader reader = { .path = path, .problem = problem };
	json_error_t where;
	json_t *root;

	errno = 0;
	root = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
	if (root == NULL && where.line < 0 && errno != 0)
		return problem_errno(problem, path, "read", -errno);
	memset(in, 0, sizeof *in);
	note->text[0] = '\0';
	settings_default(&in->settings);
	if (root == NULL) {
		problem_set(problem, "%s:%d: column %d: %s", path, where.line,
			where.column, where.text);
		return -EBADMSG;
	}
	if (!json_is_object(root))
		refuse(&reader, "file", "no JSON object");
	else if (json_integer_value(json_object_get(root, "inputs_version")) !=
		INPUTS_VERSION)
		refuse(&reader, "inputs_version", "not 1");
	else
		read_inputs(&reader, root, in);
	note_version(&reader, note);
	json_decref(root);
	return reader.error;
}
