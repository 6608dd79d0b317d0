/* Build facts; see version.h. */
#include "linux/version.h"

#include <jansson.h>
#include <stdio.h>
#include <zlib.h>

#include "linux/control_request.h"
#include "linux/lines.h"

#if defined(__aarch64__)
#define ARCHITECTURE "arm64"
#elif defined(__x86_64__)
#define ARCHITECTURE "x86-64"
#else
#define ARCHITECTURE "unknown"
#endif

void version_print(const char *name)
{
	printf("%s %s\ncompiler: %s\narchitecture: %s\nlibgpiod: %s\njansson: %s\n"
	       "zlib: %s\ncontrol protocol: %d\n", name, STRETCH_VERSION, __VERSION__,
		ARCHITECTURE, lines_library(), JANSSON_VERSION, zlibVersion(),
		CONTROL_PROTOCOL);
}
