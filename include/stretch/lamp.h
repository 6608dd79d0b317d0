/*
 * What the wearer sees and hears at one moment, whatever it is wired to.
 *
 * Amber is a colour of its own here. How it is made (an LED of its own, or red
 * and green of an RGB LED together) is the business of src/linux/lamp.c.
 */
#ifndef STRETCH_LAMP_H
#define STRETCH_LAMP_H

#include <stdbool.h>

struct lamp {
	bool red, amber, green;
	bool buzzer;
};

#endif
