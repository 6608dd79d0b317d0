/*
 * Does the machine below the bench stand still now and then? A thread on each
 * processor sleeps for 10 ms again and again and notes how late it woke. Under
 * software emulation a busy host shows itself here first.
 */
#ifndef STRETCH_TESTS_BENCH_VM_PULSE_H
#define STRETCH_TESTS_BENCH_VM_PULSE_H

#include <stdbool.h>
#include <stdint.h>

bool pulse_start(void);
void pulse_forget(void);

/* The longest lateness since pulse_forget. */
int64_t pulse_longest_ms(void);

#endif
