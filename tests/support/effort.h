/*
 * How much a test of random or listed cases does: the usual, more in a soak
 * (STRETCH_SOAK=1), less where the address sanitizer looks at every access, or lines are
 * counted (EFFORT_FEW). These are ten times as slow, and look for what one case of a kind
 * shows as well as a hundred; figures of many are the plain build's business.
 */
#ifndef STRETCH_SUPPORT_EFFORT_H
#define STRETCH_SUPPORT_EFFORT_H

#include <stdbool.h>

#ifndef EFFORT_FEW
#if defined(__SANITIZE_ADDRESS__)
#define EFFORT_FEW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EFFORT_FEW 1
#endif
#endif
#endif
#ifndef EFFORT_FEW
#define EFFORT_FEW 0
#endif

bool effort_in_soak(void);

/* One of the three; a soak counts before the others. */
int effort_times(int usual, int in_soak, int few);

#endif
