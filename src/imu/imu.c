/*
 * The state machine of imu.h: bring-up, errors, back-off. Streaming is in
 * imu_drain.c.
 *
 * Each register is read, changed where it must be, written and read back; one
 * register a step, so that another sensor on the same thread is not kept waiting.
 */
#include "stretch/imu_parts.h"

#include <string.h>

#define RETRY_US 10000
#define RETRIES 4 /* after 10, 20, 40, 80 ms */
#define BACKOFF_MAX_US 1000000
#define RESET_POLL_US 10000
#define RESET_POLLS 10
#define RESTARTS_MAX 4

void imu_init(
	struct imu *imu, const struct bus *bus, uint8_t address, enum chip_rate rate)
{
	memset(imu, 0, sizeof *imu);
	imu->bus = *bus;
	imu->address = address;
	imu->rate = rate;
	imu->family = chip_family_at(address);
	imu->state = IMU_IDENTIFY;
	imu->backoff_us = IMU_BACKOFF_MIN_US;
	imu->wake_us = INT64_MIN;
	imu->stream_us = INT64_MIN;
	imu->temp_c = MISSING;
	imu->slot = -1;
	imu_judge_init(&imu->judge);
}

int imu_read(struct imu *imu, uint8_t reg, uint8_t *data, size_t size)
{
	imu->transfers++;
	return imu->bus.read(imu->bus.context, imu->address, reg, data, size);
}

static int write_register(struct imu *imu, uint8_t reg, uint8_t value)
{
	imu->transfers++;
	return imu->bus.write(imu->bus.context, imu->address, reg, &value, 1);
}

static const struct chip_setup *setup_of(const struct imu *imu)
{
	return &imu->chip->setup[imu->rate];
}

static enum chip_pin pin_of(const struct imu *imu)
{
	return imu->edges.take != NULL ? CHIP_PIN_READY : CHIP_PIN_QUIET;
}

int32_t imu_register_count(const struct imu *imu)
{
	return chip_register_count(imu->chip, imu->rate, pin_of(imu));
}

const struct chip_register *imu_register_at(const struct imu *imu, int32_t index)
{
	return chip_register_at(imu->chip, imu->rate, pin_of(imu), index);
}

void imu_set_edges(struct imu *imu, const struct imu_edges *edges)
{
	imu->edges = *edges;
	imu->ready = edges->take != NULL ? IMU_READY_AWAITED : IMU_READY_NONE;
}

void imu_count(struct imu *imu, enum imu_fault fault)
{
	if (imu->count[fault] < UINT32_MAX)
		imu->count[fault]++;
}

static enum imu_fault name_error(int error)
{
	switch (-error) {
	case BUS_ENXIO:
	case BUS_EREMOTEIO: return IMU_NACK;
	case BUS_EAGAIN: return IMU_ARBITRATION;
	case BUS_ETIMEDOUT: return IMU_TIMEOUT;
	case BUS_ENODEV:
	case BUS_ESHUTDOWN: return IMU_GONE;
	default: return IMU_BUS;
	}
}

/* Goes to a state, due at once. Returns now_us. */
static int64_t enter(struct imu *imu, enum imu_state state, int64_t now_us)
{
	imu->state = state;
	imu->index = 0;
	return now_us;
}

int64_t imu_give_up(struct imu *imu, enum imu_fault fault, int64_t now_us)
{
	int64_t wait_us = imu->backoff_us;

	imu->fault = fault;
	imu->stream_us = INT64_MIN;
	imu->streak = 0;
	imu->restarts = 0;
	imu->backlog = 0;
	imu->slot = -1;
	imu->temp_c = MISSING;
	imu->backoff_us = wait_us * 2 < BACKOFF_MAX_US ? wait_us * 2 : BACKOFF_MAX_US;
	imu_judge_break(&imu->judge);
	if (imu->chip != NULL)
		chip_clock_gap(&imu->clock, true);
	enter(imu, IMU_IDENTIFY, now_us);
	return now_us + wait_us;
}

int64_t imu_failed(struct imu *imu, int error, int64_t now_us)
{
	enum imu_fault fault = name_error(error);

	imu_count(imu, fault);
	/*
	 * Bring-up starts again from WHO_AM_I anyway: no patience needed there. Nor with
	 * an adapter that is gone: each try may run into the kernel's own time limits.
	 */
	if (imu->state == IMU_IDENTIFY || fault == IMU_GONE || imu->streak >= RETRIES)
		return imu_give_up(imu, fault, now_us);
	imu->streak++;
	return now_us + ((int64_t)RETRY_US << (imu->streak - 1));
}

