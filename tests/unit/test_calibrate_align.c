/*
 * stretchctl calibrate --alignment from outside: simulated wearers whose straps are
 * turned inside out, upside down and sideways, the alignment file given to a replay,
 * angles against the recording's truth; what is refused, and what stays on disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/effort.h"
#include "../support/programs.h"
#include "../support/temp_files.h"
#include "linux/align_file.h"

#define H "0.70710678118654752"

static char recording[PATH_MAX], alignment[PATH_MAX], folder[PATH_MAX], again[PATH_MAX];
static struct program_end end; /* of the program run last */

static int make_folder(void **state)
{
	(void)state;
	temp_make();
	snprintf(recording, sizeof recording, "%s", temp_path("recording.csv"));
	snprintf(alignment, sizeof alignment, "%s", temp_path("alignment.json"));
	snprintf(folder, sizeof folder, "%s", temp_path("session"));
	snprintf(again, sizeof again, "%s", temp_path("again"));
	return 0;
}

/* Runs a program; the words end with NULL. */
static int run(const char *first, ...)
{
	const char *words[PROGRAM_WORDS_MAX + 1] = { first };
	int n = 1;
	va_list list;

	va_start(list, first);
	while (n < PROGRAM_WORDS_MAX && (words[n] = va_arg(list, const char *)) != NULL)
		n++;
	va_end(list);
	end = program_run(words);
	return end.status;
}

static void expect(const char *where, const char *what)
{
	if (strstr(where, what) == NULL)
		fail_msg("\"%s\" is not in:\n%s", what, where);
}

static void simulate(const char *exercise, const char *strap)
{
	assert_int_equal(
		run("stretchctl", "simulate", "--exercise", exercise, "--strap", strap,
			"--holds", "1", "--hold-s", "12", "--prescribed-s", "10",
			"--seed", "5", "--sensors", "2", "-o", recording, NULL),
		0);
}

/* ---- straps turned any way ---- */

struct track {
	double *elevation, *tilt, *flexion, *t_s;
	size_t rows;
};

static void load(struct track *track)
{
	struct csv_table table;
	char path[PATH_MAX + 16];

	snprintf(path, sizeof path, "%s/samples.csv", folder);
	assert_true(csv_table_load(&table, path));
	track->rows = table.rows;
	track->t_s = csv_table_column(&table, "t_s");
	track->elevation = csv_table_column(&table, "thigh_elevation_deg");
	track->tilt = csv_table_column(&table, "pelvis_tilt_deg");
	track->flexion = csv_table_column(&table, "hip_flexion_deg");
	csv_table_free(&table);
}

static void drop(struct track *track)
{
	free(track->t_s);
	free(track->elevation);
	free(track->tilt);
	free(track->flexion);
}

/* Largest difference of two columns over the last so many rows, where both are. */
static double apart(const double *a, size_t a_rows, const double *b, size_t b_rows)
{
	size_t rows = a_rows < b_rows ? a_rows : b_rows;
	double worst = 0.0;
	size_t both = 0;

	for (size_t i = 1; i <= rows; i++) {
		double off = fabs(a[a_rows - i] - b[b_rows - i]);

		if (!isfinite(off))
			continue;
		worst = fmax(worst, off);
		both++;
	}
	assert_true(both > 500);
	return worst;
}

/* Root mean square of elevation against the recording's truth. */
static double off_truth(const struct track *track)
{
	struct csv_table table;
	double *t_s, *truth, square = 0.0;
	size_t n = 0, row = 0;

	assert_true(csv_table_load(&table, recording));
	t_s = csv_table_column(&table, "t_s");
	truth = csv_table_column(&table, "truth_thigh_elevation_deg");
	for (size_t i = 0; i < track->rows; i++) {
		while (row + 1 < table.rows && t_s[row] < track->t_s[i] - 1e-6)
			row++;
		if (!isfinite(track->elevation[i]) || !isfinite(truth[row]))
			continue;
		square += pow(track->elevation[i] - truth[row], 2.0);
		n++;
	}
	free(t_s);
	free(truth);
	csv_table_free(&table);
	assert_true(n > 500);
	return sqrt(square / (double)n);
}

