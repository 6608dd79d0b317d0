#!/usr/bin/env bash
# One boot of a virtual machine with a Debian tree on an ext4 disk, systemd as its first
# process, udev, and the package of stretchd; it runs checks of tests/bench_vm/debian and
# tells their results on its serial console. Prints TAP; BENCH_VM_SKIP: why it cannot be.
#
# The disk is an image in the machine's memory, so that no disk of the host stands between
# the machine and its clock (machine.sh).
#
# Started by scripts/bench-systemd.sh, which sets BENCH_VM_CHECKS: "service" with the
# package in the tree as it boots, or "quick" with the package in a user's home.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 3
# shellcheck source=tests/bench_vm/machine.sh
. tests/bench_vm/machine.sh
checks=$BENCH_VM_CHECKS here=tests/bench_vm/debian disk=$work/disk

# ---- the disk: the tree as it was kept, with what the bench adds ----
mkdir -p "$disk" "$tree"/{bin,dev,proc,root,modules}
tar -C "$disk" -xf "$BENCH_VM_TREE" || fail 'the tree cannot be unpacked'
mkdir -p "$disk/bench" "$disk/usr/lib/modules"
cp -r "$kernel/lib/modules/$version" "$disk/usr/lib/modules/"
cp "$build/bench_vm" "$here"/*.sh tests/bench_vm/guest/lib.sh "$disk/bench/" ||
	fail 'bench_vm was not built'
rm -f "$disk"/bench/check_*.sh
cp "$here/check_$checks.sh" "$disk/bench/"
cp "$here"/*.service "$disk/etc/systemd/system/"
mkdir -p "$disk/etc/systemd/system/multi-user.target.wants"
ln -s ../bench-checks.service "$disk/etc/systemd/system/multi-user.target.wants/"
printf '/dev/loop0 / ext4 defaults 0 0\n' >"$disk/etc/fstab"
echo bench >"$disk/etc/hostname"
echo '127.0.0.1 localhost bench' >"$disk/etc/hosts"
# Nobody logs in here.
ln -s /dev/null "$disk/etc/systemd/system/getty.target"
# Not the first boot of an image.
echo 0123456789abcdef0123456789abcdef >"$disk/etc/machine-id"
touch "$disk/etc/.updated" "$disk/var/.updated"

# shellcheck source=/dev/null
. "$here/disk_$checks.sh"

size_mb=$(($(du -sm --apparent-size "$disk" | cut -f1) * 5 / 4 + 160))
mke2fs -q -t ext4 -d "$disk" "$tree/tree.ext4" "${size_mb}M" >"$work/log" 2>&1 ||
	fail "no disk image: $(tail -n 1 "$work/log")"
rm -rf --one-file-system "$disk"

cp "$kernel/busybox" "$tree/bin/busybox"
copy_modules loop ext4
install -m 755 "$here/init" "$tree/init"
(cd "$tree" && find . | cpio -o -H newc -R 0:0 --quiet) >"$work/initrd" ||
	fail 'the initramfs could not be packed'
echo "# disk $size_mb MiB"
boot_machine "${BENCH_VM_LIMIT_S:-1800}" $((size_mb * 2 + 640)) \
	"systemd.show_status=${BENCH_VM_STATUS:-0} systemd.getty_auto=no"
