/*
 * The settings file and key=value words of the command line.
 *
 * The file is libconfuse's format, one thing a line: `SECTION {`, `key = value`,
 * `}`, comments from # to the end of the line. Sections, keys and ranges are
 * those of stretch/setting.h. A file is taken whole or not at all, and every
 * mistake in it is told at once, one line each:
 *
 *   FILE:LINE: key: what is wrong. what to write instead
 */
#ifndef STRETCH_LINUX_CONFIG_H
#define STRETCH_LINUX_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "config_lines.h"
#include "config_mistakes.h"
#include "problem.h"
#include "stretch/setting.h"

#define CONFIG_KEYS_MAX 192 /* room for every setting; a test counts */

/*
 * Defaults, then the file (path NULL: none), then count words "key=value" or
 * "section.key=value", then what is wrong together. Returns 0; -EBADMSG with
 * mistakes in the content; another -errno when the file cannot be read (that is
 * in mistakes too). *settings is written on success only.
 */
int config_load(struct settings *settings, const char *path,
	const char *const *words, size_t count, struct config_mistakes *mistakes);

/* The service's settings: what the unit names. */
#define CONFIG_SERVICE_FILE "/etc/stretchd/stretchd.conf"

/* The settings file of a tool: the one that was named, else the service's if there is
 * one, else NULL. So the doctor looks at the lamps and sensors that the service has. */
const char *config_choose_file(const char *named, const char *service);

/*
 * For tools that want no more of the service than its places (state_dir, control): what
 * is right in its settings file, defaults where something is not or there is no file.
 * why: the one line to say about a file that is faulty or cannot be read; "": all well.
 */
void config_service_places(struct settings *settings, const char *service,
	struct problem *why);

/*
 * What is right in them, and defaults where something is not: after config_load has
 * told the mistakes, for a check that goes on to the files which the settings name.
 */
void config_load_right(struct settings *settings, const char *path,
	const char *const *words, size_t count);

/* config_load from text in memory; name stands for the file in mistakes. */
int config_load_text(struct settings *settings, const char *name, const char *text,
	size_t length, const char *const *words, size_t count,
	struct config_mistakes *mistakes);

/*
 * The settings as a commented file that reads back to the same values. 0 or
 * -errno of the write.
 */
int config_print(const struct settings *settings, FILE *out);

/* The value as the file writes it, without quotes; "" when blank. */
void config_value(const struct settings *settings, const struct setting *setting,
	char *text, size_t size);

#endif
