#!/usr/bin/env bash
# One boot of a virtual machine that runs all checks of tests/bench_vm/guest and tells
# their results on its serial console. Prints TAP; BENCH_VM_SKIP: why it cannot be.
#
# Started by scripts/bench-vm.sh.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 3
# shellcheck source=tests/bench_vm/machine.sh
. tests/bench_vm/machine.sh

pack_tree uhid hid-mcp2221 i2c-dev inv-mpu6050-i2c st_lsm6dsx_i2c
cp tests/bench_vm/guest/* "$tree/bench/"
install -m 755 tests/bench_vm/guest/init "$tree/init"
pack_initrd
boot_machine "${BENCH_VM_LIMIT_S:-1100}" 512 "${BENCH_VM_ONLY:+bench_only=$BENCH_VM_ONLY}"
