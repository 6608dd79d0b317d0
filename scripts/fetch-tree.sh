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
tar=$(cd "$cache" && pwd)/tree-$arch-$release-$(echo "1 $names" | # 1: how it is made
	cksum | cut -d' ' -f1).tar
if [ -e "$tar" ]; then
	echo "$tar"
	exit 0
fi
command -v mmdebstrap >/dev/null || fail 'mmdebstrap is not installed'
# shellcheck disable=SC2016 # apt's own names
mirror=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' \
	'Created-By: Packages' 2>/dev/null | sed -n 's/^Debian|Debian|main|//p' | head -n 1)
[ -n "$mirror" ] || fail "this machine's apt sources name no Debian archive"

work=$(mktemp -d) || exit 3
tree=$work/tree
entry=
# shellcheck disable=SC2317 # called by trap
clean() {
	[ -z "$entry" ] || echo -1 >"$entry"
	! mountpoint -q "$tree/proc" || umount "$tree/proc"
	rm -rf --one-file-system "$work"
}
trap clean EXIT

# Programs for arm64 begin so; the rest of the mask is the kernel's manual's own example.
register_arm64() {
	local emulator head mask binfmt=/proc/sys/fs/binfmt_misc
	emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || return 1
	[ -e $binfmt/register ] || mount -t binfmt_misc binfmt_misc $binfmt 2>/dev/null
	[ -w $binfmt/register ] || return 1
	head='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
	mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
	printf '%s' ":stretchd-tree:M::$head:$mask:$emulator:F" >$binfmt/register \
		2>/dev/null || return 1
	entry=$binfmt/stretchd-tree
}
if [ "$arch" != "$(dpkg --print-architecture)" ] && ! arch-test "$arch" >/dev/null 2>&1; then
	if [ "$arch" != arm64 ] || ! register_arm64; then
		fail "its programs do not run here, and the kernel cannot be told of qemu"
	fi
fi

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
rm -f "$tree"/usr/lib/udev/hwdb.d/* # its index takes a minute under qemu
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
