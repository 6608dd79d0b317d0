/* What this build is. */
#ifndef STRETCH_LINUX_VERSION_H
#define STRETCH_LINUX_VERSION_H

#define STRETCH_VERSION "0.1.0"

/* "NAME 0.1.0", compiler, architecture, libraries, protocol, one line each. */
void version_print(const char *name);

#endif
