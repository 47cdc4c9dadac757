"""The campaign `faults`: each system call of an ingest fails once, or from then on, in each way that
it may; and disks that are full for real.

A run either ends well, with everything there and told, or it says what is wrong and what to do. What
it acknowledged is there either way, and the same command given again completes the batch.
"""

import os
import shutil
import subprocess
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from measuring.faulty import run_faulty, run_within
from measuring.kill import acknowledged, differences, drop_half_line, occurrences
from measuring.program import DONE, SET_ASIDE, Archive, Failed, make_removable, say
from measuring.spoilt_runs import Outcome, SpoiltRuns

# Which calls may fail how (man 2), in the program itself: what befalls a decoder costs its page and no
# more, by design. An EINTR of close is none: Linux has closed the file.
MAY_FAIL = {
    "ENOSPC": ("create", "write", "size", "sync", "name"),
    "EIO": ("open", "create", "read", "write", "size", "sync", "name", "mode", "map"),
    "EINTR": ("open", "create", "read", "write", "size", "sync"),
    "EMFILE": ("open", "create"),
    "short": ("write",),
}
LASTING = ("ENOSPC", "EIO", "EMFILE")  # what a sick machine does from some moment on
INTERNAL = 70  # exit code of a bug
DISK_MEBIBYTES = 24
FULL_DISKS = 12  # of so many points one is a real full disk


@dataclass
class FaultOutcome(Outcome):
    unexplained: int = 0  # runs that ended without saying what is wrong and what to do, or crashed
    silent: int = 0       # runs that claimed to be done, and pages or acknowledgements were missing
    ended_well: int = 0   # points after which the run completed the batch all the same
    full_disks: int = 0   # points that were real full disks
    kinds: Counter = field(default_factory=Counter)  # points of each fault


class Campaign(SpoiltRuns):
    name = "faults"

    def __init__(self, work, random, threads=2, program=None, control=False, pages=2):
        super().__init__(FaultOutcome(), work, random, threads, program, pages)
        # The guard that is taken away: that a failing write is noticed.
        self.control = control

    def points(self, calls):
        if self.control:
            # Lost pages of the records: most other writes are read again by whoever needs them.
            files = [file for kind, file in calls if kind == "write"]
            return [("lie", at, False) for at, file in enumerate(files, 1)
                    if file == "records.sqlite"]
        found = []
        for fault, may in MAY_FAIL.items():
            for at in range(1, sum(kind in may for kind, _ in calls) + 1):
                found.append((fault, at, False))
                if fault in LASTING:
                    found.append((fault, at, True))
        return found

    def one(self, point):
        fault, at, for_ever = point
        label = f"{fault}{at}{'+' if for_ever else ''}"
        archive, acknowledge = self.place(label)
        ended = run_faulty(self.ingest(archive, acknowledge), [archive.folder.parent],
                           self.seconds_max, main=True, kinds=MAY_FAIL.get(fault, ("write",)), at=at,
                           do=fault, for_ever=for_ever)
        if ended.spoilt > 0 or ended.code is None:
            self.count(points=1)
            with self.lock:
                self.outcome.kinds[fault] += 1
            self.judge(label, ended.at, ended.code, ended.errors, archive, acknowledge)
        self.remove(label)

    def judge(self, label, at, code, errors, archive, acknowledge):
        if code is None:
            say(f"faults: {label} ({at}): hangs")
            self.count(hangs=1)
        elif code in (DONE, SET_ASIDE):
            self.check_claim(label, at, archive, acknowledge)
        elif "what to do:" not in errors or code == INTERNAL or code > 128:
            say(f"faults: {label} ({at}): ended with {code}: {errors[-500:]}")
            self.count(unexplained=1)
        self.judge_point(label, at, archive, acknowledge)

    def check_claim(self, label, at, archive, acknowledge):
        drop_half_line(acknowledge)
        try:
            missing, too_many = differences(occurrences(archive), self.expected)
        except Failed:  # the pages cannot even be listed
            missing, too_many = len(self.expected), 0
        untold = len(self.expected_told) - len(acknowledged(acknowledge))
        if missing or too_many or untold:
            say(f"faults: {label} ({at}): claims to be done: {missing} pages missing, "
                f"{too_many} too many, {untold} acknowledgements missing")
            self.count(silent=1)
        else:
            self.count(ended_well=1)

    @contextmanager
    def small_disk(self, label):
        """An ext4 of its own in a file, mounted; unmounted at the end."""
        image, place = self.work / f"{label}.img", self.work / label
        with open(image, "wb") as file:
            file.truncate(DISK_MEBIBYTES << 20)
        place.mkdir()
        for command in (["mkfs.ext4", "-q", "-F", image], ["mount", "-o", "loop", image, place]):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        try:
            yield place
        finally:
            subprocess.run(["umount", place], check=True)
            image.unlink()
            place.rmdir()

    def full_disk(self, kibibytes):
        """So much is left when the ingest begins; room is made before it is given again."""
        label = f"full{kibibytes}"
        with self.small_disk(label) as disk:
            shutil.copytree(self.template.folder, disk / "archive")
            archive = Archive(disk / "archive", self.program)
            acknowledge = self.work / f"{label}.acknowledged"
            with open(disk / "filling", "wb") as filling:
                free = os.statvfs(disk)
                os.posix_fallocate(filling.fileno(), 0,
                                   max(1, free.f_bavail * free.f_frsize - (kibibytes << 10)))
            code, errors = run_within(self.ingest(archive, acknowledge), self.seconds_max)
            (disk / "filling").unlink()
            self.count(points=1, full_disks=1)
            self.judge(label, "the disk is full", code, errors, archive, acknowledge)
            make_removable(archive.folder)
        acknowledge.unlink(missing_ok=True)

    def run(self, count):
        points = self.points(self.prepare(
            sorted({kind for may in MAY_FAIL.values() for kind in may})))
        if not self.control and os.environ.get("JUANZONG_OWN_MOUNTS") and count >= FULL_DISKS:
            self.full_disks(count // FULL_DISKS)
        elif not self.control:
            say("faults: no real full disk: too few points, or this machine lets us mount none")
        return self.run_points(points, count - self.outcome.points)

    def full_disks(self, count):
        """From nothing to what the whole batch needs."""
        with self.small_disk("measured") as disk:
            shutil.copytree(self.template.folder, disk / "archive")
            archive = Archive(disk / "archive", self.program)
            before = os.statvfs(disk).f_bavail
            code, errors = run_within(self.ingest(archive, self.work / "measured.acknowledged"),
                                      self.seconds_max)
            if code not in (DONE, SET_ASIDE):
                raise Failed(f"faults: an ingest on a small disk ended with {code}: {errors}")
            needed = (before - os.statvfs(disk).f_bavail) * 4
            make_removable(archive.folder)
        for number in range(count):
            self.full_disk(int(needed * 1.2 * number / count))
