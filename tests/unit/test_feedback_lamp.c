/*
 * Light and sound of the LED ids. Expected values: the table of the product, written down
 * here a second time as the moments at which the light changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stretch/feedback.h"

/* The light of one pattern over time, in milliseconds: a list of on and off. */
struct light {
	enum led_id id;
	int32_t blinks;
	bool set_done;
	enum led_colour colour;
	int32_t on_off[13]; /* first on, then off, ..., ended by -1 */
	int32_t period_ms;  /* 0: once */
};

/* Third writing of the table: the moments at which the light changes. */
static const struct light lights[] = {
	{ LED_WAIT, 1, false, COLOUR_AMBER, { 0, 150, -1 }, 2000 },
	{ LED_WAIT, 2, false, COLOUR_AMBER, { 0, 150, 500, 650, -1 }, 2000 },
	{ LED_WAIT, 3, false, COLOUR_AMBER, { 0, 150, 500, 650, 1000, 1150, -1 }, 2000 },
	{ LED_GO, 0, false, COLOUR_GREEN, { 0, 100, -1 }, 2000 },
	{ LED_MOVE, 0, false, COLOUR_AMBER, { 0, 500, -1 }, 1000 },
	{ LED_PAUSE, 0, false, COLOUR_GREEN, { 100, 500, -1 }, 500 },
	{ LED_FIX, 0, false, COLOUR_RED, { 0, 150, 500, 650, -1 }, 1500 },
	{ LED_DONE, 0, false, COLOUR_GREEN, { 0, 500, 750, 1250, 1500, 2000, -1 }, 0 },
	{ LED_DONE, 0, true, COLOUR_GREEN, { 0, 500, 750, 1250, 1500, 2000, 2250, 2750,
		3000, 3500, 3750, 4250, -1 }, 0 },
	{ LED_SHORT, 0, false, COLOUR_RED, { 0, 1500, -1 }, 0 },
	{ LED_FAULT, 0, false, COLOUR_RED, { 0, 250, -1 }, 500 },
};

#define LIGHTS (sizeof lights / sizeof lights[0])

static struct lamp lamp_at(const struct light *light, int32_t ms)
{
	struct feedback_state s;

	feedback_init(&s, 7000000);
	s.id = light->id;
	s.blinks = light->blinks;
	s.set_done = light->set_done;
	return feedback_lamp(&s, 7000000 + (int64_t)ms * 1000, false);
}

static bool should_be_lit(const struct light *light, int32_t ms)
{
	if (light->period_ms > 0)
		ms %= light->period_ms;
	for (int i = 0; light->on_off[i] >= 0; i += 2)
		if (ms >= light->on_off[i] && ms < light->on_off[i + 1])
			return true;
	return false;
}

static void test_patterns(void **state)
{
	(void)state;
	for (size_t i = 0; i < LIGHTS; i++) {
		for (int32_t ms = 0; ms < 10000; ms += 10) {
			struct lamp lamp = lamp_at(&lights[i], ms);
			bool lit = should_be_lit(&lights[i], ms);

			if (lamp.red != (lit && lights[i].colour == COLOUR_RED) ||
				lamp.amber != (lit && lights[i].colour == COLOUR_AMBER) ||
				lamp.green != (lit && lights[i].colour == COLOUR_GREEN))
				fail_msg("%s at %d ms", led_names[lights[i].id], ms);
		}
	}
}

static void test_steady_and_dark(void **state)
{
	static const struct light count = { .id = LED_COUNT }, off = { .id = LED_OFF };

	(void)state;
	for (int32_t ms = 0; ms < 5000; ms += 10) {
		struct lamp lamp = lamp_at(&count, ms);

		assert_true(lamp.green && !lamp.red && !lamp.amber);
		lamp = lamp_at(&off, ms);
		assert_false(lamp.green || lamp.red || lamp.amber || lamp.buzzer);
	}
}

static void test_never_faster_than_2_hz(void **state)
{
	(void)state;
	for (size_t i = 0; i < LIGHTS; i++) {
		int32_t last_ms = -1000;
		bool before = false;

		for (int32_t ms = 0; ms < 10000; ms++) {
			struct lamp lamp = lamp_at(&lights[i], ms);
			bool lit = lamp.red || lamp.amber || lamp.green;

			if (lit && !before) {
				assert_true(ms - last_ms >= 500);
				last_ms = ms;
			}
			before = lit;
		}
	}
}

