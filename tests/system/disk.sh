#!/usr/bin/env bash
# The daemon before a disk in trouble, in the middle of a hold. Expected, from the
# promises of the README: what is shown to the wearer goes on as on a good disk until the
# hold is done; raw rows are given up first, judged rows next, holds last; and it is said
# once in words, by the lamp between holds, in session.json, by doctor, in the report.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

cd "$work" || exit 3
FAKE_DISK=$work/disk
export FAKE_DISK
preload=$build/tests/fake_disk.so
sessions=state/anna/sessions
no_space=28 read_only=30

plan 36

# set_disk ERROR ROOM_MIB STALL: from now on.
set_disk() {
	echo "$*" >"$FAKE_DISK.new" && mv "$FAKE_DISK.new" "$FAKE_DISK"
}
good() {
	set_disk 0 1000 0
}
# launch SETTING...: a daemon on a new folder. What the one before it said is cleared here
# and not by the redirection, which may come after the first look at the file.
launch() {
	rm -rf state
	: >"$out"
	LD_PRELOAD=$preload "$daemon" --foreground "state_dir=$work/state" wearer=anna \
		hold_s=10 sensor=simulate:lying-towel "$@" >>"$out" 2>"$err" </dev/null &
	pid=$!
}
# begin: a session up to its first counted second. finish: to its end; leaves $status.
begin() {
	good
	launch speed=12 reps=2
	until grep -q ' counting ' "$out"; do
		kill -0 $pid 2>/dev/null || return 1
		sleep 0.02
	done
}
finish() {
	wait $pid
	status=$?
}
until_shown() {
	until grep -q " $1 " "$out"; do
		kill -0 $pid 2>/dev/null || return 1
		sleep 0.02
	done
}
# State and LED, in order, to the end of the first hold.
shown() {
	awk '$2 == "s" { print $3, $4 } $3 == "done" { exit }' "$1" | uniq
}
as_ever() {
	shown "$work/quiet" >"$work/a" && shown "$out" | diff "$work/a" -
}
said_once() {
	test "$(grep -c 'cannot write: .*the session goes on' "$err")" -eq 1 || { cat "$err"; false; }
}
rows() {
	local file
	file=$(find "$sessions" -name "$1*")
	case $file in
	*.gz) gzip -dc "$file" ;;
	*) cat "$file" ;;
	esac | tail -n +2 | wc -l
}
lost() {
	sed -n "s/^ *\"$1_rows_lost\": \([0-9]*\),/\1/p" $sessions/*/session.json
}
is() {
	test "$1" = "$2" || { echo "it is $1, expected $2"; false; }
}
more() {
	test "$1" -gt "$2" || { echo "$1 is not more than $2"; false; }
}
judged_holds() {
	cat $sessions/*/holds.csv | grep -c ',done,'
}

# ---- a good disk ----
begin
finish
cp "$out" quiet
raw=$(rows raw.csv) judged=$(rows samples.csv)
check 'a good disk: exit status 0' is $status 0
check '... nothing is lost' is "$(lost raw) $(lost judged) $(lost hold)" '0 0 0'

# ---- it fills: below 64 MiB raw rows end, below 16 MiB judged rows ----
begin
set_disk 0 40 0
until_shown 'done'
finish
check 'below 64 MiB: as ever to the end of the hold' as_ever
check '... said once' said_once
check '... raw rows end' more "$raw" "$(rows raw.csv)"
check '... and they are counted' is "$(($(rows raw.csv) + $(lost raw)))" "$raw"
check '... judged rows go on' is "$(lost judged)" 0
check '... both holds are there' is "$(judged_holds)" 2
check '... the lamp says so between holds' grep -q ' fault ' "$out"
begin
set_disk 0 10 0
finish
check 'below 16 MiB: judged rows end, too' more "$(lost judged)" 0
check '... and they are counted' is "$(($(rows samples.csv) + $(lost judged)))" "$judged"
check '... both holds are there' is "$(judged_holds)" 2
check '... the session is closed' grep -q '"status": "closed"' $sessions/*/session.json
"$ctl" report --state-dir state -o page.html >/dev/null
check '... the report says so' grep -q 'rows were lost in 1' page.html
set_disk 0 10 0
LD_PRELOAD=$preload "$ctl" doctor --only store "state_dir=$work/state" >"$out" 2>&1
check '... and doctor' grep -q 'bad .*MB are left' "$out"

# ---- full, all at once, and then some room again ----
begin
set_disk $no_space 0 0
until_shown 'done'
good
finish
check 'full: as ever to the end of the hold' as_ever
check '... said once' said_once
check '... why, in session.json' grep -q '"first_error": "No space left' $sessions/*/session.json
check '... the exit status says so' is $status 3

