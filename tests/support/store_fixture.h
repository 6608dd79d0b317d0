/* A store with small tables of its own, for the tests of session folders. */
#ifndef STRETCH_TESTS_STORE_FIXTURE_H
#define STRETCH_TESTS_STORE_FIXTURE_H

#include <stdint.h>

#include "linux/store.h"
#include "temp_files.h"

/* A row of the fixture's samples.csv (t_s, counting, flags) and of its holds.csv
 * (hold_s, drops, result, note). */
struct fixture_row {
	int64_t t_us;
	double hold_s;
	int32_t result, on, drops;
	uint32_t flags;
	char note[8];
};

#define FIXTURE_HOLDS "hold_s,drops,result,note\r\n"
#define FIXTURE_DONE "30.5,2,done,a\r\n"
#define FIXTURE_SHORT "12.0,0,short,\r\n"
#define FIXTURE_JUDGED "t_s,counting,flags\r\n0.000000,1,slip\r\n"
/* The first session folder of a wearer. */
#define FIRST "sessions/000001-2025-11-30-lying-towel-left"

extern const struct fixture_row done_row, short_row;
extern struct store_tables fixture_tables; /* raw with events */
extern struct store store;
extern struct problem problem;

/* cmocka's group fixtures: a temporary folder. */
int store_fixture_make(void **state);
int store_fixture_remove(void **state);

/* A state folder in the temporary folder. */
struct store_place place_of(const char *wearer);
/* Opens store there; the test fails when it cannot. */
void open_session(const char *wearer);
void put_sample(int64_t t_us);

/* A path below a wearer's folder, or the wearer's folder itself. */
const char *below(const char *wearer, const char *name);
/* How many entries a folder has, or -errno. */
int entries(const char *path);
void expect_file(const char *path, const char *expected);

#endif
