/* A prescription for people: tables, times, and what to read before accepting. */
#ifndef STRETCH_STRETCHCTL_PRESCRIPTION_VIEW_H
#define STRETCH_STRETCHCTL_PRESCRIPTION_VIEW_H

#include <jansson.h>
#include <stdio.h>

#include "linux/accepted.h"
#include "linux/prescription_file.h"

/* Items, programme, times and what is asked. 0 or -errno. */
int prescription_view_print(const struct prescription *p, FILE *out);

/* The same for programs: a new object, or NULL without memory. */
json_t *prescription_view_json(const struct prescription *p);

/* The safety text. */
void prescription_view_safety(FILE *out);

/* "accepted by anna on ..." or why it is not, one line. */
void prescription_view_accepted(int state, const struct accepted *accepted, FILE *out);

#endif
