/*
 * Generator: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number
 * generators", 2018. Gaussian: Marsaglia's polar method. A point in the ball,
 * scaled to length 1, is uniform on the sphere: in 3 dimensions a direction, in
 * 4 a rotation.
 */
#include "stretch/random.h"

#include <string.h>

static uint64_t splitmix(uint64_t *x)
{
	uint64_t z = (*x += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void random_seed(struct random *random, uint64_t seed, uint64_t stream)
{
	uint64_t of_seed = seed;
	uint64_t x = splitmix(&of_seed) ^ stream;

	memset(random, 0, sizeof *random);
	for (int i = 0; i < 4; i++)
		random->word[i] = splitmix(&x);
}

static uint64_t rotate_left(uint64_t x, int bits)
{
	return (x << bits) | (x >> (64 - bits));
}

uint64_t random_u64(struct random *random)
{
	uint64_t *s = random->word;
	uint64_t result = rotate_left(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate_left(s[3], 45);
	return result;
}

double random_uniform(struct random *random)
{
	return (double)(random_u64(random) >> 11) * (1.0 / 9007199254740992.0);
}

double random_between(struct random *random, double low, double high)
{
	return low + (high - low) * random_uniform(random);
}

double random_gauss(struct random *random)
{
	double u, v, s, f;

	if (random->has_spare) {
		random->has_spare = false;
		return random->spare;
	}
	do {
		u = random_between(random, -1.0, 1.0);
		v = random_between(random, -1.0, 1.0);
		s = u * u + v * v;
	} while (s >= 1.0 || s <= 0.0);
	f = sqrt(-2.0 * log(s) / s);
	random->spare = v * f;
	random->has_spare = true;
	return u * f;
}

struct vec3 random_direction(struct random *random)
{
	struct vec3 v;
	double n;

	do {
		v.x = random_between(random, -1.0, 1.0);
		v.y = random_between(random, -1.0, 1.0);
		v.z = random_between(random, -1.0, 1.0);
		n = vec3_norm(v);
	} while (n > 1.0 || n < 1e-3);
	return vec3_scale(v, 1.0 / n);
}

struct quat random_rotation(struct random *random)
{
	struct quat q;
	double n;

	do {
		q.w = random_between(random, -1.0, 1.0);
		q.x = random_between(random, -1.0, 1.0);
		q.y = random_between(random, -1.0, 1.0);
		q.z = random_between(random, -1.0, 1.0);
		n = sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);
	} while (n > 1.0 || n < 1e-3);
	return (struct quat){ q.w / n, q.x / n, q.y / n, q.z / n };
}
