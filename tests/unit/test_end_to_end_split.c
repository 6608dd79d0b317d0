/*
 * A session's state is all there is to it: cut off at any sample, copied through a
 * plain byte buffer into other memory and taken up again there, the rest of the rows
 * comes out in the same bytes as of the unbroken run. The tails run when the unbroken
 * session has long ended, so anything kept outside the state would show.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/motion_data.h"
#include "linux/recording.h"
#include "stretch/random.h"
#include "stretch/session.h"
#include "stretch/wearer.h"

#define EVERY 997
#define RANDOM_PLACES 12
#define PLACES_MAX 128
#define SEED 20251121

struct samples {
	struct sample *list;
	size_t count, space;
};

/* Rows as text, in the order they came. */
struct text {
	char *bytes;
	size_t size, space;
};

struct place {
	size_t sample;        /* the state is that before this sample */
	size_t text;          /* how much had been written by then */
	unsigned char *state; /* sizeof (struct session_state) bytes */
};

struct record {
	struct samples samples;
	struct session_inputs in;
	struct text text;
	struct place places[PLACES_MAX];
	size_t place_count;
};

static void *grown(void *list, size_t count, size_t *space, size_t size)
{
	if (count < *space)
		return list;
	*space = *space > 0 ? 2 * *space : 4096;
	list = realloc(list, *space * size);
	assert_non_null(list);
	return list;
}

static void put_sample(struct samples *samples, const struct sample *sample)
{
	samples->list = grown(samples->list, samples->count, &samples->space,
		sizeof *samples->list);
	samples->list[samples->count++] = *sample;
}

static void put_row(struct text *text, const struct column_table *table, const void *row)
{
	char line[ROW_TEXT_MAX];
	size_t size = column_row(table, row, line, sizeof line);

	assert_true(size > 0);
	for (size_t i = 0; i < size; i++) {
		text->bytes = grown(text->bytes, text->size, &text->space, 1);
		text->bytes[text->size++] = line[i];
	}
}

static void put_output(struct text *text, const struct session_output *out)
{
	if (out->judged_due)
		put_row(text, &judged_table, &out->judged);
	if (out->hold_due)
		put_row(text, &hold_table, &out->hold);
}

/* Runs the session's samples from first on to the end. */
static void run_on(struct record *r, struct session_state *state, size_t first,
	struct text *text)
{
	struct session_output out;

	for (size_t i = first; i < r->samples.count; i++) {
		session_step(state, &r->in, &r->samples.list[i], &out);
		put_output(text, &out);
	}
	session_finish(state, &r->in, &out);
	put_output(text, &out);
}

static void keep_place(struct record *r, const struct session_state *state, size_t sample)
{
	struct place *place = &r->places[r->place_count++];

	assert_true(r->place_count <= PLACES_MAX);
	*place = (struct place){ sample, r->text.size, malloc(sizeof *state) };
	assert_non_null(place->state);
	memcpy(place->state, state, sizeof *state);
}

static bool wanted(const size_t *random_places, size_t i)
{
	for (int k = 0; k < RANDOM_PLACES; k++)
		if (random_places[k] == i)
			return true;
	return i % EVERY == 0;
}

static void run_unbroken(struct record *r)
{
	struct session_state *state = malloc(sizeof *state);
	struct session_output out;
	struct random random;
	size_t random_places[RANDOM_PLACES];

	assert_non_null(state);
	random_seed(&random, SEED, 1);
	for (int k = 0; k < RANDOM_PLACES; k++)
		random_places[k] = (size_t)(random_uniform(&random) *
			(double)r->samples.count);
	assert_null(session_init(state, &r->in));
	for (size_t i = 0; i < r->samples.count; i++) {
		if (wanted(random_places, i))
			keep_place(r, state, i);
		session_step(state, &r->in, &r->samples.list[i], &out);
		put_output(&r->text, &out);
	}
	session_finish(state, &r->in, &out);
	put_output(&r->text, &out);
	free(state);
}

