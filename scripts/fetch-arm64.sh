#!/usr/bin/env bash
# Brings a Debian release's arm64 libraries into a folder, unpacked, not installed.
#
#   scripts/fetch-arm64.sh CACHE [RELEASE]    prints the path of the unpacked tree
#
# RELEASE is a code name; this machine's own when left out.
# The cross build links against them and qemu runs with them (-L). The mirror is the
# one that this machine's own apt uses; apt's own settings and lists stay untouched,
# everything happens in a private apt root below CACHE. Needs no root rights.
# Exit status: 0 ready, 2 wrong usage, 3 could not be fetched (one line says why).
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
	echo 'usage: scripts/fetch-arm64.sh CACHE [RELEASE]' >&2
	exit 2
fi
fail() {
	echo "fetch-arm64: $*" >&2
	exit 3
}

# The build's own list of -dev packages; the C library's headers and start files come
# with the cross compiler.
dev=$("$here/install-deps.sh" --list build | tr ' |' '\n\n' | grep -e '-dev$' | grep -v '^libc6-dev$')
own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
release=${2:-$own}
[ -n "$release" ] || fail 'this system has no release name; it works on Debian only'
command -v apt-get >/dev/null || fail 'apt-get is missing'

mkdir -p "$1" || fail "cannot make $1"
tree=$(cd "$1" && pwd)/arm64-$release-$(echo "$dev" | cksum | cut -d' ' -f1)
if [ -e "$tree/complete" ]; then
	echo "$tree/root"
	exit 0
fi
rm -rf "$tree"
mkdir -p "$tree/apt/lists/partial" "$tree/apt/cache/archives/partial" "$tree/apt/state" "$tree/debs"
: >"$tree/apt/status"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
signed=
[ -e "$keyring" ] && signed=" signed-by=$keyring"
# shellcheck disable=SC2016
apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' \
	2>/dev/null | awk -v own="$own" -v release="$release" -v signed="$signed" \
	'$1 == own && $2 == "main" {
		print "deb [arch=arm64" signed "] " $3 " " release " main"
		exit
	}' >"$tree/apt/sources.list"
[ -s "$tree/apt/sources.list" ] || fail "this machine's apt sources do not name $own main"

private() {
	local command=$1
	shift
	"$command" -qq \
		-o Dir::Etc::sourcelist="$tree/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State="$tree/apt/state" -o Dir::State::lists="$tree/apt/lists" \
		-o Dir::State::status="$tree/apt/status" -o Dir::Cache="$tree/apt/cache" \
		-o APT::Architecture=arm64 -o APT::Architectures::=arm64 \
		-o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3 "$@" </dev/null
}

private apt-get update >"$tree/log" 2>&1 || fail "apt-get update failed, see $tree/log"

# Each -dev package names its library with an exact version; those, with all they
# need in turn, are wanted whole, of the -dev packages only their own files.
# shellcheck disable=SC2086
libraries=$(private apt-cache show $dev 2>>"$tree/log" | sed -n 's/^Depends: //p' |
	tr ',' '\n' | sed -nE 's/^ *([a-z0-9.+-]+) \(= .*/\1/p' | grep -v -e '-dev$' -e '-bin$' | sort -u)
[ -n "$libraries" ] || fail "the packages are not known to apt, see $tree/log"
# shellcheck disable=SC2086
private apt-get install --download-only --yes --no-install-recommends libc6 $libraries \
	>>"$tree/log" 2>&1 || fail "the libraries could not be fetched, see $tree/log"
# shellcheck disable=SC2086
(cd "$tree/debs" && private apt-get download $dev) >>"$tree/log" 2>&1 ||
	fail "the headers could not be fetched, see $tree/log"

# One lib folder, as in an installed system; links that point to / stay in the tree.
mkdir -p "$tree/root/usr/lib" "$tree/root/usr/bin" "$tree/root/usr/sbin"
for folder in lib bin sbin; do
	ln -s "usr/$folder" "$tree/root/$folder"
done
for package in "$tree"/apt/cache/archives/*.deb "$tree"/debs/*.deb; do
	dpkg-deb --fsys-tarfile "$package" |
		tar -x --keep-directory-symlink --no-same-owner -C "$tree/root" ||
		fail "cannot unpack $package"
	# What a program that is linked with it has to depend on, for a package of our own.
	# libsystemd names its latest correction there; sd_notify is as old as the library.
	dpkg-deb --ctrl-tarfile "$package" | tar -xO ./shlibs 2>/dev/null |
		sed 's/ libsystemd0 (.*)/ libsystemd0/' >>"$tree/root/shlibs"
done
find "$tree/root" -type l -lname '/*' | while read -r link; do
	ln -sfnr "$tree/root$(readlink "$link")" "$link"
done
rm -rf "$tree/apt" "$tree/debs"
touch "$tree/complete"
echo "$tree/root"
