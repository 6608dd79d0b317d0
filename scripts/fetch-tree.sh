#!/usr/bin/env bash
# Makes a small Debian tree that boots with systemd, and keeps it: a tar file.
#
#   scripts/fetch-tree.sh CACHE ARCH RELEASE [PACKAGE...]   prints the file's path
#
# PACKAGE: what is to be in it beside systemd, udev, apt and a user's tools. Packages are
# unpacked by this machine's own dpkg; only their scripts run in the tree, for a foreign
# architecture under qemu-user (two minutes for arm64; all by qemu would be twenty). The
# mirror is the one that this machine's own apt uses.
# Exit status: 0 ready, 2 wrong usage, 77 cannot be had here (one line says why).
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
if [ $# -lt 3 ]; then
	echo 'usage: scripts/fetch-tree.sh CACHE ARCH RELEASE [PACKAGE...]' >&2
	exit 2
fi
# shellcheck source=scripts/debian-lib.sh
. "$(dirname "$0")/debian-lib.sh"
cache=$1 arch=$2 release=$3
shift 3
fail() {
	echo "no Debian tree for $arch: $*" >&2
	exit 77
}

tools=(apt systemd systemd-sysv udev kmod sudo adduser passwd login util-linux procps)
names=$(printf '%s\n' "${tools[@]}" "$@" | sort -u | paste -sd, -)
[ "$(id -u)" -eq 0 ] || fail 'making and unpacking it needs root'
mkdir -p "$cache" || fail "cannot make $cache"
tar=$(cd "$cache" && pwd)/tree-$arch-$release-$(echo "2 $names" | # 2: how it is made
	cksum | cut -d' ' -f1).tar
if [ -e "$tar" ]; then
	echo "$tar"
	exit 0
fi
command -v mmdebstrap >/dev/null || fail 'mmdebstrap is not installed'
mirror=$(debian_mirror)
[ -n "$mirror" ] || fail "this machine's apt sources name no Debian archive"

work=$(mktemp -d) || exit 3
tree=$work/tree
trap 'tree_clean "$work"' EXIT

tree_programs_run "$arch" ||
	fail "its programs do not run here, and the kernel cannot be told of qemu"

# All files are laid out first, so that scripts find what they call; then dpkg gets to know
# them; then they are set up.
# shellcheck disable=SC2016 # mmdebstrap's $1
mmdebstrap --quiet --mode=root --variant=extract --architectures="$arch" \
	--include='?essential' --include="$names" \
	--extract-hook='mkdir "$1/debs" && cp "$1"/var/cache/apt/archives/*.deb "$1/debs/"' \
	"$release" "$tree" "$mirror" >"$work/log" 2>&1 || fail "$(tail -n 1 "$work/log")"
mkdir -p "$tree"/var/lib/dpkg/{info,updates,triggers}
touch "$tree"/var/lib/dpkg/{status,available}
mknod -m 666 "$tree/dev/null" c 1 3 2>/dev/null
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc "$tree/proc" 2>/dev/null
dpkg --root="$tree" --force-depends --force-unsafe-io --unpack "$tree"/debs/*.deb \
	>"$work/log" 2>&1 || fail "unpacking: $(tail -n 1 "$work/log")"
rm -f "$tree"{/usr,}/lib/udev/hwdb.d/* # its index takes a minute under qemu
dpkg --root="$tree" --force-depends --force-unsafe-io --configure -a \
	>"$work/log" 2>&1 || fail "setting up: $(tail -n 1 "$work/log")"
umount "$tree/proc"
rm -rf "$tree/debs" "$tree"/usr/share/{locale,man,info,i18n,fonts} "$tree"/usr/share/doc/* \
	"$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/*.bin
rm -f "$tree/dev/null"
if ! tar -C "$tree" -cf "$tar.$$" . || ! mv "$tar.$$" "$tar"; then
	rm -f "$tar.$$"
	fail "cannot write $tar"
fi
echo "$tar"