int64_t imu_restart(struct imu *imu, enum imu_fault fault, int64_t now_us)
{
	imu->backlog = 0;
	imu->slot = -1;
	imu->temp_c = imu->chip->temp_register == 0 ? MISSING : imu->temp_c;
	imu_judge_break(&imu->judge);
	chip_clock_gap(&imu->clock, false);
	if (++imu->restarts > RESTARTS_MAX)
		return imu_give_up(imu, fault, now_us);
	return enter(imu, IMU_START, now_us);
}

enum imu_fault imu_name_id(const struct imu *imu, uint8_t id)
{
	if (id == 0xFF)
		return IMU_ONES;
	if (imu->address == CHIP_ADDRESS_CLOCK && imu->chip == NULL)
		return IMU_CLOCK_CHIP;
	return id == 0x00 ? IMU_ZEROS : IMU_WRONG_ID;
}

/*
 * A chip whose bank register took a wrong byte shows other registers, zeros where its
 * name was, and would stay nameless until its power fails. Written to a chip only that
 * has said its name before: at these addresses there are battery chargers, too. Whether
 * it worked is seen when its name is asked again.
 */
static void turn_to_user_bank(struct imu *imu)
{
	const struct chip_register *bank = &imu->family->bank;

	if (imu->chip != NULL && imu->id == 0 && bank->clear != 0)
		(void)write_register(imu, bank->address, bank->set);
}

static int64_t step_identify(struct imu *imu, int64_t now_us)
{
	struct chip_answer answer;
	enum imu_fault fault;
	int error;

	if (imu->family == NULL || imu->refused) {
		fault = imu->refused ? IMU_CLOCK_CHIP : IMU_WRONG_ID;
		return imu_give_up(imu, fault, now_us);
	}
	error = chip_ask(imu->family, &imu->bus, imu->address, &answer);
	imu->transfers += (uint64_t)answer.looks;
	if (error != 0)
		return imu_failed(imu, error, now_us);
	imu->id = answer.id;
	if (answer.chip == NULL) {
		fault = imu_name_id(imu, imu->id);
		imu_count(imu, fault);
		turn_to_user_bank(imu);
		return imu_give_up(imu, fault, now_us);
	}
	if (answer.looks > 2)
		imu_count(imu, IMU_GARBLED);
	if (answer.chip != imu->chip) {
		imu->chip = answer.chip;
		chip_clock_init(&imu->clock, setup_of(imu)->rate_hz);
	}
	return enter(imu, IMU_RESET, now_us);
}

/* index 0: write the reset; 1: wait, from after the write; then: is it over? */
static int64_t step_reset(struct imu *imu, int64_t now_us)
{
	const struct chip *chip = imu->chip;
	uint8_t value = 0;
	int error;

	if (imu->index == 0) {
		error = write_register(imu, chip->reset.address, chip->reset.value);
		if (error != 0)
			return imu_failed(imu, error, now_us);
		imu->index = 1;
		return now_us;
	}
	if (imu->index == 1) {
		imu->index = 2;
		return now_us + chip->reset_us;
	}
	error = imu_read(imu, chip->reset_done.address, &value, 1);
	if (error != 0)
		return imu_failed(imu, error, now_us);
	if (chip_register_right(&chip->reset_done, value))
		return enter(imu, IMU_CONFIGURE, now_us);
	if (++imu->index < RESET_POLLS)
		return now_us + RESET_POLL_US;
	/* Memory keeps what was written; a sensor forgets its reset. */
	imu->refused = imu->address == CHIP_ADDRESS_CLOCK && value == chip->reset.value;
	imu_count(imu, imu->refused ? IMU_CLOCK_CHIP : IMU_REGISTER);
	return imu_give_up(imu, imu->refused ? IMU_CLOCK_CHIP : IMU_REGISTER, now_us);
}

/* Reads, changes, writes, reads back. 0, a bus error, or 1: it does not stick. */
static int apply_once(struct imu *imu, const struct chip_register *reg)
{
	uint8_t value = 0;
	int error = imu_read(imu, reg->address, &value, 1);

	if (error != 0 || chip_register_right(reg, value))
		return error;
	value = (uint8_t)((value & ~reg->clear) | reg->set);
	error = write_register(imu, reg->address, value);
	if (error != 0)
		return error;
	error = imu_read(imu, reg->address, &value, 1);
	if (error != 0)
		return error;
	return chip_register_right(reg, value) ? 0 : 1;
}

