#!/usr/bin/env bash
# stretchd's socket from outside: status, a stop by name in a hold, a note, bad bytes,
# rights, and a session that replays to the same bytes with all of it in the recording.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

plan 29
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

# A worn sensor that is not there yet: nobody but the wearer may run it, so root steps
# down for it.
mkdir open
cp "$daemon" open/
chmod 711 "$tap" "$work"
chmod 777 open
as_wearer=
[ "$(id -u)" -ne 0 ] || as_wearer='setpriv --reuid 65534 --regid 65534 --clear-groups'
if ! $as_wearer open/stretchd --version >/dev/null 2>&1; then
	for _ in 1 2 3; do
		skip 'without a sensor' 'this folder cannot be reached by another user'
	done
else
	$as_wearer open/stretchd sensor=i2c:99 "state_dir=$work/open/state" volatile=yes \
		"control=$work/open/control" 2>missing.err &
	pid=$!
	for _ in $(seq 100); do
		[ -S open/control ] && break
		sleep 0.05
	done
	# The socket is there before the sensor has been looked for.
	for _ in $(seq 100); do
		run "$ctl" status --socket open/control
		grep -qi '^session .*i2c' "$out" && break
		sleep 0.05
	done
	check 'no sensor: status says so and what to do' grep -Eqi '^session .*i2c' "$out"
	run "$ctl" start --socket open/control
	check '... start is refused' test $status -eq 1
	run "$ctl" doctor sensor=i2c:99 "control=$work/open/control" --only daemon
	check '... the doctor hears it' grep -Eqi '^note .*no session begins: .*i2c' "$out"
	kill $pid
	wait $pid
fi

# No socket can be made there: it is said once, and the session goes on.
"$daemon" sensor=simulate:lying-towel speed=1000 "state_dir=$work/deaf" \
	"control=$work/nowhere/control" >deaf.out 2>deaf.err
check 'no socket: the session is done all the same' test $? -eq 0
check '... and it is said once, with what follows' sh -c "
	test \$(grep -c 'nowhere/control' deaf.err) -eq 1 &&
	grep 'nowhere/control' deaf.err | grep -q 'No such file.*until that is mended'"

# Without --socket and --state-dir: as the service's settings file says. It is put where
# that belongs, for these commands alone.
mkdir -p etc/stretchd its
printf 'store {\n\tstate_dir = "%s"\n}\nservice {\n\tcontrol = "%s"\n}\n' "$work/its" \
	"$work/its.socket" >etc/stretchd/stretchd.conf
installed() {
	run unshare -rm sh -c "mount --bind etc /etc && exec \"\$@\"" sh "$ctl" "$@"
}
if ! unshare -rm true 2>/dev/null; then
	for _ in 1 2 3 4; do
		skip 'places of the settings file' 'no mount of its own for this user'
	done
else
	"$daemon" -c etc/stretchd/stretchd.conf sensor=simulate:lying-towel \
		"state_dir=$work/not-its" >its.out 2>its.err &
	pid=$!
	for _ in $(seq 100); do
		[ -S its.socket ] && break
		sleep 0.05
	done
	installed status
	check 'status finds the socket of the settings file' test $status -eq 0 -a ! -s "$err"
	installed sessions
	check 'sessions lists the folder of the settings file' grep -q "^No sessions in $work/its" "$out"
	printf 'session {\n\thold_s = no\n}\n' >>etc/stretchd/stretchd.conf
	installed status
	check 'a mistake elsewhere in it: the same, and not a word' \
		test $status -eq 0 -a ! -s "$err"
	echo 'session {' >etc/stretchd/stretchd.conf
	installed status
	check 'a file that says neither and is faulty: one line more' sh -c "
		grep -q 'has mistakes (stretchd --check --config /etc/stretchd/stretchd.conf' '$err' &&
		grep -q '/run/stretchd/control: stretchd does not listen' '$err' &&
		test \$(wc -l <'$err') -eq 2"
	kill $pid
	wait $pid
fi
