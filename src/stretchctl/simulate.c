/*
 * stretchctl simulate: a recording of the simulated wearer, truth included.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "linux/output.h"
#include "linux/problem.h"
#include "linux/recording.h"
#include "stretch/fmt.h"
#include "stretchctl/command.h"
#include "stretchctl/simulate.h"

static int print_plan(const struct wearer_state *state)
{
	printf("hold,habit,entry_s,band_s,settled_s,leave_s,out_s,flat_s,angle_deg,"
	       "hold_s,prescribed_s,intended\r\n");
	for (int32_t i = 0; i < state->plan.hold_count; i++) {
		const struct wearer_hold_plan *hold = wearer_hold_truth(state, i);
		const double values[] = { hold->entry_s, hold->band_s, hold->settled_s,
			hold->leave_s, hold->out_s, hold->flat_s, hold->angle_deg,
			hold->hold_s, hold->prescribed_s };
		const char *result = hold_result_names[hold->intended];
		char text[FMT_NUMBER_MAX];

		printf("%" PRId32 ",%s", i + 1, wearer_habits[hold->habit].name);
		for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
			fmt_fixed(text, values[k], 3);
			printf(",%s", text);
		}
		printf(",%s\r\n", result != NULL ? result : "none");
	}
	return output_end("stretchctl simulate");
}

static int fail(const struct problem *problem, int error)
{
	fprintf(stderr, "stretchctl simulate: %s\n", problem->text);
	return problem_exit_status(error);
}

static int write_recording(const struct simulation *sim, struct wearer_state *state)
{
	static struct recording_writer writer; /* holds its buffer */
	unsigned parts = RAW_EVENT;
	struct problem problem;
	struct sample sample;
	struct truth truth;
	int error;

	parts |= sim->param.sensors == 2 ? RAW_PELVIS : 0U;
	parts |= isnan(sim->param.temperature_c) ? 0U : RAW_TEMP;
	parts |= sim->no_truth ? 0U : RAW_TRUTH;
	error = recording_writer_open(
		&writer, sim->output, parts, strcmp(sim->output, "-") != 0, &problem);
	if (error != 0)
		return fail(&problem, error);
	while (error == 0 && wearer_step(state, &sim->param, &sample, &truth)) {
		raw_round(&sample);
		error = recording_write(&writer, &sample, &truth);
	}
	error = recording_writer_close(&writer, &problem); /* the first error */
	return error != 0 ? fail(&problem, error) : 0;
}

int cmd_simulate(int argc, char **argv)
{
	static struct simulation sim;
	static struct wearer_state state;
	const char *wrong;
	int status;

	simulation_init(&sim);
	status = simulation_read(&sim, argc, argv);
	if (status != 0)
		return status;
	if (sim.help) {
		simulation_print_help();
		return output_end("stretchctl simulate");
	}
	simulation_finish(&sim);
	wrong = wearer_init(&state, &sim.param);
	if (wrong != NULL) {
		fprintf(stderr, "stretchctl simulate: %s\n", wrong);
		return EXIT_USAGE;
	}
	return sim.plan_only ? print_plan(&state) : write_recording(&sim, &state);
}
