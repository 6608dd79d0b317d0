#!/usr/bin/env python3
"""The power goes: a machine runs stretchd on an ext4 disk and is killed.

A killed QEMU leaves to the host what its guest wrote, flushed or not. So every write goes
through QEMU's blklogwrites, whose log tells them and the guest's flushes in order; the
disk after the cut is made of it anew: all writes up to the last flush are there, each
later one is there, lost, or torn at a sector, by the cut's number and a printed seed.
All of these disks go into a second machine, which starts stretchd on each and tells what
it finds. Then: every hold that was told on the socket is there, no more than 2 s of
samples and the longest stall of the disk are lost, no file stops the start, no row is torn.

power_cut.py CUTS SEED SPEED, with BENCH_VM_KERNEL and BENCH_VM_INITRD. Prints TAP.
"""
import concurrent.futures, csv, io, os, random, re, struct, subprocess, sys, tempfile, time

PROMISE_S = 2.0 # of samples, and the longest stall of the disk
DISKS_AT_ONCE = 10
LIMIT_S = 400
FLUSH, FUA, DISCARD = 1, 2, 4
cuts, seed, speed = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
machines = os.cpu_count() * (3 if speed <= 1.0 else 1) # they sleep most of the time
kernel, initrd = os.environ['BENCH_VM_KERNEL'], os.environ['BENCH_VM_INITRD']


class Seen:
    """What the machine has told until now."""
    def __init__(self):
        self.session, self.state, self.t_s, self.begun = '-', '-', -1.0, None
        self.held, self.told, self.bad, self.sessions = False, [], [], 0
        self.stall_s = 0.0

    def hear(self, line):
        word = line.split()
        if line.startswith('@begin'):
            self.begun = time.monotonic()
        elif line.startswith('@bad'):
            self.bad.append(line)
        elif line.startswith('@hold') and len(word) == 3:
            self.told.append((word[1], int(word[2])))
        elif line.startswith('@stall') and len(word) == 2:
            self.stall_s = float(word[1])
        elif line.startswith('@session') and len(word) == 2:
            if word[1] not in ('-', self.session):
                self.sessions += 1
                self.held, self.t_s, self.state = False, -1.0, '-'
            self.session = word[1]
        elif line.startswith('@row') and len(word) == 3:
            self.t_s, self.state = float(word[1]), word[2]
            self.held = self.held or self.state == 'counting'


def in_hold(seen, session):
    """Two seconds into what counts there."""
    if seen.sessions == session and seen.state == 'counting':
        seen.since = getattr(seen, 'since', seen.t_s)
        return seen.t_s > seen.since + 2.0
    return False


MOMENTS = [ # what the wearer does just then
    ('in the set-up', lambda s: s.sessions == 1 and s.t_s > 10.0),
    ('in a hold', lambda s: in_hold(s, 1)),
    ('when a hold was told', lambda s: len(s.told) == 1),
    ('while the session closes', lambda s: s.state == 'closing'),
    ('in the next session', lambda s: in_hold(s, 2)),
]


def moment(number):
    if cuts <= len(MOMENTS):
        return MOMENTS[number]
    after_s = random.Random(seed * 1000 + number).uniform(0.0, 150.0 / speed)
    return (f'{after_s * speed:.1f} s after the start',
        lambda s: s.begun is not None and time.monotonic() - s.begun > after_s)


