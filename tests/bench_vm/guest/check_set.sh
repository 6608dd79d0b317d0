# shellcheck shell=sh disable=SC2154
# stretchd with two emulated sensors, worn in real time by a simulated wearer: two
# holds. In the second the thigh's sensor goes away for 1.5 s, and 3 s later the whole
# adapter with lamps and all, to be plugged in again. Judged by truth, by replay, by
# the lines that the adapter saw. The kernel waits with the removal until stretchd lets
# go of the old node, and lets requests on their way run into its time limits first.

hold_s=6
state=/run/live
config=/run/live.conf

clock_s() {
	cut -d' ' -f1 /proc/uptime
}

past() {
	awk -v now="$(clock_s)" -v end_us="$1" -v more_s="$2" \
		'BEGIN { exit !(now > end_us / 1e6 + more_s) }'
}

back_again() {
	open_nodes
	grep -q 'lamps: back again' /run/daemon.out &&
		grep -A 99 'lamps: gone' /run/daemon.out | grep -q 'thigh sensor: back again'
}

# One set, as a wearer would; stopped some seconds after everything is back.
run_set() {
	rm -rf "$state"
	: >/run/bench/lines
	# shellcheck disable=SC2086
	$as_user stretchd sensor=i2c:MCP2221 pelvis=yes thigh_address=0x68 \
		pelvis_address=0x6a hold_s="$hold_s" reps=2 rest_s=4 state_dir="$state" \
		volatile=yes $lines --print-config >"$config" || return 1
	$as_user stretchctl accept --config "$config" --yes --by=bench >/run/out 2>&1 ||
		return 1
	world chips MPU-6050@0x68 LSM6DSO@0x6a && world play "$hold_s" 2 || return 1
	start_us=${answer#ok }
	start_us=${start_us% *}
	world cut 1 1 1.5 || return 1
	cut_us=${answer#ok }
	$as_user stretchd --config "$config" >/run/daemon.out 2>&1 &
	daemon=$!
	while kill -0 "$daemon" 2>/dev/null && ! past "$cut_us" 4.5; do
		sleep 0.2
	done
	world unplug >/dev/null
	plugged_s=$(seconds)
	world plug >/dev/null
	plugged_us=$(awk '{ printf "%.0f", $1 * 1e6 }' /proc/uptime)
	until_true 30 back_again
	back_s=$(($(seconds) - plugged_s))
	sleep 3
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

told() {
	zcat "$session/raw.csv.gz" | grep -E 'fault:|recovered:' |
		sed 's/^\([^,]*\),.*,/\1 /' | tee /run/told
}

# Fault and recovery are told, readings come again.
chip_recovered() {
	told
	grep -A 1 'fault:thigh:nack' /run/told | grep -q 'recovered:thigh'
}

# Readings and lamps: the same names, new nodes.
adapter_recovered() {
	echo "$back_s s after the kernel had let go"
	told
	grep -q 'fault:lamps:gone' /run/told && grep -q 'recovered:lamps' /run/told &&
		sed '1,/:gone/d' /run/told | grep -q 'recovered:thigh' &&
		awk -v t="$plugged_us" '$1 > t && $2 < 4 && $3 { n++ } END { exit !n }' \
			/run/bench/lines
}

set_results() {
	"$1" 'two sensors in real time: the session ends well' ended_well
	"$1" 'replay gives the same samples.csv and holds.csv, byte for byte' same_replay
	"$1" 'the undisturbed hold: seconds within 0.1 s, angle within 0.1 deg' judged
	"$1" 'LED lines follow the table of patterns' lamps
	"$1" 'a chip unplugged for 1.5 s in a hold: readings come again' chip_recovered
	"$1" 'the adapter unplugged in a hold: readings and lamps come again' adapter_recovered
}

too_slow() {
	skip "$1" "host too slow: $slow"
}

# What the adapter takes, before and behind the set: two sensors need six of these
# transfers in 50 ms, and an idle host carries each in 4 to 6 ms.
probe() {
	words=$(bench_vm probe MCP2221 0x68 mcp2221_gpio:0 2>&1)
	note "$words"
	level_ms=$(echo "$words" | sed -n 's/.*FIFO level \([0-9]*\).*/\1/p')
	[ "${level_ms:-99}" -le "${level_limit_ms:-8}" ] ||
		slow="one look at a FIFO took $level_ms ms"
}

world chips MPU-6050@0x68 >/dev/null
for try in 1 2; do
	slow=''
	probe
	world mark >/dev/null
	run_set
	world slow >/dev/null
	slow_ms=${answer#ok }
	note "set, try $try: a processor stood still for $slow_ms ms at most"
	[ "$slow_ms" -lt 150 ] || slow="a processor stood still for $slow_ms ms"
	probe
	[ -z "$slow" ] && break
done
if [ -n "$slow" ]; then
	set_results too_slow
else
	set_results shown
	grep -E '"(retries|nack|lost|overflows)"' "$session/session.json" | head -n 8 |
		sed 's/^/@tap # /'
fi
