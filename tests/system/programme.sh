#!/usr/bin/env bash
# stretchd follows a prescription: nothing before it is accepted, then one session folder
# a step under one run_id, each of which replays to the same bytes; a recording goes on
# from step to step; SIGHUP. Expected steps are written out from the prescription.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

cd "$work" || exit 3
cat >p.conf <<'END'
wearer = anna-1
sides = left, right
order = side
item lying-towel {
	hold_s = 10
	reps = 1
	per_day = 2
	other_leg = bent
	target_lo_deg = 50
	cap_deg = 85
}
item doorway {
	hold_s = 10
	reps = 2
	per_day = 1
}
END
state=$work/state
sessions=$state/anna-1/sessions
set -- "state_dir=$state" prescription=p.conf sensor=simulate:lying-towel

plan 18

run "$daemon" "$@" speed=1000
check 'not accepted: exit status 1' test $status -eq 1
check '... no session, and what to do' \
	grep -q 'no session begins: p.conf: not accepted .*stretchctl accept p.conf' "$err"
check '... nothing is written' test ! -e "$sessions"

run "$ctl" accept p.conf "--state-dir=$state" --by=anna-1 --yes
run "$daemon" "$@" speed=1000
check 'accepted: exit status 0' test $status -eq 0
names() {
	find "$sessions" -mindepth 1 -maxdepth 1 | sort |
		sed 's|.*/\([0-9]*\)-[^l]*[0-9d]-\([a-z]*\)|\1 \2|' | tr '\n' ' '
}
check "a folder a step, in order (here $(names))" test "$(names)" = \
	'000001 lying-towel-left 000002 doorway-left 000003 lying-towel-right 000004 doorway-right '
results() {
	cat "$sessions"/*/holds.csv | tr -d '\r' | awk -F, '
		$1 == "session" { for (i = 1; i <= NF; i++) if ($i == "result") at = i; next }
		{ print $at }' | sort | uniq -c | tr -s ' ' | tr '\n' ' '
}
check "every hold is done (here$(results))" test "$(results)" = ' 6 done '
run_ids() {
	sed -n 's/^ *"run_id": "\([0-9a-f]\{16\}\)".*/\1/p' "$sessions"/*/session.json | sort -u
}
check 'one run_id' test "$(run_ids | wc -l)" -eq 1
check 'prescription and who accepted it stand in inputs.json' grep -q \
	'"accepted_by": "anna-1"' "$sessions"/000004-*/inputs.json

same() {
	local folder
	for folder in "$sessions"/*; do
		"$ctl" replay "$folder" -o again --force -q || return 1
		cmp "$folder/holds.csv" again/holds.csv || return 1
		cmp "$folder/samples.csv" again/samples.csv || return 1
	done
}
check 'each replays to the same bytes' same
check 'the third begins with restrap' grep -q ',restrap,' "$sessions"/000003-*/samples.csv

# One recording of the whole programme: the four of above on one clock, half a second
# between them. Fewer samples than the steps have: they end where they ended.
join() {
	local folder offset=0
	for folder in "$sessions"/*; do
		gzip -dc "$folder/raw.csv.gz" | tr -d '\r' | awk -F, -v OFS=, -v offset="$offset" '
			NR == 1 { if (offset == 0) print; next }
			{ $1 = sprintf("%.6f", $1 + offset); print }'
		offset=$(gzip -dc "$folder/raw.csv.gz" | tail -1 |
			awk -F, -v offset="$offset" '{ print offset + $1 + 0.05 }')
	done
}
join >whole.csv
mv "$sessions" first
run "$daemon" "$@" sensor=replay:whole.csv speed=1000
check 'a recording of all steps: exit status 0' test $status -eq 0
check "... every hold is done again (here$(results))" test "$(results)" = ' 6 done '

# ---- SIGHUP ----
rm -r "$sessions"
# as a service: standard error is the stream that the journal reads
: >"$err"
journal=$(stat -c %d:%i "$err")
JOURNAL_STREAM=$journal "$daemon" "$@" speed=2 "control=$work/control" \
	>"$out" 2>"$err" </dev/null &
pid=$!
wait_for() {
	local tries=300
	until grep -q "$1" "$err"; do
		((tries-- > 0)) || return 1
		sleep 0.1
	done
}
wait_for 'step 1 of 4'
printf 'rest = 5\ncolour = red\n' >>p.conf
kill -HUP $pid
check 'a bad new one: file and line, as an error of the user' \
	wait_for '^<3>\[user\] .*p.conf:17: rest: '
check '... and the old one stays' wait_for '^<3>\[user\] .*the prescription read before stays'
"$ctl" reload --socket control >told 2>&1
check 'stretchctl reload: refused' test $? -eq 1
check '... each mistake in a line of its own' test \
	"$(grep -cE '^(stretchctl reload: )?p\.conf(:17: rest|:18: colour|: not taken)' told)" -eq 3
sed -i -e '17,$d' -e 's/reps = 2/reps = 3/' p.conf
kill -HUP $pid
check 'a good new one waits for the next run' wait_for '^<6>.*begins with the next run'
kill $pid
wait $pid
: >"$err"
JOURNAL_STREAM=$journal "$daemon" sidde=left reps=abc "prescription=$work/p.conf" 2>"$err"
check 'settings that are wrong: each line an error of the user' \
	test $? -eq 2 -a "$(grep -c '^<3>\[user\] ' "$err")" -eq 2 -a "$(wc -l <"$err")" -eq 2
