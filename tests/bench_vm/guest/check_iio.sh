# shellcheck shell=sh disable=SC2154
# Kernel's own drivers on the emulated chips: bound with new_device, read polled
# through sysfs, compared with the attitude that was set. They were written by others
# from the same data sheets: an independent check of the emulators.

# Folder of the IIO device with that chip name and that attribute; empty: none.
iio_with() {
	for place in /sys/bus/iio/devices/iio:device*; do
		[ -e "$place/$2" ] || continue
		case $(cat "$place/name") in
		$1*) echo "$place"; return ;;
		esac
	done
}

# axis FOLDER WHAT AXIS VALUE: the value in the driver's unit (m/s2 or rad/s) is
# scale times raw; what was set comes in g or deg/s. Within one count? inv_mpu6050
# tells its scale with three digits only (0.000598): there the data sheet's 16384 / 2^n
# counts per g next to it counts, and is at most 0.2 % away.
axis() {
	raw=$(cat "$1/in_$2_$3_raw") && scale=$(cat "$1/in_$2_scale" 2>/dev/null ||
		cat "$1/in_$2_$3_scale") || return 1
	case $driver in
	mpu*) exact=1 ;;
	*) exact=0 ;;
	esac
	awk -v exact="$exact" -v raw="$raw" -v scale="$scale" -v value="$4" -v what="$2" -v axis="$3" 'BEGIN {
		unit = what == "accel" ? 9.80665 : 3.14159265358979 / 180
		gain = unit / scale
		if (what == "accel" && exact) {
			for (n = 16384; n > gain * 1.4; n /= 2) {}
			if (n / gain < 0.998 || n / gain > 1.002)
				exit 1
			gain = n
		}
		wanted = value * gain
		printf "%s %s: raw %d, set %.2f counts\n", what, axis, raw, wanted
		exit !(raw - wanted <= 1 && wanted - raw <= 1)
	}'
}

attitude_of() {
	axis "$1" accel x "$3" && axis "$1" accel y "$4" && axis "$1" accel z "$5" &&
		axis "$2" anglvel x "$6" && axis "$2" anglvel y "$7" &&
		axis "$2" anglvel z "$8"
}

# bind NAME ADDRESS IIO-NAME: leaves $acc and $gyr.
bind() {
	echo "$1 $2" >"/sys/bus/i2c/devices/i2c-$bus/new_device" || return 1
	until_true 20 test -n "$(iio_with "$3" in_accel_z_raw)" || return 1
	acc=$(iio_with "$3" in_accel_z_raw)
	gyr=$(iio_with "$3" in_anglvel_z_raw)
	[ -n "$gyr" ]
}

try_driver() {
	driver=$1 chip=$2 address=$3
	check "device: $chip at $address" world chips "$chip@$address"
	acc='' gyr=''
	if bind "$driver" "$address" "$driver"; then
		pass "the kernel's driver binds to a $chip as $driver"
	else
		miss "the kernel's driver binds to a $chip as $driver" \
			"$(dmesg | tail -n 5; ls /sys/bus/iio/devices)"
		return
	fi
	while read -r ax ay az gx gy gz; do
		world attitude "$address" "$ax" "$ay" "$az" "$gx" "$gy" "$gz" >/dev/null
		sleep 0.3
		check "$driver reads $ax $ay $az g, $gx $gy $gz deg/s within one count" \
			attitude_of "$acc" "$gyr" "$ax" "$ay" "$az" "$gx" "$gy" "$gz"
	done <<-EOF
		0.25 -0.5 0.829 0 0 0
		-0.6 0.05 -0.79 12.5 -47 101
		1 0 0 -120 3.75 60
	EOF
	if $as_user stretchd --foreground "sensor=i2c:$bus" "thigh_address=$address" \
		state_dir=/run volatile=yes >/run/out 2>&1; then
		miss "stretchd does not take a chip that $driver owns" "$(cat /run/out)"
	elif grep -q "$owner" /run/out; then
		pass "stretchd refuses a chip that the kernel's driver owns, and names it"
		note "$(tail -n 1 /run/out)"
	else
		miss "stretchd names the driver that owns the chip" "$(cat /run/out)"
	fi
	echo "$address" >"/sys/bus/i2c/devices/i2c-$bus/delete_device"
}

owner=inv-mpu6050 try_driver mpu6050 MPU-6050 0x68
owner=st_lsm6dsx try_driver lsm6dso LSM6DSO 0x6a
owner=st_lsm6dsx try_driver lsm6dsl LSM6DSL 0x6b
