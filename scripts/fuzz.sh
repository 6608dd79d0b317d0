#!/usr/bin/env bash
# Runs each fuzzer of tests/fuzz for a time, two at once, from its kept corpus.
#
#   scripts/fuzz.sh [--soak] SECONDS
#
# Short runs start from a fixed seed, so that a check gives the same answer twice.
# --soak takes a fresh seed and keeps what it finds in the build folder for the next
# soak. A crash leaves its input beside the log; put it into tests/fuzz/corpus/NAME.
# The last line is "N passed, N failed, N skipped", one result a fuzzer.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
build=${STRETCH_BUILD:-build}
soak=
[ "${1:-}" = --soak ] && { soak=1; shift; }
seconds=${1:-}
case $seconds in
'' | *[!0-9]*)
	echo 'usage: scripts/fuzz.sh [--soak] SECONDS' >&2
	exit 2 ;;
esac

names=
for file in tests/fuzz/fuzz_*.c; do
	[ -e "$file" ] && names="$names $(basename "$file" .c)"
done
if [ -z "$names" ]; then
	echo 'no fuzzer in tests/fuzz yet'
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi
make --no-print-directory BUILD="$build" fuzzers || {
	echo '0 passed, 1 failed, 0 skipped'
	exit 1
}
work=$build/fuzz/run
mkdir -p "$work" || exit 3

fuzz_one() {
	local name=$1 kept found seed
	kept=tests/fuzz/corpus/${name#fuzz_}
	[ -d "$kept" ] || kept=
	found=$work/$name.found
	[ -n "$soak" ] || rm -rf "$found"
	mkdir -p "$found"
	seed=1
	[ -n "$soak" ] && seed=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')
	echo "$name: seed $seed, corpus ${kept:-none}"
	# The first folder takes new inputs, the others are only read.
	"$build/fuzz/tests/fuzz/$name" -max_total_time="$seconds" -seed="$seed" \
		-timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$work/$name." "$found" ${kept:+"$kept"} \
		>"$work/$name.log" 2>&1 </dev/null
	echo $? >"$work/$name.status"
}

running=0
rm -f "$work"/*.status
for name in $names; do
	fuzz_one "$name" &
	running=$((running + 1))
	if [ $((running % 2)) -eq 0 ]; then wait; fi
done
wait

passed=0 failed=0
for name in $names; do
	if [ "$(cat "$work/$name.status" 2>/dev/null)" = 0 ]; then
		passed=$((passed + 1))
		awk -v name="$name" '
			/number_of_executed_units/ { runs = $2 }
			/ cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cover = $(i + 1) }
			END { printf "ok   %s: %d runs, %d edges\n", name, runs, cover }' "$work/$name.log"
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		tail -n 40 "$work/$name.log" | sed 's/^/    | /'
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