static void align_and_replay(const char *exercise, const char *pose_a, const char *pose_b)
{
	assert_int_equal(
		run("stretchctl", "calibrate", "--alignment", "--from", recording,
			"--pose", pose_a, "--pose", pose_b, "-o", alignment, NULL),
		0);
	expect(end.out, "Good, written to ");
	{
		char given[PATH_MAX + 16];

		snprintf(given, sizeof given, "alignment=%s", alignment);
		assert_int_equal(
			run("stretchctl", "replay", recording, "-e", exercise, given,
				"hold_s=10", "-o", folder, "--force", "-q", NULL),
			0);
	}
}

static void straps(const char *exercise, const char *pose_a, const char *pose_b)
{
	static const struct {
		const char *name, *strap;
	} turns[] = {
		{ "as it comes", "identity" },
		{ "inside out", "0,1,0,0" },
		{ "upside down", "0,0,1,0" },
		{ "both", "0,0,0,1" },
		{ "sideways", H ",0," H ",0" },
		{ "on the side of the leg", H "," H ",0,0" },
		{ "edge to the knee", H ",0,0," H },
		{ "any", "0.5,-0.1,0.7,0.4" },
	};
	struct track first = { 0 }, now;

	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		double truth;

		if (EFFORT_FEW && i % 3 != 0)
			continue;
		simulate(exercise, turns[i].strap);
		align_and_replay(exercise, pose_a, pose_b);
		load(&now);
		truth = off_truth(&now);
		if (i == 0)
			first = now;
		printf("# %s, strap %s: elevation off by %.2f deg (rms); other than the "
		       "first strap's by %.2f, pelvis %.2f, hip flexion %.2f at most\n",
			exercise, turns[i].name, truth,
			apart(now.elevation, now.rows, first.elevation, first.rows),
			apart(now.tilt, now.rows, first.tilt, first.rows),
			apart(now.flexion, now.rows, first.flexion, first.rows));
		assert_true(truth < 0.6);
		assert_true(apart(now.elevation, now.rows, first.elevation, first.rows) <
			0.5);
		assert_true(
			apart(now.flexion, now.rows, first.flexion, first.rows) < 1.0);
		if (i > 0)
			drop(&now);
	}
	drop(&first);
}

static void straps_lying_and_standing(void **state)
{
	(void)state;
	straps("standing-bend", "lying", "standing");
}

static void straps_lying_and_raise(void **state)
{
	(void)state;
	straps("lying-towel", "lying@5..9", "raise@64..70");
}

/* ---- what is refused ---- */

static void refused(
	const char *what, const char *pose_a, const char *pose_b, const char *site)
{
	assert_int_equal(run("stretchctl", "calibrate", "--alignment", "--from",
				 recording, "--site", site, "--pose", pose_a, "--pose",
				 pose_b, "-o", alignment, NULL),
		1);
	expect(end.err, "refused, nothing written: ");
	expect(end.err, what);
}

static void invalid_pairs(void **state)
{
	char *old;

	(void)state;
	simulate("standing-bend", "random");
	temp_write_text("alignment.json", "old");
	refused("the thigh sensor: a pose is missing: stand still", "lying", "sitting",
		"thigh");
	refused("the thigh sensor: a pose is missing: lie flat", "standing", "raise",
		"thigh");
	refused("the pelvis sensor: a pose is missing: lie flat", "standing", "sitting",
		"pelvis");
	/* lying and "raise" in windows that are both lying: 0 degrees apart */
	refused("the thigh sensor: the two poses differ too little", "lying@4..6",
		"raise@7..9", "thigh");
	refused("the pelvis sensor: the two poses differ too little", "lying@4..6",
		"raise@7..9", "pelvis");
	/* over the way from one pose to the other */
	refused("the sensor moves by", "lying@4..6", "standing@7..13", "thigh");
	refused("Name a longer window", "lying@4..6", "standing@900..910", "thigh");
	/* more rests than it holds: the last pose stays open */
	assert_int_equal(run("stretchctl", "calibrate", "--alignment", "--from",
				 recording, "--pose", "lying", "--pose", "standing",
				 "--pose", "lying", "--pose", "standing", NULL),
		1);
	expect(end.err, "the pose \"");
	old = temp_read(alignment, NULL);
	assert_string_equal(old, "old");
	free(old);
}

