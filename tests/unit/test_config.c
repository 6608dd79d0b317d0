/* The settings file: every kind of mistake, all at once, and the way back. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "linux/config.h"

static struct config_mistakes mistakes;

static int load(struct settings *s, const char *text)
{
	return config_load_text(s, "F", text, strlen(text), NULL, 0, &mistakes);
}

/* The file gives this one mistake, word for word, and changes nothing. */
static void one_mistake(const char *text, const char *expected)
{
	struct settings s, before;

	settings_default(&s);
	s.rest_s = 77;
	before = s;
	assert_int_equal(load(&s, text), -EBADMSG);
	if (mistakes.count != 1)
		config_print_mistakes(&mistakes, stdout);
	assert_int_equal(mistakes.count, 1);
	assert_string_equal(mistakes.list[0].text, expected);
	assert_memory_equal(&s, &before, sizeof(s));
}

static void a_good_file(void **state)
{
	struct settings s;

	(void)state;
	assert_int_equal(load(&s, "# a comment\n\nsession {\r\n"
		"\twearer = \"Anna 2\"   # another\n"
		"  exercise=doorway\n\tside = right\n\thold_s = 1.25e1\n\treps = 2\n}\n"
		"store{\nvolatile = yes\nstate_dir = \"/srv/a b/#1\"\n}\n"
		"sensor {\n sensor = i2c:1\n}"), 0);
	assert_int_equal(mistakes.count, 0);
	assert_string_equal(s.wearer, "Anna 2");
	assert_int_equal(s.exercise, EX_DOORWAY);
	assert_int_equal(s.side, SIDE_RIGHT);
	assert_true(fabs(s.hold_s - 12.5) < 1e-12);
	assert_int_equal(s.volatile_store, 1);
	assert_string_equal(s.state_dir, "/srv/a b/#1");
	assert_string_equal(s.sensor, "i2c:1");
	assert_true(fabs(s.rest_s - 10) < 1e-12); /* not in the file: default */
}

static void values(void **state)
{
	(void)state;
	one_mistake("session {\nrest_s = 30x\n}\n", "F:2: rest_s: \"30x\" is no number. "
		"write a number from 0 to 600 s");
	one_mistake("session {\nrest_s = 1,5\n}\n", "F:2: rest_s: there is something "
		"after the value. write one value a line, in double quotes when it has "
		"blanks");
	one_mistake("session {\nrest_s = \"1,5\"\n}\n", "F:2: rest_s: \"1,5\" is no "
		"number. write a number from 0 to 600 s");
	one_mistake("session {\nrest_s = nan\n}\n", "F:2: rest_s: \"nan\" is no number. "
		"write a number from 0 to 600 s");
	one_mistake("session {\nrest_s = 0x10\n}\n", "F:2: rest_s: \"0x10\" is no "
		"number. write a number from 0 to 600 s");
	one_mistake("session {\nrest_s = 601\n}\n", "F:2: rest_s: 601 is out of range. "
		"write a number from 0 to 600 s");
	one_mistake("session {\nrest_s = 1e999\n}\n", "F:2: rest_s: 1e999 is out of "
		"range. write a number from 0 to 600 s");
	one_mistake("session {\nreps = 2.5\n}\n", "F:2: reps: 2.5 is not a whole number. "
		"write a whole number from 0 to 50");
	one_mistake("session {\nside = middle\n}\n", "F:2: side: \"middle\" is not "
		"possible here. write one of left, right");
	one_mistake("leds {\nquiet = maybe\n}\n", "F:2: quiet: \"maybe\" is not possible "
		"here. write yes or no");
	one_mistake("session {\nwearer = \"../x\"\n}\n", "F:2: wearer: \"../x\": it does "
		"not begin with a letter A-Z or a digit. write a label such as "
		"\"anna-1\"");
	one_mistake("leds {\nled_red_line = gpiochip4:17\n}\n", "F:2: led_red_line: "
		"\"gpiochip4:17\": chip numbers change between kernels. write a line "
		"such as \"GPIO17\" or \"pinctrl-bcm2835:17\"");
	one_mistake("session {\nrest_s = \"\"\n}\n", "F:2: rest_s: \"\" is no number. "
		"write a number from 0 to 600 s");
}

static void keys(void **state)
{
	(void)state;
	one_mistake("session {\nrset_s = 3\n}\n", "F:2: rset_s: unknown key. "
		"did you mean rest_s?");
	one_mistake("session {\nsdie = left\n}\n", "F:2: sdie: unknown key. "
		"did you mean side?");
	one_mistake("session {\nzzzzzz = 3\n}\n", "F:2: zzzzzz: unknown key. "
		"stretchd --print-config lists all keys");
	one_mistake("session {\nrest_s = 3\n\nrest_s = 4\n}\n", "F:4: rest_s: given "
		"twice. keep one; the other is in line 2");
	one_mistake("hold {\nrest_s = 3\n}\n", "F:2: rest_s: this key belongs to "
		"another section. write it inside session { }");
	one_mistake("rest_s = 3\n", "F:1: rest_s: this key stands outside its section. "
		"write it inside session { }");
}

