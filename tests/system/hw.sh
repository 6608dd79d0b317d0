#!/usr/bin/env bash
# What hw/ tells people to do, as far as a machine can check it: settings that stretchd
# takes, figures that follow from their formulas, header pins that belong to their GPIO
# numbers, files that exist.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

pages=(hw/*.md)

# Each block marked conf goes to a file of its own.
awk -v place="$work/" '
	/^```conf$/ { n++; inside = 1; next }
	/^```/ { inside = 0 }
	inside { print >(place FILENAME_OF() "-" n ".conf") }
	function FILENAME_OF(  name) { name = FILENAME; sub(".*/", "", name); return name }
' "${pages[@]}"

every_block() {
	local file count=0 wrong=0
	for file in "$work"/*.conf; do
		count=$((count + 1))
		"$daemon" --config "$file" --check || wrong=$((wrong + 1))
	done
	echo "$count blocks, $wrong refused"
	[ "$count" -ge 6 ] && [ "$wrong" -eq 0 ]
}

# rows PAGE WORDS: the cells of the table whose head begins so, "|" between them.
rows() {
	awk -v words="$2" 'index($0, words) == 1 { inside = 1; next }
		!/^\|/ { inside = 0 }
		inside && !/^\|---/ { gsub(/ *\| */, "|"); print }' "$1"
}

# UM10204 section 7.1: 3 mA at 0.4 V; 0.8473 R C within 1000 ns or 300 ns; 400 pF.
pull_ups() {
	rows hw/sensors.md '| bus | pull-ups' | awk -F'|' '
		function near(shown, value, step) {
			if (shown - value <= step / 2 + 1e-9 && value - shown <= step / 2 + 1e-9)
				return
			print $2 ": " shown " is " value; wrong++
		}
		{
			n = split($3, k, ", "); g = 0
			for (i = 1; i <= n; i++)
				g += 1 / (1000 * k[i])
			r = 1 / g
			c = ($4 == 100 ? 1e-6 : 3e-7) / (0.8473 * r) * 1e12
			c = c > 400 ? 400 : c
			m = (c - 30 - 20 * $5) / 100
			near($6, r, 1); near($7, 2.9 / r * 1000, 0.1); near($8, c, 1)
			if (2.9 / r > 3e-3 || m < 0.1) {
				if ($9 != "none") { print $2 ": no cable"; wrong++ }
			} else
				near($9, m, 0.1)
		}
		END { print NR " rows"; exit NR < 8 || wrong }'
}

resistors() {
	rows hw/lights.md '| LED | drop' | awk -F'|' '
		function near(shown, value) {
			if (shown - value <= 0.05 && value - shown <= 0.05)
				return
			print $2 ": " shown " is " value; wrong++
		}
		{
			near($5, (3.3 - $3) / $4 * 1000); near($6, 3.3 / $4 * 1000)
			if ($6 > 16) { print $2 ": too much for the line"; wrong++ }
		}
		END { print NR " rows"; exit NR < 4 || wrong }'
}

# The 40-pin header of the Raspberry Pi: pin and GPIO number.
header='3:2 5:3 11:17 13:27 15:22 16:23 18:24 29:5 31:6'
pins() {
	local pair found=0
	while read -r pair; do
		found=$((found + 1))
		case " $header " in
		*" $pair "*) ;;
		*) echo "pin:GPIO $pair is no pair"; return 1 ;;
		esac
	done < <(sed -nE 's/.*pin ([0-9]+) +GPIO([0-9]+).*/\1:\2/p
		s/.*on pins ([0-9]+) \(GPIO([0-9]+).*/\1:\2/p
		s/.* and ([0-9]+) \(GPIO([0-9]+).*/\1:\2/p' "${pages[@]}" hw/pi-config.txt
		tr '\n' ' ' <hw/boards.md | grep -oE 'GPIO[0-9]+ \(pin [0-9]+' |
			sed -E 's/GPIO([0-9]+) \(pin ([0-9]+)/\2:\1/')
	echo "$found pairs"
	[ "$found" -ge 8 ]
}

links() {
	local page link count=0
	for page in "${pages[@]}"; do
		while read -r link; do
			count=$((count + 1))
			[ -e "$(dirname "$page")/$link" ] || { echo "$page: $link"; return 1; }
		done < <(grep -oE '\]\([^)#:]+\)' "$page" | sed 's/^](//; s/)$//')
	done
	echo "$count links"
	[ "$count" -ge 8 ]
}

# KEY=="value" or KEY="value", with commas between; every rule has a match and an act.
rules() {
	grep -vE '^(#.*)?$' hw/70-stretchd.rules >"$work/rules" || return 1
	! grep -vE '^([A-Z]+(\{[a-z]+\})?(==|\+=|=)"[^"]+"(, |$))+$' "$work/rules" &&
		! grep -vE '=="[^"]+", ([A-Z]+\+?="[^"]+"(, )?)+$' "$work/rules"
}

# What boards.md shows of config.txt stands in the file, commented out or not.
config_lines() {
	local line count=0
	while read -r line; do
		count=$((count + 1))
		grep -qxF -e "$line" -e "#$line" hw/pi-config.txt || { echo "$line"; return 1; }
	done < <(awk '/^```ini$/ { inside = 1; next } /^```/ { inside = 0 } inside' hw/boards.md)
	[ "$count" -ge 2 ]
}

plan 7
check 'stretchd takes every settings block of hw/' every_block
check 'pull-ups, current, capacitance, cable: as the formulas say' pull_ups
check 'LED resistors: as the formula says, and safe when shorted' resistors
check 'header pins belong to their GPIO numbers' pins
check 'linked files exist' links
check 'udev rules are well formed' rules
check 'lines for config.txt are those of the file' config_lines
