/* Lines of the daemon's log; see log.h. */
#include "log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "clock.h"

const struct log_rule log_rules[LOG_KINDS] = {
	[LOG_STEP] = { "step", 6, "" },
	[LOG_SENSOR] = { "sensor", 4, "device" },
	[LOG_STORAGE] = { "storage", 4, "device" },
	[LOG_ASK] = { "ask", 5, "user" },
	[LOG_MISTAKE] = { "mistake", 3, "user" },
	[LOG_SYSTEM] = { "system", 3, "device" },
	[LOG_BUG] = { "bug", 3, "bug" },
};

/* Is out the very stream that the journal reads? */
static bool is_journal(FILE *out, const char *journal_stream)
{
	uintmax_t device, inode;
	struct stat st;
	char *end;

	if (journal_stream == NULL || fstat(fileno(out), &st) != 0)
		return false;
	device = strtoumax(journal_stream, &end, 10);
	if (end == journal_stream || *end != ':')
		return false;
	inode = strtoumax(end + 1, &end, 10);
	return *end == '\0' && st.st_dev == device && st.st_ino == inode;
}

void log_init(struct log *log, FILE *out, const char *program,
	const char *journal_stream)
{
	memset(log, 0, sizeof *log);
	log->out = out;
	log->program = program;
	log->journal = is_journal(out, journal_stream);
	for (int i = 0; i < LOG_KINDS; i++)
		log->kind[i].last_us = log->kind[i].minute_us = INT64_MIN;
}

static bool within(int64_t since_us, int64_t now_us)
{
	return since_us != INT64_MIN && now_us - since_us < LOG_SAME_US;
}

static unsigned long check_of(const char *text)
{
	return crc32(0, (const unsigned char *)text, (unsigned)strlen(text));
}

static bool hold_back(struct log *log, enum log_kind kind, int64_t now_us,
	const char *text)
{
	if (!within(log->kind[kind].minute_us, now_us)) {
		log->kind[kind].minute_us = now_us;
		log->kind[kind].in_minute = 0;
	}
	if (within(log->kind[kind].last_us, now_us) &&
		strlen(text) == log->kind[kind].length &&
		check_of(text) == log->kind[kind].check)
		return true;
	return ++log->kind[kind].in_minute > LOG_BUDGET;
}

static void put(const struct log *log, enum log_kind kind, const char *text, size_t length,
	bool named)
{
	const struct log_rule *rule = &log_rules[kind];

	if (log->journal)
		fprintf(log->out, "<%d>", rule->level);
	else if (named)
		fprintf(log->out, "%s: ", log->program);
	if (log->journal && rule->blame[0] != '\0')
		fprintf(log->out, "[%s] ", rule->blame);
	fprintf(log->out, "%.*s\n", (int)length, text);
}

/* May this be said now? Tells what was held back before it. */
static bool admit(struct log *log, enum log_kind kind, int64_t now_us, const char *text)
{
	char more[64];

	if (hold_back(log, kind, now_us, text)) {
		log->kind[kind].held++;
		log->kind[kind].held_total++;
		return false;
	}
	if (log->kind[kind].held > 0) {
		snprintf(more, sizeof more, "(%u more like these: held back)",
			log->kind[kind].held);
		put(log, kind, more, strlen(more), true);
		log->kind[kind].held = 0;
	}
	log->kind[kind].length = strlen(text);
	log->kind[kind].check = check_of(text);
	log->kind[kind].last_us = now_us;
	log->kind[kind].lines++;
	return true;
}

bool log_line(struct log *log, enum log_kind kind, int64_t now_us, const char *text)
{
	if (!admit(log, kind, now_us, text))
		return false;
	put(log, kind, text, strlen(text), true);
	fflush(log->out);
	return true;
}

bool log_lines(struct log *log, enum log_kind kind, int64_t now_us, const char *text)
{
	size_t length;

	if (!admit(log, kind, now_us, text))
		return false;
	for (; *text != '\0'; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		put(log, kind, text, length, false);
	}
	fflush(log->out);
	return true;
}

void log_counts(const struct log *log, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < LOG_KINDS && used < size; i++) {
		int length = 0;

		if (log->kind[i].lines == 0)
			continue;
		length = snprintf(text + used, size - used, "%s%s %" PRIu64,
			used > 0 ? ", " : "", log_rules[i].name, log->kind[i].lines);
		used += length > 0 ? (size_t)length : 0;
		if (log->kind[i].held_total == 0 || used >= size)
			continue;
		length = snprintf(text + used, size - used, " (%" PRIu64 " held back)",
			log->kind[i].held_total);
		used += length > 0 ? (size_t)length : 0;
	}
}

/* ---- the process' own ---- */

static struct log own;

void log_open(const char *program)
{
	log_init(&own, stderr, program, getenv("JOURNAL_STREAM"));
}

void log_say(enum log_kind kind, const char *format, ...)
{
	char text[LOG_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	(void)log_line(&own, kind, clock_monotonic_us(), text);
}

void log_say_counts(char *text, size_t size)
{
	log_counts(&own, text, size);
}

bool log_list_begin(struct log_list *list)
{
	list->text = NULL;
	list->length = 0;
	list->out = open_memstream(&list->text, &list->length);
	if (list->out != NULL)
		return true;
	list->out = stderr;
	return false;
}

void log_list_end(struct log_list *list, enum log_kind kind)
{
	if (list->out == stderr)
		return;
	if (fclose(list->out) == 0 && list->length > 0)
		(void)log_lines(&own, kind, clock_monotonic_us(), list->text);
	list->out = NULL;
}

void log_list_free(struct log_list *list)
{
	free(list->text);
	list->text = NULL;
}
