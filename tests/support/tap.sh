# shellcheck shell=bash
# TAP for the system tests, to be sourced first: a private folder ($work) that is
# removed at the end, the programs' paths, and results. Call `plan N`, then N results
# (never in a pipeline: they are counted).

set -u
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 3
build=${STRETCH_BUILD:-build}
case $build in
/*) ;;
*) build=$PWD/$build ;;
esac
# shellcheck disable=SC2034
ctl=$build/stretchctl
# shellcheck disable=SC2034
daemon=$build/stretchd
# shellcheck disable=SC2034
recordings=${STRETCH_DATA:-../shared/data}/recordings
tap=$(mktemp -d) || exit 3
work=$tap/work
mkdir "$work" || exit 3
trap 'chmod -R u+w "$tap"; rm -rf "$tap"' EXIT
out=$tap/out
err=$tap/err
results=0

plan() {
	echo "1..$1"
}

# pass TEXT, miss TEXT <WHAT-WAS-SEEN, skip TEXT WHY.
pass() {
	results=$((results + 1))
	echo "ok $results - $1"
}

miss() {
	results=$((results + 1))
	echo "not ok $results - $1"
	sed 's/^/#   /'
}

skip() {
	results=$((results + 1))
	echo "ok $results - $1 # SKIP $2"
}

# check TEXT COMMAND...: a result by the command's exit status, its words when it fails.
check() {
	local text=$1
	shift
	if "$@" >"$tap/log" 2>&1; then
		pass "$text"
	else
		miss "$text" <"$tap/log"
	fi
}

# run COMMAND...: leaves $status, and what it said in the files $out and $err.
run() {
	"$@" >"$out" 2>"$err" </dev/null
	# shellcheck disable=SC2034
	status=$?
}
