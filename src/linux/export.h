/*
 * A clinician's folder: sessions.csv, holds.csv and datapackage.json of a history.
 */
#ifndef STRETCH_LINUX_EXPORT_H
#define STRETCH_LINUX_EXPORT_H

#include "export_csv.h"
#include "history.h"

#define EXPORT_PROGRAM "stretchctl export"

/*
 * Makes folder, or takes it when it is empty or an export before. 0; -EINVAL when it
 * holds something else; another -errno.
 */
int export_folder(const char *folder, struct problem *problem);

/* Writes the three files, each as a whole. 0 or -errno. */
int export_write(const struct history *history, const char *folder,
	const struct export_dialect *dialect, struct problem *problem);

#endif
