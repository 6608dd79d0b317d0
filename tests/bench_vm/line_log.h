/* What the virtual adapter saw of its output lines: "TIME_US LINE LEVEL" a row. */
#ifndef STRETCH_TESTS_BENCH_VM_LINE_LOG_H
#define STRETCH_TESTS_BENCH_VM_LINE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_LOG_MAX 8192

enum { LINE_RED, LINE_AMBER, LINE_GREEN, LINE_BUZZER, LINE_COUNT };

struct line_change {
	int64_t t_us;
	int line;
	bool on;
};

struct line_log {
	struct line_change change[LINE_LOG_MAX];
	size_t count;
};

/* False, with words on standard error, when it cannot be read. */
bool line_log_read(struct line_log *log, const char *path);

bool line_log_lit(const struct line_log *log, int line, int64_t t_us);

/* When that line was lit for the n-th time (from 0) after from_us; INT64_MAX: never. */
int64_t line_log_rise(const struct line_log *log, int line, int64_t from_us, int n);

#endif
