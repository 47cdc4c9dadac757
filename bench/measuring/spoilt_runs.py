"""What the campaigns `syscalls` and `faults` share: many runs of one small ingest, each in an archive
of its own with one system call spoilt, and what must hold after each."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from measuring.faulty import run_faulty, run_within
from measuring.kill import acknowledged, damage, differences, drop_half_line, occurrences, pages_there
from measuring.program import DONE, SET_ASIDE, Archive, Failed, make_removable, say
from measuring.small_batch import fresh_archive, make_batch

HANG_SECONDS = 10  # a run that takes longer than an undisturbed one by this hangs


@dataclass
class Outcome:
    points: int = 0      # calls that were spoilt, a run each
    possible: int = 0    # points that one ingest has
    lost: int = 0        # acknowledged pages, or pages of a finished batch, that are missing
    corrupt: int = 0     # times that `verify` found damage
    duplicates: int = 0  # pages that a finished batch holds more than once
    hangs: int = 0       # runs that took ten seconds more than an undisturbed one
    failed: int = 0      # archives that could not be read, reruns that did not complete the batch
    longest_restart_s: float = 0  # a whole rerun


class SpoiltRuns:
    name = ""

    def __init__(self, outcome, work, random, threads=2, program=None, pages=2):
        self.outcome, self.work, self.random = outcome, Path(work), random
        self.threads, self.program, self.pages = threads, program, pages
        self.lock = Lock()

    def ingest(self, archive, acknowledge):
        return archive.command(*archive.ingest_arguments([self.batch], threads=1,
                                                         acknowledge=acknowledge))

    def place(self, label):
        """An archive of its own for a point, and its file of acknowledgements beside it."""
        folder = self.work / label
        shutil.copytree(self.template.folder, folder / "archive")
        return Archive(folder / "archive", self.program), folder / "acknowledged"

    def remove(self, label):
        make_removable(self.work / label)
        shutil.rmtree(self.work / label)

    def prepare(self, kinds):
        """An empty archive to copy, and what a finished one holds. Returns the calls that an
        undisturbed run makes: (kind, name of the file)."""
        self.batch = make_batch(self.work, "dossier", self.pages)
        self.template = fresh_archive(self.work / "template", self.program)
        archive, acknowledge = self.place("undisturbed")
        begin = time.monotonic()
        ended = run_faulty(self.ingest(archive, acknowledge), [archive.folder.parent],
                           12 * HANG_SECONDS, main=True, kinds=kinds, list=True)
        # A machine that is busy with other things takes now one and now three times as long.
        self.seconds_max = HANG_SECONDS + 3 * (time.monotonic() - begin)
        if ended.code not in (DONE, SET_ASIDE) or damage(archive):
            raise Failed(f"{self.name}: an undisturbed run ends with {ended.code}: {ended.errors}")
        self.expected = occurrences(archive)
        self.expected_told = acknowledged(acknowledge)
        if not self.expected_told:
            raise Failed(f"{self.name}: an undisturbed run acknowledged nothing")
        self.remove("undisturbed")
        lines = [line.split("\t") for line in ended.errors.splitlines() if line.count("\t") == 3]
        return [(kind, Path(file).name) for _, _, kind, file in lines]

    def count(self, **changes):
        with self.lock:
            for name, more in changes.items():
                setattr(self.outcome, name, getattr(self.outcome, name) + more)

    def judge_point(self, label, at, archive, acknowledge):
        """What must hold after a run that was spoilt, and after the same command once more."""
        try:
            self.check_kept(label, at, archive, acknowledge)
            self.check_rerun(label, at, archive, acknowledge)
        except Failed as error:
            say(f"{self.name}: {label} ({at}): {error}")
            self.count(failed=1)

    def check_kept(self, label, at, archive, acknowledge):
        """Nothing that was acknowledged is gone, and what is there is sound."""
        drop_half_line(acknowledge)
        told = acknowledged(acknowledge)
        missing = told - pages_there(archive)
        for page in missing:
            say(f"{self.name}: {label} ({at}): lost page {page.number}, {page.source}")
        wrong = damage(archive, bool(told))
        if wrong:
            say(f"{self.name}: {label} ({at}): damage")
        self.count(lost=len(missing), corrupt=wrong)

    def check_rerun(self, label, at, archive, acknowledge):
        """The same command completes the batch, with every page once."""
        begin = time.monotonic()
        code, errors = run_within(self.ingest(archive, acknowledge), self.seconds_max)
        seconds = time.monotonic() - begin
        with self.lock:
            self.outcome.longest_restart_s = max(self.outcome.longest_restart_s, seconds)
        if code not in (DONE, SET_ASIDE):
            say(f"{self.name}: {label} ({at}): the rerun ended with {code}: {errors[-500:]}")
            self.count(failed=1, hangs=code is None)
            return
        missing, too_many = differences(occurrences(archive), self.expected)
        if missing or too_many:
            say(f"{self.name}: {label} ({at}): {missing} missing, {too_many} too many at the end")
        self.count(lost=missing, duplicates=too_many, corrupt=damage(archive))

    def run_points(self, points, count):
        """One run for each of `count` of the points, chosen by chance."""
        self.outcome.possible = len(points)
        if count < len(points):
            points = self.random.sample(points, count)
        say(f"{self.name}: {self.outcome.possible} points, {len(points)} of them now")
        with ThreadPoolExecutor(self.threads) as workers:
            for number, _ in enumerate(workers.map(self.one, points), 1):
                if number % 100 == 0:
                    say(f"{self.name}: {number} of {len(points)}: {self.outcome}")
        return self.outcome
