/*
 * The daemon's programme: reading, reading again, acceptance, time of day, and
 * what each step begins and ends with. Expected steps are written out by hand
 * from the prescription's text.
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

#include "../support/temp_files.h"
#include "linux/programme.h"

#define TWO_SIDES "wearer = anna-1\nsides = left, right\n"
#define TOWEL "item lying-towel {\nhold_s = 30\nreps = 2\nper_day = 2\n" \
	"other_leg = bent\nslots = morning, evening\n}\n"
#define DOORWAY "item doorway {\nhold_s = 10\nreps = 3\nper_day = 1\n" \
	"slots = evening\nbreath_s = 4\n}\n"

static struct settings settings;
static struct programme programme;
static struct problem problem;

static int make(void **state)
{
	(void)state;
	temp_make();
	settings_default(&settings);
	snprintf(settings.state_dir, sizeof settings.state_dir, "%s", temp_path("state"));
	snprintf(settings.sensor, sizeof settings.sensor, "simulate:lying-towel");
	return 0;
}

static void prescribe(const char *text)
{
	snprintf(settings.prescription, sizeof settings.prescription, "%s",
		temp_write_text("p.conf", text));
}

/* Loads or reloads; what was said comes back, to be freed. */
static char *said(int (*what)(FILE *err), int *result)
{
	char *text = NULL;
	size_t length = 0;
	FILE *err = open_memstream(&text, &length);

	assert_non_null(err);
	*result = what(err);
	fclose(err);
	return text;
}

static int load(FILE *err)
{
	return programme_load(&programme, &settings, err);
}

static int reload(FILE *err)
{
	return programme_reload(&programme, err);
}

static void load_good(const char *text)
{
	int result;
	char *words;

	prescribe(text);
	words = said(load, &result);
	assert_string_equal(words, "");
	assert_int_equal(result, 0);
	free(words);
}

static void accept_it(void)
{
	struct prescription p = programme.next_waits ? programme.next.prescription
						     : programme.now.prescription;

	assert_int_equal(accepted_write(settings.state_dir, &p, "anna-1", &problem), 0);
}

static void says(int (*what)(FILE *err), int expected, const char *words)
{
	int result;
	char *text = said(what, &result);

	if (result != expected || strstr(text, words) == NULL)
		fail_msg("%d, \"%s\": not %d with \"%s\"", result, text, expected, words);
	free(text);
}

static void bad_ones_are_refused(void **state)
{
	(void)state;
	prescribe(TWO_SIDES "item lying-towel {\nhold_s = 30 s\n}\n");
	says(load, -EBADMSG, "p.conf:4: hold_s: ");
	/* a blank waits for a person */
	prescribe(TWO_SIDES "item lying-hands {\nreps = 2\nper_day = 1\n}\n");
	says(load, -EBADMSG, "p.conf:3: hold_s: the leaflet gives no hold time");
	snprintf(settings.prescription, sizeof settings.prescription, "%s",
		temp_path("none.conf"));
	says(load, -ENOENT, "none.conf: cannot be read");
	/* right by itself, not with these settings: holds end before they are done */
	prescribe(TWO_SIDES TOWEL);
	settings.hold_max_s = 20.0;
	says(load, -EBADMSG, "item lying-towel: hold_max_s: it is shorter");
}

static void wants_acceptance(void **state)
{
	(void)state;
	load_good(TWO_SIDES TOWEL);
	settings.slot = SLOT_EVERY;
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 0);
	assert_non_null(strstr(problem.text, "stretchctl accept "));
	accept_it();
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 2);

	/* without a file: only where somebody wears the sensor */
	settings.prescription[0] = '\0';
	says(load, 0, "");
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 1);
	snprintf(settings.sensor, sizeof settings.sensor, "i2c:auto");
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 0);
	assert_non_null(strstr(problem.text, "stretchctl accept --state-dir="));
	/* what is accepted must be what the daemon has read */
	programme.config = "here.conf";
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 0);
	assert_non_null(strstr(problem.text, "accept --config=here.conf --state-dir="));
}

static void time_of_day(void **state)
{
	(void)state;
	load_good(TWO_SIDES TOWEL DOORWAY);
	accept_it();
	settings.slot = SLOT_GIVEN + SLOT_MORNING;
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 2);
	settings.slot = SLOT_GIVEN + SLOT_EVENING;
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 4);
	settings.slot = SLOT_GIVEN + SLOT_MIDDAY;
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 0);
	assert_non_null(strstr(problem.text, "nothing is prescribed for the midday"));
	settings.slot = SLOT_EVERY;
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 4);
	/* no clock to go by: nothing is left out */
	settings.slot = SLOT_BY_CLOCK;
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 4);
	assert_int_equal(programme.slot, PRESCRIPTION_ANY_SLOT);
}