static int apply(struct imu *imu, const struct chip_register *reg)
{
	int result = apply_once(imu, reg);

	if (result <= 0)
		return result;
	result = apply_once(imu, reg);
	if (result == 0)
		imu_count(imu, IMU_GARBLED);
	return result;
}

static int64_t not_right(struct imu *imu, int64_t now_us)
{
	imu_count(imu, IMU_REGISTER);
	return imu_give_up(imu, IMU_REGISTER, now_us);
}

int imu_check(struct imu *imu, const struct chip_register *reg)
{
	for (int look = 0; look < 2; look++) {
		uint8_t value = 0;
		int error = imu_read(imu, reg->address, &value, 1);

		if (error != 0)
			return error;
		if (chip_register_right(reg, value)) {
			if (look > 0)
				imu_count(imu, IMU_GARBLED);
			return 0;
		}
	}
	return 1;
}

/* All registers, then the wait for the sensors to start, from after the last write. */
static int64_t step_configure(struct imu *imu, int64_t now_us)
{
	int result;

	if (imu->index == chip_config_count(imu->chip, imu->rate, pin_of(imu))) {
		enter(imu, IMU_START, now_us);
		return now_us + imu->chip->startup_us;
	}
	result = apply(imu,
		chip_config_at(imu->chip, imu->rate, pin_of(imu), imu->index));
	if (result < 0)
		return imu_failed(imu, result, now_us);
	if (result > 0)
		return not_right(imu, now_us);
	imu->streak = 0;
	imu->index++;
	return now_us;
}

static int64_t step_start(struct imu *imu, int64_t now_us)
{
	const struct chip *chip = imu->chip;
	const struct chip_setup *setup = setup_of(imu);
	int32_t on = imu->index - chip->fifo_off_count;
	int result;

	if (on < 0)
		result = write_register(imu, chip->fifo_off[imu->index].address,
			chip->fifo_off[imu->index].value);
	else
		result = apply(imu, &setup->fifo_on[on]);
	if (result != 0) {
		imu->index = 0; /* the order matters: off, empty, on */
		return result < 0 ? imu_failed(imu, result, now_us)
				  : not_right(imu, now_us);
	}
	imu->streak = 0;
	if (++imu->index < chip->fifo_off_count + setup->fifo_on_count)
		return now_us;
	return enter(imu, IMU_VERIFY, now_us);
}

static int64_t begin_stream(struct imu *imu, int64_t now_us)
{
	if (imu->stream_us == INT64_MIN) {
		imu->stream_us = now_us;
		imu->bringups++;
		imu->temp_us = INT64_MIN;
	}
	imu->frame_us = now_us;
	imu->edge_us = imu->pair_us = now_us;
	imu->check_us = now_us;
	enter(imu, IMU_STREAM, now_us);
	return now_us + IMU_DRAIN_US / 2;
}

/*
 * All registers once more, after the FIFO was started: had the supply failed a
 * moment before, a chip that wakes by itself would now stream in another range.
 */
static int64_t step_verify(struct imu *imu, int64_t now_us)
{
	int result = imu_check(imu, imu_register_at(imu, imu->index));

	if (result < 0)
		return imu_failed(imu, result, now_us);
	if (result > 0)
		return not_right(imu, now_us);
	imu->streak = 0;
	if (++imu->index < imu_register_count(imu))
		return now_us;
	return begin_stream(imu, now_us);
}

int64_t imu_step(struct imu *imu, int64_t now_us, struct imu_batch *batch)
{
	bool calm = imu->state == IMU_STREAM && imu->streak == 0;

	batch->count = 0;
	if (imu->wake_us != INT64_MIN &&
		now_us < imu->wake_us - (calm ? IMU_EARLY_US : 0))
		return imu->wake_us;
	switch (imu->state) {
	case IMU_IDENTIFY: imu->wake_us = step_identify(imu, now_us); break;
	case IMU_RESET: imu->wake_us = step_reset(imu, now_us); break;
	case IMU_CONFIGURE: imu->wake_us = step_configure(imu, now_us); break;
	case IMU_START: imu->wake_us = step_start(imu, now_us); break;
	case IMU_VERIFY: imu->wake_us = step_verify(imu, now_us); break;
	case IMU_STREAM: imu->wake_us = imu_drain(imu, now_us, batch); break;
	}
	return imu->wake_us;
}

double imu_acc_full_scale_m_s2(const struct imu *imu)
{
	return imu->chip != NULL ? 32768.0 * imu->chip->acc_m_s2 : 0.0;
}

double imu_gyr_full_scale_rad_s(const struct imu *imu)
{
	return imu->chip != NULL ? 32768.0 * imu->chip->gyr_rad_s : 0.0;
}
