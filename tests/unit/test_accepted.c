/* accepted.json: who accepted which prescription, and when it holds no longer. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "../support/temp_files.h"
#include "linux/accepted.h"
#include "linux/prescription_file.h"

static struct prescription_report report;
static struct problem problem;

static void prescribe(struct prescription *p, const char *text)
{
	assert_int_equal(prescription_load_text(p, "F", text, strlen(text), &report), 0);
}

#define TOWEL "wearer = anna-1\nitem lying-towel {\nhold_s = 30\n}\n"

static void date_now(char date[16])
{
	time_t now = time(NULL);
	struct tm local;

	localtime_r(&now, &local);
	strftime(date, 16, "%Y-%m-%d", &local);
}

static void accepted_once(void **state)
{
	struct prescription p;
	struct accepted a;
	struct stat info;
	char before[16], after[16];

	(void)state;
	prescribe(&p, TOWEL);
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem),
		ACCEPTED_NEVER);
	date_now(before);
	assert_int_equal(accepted_write(temp_path("state"), &p, "Dr. "
		"Weiss", &problem), 0);
	date_now(after);
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem),
		ACCEPTED_YES);
	assert_string_equal(a.by, "Dr. Weiss");
	assert_true(strncmp(a.on, before, 10) == 0 || strncmp(a.on, after, 10) == 0);
	assert_true(strcmp(a.clock_source, "ntp") == 0 ||
		strcmp(a.clock_source, "none") == 0);
	assert_int_equal(stat(temp_path("state/anna-1/accepted.json"), &info), 0);
	assert_int_equal(info.st_mode & 07, 0); /* health data: nobody else */
}

/* Whatever changes what is asked for; comments and spelling do not. */
static void a_change_needs_it_again(void **state)
{
	static const char *const changed[] = {
		"wearer = anna-1\nitem lying-towel {\nhold_s = 31\n}\n",
		"wearer = anna-1\nitem lying-towel {\nhold_s = 30\ncap_deg = 90\n}\n",
		"wearer = anna-1\nsides = right, left\nitem lying-towel {\nhold_s = "
		"30\n}\n",
		TOWEL "item seated-leg {\n}\n",
	};
	struct prescription p;
	struct accepted a;

	(void)state;
	prescribe(&p, TOWEL);
	assert_int_equal(accepted_write(temp_path("state"), &p, "anna-1", &problem), 0);
	prescribe(&p, "# mended\nwearer = anna-1\nrest_s = 10\nitem lying-towel {\n"
		"reps = 1 # as before\nhold_s = 3e1\n}\n");
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem),
		ACCEPTED_YES);
	for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
		prescribe(&p, changed[i]);
		assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem),
			ACCEPTED_CHANGED);
	}
	prescribe(&p, "wearer = ben\nitem lying-towel {\nhold_s = 30\n}\n");
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem),
		ACCEPTED_NEVER);
}

/* The record with one text of its own put in another's place. */
static void tamper(const char *from, const char *to)
{
	const char *path = temp_path("state/anna-1/accepted.json");
	char *text = temp_read(path, NULL), changed[4096];
	char *at = strstr(text, from);

	assert_non_null(at);
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - text), text, to,
		at + strlen(from));
	temp_write_text("state/anna-1/accepted.json", changed);
	free(text);
}

static void other_records(void **state)
{
	struct prescription p;
	struct accepted a;

	(void)state;
	prescribe(&p, TOWEL);
	assert_int_equal(accepted_write(temp_path("state"), &p, "anna-1", &problem), 0);
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem),
		ACCEPTED_YES);
	tamper(a.safety, "0000");
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem),
		ACCEPTED_TEXT_CHANGED);
	tamper("\"accepted_by\": \"anna-1\"", "\"accepted_by\": \"\"");
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem), -EBADMSG);
	assert_string_equal(a.by, "");
	temp_write_text("state/anna-1/accepted.json", "{");
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem), -EBADMSG);
	assert_non_null(strstr(problem.text, "not a record of acceptance"));
	temp_write_text("state/anna-1/accepted.json", "");
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem), -EBADMSG);
	assert_int_equal(accepted_write(temp_path("state"), &p, "anna-1", &problem), 0);
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem),
		ACCEPTED_YES);
}

static void refused(void **state)
{
	struct prescription p;
	struct accepted a;

	(void)state;
	prescribe(&p, TOWEL);
	assert_int_equal(accepted_write(temp_path("state"), &p, "a/b", &problem),
		-EINVAL);
	memcpy(p.wearer, "../x", 5);
	assert_int_equal(accepted_write(temp_path("state"), &p, "anna", &problem),
		-EINVAL);
	assert_int_equal(accepted_look(temp_path("state"), &p, &a, &problem), -EINVAL);
	assert_false(temp_exists(temp_path("state")));
	prescribe(&p, TOWEL);
	temp_write_text("state", "a file in the folder's place");
	assert_int_equal(accepted_write(temp_path("state"), &p, "anna", &problem),
		-ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(accepted_once, temp_set_up, temp_tear_down),
		cmocka_unit_test_setup_teardown(a_change_needs_it_again, temp_set_up, temp_tear_down),
		cmocka_unit_test_setup_teardown(other_records, temp_set_up, temp_tear_down),
		cmocka_unit_test_setup_teardown(refused, temp_set_up, temp_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
