# shellcheck shell=sh disable=SC2154
# stretchd on real lines: what the adapter saw of them against the table of patterns,
# and what happens to a lit line after kill -9. Samples are simulated here.

# Level of each line by the adapter's log: "0 0 0 0".
levels() {
	awk '{ level[$2] = $3 } END { print level[0]+0, level[1]+0, level[2]+0, level[3]+0 }' \
		/run/bench/lines
}

# Green for a second without a change: only `count` shines that long.
counting() {
	awk -v now_s="$(cut -d' ' -f1 /proc/uptime)" '$2 < 3 { t = $1; line = $2; on = $3 }
		END { exit !(line == 2 && on && now_s - t / 1e6 > 1) }' /run/bench/lines &&
		[ "$(levels | cut -c1-5)" = '0 0 1' ]
}

# once TEXT COMMAND...: a result that a slow host can spoil. Not once more than twice;
# then it is skipped with that reason, whatever it was.
once() {
	text=$1
	shift
	for try in 1 2; do
		world mark >/dev/null
		words=$("$@" 2>&1)
		status=$?
		world slow >/dev/null
		slow_ms=${answer#ok }
		[ "$slow_ms" -lt "${slow_limit_ms:-150}" ] && break
		note "$text: a processor stood still for $slow_ms ms (try $try)"
	done
	if [ "$slow_ms" -ge "${slow_limit_ms:-150}" ]; then
		skip "$text" "host too slow: a processor stood still for $slow_ms ms"
	elif [ "$status" -eq 0 ]; then
		pass "$text"
		printf '%s\n' "$words" | sed 's/^/@tap # /'
	else
		miss "$text" "$words"
	fi
	return "$status"
}

play_simulated() {
	rm -rf /run/sim
	: >/run/bench/lines
	# shellcheck disable=SC2086
	stretchd sensor=simulate:lying-towel speed=4 hold_s=5 reps=1 state_dir=/run/sim \
		$lines || return 1
	bench_vm leds "$(newest_session /run/sim)/samples.csv" /run/bench/lines 4 60
}

once 'LED lines follow the table of patterns (simulated wearer)' play_simulated
check 'all lines are dark after the session' test "$(levels)" = '0 0 0 0'

# shellcheck disable=SC2086
stretchd sensor=simulate:lying-towel speed=4 hold_s=60 reps=1 state_dir=/run/kill $lines \
	>/run/out 2>&1 &
victim=$!
if until_true 60 counting; then
	kill -9 "$victim"
	wait "$victim" 2>/dev/null
	sleep 0.3
	note "lines red, amber, green, buzzer after kill -9 while count is lit: $(levels)"
	# shellcheck disable=SC2086
	check 'stretchd --dark ends well' stretchd --dark $lines
	check 'all lines are dark after --dark' test "$(levels)" = '0 0 0 0'
else
	kill "$victim"
	miss 'count is lit' "$(tail -n 5 /run/bench/lines; cat /run/out; ls /sys/bus/gpio/devices)"
fi
