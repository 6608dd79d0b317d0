/*
 * datapackage.json: a folder's CSV files described from their column tables.
 *
 * Frictionless Data (specs.frictionlessdata.io, Tabular Data Package 1.0). Units
 * are UCUM in the custom property "unit"; a column of flags lists its words in
 * "flags".
 */
#ifndef STRETCH_LINUX_PACKAGE_H
#define STRETCH_LINUX_PACKAGE_H

#include <jansson.h>
#include <stdbool.h>

#include "stretch/column.h"

/*
 * A new description without files. program is who wrote the folder. NULL: no
 * memory. The name is lowered to what the standard allows.
 */
json_t *package_new(const char *name, const char *program);

/* Adds a table's file, compressed or not; 0 or -ENOMEM. */
int package_add(json_t *package, const struct column_table *table, bool compressed);

#endif
