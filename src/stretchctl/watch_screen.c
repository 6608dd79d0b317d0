/* ncurses behind the cells; see watch_screen.h. */
#include "stretchctl/watch_screen.h"

#include <curses.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static SCREEN *screen;
static bool colours;

/* A dumb terminal cannot: the screen would be one line, written over and over. */
static bool moves_cursor(void)
{
	char name[] = "cup";
	const char *how = tigetstr(name);

	return how != NULL && how != (char *)-1;
}

bool watch_screen_open(void)
{
	const char *no_colour = getenv("NO_COLOR");

	(void)setlocale(LC_CTYPE, "");
	screen = newterm(NULL, stdout, stdin);
	if (screen == NULL)
		return false;
	(void)set_term(screen);
	if (!moves_cursor()) {
		watch_screen_close();
		return false;
	}
	(void)cbreak();
	(void)noecho();
	(void)nodelay(stdscr, TRUE);
	(void)keypad(stdscr, TRUE);
	(void)curs_set(0);
	colours = has_colors() && (no_colour == NULL || no_colour[0] == '\0');
	if (colours) {
		static const short of[] = { 0, COLOR_RED, COLOR_YELLOW, COLOR_GREEN };

		(void)start_color();
		(void)use_default_colors();
		for (short i = 1; i <= 3; i++)
			(void)init_pair(i, of[i], -1);
	}
	return true;
}

static chtype dressed(const struct watch_cell *cell)
{
	chtype c = (unsigned char)cell->glyph;

	if (colours && (cell->style & WATCH_COLOUR) != 0)
		c |= COLOR_PAIR(cell->style & WATCH_COLOUR);
	if ((cell->style & WATCH_BOLD) != 0)
		c |= A_BOLD;
	if ((cell->style & WATCH_REVERSE) != 0)
		c |= A_REVERSE;
	if ((cell->style & WATCH_DIM) != 0)
		c |= A_DIM;
	return c;
}

/* The window's size is asked for each time: so a change needs no signal. */
static void follow_size(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 ||
		size.ws_col == 0)
		return;
	if (is_term_resized(size.ws_row, size.ws_col)) {
		(void)resizeterm(size.ws_row, size.ws_col);
		(void)clear();
	}
}

void watch_screen_show(const struct watch_view *view)
{
	static struct watch_cells cells; /* large */

	follow_size();
	watch_draw(view, COLS, LINES, &cells);
	for (int row = 0; row < cells.rows; row++)
		for (int column = 0; column < cells.columns; column++)
			(void)mvaddch(row, column, dressed(&cells.cell[row][column]));
	(void)refresh();
}

int watch_screen_key(void)
{
	int key = getch();

	return key == ERR ? 0 : key;
}

void watch_screen_close(void)
{
	if (screen == NULL)
		return;
	(void)endwin();
	delscreen(screen);
	screen = NULL;
}
