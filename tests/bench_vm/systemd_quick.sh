#!/usr/bin/env bash
# The README's first ten minutes: tests/bench_vm/debian/check_quick.sh. Installing, and six
# minutes of the machine's time beside a screen that is redrawn: longer than other boots.
BENCH_VM_CHECKS=quick BENCH_VM_LIMIT_S=${BENCH_VM_LIMIT_S:-1150} \
	exec "$(dirname "$0")/systemd.sh"
