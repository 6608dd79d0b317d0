#!/usr/bin/env bash
# A simulated session from start to end: the daemon judges the simulated wearer at
# eight times real time, then the report is made. Nothing outside the build folder is
# touched.
#
#   scripts/demo.sh [EXERCISE] [SETTING=VALUE...]
#
# Environment: STRETCH_BUILD (build).
# Exit status: that of the daemon, or of stretchctl report.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
build=${STRETCH_BUILD:-build}
case ${1:-} in
--help)
	sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
	exit 0 ;;
'' | *=*) exercise=lying-towel ;;
*)
	exercise=$1
	shift ;;
esac
if [ ! -x "$build/stretchd" ]; then
	echo "demo: $build/stretchd is not there; run make first" >&2
	exit 3
fi
mkdir -p "$build/demo-state" || exit 3
state=$(cd "$build/demo-state" && pwd)

# The daemon ends by printing the session folder's path and its holds as a table.
"$build/stretchd" --foreground --speed 8 "state_dir=$state" reps=3 \
	"sensor=simulate:$exercise" "exercise=${exercise%%,*}" "$@" || exit
echo
exec "$build/stretchctl" report --state-dir "$state" --sessions 1 -o "$state/report.html"
