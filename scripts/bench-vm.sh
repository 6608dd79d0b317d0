#!/usr/bin/env bash
# Builds for the virtual bench and runs it: the programs that ship, in QEMU, on a stock
# kernel, with a virtual I2C and GPIO adapter. See tests/bench_vm/boot.sh.
#
#   scripts/bench-vm.sh amd64|arm64 [PATTERN]     PATTERN: only checks with it
#
# amd64 takes this machine's build and libraries, and has power cuts as well; arm64 a
# cross build with Debian 13's.
# What cannot be downloaded is a reason to skip, and is said.
set -u
cd "$(dirname "$0")/.." || exit 3
arch=${1:-amd64}
build=${STRETCH_BUILD:-build}
cache=$build/cache
words=$(mktemp) || exit 3
trap 'rm -f "$words"' EXIT
start=$(date +%s)
export BENCH_VM_ARCH=$arch BENCH_VM_SKIP='' BENCH_VM_KERNEL='' BENCH_VM_ROOT=/ \
	BENCH_VM_BUILD=$build

build_it() {
	make --no-print-directory -j"$(nproc)" "$@" vm-programs || {
		echo 'the build failed, no test was run'
		echo '0 passed, 1 failed, 0 skipped'
		exit 1
	}
}

case $arch in
amd64)
	if [ "$(dpkg --print-architecture)" = amd64 ]; then
		build_it BUILD="$build"
	else
		BENCH_VM_SKIP='this machine is no amd64'
	fi ;;
arm64)
	if BENCH_VM_ROOT=$(scripts/fetch-arm64.sh "$cache" trixie 2>"$words"); then
		BENCH_VM_BUILD=$build/bench-vm/arm64
		build_it BUILD="$BENCH_VM_BUILD" CROSS=aarch64-linux-gnu- LIBROOT="$BENCH_VM_ROOT"
	else
		BENCH_VM_SKIP=$(tail -n 1 "$words")
	fi ;;
*)
	echo 'usage: scripts/bench-vm.sh amd64|arm64 [PATTERN]' >&2
	exit 2 ;;
esac
if [ -z "$BENCH_VM_SKIP" ] &&
		! BENCH_VM_KERNEL=$(scripts/fetch-kernel.sh "$cache" "$arch" 2>"$words"); then
	BENCH_VM_SKIP=$(tail -n 1 "$words")
fi
echo "== $arch: build and downloads $(($(date +%s) - start)) s"
TEST_JOBS=2 TEST_TIMEOUT_S=${BENCH_VM_LIMIT_S:-1200} tests/run --only "${2:-}" bench-vm
