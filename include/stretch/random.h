/*
 * Seeded random numbers for the simulated wearer and for tests.
 *
 * xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64. Not for
 * secrets. The same seed gives the same numbers on every machine.
 */
#ifndef STRETCH_RANDOM_H
#define STRETCH_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#include "stretch/vec.h"

struct random {
	uint64_t word[4];
	double spare; /* second number of a Gaussian pair */
	bool has_spare;
};

/* Starts one of many independent streams of a seed. */
void random_seed(struct random *random, uint64_t seed, uint64_t stream);

uint64_t random_u64(struct random *random);

/* 0 included, 1 excluded; 53 bits. */
double random_uniform(struct random *random);

/* low included, high excluded. */
double random_between(struct random *random, double low, double high);

/* Mean 0, standard deviation 1. */
double random_gauss(struct random *random);

/* Unit vector, any direction equally likely. */
struct vec3 random_direction(struct random *random);

/* Rotation, uniform over all rotations. */
struct quat random_rotation(struct random *random);

#endif