static void wrong_usage(void **state)
{
	static const struct {
		const char *words[4], *what;
	} cases[] = {
		{ { "--pose", "kneeling" },
			"poses are lying, sitting, standing and raise" },
		{ { "--pose", "lying@6..2" }, "not a pose with its window" },
		{ { "--pose", "lying@x..2" }, "not a pose with its window" },
		{ { "--pose", "lying@2..6", "--pose", "standing" },
			"a window for every pose, or for none" },
		{ { "--side", "middle" }, "the side is left or right" },
		{ { "--calibration", "/nonexistent" }, "cannot read" },
	};

	(void)state;
	simulate("standing-bend", "random");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *const *w = cases[i].words;

		assert_int_equal(run("stretchctl", "calibrate", "--alignment", "--from",
					 recording, w[0], w[1], w[2], w[3], NULL),
			strcmp(w[0], "--calibration") == 0 ? 3 : 2);
		expect(end.err, cases[i].what);
	}
	assert_int_equal(run("stretchctl", "calibrate", "--from", recording, "--pose",
				 "lying", NULL),
		2);
	expect(end.err, "only with --alignment");
	assert_int_equal(run("stretchctl", "calibrate", "--alignment", "--sensor",
				 "simulate:standing-bend", "--pose", "lying@1..2", NULL),
		2);
	expect(end.err, "no seconds to name yet");
	assert_int_equal(run("stretchctl", "calibrate", "--alignment", NULL), 2);
}

/* ---- a session with it ---- */

static bool same_file(const char *name)
{
	char a[PATH_MAX + 32], b[PATH_MAX + 32];
	char *one, *two;
	size_t n, m;
	bool same;

	snprintf(a, sizeof a, "%s/%s", folder, name);
	snprintf(b, sizeof b, "%s/%s", again, name);
	one = temp_read(a, &n);
	two = temp_read(b, &m);
	assert_non_null(one);
	assert_non_null(two);
	same = n == m && n > 0 && memcmp(one, two, n) == 0;
	free(one);
	free(two);
	return same;
}

/* inputs.json brings the alignment along: the file itself is not needed again. */
static void a_replay_gives_the_same_bytes(void **state)
{
	struct csv_table with;
	char path[PATH_MAX + 16];

	(void)state;
	simulate("lying-towel", "random");
	align_and_replay("lying-towel", "lying@5..9", "raise@64..70");
	assert_int_equal(remove(alignment), 0);
	assert_int_equal(
		run("stretchctl", "replay", folder, "-o", again, "--force", "-q", NULL),
		0);
	assert_true(same_file("samples.csv"));
	assert_true(same_file("holds.csv"));
	assert_true(same_file("inputs.json"));
	snprintf(path, sizeof path, "%s/holds.csv", folder);
	assert_true(csv_table_load(&with, path));
	assert_string_equal(csv_table_text(&with, 0, "result"), "done");
	csv_table_free(&with);
	/* the other leg's, and a missing sensor's, are refused */
	assert_int_equal(
		run("stretchctl", "calibrate", "--alignment", "--from", recording,
			"--site", "thigh", "--side", "right", "--pose", "lying@5..9",
			"--pose", "raise@64..70", "-o", alignment, NULL),
		0);
	snprintf(path, sizeof path, "alignment=%s", alignment);
	assert_int_equal(
		run("stretchctl", "replay", recording, path, "side=left", NULL), 2);
	expect(end.err, "it is for the right leg, but the left one is stretched");
	assert_int_equal(
		run("stretchctl", "replay", recording, path, "side=right", NULL), 2);
	expect(end.err, "pelvis: this sensor is worn, but not in the file");
}

