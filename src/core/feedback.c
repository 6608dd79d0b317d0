/*
 * Feedback table and its two functions; see feedback.h. Hysteresis is only on
 * leaving: `count` stays for led_leave_s before `pause` shows, and `fix` as long after
 * its last reason and for one whole double blink, so that a wearer at the edge of a
 * limit is not flickered at, while both come on at once. No pattern lights up again
 * sooner than half a second later: two flashes a second, for eyes that faster ones
 * could harm.
 */
#include "stretch/feedback.h"

#include <math.h>
#include <string.h>

#define TICK_MS 30

const struct led_pattern led_patterns[LED_ID_COUNT] = {
	[LED_OFF] = { .name = "off", .meaning = "idle" },
	[LED_WAIT] = { .name = "wait", .colour = COLOUR_AMBER, .pulses = 1,
		.on_ms = 150, .off_ms = 350, .period_ms = 2000,
		.meaning = "reference wanted, rest (1 blink), restrap (2), closing (3)" },
	[LED_GO] = { .name = "go", .colour = COLOUR_GREEN, .pulses = 1, .on_ms = 100,
		.period_ms = 2000, .tick = true, .meaning = "ready" },
	[LED_MOVE] = { .name = "move", .colour = COLOUR_AMBER, .pulses = 1,
		.on_ms = 500, .period_ms = 1000,
		.meaning = "entering; in the band but not still; below the band" },
	[LED_COUNT] = { .name = "count", .colour = COLOUR_GREEN,
		.meaning = "the seconds count" },
	[LED_PAUSE] = { .name = "pause", .colour = COLOUR_GREEN, .pulses = 1,
		.on_ms = 100, .period_ms = 500, .inverted = true,
		.meaning = "counting paused" },
	[LED_FIX] = { .name = "fix", .colour = COLOUR_RED, .pulses = 2, .on_ms = 150,
		.off_ms = 350, .period_ms = 1500, .least_ms = 650, .beeps = 1,
		.beep_ms = 200,
		.meaning = "too fast, bounce, past the cap, pelvis or leg moving, "
			   "doubtful data" },
	[LED_DONE] = { .name = "done", .colour = COLOUR_GREEN, .pulses = 3,
		.on_ms = 500, .off_ms = 250, .beeps = 2, .beep_ms = 150,
		.beep_gap_ms = 150,
		.meaning = "hold done (set done: twice)" },
	[LED_SHORT] = { .name = "short", .colour = COLOUR_RED, .pulses = 1,
		.on_ms = 1500, .beeps = 1, .beep_ms = 800,
		.meaning = "short, over, stopped" },
	[LED_FAULT] = { .name = "fault", .colour = COLOUR_RED, .pulses = 1,
		.on_ms = 250, .period_ms = 500,
		.meaning = "sensor or storage trouble" },
};

const char *const led_names[LED_ID_COUNT] = { "off", "wait", "go", "move", "count",
	"pause", "fix", "done", "short", "fault" };

void feedback_init(struct feedback_state *s, int64_t t_us)
{
	memset(s, 0, sizeof *s);
	s->since_us = s->wanted_us = t_us;
	s->blinks = 1;
	s->count_end_us = s->tick_us = INT64_MIN;
}

/* Counting, entering and paused: what is to mend goes before what goes on. */
static enum led_id in_hold_id(struct feedback_state *s, const struct settings *set,
	const struct feedback_input *in, enum led_id plain)
{
	bool fix = in->hold->fix || in->doubtful_data || in->pelvis == PELVIS_MOVING;

	if (plain == LED_COUNT)
		s->count_end_us = INT64_MIN;
	else if (s->id == LED_COUNT && s->count_end_us == INT64_MIN)
		s->count_end_us = in->t_us;
	if (fix)
		return LED_FIX;
	if (plain == LED_PAUSE && s->id == LED_COUNT &&
		(double)(in->t_us - s->count_end_us) < set->led_leave_s * 1e6)
		return LED_COUNT;
	return plain;
}

static enum led_id choose(struct feedback_state *s, const struct settings *set,
	const struct feedback_input *in)
{
	switch (in->hold->phase) {
	case HOLD_IDLE:
	case HOLD_PHASE_COUNT:
		return LED_OFF;
	case HOLD_NEED_REFERENCE:
		return in->hold->fix ? LED_FIX : LED_WAIT;
	case HOLD_REST:
	case HOLD_RESTRAP:
	case HOLD_CLOSING:
		return LED_WAIT;
	case HOLD_READY:
		return LED_GO;
	case HOLD_ENTERING:
		return in_hold_id(s, set, in, LED_MOVE);
	case HOLD_COUNTING:
		return in_hold_id(s, set, in, LED_COUNT);
	case HOLD_PAUSED:
		return in_hold_id(s, set, in, LED_PAUSE);
	case HOLD_DONE:
		return LED_DONE;
	case HOLD_SHORT:
	case HOLD_OVER:
	case HOLD_STOPPED:
		return LED_SHORT;
	case HOLD_FAULT:
		return LED_FAULT;
	}
	return LED_OFF;
}

