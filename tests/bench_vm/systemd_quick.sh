#!/usr/bin/env bash
# The README's first ten minutes: tests/bench_vm/debian/check_quick.sh.
BENCH_VM_CHECKS=quick exec "$(dirname "$0")/systemd.sh"
