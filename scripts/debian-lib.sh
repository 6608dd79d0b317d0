# shellcheck shell=bash
# What the scripts that fetch from Debian's archive share: where it is, and trees with
# programs of another architecture. To be sourced.

# The mirror that this machine's own apt takes "Debian, main" from; security's has another
# label. Prints nothing where apt's sources name none.
debian_mirror() {
	# shellcheck disable=SC2016 # apt's own names
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null | sed -n 's/^Debian|Debian|main|//p' |
		head -n 1
}

# What the kernel was told of qemu is kept here, until tree_clean.
tree_binfmt=

# tree_programs_run ARCH: its programs run on this machine, if need be by qemu-user, which
# the kernel is then told of. Programs for arm64 begin so; the rest of the mask is the
# kernel's manual's own example.
tree_programs_run() {
	local emulator head mask binfmt=/proc/sys/fs/binfmt_misc entry=stretchd-$1-$$
	[ "$1" != "$(dpkg --print-architecture)" ] || return 0
	! arch-test "$1" >/dev/null 2>&1 || return 0
	[ "$1" = arm64 ] || return 1
	emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || return 1
	[ -e $binfmt/register ] || mount -t binfmt_misc binfmt_misc $binfmt 2>/dev/null
	[ -w $binfmt/register ] || return 1
	head='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
	mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
	printf '%s' ":$entry:M::$head:$mask:$emulator:F" >$binfmt/register 2>/dev/null ||
		return 1
	tree_binfmt=$binfmt/$entry
}

# tree_clean FOLDER: it goes, with FOLDER/tree, whatever stands in it; for trap.
tree_clean() {
	[ -z "$tree_binfmt" ] || echo -1 >"$tree_binfmt"
	! mountpoint -q "$1/tree/proc" || umount "$1/tree/proc"
	rm -rf --one-file-system "$1"
}
