/* The table of settings: defaults, ranges, names; what a text may hold. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "linux/config.h"
#include "stretch/setting.h"

static bool is_text(const struct setting *setting)
{
	return setting->type >= SETTING_LABEL;
}

static void keys_are_unique_and_fit(void **state)
{
	(void)state;
	assert_true(setting_count > 60);
	assert_true(setting_count <= CONFIG_KEYS_MAX);
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *a = &setting_table[i];

		assert_ptr_equal(setting_find(a->key), a);
		assert_true(strlen(a->help) > 0);
		if (strlen(a->help) > 60)
			fail_msg("help of %s is too long", a->key);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(a->key, setting_table[j].key);
	}
	assert_null(setting_find("no_such_key"));
}

/* Every byte of the struct belongs to one setting at most, nothing is left out:
 * members and paddings add up to less than a member's alignment each. */
static void offsets_do_not_overlap(void **state)
{
	unsigned char owner[sizeof(struct settings)] = { 0 };
	size_t owned = 0;

	(void)state;
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *a = &setting_table[i];

		assert_true(a->offset + a->size <= sizeof(struct settings));
		for (size_t k = 0; k < a->size; k++) {
			assert_int_equal(owner[a->offset + k], 0);
			owner[a->offset + k] = 1;
		}
		owned += a->size;
	}
	/* 7 bytes of padding can stand before a double, 3 before an int32_t */
	for (size_t k = 0, run = 0; k < sizeof(owner); k++) {
		run = owner[k] ? 0 : run + 1;
		assert_true(run < 8);
	}
	assert_true(owned <= sizeof(struct settings));
}

static void sizes_match_types(void **state)
{
	(void)state;
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *a = &setting_table[i];

		if (a->type == SETTING_NUMBER)
			assert_int_equal(a->size, sizeof(double));
		else if (!is_text(a))
			assert_int_equal(a->size, sizeof(int32_t));
		else
			assert_true(a->size > 8);
	}
}

static void defaults_are_allowed_and_set(void **state)
{
	struct settings s;

	(void)state;
	memset(&s, 0xa5, sizeof(s));
	settings_default(&s);
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *a = &setting_table[i];
		double value;

		if (is_text(a)) {
			assert_string_equal(setting_text(&s, a), a->text);
			continue;
		}
		value = setting_number(&s, a);
		if (isnan(a->number)) {
			assert_true(isnan(value));
			assert_true(setting_blank(&s, a));
			continue;
		}
		assert_true(value >= a->min && value <= a->max);
		assert_true(value >= a->number && value <= a->number);
	}
}

/* The numbers of the hold rule that the documents promise. */
static void promised_defaults(void **state)
{
	static const struct {
		const char *key;
		double value;
	} promised[] = {
		{ "still_range_deg", 6 }, { "still_window_s", 1.5 },
		{ "still_cutoff_hz", 1 }, { "bounce_half_swing_deg", 9 },
		{ "bounce_window_s", 3 }, { "bounce_still_s", 2 },
		{ "drop_deg", 7 }, { "pause_max_s", 2 }, { "entry_flat_deg", 20 },
		{ "entry_rise_deg", 15 }, { "entry_time_s", 20 },
		{ "fast_entry_deg_s", 40 }, { "over_cap_deg", 5 },
		{ "over_cap_s", 2 }, { "hold_max_s", 120 },
		{ "hold_max_factor", 2 }, { "stale_ms", 100 }, { "gap_factor", 3 },
		{ "gap_min_ms", 80 }, { "gap_reference_s", 10 },
		{ "fault_pause_s", 2 }, { "rest_s", 10 }, { "idle_min", 10 },
		{ "reference_still_s", 3 }, { "reference_within_deg", 25 },
		{ "closing_s", 30 }, { "slip_flag_deg", 3 },
		{ "slip_untrusted_deg", 6 }, { "led_leave_s", 0.3 },
		{ "pelvis_excess_deg", 5 }, { "pelvis_growth_deg", 3 },
		{ "pelvis_roll_deg", 8 }, { "pelvis_tremor_deg_s", 8 },
		{ "pelvis_jump_deg", 6 }, { "nearly_fraction", 0.8 },
	};
	struct settings s;

	(void)state;
	settings_default(&s);
	for (size_t i = 0; i < sizeof(promised) / sizeof(promised[0]); i++) {
		const struct setting *a = setting_find(promised[i].key);

		assert_non_null(a);
		assert_true(fabs(setting_number(&s, a) - promised[i].value) < 1e-12);
	}
	assert_true(fabs(s.still_range_deg - 6) < 1e-12);
	assert_true(fabs(s.led_leave_s - 0.3) < 1e-12);
}

