"""Every file of a folder through the real ingest: what became of each?"""

import os
import resource
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from measuring.processes import Group
from measuring.program import DONE, SET_ASIDE, Failed, say

# A service that gave no page for so long hangs. A single page may take the decoder's whole time
# limit several times over, as a file has several pages that hang.
PATIENCE_SECONDS = 180
LOOK_SECONDS = 1
# A crash is counted and the same command given again, which goes on; not for ever.
CRASHES_MAX = 20


@dataclass
class Outcome:
    files: int = 0
    filed: int = 0           # every page of the file is filed
    set_aside: int = 0       # the file, or a page of it, waits for a person
    kept_unread: int = 0     # no picture: stored, catalogued, not read
    crashes: int = 0         # ends of the service that nobody asked for
    hangs: int = 0
    silent_skips: int = 0    # neither of the above: nobody would ever know
    decoder_ends: int = 0    # sandboxed decoders that died or were ended, at the cost of a page
    seconds: float = 0
    cpu_seconds: float = 0   # of the service and its decoders


def files_under(folder):
    """Every file, links to folders too: they are no folders to the program, and set aside."""
    return [path for root, folders, names in os.walk(folder)
            for path in (Path(root) / name for name in names + folders)
            if path.is_symlink() or not path.is_dir()]


def hidden(path, folder):
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def inputs_of(folder):
    """The folder, and each hidden file below it by itself: as part of a folder the program leaves
    those out, and says so."""
    folder = Path(os.path.realpath(folder))
    return [folder, *sorted(path for path in files_under(folder) if hidden(path, folder))]


class Watch:
    """Tells whether the run still gets on: pages are acknowledged or set aside, files stored."""

    def __init__(self, archive_folder):
        self.objects = Path(archive_folder)
        self.last_sign = self.sign()
        self.last_time = time.monotonic()

    def sign(self):
        signs = [0]
        for path in (self.objects, self.objects / "records.sqlite",
                     self.objects / "records.sqlite-wal"):
            try:
                signs.append(path.stat().st_mtime_ns)
            except OSError:
                pass
        return max(signs)

    def stuck(self):
        sign = self.sign()
        if sign != self.last_sign:
            self.last_sign, self.last_time = sign, time.monotonic()
        return time.monotonic() - self.last_time > PATIENCE_SECONDS


def run_once(archive, inputs):
    """One run of the ingest: "done", "crash" or "hang"."""
    with Group(archive.command(*archive.ingest_arguments(inputs))) as run:
        watch = Watch(archive.folder)
        while (code := run.wait(LOOK_SECONDS)) is None:
            if watch.stuck():
                return "hang"
    if code in (DONE, SET_ASIDE):
        return "done"
    say(f"hostile: the ingest ended with {code}; giving the same command again")
    return "crash"


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run_to_the_end(archive, inputs, outcome):
    start, cpu_before = time.monotonic(), cpu_of_children()
    while (ended := run_once(archive, inputs)) != "done":
        if ended == "crash":
            outcome.crashes += 1
        else:
            outcome.hangs += 1
        if outcome.crashes + outcome.hangs >= CRASHES_MAX:
            raise Failed(f"hostile: gave up after {CRASHES_MAX} crashes and hangs")
    outcome.seconds = time.monotonic() - start
    outcome.cpu_seconds = cpu_of_children() - cpu_before


def classify(pages, kept_unread, outcome):
    """Counts what became of the files, from the archive's pages."""
    states = defaultdict(set)
    for page in pages:
        states[page["source"]].add(page["state"])
        outcome.decoder_ends += (page["reason"] or "").startswith("decoder_")
    outcome.filed = sum(found == {"filed"} for found in states.values())
    outcome.set_aside = len(states) - outcome.filed
    outcome.kept_unread = kept_unread
    outcome.silent_skips = outcome.files - len(states) - kept_unread


def run(archive, folder):
    inputs = inputs_of(folder)
    outcome = Outcome(files=len(files_under(inputs[0])))
    if outcome.files == 0:
        raise Failed(f"{folder}: there is no file in it")
    run_to_the_end(archive, inputs, outcome)
    classify(archive.pages(), archive.counts()["files_kept_unread"], outcome)
    return outcome
