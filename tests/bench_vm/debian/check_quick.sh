# shellcheck shell=sh disable=SC2154
# The README's first ten minutes, its own lines one after another, typed by a new user who
# may use sudo. Each line is a login of its own. Beside each stands what a person does
# meanwhile: turning the sensor, editing the settings, saying yes, wearing it.

state=/var/lib/stretchd
home=/home/maker

login() {
	runuser -l maker -c "$1"
}

# on_terminal LINE: as login, on a terminal; what is typed comes from standard input.
on_terminal() {
	script -qec "runuser -l maker -c '$1'" /dev/null
}

# The poses of calibration/README.md: six faces, six edges, the faces once more; five
# seconds each.
turn() {
	for face in '1 0 0' '-1 0 0' '0 1 0' '0 -1 0' '0 0 1' '0 0 -1' \
		'.707 .707 0' '-.707 .707 0' '.707 0 .707' '.707 0 -.707' \
		'0 .707 .707' '0 -.707 .707' \
		'1 0 0' '-1 0 0' '0 1 0' '0 -1 0' '0 0 1' '0 0 -1'; do
		# shellcheck disable=SC2086
		world pose 0x68 $face >/dev/null
		sleep 5
	done
}

closed() {
	grep -q '"status": "closed"' "$state"/*/sessions/*/session.json
}

# Worn while it is watched: the whole set, then q.
wear() {
	world play 30 1 >/dev/null || return
	until_true 180 closed
	sleep 2
	printf q
}

run_line() {
	case $line in
	*calibrate*)
		turn &
		login "$line"
		status=$?
		kill $! 2>/dev/null
		return $status ;;
	*accept*) (sleep 5; echo; sleep 2; echo yes; sleep 5) | on_terminal "$line" ;;
	*watch*) (sleep 5; wear; sleep 5) | on_terminal "$line" ;;
	*) login "$line" ;;
	esac </dev/null
}

systemctl start bench-device
check 'a board with a sensor and lamps is there' until_true 60 test -e /dev/gpiochip0
world chips MPU-6050@0x68 >/dev/null
count=0
began_s=$(seconds)
while read -r line <&3; do
	typed=$(printf '%s' "$line" | sed 's/  *# .*//')
	from_s=$(seconds)
	run_line >/run/out 2>&1
	status=$?
	count=$((count + 1))
	if [ "$status" -eq 0 ]; then
		pass "$typed"
	else
		miss "$typed" "exit status $status"
	fi
	note "$(($(seconds) - from_s)) s"
	case $line in
	*watch*) ;;
	*) tail -n 30 /run/out | tr -d '\r' | sed 's/^/@tap #   /' ;;
	esac
	[ "$status" -eq 0 ] || break # nobody would go on
done 3</bench/quick-start
note "$count lines in $(($(seconds) - began_s)) s of the machine's time"

# ---- was it what the README says? ----
session=$(newest_session $state)
check 'the service is up, in its sandbox' is ActiveState '^active$'
accepted_by_service() {
	ls -ld "$state"/*/accepted.json
	[ "$(stat -c '%U %G %a' "$state"/*/accepted.json)" = 'stretchd stretchd 640' ]
}
check 'that it was accepted is a file of the service' accepted_by_service
calibrated() {
	cat /etc/stretchd/thigh.json
	grep -q '"calibration"' "$session/inputs.json" &&
		[ "$(field "$session/session.json" residual_m_s2)" != null ]
}
check 'the calibration was used' calibrated
held() {
	tail -n +2 "$session/holds.csv"
	[ "$(sed -n 2p "$session/holds.csv" | grep -c ',done,')" = 1 ] &&
		[ "$(field "$session/session.json" status)" = closed ]
}
check 'the first hold is done, its session closed' held
reported() {
	ls -l "$home"/report.*
	grep -q 'lying-towel\|Lying' "$home/report.html"
}
check 'the report is there, and of that exercise' reported
check 'all lamps are dark now, or wait for the next' until_true 700 dark
