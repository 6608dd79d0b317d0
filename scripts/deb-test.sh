#!/usr/bin/env bash
# Installs a package of scripts/deb.sh in a clean Debian tree, starts what it installed,
# removes and purges it, and looks at what is left. Prints TAP.
#
#   scripts/deb-test.sh FILE.deb RELEASE
#
# The tree is made by mmdebstrap and needs root and the network; where it cannot be made
# that is said, and all is skipped. For an arm64 tree on another machine the kernel is told
# of qemu-aarch64-static, until the end; where that cannot be, only the dependencies are
# looked up in that release. Exit status: 0, 1 a test failed, 2 wrong usage.
# Environment: DEB_TEST_LIMIT_S (900) for making the tree; slow under qemu.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
if [ $# -ne 2 ] || [ ! -e "$1" ]; then
	echo 'usage: scripts/deb-test.sh FILE.deb RELEASE' >&2
	exit 2
fi
# shellcheck source=scripts/debian-lib.sh
. scripts/debian-lib.sh
deb=$1 release=$2
limit_s=${DEB_TEST_LIMIT_S:-900}
arch=$(dpkg-deb --field "$deb" Architecture)
work=$(mktemp -d) || exit 3
tree=$work/tree
trap 'tree_clean "$work"' EXIT

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

results=0
failed=0
result() { # TEXT STATUS [WORDS]
	results=$((results + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $results - $1"
	else
		failed=1
		echo "not ok $results - $1"
		printf '%s\n' "${3:-}" | tail -n 15 | sed 's/^/#   /'
	fi
}

try() { # TEXT COMMAND...
	local text=$1 words
	shift
	words=$("$@" 2>&1)
	result "$text" $? "$words"
}

[ "$(id -u)" -eq 0 ] || skip_all 'a clean tree needs root'
command -v mmdebstrap >/dev/null || skip_all 'mmdebstrap is not installed'
mirror=$(debian_mirror)
[ -n "$mirror" ] || skip_all "this machine's apt names no Debian mirror"
foreign=
tree_programs_run "$arch" || foreign=yes

# No service starts in a chroot: policy-rc.d is not needed, systemd is not running there.
inside() {
	DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		chroot "$tree" "$@"
}

versions_hold() {
	local name relation version have wrong=0
	while read -r name relation version; do
		have=$(sed -n "/^Package: $name\$/,/^\$/s/^Version: //p" "$1" | sort -V | tail -n 1)
		if [ -z "$have" ] || { [ -n "$version" ] &&
			! dpkg --compare-versions "$have" "${relation:-ge}" "$version"; }; then
			echo "$name $relation $version: $release has ${have:-none}"
			wrong=1
		fi
	done < <(dpkg-deb --field "$deb" Depends | tr ',' '\n' |
		sed -E 's/ *\|.*//; s/^ *//; s/[()]//g')
	return $wrong
}

# Where arm64 programs cannot run, or only too slowly.
only_dependencies() {
	local lists=$work/Packages
	curl -fsSL "${mirror%/}/dists/$release/main/binary-$arch/Packages.xz" 2>/dev/null |
		xz -dc >"$lists" 2>/dev/null
	[ -s "$lists" ] || skip_all "the list of $release $arch could not be fetched"
	echo 1..1
	echo "# only the dependencies are looked at: $*"
	try "$release $arch has all that the package depends on" versions_hold "$lists"
	exit $failed
}

[ -z "$foreign" ] || only_dependencies "$arch programs do not run here"
if ! timeout "$limit_s" mmdebstrap --quiet --mode=root --variant=apt --architectures="$arch" \
	--include=systemd,systemd-sysv,udev "$release" "$tree" "$mirror" >"$work/log" 2>&1; then
	[ "$arch" = "$(dpkg --print-architecture)" ] ||
		only_dependencies "no clean tree within $limit_s s: $(tail -n 1 "$work/log")"
	skip_all "no clean tree: $(tail -n 1 "$work/log")"
fi
cp "$deb" "$tree/stretchd.deb"
cp /etc/resolv.conf "$tree/etc/resolv.conf"
mount -t proc proc "$tree/proc" 2>/dev/null
inside apt-get update -q >"$work/log" 2>&1 || skip_all "no package lists: $(tail -n 1 "$work/log")"
(cd "$tree" && find etc usr var -xdev \( -path var/cache -o -path var/lib/apt -o \
	-path var/lib/dpkg -o -path var/log \) -prune -o -print | sort) >"$work/before"

echo 1..14
try 'installs' inside apt-get install -y -q --no-install-recommends /stretchd.deb
echo "# $(du -sk "$tree/usr/bin/stretchd" | cut -f1) KiB stretchd," \
	"depends: $(dpkg-deb --field "$deb" Depends)"
licence_once() {
	local doc=$tree/usr/share/doc/stretchd
	ls "$doc"
	[ -s "$doc/copyright" ] && [ -z "$(find "$doc" -name "LICENSE*")" ]
}
try 'the licence is there once, in the copyright file' licence_once
user_there() {
	inside id stretchd && inside id -nG stretchd | tr ' ' '\n' | grep -cxE 'i2c|gpio' |
		grep -qx 2
}
try 'user stretchd is in the groups i2c and gpio' user_there
enabled() {
	[ -L "$tree/etc/systemd/system/multi-user.target.wants/stretchd.service" ]
}
try 'the service is enabled' enabled
programs_run() {
	inside stretchd --version && inside stretchctl --version &&
		inside stretchd --config /etc/stretchd/stretchd.conf --check
}
try 'programs find their libraries, the settings are right' programs_run

# As the unit would, but for the sandbox, which needs systemd as first process.
runs() {
	inside install -d -o stretchd -g stretchd -m 750 /var/lib/stretchd
	timeout 60 chroot "$tree" setpriv --reuid=stretchd --regid=stretchd --init-groups \
		timeout --preserve-status -s TERM 3 \
		stretchd --config /etc/stretchd/stretchd.conf volatile=yes >"$work/said" 2>&1
	status=$?
	cat "$work/said"
	[ $status -eq 0 ] && grep -q 'waiting for it' "$work/said"
}
try 'runs as that user, waits for a sensor, ends by SIGTERM with status 0' runs

# The tree booted with systemd as its first process, the unit in its full sandbox. Only the
# watchdog's time is shorter, so that a stopped process is found in a moment.
boot() {
	mkdir -p "$tree/etc/systemd/system/stretchd.service.d"
	printf '[Service]\nWatchdogSec=4\nRestartSec=1\n' \
		>"$tree/etc/systemd/system/stretchd.service.d/test.conf"
	cat >"$tree/etc/systemd/system/look.service" <<-'END'
		[Unit]
		After=stretchd.service
		[Service]
		Type=oneshot
		ExecStart=/look
		ExecStopPost=/bin/systemctl --force --force poweroff
		[Install]
		WantedBy=multi-user.target
	END
	ln -s ../look.service "$tree/etc/systemd/system/multi-user.target.wants/look.service"
	cat >"$tree/look" <<-'END'
		#!/bin/sh
		exec >/looked 2>&1
		show() { systemctl show -p "$1" --value stretchd; }
		for i in 1 2 3 4 5 6 7 8 9 10; do
			[ "$(show ActiveState)" = active ] && break
			sleep 1
		done
		echo "up: $(show ActiveState): $(show StatusText)"
		pid=$(show MainPID)
		grep -E '^(Uid|CapBnd|NoNewPrivs|Seccomp):' "/proc/$pid/status"
		stretchctl status && echo 'status answered'
		setpriv --reuid=stretchd --regid=stretchd --init-groups \
			stretchd --config /etc/stretchd/stretchd.conf
		echo "second: $?"
		kill -STOP "$pid"
		for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			[ "$(show NRestarts)" = 1 ] && [ "$(show ActiveState)" = active ] && break
			sleep 1
		done
		echo "again: $(show NRestarts) $(show ActiveState)"
		systemctl stop stretchd
		echo "stopped: $(show ActiveState) $(show Result)"
		journalctl -u stretchd --no-pager -o cat | tail -n 20
	END
	chmod 755 "$tree/look"
	umount "$tree/proc"
	timeout 180 systemd-nspawn --quiet --directory="$tree" --register=no --keep-unit \
		--private-network --boot </dev/null >"$work/boot" 2>&1
	mount -t proc proc "$tree/proc"
	rm -r "$tree/etc/systemd/system/stretchd.service.d" "$tree/look" \
		"$tree/etc/systemd/system/look.service" \
		"$tree/etc/systemd/system/multi-user.target.wants/look.service"
}

looked() { # WORDS...: all of them were seen
	local words
	cat "$tree/looked"
	for words in "$@"; do
		grep -qE "$words" "$tree/looked" || return 1
	done
}

if [ "$arch" = "$(dpkg --print-architecture)" ] && command -v systemd-nspawn >/dev/null; then
	boot
fi
if [ -s "$tree/looked" ]; then
	try 'systemd: up without a sensor, fault is told' \
		looked '^up: active: fault, waiting for a sensor'
	try 'systemd: own user, no capability, system calls filtered' \
		looked '^CapBnd:.*0000000000000000$' '^NoNewPrivs:.*1$' '^Seccomp:.*2$'
	try 'systemd: stretchctl reaches it, a second one is refused' \
		looked '^status answered' '^second: 3'
	try 'systemd: a stopped process is found by the watchdog and started anew' \
		looked '^again: 1 active'
	try 'systemd: stops well, with its counters' \
		looked '^stopped: inactive success' '^ends: '
else
	for text in up sandbox socket watchdog stop; do
		results=$((results + 1))
		echo "ok $results - systemd: $text # SKIP no boot: $(tail -n 1 "$work/boot" 2>/dev/null ||
			echo 'no systemd-nspawn, or programs of another architecture')"
	done
fi
mkdir -p "$tree/var/lib/stretchd/anna/sessions"
try 'removes' inside apt-get remove -y -q stretchd
kept() {
	[ -e "$tree/etc/stretchd/stretchd.conf" ] && [ ! -e "$tree/usr/bin/stretchd" ]
}
try 'settings are kept when it is removed' kept

purged() {
	inside dpkg --purge stretchd || return 1
	[ -d "$tree/var/lib/stretchd/anna" ] || { echo 'sessions were thrown away'; return 1; }
	rm -rf "$tree/var/lib/stretchd"
	(cd "$tree" && find etc usr var -xdev \( -path var/cache -o -path var/lib/apt -o \
		-path var/lib/dpkg -o -path var/log \) -prune -o -print | sort) >"$work/after"
	# what other packages brought is not ours
	comm -13 "$work/before" "$work/after" | grep -i stretch
	[ "${PIPESTATUS[1]}" -ne 0 ]
}
try 'purged: nothing of it is left but sessions' purged
exit $failed
