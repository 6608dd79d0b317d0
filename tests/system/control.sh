#!/usr/bin/env bash
# stretchd's socket from outside: status, a stop by name in a hold, a note, bad bytes,
# rights, and a session that replays to the same bytes with all of it in the recording.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

plan 20
cd "$work" || exit 3
socket=$work/control
state=$work/state
"$daemon" sensor=simulate:lying-towel speed=20 "state_dir=$state" \
	"control=$socket" >daemon.out 2>daemon.err &
pid=$!
for _ in $(seq 100); do
	[ -S "$socket" ] && break
	sleep 0.05
done
check 'the socket has rights 0660' test "$(stat -c %a "$socket")" = 660

run "$ctl" status --socket "$socket"
check 'status: exit status 0' test $status -eq 0
check '... says the exercise' grep -q '^session   lying-towel, left leg' "$out"
run "$ctl" status --socket "$socket" --json
check 'status --json is JSON' python3 -m json.tool "$out"

# say LINE...: one connection, each line sent, what comes back to standard output.
say() {
	python3 - "$socket" "$@" <<'END'
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
f = s.makefile('r')
print(f.readline(), end='')
for line in sys.argv[2:]:
    s.sendall(os.fsencode(line) + b'\n')
    print(f.readline(), end='')
END
}
run say '{"cmd":"hello","protocol":1,"id":"a"}' '{"cmd":"hello","protocol":2}' \
	'{"cmd":"note","pain_before":3,"text":"left knee"}' \
	'{"cmd":"note","pain_after":4}' 'no json' $'\x01\xff{' '{"cmd":"reload","id":5}'
check 'greeted' grep -q '^{"class":"hello","protocol":1,' "$out"
check 'hello is answered, with its id' grep -q \
	'^{"class":"answer","cmd":"hello","id":"a","protocol":1}$' "$out"
check 'a later protocol is refused' grep -q '^{"class":"error","cmd":"hello",' "$out"
check 'a note is kept for the end' test "$(grep -c 'at the end of the session' "$out")" -eq 2
check 'bad lines are answered' test "$(grep -c 'not one JSON object a line' "$out")" -eq 2
check 'reload says what it did' grep -q '"id":5,"said":"reload: no prescription' "$out"

run "$ctl" note --warm-up yes --socket "$socket" "--state-dir=$state"
check 'stretchctl note tells the daemon' grep -q 'at the end of the session' "$out"
run "$ctl" stop --reason tired --socket "$socket"
check 'an unknown reason is wrong usage' test $status -eq 2
for _ in $(seq 200); do
	"$ctl" status --socket "$socket" | grep -q '^state *counting' && break
	sleep 0.05
done
run "$ctl" stop --reason fatigue --socket "$socket"
check 'stop in a hold' grep -q 'stretchd was in "counting"' "$out"

run "$daemon" sensor=simulate:lying-towel speed=1000 "state_dir=$work/other" \
	"control=$socket"
check 'a second one says who has the socket' grep -q 'another stretchd listens' "$err"
wait $pid
check 'the daemon ends well' test $? -eq 0
check '... and takes its socket along' test ! -e "$socket"
run "$ctl" status --socket "$socket"
check 'nobody there: exit status 3, and what to do' grep -q 'start it' "$err"

folder=$(find "$state/wearer/sessions" -mindepth 1 -maxdepth 1 -name '0*' | head -n 1)
check 'the stop is in the hold and in the recording' sh -c \
	"grep -q ',stopped,fatigue,' '$folder/holds.csv' &&
	zcat '$folder/raw.csv.gz' | grep -q ',stop:fatigue'"
check 'the note stands beside the session' sh -c "
	grep -q '\"pain_before\": 3' '$folder/note.json' &&
	grep -q '\"pain_after\": 4' '$folder/note.json' &&
	grep -q '\"warm_up\": true' '$folder/note.json' &&
	grep -q 'left knee' '$folder/note.json'"
same() {
	"$ctl" replay "$folder" -o again --force -q || return 1
	cmp "$folder/holds.csv" again/holds.csv && cmp "$folder/samples.csv" again/samples.csv
}
check 'it replays to the same bytes' same