static void shapes(void **state)
{
	char text[700];

	(void)state;
	one_mistake("session {\nrest_s 3\n}\n", "F:2: rest_s: no = after the key. "
		"write a number from 0 to 600 s");
	one_mistake("session {\nrest_s =\n}\n", "F:2: rest_s: the value is missing. "
		"write a number from 0 to 600 s");
	one_mistake("session {\nrest_s = 3 s\n}\n", "F:2: rest_s: there is something "
		"after the value. write one value a line, in double quotes when it has "
		"blanks");
	one_mistake("session {\nwearer = \"anna\n}\n", "F:2: wearer: the quotes are not "
		"closed. write a closing \"");
	one_mistake("store {\nstate_dir = \"/${HOME}\"\n}\n", "F:2: state_dir: "
		"backslash, $, ` and ' are not allowed. write it without them");
	one_mistake("store {\nstate_dir = //x\n}\n", "F:2: state_dir: // and /* "
		"stand only in quotes. write the value in double quotes");
	one_mistake("session {\nrest_s = 3\n", "F:1: session: the section is not closed. "
		"write } after its last line");
	one_mistake("session {\nrest_s = 3\nhold {\n}\n", "F:3: hold: a section inside a "
		"section. write } before it (the section of line 1 is open)");
	one_mistake("}\n", "F:1: } closes nothing. take it out");
	one_mistake("sesion {\nrest_s = 3\n}\n", "F:1: sesion: no such section. "
		"write session {");
	one_mistake("quux {\nrest_s = 3x\n}\n", "F:1: quux: no such section, and nothing "
		"in it was checked. write session, hold, pelvis, sensor, leds or store");
	one_mistake("session {\n}\nsession {\n}\n", "F:3: session: this section is there "
		"twice. put it all in the one of line 1");
	one_mistake("session { rest_s = 3 }\n}\n", "F:1: there is something after the "
		"brace. write it on a line of its own");
	one_mistake("= 3\n", "F:1: not understood. write key = value");
	one_mistake("\x01\n", "F:1: a control character. take it out; is this a text "
		"file?");
	memset(text, 'x', sizeof(text));
	text[CONFIG_LINE_MAX + 1] = '\0';
	one_mistake(text, "F:1: the line is longer than 512 characters. write a shorter "
		"line");
	text[0] = '#';
	text[CONFIG_LINE_MAX] = '\0';
	assert_int_equal(load(&(struct settings){ .seed = 0 }, text), 0);
}

/* Whichever of two is kept, and wherever a key is moved to: its value was looked at. */
static void values_that_do_not_count(void **state)
{
	static const char *const expected[] = {
		"F:2: hold_s: \"x\" is no number. write a number from 3 to 600 s",
		"F:3: hold_s: given twice. keep one; the other is in line 2",
		"F:3: hold_s: 1e9 is out of range. write a number from 3 to 600 s",
		"F:4: led_mode: this key belongs to another section. write it inside "
			"leds { }",
		"F:4: led_mode: \"red\" is not possible here. write one of none, three, "
			"rgb, terminal",
	};
	struct settings s;

	(void)state;
	assert_int_equal(load(&s, "session {\n\thold_s = x\n\thold_s = \"1e9\" # 2\n"
		"\tled_mode = red\n}\n"), -EBADMSG);
	for (size_t i = 0; i < 5 && i < mistakes.count; i++)
		assert_string_equal(mistakes.list[i].text, expected[i]);
	assert_int_equal(mistakes.count, 5);
}

