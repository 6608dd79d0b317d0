/*
 * The report's page of a made history, laid out and looked at by its boxes: nothing
 * beyond the margins, no text cut, no text upon another. Like page_rig.h for the tests
 * that are linked with the drawing.
 */
#ifndef STRETCH_SUPPORT_SHEET_RIG_H
#define STRETCH_SUPPORT_SHEET_RIG_H

#include "linux/folder.h"
#include "linux/prescription_file.h"
#include "made_history.h"
#include "page_rig.h"
#include "stretch/exercise.h"
#include "stretchctl/report_draw.h"
#include "stretchctl/report_sheet_parts.h"

static struct report report;
static int32_t made_day = DAY_NONE; /* of the report */

static const char twice_daily[] = "wearer = anna-1\nsides = left, right\n"
	"slots = morning, evening\nitem lying-towel {\nhold_s = 30\nreps = 1\n"
	"per_day = 2\nother_leg = bent\n}\n";

static int32_t since = DAY_NONE, until = DAY_NONE, accepted_day = DAY_NONE;
static const char *wearer = "anna-1";

static void lay_out(const char *state_dir, const char *prescription)
{
	static struct prescription p;
	static struct prescription_report problems;
	const struct sheet_title title = { made_day, "stretchd 0.1.0", "" };
	const struct history_choice choice = { .state_dir = state_dir, .wearer = wearer,
		.since = since, .until = until, .exercise = -1, .side = -1 };
	struct problem problem;

	if (prescription)
		assert_int_equal(prescription_load_text(&p, "test", prescription,
			strlen(prescription), &problems), 0);
	assert_int_equal(history_read(&history, &choice, NULL, &problem), 0);
	assert_int_equal(report_build(&report, &history, prescription ? &p : NULL, since,
		until), 0);
	report.accepted_day = accepted_day;
	page_begin();
	report_sheet(&page, &report, &title);
	page_check(&page);
	page_says(&page, "No diagnosis");
}

static void end(void)
{
	page_free(&page);
	report_free(&report);
	history_free(&history);
}

static void made(const char *name, struct made_plan plan, const char *prescription)
{
	char state_dir[PATH_MAX], sessions[PATH_MAX + 32];

	plan.wearer = "anna-1";
	plan.first_day = day_parse("2025-10-06");
	snprintf(state_dir, sizeof state_dir, "%s", temp_path(name));
	snprintf(sessions, sizeof sessions, "%s/anna-1/sessions", state_dir);
	assert_int_equal(folder_make(sessions), 0);
	made_history(&plan, state_dir);
	lay_out(state_dir, prescription);
}

#endif
