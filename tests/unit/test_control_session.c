/*
 * A minute of a session on the virtual clock with ten clients of the control socket,
 * three of them stalled and one that sends random bytes: the wearer's lamp changes at the
 * very moments that it has without them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/control_rig.h"
#include "../support/live_rig.h"
#include "../support/programs.h"
#include "../support/temp_files.h"
#include "linux/control.h"
#include "linux/control_samples.h"
#include "linux/live_row.h"

#define MINUTE_S 60.0
#define CLIENTS 10
#define STALLED 3 /* the first ones: watch and raw, and never read */
#define NOISY 3   /* sends random bytes; those behind it read all they get */

static struct control *const control = &control_rig.control;
static struct live_rig rig;
static int fds[CLIENTS];
static struct random noise;
static bool connected;

static struct {
	int64_t at_us[LIVE_LAGS]; /* LED changes on the virtual clock */
	int led[LIVE_LAGS], changes;
	uint64_t samples, bytes_of_noise, rounds;
	int rows_heard[CLIENTS], changes_heard[CLIENTS], samples_heard[CLIENTS];
	int stops;
	bool asked;
} seen[2], *now;

static void talk(struct live_rig *r, double t_s)
{
	(void)r;
	(void)t_s;
	if (!connected)
		return;
	for (int i = 0; i < 8; i++) {
		char bytes[200];

		for (size_t k = 0; k < sizeof bytes; k++)
			bytes[k] = (char)(random_u64(&noise) & 0xff);
		if (send(fds[NOISY], bytes, sizeof bytes, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
			now->bytes_of_noise += sizeof bytes;
	}
	(void)control_rig_heard(fds[NOISY]);
}

/* Counts the lines by class; a row whose LED differs from the one before is a change. */
static void listen_to(int i)
{
	static char led[CLIENTS][16];
	const char *at = control_rig_heard(fds[i]);

	for (; *at != '\0'; at = strchr(at, '\n') + 1) {
		const char *word = strstr(at, "\"led\":\"");

		assert_non_null(strchr(at, '\n')); /* whole lines only */
		if (strncmp(at, "{\"class\":\"sample\"", 17) == 0)
			now->samples_heard[i]++;
		if (strncmp(at, "{\"class\":\"row\"", 14) != 0)
			continue;
		now->rows_heard[i]++;
		assert_non_null(word);
		if (strncmp(word + 7, led[i], strcspn(word + 7, "\"") + 1) == 0)
			continue;
		snprintf(led[i], sizeof led[i], "%.*s", (int)strcspn(word + 7, "\"") + 1,
			word + 7);
		now->changes_heard[i]++;
	}
}

/* As the daemon does: the row at 10 Hz and at every change, each sample. */
static void publish(struct live_rig *r, const struct sample *sample)
{
	static int64_t told_us;
	static int led;
	char text[ROW_TEXT_MAX];
	struct live_row row;
	struct raw_row raw;
	const struct row_part parts[] = { { raw_table(RAW_EVENT | RAW_TEMP), &raw } };
	size_t length;

	if (now->samples++ == 0)
		told_us = 0, led = -1;
	if (r->run.out.judged.led != led && now->changes < LIVE_LAGS) {
		now->at_us[now->changes] = r->bus.now_us;
		now->led[now->changes++] = r->run.out.judged.led;
	}
	if (r->run.out.judged.led != led || r->bus.now_us - told_us >= 100000) {
		live_fill(&row, &r->run);
		assert_true(!(fabs(row.counted_s - r->run.out.counted_s) > 0.0));
		assert_int_equal(row.green, r->run.out.lamp.green);
		assert_string_equal(row.advice, session_advice(&r->run.state));
		length = live_json(&row, text, sizeof text);
		assert_true(length > 0);
		control_stream(control, CONTROL_ROWS, text, length);
		told_us = r->bus.now_us;
	}
	led = r->run.out.judged.led;
	raw_row_fill(&raw, sample, NULL);
	length = row_json(text, sizeof text, "sample", parts, 1);
	assert_true(length > 0);
	control_stream(control, CONTROL_SAMPLES, text, length);
}

static bool go_on(void *context, int64_t now_us)
{
	(void)context;
	control_round(control, now_us);
	now->rounds++;
	for (int i = NOISY + 1; i < CLIENTS && connected; i++)
		listen_to(i);
	return true;
}

static void stop_by_name(void *context, struct control *c, struct control_client *from,
	const struct control_request *request)
{
	struct event event = { .kind = EVENT_STOP };

	control_rig_request(context, c, from, request);
	snprintf(event.word[0], sizeof event.word[0], "%s", request->reason);
	if (request->command == CONTROL_STOP) {
		loop_event(&rig.loop, &event);
		now->stops++;
	}
}

/* In the third hold, ten seconds after it settled, client 4 says stop. */
static void watch(struct live_rig *r, const struct sample *sample)
{
	double t_s = live_time_s(r, r->bus.now_us);

	publish(r, sample);
	if (now->asked || t_s < r->wearer.plan.holds[2].settled_s + 10.0)
		return;
	now->asked = true;
	control_rig_say(fds[4], "{\"cmd\":\"stop\",\"reason\":\"fatigue\"}\n");
}

static void run_session(int which, bool clients, const char *folder)
{
	now = &seen[which];
	memset(now, 0, sizeof *now);
	connected = clients;
	random_seed(&noise, 11, 0);
	live_init(&rig, 1, 21);
	rig.world = talk;
	rig.watch = clients ? watch : publish;
	live_begin(&rig, temp_path(folder));
	control->request = stop_by_name;
	rig.loop.round = go_on;
	assert_true(loop_watch(&rig.loop, control_fd(control), control_serve, control));
	for (int i = 0; i < CLIENTS && clients; i++) {
		fds[i] = control_rig_client();
		if (i == NOISY)
			continue;
		control_rig_say(fds[i], "{\"cmd\":\"watch\"}\n");
		if (i < STALLED || i % 2 == 0)
			control_rig_say(fds[i], "{\"cmd\":\"raw\"}\n");
	}
	(void)live_loop(&rig);
	(void)go_on(NULL, rig.bus.now_us);
	live_end(&rig);
	for (int i = 0; i < CLIENTS && clients; i++)
		close(fds[i]);
}

static void same_replay(void)
{
	char folder[PATH_MAX], again[PATH_MAX], path[2][PATH_MAX + 16];
	const char *words[] = { "stretchctl", "replay", folder, "--output", again, NULL };
	static const char *const names[] = { "samples.csv", "holds.csv" };

	snprintf(folder, sizeof folder, "%s",
		rig.run.files[rig.run.at].store.target);
	snprintf(again, sizeof again, "%s", temp_path("again"));
	assert_int_equal(program_run(words).status, 0);
	for (int n = 0; n < 2; n++) {
		size_t size[2];
		char *text[2];

		snprintf(path[0], sizeof path[0], "%s/%s", folder, names[n]);
		snprintf(path[1], sizeof path[1], "%s/%s", again, names[n]);
		for (int i = 0; i < 2; i++)
			text[i] = temp_read(path[i], &size[i]);
		assert_int_equal(size[0], size[1]);
		assert_memory_equal(text[0], text[1], size[0]);
		free(text[0]);
		free(text[1]);
	}
}

static void ten_clients(void **state)
{
	int same = 0;

	(void)state;
	run_session(0, false, "alone");
	run_session(1, true, "watched");
	printf("# ten clients, three stalled, %.1f min on the virtual clock: %llu samples, "
		"%d LED changes; alone: %llu and %d; %llu kB of noise, %llu lines refused\n",
		live_time_s(&rig, rig.bus.now_us) / 60.0, (unsigned long long)now->samples,
		now->changes, (unsigned long long)seen[0].samples, seen[0].changes,
		(unsigned long long)now->bytes_of_noise / 1000,
		(unsigned long long)control->counters.mistakes);
	assert_true(live_time_s(&rig, rig.bus.now_us) > MINUTE_S);
	assert_int_equal(rig.absent[SITE_THIGH], 0);
	assert_int_equal(rig.run.state.health[HEALTH_GAPS], 0);
	assert_int_equal(rig.loop.events_lost, 0);
	/* the stalled ones are gone, nobody else */
	assert_int_equal(control->counters.slow, STALLED);
	assert_true(now->bytes_of_noise > 60 * CONTROL_READ_PER_S / 2);
	/* Until the stop, every LED change at the very moment it has without clients. */
	while (same < now->changes && same < seen[0].changes &&
		now->at_us[same] == seen[0].at_us[same] &&
		now->led[same] == seen[0].led[same])
		same++;
	printf("# %d LED changes up to the stop, each at the very same moment\n", same);
	assert_true(same >= 12);
	assert_int_equal(now->led[same], LED_SHORT); /* stopped */
	assert_int_equal(now->stops, 1);
	assert_int_equal(rig.hold[2].result, RESULT_STOPPED);
	assert_int_equal(rig.hold[2].reason, REASON_FATIGUE);
	assert_true(fabs(rig.hold[2].hold_s - 10.0) < 4.0);
	/* from the request to the lamp: the next drain, as with the button */
	assert_true(live_lag_ms(&rig, 0.99) <= 150.0);
	for (int i = NOISY + 1; i < CLIENTS; i++) {
		assert_int_equal(now->changes_heard[i], now->changes);
		assert_true(now->rows_heard[i] <= (int)(10.1 * (double)(rig.bus.now_us -
			rig.begun_us) * 1e-6) + now->changes);
		assert_int_equal(now->samples_heard[i], i % 2 == 0 ? now->samples : 0);
	}
	same_replay();
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown( \
		function, control_rig_set_up, control_rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ten_clients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
