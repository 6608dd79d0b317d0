/* The terminal of `stretchctl watch`: cells onto the screen, keys from it. */
#ifndef STRETCH_STRETCHCTL_WATCH_SCREEN_H
#define STRETCH_STRETCHCTL_WATCH_SCREEN_H

#include <stdbool.h>

#include "stretchctl/watch_view.h"

/* false: this is no terminal that can be drawn on. */
bool watch_screen_open(void);

/* Redraws at the size that the window has now. */
void watch_screen_show(const struct watch_view *view);

/* A key, or 0 when none was pressed. Never waits. */
int watch_screen_key(void);

void watch_screen_close(void);

#endif
