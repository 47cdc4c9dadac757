"""The campaign `flips`: single bits of every file of an archive are flipped, and files are damaged as
disks and people do it; `verify` must find each and name it.

A million runs of the program would take days: the flips are made by bench/rigs/flip_bits.cpp, which
calls in one process what `verify` calls. The damages, of more than twenty kinds, are looked at by
the program itself, five hundred in one archive among them, and archives without any.
"""

import json
import shutil
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from measuring.damages import Vandal
from measuring.program import (DAMAGE, DONE, SET_ASIDE, Archive, Failed, make_removable, say,
                               tool)
from measuring.small_batch import blank_page, fresh_archive, make_batch

# Of a thousand flips; what is left goes to the objects, which are most of an archive.
SHARES = {"records": 60, "journal": 10, "ledger": 10, "settings": 5, "mark": 1}
PARTS = ("objects", *SHARES)
BLANK_SIDES = (800, 880, 960, 1040, 1120, 1200)  # about 0.1 MB each
FLIPS_A_DAMAGE = 500
AT_ONCE = 500
ALREADY_WRONG = (DAMAGE, 10, 11, 12, 18)  # exit codes by which `verify` may say that it is


@dataclass
class Outcome:
    points: int = 0    # flips
    found: int = 0     # a finding names the file or what lies in it
    remarked: int = 0  # told by `verify`, and not called damage
    harmless: int = 0  # nothing that anybody reads is another: free room inside the database
    missed: int = 0    # flips and damages that nothing tells
    misnamed: int = 0  # found, and something else named
    damages: int = 0
    damage_kinds: int = 0
    damages_found: int = 0
    at_once: int = 0         # damages in one archive
    at_once_listed: int = 0  # of them listed by one run
    clean: int = 0           # archives without damage
    false_alarms: int = 0
    parts: Counter = field(default_factory=Counter)  # flips of each


