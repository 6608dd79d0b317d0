#!/usr/bin/env bash
# Plants errors in the judging core and looks whether the tests notice.
#
#   scripts/mutants.sh [PATTERN]      PATTERN limits the names
#
# Every line of tests/mutants/list names a source, a unit test program and a sed
# script. The mutated source alone is compiled, the one test program relinked with
# it and run; it must fail in a named test. A script that changes nothing, does not
# compile, or hangs the program, is a failure of its own: the list has aged.
#
# Prints TAP; the exit status is 0 when every error was caught. `make mutants`
# builds what is needed before. Environment: STRETCH_BUILD (build), CC (gcc), JOBS.
set -u
cd "$(dirname "$0")/.." || exit 3

build=${STRETCH_BUILD:-build}
cc=${CC:-gcc}
list=tests/mutants/list

# One mutant: prints the rest of its TAP line after the number.
if [ "${1:-}" = --one ]; then
	scratch=$2 line=$3
	IFS=$'\t' read -r name source test script <<<"$line"
	mine=$scratch/$name
	mkdir -p "$mine"
	result() {
		printf '%s\n' "$1" >"$scratch/$name.result"
		rm -rf "$mine"
		exit 0
	}
	sed -e "$script" "$source" >"$mine/mutant.c" ||
		result "not ok - mutant $name: its sed script is wrong"
	cmp -s "$source" "$mine/mutant.c" &&
		result "not ok - mutant $name: its place is gone from $source"
	"$cc" -std=c11 -O1 -ffp-contract=off -w -Iinclude -Isrc -c -o "$mine/mutant.o" \
		"$mine/mutant.c" 2>"$mine/log" ||
		result "not ok - mutant $name does not compile: $(head -n 1 "$mine/log")"
	"$cc" -o "$mine/$test" "$build/obj/tests/unit/$test.o" \
		"$build/obj/tests/support/judge.o" "$build/obj/tests/support/effort.o" \
		"$build/obj/tests/support/setup_body.o" \
		"$mine/mutant.o" "$build/libpure.a" \
		-lcmocka -lm 2>"$mine/log" ||
		result "not ok - mutant $name does not link: $(head -n 1 "$mine/log")"
	CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 120 "$mine/$test" >"$mine/out" 2>&1
	status=$?
	[ $status -eq 0 ] && result "not ok - mutant $name survives $test"
	[ $status -eq 124 ] && result "not ok - mutant $name hangs $test"
	by=$(sed -n 's/^.*not ok [0-9]* - \([a-z_0-9]*\).*$/\1/p' "$mine/out" | head -n 1)
	[ -n "$by" ] || result "not ok - mutant $name: $test ended with $status, no test named"
	result "ok - mutant $name caught by $by"
fi

[ -e "$build/libpure.a" ] || {
	echo "scripts/mutants.sh: $build/libpure.a is not there. run make mutants" >&2
	exit 3
}
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
lines=$(grep -v '^#' "$list" | grep -e "${1:-}")
[ -n "$lines" ] || {
	echo "scripts/mutants.sh: no mutant matches \"${1:-}\"" >&2
	exit 2
}
printf '%s\n' "$lines" | tr '\n' '\0' |
	xargs -0 -P "${JOBS:-2}" -n 1 scripts/mutants.sh --one "$scratch"

count=0 missed=0
echo "1..$(printf '%s\n' "$lines" | wc -l)"
while IFS=$'\t' read -r name _; do
	count=$((count + 1))
	result="not ok - mutant $name left no result"
	[ -e "$scratch/$name.result" ] && read -r result <"$scratch/$name.result"
	case $result in not*) missed=$((missed + 1)) ;; esac
	printf '%s %d %s\n' "${result%% - *}" "$count" "- ${result#* - }"
done <<<"$lines"
echo "# $count planted errors, $missed not caught"
[ $missed -eq 0 ]
