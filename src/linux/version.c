/* Build facts; see version.h. */
#include "linux/version.h"

#include <stdio.h>


#if defined(__aarch64__)
#define ARCHITECTURE "arm64"
#elif defined(__x86_64__)
#define ARCHITECTURE "x86-64"
#else
#define ARCHITECTURE "unknown"
#endif

void version_print(const char *name)
{
	printf("%s %s\ncompiler: %s\narchitecture: %s\n", name,
		STRETCH_VERSION, __VERSION__, ARCHITECTURE);
}
