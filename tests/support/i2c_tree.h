/*
 * A machine's I2C buses as they show in /sys and /dev, in a temporary folder. The
 * device nodes are links to a pseudo terminal: a device that can be opened and locked.
 */
#ifndef STRETCH_TESTS_I2C_TREE_H
#define STRETCH_TESTS_I2C_TREE_H

#include "linux/i2c_bus.h"

/* cmocka's set-up and tear-down: empty folders. */
int i2c_tree_set_up(void **state);
int i2c_tree_tear_down(void **state);

/* Where the folders are. */
const struct i2c_places *i2c_tree_places(void);

/* The pseudo terminal behind all nodes. */
const char *i2c_tree_node(void);

/* Adds an adapter, with or without its device node. */
void i2c_tree_adapter(int number, const char *name, bool node);

/* Gives an adapter a device of its own, so that two can be open at once; its path. */
const char *i2c_tree_own_node(int number);

/* Two of a Raspberry Pi (1: alias i2c_arm), two MCP2221 (12: without a node). */
void i2c_tree_machine(void);

/* The kernel's inv-mpu6050-i2c has the chip at 0x68 of bus 1; 0x69 has no driver. */
void i2c_tree_driver(void);

#endif
