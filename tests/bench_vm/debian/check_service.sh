# shellcheck shell=sh disable=SC2154
# The package's service as the machine's own systemd runs it, its unit as it was shipped:
# up without a sensor, then with one, worn, stopped by force and by will, installed anew.

config=/etc/stretchd/stretchd.conf
state=/var/lib/stretchd
as_service='runuser -u stretchd --'
hold_s=12 # as disk_service.sh sets it

# ---- at boot, without a sensor ----
check 'without a sensor at boot: the service is up' until_true 60 is ActiveState '^active$'
check 'and says that it waits for a sensor, and for lamps' \
	is StatusText '^no lamps; fault, waiting for a sensor'
check 'nothing else of the machine failed at boot' \
	test -z "$(systemctl list-units --failed --plain --no-legend)"
pid=$(show MainPID)

confined() {
	grep -E '^(Uid|Groups|CapEff|CapBnd|NoNewPrivs|Seccomp):' "/proc/$pid/status"
	[ "$(stat -c %U "/proc/$pid")" = stretchd ] &&
		grep -q '^CapBnd:.*0000000000000000$' "/proc/$pid/status" &&
		grep -q '^NoNewPrivs:.*1$' "/proc/$pid/status" &&
		grep -q '^Seccomp:.*2$' "/proc/$pid/status"
}
shown 'it runs as its own user without a capability, calls are filtered' confined
# Its own view of the machine: what the unit wants kept from it.
read_only() {
	nsenter -t "$pid" -m sh -c 'for d in /usr /etc /var/log /home /root; do
		! touch "$d/x" 2>/dev/null || { echo "$d can be written"; exit 1; }; done'
}
check 'its system is read only' read_only
homes_unseen() {
	ls -d /home/anna /root/notes &&
		! nsenter -t "$pid" -m sh -c 'ls -d /home/* /root/* 2>/dev/null'
}
check 'homes are hidden from it' homes_unseen
no_network() {
	readlink /proc/1/ns/net "/proc/$pid/ns/net"
	[ "$(readlink /proc/1/ns/net)" != "$(readlink "/proc/$pid/ns/net")" ] &&
		! nsenter -t "$pid" -n grep -v -e lo: -e Inter -e face /proc/net/dev
}
check 'it has no network' no_network

# ---- the adapter with its lamps, then a sensor ----
log_mark
check 'the virtual adapter is plugged in' systemctl start bench-device
step 'the kernel made a bus and lines of it' until_true 60 find_nodes
owned() {
	ls -l "/dev/i2c-$bus" /dev/gpiochip0
	[ "$(stat -c '%G %a' "/dev/i2c-$bus")" = 'i2c 660' ] &&
		[ "$(stat -c '%G %a' /dev/gpiochip0)" = 'gpio 660' ] &&
		[ "$(readlink /dev/i2c-stretch)" = "i2c-$bus" ]
}
udevadm settle
check 'udev gave them to the groups, and the bus its name' owned
check 'lamps are taken: red blinks twice a second, fault' until_true 30 blinks 0 2
world chips MPU-6050@0x68 >/dev/null
check 'a sensor plugged in later is taken' until_true 60 said 'thigh: .* at 0x68'
check 'red blinks no more' until_true 10 blinks 0 0

# ---- who may, and what is known ----
accepted() {
	$as_service stretchctl accept -c "$config" --by=clinic --yes
}
check 'the prescription is accepted' accepted
second() {
	$as_service stretchd --config "$config"
	[ $? -eq 3 ]
}
check 'a second instance is refused' second
check 'and the first one is still the same' test "$(show MainPID)" = "$pid"
as_root() {
	! stretchd --config "$config" state_dir=/var/lib/other
}
check 'root may not be stretchd' as_root

