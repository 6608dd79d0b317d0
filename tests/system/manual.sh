#!/usr/bin/env bash
# The manual and the completion against the programs: every option, command, setting,
# column and LED pattern is there; the pages are well formed; the example is complete.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

plan 28
root=$PWD

# has FILE WORD...: each word stands in the page; hyphens may be \-.
has() {
	local page=$1 word missing=
	shift
	sed 's/\\-/-/g' "$root/man/$page" >"$work/page"
	[ $# -gt 0 ] || { echo 'no words to look for'; return 1; }
	for word in "$@"; do
		grep -qF -- "$word" "$work/page" || missing="$missing $word"
	done
	[ -z "$missing" ] || { echo "$page lacks$missing"; return 1; }
}

check 'the parts from tables are as the programs are' scripts/manual.sh --check

options() {
	"$@" --help | grep -o -- '--[a-z][a-z-]*' | sort -u
}
commands() {
	"$ctl" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'
}
# shellcheck disable=SC2046
check 'stretchd(8): every option' has stretchd.8 $(options "$daemon")
# shellcheck disable=SC2046
check 'stretchctl(1): every command' has stretchctl.1 $(commands | sed 's/^/.Ss /')
for command in $(commands); do
	options "$ctl" "$command"
done | sort -u >"$work/options"
# shellcheck disable=SC2046
check 'stretchctl(1): every option of each' has stretchctl.1 $(cat "$work/options")
check 'stretchd(8): every LED pattern' has stretchd.8 'It Cm wait' 'It Cm go' 'It Cm move' \
	'It Cm count' 'It Cm pause' 'It Cm fix' 'It Cm done' 'It Cm short' 'It Cm fault'
keys() {
	"$daemon" --print-config | sed -n 's/^\t\(# \)\{0,1\}\([a-z_]*\) =.*/\2/p'
}
has_lines() {
	local page=$1 line missing=
	shift
	sed 's/\\-/-/g' "$root/man/$page" >"$work/page"
	[ $# -gt 50 ] || { echo "only $# names"; return 1; }
	for line in "$@"; do
		grep -qxF -- ".It Cm $line" "$work/page" || missing="$missing $line"
	done
	[ -z "$missing" ] || { echo "$page lacks$missing"; return 1; }
}
# shellcheck disable=SC2046
check 'stretchd.conf(5): every setting' has_lines stretchd.conf.5 $(keys)

has_files() {
	[ $# -gt 10 ] || { echo "only: $*"; return 1; }
	has "$@"
}
"$daemon" sensor=simulate:lying-towel pelvis=yes speed=1000 "state_dir=$work/state" \
	control= >/dev/null 2>&1
folder=$(find "$work/state/wearer/sessions" -mindepth 1 -maxdepth 1 | head -n 1)
names() {
	{ head -n 1 "$folder/samples.csv"; head -n 1 "$folder/holds.csv"
	zcat "$folder/raw.csv.gz" | head -n 1; } | tr -d '\r' | tr ',' '\n' | sort -u
}
# shellcheck disable=SC2046
check 'stretchd-files(5): every column of a session' has_lines stretchd-files.5 $(names)

"$ctl" clock ok --state-dir "$work/state" >/dev/null
"$ctl" accept --state-dir "$work/state" --by=clinic --yes >/dev/null
files() {
	(cd "$work/state" && find . -type f -printf '%f\n' | sort -u)
	echo person.json # of a worn sensor
}
# shellcheck disable=SC2046
check 'stretchd-files(5): every file of the state folder' has_files stretchd-files.5 $(files)

check 'the example is good' "$daemon" --check -c man/stretchd.conf.example
keys >"$work/keys"
check '... and complete' sh -c "sed -n 's/^\t\(# \)\{0,1\}\([a-z_]*\) =.*/\2/p' \
	man/stretchd.conf.example | cmp - '$work/keys'"

for page in man/*.[1-8]; do
	if ! command -v mandoc >/dev/null; then
		skip "mandoc: $page" 'mandoc is not installed'
	else
		check "mandoc: $page" mandoc -Tlint -W warning "$page"
	fi
done
warned() {
	local words
	words=$(LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l -Tutf8 "$1" 2>&1 >"$work/shown")
	[ -z "$words" ] || { echo "$words"; return 1; }
	# bold and underlined letters are printed over another
	words=$(export LC_ALL=C.UTF-8; sed 's/.\x08//g' "$work/shown" | grep -E '.{81}')
	[ -z "$words" ] || { echo "beyond 80 columns: $words"; return 1; }
}
for page in man/*.[1-8]; do
	if ! command -v man >/dev/null || ! command -v groff >/dev/null; then
		skip "man: $page" 'man or groff is not installed'
	else
		check "man: $page" warned "$page"
	fi
done

# complete_words PROGRAM WORD...: what the completion offers behind these words.
complete_words() {
	PATH=$build:$PATH bash -c '
		. "completion/$1"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		compopt() { :; }
		"_$1"
		printf "%s\n" "${COMPREPLY[@]}"' _ "$@"
}
complete_words stretchctl '' | sort >"$work/offered"
commands | sort >"$work/commands"
check 'completion: every command' cmp "$work/offered" "$work/commands"
complete_words stretchctl stop --r >"$work/offered"
check 'completion: options of a command' test "$(cat "$work/offered")" = --reason
# offered WORDS PROGRAM WORD...: these, in a line, and nothing else.
offered() {
	local wanted=$1 words
	shift
	words=$(complete_words "$@" | sort | tr '\n' ' ')
	[ "$words" = "$wanted " ] || { echo "$* offers: $words"; return 1; }
}
check 'completion: values that the help tells' offered 'left right' stretchctl report --side ''
check 'completion: exercises' offered 'standing-bend standing-wide' \
	stretchctl export --exercise standing
check 'completion: a word of the command itself' offered 'check show' \
	stretchctl prescription ''
check 'completion: a file after --config, no settings' offered LICENSE stretchd --config LI
complete_words stretchd target_ >"$work/offered"
check 'completion: settings' test "$(cat "$work/offered")" = target_lo_deg=

# A word too many is wrong usage with every command, and is told by name and with what to
# do, in the same way by all.
words_too_many() {
	local command wrong=0
	for command in $(commands); do
		run "$ctl" "$command" surplus-1 surplus-2 surplus-3 --
		[ "$status" -eq 2 ] && grep -Eq "^[a-z]+( [a-z]+)?: surplus-[123]: .*(see \
stretchctl $command --help|write key=value)\$" "$err" && continue
		echo "$command: exit status $status"
		cat "$err"
		wrong=1
	done
	return $wrong
}
check 'a word too many is told by every command' words_too_many
