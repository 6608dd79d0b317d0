#!/usr/bin/env bash
# The daemon and `stretchctl replay` of its session folder write the same samples.csv
# and holds.csv, byte for byte: for the simulated wearer, for a recording, for a
# person's recording, and for a session that a signal ended in the middle of a hold.
# A second replay, of the replay, must not change them either.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

# live STATE_DIR KEY=VALUE...: a daemon as fast as it goes.
live() {
	local state=$1
	shift
	mkdir -p "$state"
	"$daemon" --foreground --speed 1000 "state_dir=$state" "$@" >"$state.log" 2>&1
}

folder_of() {
	find "$1" -mindepth 3 -maxdepth 3 -type d -name '0*'
}

# same FOLDER FOLDER: both files, and not empty ones.
same() {
	local file
	for file in samples.csv holds.csv; do
		[ -s "$1/$file" ] && cmp "$1/$file" "$2/$file" || return 1
		[ "$(wc -l <"$1/$file")" -ge 2 ] || { echo "$file has no row"; return 1; }
	done
}

# compare TEXT STATE_DIR: session, its replay, and the replay's replay.
compare() {
	local text=$1 folder
	folder=$(folder_of "$2")
	if [ ! -d "$folder" ]; then
		miss "$text" <"$2.log"
		miss "$text, twice" </dev/null
		return
	fi
	run "$ctl" replay "$folder" -o "$2.again"
	check "$text" same "$folder" "$2.again"
	run "$ctl" replay "$2.again" -o "$2.twice"
	check "$text, twice" same "$folder" "$2.twice"
	echo "# $text: $(($(wc -l <"$folder/samples.csv") - 1)) rows of samples.csv," \
		"$(($(wc -l <"$folder/holds.csv") - 1)) of holds.csv"
}

# Ends a daemon by a signal once the first hold has begun.
interrupted() {
	local state=$1 child tries=0
	mkdir -p "$state"
	"$daemon" --foreground --speed 60 "state_dir=$state" sensor=simulate:lying-towel \
		>"$state.log" 2>&1 &
	child=$!
	while [ -z "$(folder_of "$state")" ] && [ $tries -lt 600 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	kill -TERM $child
	wait $child
}

plan 14
live "$work/towel" sensor=simulate:lying-towel pelvis=yes reps=3 seed=3
compare 'simulated lying-towel, two sensors' "$work/towel"
live "$work/seated" sensor=simulate:seated-leg exercise=seated-leg reps=3 seed=4
compare 'simulated seated-leg, one sensor' "$work/seated"

"$ctl" simulate --exercise doorway --sensors 2 --seed 5 --rate 208 --jitter 0.5 \
	--temperature 22 --no-truth --hold 13 --hold 13::gap --hold 13::dead --output "$work/doorway.csv"
live "$work/doorway" "sensor=replay:$work/doorway.csv" exercise=doorway pelvis=yes \
	reps=3 side=right
compare 'recorded doorway with gaps and a dead sensor' "$work/doorway"

"$ctl" simulate --exercise lying-strap --sensors 1 --seed 6 --temperature 21 \
	--hold 25::bounce --hold 25::drop --output "$work/strap.csv"
gzip -k "$work/strap.csv"
live "$work/strap" "sensor=replay:$work/strap.csv.gz" exercise=lying-strap hold_s=20 \
	reps=3 target_lo_deg=55 cap_deg=85
compare 'recorded lying-strap, compressed, given band' "$work/strap"

interrupted "$work/cut"
compare 'a session that SIGTERM ended' "$work/cut"

if [ -e "$recordings/qmt_stand_sit_walk_left.csv" ]; then
	# it shows no lying pose: only one sensor's strap can be learned live
	cut -d, -f1-7 "$recordings/qmt_stand_sit_walk_left.csv" |
		awk -F, -v OFS=, '{
			sub(/\r$/, "")
			print $0, (NR == 1 ? "event" : NR == 1800 ? "press" : "") "\r"
		}' >"$work/person.csv"
	live "$work/person" "sensor=replay:$work/person.csv" exercise=seated-leg hold_s=15
	compare 'a person sits' "$work/person"
	run "$ctl" replay "$recordings/qmt_stand_sit_walk_right.csv" --reference-at 1..4 \
		--exercise standing-bend --side right -o "$work/bend"
	run "$ctl" replay "$work/bend" -o "$work/bend.again"
	check 'replay of a replay with --reference-at' same "$work/bend" "$work/bend.again"
else
	for _ in 1 2 3; do
		skip 'a person' "$recordings is not there"
	done
fi

# What the daemon kept of the recording is the recording, up to the session's end.
raw_is_recording() {
	local rows
	zcat "$(folder_of "$work/doorway")/raw.csv.gz" >"$work/raw.csv" || return 1
	rows=$(wc -l <"$work/raw.csv")
	[ "$rows" -gt 1000 ] && head -n "$rows" "$work/doorway.csv" | cmp - "$work/raw.csv"
}
check 'raw.csv.gz is the recording' raw_is_recording
