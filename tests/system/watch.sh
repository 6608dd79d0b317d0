#!/usr/bin/env bash
# stretchctl watch at a real terminal (a pseudo one): 80x24 and 40x20, a window that
# changes its size, keys, and a daemon that is stopped and started again.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"

plan 15
cd "$work" || exit 3
socket=$work/control
start() {
	"$daemon" sensor=simulate:lying-towel "speed=$1" "state_dir=$work/state" \
		"control=$socket" >>daemon.out 2>>daemon.err &
	pid=$!
	for _ in $(seq 100); do
		[ -S "$socket" ] && return
		sleep 0.05
	done
}

run "$ctl" watch --plain --once --socket "$socket"
check 'nobody there: exit status 3' test $status -eq 3
check '... and what to do' grep -q 'start it' "$err"

start 20
run "$ctl" watch --plain --once --socket "$socket"
check '--plain: a line for each state, to the end of the daemon' test $status -eq 0
for state in 'ready *go' 'counting *count' 'closing *wait'; do
	check "... $state" grep -Eq " s  $state" "$out"
done
check '... below target in words' grep -Eq 'still below target: [0-9-]+ of [0-9]+ deg' "$out"
wait $pid

# A terminal that has no cursor to move, such as an editor's shell: lines, as in a pipe.
start 40
run env TERM=dumb script -qec "$ctl watch --once --socket $socket" /dev/null
check 'a dumb terminal: lines, and it says so' grep -q 'cannot be drawn on: lines' "$out"
check '... to the end of the daemon' grep -Eq ' s  closing *wait' "$out"
wait $pid

# A daemon that stands still: what it said last is no news.
rm -f "$socket"
start 1
"$ctl" watch --plain --socket "$socket" >plain.out 2>plain.err &
watching=$!
said() { # WORDS: within half a minute
	for _ in $(seq 600); do
		grep -q "$1" plain.err && return
		sleep 0.05
	done
	cat plain.err
	return 1
}
for _ in $(seq 600); do
	[ -s plain.out ] && break
	sleep 0.05
done
kill -STOP $pid
check 'the daemon stands still: said' said 'says nothing any more: is it stuck'
kill -CONT $pid
check '... it goes on: connected again' said 'connected$'
kill $watching $pid
wait $watching $pid

# at_terminal ROWS COLUMNS: watch in a pseudo terminal; resized after 1 s, stop pressed,
# the daemon killed by then and started again, q at the end. The screen to $out.
cat >at_terminal.py <<'END'
import fcntl, os, pty, select, signal, struct, subprocess, sys, termios, time
ctl, sock, daemon, state = sys.argv[1:5]

shape = [24, 80]
def size(fd, rows, columns):
    shape[:] = rows, columns
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))

def start():
    return subprocess.Popen([daemon, 'sensor=simulate:lying-towel', 'speed=10',
        'state_dir=' + state, 'control=' + sock], stderr=subprocess.DEVNULL)

# What comes until each of the wanted words was there, or half a minute is over. Only
# letters that change are sent; a new size has all of them drawn, so it is given a new
# one every two seconds.
def read(fd, *wanted):
    text, end = b'', time.monotonic() + 30
    anew = time.monotonic() + 2
    while time.monotonic() < end and not all(w in text for w in wanted):
        if time.monotonic() > anew:
            anew += 2
            size(fd, shape[0] ^ 1, shape[1])
        if select.select([fd], [], [], 0.1)[0]:
            try:
                text += os.read(fd, 65536)
            except OSError: # nobody writes any more
                break
    return text

d = start()
pid, fd = pty.fork()
if pid == 0:
    os.environ['TERM'] = 'xterm'
    time.sleep(0.5)
    os.execv(ctl, [ctl, 'watch', '--socket', sock])
size(fd, 24, 80)
wide = read(fd, b'lying-towel, left leg', b'b begin  s stop')
size(fd, 20, 40)
os.write(fd, b'r')
small = read(fd, b'b begin s stop p pain', b'reference: told')
d.terminate()
d.wait()
gone = read(fd, b'no connection')
d = start()
back = read(fd, b'lying-towel, left leg')
os.write(fd, b'q')
_, status = os.waitpid(pid, 0)
d.terminate()
d.wait()
for name, text in (('wide', wide), ('small', small), ('gone', gone), ('back', back)):
    open(name, 'wb').write(text)
sys.exit(os.waitstatus_to_exitcode(status))
END
run python3 at_terminal.py "$ctl" "$socket" "$daemon" "$work/state"
check 'q ends it with exit status 0' test $status -eq 0
check 'at 80 columns: title and keys' sh -c \
	"grep -aq 'lying-towel, left leg' wide && grep -aq 'b begin  s stop' wide"
check 'smaller: drawn anew; a key is told' sh -c \
	"grep -aq 'b begin s stop p pain' small && grep -aq 'reference: told' small"
check 'the daemon was stopped: said; started again: it goes on' sh -c \
	"grep -aq 'no connection' gone && grep -aq 'lying-towel, left leg' back"
