/*
 * Finding I2C buses; see i2c_bus.h. Everything here only looks at /sys.
 */
#include "linux/i2c_bus.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux/number.h"

#define ADAPTERS_MAX 64
#define SWITCH_ON \
	"Switch I2C on (raspi-config, or dtparam=i2c_arm=on), load the " \
	"module i2c-dev, or plug in an adapter"

/* /sys/class/i2c-adapter is no more in new kernels (I2C_COMPAT, off in Debian's 6.12);
 * the adapters stand among the devices as well. */
const struct i2c_places i2c_places_system = { .dev = "/dev",
	.class = "/sys/bus/i2c/devices",
	.devices = "/sys/bus/i2c/devices",
	.tree = "/sys/firmware/devicetree/base" };

/* "i2c-12" -> 12; -1: not of that form. */
static int number_of(const char *name)
{
	int64_t number;

	if (strncmp(name, "i2c-", 4) != 0 || !isdigit((unsigned char)name[4]) ||
		number_parse_int(name + 4, 0, INT_MAX, &number) != 0)
		return -1;
	return (int)number;
}

/* First line of a small file, without its end; -1 when it cannot be read. */
static int read_line(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -1;
	got = read(fd, text, size - 1);
	close(fd);
	if (got < 0)
		return -1;
	text[got] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct i2c_adapter *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static int list(const struct i2c_places *places, struct i2c_adapter *adapters, int max)
{
	DIR *folder = opendir(places->class);
	struct dirent *entry;
	int count = 0, filled;

	if (folder == NULL)
		return errno == ENOENT ? 0 : -errno;
	/* Safe: no other thread reads this stream. */
	// cppcheck-suppress readdirCalled
	while ((entry = readdir(folder)) != NULL) {
		char path[PATH_MAX];
		int number = number_of(entry->d_name);

		if (number < 0)
			continue;
		if (count < max) {
			adapters[count].number = number;
			adapters[count].name[0] = '\0';
			if (snprintf(path, sizeof path, "%s/%s/name", places->class,
				    entry->d_name) < (int)sizeof path)
				(void)read_line(path, adapters[count].name,
					sizeof adapters[count].name);
		}
		count++;
	}
	closedir(folder);
	filled = count < max ? count : max;
	qsort(adapters, (size_t)filled, sizeof *adapters, by_number);
	return count;
}

int i2c_bus_list(const struct i2c_places *places, struct i2c_adapter *adapters, int max,
	struct problem *problem)
{
	int count = list(places, adapters, max);

	if (count < 0)
		return problem_errno(problem, places->class, "list the I2C buses", count);
	if (count == 0) {
		problem_set(problem, "this machine has no I2C bus. " SWITCH_ON);
		return -ENODEV;
	}
	return count;
}

/* The adapter that a device-tree alias points to; -1: none. */
static int find_alias(const struct i2c_places *places, const char *name,
	const struct i2c_adapter *adapters, int count)
{
	char path[PATH_MAX], target[PATH_MAX], node[PATH_MAX], wanted[PATH_MAX];

	if (strchr(name, '/') != NULL || strchr(name, '.') != NULL ||
		snprintf(path, sizeof path, "%s/aliases/%s", places->tree, name) >=
			(int)sizeof path ||
		read_line(path, target, sizeof target) != 0 || target[0] != '/')
		return -1;
	if (snprintf(path, sizeof path, "%s%s", places->tree, target) >=
			(int)sizeof path ||
		realpath(path, wanted) == NULL)
		return -1;
	for (int i = 0; i < count; i++)
		if (snprintf(path, sizeof path, "%s/i2c-%d/of_node", places->class,
			    adapters[i].number) < (int)sizeof path &&
			realpath(path, node) != NULL && strcmp(node, wanted) == 0)
			return adapters[i].number;
	return -1;
}

/* "1 (bcm2835), 3 (MCP2221)": those that match, or all when text is empty. */
static void describe(char *into, size_t size, const struct i2c_adapter *adapters,
	int count, const char *text)
{
	size_t used = 0;

	into[0] = '\0';
	for (int i = 0; i < count; i++) {
		int more;

		if (strstr(adapters[i].name, text) == NULL)
			continue;
		more = snprintf(into + used, size - used, "%s%d (%s)",
			used > 0 ? ", " : "", adapters[i].number, adapters[i].name);
		if (more < 0 || (size_t)more >= size - used)
			return;
		used += (size_t)more;
	}
}

static int no_such_bus(const char *name, const struct i2c_adapter *adapters, int count,
	struct problem *problem)
{
	char all[400];

	describe(all, sizeof all, adapters, count, "");
	problem_set(problem, "bus \"%s\": no such bus. There are: %s", name, all);
	return -ENOENT;
}

/* By the whole name first: it may be part of another one. */
static int find_name(const char *name, const struct i2c_adapter *adapters, int count,
	int *number, struct problem *problem)
{
	char all[400];
	int whole = 0, part = 0, last_whole = -1, last_part = -1;

	for (int i = 0; i < count; i++) {
		if (strcmp(adapters[i].name, name) == 0) {
			whole++;
			last_whole = adapters[i].number;
		}
		if (strstr(adapters[i].name, name) != NULL) {
			part++;
			last_part = adapters[i].number;
		}
	}
	if (whole == 1 || (whole == 0 && part == 1)) {
		*number = whole == 1 ? last_whole : last_part;
		return 0;
	}
	if (part == 0)
		return no_such_bus(name, adapters, count, problem);
	describe(all, sizeof all, adapters, count, name);
	problem_set(problem,
		"bus \"%s\": ambiguous: %s. Write its number, its path or "
		"an alias",
		name, all);
	return -ENOTUNIQ;
}

static int node_path(const struct i2c_places *places, const char *name, int number,
	char path[PATH_MAX], struct problem *problem)
{
	if (snprintf(path, PATH_MAX, "%s/i2c-%d", places->dev, number) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (access(path, F_OK) == 0)
		return 0;
	problem_set(problem,
		"bus \"%s\": the bus is there, but not %s. Load the module "
		"i2c-dev (modprobe i2c-dev)",
		name, path);
	return -ENOENT;
}

/* A path: the number is that of the node behind all links. */
static int find_path(
	const char *name, char path[PATH_MAX], int *number, struct problem *problem)
{
	char real[PATH_MAX];
	const char *base;

	if (strlen(name) >= PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(path, name);
	if (realpath(name, real) == NULL) {
		problem_set(problem, "bus \"%s\": %s. " SWITCH_ON, name, strerror(errno));
		return -ENOENT;
	}
	base = strrchr(real, '/');
	*number = base != NULL ? number_of(base + 1) : -1;
	if (*number < 0 && (base = strrchr(name, '/')) != NULL)
		*number = number_of(base + 1);
	return 0;
}

int i2c_bus_find(const struct i2c_places *places, const char *name, char path[PATH_MAX],
	int *number, struct problem *problem)
{
	struct i2c_adapter adapters[ADAPTERS_MAX] = { 0 };
	int64_t value;
	int count, error;

	*number = -1;
	if (name[0] == '\0') {
		problem_set(problem,
			"the bus has no name. Write a number, a path, an "
			"alias, or a part of the adapter's name");
		return -EINVAL;
	}
	if (strchr(name, '/') != NULL)
		return find_path(name, path, number, problem);
	count = i2c_bus_list(places, adapters, ADAPTERS_MAX, problem);
	if (count < 0)
		return count;
	if (count > ADAPTERS_MAX)
		count = ADAPTERS_MAX;
	if (isdigit((unsigned char)name[0]) &&
		number_parse_int(name, 0, INT_MAX, &value) == 0)
		*number = (int)value;
	else
		*number = number_of(name);
	for (int i = 0; i < count; i++)
		if (adapters[i].number == *number)
			return node_path(places, name, *number, path, problem);
	if (*number >= 0)
		return no_such_bus(name, adapters, count, problem);
	*number = find_alias(places, name, adapters, count);
	if (*number < 0) {
		error = find_name(name, adapters, count, number, problem);
		if (error != 0)
			return error;
	}
	return node_path(places, name, *number, path, problem);
}

bool i2c_bus_owner(const struct i2c_places *places, int number, uint8_t address,
	char driver[I2C_BUS_NAME_MAX])
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *base;
	ssize_t length;

	driver[0] = '\0';
	if (number < 0 ||
		snprintf(path, sizeof path, "%s/%d-%04x/driver", places->devices, number,
			address) >= (int)sizeof path)
		return false;
	length = readlink(path, target, sizeof target - 1);
	if (length <= 0)
		return false;
	target[length] = '\0';
	base = strrchr(target, '/');
	snprintf(driver, I2C_BUS_NAME_MAX, "%.*s", I2C_BUS_NAME_MAX - 1,
		base != NULL ? base + 1 : target);
	return true;
}
