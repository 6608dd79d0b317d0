/*
 * Holds that are over, told to who watches once their row is on the disk, and not
 * before: what was told is not lost by a power cut. The lamp does not wait for it.
 */
#include <string.h>

#include "linux/row_json.h"
#include "stretch/rows.h"
#include "stretchd/daemon.h"

static void tell(struct daemon *d, const struct hold_row *row)
{
	const struct row_part part = { &hold_table, row };
	char text[ROW_TEXT_MAX];

	if (control_wanted(&d->control, CONTROL_ROWS))
		control_stream(&d->control, CONTROL_ROWS, text,
			row_json(text, sizeof text, "hold", &part, 1));
}

static void drop_first(struct talk_holds *t)
{
	t->count--;
	memmove(t->waiting, t->waiting + 1, (size_t)t->count * sizeof t->waiting[0]);
}

/* A disk that stalls over more holds than these has the oldest go untold. */
static void remember(struct talk_holds *t, const struct run *run)
{
	if (t->count == TALK_HOLDS)
		drop_first(t);
	t->waiting[t->count++] = (struct talk_hold){ .row = run->out.hold,
		.nth = (uint32_t)run->totals.attempts, .files = run->at };
}

void talk_holds_begun(struct daemon *d)
{
	struct talk_holds *t = &d->talk.holds;
	int kept = 0;

	/* the same files earlier: closed since, what failed then is never told */
	for (int i = 0; i < t->count; i++)
		if (t->waiting[i].files != d->run.at)
			t->waiting[kept++] = t->waiting[i];
	t->count = kept;
	t->seen = t->attempts = t->done = 0;
}

void talk_holds_tell(struct daemon *d)
{
	struct talk_holds *t = &d->talk.holds;

	if (d->run.totals.attempts > t->seen) {
		t->seen = d->run.totals.attempts;
		remember(t, &d->run);
	}
	while (t->count > 0) {
		struct talk_hold *first = &t->waiting[0];

		if (atomic_load(&d->run.files[first->files].writer.holds_safe) < first->nth)
			return;
		if (first->files == d->run.at) {
			t->attempts++;
			t->done += first->row.result == RESULT_DONE;
		}
		tell(d, &first->row);
		drop_first(t);
	}
}
