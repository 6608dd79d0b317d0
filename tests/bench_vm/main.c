/*
 * bench_vm: runs inside the virtual machine of `make bench-vm`.
 */
#include <stdio.h>
#include <string.h>

#include "bench_vm.h"

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = { { "device", bench_device }, { "leds", bench_leds },
		{ "set", bench_set } };

	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "usage: bench_vm device|leds|set ...\n");
	return 2;
}