# ---- worn: killed in mid-hold ----
# Worn until the light says that seconds count; the set's own first movement begins a
# session where none is. Between sets the wearer lies: a sensor that is somewhere else
# from one moment to the next, its gyroscope silent, is no sensor of this world.
begin_set() {
	world play "$hold_s" 1 || return 1
	begin_us=${answer#ok }
	begin_us=${begin_us% *}
	until_true 150 counting || { show StatusText; return 1; }
}
: >/run/bench/lines
# The kernel says that NTP holds its clock: the service must see it through its filter.
/bench/bench_vm synchronised
step 'worn: the seconds of a hold count' begin_set
first=$(newest_session "$state")
kill -STOP "$pid"
stopped_s=$(seconds)
check 'stopped in a hold by SIGSTOP: the lamp stays lit' test "$(levels | cut -c1-5)" = '0 0 1'
again() {
	[ "$(show NRestarts)" = 1 ] && is ActiveState '^active$'
}
check 'the watchdog finds it, the service is back' until_true 120 again
note "$(($(seconds) - stopped_s)) s after it was stopped"
# By the adapter's own log, when the next process began: that one would darken them too.
dark_between() {
	begun_us=$(show ExecMainStartTimestampMonotonic)
	tail -n 12 /run/bench/lines
	echo "begun anew $begun_us"
	awk -v begun_us="$begun_us" '$1 < begun_us { level[$2] = $3; n++ }
		END { exit !n || level[0] || level[1] || level[2] || level[3] }' /run/bench/lines
}
check 'no lamp was left lit in between' dark_between
recovered() {
	cat "$first/session.json"
	[ "$(field "$first/session.json" status)" = recovered ] && [ -s "$first/samples.csv" ]
}
check 'the session is recovered' until_true 60 recovered
clock_known() {
	stretchctl clock
	grep -h '"clock_source"' "$first/session.json"
	[ "$(field "$first/session.json" clock_source)" = ntp ]
}
check 'the clock is trusted inside the sandbox: ntp' clock_known

# ---- worn again: a whole hold ----
: >/run/bench/lines
whole() {
	begin_set || return 1
	until_true 60 grep -q ',done,' "$(newest_session $state)/holds.csv" ||
		{ show StatusText; return 1; }
}
step 'worn again: a hold is done' whole
second=$(newest_session "$state")
second_begin_us=$begin_us
origin_us() {
	field "$1/session.json" first_sample_monotonic_s | awk '{ printf "%.0f", $1 * 1e6 }'
}
judged() {
	/bench/bench_vm set "$second" "$(origin_us "$second")" "$second_begin_us" "$hold_s" 1 1
}
ended() {
	[ "$(field "$second/session.json" status)" = closed ]
}

check 'its session is closed when the wearer lay still' until_true 150 ended

# ---- stopped by will, in a hold ----
: >/run/bench/lines
step 'worn once more, the seconds count' begin_set
third=$(newest_session "$state")
check 'systemctl stop: ends well' systemctl stop stretchd
check 'and is inactive, without a failure' is Result '^success$'
check 'all lines are dark' dark
closed_well() {
	for folder in "$state"/*/sessions/*; do
		echo "$folder: $(field "$folder/session.json" status)"
		[ -s "$folder/raw.csv" ] || gzip -t "$folder/raw.csv.gz" || return 1
		[ -z "$(find "$folder" -name '*.tmp' -o -name '*.new')" ] || return 1
		case $(field "$folder/session.json" status) in
		closed | recovered) ;;
		*) return 1 ;;
		esac
	done
	[ "$(field "$third/session.json" status)" = closed ]
}
shown 'every session is closed, every recording whole' closed_well
shown 'the undisturbed hold: seconds within 0.1 s, angle within 0.1 deg' judged
nobody_else() {
	find "$state" \( ! -user stretchd -o ! -group stretchd -o -perm /007 \) -print
	[ -z "$(find "$state" \( ! -user stretchd -o ! -group stretchd -o -perm /007 \))" ]
}
check 'sessions belong to the service, others cannot read them' nobody_else
note "$(log | grep '^ends: ' | tail -n 1)"

# ---- the unit allows a bus by its driver's name, which holds if that is loaded by then ----
without_driver() {
	systemctl stop stretchd modprobe@i2c_dev && modprobe -r i2c_dev &&
		[ ! -e /dev/i2c-stretch ]
}
sensor_found() {
	until_true 60 said 'thigh: .* at 0x68'
}
started() {
	without_driver && systemctl start stretchd && sensor_found
}
log_mark
check 'started without the driver of buses: the unit loads it, a sensor is found' started
# Not by the unit this time.
installed() {
	without_driver && systemctl mask --runtime modprobe@i2c_dev &&
		dpkg --purge stretchd && [ ! -e /usr/bin/stretchd ] &&
		dpkg --install /bench/stretchd.deb && sensor_found
}
log_mark
check 'purged, installed again: the package loads it, a sensor is found' installed
