/* The table of checks, and those of the machine; see doctor.h. Buses: doctor_bus.c. */
#include "linux/doctor.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "linux/doctor_parts.h"
#include "linux/lamp.h"
#include "linux/lasting.h"

#define ROOM_BAD_MB 70.0   /* raw rows are given up from 64 MiB on */
#define ROOM_NOTE_MB 500.0

const char *const doctor_mark_names[DOCTOR_MARKS] = { "ok", "note", "bad" };

void doctor_say(struct doctor *d, enum doctor_mark mark, const char *format, ...)
{
	struct doctor_line line = { .check = d->check, .mark = mark };
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line.text, sizeof line.text, format, arguments);
	va_end(arguments);
	d->count[mark]++;
	d->say(d->context, &line);
}

void doctor_init(struct doctor *d, const struct settings *settings,
	void (*say)(void *context, const struct doctor_line *line), void *context)
{
	struct utsname name;

	memset(d, 0, sizeof *d);
	d->settings = settings;
	d->places = &i2c_places_system;
	d->root = "";
	d->bits = (int)(sizeof(void *) * CHAR_BIT);
	if (uname(&name) == 0)
		snprintf(d->machine, sizeof d->machine, "%.31s", name.machine);
	d->trust = clock_trust();
	d->clock = loop_clock_system;
	d->listen_s = 4.0;
	d->say = say;
	d->context = context;
}

/* ---- release ---- */

static void check_release(struct doctor *d)
{
	if (d->bits >= 64)
		doctor_say(d, DOCTOR_OK, "64 bit, %s", d->machine);
	else
		doctor_say(d, DOCTOR_BAD, "this is a 32-bit release (%s, %d bit). Write "
			"the 64-bit release of Raspberry Pi OS or Debian on the card; a "
			"Zero, 1 or 2 of the first kind cannot run it", d->machine,
			d->bits);
}

/* ---- lines ---- */

static void check_lines(struct doctor *d)
{
	struct line_request requests[LINES_MAX];
	struct lamp_driver driver;
	int button;
	size_t count = lamp_plan(d->settings, &driver, requests, &button);

	if (count == 0) {
		doctor_say(d, DOCTOR_NOTE, "no LED, buzzer or button is set: write "
			"led_mode and the lines, or look at the terminal");
		return;
	}
	/* One by one: each has its own trouble. All are dark when taken and given back. */
	for (size_t i = 0; i < count; i++) {
		struct lines *lines = NULL;
		struct problem problem;

		int error = lines_open(&lines, &requests[i], 1, "stretchctl doctor",
			&problem);

		if (error == -EBUSY && doctor_status(d) != NULL)
			doctor_say(d, DOCTOR_OK, "line \"%s\": stretchd has it",
				requests[i].name);
		else if (error == -EACCES && doctor_daemon_has_lines(d))
			doctor_say(d, DOCTOR_NOTE, "line \"%s\": this user may not look, "
				"and need not: stretchd has the lines. " DOCTOR_JOIN,
				requests[i].name);
		else if (error != 0)
			doctor_say(d, DOCTOR_BAD, "%s", problem.text);
		else
			doctor_say(d, DOCTOR_OK, "line \"%s\": %s", requests[i].name,
				(int)i != button ? "can be set"
				: lines_button_fd(lines) >= 0 && lines_get(lines, 0) == 1
				? "button, pressed now; if it is not, change "
				  "button_active_low"
				: "button, not pressed");
		lines_close(lines);
	}
}

/* ---- clock ---- */

/* true: the folder has an entry that begins so. */
static bool has_entry(const char *path, const char *prefix)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool found = false;

	if (folder == NULL)
		return false;
	/* Safe: no other thread reads this stream. */
	// cppcheck-suppress readdirCalled
	while (!found && (entry = readdir(folder)) != NULL)
		found = strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	closedir(folder);
	return found;
}

