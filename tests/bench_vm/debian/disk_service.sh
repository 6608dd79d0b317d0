# shellcheck shell=bash disable=SC2154
# Sourced by systemd.sh: the package is installed as into an image being built, with the
# lamps on the virtual adapter. The settings are a copy of those that it brings. Homes are
# not empty.
mkdir "$disk/home/anna"
touch "$disk/root/notes"
cp "$BENCH_VM_DEB" "$disk/bench/stretchd.deb"
# shellcheck source=scripts/debian-lib.sh
. scripts/debian-lib.sh
trap 'tree_clean "$work"' EXIT
if ! tree_programs_run "$arch"; then
	echo "1..0 # SKIP programs for $arch do not run here, and the kernel cannot be told"
	exit 0
fi
in_tree() {
	PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
		chroot "$disk" "$@"
}
in_tree dpkg --force-unsafe-io --install /bench/stretchd.deb >"$work/log" 2>&1 ||
	fail "the package does not install: $(tail -n 3 "$work/log")"
sed -i -e 's/# exercise = .*/&\n\thold_s = 12/' \
	-e 's/# led_mode = .*/led_mode = three/' \
	-e 's/# led_red_line = .*/led_red_line = "mcp2221_gpio:0"/' \
	-e 's/# led_amber_line = .*/led_amber_line = "mcp2221_gpio:1"/' \
	-e 's/# led_green_line = .*/led_green_line = "mcp2221_gpio:2"/' \
	-e 's/# buzzer_line = .*/buzzer_line = "mcp2221_gpio:3"/' \
	"$disk/etc/stretchd/stretchd.conf"
