# shellcheck shell=sh disable=SC2154
# stretchd with two emulated sensors, worn in real time by a simulated wearer: two
# holds, the thigh's sensor unplugged for 1.5 s in the second. Judged by truth, by replay, by the
# lines that the adapter saw.

hold_s=8
state=/run/live

clock_s() {
	cut -d' ' -f1 /proc/uptime
}

past() {
	awk -v now="$(clock_s)" -v end_us="$1" -v more_s="$2" \
		'BEGIN { exit !(now > end_us / 1e6 + more_s) }'
}

# One set, as a wearer would. The session ends by itself, or 15 s behind the wearer's end.
run_set() {
	rm -rf "$state"
	: >/run/bench/lines
	world chips MPU-6050@0x68 LSM6DSO@0x6a && world play "$hold_s" 2 || return 1
	start_us=${answer#ok }
	end_us=${start_us#* }
	start_us=${start_us% *}
	world cut 1 3 1.5 || return 1
	printf 'session {\n\thold_s = %s\n\treps = 2\n\tclosing_s = 5\n}\n' "$hold_s" \
		>/run/set.conf
	$as_user stretchctl accept --config /run/set.conf --state-dir="$state" \
		--by=wearer --yes >/run/out 2>&1 || return 1
	# shellcheck disable=SC2086
	$as_user stretchd --config /run/set.conf sensor=i2c:MCP2221 pelvis=yes thigh_address=0x68 pelvis_address=0x6a \
		state_dir="$state" volatile=yes $lines \
		>/run/daemon.out 2>&1 &
	daemon=$!
	while kill -0 "$daemon" 2>/dev/null && ! past "$end_us" 15; do
		sleep 1
	done
	kill "$daemon" 2>/dev/null
	wait "$daemon"
	daemon_status=$?
	session=$(newest_session "$state")
	origin_us=$(sed -n 's/.*"first_sample_monotonic_s": \([0-9.]*\).*/\1/p' \
		"$session/session.json" | awk '{ printf "%.0f", $1 * 1e6 }')
}

ended_well() {
	cat /run/daemon.out
	test "$daemon_status" -eq 0 && grep -q '"status": "closed"' "$session/session.json"
}

same_replay() {
	rm -rf /run/again
	stretchctl replay "$session" --output /run/again >/run/out 2>&1 ||
		{ cat /run/out; return 1; }
	cmp "$session/samples.csv" /run/again/samples.csv &&
		cmp "$session/holds.csv" /run/again/holds.csv
}

judged() {
	bench_vm set "$session" "$origin_us" "$start_us" "$hold_s" 2 1
}

lamps() {
	bench_vm leds "$session/samples.csv" /run/bench/lines 1 400 "$origin_us"
}

# Fault and recovery are told, readings come again until the end.
recovered() {
	zcat "$session/raw.csv.gz" | grep -E 'fault:|recovered:' | sed 's/^\([^,]*\),.*,/\1 /'
	zcat "$session/raw.csv.gz" | grep -q 'recovered:thigh'
}

# shown TEXT COMMAND...: as check, and its words are figures to be seen.
shown() {
	text=$1
	shift
	if words=$("$@" 2>&1); then
		pass "$text"
		printf '%s\n' "$words" | sed 's/^/@tap # /'
	else
		miss "$text" "$words"
	fi
}

set_results() {
	"$1" 'two sensors in real time: the session ends well' ended_well
	"$1" 'replay gives the same samples.csv and holds.csv, byte for byte' same_replay
	"$1" 'the undisturbed hold: seconds within 0.1 s, angle within 0.1 deg' judged
	"$1" 'LED lines follow the table of patterns' lamps
	"$1" 'unplugged and plugged in during a hold: readings come again by themselves' recovered
}

too_slow() {
	skip "$1" "host too slow: a processor stood still for $slow_ms ms"
}

for try in 1 2; do
	world mark >/dev/null
	run_set
	world slow >/dev/null
	slow_ms=${answer#ok }
	note "set, try $try: a processor stood still for $slow_ms ms at most"
	[ "$slow_ms" -lt 150 ] && break
done
if [ "$slow_ms" -ge 150 ]; then
	set_results too_slow
else
	set_results shown
	grep -E '"(retries|nack|lost|overflows)"' "$session/session.json" | head -n 8 |
		sed 's/^/@tap # /'
fi
