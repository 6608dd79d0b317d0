#!/usr/bin/env bash
# Two sensors at 104 Hz: bus load and wake-ups (virtual clock), instructions a second of
# the driver alone and with the judging (callgrind; the kernel's part is not in it), peak
# memory of stretchd. Prints "NAME|VALUE|UNIT".
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 3
build=${STRETCH_BUILD:-build}
program=$build/tests/bench/sensing_cost
seconds=60

instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$seconds" \
		2>&1 >/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

[ -x "$program" ] || { echo "$program is missing: make bench builds it" >&2; exit 3; }
command -v valgrind >/dev/null || { echo 'valgrind is missing' >&2; exit 3; }
"$program" figures "$seconds" || exit 1
record=$(instructions record)
play=$(instructions play)
judge=$(instructions judge)
[ -n "$record" ] && [ -n "$play" ] && [ -n "$judge" ] || exit 1
# The five seconds of warm-up are played back too.
awk -v r="$record" -v p="$play" -v j="$judge" -v s="$((seconds + 5))" 'BEGIN {
	printf "sensing, two sensors at 104 Hz (goal 15)|%.2f|M instructions/s\n", (p - r) / s / 1e6
	printf "sensing and judging, the same|%.2f|M instructions/s\n", (j - r) / s / 1e6
}'
[ -x "$build/stretchd" ] || exit 0
state=$(mktemp -d) || exit 3
trap 'rm -rf "$state"' EXIT
peak=$("$program" rss "$build/stretchd" sensor=simulate:lying-towel pelvis=yes speed=100 \
	hold_s=10 "state_dir=$state" volatile=yes 2>/dev/null) || exit 1
awk -v k="$peak" 'BEGIN { printf "peak memory of stretchd, two simulated sensors (goal 4)|%.1f|MiB\n", k / 1024 }'
