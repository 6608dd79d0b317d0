#!/usr/bin/env bash
# Which lines the unit and system tests reach, and which they do not.
#
#   scripts/coverage.sh
#
# src/core and src/imu must reach 95 % of their lines, the whole 85 %. Tests of many
# random cases do few: which lines they reach is the same. Exit status: 0; 1 a limit is
# not reached, or a test failed.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
build=${STRETCH_BUILD:-build}/coverage
pure_percent=95
whole_percent=85

make --no-print-directory -j"$(nproc)" BUILD="$build" CC=gcc OPT=-O0 \
	CFLAGS='--coverage -fprofile-update=atomic -DEFFORT_FEW=1' programs unit-programs \
	"$build/manual" "$build/tests/fake_clock.so" "$build/tests/fake_disk.so" || exit 1
find "$build" -name '*.gcda' -delete
# A test runs a program as another user, who adds to the counts, too.
(umask 0 && "$build/stretchctl" --version && "$build/stretchd" --version) >/dev/null || exit 1
STRETCH_BUILD=$build tests/run unit system >"$build/tests.log" 2>&1
tests=$?
tail -n 1 "$build/tests.log"
[ "$tests" -eq 0 ] || grep '^FAIL' "$build/tests.log"

report() {
	gcovr --root . --object-directory "$build" --exclude-unreachable-branches "$@" "$build" \
		2>>"$build/tests.log"
}

echo "== missing lines, whole tree"
report --filter src/ | sed -n '/^File/,$p'
whole=$(report --filter src/ --json-summary-pretty |
	sed -nE 's/^ *"line_percent": ([0-9.]+).*/\1/p' | tail -n 1)
pure=$(report --filter src/core/ --filter src/imu/ --json-summary-pretty |
	sed -nE 's/^ *"line_percent": ([0-9.]+).*/\1/p' | tail -n 1)
echo "pure rooms: ${pure:-0} % of lines (at least $pure_percent)"
echo "whole: ${whole:-0} % of lines (at least $whole_percent)"
reaches() {
	awk -v have="$1" -v want="$2" 'BEGIN { exit !(have >= want) }'
}
reaches "${pure:-0}" "$pure_percent" && reaches "${whole:-0}" "$whole_percent" || exit 1
exit "$tests"