/* libconfuse alone would stop at the first of these. */
static void five_mistakes_five_lines(void **state)
{
	static const char *const expected[] = {
		"F:3: rest_s: \"30x\" is no number. write a number from 0 to 600 s",
		"F:4: wearr: unknown key. did you mean wearer?",
		("F:7: still_range_deg: no = after the key. "
			"write a number from 0.5 to 30 deg"),
		"F:9: pause_max_s: given twice. keep one; the other is in line 8",
		("F:12: led_mode: \"red\" is not possible here. "
			"write one of none, three, rgb, terminal"),
	};
	struct settings s;

	(void)state;
	assert_int_equal(load(&s, "# first\nsession { # second\n\trest_s = 30x\n"
		"\twearr = \"anna\"\n}\nhold {\n\tstill_range_deg 6\n"
		"\tpause_max_s = 2 # third\n\tpause_max_s = 3\n}\nleds {\n"
		"\tled_mode = red\n}\n"), -EBADMSG);
	assert_int_equal(mistakes.count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(mistakes.list[i].text, expected[i]);
}

/* Mistakes in both halves of a section that stands there twice. */
static void repeated_section_is_checked_too(void **state)
{
	struct settings s;

	(void)state;
	assert_int_equal(load(&s, "session {\nrest_s = 1x\n}\n"
		"session {\nidle_min = 2x\n}\n"), -EBADMSG);
	assert_int_equal(mistakes.count, 3);
	assert_int_equal(mistakes.list[0].line, 2);
	assert_int_equal(mistakes.list[1].line, 4);
	assert_int_equal(mistakes.list[2].line, 5);
}

static void more_mistakes_than_room(void **state)
{
	char text[4096] = "session {\n";
	struct settings s;

	(void)state;
	for (int i = 0; i < 100; i++)
		strcat(text, "nokey = 1\n");
	strcat(text, "}\n");
	assert_int_equal(load(&s, text), -EBADMSG);
	assert_int_equal(mistakes.count, CONFIG_MISTAKES_MAX);
	assert_int_equal(mistakes.dropped, 100 - CONFIG_MISTAKES_MAX);
}

static void wrong_together(void **state)
{
	const char *words[] = { "cap_deg=50" };
	const char *text = "session {\ntarget_lo_deg = 60\n}\n";
	struct settings s;

	(void)state;
	one_mistake("session {\ntarget_lo_deg = 60\ncap_deg = 50\n}\n", "F:3: cap_deg: "
		"it is not above target_lo_deg. write a larger cap_deg");
	assert_int_equal(config_load_text(&s, "F", text, strlen(text), words, 1,
		&mistakes), -EBADMSG);
	assert_int_equal(mistakes.count, 1);
	assert_string_equal(mistakes.list[0].text, "command line: cap_deg: it is not "
		"above target_lo_deg. write a larger cap_deg");
	/* a bad value is told once, not again as a missing one */
	one_mistake("leds {\nled_mode = rgb\nled_red_line = a:b\nled_green_line = b\n}\n",
		"F:3: led_red_line: \"a:b\": the offset after the colon is not 0 to "
		"9999. write a line such as \"GPIO17\" or \"pinctrl-bcm2835:17\"");
}

static void words_override(void **state)
{
	const char *good[] = { "rest_s=5", "session.hold_s=20", "hold_s=", "side=right" };
	const char *bad[] = { "rest_s=x", "hold.rest_s=5", "side", "=3", "pelvs=yes",
		"cap_deg=inf" };
	static const char *const expected[] = {
		("command line: rest_s: \"x\" is no number. "
			"write a number from 0 to 600 s"),
		"command line: hold.rest_s: unknown key. did you mean rest_s?",
		"command line: side: not understood. write key=value",
		"command line: =3: not understood. write key=value",
		"command line: pelvs: unknown key. did you mean pelvis?",
		("command line: cap_deg: \"inf\" is no number. "
			"write a number from 2 to 150 deg"),
	};
	const char *text = "session {\nrest_s = 3\n}\n";
	struct settings s;

	(void)state;
	assert_int_equal(config_load_text(&s, "F", text, strlen(text), good, 4,
		&mistakes), 0);
	assert_true(fabs(s.rest_s - 5) < 1e-12);
	assert_true(isnan(s.hold_s));
	assert_int_equal(s.side, SIDE_RIGHT);
	assert_int_equal(config_load_text(&s, "F", text, strlen(text), bad, 6,
		&mistakes), -EBADMSG);
	assert_int_equal(mistakes.count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(mistakes.list[i].text, expected[i]);
}

/* A value inside the range that is not the default. */
static double other_value(const struct setting *a, size_t i)
{
	if (a->type == SETTING_NUMBER)
		return a->min + (a->max - a->min) * (0.1 + 0.8 / (double)(i + 2));
	if (a->type == SETTING_INT)
		return 7;
	return a->number > 0 ? 0 : 1;
}

static void round_trip(const struct settings *s)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct settings back;

	assert_non_null(out);
	assert_int_equal(config_print(s, out), 0);
	fclose(out);
	if (load(&back, text) != 0)
		config_print_mistakes(&mistakes, stdout);
	assert_int_equal(mistakes.count, 0);
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *a = &setting_table[i];

		if (memcmp((const char *)s + a->offset, (const char *)&back + a->offset,
				a->size) != 0)
			fail_msg("%s does not come back", a->key);
	}
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= 90);
	free(text);
}

static void put(struct settings *s, const char *key, const char *text)
{
	assert_null(setting_put_text(s, setting_find(key), text));
}

