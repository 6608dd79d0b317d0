/* Letters, words and digits of blocks in cells; see watch_cells.h. */
#include "stretchctl/watch_cells.h"

#include <string.h>

void watch_put(struct watch_cells *s, int row, int column, const char *text, int style)
{
	if (row < 0 || row >= s->rows)
		return;
	for (; *text != '\0' && column < s->columns; text++, column++)
		if (column >= 0)
			s->cell[row][column] = (struct watch_cell){
				*text >= ' ' && *text <= '~' ? *text : '?',
				(unsigned char)style };
}

void watch_fill(struct watch_cells *s, int row, int from, int to, char glyph, int style)
{
	char text[2] = { glyph, '\0' };

	for (int column = from; column < to; column++)
		watch_put(s, row, column, text, style);
}

int watch_words(struct watch_cells *s, int row, int end, const char *text, int style)
{
	char line[WATCH_COLUMNS + 1];
	int used = 0;

	for (; *text != '\0'; used++) {
		size_t length = strlen(text), room = (size_t)s->columns;

		if (length > room) {
			length = room;
			while (length > 0 && text[length] != ' ')
				length--;
			length = length > 0 ? length : room;
		}
		memcpy(line, text, length);
		line[length] = '\0';
		if (row + used < end)
			watch_put(s, row + used, 0, line, style);
		text += length;
		while (*text == ' ')
			text++;
	}
	return used;
}

/* ---- digits ---- */

/* Rows from the top, three bits each, the left one highest. */
static const unsigned char *digit_bits(char glyph)
{
	static const unsigned char digits[10][WATCH_DIGIT_ROWS] = {
		{ 7, 5, 5, 5, 7 }, { 2, 6, 2, 2, 7 }, { 7, 1, 7, 4, 7 }, { 7, 1, 7, 1, 7 },
		{ 5, 5, 7, 1, 1 }, { 7, 4, 7, 1, 7 }, { 7, 4, 7, 5, 7 }, { 7, 1, 1, 1, 1 },
		{ 7, 5, 7, 5, 7 }, { 7, 5, 7, 1, 7 },
	};
	static const unsigned char minus[WATCH_DIGIT_ROWS] = { 0, 0, 7, 0, 0 };

	return glyph == '-' ? minus : digits[glyph - '0'];
}

int watch_digits_width(const char *text, int scale)
{
	int width = 0;

	for (; *text != '\0'; text++)
		width += (*text == '.' ? 2 : 4) * 2 * scale;
	return width;
}

static void put_block(struct watch_cells *s, int row, int column, int scale, int style)
{
	for (int i = 0; i < scale; i++)
		watch_fill(s, row + i, column, column + 2 * scale, ' ',
			style | WATCH_REVERSE);
}

void watch_digits(struct watch_cells *s, int row, int column, const char *text,
	int scale, int style)
{
	for (; *text != '\0'; text++) {
		if (*text == '.') {
			put_block(s, row + 4 * scale, column, scale, style);
			column += 4 * scale;
			continue;
		}
		for (int y = 0; y < WATCH_DIGIT_ROWS; y++)
			for (int x = 0; x < 3; x++)
				if ((digit_bits(*text)[y] >> (2 - x) & 1) != 0)
					put_block(s, row + y * scale,
						column + 2 * x * scale, scale, style);
		column += 8 * scale;
	}
}
