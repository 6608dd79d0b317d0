/* Alignment files in and out, and when one may be used; see align_file.h. */
#include "linux/align_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN "align again"
#define MATRIX_DECIMALS 10
#define ANGLE_DECIMALS 3
#define ROTATION_OFF 1e-6 /* of a matrix rounded to its decimals: 1e-9 */
#define CONE_MAX_DEG 30.0 /* poses 10 degrees apart give 17 */

static const struct sealed_kind kind = { .format = "stretch-alignment",
	.version = ALIGN_FILE_VERSION,
	.noun = "alignment file",
	.again = AGAIN };

/* ---- out ---- */

static void round_values(struct align_file *f)
{
	f->monotonic_s = floor(f->monotonic_s); /* never in the future */
	for (int site = 0; site < SITE_COUNT; site++) {
		struct align_file_site *s = &f->site[site];
		struct alignment *a = &s->align;

		for (int row = 0; row < 3; row++)
			for (int column = 0; column < 3; column++)
				a->to_segment.m[row][column] = sealed_round(
					a->to_segment.m[row][column], MATRIX_DECIMALS);
		a->between_deg = sealed_round(a->between_deg, ANGLE_DECIMALS);
		a->cone_deg = sealed_round(a->cone_deg, ANGLE_DECIMALS);
		s->residual_deg = sealed_round(s->residual_deg, ANGLE_DECIMALS);
	}
}

static json_t *site_to_json(const struct align_file_site *s)
{
	const struct alignment *a = &s->align;

	if (!a->valid)
		return json_null();
	return json_pack("{s:s,s:b,s:s,s:s,s:o,s:f,s:o,s:f,s:b}", "chip", s->chip,
		"calibrated", s->calibrated, "pose_a", pose_names[a->pair[0]], "pose_b",
		pose_names[a->pair[1]], "to_segment", sealed_mat(&a->to_segment),
		"between_deg", a->between_deg, "residual_deg",
		sealed_real(s->residual_deg), "cone_deg", a->cone_deg, "weak", a->weak);
}

static json_t *to_json(const struct align_file *f)
{
	return json_pack("{s:s,s:i,s:s,s:s,s:o,s:s,s:o,s:o}", "format", kind.format,
		"version", kind.version, "date", f->date, "boot_id", f->boot_id,
		"monotonic_s", sealed_real(f->monotonic_s), "side", f->side,
		site_names[SITE_THIGH], site_to_json(&f->site[SITE_THIGH]),
		site_names[SITE_PELVIS], site_to_json(&f->site[SITE_PELVIS]));
}

int align_file_write(
	const char *path, const struct align_file *file, struct problem *problem)
{
	struct align_file f = *file;
	int error;

	round_values(&f);
	error = align_file_check(&f, path, problem);
	return error != 0 ? error : sealed_write(path, to_json(&f), problem);
}

/* ---- in ---- */

static bool bool_of(struct sealed_check *c, const json_t *root, const char *key)
{
	const json_t *value = sealed_member(c, root, key);

	if (value != NULL && !json_is_boolean(value))
		sealed_refuse(c, key, "neither true nor false. " AGAIN);
	return json_is_true(value);
}

static enum pose pose_of(struct sealed_check *c, const json_t *root, const char *key)
{
	char name[24] = "";
	int pose;

	sealed_text_of(c, root, key, name, sizeof name);
	pose = name_lookup(pose_names, POSE_COUNT, name);
	if (pose < 0)
		sealed_refuse(c, key, "\"%s\" is no pose. " AGAIN, name);
	return pose < 0 ? POSE_NONE : (enum pose)pose;
}

static void read_site(struct sealed_check *c, const json_t *root, enum site site,
	struct align_file_site *s)
{
	const json_t *object = sealed_member(c, root, site_names[site]);

	if (object == NULL || json_is_null(object))
		return;
	if (!json_is_object(object)) {
		sealed_refuse(c, site_names[site], "neither an object nor null. " AGAIN);
		return;
	}
	sealed_text_of(c, object, "chip", s->chip, sizeof s->chip);
	s->calibrated = bool_of(c, object, "calibrated");
	s->residual_deg = sealed_real_of(c, object, "residual_deg");
	s->align = (struct alignment){ .valid = true,
		.weak = bool_of(c, object, "weak"),
		.to_segment = sealed_mat_of(c, object, "to_segment"),
		.pair = { pose_of(c, object, "pose_a"), pose_of(c, object, "pose_b") },
		.between_deg = sealed_real_of(c, object, "between_deg"),
		.cone_deg = sealed_real_of(c, object, "cone_deg") };
}

int align_file_parse(const char *text, size_t size, const char *name,
	struct align_file *file, struct problem *problem)
{
	struct sealed_check c = { &kind, name, problem, 0 };
	struct align_file f = { .date = "" };
	json_t *root = sealed_parse(&c, text, size);

	if (root != NULL) {
		sealed_text_of(&c, root, "date", f.date, sizeof f.date);
		sealed_text_of(&c, root, "boot_id", f.boot_id, sizeof f.boot_id);
		sealed_text_of(&c, root, "side", f.side, sizeof f.side);
		f.monotonic_s = sealed_real_of(&c, root, "monotonic_s");
		for (int site = 0; site < SITE_COUNT; site++)
			read_site(&c, root, (enum site)site, &f.site[site]);
	}
	json_decref(root);
	if (c.error == 0)
		c.error = align_file_check(&f, name, problem);
	if (c.error == 0)
		*file = f;
	return c.error;
}