static void numbers_out_of_range_are_refused(void **state)
{
	struct settings s;

	(void)state;
	settings_default(&s);
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *a = &setting_table[i];

		if (is_text(a))
			continue;
		assert_int_equal(setting_put_number(&s, a, a->min), 0);
		assert_int_equal(setting_put_number(&s, a, a->max), 0);
		assert_int_equal(setting_put_number(&s, a, a->max * 1.001 + 0.001), -1);
		assert_int_equal(setting_put_number(&s, a, a->min - 0.001), -1);
		assert_int_equal(setting_put_number(&s, a, (double)INFINITY), -1);
		assert_true(fabs(setting_number(&s, a) - a->max) < 1e-9);
		assert_int_equal(setting_put_number(&s, a, (double)NAN),
			isnan(a->number) ? 0 : -1);
	}
	assert_int_equal(setting_put_number(&s, setting_find("reps"), 1.5), -1);
	assert_int_equal(setting_put_number(&s, setting_find("rest_s"), -0.0), 0);
	assert_false(signbit(s.rest_s));
}

static void labels(void **state)
{
	static const char *const good[] = { "a", "Anna 2", "0", "x_y.z-1",
		"abcdefghijklmnopqrstuvwxyz012345" }; /* 32 */
	static const char *const bad[] = { "", " a", "-a", "../x", "a/b", "\xc3\xa4",
		"=1+1", "a\n", "abcdefghijklmnopqrstuvwxyz0123456" }; /* 33 */

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_null(setting_label_wrong(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(setting_label_wrong(bad[i]));
}

static void texts(void **state)
{
	struct settings s;
	const struct setting *sensor = setting_find("sensor");
	const struct setting *folder = setting_find("state_dir");
	const struct setting *line = setting_find("led_red_line");
	char path[SETTING_PATH_MAX + 1];

	(void)state;
	settings_default(&s);
	assert_null(setting_put_text(&s, sensor, "simulate:lying-towel"));
	assert_null(setting_put_text(&s, sensor, "simulate:doorway,slip"));
	assert_null(setting_put_text(&s, sensor, "replay:raw.csv"));
	assert_string_equal(s.sensor, "replay:raw.csv");
	assert_non_null(setting_put_text(&s, sensor, "simulate:lying-towl"));
	assert_non_null(setting_put_text(&s, sensor, "replay:"));
	assert_non_null(setting_put_text(&s, sensor, "usb:1"));
	assert_string_equal(s.sensor, "replay:raw.csv");
	assert_non_null(setting_put_text(&s, folder, "relative"));
	assert_non_null(setting_put_text(&s, folder, "/a\"b"));
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[SETTING_PATH_MAX] = '\0';
	assert_non_null(setting_put_text(&s, folder, path));
	path[SETTING_PATH_MAX - 1] = '\0';
	assert_null(setting_put_text(&s, folder, path));
	assert_null(setting_put_text(&s, line, ""));
	assert_null(setting_put_text(&s, line, "GPIO17"));
	assert_null(setting_put_text(&s, line, "pinctrl-bcm2835:17"));
	assert_non_null(setting_put_text(&s, line, "17"));
	assert_non_null(setting_put_text(&s, line, "gpiochip0:17"));
	assert_non_null(setting_put_text(&s, line, "/dev/gpiochip0"));
	assert_non_null(setting_put_text(&s, line, "label:"));
	assert_non_null(setting_put_text(&s, line, "label:1x"));
	assert_non_null(setting_put_text(&s, line, ":1"));
	assert_string_equal(s.led_red_line, "pinctrl-bcm2835:17");
}

static char conflict_keys[256];

static void note(void *context, const char *key, const char *wrong,
	const char *advice)
{
	(void)context;
	assert_true(strlen(wrong) > 5 && strlen(advice) > 5);
	strcat(conflict_keys, key);
	strcat(conflict_keys, " ");
}

static const char *conflicts(const struct settings *s)
{
	conflict_keys[0] = '\0';
	settings_conflicts(s, note, NULL);
	return conflict_keys;
}

static void wrong_together(void **state)
{
	struct settings s;

	(void)state;
	settings_default(&s);
	assert_string_equal(conflicts(&s), "");
	s.target_lo_deg = 60;
	s.cap_deg = 60;
	s.led_mode = LED_THREE;
	strcpy(s.led_red_line, "GPIO17");
	strcpy(s.led_green_line, "GPIO17");
	s.slip_flag_deg = 7;
	assert_string_equal(conflicts(&s),
		"cap_deg slip_untrusted_deg led_amber_line led_green_line ");
	settings_default(&s); /* lying-towel: a cap from calm raises is at most 90 */
	s.target_lo_deg = 90;
	assert_string_equal(conflicts(&s), "target_lo_deg ");
	s.band_top_deg = 91;
	assert_string_equal(conflicts(&s), "");
	s.target_lo_deg = (double)NAN;
	s.exercise = EX_DOORWAY;
	s.reps = 1;
	s.cap_deg = 55;
	assert_string_equal(conflicts(&s), "cap_deg ");
	settings_default(&s);
	s.exercise = EX_LYING_HANDS; /* no dose in its source */
	assert_string_equal(conflicts(&s), "hold_s reps ");
	s.hold_s = 130;
	s.reps = 2;
	assert_string_equal(conflicts(&s), "hold_max_s ");
	s.exercise = EX_BRIDGE; /* counted: no hold time */
	s.hold_s = (double)NAN;
	assert_string_equal(conflicts(&s), "");
	s.exercise = EX_WALL_STAND;
	assert_string_equal(conflicts(&s), "exercise ");
}

/* Each alone is right; the daemon would find out when it is too late to ask. */
static void wrong_together_on_a_bus(void **state)
{
	struct settings s;

	(void)state;
	settings_default(&s);
	s.pelvis = 1;
	assert_string_equal(conflicts(&s), ""); /* auto, twice */
	s.thigh_address = s.pelvis_address = 2;
	assert_string_equal(conflicts(&s), "pelvis_address ");
	strcpy(s.pelvis_bus, "i2c:3");
	assert_string_equal(conflicts(&s), "");
	s.pelvis_bus[0] = '\0';
	s.pelvis = 0;
	assert_string_equal(conflicts(&s), "");
	memset(s.control, 'a', 107); /* sun_path has 108 bytes, one is the NUL */
	s.control[107] = '\0';
	assert_string_equal(conflicts(&s), "");
	strcat(s.control, "a");
	assert_string_equal(conflicts(&s), "control ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_unique_and_fit),
		cmocka_unit_test(offsets_do_not_overlap),
		cmocka_unit_test(sizes_match_types),
		cmocka_unit_test(defaults_are_allowed_and_set),
		cmocka_unit_test(promised_defaults),
		cmocka_unit_test(numbers_out_of_range_are_refused),
		cmocka_unit_test(labels),
		cmocka_unit_test(texts),
		cmocka_unit_test(wrong_together),
		cmocka_unit_test(wrong_together_on_a_bus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
