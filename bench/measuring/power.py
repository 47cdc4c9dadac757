"""The campaign `power`: the power goes, at any moment of what an archive does.

An archive is made, filled and worked on upon a disk that remembers every write and every flush, and
what was told outside in the same order: acknowledged pages, copied heads, commands that were done.
Then the disk is made again as of some moment: every write until then, or the flushed ones and any
part of the others. It is mounted, verified, and the commands are given again.
"""

import random as chances
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from measuring.cut_disks import FILE_SYSTEMS, Disks, Recorded, mounted, recording, with_file_system
from measuring.faulty import run_within
from measuring.kill import (Page, damage, damage_in, differences, occurrences, pages_there,
                            told_by_verify)
from measuring.program import DONE, SET_ASIDE, Archive, Failed, say, tool
from measuring.small_batch import QUICK, change_settings, make_batch

DISK_MEBIBYTES = 32
CUTS_A_RECORDING = 125
HANG_SECONDS = 30
LEAF_BYTES = 32
HELD, NO_HELD_BATCH = 5, 20
ACKNOWLEDGED, HEADS, COMMANDS = range(3)
WITNESSES = ("acknowledged", "heads", "commands")


@dataclass
class Outcome:
    points: int = 0           # power cuts
    without_journal: int = 0  # of them on ext4 without a journal
    torn: int = 0             # of them with unflushed writes dropped and torn
    recordings: int = 0       # runs that were cut
    lost: int = 0             # acknowledged pages, or pages of a finished batch, that are missing
    lost_events: int = 0      # cuts after which the ledger knew less than the world outside
    corrupt: int = 0          # times that `verify` found damage
    duplicates: int = 0       # pages that are there more than once at the end
    failed: int = 0           # commands that did not work when given again
    unmountable: int = 0      # disks that fsck and mount gave up
    longest_restart_s: float = 0  # the first command after the cut
    cuts_a_minute: float = 0


