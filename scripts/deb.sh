#!/usr/bin/env bash
# Builds the Debian package, and looks at it with lintian.
#
#   scripts/deb.sh amd64|arm64 [RELEASE]    prints the path of the .deb, last
#
# Its own architecture is built with what is installed, for this machine's release. The
# other one is cross-built against the libraries of RELEASE (usual: trixie), which are
# downloaded. The tree is copied first: only files that git knows, or would, are in it.
# Environment: STRETCH_BUILD (build).
# Exit status: 0 built, 1 lintian found an error, 2 wrong usage, 3 it could not be built.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
arch=${1:-}
build=${STRETCH_BUILD:-build}
# shellcheck disable=SC1091
own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

fail() {
	echo "deb: $*" >&2
	exit 3
}

case $arch in
amd64 | arm64) ;;
*)
	echo 'usage: scripts/deb.sh amd64|arm64 [RELEASE]' >&2
	exit 2 ;;
esac
root=
release=$own
if [ "$(dpkg --print-architecture)" != "$arch" ]; then
	[ "$arch" = arm64 ] || fail "only arm64 is cross-built; build $arch on such a machine"
	release=${2:-trixie}
	root=$(scripts/fetch-arm64.sh "$build/cache" "$release") || exit 3
elif [ "${2:-$own}" != "$own" ]; then
	fail "$arch is built for this machine's release, $own"
fi
case $release in
bookworm) suffix=~deb12 ;;
trixie) suffix=~deb13 ;;
*) suffix= ;;
esac

place=$build/deb/$arch-$release
rm -rf "$place"
mkdir -p "$place" || fail "cannot make $place"
place=$(cd "$place" && pwd)
version=$(sed -n 's/.*STRETCH_VERSION "\(.*\)".*/\1/p' src/linux/version.h)
tree=$place/stretchd-$version
mkdir "$tree"
if git rev-parse --git-dir >/dev/null 2>&1; then
	git ls-files -z --cached --others --exclude-standard
else
	find . -path ./build -prune -o -type f -print0
fi | tar -c --null --ignore-failed-read --files-from=- 2>/dev/null | tar -x -C "$tree"
grep -q "^stretchd ($version)" "$tree/debian/changelog" ||
	fail "debian/changelog does not begin with version $version"
# One changelog for all releases: which one this is for stands behind the version.
sed -i "1s/($version)/($version$suffix)/" "$tree/debian/changelog"

(cd "$tree" && LIBROOT=$root DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" \
	dpkg-buildpackage --build=binary --no-sign -d -a"$arch") >"$place/log" 2>&1 || {
	tail -n 20 "$place/log" >&2
	fail "dpkg-buildpackage failed, see $place/log"
}
rm -rf "$tree"
deb=$place/stretchd_$version${suffix}_$arch.deb
[ -e "$deb" ] || fail "no package came of it, see $place/log"
status=0
if command -v lintian >/dev/null; then
	lintian --allow-root --fail-on error "$deb" >"$place/lintian" 2>&1 || status=1
	grep -E '^[EW]:' "$place/lintian" >&2
	echo "# lintian: $(grep -c '^E:' "$place/lintian") errors," \
		"$(grep -c '^W:' "$place/lintian") warnings" >&2
else
	echo '# lintian is not installed' >&2
fi
echo "$deb"
exit $status
