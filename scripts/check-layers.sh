#!/usr/bin/env bash
# Proves the layering of the source tree; tests/layers/selftest.sh proves the proof.
#
#   scripts/check-layers.sh [TREE [BUILD]]     default: this tree, its build folder
#
# Prints TAP. Four checks:
#   1. each room includes only what tests/layers/includes.rules allows;
#   2. objects of the pure rooms call only each other and tests/layers/pure.allow;
#   3. objects of the pure rooms hold no writable data (no mutable static);
#   4. the daemon needs only the libraries of tests/layers/daemon.needed.
# The objects must come from a plain build: sanitizers add symbols of their own.
# Exit status: 0 all hold, 1 one does not, 2 wrong usage, 3 a tool is missing.
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")/.." && pwd)
rules=$here/tests/layers

if [ $# -gt 2 ] || [ "${1:-}" = --help ]; then
	sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
	[ "${1:-}" = --help ] && exit 0
	exit 2
fi
tree=${1:-$here}
build=${2:-${STRETCH_BUILD:-build}}
cd "$tree" || exit 3
for tool in nm readelf; do
	command -v "$tool" >/dev/null || { echo "check-layers: $tool is missing (package binutils)" >&2; exit 3; }
done

pure_rooms="core imu sim"
number=0
status=0

# One TAP line; findings (one a line) make it fail.
report() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
		status=1
	fi
}

# The list of a data file without comments and blank lines.
words_of() {
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$1"
}

find_includes() {
	local room patterns file line text name pattern verdict
	words_of "$rules/includes.rules" | while read -r room patterns; do
		[ -d "$room" ] || continue
		# Name every include with its line: "file:line:include <x.h>".
		grep -nE '^[[:space:]]*(#|%:|\?\?=)[[:space:]]*(include|import|include_next|embed)' \
			-r --include='*.[ch]' --include='*.inc' "$room" |
		while IFS=: read -r file line text; do
			name=
			[[ $text =~ ^[^\<\"]*(\<[^\>]*\>|\"[^\"]*\") ]] && name=${BASH_REMATCH[1]}
			verdict=refused
			set -f
			for pattern in $patterns; do
				set +f
				case $pattern in
				own)
					case $name in */*) ;; \"*) verdict=allowed; break ;; esac ;;
				!*)
					# shellcheck disable=SC2254
					case $name in ${pattern#!}) break ;; esac ;;
				*)
					# shellcheck disable=SC2254
					case $name in $pattern) verdict=allowed; break ;; esac ;;
				esac
			done
			set +f
			[ "$verdict" = allowed ] ||
				echo "$file:$line: includes ${name:-something computed}, which $room may not"
		done
	done
	# A folder without a rule would not be looked at.
	for room in src/*/ include/*/; do
		[ -d "$room" ] || continue
		words_of "$rules/includes.rules" | cut -d' ' -f1 | grep -qxF "${room%/}" ||
			echo "$room: no rule in tests/layers/includes.rules"
	done
}

# Objects of the sources that are there now (a build folder may hold older ones).
pure_objects() {
	local room file object
	for room in $pure_rooms; do
		for file in "src/$room"/*.c; do
			[ -e "$file" ] || continue
			object=$build/obj/${file%.c}.o
			echo "$object"
		done
	done
}

source_of() {
	local file=${1#"$build"/obj/}
	echo "${file%.o}.c"
}

# One nm for all objects; its lines are "OBJECT: SYMBOL TYPE ...".
find_calls() {
	nm --print-file-name --format=posix "$@" | awk -v prefix="$build/obj/" -v allow="$rules/pure.allow" '
		BEGIN {
			while ((getline line < allow) > 0) {
				sub(/[ \t]*#.*/, "", line)
				known[line] = 1
			}
		}
		{
			file = substr($1, length(prefix) + 1); sub(/\.o:$/, ".c", file)
			if ($3 == "U" || $3 == "w") call[++calls] = file " " $2
			else if ($3 ~ /^[A-Z]$/) known[$2] = 1
		}
		END {
			for (i = 1; i <= calls; i++) {
				split(call[i], part, " ")
				if (!(part[2] in known))
					print part[1] ": calls " part[2] \
						", which is neither pure nor in pure.allow"
			}
		}'
}

# By section, not by letter: constant tables of pointers sit in .data.rel.ro, which
# nm marks like variables but which is read-only when the program runs.
find_writable() {
	nm --print-file-name --format=sysv "$@" | awk -F'|' -v prefix="$build/obj/" '
		NF >= 7 {
			gsub(/ /, "", $3); gsub(/[ \t]/, "", $7)
			if ($7 ~ /^\.data\.rel\.ro/) next
			if ($7 ~ /^\.(data|bss|tdata|tbss|sdata|sbss|init_array|ctors)/ ||
					$7 == "*COM*" || $3 == "C") {
				file = name = substr($1, length(prefix) + 1)
				sub(/\.o:.*/, ".c", file)
				sub(/^[^:]*:/, "", name); sub(/[ ]*$/, "", name); sub(/\.[0-9]+$/, "", name)
				print file ": " name " is writable (section " $7 "): no mutable static here"
			}
		}'
}

find_needed() {
	local known
	known=$(words_of "$rules/daemon.needed")
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*/\1/p' | while read -r lib; do
		printf '%s\n' "$known" | grep -qxF -- "$lib" ||
			echo "$1: needs $lib, which is not in tests/layers/daemon.needed"
	done
}

echo 1..4
report 'each room includes only what it may' "$(find_includes)"

objects=$(pure_objects)
missing=$(for object in $objects; do [ -e "$object" ] || echo "$(source_of "$object"): was not built"; done)
if [ -z "$objects" ]; then
	echo "ok 2 - # SKIP no pure source yet"
	echo "ok 3 - # SKIP no pure source yet"
	number=3
elif [ -n "$missing" ]; then
	report 'pure objects call only pure functions' "$missing"
	report 'pure objects hold no writable data' "$missing"
else
	# shellcheck disable=SC2086
	report 'pure objects call only pure functions' "$(find_calls $objects)"
	# shellcheck disable=SC2086
	report 'pure objects hold no writable data' "$(find_writable $objects)"
fi

if [ -e "$build/stretchd" ]; then
	report 'the daemon needs only its own libraries' "$(find_needed "$build/stretchd")"
else
	echo "ok 4 - # SKIP no daemon was built"
fi
exit $status
