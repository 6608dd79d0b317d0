/* The shape of lines; see config_lines.h. */
#include "config_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void mistake(const struct config_lines *lines, const char *wrong,
	const char *advice)
{
	config_mistakes_add(lines->mistakes, lines->name, lines->line, NULL, wrong,
		advice);
}

void config_cut_comment(char *text)
{
	size_t length = strcspn(text, "#");

	while (length > 0 && strchr(CONFIG_BLANKS, text[length - 1]) != NULL)
		length--;
	text[length] = '\0';
}

/* The name of a section in a copy behind the line, cut after length bytes. */
static char *copy_part(struct config_lines *lines, const char *part, size_t length)
{
	char *copy = lines->buffer + CONFIG_LINE_MAX + 1;

	memcpy(copy, part, length);
	copy[length] = '\0';
	return copy;
}

/* WORD TITLE and perhaps {; true when the brace is there. */
static bool read_title(struct config_lines *lines, char *text)
{
	size_t length;
	char *rest;

	if (text[0] == '"') {
		text++;
		length = strcspn(text, "\"");
		rest = text + length + (text[length] == '"');
	} else {
		length = strcspn(text, "{}=#\"");
		rest = text + length;
		while (length > 0 && strchr(CONFIG_BLANKS, text[length - 1]) != NULL)
			length--;
	}
	rest += strspn(rest, CONFIG_BLANKS);
	lines->title = copy_part(lines, text, length);
	lines->value = rest;
	return rest[0] == '{';
}

static void check_after_brace(const struct config_lines *lines, const char *rest)
{
	rest += strspn(rest, CONFIG_BLANKS);
	if (rest[0] != '\0' && rest[0] != '#')
		mistake(lines, "there is something after the brace",
			"write it on a line of its own");
}

static enum config_line read_key(struct config_lines *lines, char *text)
{
	size_t length = strcspn(text, CONFIG_BLANKS "=#\"");
	char *equals = text + length + strspn(text + length, CONFIG_BLANKS);

	lines->word = text;
	lines->value = NULL;
	if (equals[0] == '=') {
		lines->value = equals + 1;
		lines->value += strspn(lines->value, CONFIG_BLANKS);
	}
	text[length] = '\0';
	return CONFIG_LINE_KEY;
}

/* One line without blanks before it. */
static enum config_line read_line(struct config_lines *lines, char *text)
{
	size_t word = strcspn(text, CONFIG_BLANKS "{}=#\"");
	char *rest = text + word + strspn(text + word, CONFIG_BLANKS);
	bool open = word > 0 && rest[0] == '{';

	if (text[0] == '\0' || text[0] == '#')
		return CONFIG_LINE_NONE;
	if (text[0] == '}') {
		check_after_brace(lines, text + 1);
		return CONFIG_LINE_CLOSE;
	}
	if (!open && lines->titles && word > 0 && strchr("=}#", rest[0]) == NULL) {
		open = read_title(lines, rest);
		rest = lines->value;
	}
	if (!open)
		return read_key(lines, text);
	check_after_brace(lines, rest + 1);
	text[word] = '\0';
	lines->word = text;
	return CONFIG_LINE_OPEN;
}

static enum config_line read_raw_line(struct config_lines *lines, const char *raw,
	size_t length)
{
	char wrong[64];

	if (length > 0 && raw[length - 1] == '\r')
		length--;
	if (length > CONFIG_LINE_MAX) {
		snprintf(wrong, sizeof(wrong), "the line is longer than %d characters",
			CONFIG_LINE_MAX);
		mistake(lines, wrong, "write a shorter line");
		return CONFIG_LINE_NONE;
	}
	for (size_t i = 0; i < length; i++) {
		if (((unsigned char)raw[i] < ' ' && raw[i] != '\t') || raw[i] == 0x7f) {
			mistake(lines, "a control character",
				"take it out; is this a text file?");
			return CONFIG_LINE_NONE;
		}
	}
	while (length > 0 && strchr(CONFIG_BLANKS, raw[0]) != NULL) {
		raw++;
		length--;
	}
	memcpy(lines->buffer, raw, length);
	lines->buffer[length] = '\0';
	lines->title = lines->buffer + CONFIG_LINE_MAX;
	lines->title[0] = '\0';
	return read_line(lines, lines->buffer);
}

enum config_line config_lines_next(struct config_lines *lines)
{
	const char *text = lines->text;
	const char *end;
	size_t at, n;

	if (lines->at == 0 && lines->length >= 3 &&
		memcmp(text, "\xef\xbb\xbf", 3) == 0)
		lines->at = 3; /* a byte order mark of some editors */
	at = lines->at;
	if (at >= lines->length)
		return CONFIG_LINE_END;
	end = memchr(text + at, '\n', lines->length - at);
	n = end ? (size_t)(end - text) - at : lines->length - at;
	lines->line++;
	lines->at = at + n + 1;
	return read_raw_line(lines, text + at, n);
}

int config_read_file(const char *path, char **text, size_t *length)
{
	FILE *file = fopen(path, "re");
	int error = 0;

	if (file == NULL)
		return -errno;
	*text = malloc(CONFIG_FILE_MAX + 1);
	if (*text == NULL) {
		error = -ENOMEM;
	} else {
		errno = 0;
		*length = fread(*text, 1, CONFIG_FILE_MAX + 1, file);
		if (ferror(file))
			error = errno ? -errno : -EIO;
	}
	if (error != 0) {
		free(*text);
		*text = NULL;
	}
	fclose(file);
	return error;
}
