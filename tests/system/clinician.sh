#!/usr/bin/env bash
# What a clinician gets: sessions of the daemon, noted and dated by a person, exported,
# read by other people's programs, reported, judged again. Programs and schemas that
# are not on this machine are skipped, and it is said which.
#
# Environment: STRETCH_SCHEMAS, a folder made by scripts/fetch-schemas.sh.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

support=$PWD/tests/support
schemas=${STRETCH_SCHEMAS:-}
cd "$work" || exit 3
sessions=state/anna-1/sessions

session() {
	"$daemon" --foreground speed=1000 "state_dir=$work/state" wearer=anna-1 hold_s=10 reps=2 \
		sensor=simulate:lying-towel "side=$1" >"$out" 2>&1
}

# One as if of an earlier boot, which no word can date any more, then one of each side.
session left
sed -i 's/"boot_id": "[^"]*"/"boot_id": "an-earlier-one"/; s/"ntp"/"none"/' $sessions/*/session.json
old=$(ls $sessions)
if [[ $old != *undated* ]]; then
	# this machine's clock is vouched for
	mv "$sessions/$old" "$sessions/${old/????-??-??/undated}"
fi
session left
session right

plan 50

check 'session.json: from which slip on the strap is not trusted' \
	grep -q '"untrusted_deg": 6' $sessions/000003*/session.json

# ---- clock and notes ----
"$ctl" clock --state-dir state >"$out" 2>"$err"
status=$?
check 'clock: says whether somebody vouches for it' grep -qE '^[0-9-]+T.*, (not certain|vouched)' "$out"
run "$ctl" clock ok --state-dir state
check 'clock ok: exit status 0' test $status -eq 0
run "$ctl" sessions --state-dir state
check 'the sessions of this boot have a date, the earlier one has none' \
	test "$(grep -cE '^00000[23]  20[0-9-]{8} ' "$out"):$(grep -c '^000001  (undated)' "$out")" = 2:1
run "$ctl" note --state-dir state --pain-before 4 --pain-after 2 --warm-up yes \
	--strapped-by 007 --text '=cmd|calc, "x"'
check 'note: the newest session by itself' test "$status:$(ls $sessions/000003*/note.json | wc -l)" = 0:1
run "$ctl" note 2 --state-dir state --pain-before 11
check 'note: a pain of 11 is refused' test $status -eq 2
run "$ctl" note 7 --state-dir state --pain-before 1
check 'note: no such session' test $status -eq 1

run "$ctl" note --state-dir state --rest-day 2025-11-31
check 'note: a day of rest that there is not' test $status -eq 2
run "$ctl" note 2 --state-dir state --rest-day 2025-11-30
check 'note: a day of rest is of no session' test $status -eq 2
run "$ctl" note --state-dir state --rest-day 2025-11-30
check 'note: a day of rest' test "$status:$(ls state/anna-1/rest_days.json)" = 0:state/anna-1/rest_days.json