/* Takes the session up again from a kept place; true when the rest is the same. */
static bool same_from(struct record *r, const struct place *place)
{
	struct session_state *state = malloc(sizeof *state);
	struct text text = { NULL, 0, 0 };
	bool same;

	assert_non_null(state);
	memcpy(state, place->state, sizeof *state);
	run_on(r, state, place->sample, &text);
	same = text.size == r->text.size - place->text && (text.size == 0 ||
		memcmp(text.bytes, r->text.bytes + place->text, text.size) == 0);
	free(text.bytes);
	free(state);
	return same;
}

static void check(struct record *r, const char *name)
{
	size_t different = 0;

	run_unbroken(r);
	for (size_t i = 0; i < r->place_count; i++) {
		different += !same_from(r, &r->places[i]);
		free(r->places[i].state);
	}
	printf("# split %s: %zu samples, %zu bytes of rows, state %zu bytes, %zu splits, "
	       "%zu different (seed %d)\n",
		name, r->samples.count, r->text.size, sizeof(struct session_state),
		r->place_count, different, SEED);
	assert_true(r->place_count > RANDOM_PLACES);
	assert_int_equal(different, 0);
	free(r->samples.list);
	free(r->text.bytes);
}

static void start(struct record *r, enum exercise_id exercise, enum session_mode mode)
{
	memset(r, 0, sizeof *r);
	settings_default(&r->in.settings);
	r->in.settings.exercise = (int32_t)exercise;
	r->in.settings.reps = 3;
	r->in.mode = mode;
	for (int site = 0; site < SITE_COUNT; site++)
		r->in.calib[site] = calib_none();
	r->in.reference_from_us = r->in.reference_to_us = -1;
	r->in.armed = true;
}

/* Three holds with trouble: gap and dead sensor, bounce, exhale steps and tremor. */
static void check_wearer(enum exercise_id exercise, int sensors, const char *name)
{
	static struct wearer_state wearer;
	static struct record r;
	struct wearer_param param = wearer_default(exercise, SIDE_LEFT);
	struct sample sample;

	start(&r, exercise, sensors == 2 ? MODE_THIGH_PELVIS : MODE_THIGH);
	param.sensors = sensors;
	param.prescribed_s = r.in.settings.hold_s = 10.0;
	param.hold_count = 3;
	param.holds[0].habit = HABIT_DEAD;
	param.holds[1].habit = HABIT_BOUNCE;
	param.holds[2].habit = HABIT_EXHALE;
	param.tremor_deg_s = 5.0;
	param.gap_s = 0.4;
	assert_null(wearer_init(&wearer, &param));
	while (wearer_step(&wearer, &param, &sample, NULL)) {
		raw_round(&sample);
		put_sample(&r.samples, &sample);
	}
	check(&r, name);
}

static void test_lying(void **state)
{
	(void)state;
	check_wearer(EX_LYING_TOWEL, 2, "lying-towel, two sensors");
	check_wearer(EX_LYING_STRAP, 1, "lying-strap, one sensor");
}

static void test_doorway(void **state)
{
	(void)state;
	check_wearer(EX_DOORWAY, 1, "doorway, one sensor");
}

static void test_seated(void **state)
{
	(void)state;
	check_wearer(EX_SEATED_LEG, 2, "seated-leg, two sensors");
	check_wearer(EX_SEATED_BUTTERFLY, 1, "seated-butterfly, one sensor");
}

/* A person who stands, then sits: straps learned from that, a button in between. */
static void test_person(void **state)
{
	static struct record r;
	char path[512];
	struct recording *recording;
	struct problem problem;
	struct sample sample;
	int got;

	(void)state;
	snprintf(path, sizeof path, "%s/recordings/qmt_stand_sit_walk_left.csv",
		motion_folder());
	start(&r, EX_SEATED_LEG, MODE_THIGH);
	got = recording_open(&recording, path, NULL, &problem);
	if (got == -ENOENT) {
		printf("# skipped: %s is not there\n", path);
		skip();
	}
	assert_int_equal(got, 0);
	while ((got = recording_next(recording, &sample, NULL, &problem)) == 1) {
		raw_round(&sample);
		put_sample(&r.samples, &sample);
	}
	assert_int_equal(got, 0);
	recording_close(recording);
	r.samples.list[1800].event.kind = EVENT_PRESS;
	check(&r, "qmt_stand_sit_walk_left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lying),
		cmocka_unit_test(test_doorway),
		cmocka_unit_test(test_seated),
		cmocka_unit_test(test_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