static void soft_ticks(struct feedback_state *s, const struct feedback_input *in)
{
	bool timed = isfinite(in->prescribed_s);
	double left_s = timed ? in->prescribed_s - in->counted_s : 0.0;
	double marks_s[5] = { in->prescribed_s, in->prescribed_s / 2.0, 3.0, 2.0, 1.0 };

	if (in->hold->phase == HOLD_ENTERING || in->hold->hold_begun)
		s->ticked = s->breaths = 0;
	if (in->hold->phase != HOLD_COUNTING)
		return;
	if (!timed) {
		marks_s[0] = 0.0;
		marks_s[1] = marks_s[2] = marks_s[3] = marks_s[4] = -1.0;
	}
	for (int i = 0; i < 5; i++) {
		if (left_s <= marks_s[i] && (s->ticked & 1 << i) == 0) {
			s->ticked |= 1 << i;
			s->tick_us = in->t_us;
		}
	}
}

/* A tick each breath_s of counted time: breathe out. */
static void breath_ticks(struct feedback_state *s, const struct settings *set,
	const struct feedback_input *in)
{
	if (in->hold->phase != HOLD_COUNTING || !isfinite(set->breath_s) ||
		in->counted_s < (s->breaths + 1) * set->breath_s)
		return;
	s->breaths++;
	s->tick_us = in->t_us;
}

/* `done` is played to its end, also when the leg comes down at once. */
static bool still_done(const struct feedback_state *s, enum led_id id, int64_t t_us)
{
	const struct led_pattern *p = &led_patterns[LED_DONE];
	int64_t length_ms = (int64_t)p->pulses * (p->on_ms + p->off_ms) *
		(s->set_done ? 2 : 1);

	return s->id == LED_DONE && (t_us - s->since_us) / 1000 < length_ms &&
		(id == LED_WAIT || id == LED_GO || id == LED_OFF);
}

/* Lamps of a hold that goes on; what ends it is shown at once. */
/* A hold does, or with wait the learning of the straps: no hold in which there is
 * something to mend leads to wait at once. */
static bool goes_on(enum led_id id)
{
	return id == LED_MOVE || id == LED_COUNT || id == LED_PAUSE || id == LED_WAIT;
}

/* What a wearer at the edge of a limit would see flicker stays for its least time. */
static bool too_brief(const struct feedback_state *s, const struct settings *set,
	enum led_id id, int64_t t_us)
{
	const struct led_pattern *p = &led_patterns[s->id];

	return p->least_ms > 0 && goes_on(id) &&
		((t_us - s->since_us) / 1000 < p->least_ms ||
		(double)(t_us - s->wanted_us) < set->led_leave_s * 1e6);
}

/* Between holds trouble of the storage is shown; in one the hold goes before. */
static enum led_id storage_id(const struct feedback_input *in, enum led_id id)
{
	bool free = id == LED_WAIT || id == LED_GO || id == LED_OFF;

	return in->storage_fault && free ? LED_FAULT : id;
}

enum led_id feedback_step(struct feedback_state *s, const struct settings *set,
	const struct feedback_input *in)
{
	enum led_id id = choose(s, set, in);

	if (id == s->id)
		s->wanted_us = in->t_us;
	if (still_done(s, id, in->t_us))
		id = LED_DONE;
	else if (too_brief(s, set, id, in->t_us))
		id = s->id;
	else
		id = storage_id(in, id);
	soft_ticks(s, in);
	breath_ticks(s, set, in);
	if (in->hold->phase == HOLD_RESTRAP)
		s->blinks = 2;
	else if (in->hold->phase == HOLD_CLOSING)
		s->blinks = 3;
	else
		s->blinks = 1;
	if (in->hold->phase == HOLD_DONE)
		s->set_done = in->set_done;
	if (id != s->id) {
		s->id = id;
		s->since_us = s->wanted_us = in->t_us;
	}
	return id;
}

/* Lit at ms since the pattern began? */
static bool lit(const struct led_pattern *p, int32_t pulses, int64_t ms)
{
	if (p->period_ms > 0)
		ms %= p->period_ms;
	for (int32_t i = 0; i < pulses; i++) {
		int64_t start = (int64_t)i * (p->on_ms + p->off_ms);

		if (ms >= start && ms < start + p->on_ms)
			return !p->inverted;
	}
	return p->inverted;
}

static bool sounds(const struct feedback_state *s, const struct led_pattern *p,
	int64_t t_us, int64_t ms, int32_t repeats)
{
	int32_t each = p->beep_ms + p->beep_gap_ms;

	if (s->id == LED_COUNT)
		return s->tick_us != INT64_MIN && t_us - s->tick_us < TICK_MS * 1000;
	if (p->tick)
		return ms % p->period_ms < TICK_MS;
	if (p->period_ms > 0)
		ms %= p->period_ms;
	for (int32_t i = 0; i < p->beeps * repeats; i++)
		if (ms >= (int64_t)i * each && ms < (int64_t)i * each + p->beep_ms)
			return true;
	return false;
}

struct lamp feedback_lamp(const struct feedback_state *s, int64_t t_us, bool quiet)
{
	const struct led_pattern *p = &led_patterns[s->id];
	int64_t ms = (t_us - s->since_us) / 1000;
	int32_t repeats = s->id == LED_DONE && s->set_done ? 2 : 1;
	int32_t pulses = s->id == LED_WAIT ? s->blinks : p->pulses * repeats;
	bool on = p->colour != COLOUR_NONE && (p->pulses == 0 || lit(p, pulses, ms));

	return (struct lamp){
		.red = on && p->colour == COLOUR_RED,
		.amber = on && p->colour == COLOUR_AMBER,
		.green = on && p->colour == COLOUR_GREEN,
		.buzzer = !quiet && sounds(s, p, t_us, ms, repeats),
	};
}
