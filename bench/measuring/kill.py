"""The campaign `kill`: kill -9 at random moments of an ingest.

Whatever the ingest acknowledged before it was killed must be in the archive, whole; the same
command given again must complete the batch, with every page once. A run that was let finish is
the measure of what the batch holds.
"""

import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from measuring.processes import Group
from measuring.program import DAMAGE, DONE, SET_ASIDE, Archive, Failed, make_removable, say

POLL_SECONDS = 0.01


@dataclass
class Outcome:
    points: int = 0           # kills
    lost: int = 0             # acknowledged pages, or pages of a finished batch, that are missing
    corrupt: int = 0          # times that `verify` found damage
    duplicates: int = 0       # pages that a finished batch holds more than once
    archives: int = 0         # batches brought to their end, each in an archive of its own
    longest_restart_s: float = 0  # from the start of a rerun to its first new page


@dataclass(frozen=True)
class Page:
    number: int
    source: str
    page_in_file: int


def size_of(file):
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def drop_half_line(file):
    """A line without an end was being written when the kill came: nobody was told of it."""
    if size_of(file) > 0:
        text = file.read_bytes()
        file.write_bytes(text[:text.rfind(b"\n") + 1])


def acknowledged(file):
    """The pages of an acknowledgement file."""
    if not file.exists():
        return set()
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return {Page(int(number), source, int(page_in_file)) for number, source, page_in_file in rows}


def pages_there(archive):
    return {Page(page["page"], page["source"], page["page_in_file"]) for page in archive.pages()}


def occurrences(archive):
    """How often each delivered page is in the archive, and in which state."""
    return Counter((page["source"], page["page_in_file"], page["state"])
                   for page in archive.pages())


def differences(found, expected):
    """(missing, too many) of a finished batch against an undisturbed one"""
    return sum((expected - found).values()), sum((found - expected).values())


def told_by_verify(archive):
    return json.loads(archive.run("verify", "--json", accepted=(DONE, DAMAGE)))


def damage_in(told, anything_acknowledged=True):
    """Whether `verify` complains, of objects and records or of the ledger. Its findings go to the
    screen.

    An archive without a single object is no success to `verify`; killed before the first one
    was stored, it must be like that.
    """
    found = [finding for finding in told["findings"] if finding["damage"]
             and (anything_acknowledged or finding["kind"] != "nothing_checked")]
    found += told.get("ledger", {}).get("findings", [])
    for finding in found:
        say(f"verify: {finding['kind']}: {finding['where']}: {finding['what']}")
    return bool(found)


def damage(archive, anything_acknowledged=True):
    return damage_in(told_by_verify(archive), anything_acknowledged)


class Campaign:
    def __init__(self, scans, work, random, threads=2, program=None):
        self.scans, self.work, self.random = scans, Path(work), random
        self.threads, self.program = threads, program
        self.outcome = Outcome()
        self.seconds = 0  # that an undisturbed run takes

    def start(self, archive, acknowledge):
        return Group(archive.command(*archive.ingest_arguments(
            [self.scans], threads=self.threads, acknowledge=acknowledge)))

    def undisturbed(self):
        """(seconds, pages) of a run that nobody disturbs"""
        archive = Archive.fresh(self.work / "undisturbed", self.program)
        begin = time.monotonic()
        archive.ingest(self.scans, threads=self.threads)
        seconds = time.monotonic() - begin
        if damage(archive):
            raise Failed("kill: even an undisturbed archive does not verify")
        return seconds, occurrences(archive)

    def run_and_kill(self, archive, acknowledge, delay):
        """Runs the ingest, killed after `delay` seconds if it is not None.

        True when it was killed, False when it was done before.
        """
        is_rerun = acknowledge.exists()
        before = size_of(acknowledge)
        with self.start(archive, acknowledge) as run:
            while (code := run.wait(POLL_SECONDS)) is None:
                elapsed = time.monotonic() - run.started
                if is_rerun and size_of(acknowledge) > before:
                    self.outcome.longest_restart_s = max(self.outcome.longest_restart_s, elapsed)
                    is_rerun = False
                if delay is not None and elapsed >= delay:
                    run.kill()
                    self.outcome.points += 1
                    drop_half_line(acknowledge)
                    return True
        if code not in (DONE, SET_ASIDE):
            raise Failed(f"kill: the ingest ended by itself, with {code}")
        return False

    def check_after_kill(self, archive, acknowledge):
        told = acknowledged(acknowledge)
        missing = told - pages_there(archive)
        for page in sorted(missing, key=lambda page: page.number):
            say(f"kill: lost page {page.number}, {page.source} #{page.page_in_file + 1}")
        self.outcome.lost += len(missing)
        self.outcome.corrupt += damage(archive, bool(told))

    def check_finished(self, archive, expected):
        missing, too_many = differences(occurrences(archive), expected)
        self.outcome.lost += missing
        self.outcome.duplicates += too_many
        self.outcome.corrupt += damage(archive)
        self.outcome.archives += 1

    def one_archive(self, count, expected):
        """Kills an ingest until it is done in spite of it, at most until `count` points."""
        folder = self.work / "archive"
        archive = Archive.fresh(folder, self.program)
        acknowledge = folder.with_suffix(".acknowledged")
        acknowledge.unlink(missing_ok=True)
        while self.outcome.points < count:
            is_first_run = not acknowledge.exists()
            # Mostly short runs, so that a batch is killed several times on its way.
            delay = self.random.triangular(0, self.seconds, self.seconds / 8)
            if not self.run_and_kill(archive, acknowledge, delay):
                # The machine is quicker than it was: the next kills must come earlier.
                self.seconds = min(self.seconds, delay) if is_first_run else self.seconds
                break
            self.check_after_kill(archive, acknowledge)
        self.run_and_kill(archive, acknowledge, None)
        self.check_finished(archive, expected)

    def run(self, count):
        self.seconds, expected = self.undisturbed()
        say(f"kill: an undisturbed run takes {self.seconds:.1f} s for "
            f"{sum(expected.values())} pages")
        while self.outcome.points < count:
            self.one_archive(count, expected)
            say(f"kill: {self.outcome}")
        return self.outcome
