#!/usr/bin/env bash
# Bad input, through the command line: one clear line that names file, line and column
# and says what is wrong, the documented exit status, and nothing half-written left
# behind. Each case below: what is wrong, status, lines expected on standard error, a
# pattern for the (first) line, the command. The commands run in a folder of their own
# that holds the files made first; every output goes to out* and must not be there.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

# ---- the files ----
"$ctl" simulate --exercise lying-towel --sensors 1 --seed 2 --no-truth --hold 12 \
	--prescribed-s 10 --output "$work/good.csv"
cd "$work" || exit 3
rows=$(wc -l <good.csv)
: >empty.csv
head -c 5000 "$ctl" >binary.csv
head -n 1 good.csv >header.csv
cut -d, -f1-3,5- good.csv >missing.csv
awk -F, -v OFS=, 'NR == 3 { $3 = "\"1,5\"" } 1' good.csv >quoted.csv
awk -F, -v OFS=, 'NR == 3 { $3 = "1,5" } 1' good.csv >comma.csv
awk -F, -v OFS=, 'NR == 4 { $6 = "fast" } 1' good.csv >word.csv
awk -F, -v OFS=, 'NR == 5 { $8 = "dance\r" } 1' good.csv >event.csv
awk -F, -v OFS=, 'NR >= 2000 && NR < 2010 { $2 = "nan" } NR == 3000 { $6 = "" } 1' \
	good.csv >nan.csv
{
	head -n 3 good.csv
	head -c 1048576 /dev/zero | tr '\0' 1
	echo
	tail -n +4 good.csv
} >long.csv
{
	head -n 100 good.csv
	sed -n 50p good.csv
	tail -n +101 good.csv
} >backwards.csv
head -c $(($(wc -c <good.csv) - 3)) good.csv >torn.csv
gzip -c good.csv | head -c 50000 >cut.csv.gz
cat >five.conf <<'END'
session {
	wearer = "=cmd"
	hold_s = 1e9
	sidde = left
	reps = abc
}
hold {
	gap_factor = 0
}
END
mkdir mine folder
echo keep >mine/diary.txt
"$ctl" replay good.csv --quiet hold_s=10 -o session || exit 3
cp -r session unsound
sed -i 's/"hold_s": [0-9.]*/"hold_s": -1/' unsound/inputs.json
cp -r session older
sed -i 's/"hold_s"/"hold_x"/' older/inputs.json
cp -r session hollow
rm hollow/raw.csv.gz

# ---- the judge ----
names() {
	find . -mindepth 1 -maxdepth 1 -printf '%f\n'
}

# True when there is nothing new beside the files above, hidden or not.
names >"$tap/before"
nothing_left() {
	names | grep -vxFf "$tap/before" >"$tap/new"
	! [ -s "$tap/new" ]
}

# bad WHAT STATUS LINES PATTERN COMMAND...
bad() {
	local what=$1 expected=$2 lines=$3 pattern=$4 wrong=
	shift 4
	run "$@"
	[ $status -eq "$expected" ] || wrong+="exit status $status instead of $expected. "
	[ "$(wc -l <"$err")" -eq "$lines" ] || wrong+="not $lines line(s). "
	head -n 1 "$err" | grep -qE -- "$pattern" || wrong+="no \"$pattern\". "
	grep -qE '[^[:print:]	]' "$err" && wrong+="unprintable. "
	nothing_left || wrong+="left behind: $(tr '\n' ' ' <"$tap/new")"
	if [ -z "$wrong" ]; then
		pass "$what"
	else
		echo "$wrong" | cat - "$err" >"$tap/log"
		miss "$what" <"$tap/log"
		rm -rf out out.*
	fi
}

replay() {
	"$ctl" replay "$@" hold_s=10 -o out
}

plan 77

# ---- recordings ----
for program in replay orient; do
	to_out() {
		case $program in
		replay) replay "$1" ;;
		orient) "$ctl" orient "$1" -o out.csv ;;
		esac
	}
	bad "$program: empty file" 2 1 'empty\.csv: .*empty' to_out empty.csv
	bad "$program: binary file" 2 1 'binary\.csv:1: ' to_out binary.csv
	bad "$program: header only" 2 1 'header\.csv: no rows' to_out header.csv
	bad "$program: missing column" 2 1 \
		'missing\.csv:1: column thigh_acc_z_m_s2: missing' to_out missing.csv
	bad "$program: quoted 1,5" 2 1 'quoted\.csv:3: column thigh_acc_y_m_s2: "1,5"' \
		to_out quoted.csv
	bad "$program: 1,5 without quotes" 2 1 'comma\.csv:3: 9 cells.*decimal point' \
		to_out comma.csv
	bad "$program: a word for a number" 2 1 \
		'word\.csv:4: column thigh_gyr_y_rad_s: "fast"' to_out word.csv
	bad "$program: a line of 1 MB" 2 1 'long\.csv:4: longer than' to_out long.csv
	bad "$program: time runs backwards" 2 1 \
		'backwards\.csv:101: column t_s: .*not later' to_out backwards.csv
	bad "$program: compressed and cut" 2 1 'cut\.csv\.gz:?[0-9]*: ' to_out cut.csv.gz
	bad "$program: no such file" 3 1 'none\.csv: cannot open' to_out none.csv
