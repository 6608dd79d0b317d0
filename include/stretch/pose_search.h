/*
 * Alignment from a finished recording: the reference window is named by a person,
 * the second pose is looked for among the still moments of the whole recording.
 *
 * Acausal, so for replay only. Lying recordings that hold calm raises need it
 * less: a session learns the straps from them by itself.
 */
#ifndef STRETCH_POSE_SEARCH_H
#define STRETCH_POSE_SEARCH_H

#include "stretch/session.h"

#define POSE_WINDOWS_MAX 64

struct pose_window {
	int64_t from_us, to_us;
	struct vec3 up[SITE_COUNT]; /* of its last stillness window */
};

struct pose_search {
	struct session_state sense; /* only its sensing half is used */
	int32_t count;
	struct pose_window windows[POSE_WINDOWS_MAX];
	bool open;                  /* the last window still goes on */
	struct vec3 reference_sum[SITE_COUNT];
	int32_t reference_n;
};

/* Begins; inputs give exercise, mode, calibration and the reference window. */
const char *pose_search_init(struct pose_search *search,
	const struct session_inputs *inputs);

/* One sample of the recording. */
void pose_search_step(struct pose_search *search, const struct session_inputs *inputs,
	const struct sample *sample);

/*
 * Fills inputs->align and have_alignment. Returns ALIGN_OK, or which pose is
 * missing; *used then and else tells the window taken for the second pose.
 */
enum align_result pose_search_finish(const struct pose_search *search,
	struct session_inputs *inputs, struct pose_window *used);

#endif
