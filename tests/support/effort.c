/* How much a test does; see effort.h. */
#include "effort.h"

#include <stdlib.h>
#include <string.h>

bool effort_in_soak(void)
{
	const char *soak = getenv("STRETCH_SOAK");

	return soak != NULL && strcmp(soak, "1") == 0;
}

int effort_times(int usual, int in_soak, int few)
{
	if (effort_in_soak())
		return in_soak;
	return EFFORT_FEW ? few : usual;
}