def qemu(arguments, words, memory=256):
    return subprocess.Popen(['qemu-system-x86_64', '-cpu', 'max', '-accel', 'tcg', '-smp', '1',
        '-m', str(memory), '-nographic', '-no-reboot', '-nic', 'none',
        '-kernel', f'{kernel}/vmlinuz', '-initrd', initrd,
        '-append', f'console=ttyS0 quiet panic=-1 {words}', *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def lines_of(machine):
    for line in machine.stdout:
        line = line.decode('ascii', 'replace').strip()
        yield line[line.find('@'):] if '@' in line else line


def writes_in(path):
    """(flags, offset, data) of a log, to its end or its first unfinished entry."""
    with open(path, 'rb') as log:
        magic, _, _, sector = struct.unpack('<QQQI', log.read(28))
        if magic != 0x6a736677736872:
            raise ValueError('this is no log of blklogwrites')
        log.seek(sector)
        while True:
            head = log.read(sector)
            if len(head) < sector:
                return
            at, count, flags, _ = struct.unpack('<QQQQ', head[:32])
            if flags == 0 and count == 0: # never written
                return
            data = b'' if flags & DISCARD else log.read(count * sector)
            if len(data) < (0 if flags & DISCARD else count * sector):
                return
            yield flags, at * sector, data


def survivor(log, image, rng, how):
    """The disk after the cut into image, which is as it was before the machine ran."""
    kept, pending = [], []
    for flags, offset, data in writes_in(log):
        if flags & FLUSH:
            kept += pending
            pending = []
        if data:
            (kept if flags & FUA else pending).append((offset, data))
    flushed = len(kept)
    for offset, data in pending:
        fate = how if how in ('done', 'lost') else rng.choice(['done', 'lost', 'torn'])
        if fate == 'torn':
            data = data[:512 * rng.randrange(len(data) // 512)]
        if fate != 'lost':
            kept.append((offset, data))
    with open(image, 'r+b') as disk:
        for offset, data in kept:
            disk.seek(offset)
            disk.write(data)
    return flushed, len(pending)


def cut(number, work, blank):
    """Runs a machine and kills it. The disk's path, what was told, what was pending."""
    image, disk, log = (f'{work}/{number}.{name}' for name in ('image', 'disk', 'log'))
    for copy in (image, disk):
        subprocess.run(['cp', '--sparse=always', blank, copy], check=True)
    open(log, 'wb').close()
    what, reached = moment(number)
    seen, over = Seen(), time.monotonic() + LIMIT_S
    machine = qemu(['-blockdev', f'driver=file,filename={disk},node-name=disk',
        '-blockdev', f'driver=file,filename={log},node-name=log',
        '-blockdev', 'driver=blklogwrites,node-name=cut,file=disk,log=log',
        '-device', 'virtio-blk-pci,drive=cut,write-cache=on,discard=off,write-zeroes=off'],
        f'bench_mode=run bench_speed={speed:g}')
    killed = False
    for line in lines_of(machine): # after the kill: what was told before it
        seen.hear(line)
        if not killed and (reached(seen) or seen.bad or time.monotonic() > over):
            seen.bad += [] if time.monotonic() <= over else ['the moment never came']
            machine.kill()
            killed = True
    machine.wait()
    if not killed:
        seen.bad.append('the machine ended by itself')
    how = ('done', 'lost', 'mixed', 'mixed', 'mixed')[number % 5]
    flushed, pending = survivor(log, image, random.Random(seed * 77 + number), how)
    os.unlink(disk)
    os.unlink(log)
    return image, what, seen, f'{flushed} writes flushed, {pending} pending: {how}'


class Disk:
    """What the second machine found on one of them."""
    def __init__(self):
        self.files, self.last, self.bad, self.path = {}, {}, [], None

    def hear(self, line):
        if line.startswith('@bad'):
            self.bad.append(line)
        elif line.startswith('@path '):
            self.path = line[6:]
            self.files[self.path] = []
        elif line.startswith('@line '):
            self.files[self.path].append(line[6:])
        elif line.startswith('@last '):
            path, _, row = line[6:].partition(' ') # no row: the file is empty
            self.last[path.split('/')[-2]] = row

    def text(self, session, name):
        return '\n'.join(next((lines for path, lines in self.files.items()
            if path.endswith(f'{session}/{name}')), []))

    def holds(self, session):
        rows = csv.DictReader(io.StringIO(self.text(session, 'holds.csv')))
        return [int(row['hold_index']) for row in rows if (row.get('hold_index') or '').isdigit()]


def look_at(images):
    found, machine = [], qemu([word for n, image in enumerate(images) for word in
        ('-drive', f'file={image},format=raw,if=virtio')], 'bench_mode=check', 512)
    ended = False
    for line in lines_of(machine):
        if line.startswith('@disk'):
            found.append(Disk())
        elif line.startswith('@end'):
            ended = True
        elif found:
            found[-1].hear(line)
        elif line.startswith('@bad'):
            print('#', line)
    machine.wait()
    if not ended or len(found) != len(images):
        sys.exit(f'the second machine looked at {len(found)} of {len(images)} disks')
    return found


def wrong_with(seen, disk):
    """What is wrong, and the seconds lost of the session that ran (None: none ran)."""
    wrong = seen.bad + disk.bad
    for session, index in seen.told:
        if index not in disk.holds(session):
            wrong.append(f'{session}: hold {index} was told and is not there')
    for path in disk.files:
        if path.endswith('session.json'):
            status = re.search(r'"status": "(\w+)"', '\n'.join(disk.files[path]))
            if status is None or status.group(1) not in ('closed', 'recovered'):
                wrong.append(f'{path}: neither closed nor recovered')
    if not seen.held or seen.session == '-':
        return wrong, None
    row = disk.last.get(seen.session, '')
    if not re.match(r'\d+\.\d+,', row):
        return wrong + [f'{seen.session}: no sample is there'], None
    lost_s = max(0.0, seen.t_s - float(row.split(',')[0]))
    if lost_s > PROMISE_S + seen.stall_s * speed:
        wrong.append(f'{lost_s:.2f} s of samples are lost')
    return wrong, lost_s


def main():
    failed, worst_s, told = 0, 0.0, 0
    print(f'1..{cuts}')
    with tempfile.TemporaryDirectory() as work:
        blank = f'{work}/blank'
        subprocess.run(['mke2fs', '-q', '-t', 'ext4', '-E', 'lazy_itable_init=0', blank, '256M'],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with concurrent.futures.ThreadPoolExecutor(machines) as pool:
            done = list(pool.map(lambda n: cut(n, work, blank), range(cuts)))
        found = []
        for first in range(0, cuts, DISKS_AT_ONCE):
            found += look_at([one[0] for one in done[first:first + DISKS_AT_ONCE]])
    for number, ((_, what, seen, writes), disk) in enumerate(zip(done, found), 1):
        wrong, lost_s = wrong_with(seen, disk)
        failed += bool(wrong)
        told += len(seen.told)
        worst_s = max(worst_s, lost_s or 0.0)
        lost = 'no session' if lost_s is None else (f'{lost_s:.2f} s lost, '
            f'stall {seen.stall_s:.2f} s')
        print(f'{"not ok" if wrong else "ok"} {number} - power cut {what} '
            f'({seen.state}): {lost}, {len(seen.told)} holds told; {writes}')
        for line in wrong:
            print('#  ', line)
    print(f'# {cuts} power cuts, seed {seed}, speed {speed:g}: at most {worst_s:.2f} s of '
        f'samples lost, {told} holds told before, {failed} cuts with something wrong')
    return failed > 0


sys.exit(main())