done
bad 'replay: a folder without a session' 3 1 'folder/inputs\.json: cannot' \
	"$ctl" replay folder -o out
bad 'orient: a folder' 3 1 'folder: cannot' "$ctl" orient folder -o out.csv
bad 'replay: an unknown event' 2 1 'event\.csv:5: column event: ' replay event.csv
bad 'replay: inputs.json with a setting out of range' 2 1 'unsound/inputs\.json: hold_s: ' \
	"$ctl" replay unsound -o out
bad 'replay: a session without its raw file' 3 1 'hollow/raw\.csv: cannot' \
	"$ctl" replay hollow -o out

# What is no error: absent readings, a torn last row, a session of another version.
run "$ctl" replay nan.csv --quiet hold_s=10 -o out
check 'nan and empty cells are absent readings' \
	test "$status:$(grep -c '"absent_thigh": 11,' out/session.json):$(wc -c <"$err")" = 0:1:0
rm -rf out
run "$ctl" replay torn.csv --quiet hold_s=10 -o out
torn_kept() {
	[ $status -eq 0 ] && [ "$(wc -l <"$err")" -eq 1 ] &&
		grep -q 'torn\.csv: the last row was torn' "$err" && cmp out/holds.csv session/holds.csv
}
sed -i 's/^[a-z]*,1,/same,1,/' session/holds.csv out/holds.csv # the folder's own name
check 'a torn last row is dropped, said, and no error' torn_kept
rm -rf out
# Without its hold_s the dose is the exercise's own: 30 s.
run "$ctl" replay older --quiet -o out
dose() {
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "prescribed_s") at = i }
		NR == 2 { print $at }' out/holds.csv
}
version_told() {
	[ "$status:$(wc -l <"$err"):$(dose)" = 0:1:30.0 ] &&
		grep -q 'another version\. taken by default: hold_s\..*left out: hold_x$' "$err"
}
check 'settings of another version: the usual ones, said, and no error' version_told
rm -rf out
run "$ctl" orient torn.csv -o out.csv
check 'orient: a torn last row is dropped' \
	test "$status:$(wc -l <out.csv)" = "0:$((rows - 1))"
rm -rf out out.csv

# ---- options and settings ----
bad 'unknown command' 2 1 '"dance"' "$ctl" dance
bad 'no command' 2 1 'no command' "$ctl"
bad 'unknown option' 2 1 "stretchctl replay: .*--dance" replay good.csv --dance
bad 'unknown exercise' 2 1 'exercise: "dance".*lying-towel' replay good.csv -e dance
bad 'wall-stand, with the reason' 2 1 'exercise: .*not safe' replay good.csv -e wall-stand
bad 'lying-hands without a dose' 2 2 'hold_s: .*gives no hold time' \
	"$ctl" replay good.csv -e lying-hands -o out
bad 'lying-hands without a number' 2 1 'reps: .*gives no number' \
	replay good.csv -e lying-hands
bad 'unknown side' 2 1 'side: "middle".*left, right' replay good.csv -s middle
bad 'unknown setting' 2 1 'dance: unknown key' replay good.csv dance=1
bad 'setting: a word for a number' 2 1 'rest_s: "long" is no number' \
	replay good.csv rest_s=long
bad 'setting: a comma for the point' 2 1 'rest_s: "1,5"' replay good.csv rest_s=1,5
bad 'setting out of range' 2 1 'rest_s: -1 is out of range.*0 to 600' \
	replay good.csv rest_s=-1
bad 'a cap below its band' 2 1 '(cap_deg|target_lo_deg): ' \
	replay good.csv target_lo_deg=60 cap_deg=50
bad 'two sensors from a recording of one' 2 1 'good\.csv: .*no pelvis' \
	replay good.csv --sensors 2
bad 'a reference window that is none' 2 1 '4\.\.1: ' replay good.csv --reference-at 4..1
bad 'a reference window outside the recording' 2 1 'good\.csv: no good sample' \
	replay good.csv --reference-at 5000..6000
bad 'two recordings' 2 1 'one recording' replay good.csv nan.csv
bad 'five mistakes in a settings file: five lines' 2 5 'five\.conf:2: wearer: ' \
	replay good.csv -c five.conf
bad 'the same for the daemon' 2 5 'five\.conf:2: wearer: ' \
	"$daemon" --check --config five.conf
check '... which names the lines 2 3 4 5 8' \
	test "$(cut -d: -f2 "$err" | tr '\n' ' ')" = '2 3 4 5 8 '