# ---- read-only, for good ----
begin
set_disk $read_only 1000 0
finish
check 'read-only: as ever to the end of the hold' as_ever
check '... said once' said_once
check '... the exit status says so' is $status 3
begin
kill $pid
wait $pid
check 'after that the next session is written' is "$(rows holds.csv)" 1

# ---- somebody removes the folder ----
begin
rm -rf state
finish
check 'the folder is removed: as ever to the end of the hold' as_ever
check '... said once' said_once
check '... the exit status says so' is $status 3

# ---- the disk stalls for five seconds: sixty of the session's ----
begin
set_disk 0 1000 1
sleep 5.5
until_shown 'done'
shown_in_stall=$?
set_disk 0 1000 0
finish
check 'a stall of 5 s: the hold is done while it lasts' is $shown_in_stall 0
check '... as ever' as_ever
check '... no row is lost' is "$(rows raw.csv) $(rows samples.csv) $(judged_holds)" \
	"$raw $judged 2"
check '... how long it was is kept' grep -qE '"longest_stall_s": ([5-9]|[1-9][0-9])' \
	$sessions/*/session.json

# ---- the same when a session begins: its folder is opened behind the sensor's back ----
set_disk 0 1000 1
launch speed=2 reps=1
# Ten of the session's seconds at double speed; a minute is long enough to give up.
led_on() {
	for _ in {1..1200}; do
		awk '$2 == "s" && $1 >= 10 { found = 1 } END { exit !found }' "$out" && return
		kill -0 $pid || break
		sleep 0.05
	done
	tail -n 3 "$out" "$err"
	return 1
}
check 'a stall of 5 s at the beginning: the wearer is led on' led_on
check '... and nothing is on the disk yet' is "$(find state -name 'samples.csv' -size +0 | wc -l)" 0
good
kill $pid
finish
check '... then all is well' is "$status $(cat "$err")" '0 '

# ---- real ones, where this system lets us make them ----
mkdir -p mount lower
if unshare -rm true 2>/dev/null; then
	in_memory() {
		unshare -rm sh -c "mount -t tmpfs none mount && $1
			'$daemon' sensor=i2c:1 state_dir=$work/mount/$2" >"$out" 2>&1 </dev/null
		status=$?
		cat "$out"
		test $status -eq 3 && grep -q "$3" "$out"
	}
	check 'a worn sensor on a tmpfs is refused' in_memory : . 'gone with the power'
	check '... and on an overlay over memory' in_memory "mkdir mount/u mount/w mount/m &&
		mount -t overlay -o lowerdir=$work/lower,upperdir=$work/mount/u,workdir=$work/mount/w \
		none mount/m" m \
		'overlay that keeps changes in memory'
	mkdir -p closed
	refused() {
		unshare -rm sh -c "mount --bind closed closed && mount -o remount,bind,ro closed
			'$daemon' sensor=simulate:lying-towel speed=1000 state_dir=$work/closed" \
			>"$out" 2>&1 </dev/null
		status=$?
		cat "$out"
		test $status -eq 3 && grep -q 'Read-only file system' "$out"
	}
	check 'a read-only folder at the beginning: said, exit status 3' refused
else
	for what in tmpfs overlay 'read-only folder'; do
		skip "a real $what" 'user namespaces are not allowed here'
	done
fi
