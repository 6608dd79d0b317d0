/*
 * The folders of i2c_tree.h.
 */
#include "i2c_tree.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "temp_files.h"

#define TERMINALS 4

static struct i2c_places places;
static int terminal = -1;
static int others[TERMINALS];
static int other_count;

const struct i2c_places *i2c_tree_places(void)
{
	return &places;
}

const char *i2c_tree_node(void)
{
	return ptsname(terminal);
}

static void make_folders(const char *path)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof copy, "%s", path);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0755);
		*slash = '/';
	}
	mkdir(copy, 0755);
}

void i2c_tree_adapter(int number, const char *name, bool node)
{
	char text[80];

	snprintf(text, sizeof text, "class/i2c-%d", number);
	make_folders(temp_path(text));
	snprintf(text, sizeof text, "class/i2c-%d/name", number);
	temp_write(text, name, strlen(name));
	snprintf(text, sizeof text, "dev/i2c-%d", number);
	if (node)
		assert_int_equal(symlink(i2c_tree_node(), temp_path(text)), 0);
}

static int open_terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	assert_true(fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0);
	return fd;
}

const char *i2c_tree_own_node(int number)
{
	char text[80];

	assert_true(other_count < TERMINALS);
	others[other_count] = open_terminal();
	snprintf(text, sizeof text, "dev/i2c-%d", number);
	unlink(temp_path(text));
	assert_int_equal(symlink(ptsname(others[other_count++]), temp_path(text)), 0);
	return temp_path(text);
}

int i2c_tree_set_up(void **state)
{
	static char dev[PATH_MAX], class[PATH_MAX], devices[PATH_MAX], tree[PATH_MAX];

	(void)state;
	temp_make();
	snprintf(dev, sizeof dev, "%s", temp_path("dev"));
	snprintf(class, sizeof class, "%s", temp_path("class"));
	snprintf(devices, sizeof devices, "%s", temp_path("devices"));
	snprintf(tree, sizeof tree, "%s", temp_path("tree"));
	places = (struct i2c_places){ dev, class, devices, tree };
	make_folders(dev);
	terminal = open_terminal();
	return 0;
}

int i2c_tree_tear_down(void **state)
{
	(void)state;
	close(terminal);
	while (other_count > 0)
		close(others[--other_count]);
	temp_remove();
	return 0;
}

void i2c_tree_machine(void)
{
	i2c_tree_adapter(1, "bcm2835 (i2c@7e804000)\n", true);
	i2c_tree_adapter(2, "bcm2835 (i2c@7e805000)\n", true);
	i2c_tree_adapter(11, "MCP2221 usb-i2c bridge\n", true);
	i2c_tree_adapter(12, "Second MCP2221 usb-i2c bridge\n", false);
	/* Alias i2c_arm -> /soc/i2c@7e804000, which is adapter 1's node. */
	make_folders(temp_path("tree/soc/i2c@7e804000"));
	make_folders(temp_path("tree/aliases"));
	temp_write("tree/aliases/i2c_arm", "/soc/i2c@7e804000", 18);
	assert_int_equal(symlink(temp_path("tree/soc/i2c@7e804000"),
				 temp_path("class/i2c-1/of_node")),
		0);
}

void i2c_tree_driver(void)
{
	make_folders(temp_path("drivers/inv-mpu6050-i2c"));
	make_folders(temp_path("devices/1-0068"));
	make_folders(temp_path("devices/1-0069"));
	assert_int_equal(symlink("../../drivers/inv-mpu6050-i2c",
				 temp_path("devices/1-0068/driver")),
		0);
}
