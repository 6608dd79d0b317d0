#!/usr/bin/env bash
# Builds for the virtual bench under systemd and runs it: the package as it ships, in a
# Debian tree that boots in QEMU with systemd, udev and a virtual I2C and GPIO adapter.
# See tests/bench_vm/systemd.sh.
#
#   scripts/bench-systemd.sh amd64|arm64
#
# amd64: this machine's release and package, the service's checks. arm64: Debian 13 and
# the cross-built package, the service's checks and the README's first ten minutes.
# What cannot be had here (root, mmdebstrap, network) is a reason to skip, and is said.
# Environment: STRETCH_BUILD (build), BENCH_VM_CHECKS (service, quick; both for arm64),
# XDG_CACHE_HOME: the Debian trees are kept below it.
set -u
cd "$(dirname "$0")/.." || exit 3
arch=${1:-amd64}
build=${STRETCH_BUILD:-build}
cache=$build/cache
trees=${XDG_CACHE_HOME:-$HOME/.cache}/stretchd
words=$(mktemp) || exit 3
trap 'rm -f "$words"' EXIT
start=$(date +%s)
export BENCH_VM_ARCH=$arch BENCH_VM_SKIP='' BENCH_VM_KERNEL='' BENCH_VM_TREE='' \
	BENCH_VM_DEB='' BENCH_VM_BUILD=$build BENCH_VM_CHECKS=${BENCH_VM_CHECKS:-}
# shellcheck disable=SC1091
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

# had VARIABLE COMMAND...: its last line, or why there is none.
had() {
	local name=$1 line
	shift
	[ -z "$BENCH_VM_SKIP" ] || return 1
	if line=$("$@" 2>"$words"); then
		printf -v "$name" '%s' "$(tail -n 1 <<<"$line")"
	else
		BENCH_VM_SKIP=$(grep -v '^#' "$words" | tail -n 1)
		return 1
	fi
}

build_it() {
	make --no-print-directory -j"$(nproc)" "$@" || {
		echo 'the build failed, no test was run'
		echo '0 passed, 1 failed, 0 skipped'
		exit 1
	}
}

case $arch in
amd64)
	BENCH_VM_CHECKS=${BENCH_VM_CHECKS:-service}
	if [ "$(dpkg --print-architecture)" = amd64 ]; then
		build_it BUILD="$build" "$build/bench_vm"
	else
		BENCH_VM_SKIP='this machine is no amd64'
	fi ;;
arm64)
	BENCH_VM_CHECKS=${BENCH_VM_CHECKS:-service quick} release=trixie
	BENCH_VM_BUILD=$build/bench-vm/arm64
	if had root scripts/fetch-arm64.sh "$cache" "$release"; then
		# shellcheck disable=SC2154 # had sets it
		build_it BUILD="$BENCH_VM_BUILD" CROSS=aarch64-linux-gnu- LIBROOT="$root" \
			"$BENCH_VM_BUILD/bench_vm"
	fi ;;
*)
	echo 'usage: scripts/bench-systemd.sh amd64|arm64' >&2
	exit 2 ;;
esac
had BENCH_VM_KERNEL scripts/fetch-kernel.sh "$cache" "$arch"
had BENCH_VM_DEB scripts/deb.sh "$arch" "$release"
if [ -n "$BENCH_VM_DEB" ]; then
	# shellcheck disable=SC2046
	had BENCH_VM_TREE scripts/fetch-tree.sh "$trees" "$arch" "$release" \
		$(dpkg-deb --field "$BENCH_VM_DEB" Depends | tr ',' '\n' |
			sed -E 's/ *\|.*//; s/ *\(.*//; s/^ *//')
fi
echo "== $arch: build and downloads $(($(date +%s) - start)) s"
TEST_JOBS=1 TEST_TIMEOUT_S=2000 tests/run bench-systemd
