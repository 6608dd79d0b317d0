# shellcheck shell=sh
# Started by bench-checks.service: the checks of this boot, between two marks.
cd /root || exit 3
# shellcheck source=tests/bench_vm/guest/lib.sh
. /bench/lib.sh
# shellcheck source=tests/bench_vm/debian/service_lib.sh
. /bench/service_lib.sh
note "Debian $(cat /etc/debian_version), systemd $(systemctl --version | sed -n '1s/systemd \([0-9]*\).*/\1/p'): up $(cut -d' ' -f1 /proc/uptime) s after the kernel began"
for part in /bench/check_*.sh; do
	began=$(seconds)
	# shellcheck source=/dev/null
	. "$part"
	note "$(basename "$part" .sh): $(($(seconds) - began)) s of the machine's time"
done
[ -z "$missed" ] || journalctl -u stretchd -u 'systemd-*' --no-pager | tail -n 60 |
	sed 's/^/@tap #   /'
plan
echo '@tap end'
