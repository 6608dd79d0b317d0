#!/usr/bin/env bash
# The manual's parts that come from the programs: fills them in, or checks them.
#
#   scripts/manual.sh [--check]
#
# A page holds marks:  .\" BEGIN table NAME   what man/manual.c prints of a table
#                      .\" BEGIN help WORDS   what `WORDS --help` prints
# each up to .\" END. man/stretchd.conf.example is what stretchd --print-config prints.
# --check changes nothing and says which file is not as it would be made; status 1.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
build=${STRETCH_BUILD:-build}
check=
[ "${1:-}" = --check ] && check=1
status=0

# A help text as a literal block: mdoc's special characters are taken their meaning. It is
# up to 80 columns wide and begins at the first one: mandoc takes the offset, groff the
# request, which mandoc does not see.
help_of() {
	echo '.Bd -literal -offset -5n'
	echo '.if d doc-get-width .in 0'
	case $1 in
	stretchd) "$build/stretchd" --help ;;
	*) "$build/stretchctl" "${1#stretchctl }" --help ;;
	esac | sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/"
	echo '.Ed'
}

page_of() {
	local line skip=
	while IFS= read -r line; do
		case $line in
		'.\" BEGIN table '*)
			echo "$line"
			"$build/manual" "${line#*table }" || return 1
			skip=1 ;;
		'.\" BEGIN help '*)
			echo "$line"
			help_of "${line#*help }" || return 1
			skip=1 ;;
		'.\" END')
			echo "$line"
			skip= ;;
		*)
			[ -n "$skip" ] || printf '%s\n' "$line" ;;
		esac
	done <"$1"
}

# put FILE NEW: NEW in its place, or told to differ.
put() {
	if cmp -s "$1" "$2"; then
		rm -f "$2"
	elif [ -n "$check" ]; then
		echo "$1 is not as the programs are: make manual"
		diff "$1" "$2" | head -n 5
		rm -f "$2"
		status=1
	else
		mv "$2" "$1"
		echo "$1"
	fi
}

new=$(mktemp) || exit 3
trap 'rm -f "$new"' EXIT
for page in man/*.[1-8]; do
	page_of "$page" >"$new" || { echo "$page: cannot be made" >&2; exit 3; }
	put "$page" "$new"
done
"$build/stretchd" --print-config >"$new" || exit 3
put man/stretchd.conf.example "$new"
exit $status