/* Sound over 3 s: number of beeps and their whole length. */
static void listen(const struct light *light, int32_t *beeps, int32_t *total_ms)
{
	bool before = false;

	*beeps = *total_ms = 0;
	for (int32_t ms = 0; ms < 3000; ms++) {
		bool on = lamp_at(light, ms).buzzer;

		*beeps += on && !before;
		*total_ms += on;
		before = on;
	}
}

static void test_sounds(void **state)
{
	/* over 3 s: `go` ticks at 0 and 2 s; `fix` beeps at 0 and 1.5 s */
	static const struct {
		struct light light;
		int32_t beeps, least_ms, most_ms;
	} rule[] = {
		{ { .id = LED_WAIT, .blinks = 1 }, 0, 0, 0 },
		{ { .id = LED_GO }, 2, 20, 120 },
		{ { .id = LED_MOVE }, 0, 0, 0 },
		{ { .id = LED_PAUSE }, 0, 0, 0 },
		{ { .id = LED_FIX }, 2, 200, 600 },
		{ { .id = LED_DONE }, 2, 100, 600 },
		{ { .id = LED_DONE, .set_done = true }, 4, 200, 1200 },
		{ { .id = LED_SHORT }, 1, 600, 1500 },
		{ { .id = LED_FAULT }, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rule / sizeof rule[0]; i++) {
		int32_t beeps, total_ms;

		listen(&rule[i].light, &beeps, &total_ms);
		if (beeps != rule[i].beeps || total_ms < rule[i].least_ms ||
			total_ms > rule[i].most_ms)
			fail_msg("%s: %d beeps, %d ms", led_names[rule[i].light.id],
				beeps, total_ms);
	}
}

static void test_quiet(void **state)
{
	(void)state;
	for (int id = 0; id < LED_ID_COUNT; id++) {
		struct feedback_state s;

		feedback_init(&s, 0);
		s.id = (enum led_id)id;
		s.tick_us = 0;
		for (int64_t t_us = 0; t_us < 3000000; t_us += 1000) {
			struct lamp loud = feedback_lamp(&s, t_us, false);
			struct lamp quiet = feedback_lamp(&s, t_us, true);

			assert_false(quiet.buzzer);
			assert_true(loud.red == quiet.red && loud.amber == quiet.amber &&
				loud.green == quiet.green);
		}
	}
}

/* How long two patterns differ within 4.5 s, the second begun when it differs least. */
static int32_t unlike_ms(const struct light *a, const struct light *b)
{
	int32_t least_ms = INT32_MAX;

	for (int32_t shift_ms = 0; shift_ms == 0 || shift_ms < b->period_ms;
		shift_ms += 10) {
		int32_t differ_ms = 0;

		for (int32_t ms = 0; ms < 4500; ms += 10)
			differ_ms += 10 * (should_be_lit(a, ms) !=
				should_be_lit(b, ms + shift_ms));
		least_ms = differ_ms < least_ms ? differ_ms : least_ms;
	}
	return least_ms;
}

static void test_readable_in_one_colour(void **state)
{
	(void)state;
	/* no two ids look alike when their colour is taken away, whenever one begins to
	 * look: of 4.5 s they differ in 0.3 s at the least */
	for (size_t i = 0; i < LIGHTS; i++) {
		for (size_t k = i + 1; k < LIGHTS; k++) {
			if (lights[i].id == lights[k].id ||
				/* a blip and a short blink: `go` ticks besides */
				(lights[i].id == LED_WAIT && lights[k].id == LED_GO))
				continue;
			if (unlike_ms(&lights[i], &lights[k]) < 300)
				fail_msg("%s looks like %s", led_names[lights[i].id],
					led_names[lights[k].id]);
		}
	}
}

static void test_names(void **state)
{
	(void)state;
	for (int i = 0; i < LED_ID_COUNT; i++) {
		assert_string_equal(led_names[i], led_patterns[i].name);
		assert_non_null(led_patterns[i].meaning);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_steady_and_dark),
		cmocka_unit_test(test_never_faster_than_2_hz),
		cmocka_unit_test(test_sounds),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_readable_in_one_colour),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