# ---- export ----
run "$ctl" export --state-dir state -o plain
check 'export: exit status 0' test $status -eq 0
check '... and says what has no date' grep -q '3 sessions and 6 holds of anna-1, 1 of the sessions without' "$out"
check '... three files' test "$(ls plain | tr '\n' ' ')" = 'datapackage.json holds.csv sessions.csv '
rows_as_judged() {
	cat $sessions/*/holds.csv | grep -v '^session,' >"$work/rows"
	tail -n +2 plain/holds.csv | cmp - "$work/rows"
}
check 'the holds are those of the sessions, byte for byte' rows_as_judged
run "$ctl" export --state-dir state -o plain
check 'an export may be written again' test $status -eq 0
mkdir other && touch other/file
run "$ctl" export --state-dir state -o other
check 'a folder with something else is left alone' test "$status:$(ls other)" = 2:file
run "$ctl" export --state-dir state -o right --side right
check 'one side only' test "$(tail -n +2 right/sessions.csv | wc -l)" -eq 1
today=$(date +%F)
run "$ctl" export --state-dir state -o since --since "$today"
check 'since today: the undated one came before and is out' \
	test "$(tail -n +2 since/sessions.csv | cut -c1-6 | tr '\n' ' ')" = '000001 000002 000003 '
run "$ctl" export --state-dir state -o until --until 2020-01-01
check 'until long ago: only what may be as old' \
	test "$(tail -n +2 until/sessions.csv | cut -c1-6 | tr '\n' ' ')" = '000001 '
run "$ctl" export --state-dir state -o x --since 2025-02-30
check 'a day that there is not' test $status -eq 2
run "$ctl" export --state-dir state --exercise towel -o x
check 'no such exercise: the others are named' grep -q 'towel: no such exercise. There are: lying-towel, ' "$err"
run "$ctl" export --state-dir state --format fhir --excel de -o x
check 'a spreadsheet of FHIR' test $status -eq 2
run "$ctl" export --state-dir state --wearer nobody -o x
check 'no such wearer' test $status -eq 1

# ---- python's csv ----
python_reads() {
	python3 - <<-'END'
	import csv
	with open("plain/sessions.csv", newline="", encoding="utf-8") as file:
	    rows = list(csv.DictReader(file, strict=True))
	assert len(rows) == 3 and None not in rows[0], rows
	assert [row["date_local"] == "" for row in rows] == [True, False, False]
	assert rows[2]["note"] == "'=cmd|calc, \"x\"", rows[2]["note"]
	assert rows[2]["pain_before"] == "4" and rows[0]["pain_before"] == ""
	with open("plain/holds.csv", newline="", encoding="utf-8") as file:
	    holds = list(csv.DictReader(file, strict=True))
	for row in rows:
	    own = [hold for hold in holds if hold["session"] == row["session"]]
	    assert len(own) == int(row["attempts"]) == 2
	    seconds = sum(float(hold["hold_s"]) for hold in own)
	    assert abs(seconds - float(row["stretch_s"])) < 0.006, seconds
	    means = [float(hold["angle_mean_deg"]) for hold in own]
	    assert abs(max(means) - float(row["angle_best_deg"])) < 0.006
	END
}
if command -v python3 >/dev/null; then
	check 'python csv: rows, numbers, sums' python_reads
else
	skip 'python csv' 'python3 is not installed'
fi

# ---- spreadsheets ----
# sheet DIALECT FILTER: the cells of sessions.csv as the spreadsheet takes them.
sheet() {
	"$ctl" export --state-dir state -o "excel-$1" --excel "$1" -q || return 1
	timeout 200 soffice "-env:UserInstallation=file://$work/office" --headless \
		"--infilter=CSV:$2" --convert-to fods --outdir "sheet-$1" \
		"excel-$1/sessions.csv" >/dev/null 2>&1 || return 1
	python3 "$support/sheet_types.py" "sheet-$1/sessions.fods" >"types-$1"
}
taken() {
	local types=types-$1
	shift
	for line; do
		grep -qE "^$line" "$types" && continue
		echo "not so: $line"
		grep "^${line%% *} " "$types"
		return 1
	done
}
for locale in de us; do
	case $locale in
	de) filter=59,34,76,1,,1031,false,true text='69[,.]51' ;;
	us) filter=44,34,76,1,,1033,false,true text='69[.]51' ;;
	esac
	if command -v soffice >/dev/null && command -v python3 >/dev/null; then
		check "LibreOffice reads the $locale export" sheet $locale $filter
		check "... numbers as numbers, empty cells as empty" taken $locale \
			"angle_typical_deg 3 float $text" 'pain_before 3 float 4' \
			'pain_before 1 empty' 'attempts 1 float 2'
		check "... dates as dates, times as times" taken $locale \
			'date_local 3 date' 'time_local 3 time' 'date_local 1 empty'
		check "... =cmd and 007 as text" taken $locale \
			"note 3 string '=cmd\|calc, \"x\"$" "strapped_by 3 string '007$"
	else
		for what in reads numbers dates =cmd; do
			skip "LibreOffice, $locale: $what" 'soffice or python3 is not installed'
		done
	fi
done

# ---- schemas ----
# valid SCHEMA FILE: a result, or skipped.
valid() {
	local text="$2 against $1"
	if [ ! -s "$schemas/$1" ]; then
		skip "$text" 'no schemas: STRETCH_SCHEMAS=$(scripts/fetch-schemas.sh FOLDER)'
		return
	fi
	python3 "$support/json_schema.py" "$schemas/$1" "$2" >"$out" 2>&1
	case $? in
	0) pass "$text" ;;
	77) skip "$text" 'python3-jsonschema is not installed' ;;
	*) miss "$text" <"$out" ;;
	esac
}
run "$ctl" export --state-dir state -o fhir --format fhir --loinc
check 'FHIR: exit status 0, one file' test "$status:$(ls fhir)" = 0:observations.json
check '... which say that no sensor was worn' \
	grep -q 'From a simulated wearer or a recording' fhir/observations.json
valid fhir.schema.json fhir/observations.json
"$ctl" export --state-dir state -o german --excel de -q
for folder in plain german $sessions/000003*; do
	valid tabular-data-package.json "$folder/datapackage.json"
done

# ---- report ----
run "$ctl" report --state-dir state -o page.html --sessions 2
check 'report: HTML with two sessions more' test "$status:$(grep -c '<svg' page.html)" = 0:3
on_paper() {
	timeout 60 chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
		"--user-data-dir=$work/chromium" "--print-to-pdf=$work/printed.pdf" \
		"file://$work/page.html" >"$out" 2>&1 || { cat "$out"; return 1; }
	pdfinfo printed.pdf >"$out"
	cat "$out"
	grep -qE '^Pages: +3$' "$out" && grep -qE '^Page size: .*\(A4\)' "$out"
}
if command -v chromium >/dev/null && command -v pdfinfo >/dev/null; then
	check '... a browser prints it on three sheets of A4' on_paper
else
	skip '... a browser prints it on three sheets' 'chromium or pdfinfo is not installed'
fi
run "$ctl" report --state-dir state -o page.pdf
check 'report: PDF' test "$status:$(head -c 7 page.pdf)" = 0:%PDF-1.
if command -v pdftotext >/dev/null; then
	pdftotext -layout page.pdf page.txt
	check '... its text can be read' grep -q 'Hamstring stretching: anna-1' page.txt
else
	skip '... its text can be read' 'pdftotext is not installed'
fi
printf 'wearer = %s\nsides = left\nitem lying-towel {\nhold_s = 10\nreps = 2\nper_day = 1\n}\n' \
	anna-2 >asked.conf
run "$ctl" report --state-dir state -o page.pdf --prescription asked.conf
check 'report: a prescription for somebody else is refused' \
	grep -q 'asked.conf: it is for anna-2, and these sessions are of anna-1' "$err"
check '... exit status 2' test $status -eq 2
sed -i s/anna-2/anna-1/ asked.conf
"$ctl" accept asked.conf --state-dir state --by Weiss --yes >"$out" 2>&1
run "$ctl" report --state-dir state -o asked.html
# one session of the left leg has a date; the right one was not asked for
check 'report: against what was accepted' grep -q 'Sessions kept <b>1 of 1</b>' asked.html
sed -i s/anna-1/berta/ asked.conf
"$ctl" accept asked.conf --state-dir state --by Weiss --yes >"$out" 2>&1
run "$ctl" report --state-dir state -o page.pdf --wearer berta --since 2025-11-01 --until 2025-11-14
check 'report: nothing was done of what was accepted' \
	grep -q '0 sessions of berta, against the prescription' "$out"
run "$ctl" report --state-dir state -o page.pdf --wearer carla
check '... of somebody unknown there is none' test $status -eq 1
run "$ctl" report --state-dir state -o page.doc
check 'report: another ending is refused' test $status -eq 2

# ---- review ----
run "$ctl" review --state-dir state
check 'review: today as then' test $status -eq 0
sed -i '3s/,done,/,short,/' $sessions/000003*/holds.csv
run "$ctl" review --state-dir state 3
changed() {
	test $status -eq 1 && grep -qE '^ +2 +result +short +done$' "$out" && ! grep -q '^ *1 ' "$out"
}
check 'review: what differs is shown' changed
