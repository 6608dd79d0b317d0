#!/usr/bin/env bash
# What `make run` shows: two good holds and one that is rightly short, plain lines when
# nobody looks, drawn in place on a terminal, the session's path, its table and the
# report's path at the end. How long it takes is printed, not judged.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

# A build folder of its own: the demo keeps its sessions below it.
mkdir "$work/build"
ln -s "$ctl" "$daemon" "$work/build/"
export STRETCH_BUILD=$work/build

escape=$(printf '\033')

# The column of a CSV file by name, without its header.
column() {
	awk -F, -v name="$2" '
		{ sub(/\r$/, "") }
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next }
		{ print $at }' "$1" | tr '\n' ' '
}

path_in() {
	tr -d '\r' <"$1" | grep -E '^/.*/sessions/[0-9]{6}-[^/]+$'
}

all_files() {
	local file
	for file in session.json inputs.json holds.csv samples.csv raw.csv.gz datapackage.json; do
		[ -s "$1/$file" ] || { echo "$file is missing"; return 1; }
	done
}

plan 11
start=$(date +%s%N)
run scripts/demo.sh
end=$(date +%s%N)
echo "# make run's session: $(((end - start) / 100000000)) tenths of a second"
folder=$(path_in "$out")
check 'exit status 0' test $status -eq 0
check 'nothing on standard error' test ! -s "$err"
check 'the path of one session is printed' test -d "$folder"
report=$(tr -d '\r' <"$out" | grep -oE '/[^ ]*/report\.html')
check 'the report is there, under the path that is printed' grep -q '</html>' "$report"
check 'the session is complete' all_files "$folder"
check 'results: done done short' \
	test "$(column "$folder/holds.csv" result)" = 'done done short '
check 'the short one was ended by the leg' \
	test "$(column "$folder/holds.csv" reason)" = '  leg_down '
check 'plain lines: nothing to move a cursor' \
	test "$(grep -c "$escape" "$out"):$(grep -c ' counting ' "$out" | sed 's/^[1-9].*/some/')" \
	= 0:some
holds_table() {
	grep -A 4 '^hold ' "$out" | grep -cE '^ +[123] +(done|short) '
}
check 'the holds follow as a table' test "$(holds_table)" -eq 3

if command -v script >/dev/null; then
	run script -qec 'stty rows 24 cols 80; scripts/demo.sh speed=200' /dev/null
	tr -d '\r' <"$out" >"$work/terminal"
	drawn() {
		grep -q "${escape}\[[0-9]*A" "$work/terminal" && # up again: in place
			grep -q 'lying-towel, left leg (simulated, 200x)' "$work/terminal" &&
			grep -q "${escape}\[?25h" "$work/terminal" # the cursor is given back
	}
	check 'on a terminal it is drawn in place and says its speed' drawn
	# what a line shows, without colours, fits; the path is as long as it is
	longest=$(sed "s/${escape}\[[0-9;?]*[A-Za-z]//g" "$work/terminal" |
		awk '!/^\// { if (length($0) > n) n = length($0) } END { print n }')
	check "no line is wider than 80 columns (here $longest)" test "$longest" -le 80
else
	skip 'on a terminal' 'script is missing'
	skip 'on 80 columns' 'script is missing'
fi