class Campaign:
    def __init__(self, work, random, threads=2, program=None, control=False):
        self.work, self.random, self.threads = Path(work), random, threads
        self.program, self.control = program, control
        self.outcome = Outcome()

    # -- archives

    def make(self):
        """`sound`; `older`, as it was before its last batch; `waiting`, with commits that wait in the
        journal, as a kill leaves them; `other`, an archive of somebody else."""
        archive = fresh_archive(self.work / "sound", self.program)
        self.ingest(archive, self.batch("first"))
        shutil.copytree(archive.folder, self.work / "older")
        with closing(sqlite3.connect(archive.folder / "records.sqlite")) as reader:
            # While somebody reads, the journal is not put away at the end.
            reader.execute("SELECT COUNT(*) FROM events").fetchone()
            self.ingest(archive, self.batch("second"))
            shutil.copytree(archive.folder, self.work / "waiting")
        (self.work / "waiting" / "records.sqlite-shm").unlink(missing_ok=True)
        archive.run("ledger")  # puts the journal away
        fresh_archive(self.work / "other", self.program)
        return archive

    def batch(self, name):
        batch = make_batch(self.work / "scans", name, 4)
        for side in BLANK_SIDES[:3] if name == "first" else BLANK_SIDES[3:]:
            (batch / f"blank{side}.bmp").write_bytes(blank_page(side, side))
        return batch

    def ingest(self, archive, batch):
        archive.run(*archive.ingest_arguments([batch], threads=self.threads),
                    accepted=(DONE, SET_ASIDE))

    def copy(self, source, name):
        target = self.work / name
        if target.exists():
            make_removable(target)
            shutil.rmtree(target)
        shutil.copytree(source, target, symlinks=True)
        return target

    # -- flips

    def flip(self, part, count):
        source = self.work / ("waiting" if part == "journal" else "sound")
        command = [tool("juanzong_flip_bits"), self.copy(source, f"flipped_{part}"), part, count,
                   self.random.randrange(1 << 32), *(["--control"] if self.control else [])]
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        if done.stderr:
            say(done.stderr.rstrip())
        if done.returncode != 0:
            raise Failed(f"flips: {part}: the rig ended with {done.returncode}")
        return done.stdout.split()

    def flips(self, count):
        counts = {part: max(1, count * share // 1000) for part, share in SHARES.items()}
        counts["objects"] = max(1, count - sum(counts.values()))
        if self.control:
            counts = {"objects": count}  # the guard is that the bytes of objects are read
        with ThreadPoolExecutor(self.threads) as workers:
            for part, *figures in workers.map(self.flip, counts, counts.values()):
                flips, found, misnamed, remarked, harmless, missed = map(int, figures)
                say(f"flips: {part}: {flips} flips, {found} found, {remarked} remarked, "
                    f"{harmless} harmless, {misnamed} misnamed, {missed} missed")
                self.outcome.parts[part] += flips
                self.outcome.points += flips
                self.outcome.found += found
                self.outcome.remarked += remarked
                self.outcome.harmless += harmless
                self.outcome.misnamed += misnamed
                self.outcome.missed += missed

    # -- damages

    def verify(self, folder):
        """(exit code, everything it said) of a run of the program itself"""
        archive = Archive(folder, self.program)
        done = subprocess.run(archive.command("verify", "--json"), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        return done.returncode, done.stdout + done.stderr

    def damage_one(self, number, kind, sound):
        folder = self.copy(sound.folder, "damaged")
        names = kind(folder)
        code, said = self.verify(folder)
        self.outcome.damages += 1
        fresh = self.said_of(said) - self.clean_said
        if not fresh:
            say(f"flips: {kind.__name__}: not found")
            self.outcome.missed += 1
        elif not any(name in line for line in fresh for name in names):
            say(f"flips: {kind.__name__} of {names}: named as {sorted(fresh)[:3]}")
            self.outcome.misnamed += 1
        else:
            self.outcome.damages_found += 1
        away = self.work / "taken_away"
        away.unlink(missing_ok=True)

    @staticmethod
    def said_of(said):
        """Every finding and remark, a text each."""
        if not said.lstrip().startswith("{"):
            return {said}
        told = json.loads(said.splitlines()[0])
        if "findings" not in told:
            return {said}
        lines = [f"{finding['where']}: {finding['what']}" for finding in
                 told["findings"] + told["ledger"]["findings"]]
        return set(lines + told["ledger"].get("remarks", []))

    def damage(self, count, sound):
        vandal = Vandal(self.random, self.work / "older")
        kinds = vandal.kinds()
        self.outcome.damage_kinds = len(kinds)
        _, said = self.verify(sound.folder)
        self.clean_said = self.said_of(said)
        for number in range(max(count, len(kinds))):
            self.damage_one(number, kinds[number % len(kinds)], sound)
            if number % 2 == 0:
                self.look_at_clean(sound)

    def look_at_clean(self, sound):
        code, said = self.verify(self.copy(sound.folder, "clean"))
        self.outcome.clean += 1
        if code != DONE or self.said_of(said) != self.clean_said:
            say(f"flips: a false alarm: {said[:500]}")
            self.outcome.false_alarms += 1

    def damage_many(self, count):
        """So many objects at once, and each is listed."""
        scans = self.work / "many"
        scans.mkdir()
        for number in range(count + 20):
            (scans / f"{number:04}.wav").write_bytes(b"RIFF\0\0\0\0WAVEfmt " + b"%d" % number * 99)
        archive = fresh_archive(self.work / "many_archive", self.program)
        self.ingest(archive, scans)
        vandal = Vandal(self.random, None)
        kinds = vandal.object_kinds()
        chosen = self.random.sample(vandal.objects(archive.folder), count)
        names = []
        for number, path in enumerate(chosen):
            vandal.some_object = lambda folder, least=1, path=path: path
            names += kinds[number % len(kinds)](archive.folder)
        _, said = self.verify(archive.folder)
        findings = "\n".join(self.said_of(said))
        self.outcome.at_once = count
        self.outcome.at_once_listed = sum(name in findings for name in names)
        self.outcome.missed += count - self.outcome.at_once_listed

    def run(self, count):
        sound = self.make()
        self.flips(count)
        if not self.control:
            self.damage(count // FLIPS_A_DAMAGE, sound)
            self.damage_many(min(AT_ONCE, max(10, count // 100)))
        return self.outcome
