#!/usr/bin/env bash
# Sessions while the wall clock does what it likes: it starts in 1970, jumps an hour
# forth or back, is set by NTP in mid-session, or never. Expected: each session's rows
# are, byte for byte, those of one on a quiet clock; numbers rise; a day stands only
# where somebody vouched for it, in the end if not at the beginning; and then it is the
# real one (this machine's clock, read before and after).
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

cd "$work" || exit 3
FAKE_CLOCK=$work/clock
FAKE_CHIPS=$work/chips # none, whatever this machine has
export FAKE_CLOCK FAKE_CHIPS
export TZ=UTC
mkdir chips
preload=$build/tests/fake_clock.so
sessions=state/anna/sessions

plan 29

# set_clock SECONDS WHO: from now on.
set_clock() {
	echo "$1 $2" >"$FAKE_CLOCK.new" && mv "$FAKE_CLOCK.new" "$FAKE_CLOCK"
}
under() {
	LD_PRELOAD=$preload "$@"
}
arguments=("state_dir=$work/state" wearer=anna hold_s=10 reps=1 sensor=simulate:lying-towel)

# A session at once; one with a change of the clock once its hold has begun.
session() {
	under "$daemon" speed=1000 "${arguments[@]}" >"$out" 2>"$err" </dev/null
}
session_with() {
	local before pid
	before=$(find $sessions -name '0*' 2>/dev/null | wc -l)
	under "$daemon" speed=15 "${arguments[@]}" >"$out" 2>"$err" </dev/null &
	pid=$!
	until [ "$(find $sessions -name '0*' 2>/dev/null | wc -l)" -gt "$before" ]; do
		kill -0 $pid 2>/dev/null || return 1
		sleep 0.05
	done
	kill -0 $pid 2>/dev/null || return 1
	set_clock "$1" "$2"
	wait $pid
}
# The newest folder; a word of its session.json.
newest() {
	find $sessions -name '0*' | sort | tail -1
}
word() {
	sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$2/session.json"
}
is() {
	test "$1" = "$2" || { echo "it is $1, expected $2"; false; }
}
quiet=
same_rows() {
	cmp "$quiet/samples.csv" "$(newest)/samples.csv" &&
		is "$(word duration_s "$(newest)")" "$(word duration_s "$quiet")"
}
# Was the newest one begun between these two real moments?
begun_between() {
	local at
	at=$(date -d "$(word started_at "$(newest)")" +%s) || return 1
	test "$at" -ge "$1" -a "$at" -le "$2" || { echo "$at is not in $1..$2"; false; }
}
real() {
	date +%s
}
to_1970=$((30 - $(real)))

# ---- NTP from the beginning ----
set_clock 0 1
from=$(real)
check 'trusted: exit status 0' session
mv "$(newest)" quiet
quiet=$work/quiet
check '... ntp' is "$(word clock_source quiet)" ntp
mkdir -p $sessions && cp -r quiet "$sessions/000001-$(date +%F)-lying-towel-left"
check '... begun just now' begun_between "$from" "$(real)"

# ---- from 1970, never trusted ----
set_clock $to_1970 0
check 'from 1970: exit status 0' session
check '... folder' is "$(basename "$(newest)")" 000002-undated-lying-towel-left
check '... nobody vouches' is "$(word clock_source "$(newest)")" none
check '... rows and duration as ever' same_rows
first=$(newest)

# ---- jumps of an hour, forth and back ----
set_clock 0 1
from=$(real)
check 'an hour forth in mid-session' session_with 3600 1
until=$(real)
check '... rows and duration as ever' same_rows
check '... begun when it was begun' begun_between "$from" "$until"
check '... the session of 1970 has got its day' is "$(word clock_source "$first")" ntp
set_clock 0 1
from=$(real)
check 'an hour back in mid-session' session_with -3600 1
until=$(real)
check '... rows and duration as ever' same_rows
check '... begun when it was begun' begun_between "$from" "$until"

# ---- NTP comes in mid-session ----
set_clock $to_1970 0
from=$(real)
check 'NTP in mid-session' session_with 0 1
until=$(real)
check '... rows and duration as ever' same_rows
check '... ntp' is "$(word clock_source "$(newest)")" ntp
check '... dated backwards' begun_between "$from" "$until"
check '... the folder keeps its name' is "$(basename "$(newest)")" 000005-undated-lying-towel-left

# ---- untrusted jumps; then a person's word ----
set_clock $to_1970 0
from=$(real)
check 'a jump that nobody vouches for' session_with 3600 0
until=$(real)
check '... no day' is "$(word clock_source "$(newest)")" none
listed() {
	under "$ctl" sessions --state-dir state >"$out" && grep -q "$1" "$out"
}
check '... and none in the list' listed '^000006  (undated)'
set_clock 0 0
check 'clock ok: exit status 0' under "$ctl" clock ok --state-dir state
check '... a person' is "$(word clock_source "$(newest)")" person
check '... begun when it was begun' begun_between "$from" "$until"
session
check 'the next session stands on that word' is "$(word clock_source "$(newest)")" person

# ---- a clock chip ----
mkdir chips/rtc0 empty
# chip_says SECONDS WORDS: what `clock` makes of a chip that is so far off.
chip_says() {
	echo $(($(real) + $1)) >chips/rtc0/since_epoch
	under "$ctl" clock --state-dir empty >"$out"
	cat "$out"
	grep -q "$2" "$out"
}
check 'a chip that agrees vouches' chip_says 0 'vouched for by a clock chip'
check 'one that is an hour off does not' chip_says 3600 'not certain'

numbers() {
	find $sessions -name '0*' -printf '%f\n' | sort | cut -c1-6 | tr '\n' ' '
}
check 'numbers in the order of making' is "$(numbers)" \
	'000001 000002 000003 000004 000005 000006 000007 '
