"""The fault rigs of bench/campaign in a short form: the program itself is killed at system calls, has
calls fail, loses its power and its bits. Each campaign must find nothing, and must find something
when a guard was taken away.

    rigs_test.py calls|syscalls|faults|power|flips|gc
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

from measuring.faulty import run_faulty  # noqa: E402

NOT_HERE = 77

# (points, points with the guard taken away)
SHORT = {"syscalls": (6, 5), "faults": (12, 4), "power": (3, 2), "flips": (1000, 50),
         "gc": (6000, 6000)}
# Points of those that run on encrypted archives as well.
ENCRYPTED = {"syscalls": 2, "power": 1}


def campaign(kind, count, *more):
    """(exit code, figures, all that it said)"""
    done = subprocess.run([sys.executable, ROOT / "bench" / "campaign", kind, str(count), *more],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode == NOT_HERE:
        raise unittest.SkipTest(done.stderr.strip())
    figures = dict(line.split("\t", 1) for line in done.stdout.splitlines() if "\t" in line)
    return done.returncode, figures, done.stdout + done.stderr


class ShortForm(unittest.TestCase):
    kind = ""

    def test_nothing_is_found(self):
        code, figures, said = campaign(self.kind, SHORT[self.kind][0])
        self.assertEqual(code, 0, said)
        self.assertGreaterEqual(int(figures["points"]), SHORT[self.kind][0] // 2, said)

    def test_nothing_is_found_of_an_encrypted_archive(self):
        if self.kind not in ENCRYPTED:
            self.skipTest("the rig looks into plain archives, or is long")
        code, _, said = campaign(self.kind, ENCRYPTED[self.kind], "--encrypt")
        self.assertEqual(code, 0, said)

    def test_a_missing_guard_is_found(self):
        code, figures, said = campaign(self.kind, SHORT[self.kind][1], "--control")
        self.assertEqual(code, 0, said)
        self.assertIn("as it must", figures["control"])


class Calls(unittest.TestCase):
    """The rig itself: it spoils the call it was told, and no other."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def run_script(self, script, **how):
        return run_faulty(["/usr/bin/python3", "-c", script, self.folder], [self.folder], 20, **how)

    WRITE_TWICE = ("import os, sys; os.chdir(sys.argv[1])\n"
                   "fd = os.open('file', os.O_CREAT | os.O_TRUNC | os.O_WRONLY)\n"
                   "for text in (b'first', b'second'):\n"
                   "    try: print(os.write(fd, text), file=sys.stderr)\n"
                   "    except OSError as error: print(error.errno, file=sys.stderr)\n"
                   "os.fsync(fd); os.rename('file', 'objects')")

    def test_calls_below_the_folder_are_counted(self):
        ended = self.run_script(self.WRITE_TWICE, kinds=["create", "write", "sync", "name"])
        self.assertEqual((ended.code, ended.calls, ended.spoilt), (0, 5, 0))

    def test_an_error_comes_once_or_for_ever(self):
        import errno
        once = self.run_script(self.WRITE_TWICE, kinds=["write"], at=1, do="ENOSPC")
        self.assertEqual(once.errors.split(), [str(errno.ENOSPC), "6"])
        self.assertEqual((self.folder / "objects").read_bytes(), b"second")
        self.assertEqual((once.spoilt, once.at), (1, f"write {self.folder}/file"))
        always = self.run_script(self.WRITE_TWICE, kinds=["write"], at=1, do="EIO", for_ever=True)
        self.assertEqual(always.errors.split(), [str(errno.EIO)] * 2)

    def test_a_short_write_and_a_lie(self):
        short = self.run_script(self.WRITE_TWICE, kinds=["write"], at=2, do="short")
        self.assertEqual(short.errors.split(), ["5", "3"])
        lie = self.run_script(self.WRITE_TWICE, kinds=["write"], at=1, do="lie")
        self.assertEqual(lie.errors.split(), ["5", "6"])
        self.assertEqual((self.folder / "objects").read_bytes(), b"second")

    def test_killed_before_a_call_and_after_half_of_one(self):
        killed = self.run_script(self.WRITE_TWICE, kinds=["write"], at=2, do="kill")
        self.assertEqual((killed.code, (self.folder / "file").read_bytes()), (137, b"first"))
        torn = self.run_script(self.WRITE_TWICE, kinds=["write"], at=2, do="torn")
        self.assertEqual((torn.code, (self.folder / "file").read_bytes()), (137, b"firstsec"))

    def test_who_does_not_come_back_is_ended(self):
        ended = run_faulty(["/usr/bin/sleep", "60"], [self.folder], 0.5)
        self.assertIsNone(ended.code)


if __name__ == "__main__":
    asked = sys.argv.pop(1)
    if asked == "calls":
        del ShortForm
    else:
        del Calls
        ShortForm.kind = asked
    result = unittest.main(exit=False).result
    if result.skipped and not result.testsRun > len(result.skipped):
        sys.exit(NOT_HERE)
    sys.exit(not result.wasSuccessful())
