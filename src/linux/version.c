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

#if STRETCH_SYSTEMD
#define SERVICE_MANAGER "told, by libsystemd"
#else
#define SERVICE_MANAGER "not told (built without libsystemd)"
#endif

void version_print(const char *name)
{
	printf("%s %s\ncompiler: %s\narchitecture: %s\nlibgpiod: %s\njansson: %s\n"
	       "zlib: %s\nservice manager: %s\ncontrol protocol: %d\n", name,
		STRETCH_VERSION, __VERSION__, ARCHITECTURE, lines_library(),
		JANSSON_VERSION, zlibVersion(), SERVICE_MANAGER, CONTROL_PROTOCOL);
}