class Campaign:
    """Needs root, loop devices and FUSE; mounts in the mount namespace that it is in."""

    def __init__(self, work, random, program=None, control=None, file_systems=tuple(FILE_SYSTEMS)):
        self.work, self.random, self.program = Path(work), random, program
        self.control = control  # None, or what fault_calls --no-sync takes: all, folders
        self.file_systems = file_systems
        self.outcome = Outcome()
        self.outside = self.work / "outside"
        self.disk = self.work / "disk"  # where the disk is mounted
        self.disk.mkdir()

    # -- what is done: first on the recording disk, and again after each cut

    def make_archive(self):
        """As `init` and an administrator with an editor do; may be repeated."""
        archive = Archive(self.disk / "archive", self.program)
        if not (archive.folder / "juanzong.format").exists():
            archive.make()
        change_settings(archive, {**QUICK, "heads_to": f'["{self.outside}"]'})
        return archive

    def steps(self, archive, acknowledge):
        """(name, command, accepted exit codes); each may be given again."""
        def ingest(batch, *more):
            return archive.command(*archive.ingest_arguments(
                [self.batches[batch], "--batch", batch, *more], threads=1, acknowledge=acknowledge))
        return [("first", ingest("first"), (DONE, SET_ASIDE)),
                ("second", ingest("second", "--sheets", "9", "--sides", "1"),
                 (HELD, DONE, SET_ASIDE)),
                ("release", archive.command("release", "second", "--reason", "counted again"),
                 (DONE, SET_ASIDE, NO_HELD_BATCH)),
                ("third", ingest("third"), (DONE, SET_ASIDE))]

    # -- recording

    def record(self, file_system):
        self.outcome.recordings += 1
        number = self.outcome.recordings
        scans = self.work / f"scans{number}"
        self.batches = {name: make_batch(scans, f"{name} {number}", self.random.randint(1, 4))
                        for name in ("first", "second", "third")}
        image, log, windows = self.work / "base.img", self.work / "log", self.work / "windows"
        with_file_system(image, FILE_SYSTEMS[file_system], DISK_MEBIBYTES)
        shutil.rmtree(self.outside, ignore_errors=True)
        self.outside.mkdir()
        (self.outside / "heads").touch()
        with recording(image, log, windows, WITNESSES), \
                mounted(windows / "heads", self.outside / "heads", "--bind"), \
                mounted(windows / "disk", self.disk, "-o", "loop"):
            self.work_on(windows)
        recorded = Recorded.read(image, log)
        self.leaves = (self.outside / "leaves").read_bytes()
        shutil.copytree(self.outside / "keys", self.work / "keys", dirs_exist_ok=True)
        return recorded

    def work_on(self, windows):
        archive = self.make_archive()
        self.tell(windows, "init", archive)
        for name, command, accepted in self.steps(archive, windows / "acknowledged"):
            if self.control:
                command = [tool("juanzong_fault_calls"), "--below", self.disk,
                           "--no-sync", self.control, "--", *command]
            code, errors = run_within(command, HANG_SECONDS)
            if code not in accepted:
                raise Failed(f"power: {name}, undisturbed, ended with {code}: {errors}")
            self.tell(windows, name, archive)
        self.expected = occurrences(archive)
        if damage(archive):
            raise Failed("power: even an undisturbed archive does not verify")

    def tell(self, windows, name, archive):
        with open(windows / "commands", "a", encoding="utf-8") as file:
            file.write(f"{name}\t{told_by_verify(archive)['ledger']['entries']}\n")

    # -- cutting

    def cut(self, recorded, moment, content, file_system):
        """What holds on a disk as of a moment; counts what does not."""
        image = self.work / "cut.img"
        image.write_bytes(content)
        label = f"{file_system}, recording {self.outcome.recordings}, record {moment}"
        fsck = ["e2fsck", "-fy" if file_system == "ext4_without_journal" else "-p", image]
        # 0 to 3: clean, or mended as it is when a machine starts.
        mended = subprocess.run(fsck, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.outcome.points += 1
        if mended.returncode > 3:
            say(f"power: {label}: e2fsck gives up")
            self.outcome.unmountable += 1
            return
        try:
            with mounted(image, self.disk, "-o", "loop"):
                self.check(label, recorded, moment)
        except (OSError, Failed) as error:
            say(f"power: {label}: {error}")
            self.outcome.failed += 1

    def check(self, label, recorded, moment):
        pages = {Page(int(number), source, int(page)) for number, source, page in
                 (line.split("\t") for line in recorded.told(ACKNOWLEDGED, moment))}
        heads = recorded.told(HEADS, moment)
        commands = [line.split("\t") for line in recorded.told(COMMANDS, moment)]
        known = max([0] + [int(head.split("\t")[1]) for head in heads]
                    + [int(entries) for _, entries in commands])
        self.put_outside(heads)
        archive = Archive(self.disk / "archive", self.program) if commands else self.make_archive()
        told = told_by_verify(archive)
        if known > told["ledger"]["entries"]:
            say(f"power: {label}: {told['ledger']['entries']} entries of {known}")
            self.outcome.lost_events += 1
        if damage_in(told, bool(pages)):
            say(f"power: {label}: damage")
            self.outcome.corrupt += 1
        missing = pages - pages_there(archive)
        for page in missing:
            say(f"power: {label}: lost page {page.number}, {page.source}")
        self.outcome.lost += len(missing)
        self.do_again(label, archive)

    def put_outside(self, heads):
        """The folder outside as it was: what lies there was not on the disk."""
        shutil.rmtree(self.outside)
        self.outside.mkdir()
        if not heads:
            return
        size = int(heads[-1].split("\t")[1])
        (self.outside / "heads").write_text("".join(f"{head}\n" for head in heads),
                                            encoding="utf-8")
        (self.outside / "leaves").write_bytes(self.leaves[:size * LEAF_BYTES])
        shutil.copytree(self.work / "keys", self.outside / "keys")

    def do_again(self, label, archive):
        for number, (name, command, accepted) in enumerate(
                self.steps(archive, self.work / "acknowledged_again")):
            begin = time.monotonic()
            code, errors = run_within(command, HANG_SECONDS)
            if number == 0:
                self.outcome.longest_restart_s = max(self.outcome.longest_restart_s,
                                                     time.monotonic() - begin)
            if code not in accepted:
                raise Failed(f"{name} given again ended with {code}: {errors[-500:]}")
        missing, too_many = differences(occurrences(archive), self.expected)
        if missing or too_many:
            say(f"power: {label}: {missing} missing, {too_many} too many at the end")
        self.outcome.lost += missing
        self.outcome.duplicates += too_many
        self.outcome.corrupt += damage(archive)

    def cuts_of(self, file_system, count):
        recorded = self.record(file_system)
        disks = Disks(recorded)
        moments = sorted(self.random.choices(range(1, len(recorded.records) + 1), k=count))
        for number, moment in enumerate(moments):
            torn = number % 2 == 1
            content = disks.at(moment, chances.Random(self.random.random()) if torn else None)
            self.cut(recorded, moment, content, file_system)
            self.outcome.torn += torn
            self.outcome.without_journal += file_system == "ext4_without_journal"

    def run(self, count):
        begin = time.monotonic()
        turn = 0
        while self.outcome.points < count:
            left = count - self.outcome.points
            share = -(-left // 2) if turn == 0 and left < 2 * CUTS_A_RECORDING else left
            self.cuts_of(self.file_systems[turn % len(self.file_systems)],
                         min(CUTS_A_RECORDING, share))
            turn += 1
            self.outcome.cuts_a_minute = self.outcome.points / (time.monotonic() - begin) * 60
            say(f"power: {self.outcome}")
        return self.outcome
