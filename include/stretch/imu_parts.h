/*
 * Shared by the two halves of the state machine: bring-up (imu.c) and streaming
 * (imu_drain.c). Internal to them.
 */
#ifndef STRETCH_IMU_PARTS_H
#define STRETCH_IMU_PARTS_H

#include "stretch/imu.h"

#define IMU_BACKOFF_MIN_US 100000

/* One transfer, counted; 0 or the bus's error. */
int imu_read(struct imu *imu, uint8_t reg, uint8_t *data, size_t size);

/* Registers that are re-checked; the chip is known. */
int32_t imu_register_count(const struct imu *imu);
const struct chip_register *imu_register_at(const struct imu *imu, int32_t index);

void imu_count(struct imu *imu, enum imu_fault fault);

/* A transfer failed: counts it; tries the same again later, or gives up. */
int64_t imu_failed(struct imu *imu, int error, int64_t now_us);

/* Brings the chip up anew after the back-off. The fault is counted by the caller. */
int64_t imu_give_up(struct imu *imu, enum imu_fault fault, int64_t now_us);

/* The FIFO's content is not to be trusted: empties and starts it. */
int64_t imu_restart(struct imu *imu, enum imu_fault fault, int64_t now_us);

/* Does a register hold what it must? Looks twice. 0, a bus error, or 1: it does not. */
int imu_check(struct imu *imu, const struct chip_register *reg);

/* What an answer to WHO_AM_I that is not the chip's means. */
enum imu_fault imu_name_id(const struct imu *imu, uint8_t id);

int64_t imu_drain(struct imu *imu, int64_t now_us, struct imu_batch *batch);

#endif