bad 'no state folder' 3 1 'none: there is no such .*--state-dir' \
	"$ctl" sessions --state-dir none
bad 'no settings file' 3 1 'none\.conf: cannot' "$daemon" --check --config none.conf
bad 'daemon: a word without =' 2 1 '"dance"' "$daemon" dance
bad 'daemon: unknown option' 2 1 '--dance' "$daemon" --dance
bad 'daemon: no such sensor' 2 1 'sensor: ' "$daemon" sensor=dance state_dir="$work/folder"
bad 'daemon: recording not there' 3 1 'none\.csv: cannot open' \
	"$daemon" sensor=replay:none.csv state_dir="$work/folder"
# The daemon has begun a session when its recording ends so: that one is closed whole.
daemon_on() {
	"$daemon" --speed 1000 "sensor=replay:$tap/$1" hold_s=10 state_dir="$tap/$1.state"
}
closed() {
	(cd "$tap/$1.state"/wearer/sessions && ls -A && ls -A 0*) | tr '\n' ' ' | grep -qxE \
		'0[^ ]* datapackage.json holds.csv inputs.json raw.csv.gz samples.csv session.json '
}
head -n 7500 good.csv >"$tap/begin"
{
	cat "$tap/begin"
	sed -n 50p good.csv
} >"$tap/turned.csv"
{
	cat "$tap/begin"
	printf '75.000000,-1.2'
} >"$tap/halved.csv"
bad 'daemon: time runs backwards' 2 1 'turned\.csv:7501: column t_s: .*not later' \
	daemon_on turned.csv
check '... its session is closed whole' closed turned.csv
run daemon_on halved.csv
check 'daemon: a torn last row is dropped and said' \
	test "$status:$(grep -c 'halved\.csv: the last row was torn' "$err"):$(wc -l <"$err")" = 0:1:1
check '... its session is closed whole too' closed halved.csv
bad 'simulate: unknown exercise' 2 1 'dance' "$ctl" simulate --exercise dance -o out.csv
bad 'simulate: unknown habit' 2 1 'dance' "$ctl" simulate --hold 12::dance -o out.csv

# ---- where it is to be written ----
bad 'output folder is not empty' 2 1 'mine: is not empty' "$ctl" replay good.csv -o mine
bad '... nor with --force, when it is no session' 2 1 'mine: is not empty' \
	"$ctl" replay good.csv --force -o mine
check '... and what was there is there' test "$(cat mine/diary.txt)" = keep
bad 'output is a file' 2 1 'good\.csv: is no folder' "$ctl" replay nan.csv -o good.csv
bad 'no folder to make it in' 3 1 'none/out.*: cannot make' \
	"$ctl" replay good.csv -o none/out

# A disk that is full, said by the limit on a file's size: the write fails half-way.
small_disk() {
	(
		trap '' XFSZ
		ulimit -f 40
		exec "$@"
	)
}
bad 'the disk fills while a session is written' 3 1 'cannot write' \
	small_disk "$ctl" replay good.csv --quiet hold_s=10 -o out
bad 'the disk fills while orient writes' 3 1 'cannot write' \
	small_disk "$ctl" orient good.csv -o out.csv

check_full() {
	local word=$1
	shift
	"$@" >/dev/full 2>"$err"
	[ $? -eq 3 ] && [ "$(wc -l <"$err")" -eq 1 ] && grep -q "^$word: .*cannot write" "$err" &&
		nothing_left
}
check '/dev/full: replay' check_full 'stretchctl replay' "$ctl" replay good.csv hold_s=10
check '/dev/full: orient' check_full 'stretchctl orient' "$ctl" orient good.csv
check '/dev/full: simulate' check_full 'stretchctl simulate' "$ctl" simulate
check '/dev/full: sessions' check_full 'stretchctl sessions' "$ctl" sessions --help
check '/dev/full: stretchctl --help' check_full stretchctl "$ctl" --help
check '/dev/full: stretchd --print-config' check_full stretchd "$daemon" --print-config

# A folder that may not be written: root may, so root steps down for it.
mkdir locked open
cp "$ctl" good.csv open/
chmod 644 open/good.csv
chmod 711 "$tap" "$work"
chmod 555 locked
names >"$tap/before"
if [ "$(id -u)" -ne 0 ]; then
	bad 'a folder that may not be written' 3 1 'locked/out.*: cannot make' \
		"$ctl" replay good.csv -o locked/out
elif setpriv --reuid 65534 --regid 65534 --clear-groups open/stretchctl --version \
	>/dev/null 2>&1; then
	bad 'a folder that may not be written' 3 1 'locked/out.*: cannot make' \
		setpriv --reuid 65534 --regid 65534 --clear-groups \
		open/stretchctl replay open/good.csv -o locked/out
else
	skip 'a folder that may not be written' 'no way to be somebody else'
fi
