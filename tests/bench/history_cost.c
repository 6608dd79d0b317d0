/*
 * Export and report of a long history: how long, and how much memory at most.
 *
 *   history_cost make STATE_DIR DAYS PER_DAY HOLDS [one-side] [two-sensors] [spotless]
 *   history_cost measure NAME PROGRAM [ARGUMENT...]
 *
 * make writes sessions and says how many; measure runs a program and prints its wall
 * time and its highest resident memory as rows for scripts/bench.sh. history_cost.sh
 * puts the two together.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../support/made_history.h"

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int measure(const char *name, char **words)
{
	double begin = now_s();
	struct rusage usage;
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		execvp(words[0], words);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
		return 1;
	printf("%s|%.2f|s\n", name, now_s() - begin);
	printf("%s, memory|%.1f|MiB\n", name, (double)usage.ru_maxrss / 1024.0);
	return 0;
}

static bool has(int argc, char **argv, const char *word)
{
	for (int i = 6; i < argc; i++)
		if (strcmp(argv[i], word) == 0)
			return true;
	return false;
}

static void make(int argc, char **argv)
{
	struct made_plan plan = { .wearer = "anna-1",
		.first_day = day_parse("2025-10-06"), .gain_deg = 4.0 };

	plan.days = (int32_t)strtol(argv[3], NULL, 10);
	plan.per_day = (int32_t)strtol(argv[4], NULL, 10);
	plan.holds = (int32_t)strtol(argv[5], NULL, 10);
	plan.one_side = has(argc, argv, "one-side");
	plan.two_sensors = has(argc, argv, "two-sensors");
	plan.spotless = has(argc, argv, "spotless");
	printf("%u\n", made_history(&plan, argv[2]));
}

int main(int argc, char **argv)
{
	if (argc >= 4 && strcmp(argv[1], "measure") == 0)
		return measure(argv[2], argv + 3);
	if (argc >= 6 && strcmp(argv[1], "make") == 0) {
		make(argc, argv);
		return 0;
	}
	fprintf(stderr,
		"usage: history_cost make STATE_DIR DAYS PER_DAY HOLDS [WORD...]\n"
		"       history_cost measure NAME PROGRAM [ARGUMENT...]\n");
	return 2;
}
