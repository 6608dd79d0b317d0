#!/usr/bin/env bash
# How fast the sample path is, as a table.
#
#   scripts/bench.sh
#
# Rows come from two places. The scripts and programs of tests/bench print lines
# "NAME|VALUE|UNIT", or figures as "# ..." (other lines show on failure only); a
# program beside a script of the same name is that script's to run. And this measures
# `stretchctl replay` of a simulated session: samples a second (best of five, wall
# time, reading and writing files included). Instructions a sample are counted by
# callgrind in tests/bench; they do not depend on the machine's load. Figures are
# printed, never judged. Exit status: 0, or 1 when a part failed.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
. scripts/session-lib.sh
build=${STRETCH_BUILD:-build}
export STRETCH_BUILD=$build
export STRETCH_DATA=${STRETCH_DATA:-../shared/data}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
status=0

row() {
	printf '%s|%s|%s\n' "$1" "$2" "$3" >>"$work/table"
}

# The fastest of five runs, in seconds.
best_of_five() {
	local start end
	for _ in 1 2 3 4 5; do
		start=$(date +%s%N)
		"$@" >"$work/log" 2>&1 || return 1
		end=$(date +%s%N)
		echo $((end - start))
	done | sort -n | head -n 1 | awk '{ printf "%.6f\n", $1 / 1e9 }'
}

measure_replay() {
	local exercise=$1 ctl=$build/stretchctl samples seconds
	simulate_to "$work/raw.csv" "$exercise" "$ctl" >"$work/log" 2>&1 || return 1
	samples=$(($(wc -l <"$work/raw.csv") - 1))
	row "replay $exercise, recording" "$samples" samples
	seconds=$(best_of_five replay_to "$work/out" "$work/raw.csv" "$exercise" "$ctl")
	[ -n "$seconds" ] || return 1
	row "replay $exercise, all with files" \
		"$(awk -v n="$samples" -v s="$seconds" 'BEGIN { printf "%.0f", n / s }')" samples/s
}

for file in tests/bench/*.c tests/bench/*.sh; do
	[ -e "$file" ] || continue
	program=$file
	if [ "${file%.c}" != "$file" ]; then
		[ -e "${file%.c}.sh" ] && continue
		program=$build/${file%.c}
	fi
	if "$program" >"$work/log" 2>&1 </dev/null; then
		grep -E '^[^|#][^|]*\|[^|]+\|[^|]+$' "$work/log" >>"$work/table"
		sed -n "s|^# |$(basename "$program" .sh): |p" "$work/log"
	else
		echo "FAIL $file"
		tail -n 20 "$work/log" | sed 's/^/    | /'
		status=1
	fi
done

if [ -x "$build/stretchctl" ]; then
	for exercise in lying-towel standing-bend; do
		if ! measure_replay "$exercise"; then
			echo "FAIL replay $exercise"
			tail -n 20 "$work/log" | sed 's/^/    | /'
			status=1
		fi
	done
fi

if [ -s "$work/table" ]; then
	awk -F'|' '{ printf "%-44s %14s  %s\n", $1, $2, $3 }' "$work/table"
else
	echo 'bench: nothing was measured' >&2
	status=1
fi
exit $status