static void check_clock(struct doctor *d)
{
	char path[PATH_MAX];
	bool rtc;

	snprintf(path, sizeof path, "%s/sys/class/rtc", d->root);
	rtc = has_entry(path, "rtc");
	if (d->trust != CLOCK_NONE)
		doctor_say(d, DOCTOR_OK, "the date is trusted (%s)%s",
			clock_source_names[d->trust], rtc ? ", and there is a clock chip"
							  : "");
	else
		doctor_say(d, DOCTOR_NOTE, "the date is not certain: sessions are numbered "
			"but put on no day. Connect a network for a while%s",
			rtc ? "" : ", or fit a clock chip (RTC)");
}

/* ---- state folder ---- */

/* The folder itself, or the nearest one above it that is there. */
static void nearest_folder(const char *path, char found[PATH_MAX])
{
	snprintf(found, PATH_MAX, "%s", path);
	while (access(found, F_OK) != 0) {
		char *slash = strrchr(found, '/');

		if (slash == NULL || slash == found) {
			strcpy(found, "/");
			return;
		}
		*slash = '\0';
	}
}

static void check_store(struct doctor *d)
{
	const char *wanted = d->settings->state_dir;
	char path[PATH_MAX];
	struct problem problem;
	enum lasting lasting;
	struct statvfs about;
	double room_mb;

	nearest_folder(wanted, path);
	if (eaccess(path, W_OK | X_OK) != 0 && doctor_status(d) == NULL) {
		doctor_say(d, DOCTOR_BAD, "%s: this user may not write in %s: %s. Make "
			"the folder for the user that runs stretchd, or set state_dir",
			wanted, path, strerror(errno));
		return;
	}
	if (statvfs(path, &about) != 0) {
		doctor_say(d, DOCTOR_BAD, "%s: %s. Set state_dir to a folder on a disk",
			wanted, strerror(errno));
		return;
	}
	lasting = lasting_look(wanted, "/proc/self/mountinfo", &problem);
	if (lasting != LASTING_YES && d->settings->volatile_store == 0)
		doctor_say(d, lasting == LASTING_NO ? DOCTOR_BAD : DOCTOR_NOTE, "%s",
			problem.text);
	room_mb = (double)about.f_bavail * (double)about.f_frsize / 1e6;
	if (room_mb < ROOM_NOTE_MB)
		doctor_say(d, room_mb < ROOM_BAD_MB ? DOCTOR_BAD : DOCTOR_NOTE,
			"%s: %.0f MB are left. Remove what is not needed", wanted,
			room_mb);
	else
		doctor_say(d, DOCTOR_OK, "%s: can be %s, %.1f GB are left", wanted,
			strcmp(path, wanted) == 0 ? "written" : "made", room_mb / 1e3);
}

/* ---- the table ---- */

const struct doctor_check doctor_checks[] = {
	{ "release", "64-bit system", check_release },
	{ "daemon", "does stretchd run, and may you talk to it", doctor_daemon },
	{ "buses", "I2C adapters: there, permitted, free, capable", doctor_buses },
	{ "chips", "who answers on them, and who owns it", doctor_chips },
	{ "sensors", "the set sensors running: errors, true rate, noise",
		doctor_sensors },
	{ "lines", "LEDs, buzzer, button", check_lines },
	{ "clock", "may the date be believed", check_clock },
	{ "store", "state folder: rights, kind, room", check_store },
};

const size_t doctor_check_count = sizeof doctor_checks / sizeof doctor_checks[0];

int doctor_run(struct doctor *d, const char *only)
{
	for (size_t i = 0; i < doctor_check_count; i++) {
		if (only != NULL && strcmp(only, doctor_checks[i].name) != 0)
			continue;
		d->check = doctor_checks[i].name;
		doctor_checks[i].run(d);
	}
	return d->count[DOCTOR_BAD];
}

void doctor_end(struct doctor *d)
{
	json_decref(d->status);
	d->status = NULL;
}
