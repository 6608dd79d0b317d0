/*
 * Rows and samples as the control socket sends them: numbers with the file's decimals,
 * and a raw sample that comes back bit for bit.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "linux/control_samples.h"
#include "linux/live_row.h"
#include "stretch/raw.h"
#include "stretch/random.h"

/* What the raw stream says, read back, is the sample, bit for bit. */
static void samples_survive(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 5, 0);
	for (int n = 0; n < 2000; n++) {
		struct sample sample = { .t_us = (int64_t)(random_u64(&random) >> 13) };
		struct sample back;
		const unsigned parts = RAW_EVENT | RAW_TEMP | RAW_PELVIS;
		struct row_part full = { raw_table(parts), NULL };
		char text[ROW_TEXT_MAX];
		struct raw_row row;
		json_t *object;

		sample.t_us %= INT64_C(4000000000000);
		for (int site = 0; site < SITE_COUNT; site++) {
			struct imu_reading *r = &sample.imu[site];
			double *v[] = { &r->acc_m_s2.x, &r->acc_m_s2.y, &r->acc_m_s2.z,
				&r->gyr_rad_s.x, &r->gyr_rad_s.y, &r->gyr_rad_s.z };

			for (int i = 0; i < 6; i++)
				*v[i] = random_between(&random, -39.0, 39.0);
			r->present = n % 7 != site;
			r->temp_c = n % 5 == 0 ? (double)NAN
					       : random_between(&random, -40.0, 85.0);
		}
		if (n % 3 == 0)
			assert_int_equal(event_parse("stop:pain", &sample.event), 0);
		(void)raw_round(&sample);
		raw_row_fill(&row, &sample, NULL);
		full.row = &row;
		assert_true(row_json(text, sizeof text, "sample", &full, 1) > 0);
		object = json_loads(text, 0, NULL);
		assert_true(control_sample_read(object, &back));
		json_decref(object);
		assert_int_equal(back.t_us, sample.t_us);
		assert_int_equal(back.event.kind, sample.event.kind);
		assert_string_equal(back.event.word[0], sample.event.word[0]);
		for (int site = 0; site < SITE_COUNT; site++) {
			assert_int_equal(back.imu[site].present, sample.imu[site].present);
			assert_memory_equal(&back.imu[site].acc_m_s2,
				&sample.imu[site].acc_m_s2, sizeof(struct vec3));
			assert_memory_equal(&back.imu[site].gyr_rad_s,
				&sample.imu[site].gyr_rad_s, sizeof(struct vec3));
			if (isfinite(sample.imu[site].temp_c))
				assert_memory_equal(&back.imu[site].temp_c,
					&sample.imu[site].temp_c, sizeof(double));
			else
				assert_true(isnan(back.imu[site].temp_c));
		}
	}
}

/* Numbers with the decimals of the file, null for what is empty there. */
static void a_row_in_json(void **state)
{
	struct live_row row = { .judged = { .t_us = 1500000, .thigh_elevation_deg = 43.2104,
		.thigh_elevation_method = METHOD_MEASURED, .signal_deg = (double)NAN,
		.state = HOLD_COUNTING, .counting = 1, .hold_index = 2,
		.pelvis_verdict = -1, .led = LED_COUNT,
		.flags = FLAG_BIT(FLAG_STALE) | FLAG_BIT(FLAG_GAP) },
		.band_low_deg = 50.0, .counted_s = 12.44, .prescribed_s = 30.0,
		.holds = INT32_MIN, .green = 1, .advice = "say \"a\\b\"\n\xfc" };
	static const char *const parts[] = { "{\"class\":\"row\",\"t_s\":1.500000,",
		",\"thigh_elevation_deg\":43.210,",
		",\"thigh_elevation_method\":\"measured\",", ",\"signal\":null,",
		",\"state\":\"counting\",", ",\"counting\":true,", ",\"hold_index\":2,",
		",\"pelvis_verdict\":null,", ",\"led\":\"count\",",
		",\"flags\":\"stale gap\",", ",\"band_low_deg\":50.0,",
		",\"counted_s\":12.4,", ",\"prescribed_s\":30.0,", ",\"holds\":null,",
		",\"red\":false,", ",\"green\":true,",
		",\"advice\":\"say \\\"a\\\\b\\\"??\"}\n" };
	char text[ROW_TEXT_MAX];
	size_t length = live_json(&row, text, sizeof text);

	(void)state;
	assert_int_equal(length, strlen(text));
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strstr(text, parts[i]) == NULL)
			fail_msg("%s is not in %s", parts[i], text);
	/* one byte less than it takes: nothing, not half a line */
	assert_int_equal(live_json(&row, text, length + 1), length);
	assert_int_equal(live_json(&row, text, length), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_survive),
		cmocka_unit_test(a_row_in_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
