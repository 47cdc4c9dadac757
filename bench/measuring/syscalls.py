"""The campaign `syscalls`: kill -9 before every system call by which an ingest changes the disk,
and after the half of every write.

Whatever was acknowledged before the kill must be there, whole, and the same command must complete
the batch by itself.
"""

from measuring.faulty import CHANGING, run_faulty
from measuring.spoilt_runs import Outcome, SpoiltRuns


class Campaign(SpoiltRuns):
    name = "syscalls"

    def __init__(self, work, random, threads=2, program=None, control=False, pages=2):
        super().__init__(Outcome(), work, random, threads, program, pages)
        # The guard that is taken away: an object is there before a record names it.
        self.guards = {"late_names": True} if control else {}

    def one(self, point):
        at, how = point
        label = f"{how}{at}"
        archive, acknowledge = self.place(label)
        ended = run_faulty(self.ingest(archive, acknowledge), [archive.folder.parent], self.seconds_max,
                           kinds=CHANGING, at=at, do=how, **self.guards)
        if ended.code is None:
            self.count(hangs=1)
        if ended.spoilt > 0:
            self.count(points=1)
            self.judge_point(label, ended.at, archive, acknowledge)
        self.remove(label)

    def run(self, count):
        calls = self.prepare(CHANGING)
        points = [(at, "kill") for at in range(1, len(calls) + 1)]
        points += [(at, "torn") for at, (kind, _) in enumerate(calls, 1) if kind == "write"]
        return self.run_points(points, count)
