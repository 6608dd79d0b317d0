/* The daemon's answer to `status` as lines for people. */
#ifndef STRETCH_STRETCHCTL_STATUS_VIEW_H
#define STRETCH_STRETCHCTL_STATUS_VIEW_H

#include <jansson.h>
#include <stdio.h>

void status_print(const json_t *answer, FILE *out);

#endif
