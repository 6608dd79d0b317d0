/* Words to the service manager; see notify.h. */
#include "notify.h"

#include <stdio.h>
#include <string.h>

#if STRETCH_SYSTEMD
#include <systemd/sd-daemon.h>

/* Who does not listen is no reason to stop. */
static void tell(const char *words)
{
	(void)sd_notify(0, words);
}

static int64_t watchdog_us(void)
{
	uint64_t time_us = 0;

	return sd_watchdog_enabled(0, &time_us) > 0 && time_us < INT64_MAX
		? (int64_t)time_us : 0;
}
#else
static void tell(const char *words)
{
	(void)words;
}

static int64_t watchdog_us(void)
{
	return 0;
}
#endif

void notify_init(struct notify *notify)
{
	memset(notify, 0, sizeof *notify);
	notify->every_us = watchdog_us() / 2;
}

void notify_status(struct notify *notify, const char *text)
{
	char words[NOTIFY_TEXT_MAX + sizeof "STATUS="];

	if (strncmp(notify->status, text, sizeof notify->status - 1) == 0)
		return;
	snprintf(notify->status, sizeof notify->status, "%s", text);
	snprintf(words, sizeof words, "STATUS=%s", notify->status);
	/* a line break would begin another word of the protocol */
	for (char *c = words; *c != '\0'; c++)
		if (*c == '\n')
			*c = ' ';
	tell(words);
}

bool notify_round(struct notify *notify, int64_t now_us)
{
	if (!notify->ready) {
		notify->ready = true;
		notify->alive_us = now_us;
		tell("READY=1");
		return true;
	}
	if (notify->every_us == 0 || now_us - notify->alive_us < notify->every_us)
		return false;
	notify->alive_us = now_us;
	tell("WATCHDOG=1");
	return true;
}

void notify_stopping(struct notify *notify)
{
	(void)notify;
	tell("STOPPING=1");
}
