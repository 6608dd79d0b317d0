/*
 * A prescription from any bytes.
 *
 * Must hold: no crash; refused means at least one mistake and nothing written;
 * accepted means every value blank or in range, a canonical text that reads back to
 * itself, and, when nothing is blank, settings that take every step.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "linux/prescription_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int condition)
{
	if (!condition)
		abort();
}

static void check_list(const struct config_mistakes *list)
{
	must(list->count <= CONFIG_MISTAKES_MAX);
	for (size_t i = 0; i < list->count; i++) {
		must(strchr(list->list[i].text, '\n') == NULL);
		must(i == 0 || list->list[i].line >= list->list[i - 1].line);
	}
}

static void check_values(const struct prescription *p)
{
	for (int32_t item = PRESCRIPTION_FILE; item < p->count; item++) {
		for (int i = 0; i < KEY_COUNT; i++) {
			const struct prescription_key *key = &prescription_keys[i];
			double value;

			if ((item < 0) != (key->scope == SCOPE_FILE) ||
				key->type > PRESCRIPTION_WHOLE)
				continue;
			value = prescription_number(p, item, (enum prescription_key_id)i);
			must(isnan(value) || (value >= key->min && value <= key->max));
		}
	}
}

static void check_round_trip(const struct prescription *p)
{
	static struct prescription_report report;
	struct prescription again;
	char *text = prescription_text(p), *second;

	must(text != NULL);
	must(prescription_load_text(&again, "printed", text, strlen(text), &report) == 0);
	second = prescription_text(&again);
	must(second != NULL && strcmp(text, second) == 0);
	free(text);
	free(second);
}

static void check_steps(const struct prescription *p, int complete)
{
	struct prescription_step steps[PRESCRIPTION_STEPS_MAX];
	struct settings settings;
	int32_t count = prescription_expand(p, PRESCRIPTION_ANY_SLOT, steps);

	must(count >= 0 && count <= PRESCRIPTION_STEPS_MAX);
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		must(prescription_expand(p, slot, steps) <= count);
	count = prescription_expand(p, PRESCRIPTION_ANY_SLOT, steps);
	for (int32_t i = 0; i < count; i++) {
		settings_default(&settings);
		if (complete)
			must(prescription_apply(p, &steps[i], &settings) == 0);
		else
			(void)prescription_apply(p, &steps[i], &settings);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct prescription_report report;
	struct prescription p, before;

	memset(&p, 0x5a, sizeof(p));
	before = p;
	if (prescription_load_text(&p, "fuzz", (const char *)data, size, &report) != 0) {
		must(report.mistakes.count > 0);
		must(memcmp(&p, &before, sizeof(p)) == 0);
		check_list(&report.mistakes);
		check_list(&report.open);
		return 0;
	}
	must(report.mistakes.count == 0);
	check_list(&report.open);
	check_list(&report.notes);
	check_values(&p);
	check_round_trip(&p);
	check_steps(&p, report.open.count == 0);
	return 0;
}
