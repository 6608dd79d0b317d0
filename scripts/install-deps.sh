#!/usr/bin/env bash
# Installs the Debian packages that a job needs; says nothing when all are there.
#
#   scripts/install-deps.sh [--check | --list] TIER   TIER: build test check bench
#                                                        bench-vm bench-systemd deb
#                                                        coverage
#
# Asks nothing. Needs root or sudo only when something is missing. --check installs
# nothing and says in one line what is missing; --list prints the names. The names hold in Debian 12 and 13;
# "a|b" means either of the two will do, the first one that apt knows is installed.
# Exit status: 0 all is there, 2 wrong usage, 3 something is missing and stays so.
set -u
export LC_ALL=C

# The packages of a tier, one tier upon another.
packages_of() {
	case $1 in
	build)
		echo gcc libc6-dev make 'pkgconf|pkg-config' libcsv-dev libconfuse-dev \
			libgpiod-dev libi2c-dev libjansson-dev zlib1g-dev libcairo2-dev \
			libncurses-dev libcminpack-dev libsystemd-dev ;;
	test)
		packages_of build
		echo libcmocka-dev locales ;;
	check)
		packages_of test
		echo clang 'libclang-rt-dev|libclang-rt-14-dev' clang-tidy cppcheck shellcheck \
			mandoc gcc-aarch64-linux-gnu libc6-dev-arm64-cross 'qemu-user|qemu-user-static' python3-jsonschema ;;
	bench)
		packages_of build
		echo valgrind ;;
	bench-vm)
		packages_of build
		echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-system-x86 \
			qemu-system-arm busybox-static cpio kmod xz-utils e2fsprogs python3 ;;
	bench-systemd)
		packages_of bench-vm
		packages_of deb ;;
	deb)
		packages_of build
		echo debhelper dpkg-dev fakeroot lintian gcc-aarch64-linux-gnu \
			libc6-dev-arm64-cross mmdebstrap arch-test qemu-user-static systemd-container ;;
	coverage)
		packages_of test
		echo gcovr ;;
	*)
		return 1 ;;
	esac
}

mode=install
case ${1:-} in
--check | --list) mode=${1#--}; shift ;;
esac
tier=${1:-}
if ! wanted=$(packages_of "$tier") || [ $# -ne 1 ]; then
	echo 'usage: scripts/install-deps.sh [--check | --list] build|test|check|bench|bench-vm|bench-systemd|deb|coverage' >&2
	exit 2
fi
if [ "$mode" = list ]; then
	echo "$wanted"
	exit 0
fi

# Not Debian: no package names to look up. The compiler will say what it misses.
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	missing=
	for tool in cc make pkg-config; do
		command -v "$tool" >/dev/null || missing="$missing $tool"
	done
	if [ -n "$missing" ]; then
		echo "missing:$missing. This machine has no apt; install by hand what Debian calls:" $wanted >&2
		exit 3
	fi
	exit 0
fi

installed=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' 2>/dev/null)"
have() {
	case $installed in *" installed:$1 "*) return 0 ;; esac
	return 1
}

missing=
for entry in $wanted; do
	found=
	for name in ${entry//|/ }; do
		have "$name" && found=1
	done
	[ -n "$found" ] || missing="$missing $entry"
done
missing=${missing# }
[ -n "$missing" ] || exit 0
# For people, one name of each choice.
shown=$(for entry in $missing; do printf '%s ' "${entry%%|*}"; done)
shown=${shown% }

if [ "$mode" = check ]; then
	echo "missing packages: $shown. Install them with: scripts/install-deps.sh $tier" >&2
	exit 3
fi

root=
if [ "$(id -u)" -ne 0 ]; then
	if command -v sudo >/dev/null; then
		root=sudo
	else
		echo "missing packages: $shown. Installing needs root, and there is no sudo: run scripts/install-deps.sh $tier as root." >&2
		exit 3
	fi
fi
echo "Installing for \"$tier\"${root:+ (with sudo)}: $shown"

apt() {
	$root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq \
		-o Dpkg::Use-Pty=0 -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"
}

log=$(mktemp) || exit 3
trap 'rm -f "$log"' EXIT
give_up() {
	tail -n 20 "$log" >&2
	echo "missing packages: $shown. apt-get $1 failed (its words are above); install them by hand." >&2
	exit 3
}

apt update >"$log" 2>&1 </dev/null || give_up update
names=
for entry in $missing; do
	chosen=${entry%%|*}
	for name in ${entry//|/ }; do
		if apt-cache show "$name" 2>/dev/null | grep -q '^Package:'; then
			chosen=$name
			break
		fi
	done
	names="$names $chosen"
done
# shellcheck disable=SC2086
apt install --no-install-recommends $names >"$log" 2>&1 </dev/null || give_up install