/* Ends the present step as a session that has learned its straps does. */
static bool end_step(bool idled)
{
	static struct session_state done;
	struct session_inputs in;

	memset(&done, 0, sizeof done);
	done.idled = idled;
	done.setup.align[SITE_THIGH].valid = true;
	done.setup.align[SITE_THIGH].cone_deg = 12.0;
	assert_int_equal(programme_inputs(&programme, &in, &problem), 0);
	return programme_ended(&programme, &in, &done);
}

static void step_is(enum exercise_id exercise, enum side side, bool restrap,
	bool other_leg_next, bool continued)
{
	struct session_inputs in;

	assert_int_equal(programme_inputs(&programme, &in, &problem), 0);
	assert_int_equal(in.settings.exercise, exercise);
	assert_int_equal(in.settings.side, side);
	assert_int_equal(in.restrap, restrap);
	assert_int_equal(in.other_leg_next, other_leg_next);
	assert_int_equal(in.continued, continued);
	assert_int_equal(in.have_alignment, continued);
	if (continued)
		assert_true(fabs(in.align[SITE_THIGH].cone_deg - 12.0) < 1e-9);
	assert_string_equal(in.settings.wearer, "anna-1");
}

static void steps_by_side(void **state)
{
	char id[PROGRAMME_RUN_ID_MAX];
	struct session_inputs in;

	(void)state;
	snprintf(settings.sensor, sizeof settings.sensor, "replay:whole.csv");
	load_good("order = side\n" TWO_SIDES TOWEL DOORWAY);
	accept_it();
	settings.slot = SLOT_EVERY;
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 4);
	memcpy(id, programme.run_id, sizeof id);
	assert_int_equal(strspn(id, "0123456789abcdef"), 16);

	step_is(EX_LYING_TOWEL, SIDE_LEFT, false, false, false);
	assert_true(end_step(false));
	/* the same leg: the straps stay, and are known */
	step_is(EX_DOORWAY, SIDE_LEFT, false, true, true);
	assert_int_equal(programme_inputs(&programme, &in, &problem), 0);
	assert_true(fabs(in.settings.hold_s - 10.0) < 1e-9);
	assert_true(fabs(in.settings.breath_s - 4.0) < 1e-9);
	assert_int_equal(in.settings.reps, 3);
	assert_true(end_step(false));
	step_is(EX_LYING_TOWEL, SIDE_RIGHT, true, false, false);
	/* nobody began: the same step again, and nothing is taken for granted */
	assert_true(end_step(true));
	step_is(EX_LYING_TOWEL, SIDE_RIGHT, true, false, false);
	assert_true(end_step(false));
	step_is(EX_DOORWAY, SIDE_RIGHT, false, false, true);
	assert_true(end_step(true));
	step_is(EX_DOORWAY, SIDE_RIGHT, false, false, false);
	assert_false(end_step(false));
	assert_null(programme_step(&programme));
	assert_string_equal(programme.run_id, id);
	/* another run is another run */
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 4);
	assert_string_not_equal(programme.run_id, id);
}

static void read_again(void **state)
{
	struct sample sample = { .event = { .kind = EVENT_PRESS } };
	char old[SHA256_TEXT];

	(void)state;
	load_good(TWO_SIDES TOWEL);
	accept_it();
	settings.slot = SLOT_EVERY;
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 2);
	memcpy(old, programme.now.digest, sizeof old);

	says(reload, 0, "unchanged");
	prescribe(TWO_SIDES "item lying-towel {\nholds = 30\n}\n");
	says(reload, -EBADMSG, "p.conf:4: holds: ");
	says(reload, -EBADMSG, "not taken: the prescription read before stays");
	assert_false(programme.reload_due);
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 2);

	prescribe(TWO_SIDES TOWEL DOORWAY);
	says(reload, 0, "begins with the next run");
	/* the run goes on as it began; the event waits for a free cell */
	assert_int_equal(programme.count, 2);
	assert_string_equal(programme.now.digest, old);
	programme_event(&programme, &sample);
	assert_int_equal(sample.event.kind, EVENT_PRESS);
	sample.event.kind = EVENT_NONE;
	programme_event(&programme, &sample);
	assert_int_equal(sample.event.kind, EVENT_RELOAD);
	assert_int_equal(strlen(sample.event.word[0]), 16);
	assert_memory_equal(sample.event.word[0], programme.next.digest, 16);
	sample.event.kind = EVENT_NONE;
	programme_event(&programme, &sample);
	assert_int_equal(sample.event.kind, EVENT_NONE); /* once */
	/* what was accepted is not this one */
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 0);
	assert_non_null(strstr(problem.text, "not accepted"));
	accept_it();
	assert_int_equal(programme_begin(&programme, CLOCK_NONE, &problem), 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(bad_ones_are_refused, make, temp_tear_down),
		cmocka_unit_test_setup_teardown(wants_acceptance, make, temp_tear_down),
		cmocka_unit_test_setup_teardown(time_of_day, make, temp_tear_down),
		cmocka_unit_test_setup_teardown(steps_by_side, make, temp_tear_down),
		cmocka_unit_test_setup_teardown(read_again, make, temp_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
