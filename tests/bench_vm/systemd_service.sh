#!/usr/bin/env bash
# The package's service under systemd: tests/bench_vm/debian/check_service.sh.
BENCH_VM_CHECKS=service exec "$(dirname "$0")/systemd.sh"
