#!/usr/bin/env bash
# What make install leaves, and what systemd says of the unit: no mistake in it, and how
# exposed the service is (systemd-analyze security, 0 best, 10 worst).
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

limit=1.2
unset MAKEFLAGS MAKELEVEL MFLAGS
plan 9

# Below a DESTDIR as a package does it.
tree=$work/tree
install_to() {
	make --no-print-directory BUILD="$build" install-files "$@"
}
check 'make install DESTDIR= PREFIX=/usr' install_to "DESTDIR=$tree" PREFIX=/usr

all_there() {
	local file wrong=0
	for file in usr/bin/stretchd usr/bin/stretchctl etc/stretchd/stretchd.conf \
		usr/lib/systemd/system/stretchd.service usr/lib/sysusers.d/stretchd.conf \
		usr/lib/modules-load.d/stretchd.conf usr/lib/udev/rules.d/70-stretchd.rules \
		usr/share/doc/stretchd/README.md usr/share/doc/stretchd/LICENSE \
		usr/share/doc/stretchd/hw/boards.md \
		usr/share/doc/stretchd/examples/stretchd.conf.example \
		usr/share/doc/stretchd/examples/prescriptions/000-doorway.conf; do
		[ -f "$tree/$file" ] || { echo "$file is missing"; wrong=1; }
	done
	for file in man/*.[1-8]; do
		[ ! -e "$file" ] || [ -f "$tree/usr/share/man/man${file##*.}/${file##*/}" ] ||
			{ echo "$file is not installed"; wrong=1; }
	done
	for file in completion/*; do
		[ ! -e "$file" ] ||
			[ -f "$tree/usr/share/bash-completion/completions/${file##*/}" ] ||
			{ echo "$file is not installed"; wrong=1; }
	done
	# the unit names the programs where they are, and nothing of this build
	if grep -rI -e '@BIN@' -e "$work" "$tree/usr/lib" "$tree/etc"; then
		wrong=1
	fi
	echo "# $(find "$tree" -type f | wc -l) files, $(du -sk "$tree" | cut -f1) KiB" \
		>"$tap/figure"
	return $wrong
}
check 'programs, unit, user, module, udev rules, settings, pages are there' all_there
cat "$tap/figure"

# Nothing runs as another user, and nobody but root may change a file.
rights() {
	local found
	found=$(find "$tree" -perm /7000 -o -type f -perm /022)
	[ -z "$found" ] || { echo "$found"; return 1; }
	[ "$(find "$tree" -type f -perm /111 | wc -l)" -eq 2 ]
}
check 'no file with special rights, two programs' rights

settings_stay() {
	echo '# mine' >"$tree/etc/stretchd/stretchd.conf"
	install_to "DESTDIR=$tree" PREFIX=/usr || return 1
	[ "$(cat "$tree/etc/stretchd/stretchd.conf")" = '# mine' ]
}
check 'installing again leaves changed settings alone' settings_stay

# What a report of a fault needs: of both programs the same.
build_facts() {
	local name
	for name in compiler architecture libgpiod jansson zlib 'service manager' \
		'control protocol'; do
		"$daemon" --version | grep -q "^$name: [^ ]" || { echo "no $name"; return 1; }
	done
	[ "$("$daemon" --version | head -n 1)" = \
		"stretchd $(sed -n 's/.*STRETCH_VERSION "\(.*\)".*/\1/p' src/linux/version.h)" ] &&
		[ "$("$daemon" --version | tail -n +2)" = "$("$ctl" --version | tail -n +2)" ]
}
check '--version: release, compiler, libraries, protocol' build_facts

# Each line of the example, with its mark of a comment taken off, is a setting too.
example() {
	"$daemon" --config systemd/stretchd.conf --check || return 1
	sed -E 's/^\t# ([a-z_]+ = .*)$/\t\1/; /^\tprescription/d; /^\tcalibration/d' \
		systemd/stretchd.conf >"$work/all.conf"
	grep -c ' = ' "$work/all.conf"
	[ "$(grep -c ' = ' "$work/all.conf")" -ge 12 ] &&
		"$daemon" --config "$work/all.conf" --check
}
check 'the example settings are right, also those that are commented out' example

# For systemd the programs must be where the unit says, so without DESTDIR.
if command -v systemd-analyze >/dev/null; then
	here=$work/here
	install_to PREFIX="$here" SYSCONFDIR="$work/etc" UDEV_RULES="$work/rules" >"$tap/log" 2>&1
	unit=$here/lib/systemd/system/stretchd.service
	no_mistake() {
		systemd-analyze verify --man=no "$unit" 2>&1 | grep -F stretchd.service
		[ "${PIPESTATUS[0]}" -eq 0 ]
	}
	check 'systemd-analyze verify finds no mistake in the unit' no_mistake
	systemd-analyze security --offline=true --no-pager "$unit" >"$work/security" 2>&1
	figure=$(sed -n 's/.*exposure level for stretchd.service: \([0-9.]*\).*/\1/p' \
		"$work/security")
	echo "# exposure of the unit: ${figure:-none}, at most $limit is allowed"
	low_enough() {
		grep -v '✓' "$work/security"
		awk -v figure="$figure" -v limit="$limit" \
			'BEGIN { exit !(figure != "" && figure <= limit) }'
	}
	check "systemd-analyze security: exposure at most $limit" low_enough
	# reading the clock's state must be let through, setting it must not
	clock_rights() {
		[ "$(grep -cE '^(SystemCallFilter=adjtimex clock_adjtime|CapabilityBoundingSet=)$' \
			"$unit")" -eq 2 ] || return 1
		! grep -E '^ *(ProtectClock=yes|AmbientCapabilities=.+)' "$unit"
	}
	check 'adjtimex is let through, without a capability' clock_rights
else
	for text in 'verify' 'security' 'adjtimex'; do
		skip "systemd-analyze: $text" 'systemd-analyze is not installed'
	done
fi
