#!/usr/bin/env bash
# Instructions of the whole step, sample in to rows out, the mean over a session of
# one hold: all instructions of a run that steps every sample less those of one that
# steps none. Prints "NAME|VALUE|UNIT".
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 3
program=${STRETCH_BUILD:-build}/tests/bench/session_cost

instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" 2>&1 >/dev/null |
		sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

row() {
	local samples none all
	samples=$("$program" "$1" "$2" 1000000000) || return 1
	none=$(instructions "$1" "$2" 0)
	all=$(instructions "$1" "$2" 1000000000)
	[ -n "$none" ] && [ -n "$all" ] || return 1
	echo "whole step, $1, $2 sensor(s)|$(((all - none) / samples))|instructions/sample"
}

[ -x "$program" ] || { echo "$program is missing: make bench builds it" >&2; exit 3; }
command -v valgrind >/dev/null || { echo 'valgrind is missing' >&2; exit 3; }
for sensors in 1 2; do
	row lying-towel $sensors || exit 1
done
row seated-leg 2 || exit 1