static void printed_settings_read_back(void **state)
{
	struct settings s;

	(void)state;
	settings_default(&s);
	round_trip(&s);
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *a = &setting_table[i];

		if (a->type < SETTING_LABEL)
			assert_int_equal(setting_put_number(&s, a, other_value(a, i)), 0);
	}
	s.target_lo_deg = 0.1 + 0.2 + 40; /* 17 digits */
	s.cap_deg = 100.0 / 3.0 + 30;
	s.hold_s = 20;
	s.hold_max_s = 100.0 / 3.0;
	s.slip_flag_deg = 1;
	s.plane_medium_deg = 2;
	s.doorway_low_deg = 21;
	put(&s, "wearer", "b .-_9");
	put(&s, "sensor", "replay:/a b/#{}=;,()+raw.csv");
	put(&s, "led_red_line", "GPIO17");
	put(&s, "led_amber_line", "pinctrl-bcm2835:22");
	put(&s, "led_green_line", "GPIO 27");
	put(&s, "state_dir", "/srv//x/*y");
	s.speed = 1;
	round_trip(&s);
}

/* The tools look where the service looks, unless they are told otherwise. */
static void chosen_file(void **state)
{
	char there[] = "/tmp/test_config_XXXXXX";
	int fd = mkstemp(there);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_string_equal(config_choose_file("mine.conf", there), "mine.conf");
	assert_string_equal(config_choose_file(NULL, there), there);
	unlink(there);
	assert_null(config_choose_file(NULL, there));
	assert_string_equal(config_choose_file("mine.conf", there), "mine.conf");
}

/* What is right of the service's places is taken, and what is wrong is one line. */
static void service_places(void **state)
{
	char path[] = "/tmp/test_config_XXXXXX";
	const char *good = "store {\nstate_dir = /srv/data\n}\n";
	const char *bad = "session {\nrest_s = x\n}\n";
	int fd = mkstemp(path);
	struct settings s;
	struct problem why;

	(void)state;
	assert_true(fd >= 0);
	assert_true(write(fd, good, strlen(good)) > 0);
	config_service_places(&s, path, &why);
	assert_string_equal(s.state_dir, "/srv/data");
	assert_string_equal(s.control, SETTING_CONTROL);
	assert_string_equal(why.text, "");
	assert_true(write(fd, bad, strlen(bad)) > 0);
	close(fd);
	config_service_places(&s, path, &why);
	assert_string_equal(s.state_dir, "/srv/data");
	assert_non_null(strstr(why.text, " has mistakes (stretchd --check --config "));
	assert_non_null(strstr(why.text, "state_dir /srv/data, control "));
	assert_null(strchr(why.text, '\n'));
	unlink(path);
	config_service_places(&s, path, &why); /* no service: nothing to say */
	assert_string_equal(s.state_dir, "/var/lib/stretchd");
	assert_string_equal(why.text, "");
	config_service_places(&s, "/", &why);
	assert_string_equal(s.control, SETTING_CONTROL);
	assert_string_equal(why.text, "/ cannot be read: Is a directory. taken instead: "
		"state_dir /var/lib/stretchd, control " SETTING_CONTROL);
}

static void files(void **state)
{
	char path[] = "/tmp/test_config_XXXXXX";
	int fd = mkstemp(path);
	const char *bad[] = { "rest_s=x" };
	struct settings s;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "session {\nrest_s = 4\n}\n", 23), 23);
	close(fd);
	assert_int_equal(config_load(&s, path, NULL, 0, &mistakes), 0);
	assert_true(fabs(s.rest_s - 4) < 1e-12);
	unlink(path);
	assert_int_equal(config_load(&s, "/nowhere/x.conf", bad, 1, &mistakes), -ENOENT);
	assert_int_equal(mistakes.count, 2);
	assert_string_equal(mistakes.list[1].text, "/nowhere/x.conf: cannot be read: No "
		"such file or directory. stretchd --print-config writes such a file");
	assert_int_equal(config_load(&s, "/", NULL, 0, &mistakes), -EISDIR);
	assert_int_equal(config_load(&s, NULL, NULL, 0, &mistakes), 0);
	assert_int_equal(config_load(&s, "/dev/zero", NULL, 0, &mistakes), -EBADMSG);
	assert_string_equal(mistakes.list[0].text, "/dev/zero: the file is longer than "
		"64 KiB. is it a settings file?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_file),
		cmocka_unit_test(values),
		cmocka_unit_test(keys),
		cmocka_unit_test(shapes),
		cmocka_unit_test(five_mistakes_five_lines),
		cmocka_unit_test(values_that_do_not_count),
		cmocka_unit_test(repeated_section_is_checked_too),
		cmocka_unit_test(more_mistakes_than_room),
		cmocka_unit_test(wrong_together),
		cmocka_unit_test(words_override),
		cmocka_unit_test(printed_settings_read_back),
		cmocka_unit_test(chosen_file),
		cmocka_unit_test(service_places),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
