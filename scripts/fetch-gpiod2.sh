#!/bin/sh
# Unpacks libgpiod 2 (Debian trixie) into a folder, without installing anything,
# so that lines_gpiod2.c can be compiled, linked and run on a system with libgpiod 1.
#
#   scripts/fetch-gpiod2.sh CACHE-FOLDER
#
# Standard output is one line, the folder to use as ROOT:
#   -I ROOT/usr/include -L ROOT/usr/lib/TRIPLET, LD_LIBRARY_PATH=ROOT/usr/lib/TRIPLET
# The mirror is the one that this machine's own apt sources name. The machine's
# apt settings are read and left as they are.
# Exit status: 0 there it is, 77 it cannot be had here (why: standard error),
# 2 wrong usage.
set -eu

suite=trixie

skip()
{
	echo "fetch-gpiod2: skipped: $1" >&2
	exit 77
}

if [ $# -ne 1 ] || [ -z "$1" ] || [ "${1#-}" != "$1" ]; then
	echo "usage: scripts/fetch-gpiod2.sh CACHE-FOLDER" >&2
	exit 2
fi
mkdir -p "$1" || skip "cannot make the folder $1"
cache=$(cd "$1" && pwd)
root=$cache/root

if [ -e "$cache/complete" ] && [ -e "$root/usr/include/gpiod.h" ]; then
	echo "$root"
	exit 0
fi

for tool in apt-get dpkg dpkg-deb; do
	command -v "$tool" > /dev/null || skip "no $tool on this machine"
done
arch=$(dpkg --print-architecture)

# shellcheck source=scripts/debian-lib.sh
. "$(dirname "$0")/debian-lib.sh"
mirror=$(debian_mirror)
[ -n "$mirror" ] || skip "the apt sources of this machine name no Debian archive"

lists=$cache/apt/lists
archives=$cache/apt/archives
mkdir -p "$lists/partial" "$archives/partial" "$cache/apt/parts"
echo "deb [arch=$arch] $mirror $suite main" > "$cache/apt/sources.list"

apt_private()
{
	apt-get -qq \
		-o Dir::Etc::sourcelist="$cache/apt/sources.list" \
		-o Dir::Etc::sourceparts="$cache/apt/parts" \
		-o Dir::Etc::preferencesparts="$cache/apt/parts" \
		-o Dir::State::lists="$lists" \
		-o Dir::Cache="$cache/apt" \
		-o Dir::Cache::archives="$archives" \
		-o Acquire::Languages=none \
		-o Acquire::Retries=2 \
		-o APT::Architecture="$arch" \
		-o APT::Architectures::="$arch" \
		-o APT::Sandbox::User="$(id -un)" \
		"$@" >> "$cache/log" 2>&1
}

: > "$cache/log"
apt_private update || skip "no package lists of $suite (see $cache/log)"
rm -rf "$root" "$cache/deb"
mkdir -p "$root" "$cache/deb"
(cd "$cache/deb" && apt_private download libgpiod3 libgpiod-dev) ||
	skip "no libgpiod of $suite for $arch (see $cache/log)"
for package in "$cache"/deb/*.deb; do
	dpkg-deb -x "$package" "$root" || skip "cannot unpack $package"
done
[ -e "$root/usr/include/gpiod.h" ] || skip "the packages hold no gpiod.h"
rm -rf "$cache/apt" "$cache/deb"
: > "$cache/complete"
echo "$root"
