/* A finished file made small. */
#ifndef STRETCH_LINUX_GZIP_H
#define STRETCH_LINUX_GZIP_H

/*
 * Compresses path to path.gz (which is old or new after a power cut, never half)
 * and removes path. The same content gives the same bytes. Returns 0 or -errno; on
 * error path is still there.
 */
int gzip_file(const char *path);

#endif
