#!/usr/bin/env bash
# Instructions of one orientation update: the difference of two runs of orient_cost
# under callgrind, counted within orient_step() alone. Prints "NAME|VALUE|UNIT".
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 3
program=${STRETCH_BUILD:-build}/tests/bench/orient_cost

collected() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		--toggle-collect=orient_step "$program" "$@" 2>&1 >/dev/null |
		sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

row() {
	local rate=$1 kind=$2 few many
	few=$(collected 4000 "$rate" "$kind")
	many=$(collected 14000 "$rate" "$kind")
	[ -n "$few" ] && [ -n "$many" ] || return 1
	echo "orientation at $rate Hz, $kind|$(((many - few) / 10000))|instructions/sample"
}

[ -x "$program" ] || { echo "$program is missing: make bench builds it" >&2; exit 3; }
command -v valgrind >/dev/null || { echo 'valgrind is missing' >&2; exit 3; }
for rate in 48 100 208; do
	row "$rate" moving || exit 1
done
row 100 rest || exit 1
