#!/usr/bin/env bash
# Proves that one recording gives the same bytes on x86-64 and arm64.
#
#   scripts/same-bytes.sh STRETCHCTL ARM64_STRETCHCTL ARM64_ROOT
#
# Simulates, replays and orients with both programs, the arm64 one under qemu with
# the libraries of ARM64_ROOT, and compares every file with cmp. Real recordings of
# STRETCH_DATA (../shared/data), where they exist, are oriented and judged by both too.
# The last line is "N passed, N failed, N skipped"; the exit status is 0 or 1.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
. scripts/session-lib.sh
if [ $# -ne 3 ]; then
	echo 'usage: scripts/same-bytes.sh STRETCHCTL ARM64_STRETCHCTL ARM64_ROOT' >&2
	exit 2
fi
qemu=$(command -v qemu-aarch64 || command -v qemu-aarch64-static) || {
	echo 'same-bytes: qemu-aarch64 is missing (package qemu-user)' >&2
	exit 3
}
here=("$1")
there=("$qemu" -L "$3" "$2")
data=${STRETCH_DATA:-../shared/data}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# Both programs must have written the file, and not an empty one.
same() {
	if [ -s "$work/here/$1" ] && cmp "$work/here/$1" "$work/there/$1"; then
		passed=$((passed + 1))
		echo "ok   $1 ($(wc -l <"$work/here/$1") lines)"
	else
		failed=$((failed + 1))
		echo "FAIL $1"
	fi
}

# both JOB FILE ARGUMENT...: one of the three jobs, by each program.
both() {
	local job=$1 file=$2
	shift 2
	"$job" "$work/here/$file" "$@" "${here[@]}" || echo "$file: stretchctl failed here"
	"$job" "$work/there/$file" "$@" "${there[@]}" || echo "$file: stretchctl failed on arm64"
}

mkdir -p "$work/here" "$work/there"
for exercise in lying-towel lying-hands lying-strap doorway seated-leg seated-butterfly \
	standing-bend alternate-bend; do
	both simulate_to "$exercise.csv" "$exercise"
	same "$exercise.csv"
	both replay_to "$exercise" "$work/here/$exercise.csv" "$exercise"
	same "$exercise/samples.csv"
	same "$exercise/holds.csv"
	both orient_to "$exercise.orient.csv" "$work/here/$exercise.csv"
	same "$exercise.orient.csv"
done

found=
for recording in "$data"/recordings/broad_24*.csv* "$data"/recordings/qmt_stand_sit_walk*.csv*; do
	[ -e "$recording" ] || continue
	found=1
	name=$(basename "$recording").orient.csv
	both orient_to "$name" "$recording"
	same "$name"
done
for side in left right; do
	recording=$data/recordings/qmt_stand_sit_walk_$side.csv
	[ -e "$recording" ] || continue
	both person_to "person-$side" "$recording" "$side"
	same "person-$side/samples.csv"
	same "person-$side/holds.csv"
done
if [ -z "$found" ]; then
	skipped=$((skipped + 1))
	echo "skip real recordings: $data is not there"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
