# shellcheck shell=sh
# What the checks under systemd share.

# Programs are many instructions here, sleep is none.
# shellcheck disable=SC2034 # for until_true
look_s=1

show() {
	systemctl show -p "$1" --value stretchd
}

is() { # PROPERTY PATTERN: true when the service's property matches
	show "$1" | grep -qE "$2"
}

# What the service said since the mark that log_mark left; without one, in this boot.
log_cursor=
log_mark() {
	journalctl --sync
	log_cursor=$(journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
}

log() {
	journalctl -u stretchd --no-pager -o cat ${log_cursor:+--after-cursor "$log_cursor"}
}

said() {
	log | grep -qE "$1"
}

# Level of each line by the adapter's log: "0 0 0 0" is dark.
levels() {
	awk '{ level[$2] = $3 } END { print level[0]+0, level[1]+0, level[2]+0, level[3]+0 }' \
		/run/bench/lines
}

dark() {
	test "$(levels)" = '0 0 0 0'
}

# Green for a second without a change: only `count` shines that long.
counting() {
	awk -v now_s="$(cut -d' ' -f1 /proc/uptime)" '$2 < 3 { t = $1; line = $2; on = $3 }
		END { exit !(line == 2 && on && now_s - t / 1e6 > 1) }' /run/bench/lines
}

# blinks LINE HZ: how often it came on in the last 4 s fits that rate.
blinks() {
	awk -v now_s="$(cut -d' ' -f1 /proc/uptime)" -v line="$1" -v hz="$2" '
		$2 == line && $3 && $1 / 1e6 > now_s - 4 { n++ }
		END { printf "came on %d times in 4 s\n", n; exit !(n >= 4 * hz - 1 && n <= 4 * hz + 1) }
	' /run/bench/lines
}

# field FILE NAME: the first such member of a JSON file, a number or a text.
field() {
	sed -n "s/.*\"$2\": \"\{0,1\}\([^\",]*\).*/\1/p" "$1" | head -n 1
}

# step TEXT COMMAND...: as check, in this shell, so that what it sets is kept.
step() {
	text=$1
	shift
	if "$@" >/run/words 2>&1; then
		pass "$text"
	else
		miss "$text" "$(cat /run/words)"
	fi
}
