#!/usr/bin/env bash
# Power cuts of a virtual machine in the middle of a session; see power_cut.py. Packs the
# machine's first file system. Prints TAP; BENCH_VM_SKIP: why it cannot be.
#
# The clock is the host's here, not counted instructions: a disk is waited for.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 3
# shellcheck source=tests/bench_vm/machine.sh
. tests/bench_vm/machine.sh

pack_tree virtio_pci virtio_blk ext4
cp tests/bench_vm/power/p.conf "$tree/bench/"
install -m 755 tests/bench_vm/power/init "$tree/init"
pack_initrd
BENCH_VM_INITRD=$work/initrd python3 tests/bench_vm/power_cut.py \
	"${BENCH_VM_CUTS:-5}" "${BENCH_VM_SEED:-1}" "${BENCH_VM_SPEED:-4}"
