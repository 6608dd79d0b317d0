# shellcheck shell=sh
# What the checks share, sourced by init: results, the device, waiting.
results=0
missed=
# shellcheck disable=SC2034
lines='led_mode=three led_red_line=mcp2221_gpio:0 led_amber_line=mcp2221_gpio:1
	led_green_line=mcp2221_gpio:2 buzzer_line=mcp2221_gpio:3'

# stretchd does not read a sensor as root. Not a function: $! must be the program.
# shellcheck disable=SC2034
as_user='bench_vm as 1000'

say() {
	echo "@tap $*"
}

note() {
	say "# $*"
}

pass() {
	results=$((results + 1))
	say "ok $results - $1"
}

miss() {
	results=$((results + 1))
	# shellcheck disable=SC2034 # for who sources this
	missed=yes
	say "not ok $results - $1"
	[ -z "${2:-}" ] || printf '%s\n' "$2" | sed 's/^/@tap #   /'
}

skip() {
	results=$((results + 1))
	say "ok $results - $1 # SKIP $2"
}

# check TEXT COMMAND...: by the command's exit status, its words when it fails.
check() {
	text=$1
	shift
	if words=$("$@" 2>&1); then
		pass "$text"
	else
		miss "$text" "$words"
	fi
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

# The plan comes last: how many there are is known then. tests/run wants one.
plan() {
	say "1..$results"
}

seconds() {
	cut -d. -f1 /proc/uptime
}

# until_true SECONDS COMMAND...: waits for it, for that long at most.
look_s=0.1 # how often it looks
until_true() {
	deadline=$(($(seconds) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(seconds)" -lt "$deadline" ] || return 1
		sleep "$look_s"
	done
}

# One line to the device, one line back; false when it begins with "no".
world() {
	echo "$*" >/run/bench/ask
	read -r answer </run/bench/answer
	case $answer in
	ok*) return 0 ;;
	esac
	echo "device: $*: $answer"
	return 1
}

# /dev nodes of the adapter, as the kernel numbered them this time.
find_nodes() {
	bus=
	for place in /sys/class/i2c-dev/i2c-*; do
		case $(cat "$place/name" 2>/dev/null) in
		*MCP2221*) bus=${place##*-} ;;
		esac
	done
	[ -n "$bus" ] && [ -e "/dev/i2c-$bus" ] && [ -e /dev/gpiochip0 ]
}

# What udev would do by hw/70-stretchd.rules.
open_nodes() {
	chmod 666 /dev/i2c-* /dev/gpiochip* 2>/dev/null
}

start_device() {
	mkdir -p /run/bench
	bench_vm device /run/bench &
	if until_true 20 test -p /run/bench/answer; then
		until_true 60 find_nodes
	fi
	check 'the kernel made a bus and lines of the virtual adapter' find_nodes
	open_nodes
}

newest_session() {
	ls -d "$1"/*/sessions/* | tail -n 1
}
