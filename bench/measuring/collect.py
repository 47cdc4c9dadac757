"""The campaign `gc`: garbage is collected all the time while objects are put, needed, needed no more
and put again (bench/rigs/collect_garbage.cpp); and `juanzong gc` is killed at random moments.

Found in others by a soak of hours, and by no unit test: quay #6318, 40 objects that had just been
put were deleted 1 to 115 ms later.
"""

import hashlib
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from measuring.program import DAMAGE, DONE, SET_ASIDE, Archive, Failed, say, tool
from measuring.small_batch import fresh_archive, make_batch

OPERATIONS_A_KILL = 2000
KILLS_LEAST = 5
GARBAGE = 300


@dataclass
class Outcome:
    points: int = 0   # objects put and needed
    passes: int = 0   # of the collector
    marked: int = 0
    removed: int = 0
    needed: int = 0   # marked, and then needed or put again
    lost: int = 0     # objects that a record needs, and that are not there or not whole
    kills: int = 0
    corrupt: int = 0  # times that `verify` complained


def put_garbage(folder, number):
    """Sound objects that no record names."""
    for i in range(GARBAGE):
        content = f"garbage {number} {i}\n".encode()
        name = hashlib.sha256(content).hexdigest()
        shelf = folder / "objects" / "sha256" / name[:2]
        shelf.mkdir(exist_ok=True)
        file = shelf / name[2:]
        file.write_bytes(content)
        file.chmod(0o440)


class Campaign:
    def __init__(self, work, random, threads=2, program=None, control=False):
        self.work, self.random, self.threads = Path(work), random, threads
        self.program, self.control = program, control
        self.outcome = Outcome()

    def soak(self, count):
        archive = fresh_archive(self.work / "soak", self.program)
        command = [tool("juanzong_collect_garbage"), archive.folder, count,
                   self.random.randrange(1 << 31), *(["--control"] if self.control else [])]
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode not in (0, 1):
            raise Failed(f"gc: the rig ended with {done.returncode}: {done.stderr[-2000:]}")
        figures = dict(line.split("\t") for line in done.stdout.splitlines())
        self.outcome.points += int(figures["operations"])
        for name in ("passes", "marked", "removed", "needed", "lost"):
            setattr(self.outcome, name, getattr(self.outcome, name) + int(figures[name]))
        if int(figures["removed"]) == 0:
            raise Failed("gc: nothing was removed; the soak shows nothing")
        self.verify(archive)

    def verify(self, archive):
        done = subprocess.run(archive.command("verify", "--json"), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode == DAMAGE:
            self.outcome.corrupt += 1
            say(f"gc: verify: {done.stdout[-2000:]}")
        elif done.returncode != DONE:
            raise Failed(f"gc: verify ended with {done.returncode}: {done.stderr[-2000:]}")

    def kill(self, archive, longest):
        command = archive.command("gc", "--grace-days", "0")
        with subprocess.Popen(command, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(self.random.uniform(0, longest))
            except subprocess.TimeoutExpired:
                process.kill()
                self.outcome.kills += 1

    def kills(self, count):
        archive = fresh_archive(self.work / "killed", self.program)
        batch = make_batch(self.work / "scans", "batch", 4)
        archive.run(*archive.ingest_arguments([batch], threads=self.threads),
                    accepted=(DONE, SET_ASIDE))
        objects = {path for path in (archive.folder / "objects/sha256").rglob("*")
                   if path.is_file()}
        put_garbage(archive.folder, 0)
        begun = time.monotonic()
        archive.run("gc", "--grace-days", "0")
        longest = time.monotonic() - begun
        for number in range(count):
            put_garbage(archive.folder, number + 1)
            self.kill(archive, longest * 1.2)
            self.verify(archive)
        for _ in range(2):
            archive.run("gc", "--grace-days", "0")
        left = {path for path in (archive.folder / "objects/sha256").rglob("*") if path.is_file()}
        self.outcome.lost += len(objects - left)
        if left - objects:
            raise Failed(f"gc: {len(left - objects)} objects that nothing needs were left")
        self.verify(archive)

    def run(self, count):
        self.soak(count)
        if not self.control:
            self.kills(max(KILLS_LEAST, count // OPERATIONS_A_KILL))
        return self.outcome
