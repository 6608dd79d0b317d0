#!/usr/bin/env bash
# stretchd --check: every mistake of settings, command line, and the files that they
# name in one go, each on its line, and nothing touched. Expected lines by hand.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

plan 9
cd "$work" || exit 3
cat >bad.conf <<'END'
session {
	rest_s = 9999
	wearer = "../x"
	prescription = "bad.prescription"
	target_lo_deg = 80
	cap_deg = 60
}
sensor {
	calibration_thigh = "none.json"
	calibration_pelvis = "torn.json"
	alignment = "gone.json"
}
leds {
	led_mode = three
}
END
printf 'wearer = anna-1\nitem hopping {\n\treps = 1000\n}\n' >bad.prescription
printf '{"format":' >torn.json

run "$daemon" --check -c bad.conf nonsense=1 sensor=i2x:1
check 'settings are wrong: exit status 2' test $status -eq 2
told() {
	local words
	for words in "$@"; do
		grep -qF -- "$words" "$err" || { echo "not told: $words"; cat "$err"; return 1; }
	done
}
check 'each wrong value' told 'bad.conf:2: rest_s:' 'bad.conf:3: wearer:'
check 'what is wrong together' told 'bad.conf:6: cap_deg:' 'led_red_line:' \
	'led_amber_line:' 'led_green_line:'
check 'each wrong word of the command line' told nonsense 'i2x:1'
check 'each file that cannot be used' told none.json torn.json gone.json
check 'each mistake of the prescription' told 'bad.prescription:2:' 'bad.prescription:3:'

run "$daemon" --check
check 'no file is named: not taken for all is well' test $status -eq 2 -a -s "$err"

printf 'wearer = anna-1\nitem lying-towel {\n\tper_day = 1\n}\n' >good.prescription
printf 'session {\n\tprescription = "good.prescription"\n}\nstore {\n\tstate_dir = "%s"\n}\n' \
	"$work/state" >good.conf
run "$daemon" --check -c good.conf
check 'all is right: exit status 0' test $status -eq 0
check 'nothing is made or said' test ! -s "$out" -a ! -e "$work/state"
