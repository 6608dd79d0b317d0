#!/usr/bin/env bash
# Export and report of a year, 730 sessions with 14 holds each: wall time and memory.
# Goals: 3 s and 64 MiB. Figures are printed, never judged.
set -eu
build=${STRETCH_BUILD:-build}
cost=$build/tests/bench/history_cost
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sessions=$("$cost" make "$work/state" 365 1 14 two-sensors spotless)
ctl() {
	"$cost" measure "$1, $sessions sessions" "$build/stretchctl" "$2" --state-dir "$work/state" \
		-q -o "$work/$3" "${@:4}"
}
ctl 'export' export csv
echo "holds in these $sessions sessions|$(($(wc -l <"$work/csv/holds.csv") - 1))|holds"
ctl 'export --excel de' export excel --excel de
ctl 'export --format fhir' export fhir --format fhir
ctl 'report, PDF' report page.pdf
ctl 'report, HTML' report page.html
