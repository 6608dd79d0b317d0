/* The bench's one program: the device, and the judges of what it saw. */
#ifndef STRETCH_TESTS_BENCH_VM_H
#define STRETCH_TESTS_BENCH_VM_H

/* Each gets its own name as argv[0] and returns the exit status. */
int bench_device(int argc, char **argv);
int bench_leds(int argc, char **argv);
int bench_listen(int argc, char **argv);
int bench_probe(int argc, char **argv);
int bench_set(int argc, char **argv);

#endif
