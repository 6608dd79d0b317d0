#!/usr/bin/env bash
# A hold is told on the socket when its row is on the disk, not before: with a disk that
# stalls, state and lamp go on, the word "stored" waits.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

cd "$work" || exit 3
FAKE_DISK=$work/disk
export FAKE_DISK
plan 4

set_stall() {
	echo "0 1000 $1" >"$FAKE_DISK.new" && mv "$FAKE_DISK.new" "$FAKE_DISK"
}
# until_in FILE TEXT: waits for it, as long as the daemon is there.
until_in() {
	until grep -q "$2" "$1"; do
		kill -0 $pid 2>/dev/null || return 1
		sleep 0.02
	done
}
: >watched
set_stall 0
LD_PRELOAD=$build/tests/fake_disk.so "$daemon" speed=12 "state_dir=$work/state" \
	"control=$work/control" wearer=anna hold_s=10 reps=1 sensor=simulate:lying-towel \
	2>"$err" </dev/null &
pid=$!
until [ -S control ] || ! kill -0 $pid 2>/dev/null; do
	sleep 0.02
done
"$ctl" watch --plain --once --socket control >watched 2>/dev/null &
watcher=$!
until_in watched ' rest '
set_stall 1
# Its row is due when the last hold's rest is over.
check 'the disk stalls: the session goes on' until_in watched ' closing '
sleep 1
check '... the hold was done' grep -q ' done ' watched
check '... it is not told as stored' sh -c '! grep -q stored watched'
set_stall 0
wait $pid
wait $watcher
check 'the disk is back: told' grep -q '^hold 1 stored: ' watched
