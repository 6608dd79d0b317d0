# shellcheck shell=bash disable=SC2154
# Sourced by systemd.sh: a user who may use sudo, the package in the user's home, and the
# lines to type, taken from the README.
cp "$here/editor" "$disk/bench/"
chmod 755 "$disk/bench/editor"
echo 'maker:x:1000:1000::/home/maker:/bin/bash' >>"$disk/etc/passwd"
echo 'maker:*:20000:0:99999:7:::' >>"$disk/etc/shadow"
echo 'maker:x:1000:' >>"$disk/etc/group"
echo 'maker ALL=(ALL) NOPASSWD: ALL' >"$disk/etc/sudoers.d/maker"
chmod 440 "$disk/etc/sudoers.d/maker"
mkdir -p "$disk/home/maker"
echo 'export EDITOR=/bench/editor' >"$disk/home/maker/.profile"
cp "$BENCH_VM_DEB" "$disk/home/maker/"
chown -R 1000:1000 "$disk/home/maker"
awk '/^## First ten minutes/ { here = 1 } /^```/ && here { if (open++) exit; next }
	open && NF' README.md >"$disk/bench/quick-start"
[ -s "$disk/bench/quick-start" ] || fail 'the README has no first ten minutes'
