# shellcheck shell=sh disable=SC2154
# The whole adapter pulled out and plugged in: a new /dev node, found by itself. The
# kernel waits with the removal until stretchd lets go of the old node. No lamps here:
# their lines go with the adapter.

said() {
	open_nodes
	grep -q "$1" /run/out
}

world chips MPU-6050@0x68 >/dev/null
$as_user stretchd sensor=i2c:MCP2221 thigh_address=0x68 state_dir=/run/plug volatile=yes \
	>/run/out 2>&1 &
daemon=$!
sleep 4
world unplug >/dev/null
plugged_s=$(seconds)
world plug >/dev/null
if until_true 40 said 'back again'; then
	pass 'the adapter unplugged and plugged in: streams again by itself'
	note "$(($(seconds) - plugged_s)) s after the kernel had let go"
else
	miss 'the adapter unplugged and plugged in: streams again by itself' \
		"$(cat /run/out; ls /dev/i2c-*)"
fi
kill "$daemon"
wait "$daemon"
check 'stretchd ends well after it' test $? -eq 0

# Begun without the adapter, as at boot: up, shown as missing, and taken when it comes.
world unplug >/dev/null
$as_user stretchd sensor=i2c:MCP2221 thigh_address=0x68 state_dir=/run/late volatile=yes \
	>/run/out 2>&1 &
daemon=$!
check 'begun without a sensor: it waits and says so' until_true 20 said 'waiting for it'
world plug >/dev/null
check 'plugged in later: the sensor is taken' until_true 40 said 'thigh: .* at 0x68'
kill "$daemon"
wait "$daemon"
check 'stretchd ends well after that, too' test $? -eq 0