/* A live session takes what a live sensor gave in the same run of the kernel. */
static void a_session_takes_a_fresh_one(void **state)
{
	char given[PATH_MAX + 16], dir[PATH_MAX + 16];

	(void)state;
	snprintf(given, sizeof given, "alignment=%s", alignment);
	snprintf(dir, sizeof dir, "state_dir=%s", temp_path("state"));
	assert_int_equal(run("stretchctl", "calibrate", "--alignment", "--sensor",
				 "simulate:standing-bend", "--speed", "1000", "-o",
				 alignment, NULL),
		0);
	expect(end.out, "pose 1 of 2, lying: lie flat on the back");
	expect(end.out, "taken: lying\n");
	expect(end.out, "pose 2 of 2, standing: stand upright");
	expect(end.out, "taken: standing\n");
	expect(end.out, "Good, written to ");
	assert_null(strchr(end.out, '\r')); /* not a terminal: plain lines */
	assert_int_equal(
		run("stretchd", "sensor=simulate:standing-bend", "exercise=standing-bend",
			"speed=1000", "volatile=yes", dir, given, NULL),
		0);
	assert_string_equal(end.err, "");
	/* one from a recording is not taken, and the session goes on without */
	simulate("standing-bend", "random");
	assert_int_equal(run("stretchctl", "calibrate", "--alignment", "--from",
				 recording, "--site", "thigh", "-o", alignment, NULL),
		0);
	assert_int_equal(
		run("stretchd", "sensor=simulate:standing-bend", "exercise=standing-bend",
			"speed=1000", "volatile=yes", dir, given, NULL),
		0);
	expect(end.err, "made from a recording");
	expect(end.err, "the straps are learned in this session");
	/* a damaged one ends it before it begins */
	temp_write_text("alignment.json", "{}");
	assert_int_equal(
		run("stretchd", "sensor=simulate:standing-bend", "exercise=standing-bend",
			"speed=1000", "volatile=yes", dir, given, NULL),
		2);
	expect(end.err, "no alignment file");
}

/* ---- Ctrl-C ---- */

/* Starts calibrate on a live source at real time, waits for its first text, and
 * interrupts it. Returns its exit status. */
static int interrupt(const char *const *more)
{
	const char *build = getenv("STRETCH_BUILD");
	char path[PATH_MAX], text[256];
	char *argv[12] = { NULL };
	int ends[2], n = 0, status;
	pid_t child;

	snprintf(path, sizeof path, "%s/stretchctl", build && *build ? build : "build");
	argv[n++] = path;
	for (; more[n - 1] != NULL && n < 11; n++)
		argv[n] = strdup(more[n - 1]);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		execv(path, argv);
		_exit(127);
	}
	close(ends[1]);
	assert_true(read(ends[0], text, sizeof text) > 0); /* the dialogue has begun */
	assert_int_equal(kill(child, SIGINT), 0);
	while (read(ends[0], text, sizeof text) > 0)
		;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	for (int i = 1; i < n; i++)
		free(argv[i]);
	assert_true(WIFEXITED(status)); /* not killed by it */
	return WEXITSTATUS(status);
}

static void ctrl_c_leaves_the_old_file(void **state)
{
	const char *const straps_words[] = { "calibrate", "--alignment", "--sensor",
		"simulate:standing-bend", "-o", alignment, NULL };
	const char *const chip_words[] = { "calibrate", "--sensor",
		"simulate:standing-bend", "-o", alignment, NULL };
	char *old;

	(void)state;
	temp_write_text("alignment.json", "old");
	assert_int_equal(interrupt(straps_words), 1);
	assert_int_equal(interrupt(chip_words), 1);
	old = temp_read(alignment, NULL);
	assert_string_equal(old, "old");
	free(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(straps_lying_and_standing),
		cmocka_unit_test(straps_lying_and_raise),
		cmocka_unit_test(invalid_pairs),
		cmocka_unit_test(wrong_usage),
		cmocka_unit_test(a_replay_gives_the_same_bytes),
		cmocka_unit_test(a_session_takes_a_fresh_one),
		cmocka_unit_test(ctrl_c_leaves_the_old_file),
	};

	return cmocka_run_group_tests(tests, make_folder, temp_tear_down);
}
