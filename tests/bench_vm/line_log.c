/*
 * The log of line_log.h.
 */
#include "line_log.h"

#include <inttypes.h>
#include <stdio.h>

bool line_log_read(struct line_log *log, const char *path)
{
	FILE *file = fopen(path, "re");
	int on;

	log->count = 0;
	if (file == NULL) {
		perror(path);
		return false;
	}
	while (log->count < LINE_LOG_MAX) {
		struct line_change *c = &log->change[log->count];

		if (fscanf(file, "%" SCNd64 " %d %d", &c->t_us, &c->line, &on) != 3)
			break;
		c->on = on != 0;
		log->count++;
	}
	fclose(file);
	if (log->count == LINE_LOG_MAX)
		fprintf(stderr, "%s: more than %d changes\n", path, LINE_LOG_MAX);
	return log->count < LINE_LOG_MAX;
}

bool line_log_lit(const struct line_log *log, int line, int64_t t_us)
{
	bool lit = false;

	for (size_t i = 0; i < log->count && log->change[i].t_us <= t_us; i++)
		if (log->change[i].line == line)
			lit = log->change[i].on;
	return lit;
}

int64_t line_log_rise(const struct line_log *log, int line, int64_t from_us, int n)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->change[i].line == line && log->change[i].on &&
			log->change[i].t_us >= from_us && n-- == 0)
			return log->change[i].t_us;
	return INT64_MAX;
}
