/* Sensors on emulated buses; see sensors_rig.h. */
#include "sensors_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake_gpio.h"
#include "i2c_fake.h"
#include "i2c_tree.h"
#include "stretch/raw.h"

#define SECOND INT64_C(1000000)

struct sensors_rig sensors_rig;

static struct sensors_rig *const rig = &sensors_rig;

int sensors_rig_set_up(void **state)
{
	i2c_fake_reset();
	(void)fake_gpio_reset(NULL);
	fake_gpio.consumer = "stretch sensor";
	i2c_tree_set_up(state);
	i2c_tree_machine();
	i2c_fake[0].functions = 0; /* the others are no I2C bus */
	for (int i = 0; i < 2; i++) {
		emul_bus_init(&rig->wire[i]);
		i2c_fake_place(i + 1, i2c_tree_own_node(i + 1));
		i2c_fake[i + 1].chips = emul_bus_door(&rig->wire[i]);
	}
	settings_default(&rig->set);
	rig->problem.text[0] = '\0';
	return 0;
}

int sensors_rig_tear_down(void **state)
{
	sensors_close(&rig->sensors);
	return i2c_tree_tear_down(state);
}

void sensors_rig_put(int bus, int index, enum emul_kind kind, uint8_t address)
{
	emul_init(&rig->chip[index], kind, address, (uint64_t)index + 1);
	emul_bus_add(&rig->wire[bus - 1], &rig->chip[index]);
}

void sensors_rig_start(void)
{
	for (int i = 0; i < 2; i++)
		emul_bus_advance(&rig->wire[i], SECOND);
}

int sensors_rig_open(const char *sensor)
{
	snprintf(rig->set.sensor, sizeof rig->set.sensor, "%s", sensor);
	sensors_rig_start();
	return sensors_open(&rig->sensors, i2c_tree_places(), &rig->set, &rig->problem);
}

void sensors_rig_expect(int error, const char *sensor, const char *says)
{
	int got = sensors_rig_open(sensor);

	if (got != error || strstr(rig->problem.text, says) == NULL)
		fail_msg("%s: %d, %s", sensor, got, rig->problem.text);
	if (error == 0)
		sensors_close(&rig->sensors);
}

/* One clock for both wires: a transfer on one takes time on the other. */
static int64_t now(void)
{
	int64_t now_us = rig->wire[0].now_us > rig->wire[1].now_us ? rig->wire[0].now_us
							 : rig->wire[1].now_us;

	emul_bus_advance(&rig->wire[0], now_us);
	emul_bus_advance(&rig->wire[1], now_us);
	return now_us;
}

static void take(const struct sample *s)
{
	struct sample again = *s;

	if (rig->seen.samples++ == 0)
		rig->seen.first_us = s->t_us;
	else
		assert_true(s->t_us > rig->seen.last_us);
	rig->seen.last_us = s->t_us;
	if (s->imu[SITE_THIGH].present && s->imu[SITE_PELVIS].present)
		rig->seen.both++;
	else if (s->imu[SITE_THIGH].present)
		rig->seen.thigh++;
	else if (s->imu[SITE_PELVIS].present)
		rig->seen.pelvis++;
	else
		rig->seen.none++;
	rig->seen.temp = isfinite(s->imu[SITE_THIGH].temp_c);
	/* As a recording holds it: rounding once more changes nothing. */
	assert_int_equal(raw_round(&again), 0);
	assert_memory_equal(&again.imu, &s->imu, sizeof again.imu);
	rig->seen.recovered += s->event.kind == EVENT_RECOVERED;
	if (s->event.kind == EVENT_FAULT) {
		rig->seen.faults++;
		memcpy(rig->seen.fault, s->event.word[1], sizeof rig->seen.fault);
	}
}

void sensors_rig_run(double seconds)
{
	int64_t until_us = now() + (int64_t)(seconds * 1e6);

	memset(&rig->seen, 0, sizeof rig->seen);
	while (now() < until_us) {
		struct sample sample;
		int64_t wake_us, now_us = now();
		int got = sensors_poll(&rig->sensors, now_us, &sample, &wake_us,
			&rig->problem);

		if (got < 0) {
			rig->seen.error = got;
			return;
		}
		if (got == 1)
			take(&sample);
		else if (wake_us > now_us)
			emul_bus_advance(
				&rig->wire[0], wake_us < until_us ? wake_us : until_us);
	}
}
