# shellcheck shell=bash
# The virtual machine, for the scripts that boot one: sourced where the repository begins.
# Ends with a skipped plan where BENCH_VM_SKIP says why it cannot be. Sets arch, build,
# kernel (the folder of scripts/fetch-kernel.sh) with its version, root (the folder of
# foreign libraries, empty: this system's), work (a scratch folder that goes at the end)
# and tree (of the initramfs).
#
# The machine's clock counts its instructions, 125 million a second, and leaps over the
# time in which it would sleep: it is as fast as itself on any host, however busy that
# is, and what it measures of itself can be relied on.
#
# KVM is not used: it hangs on some machines that have /dev/kvm, and the foreign
# architecture could not.
if [ -n "${BENCH_VM_SKIP:-}" ]; then
	echo "1..0 # SKIP $BENCH_VM_SKIP"
	exit 0
fi
arch=${BENCH_VM_ARCH:-amd64} build=$BENCH_VM_BUILD kernel=$BENCH_VM_KERNEL
root=${BENCH_VM_ROOT:-}
root=${root%/}
version=$(cat "$kernel/version")
work=$(mktemp -d) || exit 3
trap 'rm -rf --one-file-system "$work"' EXIT
tree=$work/initramfs
PATH=$PATH:/usr/sbin:/sbin

fail() {
	printf '1..1\nnot ok 1 - %s\n' "$*"
	exit 1
}

# Unpacked, with those that they need, and in what order to load them.
copy_modules() { # NAME...
	local module file
	for module in "$@"; do
		modprobe -d "$kernel" -S "$version" --show-depends "$module" >>"$work/modules" ||
			fail "the kernel has no module $module"
	done
	sed -n 's/^insmod \([^ ]*\).*/\1/p' "$work/modules" | awk '!seen[$0]++' |
	while read -r file; do
		name=$(basename "$file")
		case $name in
		*.xz) xz -dc "$file" >"$tree/modules/${name%.xz}"; name=${name%.xz} ;;
		*) cp "$file" "$tree/modules/$name" ;;
		esac
		echo "$name" >>"$tree/modules/order"
	done
}

# A program's libraries, with those that they need in turn, and the loader.
needs() {
	readelf -d "$1" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
	readelf -l "$1" 2>/dev/null | sed -n 's/.*interpreter: \(.*\)\]/\1/p'
}

find_library() {
	local place
	case $1 in
	/*) echo "$root$1"; return ;;
	esac
	for place in "$root"/lib/*-linux-gnu "$root"/usr/lib/*-linux-gnu; do
		[ -e "$place/$1" ] && { echo "$place/$1"; return; }
	done
	return 1
}

# Libraries lie in /lib of the tree, found by LD_LIBRARY_PATH; the loader where the
# programs look for it.
copy_libraries() {
	local name path
	for name in $(needs "$1"); do
		case $name in
		/lib64/*) ln -sf "../lib/$(basename "$name")" "$tree$name" ;;
		esac
		[ -e "$tree/lib/$(basename "$name")" ] && continue
		path=$(find_library "$name") || fail "no library $name"
		cp -L "$path" "$tree/lib/$(basename "$name")"
		copy_libraries "$path"
	done
}

# An initramfs of busybox, our programs with their libraries, and modules; /init is the
# caller's.
pack_tree() { # MODULE...
	local program
	mkdir -p "$tree"/{bin,lib,lib64,dev,proc,sys,run,tmp,modules,bench,var/lib/stretchd}
	cp "$kernel/busybox" "$tree/bin/busybox"
	for program in stretchd stretchctl bench_vm; do
		cp "$build/$program" "$tree/bin/" || fail "$program was not built"
		copy_libraries "$build/$program"
	done
	copy_modules "$@"
}

pack_initrd() {
	(cd "$tree" && find . | cpio -o -H newc -R 0:0 --quiet) | gzip -1 >"$work/initrd" ||
		fail 'the initramfs could not be packed'
}

# Runs it until it powers off, prints the results that it told and the seconds that it
# took. BENCH_VM_CONSOLE: a file that gets all that it said.
boot_machine() { # LIMIT_S MEGABYTES WORDS-FOR-THE-KERNEL
	local machine console start status
	case $arch in
	amd64) machine=(qemu-system-x86_64 -cpu max); console=ttyS0 ;;
	arm64) machine=(qemu-system-aarch64 -M virt -cpu cortex-a53); console=ttyAMA0 ;;
	esac
	start=$(date +%s)
	timeout -k 5 "$1" "${machine[@]}" -accel tcg,thread=single -smp 1 \
		-icount shift=3,sleep=off -rtc clock=vm -m "$2" -nographic -no-reboot \
		-nic none -kernel "$kernel/vmlinuz" -initrd "$work/initrd" \
		-append "console=$console quiet panic=-1 $3" \
		</dev/null 2>"$work/err" >"$work/console"
	status=$?
	sed -i "s/\r//" "$work/console"
	[ -n "${BENCH_VM_CONSOLE:-}" ] && cp "$work/console" "$BENCH_VM_CONSOLE"

	# Results carry a mark of their own: kernel and boot loader write to the console too.
	sed -n 's/^.*@tap //p' "$work/console"
	echo "# $arch, kernel $version: boot and checks $(($(date +%s) - start)) s"
	if ! grep -q '@tap end' "$work/console"; then
		tail -n 40 "$work/console" "$work/err" >&2
		echo "not ok 999 - the machine did not reach the end (exit status $status)"
		exit 1
	fi
}
