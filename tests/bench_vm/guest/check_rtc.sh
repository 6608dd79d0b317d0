# shellcheck shell=sh disable=SC2154
# A clock chip at 0x68 keeps what it holds: the pointer 0x75 may be written, no data.

world chips DS1307@0x68 >/dev/null
if $as_user stretchd --foreground sensor=i2c:MCP2221 state_dir=/run/rtc volatile=yes \
	>/run/out 2>&1; then
	miss 'stretchd does not take a clock chip for a sensor' "$(cat /run/out)"
else
	pass 'stretchd does not take a clock chip for a sensor'
	note "$(tail -n 1 /run/out)"
fi
stretchctl doctor sensor=i2c:MCP2221 >/run/out 2>&1
note "$(grep -m 1 0x68 /run/out)"
world chip 0x68 >/dev/null
check "no data byte was written to the clock chip: $answer" \
	test "${answer#*written=0 }" != "$answer"
