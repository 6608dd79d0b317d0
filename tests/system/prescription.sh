#!/usr/bin/env bash
# The prescription through the command line: every mistake at once, blanks that wait
# for a clinician, the programme and its minutes, and acceptance that ends when the
# prescription changes. Expected figures are worked out beside each case.
. "$(dirname "$0")/../support/tap.sh"

data=$PWD/tests/data/prescriptions
examples=$PWD/scripts/examples/prescriptions
cd "$work" || exit 3
cp "$data/small.conf" .

# status_is STATUS: of the last run.
status_is() {
	[ "$status" = "$1" ] && return
	cat "$out" "$err"
	echo "exit status $status"
	return 1
}

# says FILE PATTERN...: every pattern is in it.
says() {
	local file=$1
	shift
	for pattern in "$@"; do
		grep -qE -- "$pattern" "$file" && continue
		echo "no \"$pattern\" in:"
		cat "$file"
		return 1
	done
}

# On a terminal: script(1) gives one, its answers come from the first argument.
on_terminal() {
	local answers=$1
	shift
	printf '%b' "$answers" | script -qec "$*" /dev/null >"$out" 2>"$err"
	status=$?
}

plan 34

# ---- check ----
run "$ctl" prescription check "$data/ten_mistakes.conf"
check 'mistakes: exit status 2' status_is 2
check 'all ten in one go, in the order of lines' \
	test "$(cut -d: -f2 "$err" | tr '\n' ' ')" = '2 3 4 5 6 7 9 11 13 17 '
check 'each with what to write instead' says "$err" \
	'5: lyin-towel: no such exercise\. write item lying-towel \{' \
	'6: hold_s: "30 s" is no number\. write a number from 3 to 120' \
	'9: cap: unknown key\. did you mean cap_deg\?' \
	'11: item wall-stand: .*not safe to judge.*\. write another exercise' \
	'3: accepted_by: .*stretchctl accept' '17: per_week: .*keep one'
run "$ctl" prescription check small.conf
check 'a complete one: exit status 0' status_is 0
check '... told in one line' says "$out" \
	'^small\.conf: right and complete: 2 items, 4 sessions$'
run "$ctl" prescription check "$examples/002-dynamic-and-static.conf"
check 'blanks: exit status 1' status_is 1
check 'thirteen blanks, each with its line' \
	test "$(grep -cE '\:[0-9]+: (hold_s|reps|per_day): it is left blank' "$err")" = 13
wrong=
for file in "$examples"/*.conf; do
	run "$ctl" prescription check "$file"
	case $(basename "$file") in 001-*) expected=0 ;; *) expected=1 ;; esac
	[ "$status" -eq $expected ] || wrong+="$file: $status "
done
check 'of the examples only those of leaflet 001 are complete' test -z "$wrong"
run "$ctl" prescription check none.conf
check 'no such file: exit status 3' status_is 3
run "$ctl" prescription check small.conf other.conf
check 'two files: exit status 2' status_is 2
run "$ctl" prescription dance small.conf
check 'unknown action: exit status 2' status_is 2

# ---- show ----
# A day: towel 2 legs x 2 x 30 s x 2 = 240 s, seated 2 legs x 45 s = 90 s: 5.5 min.
# Rests: towel 2 legs x 1 x 15 s x 2 = 60 s more: 6.5 min.
run "$ctl" prescription show small.conf
check 'show: minutes a day' says "$out" \
	'A day: 5\.5 min of stretch, 6\.5 min with the rests'
check 'show: doses of the leaflet are marked' says "$out" \
	'lying-towel +left, right +30\* +2 +15 +2 a day\* +morning, evening'
check 'show: one move of the strap, both items on one leg first' \
	test "$(grep -c 'move the sensor' "$out")" = 1 -a \
	"$(grep -cE '^ +2 +seated-leg +left +bent' "$out")" = 1
run "$ctl" prescription show "$examples/003-toe-touch.conf"
check 'show: a blank is a ?, and listed' says "$out" 'toe-touch +left +\? +\? +10 +\?' \
	'To be filled in:' '003-toe-touch\.conf:8: hold_s: '
check 'show: without a time, none is claimed' says "$out" 'How long it takes is not known'
run "$ctl" prescription show --json small.conf
json_right() {
	python3 -c '
import json, sys
p = json.load(open(sys.argv[1]))
assert p["wearer"] == "anna-1" and p["break_every_min"] == 60, p
assert [i["exercise"] for i in p["items"]] == ["lying-towel", "seated-leg"]
assert p["items"][0]["hold_s"] == 30 and p["items"][0]["cap_deg"] == 85
assert p["items"][0]["from_leaflet"] == ["hold_s", "per_day"]
assert p["items"][1]["target_lo_deg"] is None and p["items"][1]["per_week"] is None
assert [s["side"] for s in p["programme"]] == ["left", "left", "right", "right"]
assert p["stretch_s_a_day"] == 330 and p["total_s_a_day"] == 390
assert p["accepted"] is False and p["to_fill_in"] == []
' "$out"
}
if command -v python3 >/dev/null; then
	check 'show --json' json_right
else
	skip 'show --json' 'no python3'
fi
"$ctl" prescription show --as-file small.conf >effective.conf
"$ctl" prescription show --as-file effective.conf >again.conf
check 'show --as-file reads back to the same' cmp effective.conf again.conf

# ---- accept ----
accept() {
	run "$ctl" accept --state-dir "$work/state" "$@"
}
accept small.conf
check 'no terminal and no --yes: exit status 2' status_is 2
accept small.conf --yes
check '--yes without --by: exit status 2' status_is 2
accept "$examples/003-toe-touch.conf" --by Weiss --yes
check 'blanks are not accepted: exit status 1' status_is 1
accept "$data/ten_mistakes.conf" --by Weiss --yes
check 'mistakes are not accepted: exit status 2' status_is 2
check 'nothing was written so far' test ! -e state
accept small.conf --check
check 'not yet accepted: exit status 1' status_is 1
accept small.conf --by Weiss --yes
check 'accepted with --by and --yes' says "$out" '^accepted: by Weiss on 20[0-9-]+T'
check '... and when it begins' says "$out" 'begins when the wearer moves'
check 'the safety text is shown' says "$out" 'hip precautions' 'osteoporosis' \
	'pregnancy' 'pain below the knee' 'come up slowly'
record=state/anna-1/accepted.json
digest=$(sed -n 's/.*"prescription_sha256": "\([0-9a-f]*\)".*/\1/p' "$record")
check 'its digest is that of the canonical text, by sha256sum' \
	test "$digest" = "$(sha256sum <effective.conf | cut -d' ' -f1)"
accept effective.conf --check
check 'the same in other words needs no new one' status_is 0
sed -i 's/cap_deg = 85/cap_deg = 90/' small.conf
accept small.conf --check
check 'a higher cap needs a new one: exit status 1' status_is 1
on_terminal 'anna-1\nno\n' "$ctl" accept --state-dir "$work/state" small.conf
check 'on a terminal: no is no' status_is 1
accept small.conf --check
check '... and nothing is accepted' status_is 1
on_terminal '\nyes\n' "$ctl" accept --state-dir "$work/state" small.conf
check 'on a terminal: Enter for the wearer, and yes' says "$out" \
	'accepted: by anna-1 on 20'
run "$ctl" prescription show --state-dir "$work/state" small.conf
check 'show tells who and when' says "$out" '^accepted: by anna-1 on 20'
