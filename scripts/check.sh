#!/usr/bin/env bash
# The long list of checks: `make check` runs it.
#
#   scripts/check.sh [PART...]      default: all parts
#
# The part gcc is first; after it two rows of parts run beside each other, so that what
# waits (for the network, for a booting tree, for one processor) costs no time.
# Each part prints its time, and the processors', which other work on the machine does not
# change; a failed one the end of its log. A part that sums up single results itself
# (tests, fuzzers) counts with them, any other counts as one.
# The last line is "N passed, N failed, N skipped"; the exit status is 0 or 1.
# Environment: STRETCH_BUILD (build), XDG_CACHE_HOME (unpacked foreign libraries),
# TIDY_NODES (75000; how far clang's analyser follows the ways through one function:
# its own limit of 225000 takes more than twice as long. make soak has it).
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
build=${STRETCH_BUILD:-build}/check
cache=${XDG_CACHE_HOME:-$HOME/.cache}/stretchd
jobs=$(nproc)
# What uses the build folder of the part gcc is in one row, and so is what uses clang's.
row_1='clang sanitize thread analyze gpiod tidy fuzz'
row_2='deb arm64 cppcheck mutants schemas shell'
all_parts="gcc $row_1 $row_2"
skip_status=77
tidy_nodes=${TIDY_NODES:-75000}

build_with() {
	make --no-print-directory -j"$jobs" "$@"
}

# Says why and leaves the part as skipped.
skip() {
	echo "skipped: $*"
	exit $skip_status
}

part_gcc() { # gcc: no warning in programs, tests and benches
	build_with -k BUILD="$build/gcc" CC=gcc WERROR=1 programs tests
}

with_sanitizers() {
	build_with BUILD="$build/clang" CC=clang OPT=-O1 SAN=address,undefined WERROR=1 "$@"
}

part_clang() { # clang: the same
	# Its warnings come before the optimizer and the sanitizers' marks.
	with_sanitizers -k programs tests
}

part_sanitize() { # unit tests under the address and undefined-behaviour sanitizers
	with_sanitizers programs unit-programs &&
		ASAN_OPTIONS=detect_stack_use_after_return=1 \
		UBSAN_OPTIONS=print_stacktrace=1 \
		STRETCH_BUILD="$build/clang" tests/run unit
}

part_thread() { # the writing thread under the thread sanitizer
	build_with BUILD="$build/thread" OPT=-O1 SAN=thread T=ring unit-programs &&
		build_with BUILD="$build/thread" OPT=-O1 SAN=thread T=writer unit-programs &&
		build_with BUILD="$build/thread" OPT=-O1 SAN=thread T=run_close unit-programs &&
		STRETCH_BUILD="$build/thread" tests/run --only ring unit &&
		STRETCH_BUILD="$build/thread" tests/run --only writer unit &&
		STRETCH_BUILD="$build/thread" tests/run --only run_close unit
}

part_analyze() { # gcc -fanalyzer on the edges
	# gcc takes a loop that fills and one that reads for strangers to each other, even
	# with the same bound; the sanitizers and clang's analyser look for unset values.
	build_with -k BUILD="$build/analyze" CC=gcc WERROR=1 \
		CFLAGS='-fanalyzer -Wno-analyzer-use-of-uninitialized-value' \
		"$build/analyze/liblinux.a"
}

# The sources of a room, none when the room is empty.
sources() {
	find src -name '*.c' | grep -vF "$other_lines" | sort
}

part_cppcheck() { # cppcheck: warning, performance, portability
	# Left out: a finding of style severity, which is not asked for but shown by 2.10,
	# and the note of 2.17 that it stops at a depth.
	cppcheck --quiet --std=c11 --library=posix -D_GNU_SOURCE -D__linux__ \
		--enable=warning,performance,portability --inline-suppr \
		--suppress=duplicateAssignExpression --suppress=normalCheckLevelMaxBranches \
		--error-exitcode=1 -j "$jobs" -Iinclude -Isrc src
}

