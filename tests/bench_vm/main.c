/*
 * bench_vm: runs inside the virtual machine of `make bench-vm`.
 */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "bench_vm.h"

/* as UID PROGRAM WORD...: becomes that program, run by that user without groups. */
static int bench_as(int argc, char **argv)
{
	unsigned user = argc > 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;

	if (user == 0 || setgroups(0, NULL) != 0 || setgid(user) != 0 ||
		setuid(user) != 0) {
		perror("bench_vm as");
		return 2;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 3;
}

/* synchronised: the kernel is told that its clock follows NTP, to the millisecond. */
static int bench_synchronised(int argc, char **argv)
{
	struct timex state = { .modes = ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR,
		.maxerror = 1000, .esterror = 1000 };

	(void)argc;
	if (adjtimex(&state) >= 0)
		return 0;
	perror(argv[0]);
	return 3;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = { { "as", bench_as }, { "device", bench_device },
		{ "leds", bench_leds }, { "listen", bench_listen },
		{ "probe", bench_probe },
		{ "set", bench_set }, { "synchronised", bench_synchronised } };

	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "usage: bench_vm as|device|leds|listen|probe|set|synchronised ...\n");
	return 2;
}
