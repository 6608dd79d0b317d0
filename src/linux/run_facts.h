/*
 * The facts of a session as session.json has them, but for what is known of the disk
 * only once all is written ("storage") and of the sensors ("sensors").
 */
#ifndef STRETCH_LINUX_RUN_FACTS_H
#define STRETCH_LINUX_RUN_FACTS_H

#include "linux/run.h"

/* A new object; NULL: no memory. status: STORE_OPEN or STORE_CLOSED. */
json_t *run_facts_json(const struct run *run, const char *status);

/* Adds the run's programme to a session's file (NULL stays NULL); returns json. */
json_t *run_add_programme(const struct run *run, json_t *json);

#endif
