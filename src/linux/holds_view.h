/* holds.csv as a table that fits a terminal: what a person asks first. */
#ifndef STRETCH_LINUX_HOLDS_VIEW_H
#define STRETCH_LINUX_HOLDS_VIEW_H

#include <stdio.h>

#include "linux/problem.h"

/* Prints folder/holds.csv. 0 or a negative error with problem. */
int holds_view_print(const char *folder, FILE *out, struct problem *problem);

#endif
