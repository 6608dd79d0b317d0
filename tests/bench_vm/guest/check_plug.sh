# shellcheck shell=sh disable=SC2154
# Begun without the adapter, as at boot: up, shown as missing, and taken when it comes.

said() {
	open_nodes
	grep -q "$1" /run/out
}

world chips MPU-6050@0x68 >/dev/null
world unplug >/dev/null
$as_user stretchd sensor=i2c:MCP2221 thigh_address=0x68 state_dir=/run/late volatile=yes \
	>/run/out 2>&1 &
daemon=$!
check 'begun without a sensor: it waits and says so' until_true 20 said 'waiting for it'
world plug >/dev/null
check 'plugged in later: the sensor is taken' until_true 40 said 'thigh: .* at 0x68'
kill "$daemon"
wait "$daemon"
check 'stretchd ends well after that' test $? -eq 0