int align_file_read(const char *path, struct align_file *file, struct problem *problem)
{
	struct sealed_check c = { &kind, path, problem, 0 };
	size_t size = 0;
	char *text = sealed_text(&c, path, &size);

	if (text != NULL)
		c.error = align_file_parse(text, size, path, file, problem);
	free(text);
	return c.error;
}

/* ---- limits ---- */

static bool is_rotation(const struct mat3 *m)
{
	struct vec3 x = { m->m[0][0], m->m[0][1], m->m[0][2] };
	struct vec3 y = { m->m[1][0], m->m[1][1], m->m[1][2] };
	struct vec3 z = { m->m[2][0], m->m[2][1], m->m[2][2] };

	/* right-handed and of unit axes; NAN fails each */
	return fabs(vec3_norm(x) - 1.0) <= ROTATION_OFF &&
		fabs(vec3_norm(y) - 1.0) <= ROTATION_OFF &&
		fabs(vec3_dot(x, y)) <= ROTATION_OFF &&
		vec3_norm(vec3_sub(vec3_cross(x, y), z)) <= ROTATION_OFF;
}

static void check_site(
	struct sealed_check *c, enum site site, const struct align_file_site *s)
{
	const struct alignment *a = &s->align;
	const char *wrong = sealed_chip_wrong(s->chip);
	struct alignment solved;

	if (!a->valid)
		return;
	if (wrong != NULL)
		sealed_refuse(c, "chip", "%s", wrong);
	if (!is_rotation(&a->to_segment))
		sealed_refuse(c, "to_segment",
			"no rotation: its rows are not three unit axes at right "
			"angles. " AGAIN);
	/* any two directions at right angles tell whether the pair is one */
	if (align_solve(site, a->pair[0], (struct vec3){ 1, 0, 0 }, a->pair[1],
		    (struct vec3){ 0, 1, 0 }, &solved) != ALIGN_OK)
		sealed_refuse(c, "pose_a",
			"%s and %s do not tell how the %s sensor sits. " AGAIN,
			pose_names[a->pair[0]], pose_names[a->pair[1]], site_names[site]);
	else if (solved.weak != a->weak)
		sealed_refuse(c, "weak", "not so for these poses. " AGAIN);
	sealed_check_range(c, "between_deg", a->between_deg, 5.0, 175.0, false);
	sealed_check_range(c, "cone_deg", a->cone_deg, 0.1, CONE_MAX_DEG, false);
	sealed_check_range(c, "residual_deg", s->residual_deg, -ALIGN_OFF_MAX_DEG,
		ALIGN_OFF_MAX_DEG, true);
}

static void check_plain(struct sealed_check *c, const char *member, const char *text)
{
	for (const char *t = text; *t != '\0'; t++)
		if (*t < 0x21 || *t == 0x7f)
			sealed_refuse(c, member,
				"holds a blank or a control character. " AGAIN);
}

int align_file_check(
	const struct align_file *f, const char *name, struct problem *problem)
{
	struct sealed_check c = { &kind, name, problem, 0 };
	bool any = false;

	sealed_check_date(&c, f->date, sizeof f->date);
	check_plain(&c, "boot_id", f->boot_id);
	sealed_check_range(
		&c, "monotonic_s", f->monotonic_s, 0.0, 1e9, f->boot_id[0] == '\0');
	if (f->side[0] != '\0' && name_lookup(side_names, SIDE_COUNT, f->side) < 0)
		sealed_refuse(&c, "side", "neither left nor right. " AGAIN);
	for (int site = 0; site < SITE_COUNT; site++) {
		check_site(&c, (enum site)site, &f->site[site]);
		any = any || f->site[site].align.valid;
	}
	if (!any)
		sealed_refuse(&c, site_names[SITE_THIGH], "no sensor is in it. " AGAIN);
	return c.error;
}

int align_file_fits(const struct align_file *f, const char *name, unsigned sites,
	const char *side, const char *const chip[SITE_COUNT], struct problem *problem)
{
	struct sealed_check c = { &kind, name, problem, 0 };

	if (side[0] != '\0' && f->side[0] != '\0' && strcmp(side, f->side) != 0)
		sealed_refuse(&c, "side",
			"it is for the %s leg, but the %s one is stretched. " AGAIN,
			f->side, side);
	for (int site = 0; site < SITE_COUNT; site++) {
		const struct align_file_site *s = &f->site[site];

		if ((sites & 1u << site) == 0)
			continue;
		if (!s->align.valid)
			sealed_refuse(&c, site_names[site],
				"this sensor is worn, but not in the file. " AGAIN
				" with all sensors on");
		else if (chip[site] != NULL && chip[site][0] != '\0' &&
			s->chip[0] != '\0' && strcmp(chip[site], s->chip) != 0)
			sealed_refuse(&c, "chip",
				"it is for the chip \"%s\", but \"%s\" is there. " AGAIN,
				s->chip, chip[site]);
	}
	return c.error;
}

bool align_file_fresh(const struct align_file *f, const char *name, const char *boot_id,
	double now_s, double max_min, struct problem *problem)
{
	double age_min = (now_s - f->monotonic_s) / 60.0;

	if (f->boot_id[0] == '\0')
		problem_set(problem,
			"%s: made from a recording: nothing tells that it is of the "
			"strapping worn now. " AGAIN " with the sensors on",
			name);
	else if (boot_id[0] == '\0' || strcmp(boot_id, f->boot_id) != 0)
		problem_set(problem,
			"%s: made before this computer was started: the strap may sit "
			"otherwise now. " AGAIN,
			name);
	else if (!(age_min >= 0.0 && age_min <= max_min))
		problem_set(problem,
			"%s: made %.0f min ago, at most %.0f are believed: the strap may "
			"sit otherwise now. " AGAIN,
			name, age_min, max_min);
	else
		return true;
	return false;
}
