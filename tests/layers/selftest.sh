#!/usr/bin/env bash
# Proves that scripts/check-layers.sh sees what it is there to see: plants one fault
# after the other in a scratch tree with one pure file and expects the check to fail
# with the line that names it. Prints TAP.
set -u
export LC_ALL=C
check=$PWD/scripts/check-layers.sh
cc=${CC:-gcc}
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
number=0

# A fresh tree with a clean core file.
plant() {
	rm -rf "${scratch:?}"/*
	mkdir -p "$scratch/include/stretch" "$scratch/src/core" "$scratch/src/linux" \
		"$scratch/src/stretchd" "$scratch/build/obj/src/core"
	cat >"$scratch/include/stretch/clean.h" <<'C'
#include <math.h>
#include <string.h>
double clean(double x);
extern const char *const clean_names[2];
C
	cat >"$scratch/src/core/clean.c" <<'C'
#include "stretch/clean.h"
const char *const clean_names[2] = { "one", "two" };
static const double table[2] = { 1.5, 2.5 };
double clean(double x)
{
	char copy[8];
	memcpy(copy, clean_names[x > 1.0], 4);
	return sin(x) + table[copy[0] == 'o'];
}
C
	touch "$scratch/src/linux/own.h"
	cat >"$scratch/src/linux/edge.c" <<'C'
#include <stdio.h>
#include "stretch/clean.h"
#include "linux/own.h"
#include "own.h"
C
}

# result FAILS "name" "expected line": runs the check on what was planted.
result() {
	local want=$1 name=$2 line=$3 output status built=0 file
	number=$((number + 1))
	for file in "$scratch"/src/core/*.c; do
		"$cc" -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -fPIE -fno-common \
			-I"$scratch/include" -I"$scratch/src" -c "$file" \
			-o "$scratch/build/obj/src/core/$(basename "$file" .c).o" || built=1
	done
	output=$("$check" "$scratch" build)
	status=$?
	if [ "$built" -eq 0 ] && [ "$status" -eq "$want" ] &&
			printf '%s\n' "$output" | grep -qF -- "$line"; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		echo "# wanted status $want and: $line"
		printf '%s\n' "$output" | sed "s/^/# got (status $status): /"
	fi
}

add() {
	cat >>"$scratch/$1"
}

echo 1..15

plant
result 0 'a clean file passes' 'ok 3 - pure objects hold no writable data'

plant
add src/core/clean.c <<'C'
int printf(const char *format, ...);
void say(void) { printf("%d\n", 1); }
C
result 1 'printf is seen' 'src/core/clean.c: calls printf,'

plant
add src/core/clean.c <<'C'
long time(long *t);
long now(void) { return time(0); }
C
result 1 'time is seen' 'src/core/clean.c: calls time,'

plant
add src/core/clean.c <<'C'
void *malloc(size_t size);
void *get(void) { return malloc(8); }
C
result 1 'malloc is seen' 'src/core/clean.c: calls malloc,'

plant
add src/core/clean.c <<'C'
int *__errno_location(void);
int last(void) { return *__errno_location(); }
C
result 1 'errno is seen' 'src/core/clean.c: calls __errno_location,'

plant
add src/core/clean.c <<'C'
int count(void);
int count(void) { static int counter; return ++counter; }
C
result 1 'a static counter is seen' 'src/core/clean.c: counter is writable (section .bss)'

plant
add src/core/clean.c <<'C'
int level = 3;
C
result 1 'a global variable is seen' 'src/core/clean.c: level is writable (section .data)'

plant
add src/core/clean.c <<'C'
const char *label[2] = { "one", "two" };
C
result 1 'a table of pointers that is not const is seen' 'src/core/clean.c: label is writable'

plant
add src/core/clean.c <<'C'
#include <stdio.h>
C
result 1 '<stdio.h> in a pure file is seen' 'src/core/clean.c:10: includes <stdio.h>, which src/core may not'

plant
add src/core/clean.c <<'C'
 #  include <time.h>
C
result 1 'an indented directive is seen' 'src/core/clean.c:10: includes <time.h>'

plant
touch "$scratch/src/core/own.h"
add src/core/clean.c <<'C'
#include "own.h"
C
result 1 'a header beside a pure file is seen' 'src/core/clean.c:10: includes "own.h"'

plant
add include/stretch/clean.h <<'C'
#include <stdio.h>
C
result 1 '<stdio.h> in a pure header is seen' 'include/stretch/clean.h:5: includes <stdio.h>'

plant
echo '#include "stretchd/main.h"' | add src/linux/edge.c
result 1 'an edge that knows the daemon is seen' 'src/linux/edge.c:5: includes "stretchd/main.h"'

plant
echo '#include <cairo.h>' | add src/stretchd/main.c
result 1 'drawing in the daemon is seen' 'src/stretchd/main.c:1: includes <cairo.h>'

plant
mkdir -p "$scratch/src/newroom"
result 1 'a room without a rule is seen' 'src/newroom/: no rule'
