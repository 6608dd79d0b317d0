#!/usr/bin/env bash
# Brings a stock Debian kernel for the virtual bench into a folder, unpacked, not
# installed: vmlinuz, the modules that the bench loads, and a static busybox.
#
#   scripts/fetch-kernel.sh CACHE ARCH      ARCH: amd64 arm64. Prints the folder.
#
# Kernel 6.12: amd64 from this machine's release when it has that, from its backports
# when it is Debian 12; arm64 from Debian 13. The mirror is the one that this machine's
# own apt uses; apt's own settings and lists stay untouched, everything happens in a
# private apt root below CACHE. Needs no root rights.
# Exit status: 0 ready, 2 wrong usage, 77 cannot be had here (one line says why).
set -u
export LC_ALL=C
if [ $# -ne 2 ] || { [ "$2" != amd64 ] && [ "$2" != arm64 ]; }; then
	echo 'usage: scripts/fetch-kernel.sh CACHE amd64|arm64' >&2
	exit 2
fi
# shellcheck source=scripts/debian-lib.sh
. "$(dirname "$0")/debian-lib.sh"
arch=$2
fail() {
	echo "no kernel for $arch: $*" >&2
	exit 77
}

release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
suite=trixie
[ "$arch" = amd64 ] && [ "$release" = bookworm ] && suite=bookworm-backports
# Only the drivers that a bench may load: the whole tree would be half a gigabyte.
rooms='drivers/base/regmap/* drivers/hid/* drivers/i2c/* drivers/iio/* drivers/usb/core/*
	drivers/usb/common/* drivers/gpio/* drivers/block/loop.ko* drivers/block/virtio_blk.ko*
	drivers/virtio/* fs/autofs/* fs/ext4/* fs/jbd2/*
	fs/mbcache.ko* arch/*/crypto/* crypto/* lib/*'
mkdir -p "$1" || fail "cannot make $1"
tree=$(cd "$1" && pwd)/kernel-$arch-$suite-$(echo "$rooms" | cksum | cut -d' ' -f1)
if [ -e "$tree/complete" ]; then
	echo "$tree"
	exit 0
fi
for tool in apt-get apt-cache dpkg-deb depmod; do
	command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin:/sbin
	command -v "$tool" >/dev/null || fail "$tool is missing"
done
rm -rf "$tree"
mkdir -p "$tree/apt/lists/partial" "$tree/apt/cache/archives/partial" \
	"$tree/apt/state" "$tree/debs" "$tree/root" || fail "cannot make $tree"
: >"$tree/apt/status"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
signed=
[ -e "$keyring" ] && signed=" signed-by=$keyring"
mirror=$(debian_mirror)
[ -n "$mirror" ] || fail "this machine's apt sources name no Debian archive"
for name in "$suite" "${suite%-backports}"; do
	echo "deb [arch=$arch$signed] $mirror $name main"
done | sort -u >"$tree/apt/sources.list"

private() {
	local command=$1
	shift
	"$command" -qq \
		-o Dir::Etc::sourcelist="$tree/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::Etc::preferencesparts=/dev/null \
		-o Dir::State="$tree/apt/state" -o Dir::State::lists="$tree/apt/lists" \
		-o Dir::State::status="$tree/apt/status" -o Dir::Cache="$tree/apt/cache" \
		-o APT::Architecture="$arch" -o APT::Architectures::="$arch" \
		-o Acquire::Languages=none -o APT::Sandbox::User="$(id -un)" \
		-o Acquire::Retries=3 "$@" </dev/null 2>>"$tree/log"
}

private apt-get update >"$tree/log" || fail "apt-get update failed, see $tree/log"
# The meta package names the real one; the newest 6.12 when several suites have one.
image=$(private apt-cache -t "$suite" --no-all-versions show "linux-image-$arch" |
	sed -nE 's/^Depends: (linux-image-[^ ,]+).*/\1/p' | head -n 1)
[ -n "$image" ] || fail "$suite has no linux-image-$arch, see $tree/log"
(cd "$tree/debs" && private apt-get -t "$suite" download "$image" busybox-static) \
	>>"$tree/log" || fail "$image could not be downloaded, see $tree/log"

wanted=()
set -f # the patterns are tar's
for room in $rooms; do
	wanted+=("*/kernel/$room")
done
set +f
dpkg-deb --fsys-tarfile "$tree/debs/$image"*.deb |
	tar -x --no-same-owner --wildcards -C "$tree/root" './boot/vmlinuz-*' \
		'*/modules.builtin*' '*/modules.order' "${wanted[@]}" 2>>"$tree/log"
dpkg-deb --fsys-tarfile "$tree"/debs/busybox-static*.deb |
	tar -x --no-same-owner --wildcards -C "$tree/root" '*/bin/busybox' ||
	fail "cannot unpack busybox, see $tree/log"
mv "$tree"/root/boot/vmlinuz-* "$tree/vmlinuz" || fail "$image holds no kernel"
find "$tree/root" -name busybox -type f -exec mv {} "$tree/busybox" \;
modules=$(find "$tree/root" -type d -path '*/lib/modules/*' -prune)
[ -d "$modules" ] || fail "$image holds no modules"
version=$(basename "$modules")
mkdir -p "$tree/lib/modules"
mv "$modules" "$tree/lib/modules/"
depmod -b "$tree" "$version" 2>>"$tree/log" || fail "depmod failed, see $tree/log"
echo "$version" >"$tree/version"
rm -rf "$tree/apt" "$tree/debs" "$tree/root"
touch "$tree/complete"
echo "$tree"
