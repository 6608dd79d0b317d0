/* Reading to the end; see recording_all.h. */
#include "recording_all.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

int recording_all(const char *path, const struct recording_options *options,
	struct recording_stats *stats, struct problem *problem)
{
	struct recording *rec;
	struct sample sample;
	struct truth truth;
	int got = recording_open(&rec, path, options, problem);

	memset(stats, 0, sizeof *stats);
	if (got < 0) {
		assert_null(rec);
		return got;
	}
	while ((got = recording_next(rec, &sample, &truth, problem)) > 0)
		;
	*stats = recording_stats(rec);
	if (got < 0) { /* the error stays */
		struct problem again;

		assert_int_equal(recording_next(rec, &sample, &truth, &again), got);
		assert_string_equal(again.text, problem->text);
	} else {
		assert_int_equal(recording_next(rec, &sample, &truth, problem), 0);
	}
	recording_close(rec);
	return got;
}