part_tidy() { # clang-tidy with the checks of .clang-tidy
	local flags
	flags=$(make -s --no-print-directory flags) || return 1
	# What a verdict rests on beside the source and its headers.
	tidy_with=$({
		clang-tidy --version
		dpkg-query -W 2>/dev/null
		cat .clang-tidy
		echo "$flags $tidy_nodes"
	} | sha256sum)
	export flags tidy_with
	mkdir -p "$build/tidy"
	# One file a call: clang-tidy 14 carries va_list findings from one to the next.
	sources | xargs -r -P "$jobs" -n 1 scripts/check.sh --tidy
}

# One source; one that was right is not looked at again until it, or something that it
# includes (by the list of the gcc part), has changed.
tidy_one() {
	local depends=$build/gcc/obj/${1%.c}.d seen='' now=
	local kept=$build/tidy/${1//\//_}

	if [ "$depends" -nt "$1" ]; then
		now=$({
			echo "$tidy_with"
			sed -e 's/^[^ :]*://' -e 's/\\$//' "$depends" | tr ' ' '\n' |
				grep -E '^[^/].*\.[ch]$' | sort -u | xargs cat
		} 2>/dev/null | sha256sum)
	fi
	[ -e "$kept" ] && read -r seen <"$kept"
	[ -z "$now" ] || [ "$seen" != "$now" ] || return 0
	rm -f "$kept"
	# shellcheck disable=SC2086 # words
	clang-tidy --quiet "$1" -- $flags -Xclang -analyzer-config \
		-Xclang max-nodes="$tidy_nodes" 2>/dev/null || return 1
	[ -z "$now" ] || echo "$now" >"$kept"
}

part_shell() { # every script under shellcheck
	find scripts tests .ci -type f \( -name '*.sh' -o -path tests/run -o -path .ci/run \) \
		-print0 | xargs -0 -r shellcheck -x -P SCRIPTDIR:. -S warning
}

part_gpiod() { # both libgpiod back ends, compiled and linked
	local root
	if pkg-config --atleast-version=2 libgpiod; then
		skip 'this release has libgpiod 2; its back end is in every build, 1.x is built on Debian 12'
	fi
	root=$(scripts/fetch-gpiod2.sh "$cache/gpiod2") || skip 'libgpiod 2 could not be fetched'
	# One file is another than in the part gcc. It is compiled as there; the rest, whose
	# warnings have been seen, as fast as can be, and of the tests those that see the lines.
	build_with BUILD="$build/gpiod2_o2" LIBROOT="$root" WERROR=1 \
		"$build/gpiod2_o2/obj/src/linux/lines_gpiod2.o" &&
		build_with BUILD="$build/gpiod2" LIBROOT="$root" OPT='-O0 -g0' programs &&
		build_with BUILD="$build/gpiod2" LIBROOT="$root" OPT='-O0 -g0' T=lines \
			unit-programs ||
		return 1
	if [ -e "$build/gpiod2/stretchd" ] &&
			! readelf -d "$build/gpiod2/stretchd" | grep -qF 'libgpiod.so.3'; then
		echo 'the daemon of this build does not need libgpiod.so.3'
		return 1
	fi
}

part_arm64() { # cross build, and the same bytes as here
	local root
	root=$(scripts/fetch-arm64.sh "$cache") || skip 'the arm64 libraries could not be fetched'
	build_with BUILD="$build/gcc" CC=gcc WERROR=1 programs &&
		build_with BUILD="$build/arm64" CROSS=aarch64-linux-gnu- LIBROOT="$root" WERROR=1 \
			programs &&
		scripts/same-bytes.sh "$build/gcc/stretchctl" "$build/arm64/stretchctl" "$root"
}

part_schemas() { # exports against the schemas of FHIR and Frictionless
	local root
	root=$(scripts/fetch-schemas.sh "$cache/schemas") || skip 'the schemas could not be fetched'
	build_with BUILD="$build/gcc" CC=gcc WERROR=1 programs &&
		STRETCH_SCHEMAS=$root STRETCH_BUILD=$build/gcc tests/run --only clinician system
}

part_deb() { # this machine's package: lintian, and a life in a clean tree
	local deb release
	scripts/install-deps.sh deb || skip 'the packaging tools could not be installed'
	release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	deb=$(STRETCH_BUILD="$build" scripts/deb.sh "$(dpkg --print-architecture)") || return 1
	scripts/deb-test.sh "$deb" "$release" >"$build/deb.tap"
	status=$?
	cat "$build/deb.tap"
	! grep -q '^1\.\.0 # SKIP' "$build/deb.tap" || skip "$(cut -d' ' -f4- "$build/deb.tap")"
	return $status
}

part_fuzz() { # each fuzzer for ten seconds, from its kept corpus
	STRETCH_BUILD=$build scripts/fuzz.sh 10
}

part_mutants() { # errors planted in the judging core, each noticed by a test
	build_with BUILD="$build/gcc" CC=gcc WERROR=1 mutants
}

# What a person needs of a failed part's log: every finding once, then its end.
show_failure() {
	grep -E '(error|warning|Sanitizer): |^(FAIL|not ok)' "$1" | sort -u | head -n 40 |
		sed 's/^/    > /'
	grep -vE '^  (CC|LD|AR) ' "$1" | tail -n 25 | sed 's/^/    | /'
	echo "    the whole log: $1"
}

# User and system seconds of what has ended, as times(1p) has written them.
cpu_s() {
	awk -F'[ms ]+' 'END { print int($1 * 60 + $2 + $3 * 60 + $4) }' "$1"
}

# One part: its lines are written at once, so that two rows do not mix theirs.
run_part() {
	local part=$1 log=$build/$1.log what start cpu status spent counts p f s word
	what=$(sed -n "s/^part_$part() { # //p" "$0")
	start=$(date +%s)
	times >"$build/$part.times"
	cpu=$(cpu_s "$build/$part.times")
	("part_$part") >"$log" 2>&1 </dev/null
	status=$?
	spent=$(($(date +%s) - start))
	times >"$build/$part.times"
	cpu=$(($(cpu_s "$build/$part.times") - cpu))
	rm -f "$build/$part.times"
	counts=$(tail -n 1 "$log" | grep -xE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped')
	if [ -n "$counts" ]; then
		read -r p f s <<<"$(echo "$counts" | tr -dc '0-9 \n' | tr -s ' ')"
		[ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
	elif [ "$status" -eq 0 ]; then p=1 f=0 s=0
	elif [ "$status" -eq $skip_status ]; then p=0 f=0 s=1
	else p=0 f=1 s=0; fi
	if [ "$f" -gt 0 ]; then word=FAIL
	elif [ "$p" -eq 0 ]; then word=skip
	else word=ok; fi
	{
		printf '%-4s %-9s %s: %d passed, %d failed, %d skipped (%d s, CPU %d s)\n' \
			"$word" "$part" "$what" "$p" "$f" "$s" "$spent" "$cpu"
		if [ "$f" -gt 0 ]; then
			show_failure "$log"
		else
			grep -E '^(skipped:|skip )|^    skipped:' "$log" | sed 's/^ */    /'
		fi
	} >"$build/$part.text"
	cat "$build/$part.text"
	echo "$p $f $s" >"$build/$part.result"
}

if pkg-config --atleast-version=2 libgpiod; then
	other_lines=src/linux/lines_gpiod1.c
else
	other_lines=src/linux/lines_gpiod2.c
fi
case ${1:-} in
--tidy)
	tidy_one "$2"
	exit ;;
--row)
	for part in $2; do run_part "$part"; done
	exit 0 ;;
esac
parts=${*:-$all_parts}
for part in $parts; do
	case " $all_parts " in
	*" $part "*) ;;
	*)
		echo "check: no part \"$part\". Parts: $all_parts" >&2
		exit 2 ;;
	esac
done
mkdir -p "$build" || exit 3

# Those of a row that are wanted, in the row's order.
wanted() {
	local part
	for part in "$@"; do
		case " $parts " in
		*" $part "*) printf '%s ' "$part" ;;
		esac
	done
}

for part in $parts; do rm -f "$build/$part.result"; done
[ -z "$(wanted gcc)" ] || run_part gcc
# shellcheck disable=SC2086 # words
printf '%s\0' "$(wanted $row_1)" "$(wanted $row_2)" |
	xargs -0 -P 2 -n 1 scripts/check.sh --row

passed=0 failed=0 skipped=0
for part in $parts; do
	p=0 f=1 s=0 # when it has left none
	[ ! -e "$build/$part.result" ] || read -r p f s <"$build/$part.result"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
