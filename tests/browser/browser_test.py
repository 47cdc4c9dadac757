"""The screens in Chromium, on `juanzong serve` and an archive of samples/scans. Each file of tests
beside this one is a case here, with a server of its own when it is run alone, as ctest does.

JUANZONG and JUANZONG_WEB name the program and the built application. JUANZONG_BROWSER_ARCHIVE may
name an archive of samples/scans that is there already: a copy of it is used, which saves minutes.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "end_to_end"))

from program import PASSWORD, SCANS, SET_ASIDE, Archive, juanzong  # noqa: E402

USER = "吴窗口"
POSTS = ("counter_clerk", "records_manager")
BENCH = (("李著录", "indexer"), ("王著录", "indexer"), ("陈初审", "first_reviewer"))
CHIEF = "吴主管"
CHIEF_POSTS = (*POSTS, "approver", "rechecker", "scan_operator", "auditor", "technician",
               "administrator")
SECONDS_MAX = 900


class Server:
    """A server of a new archive; None before setUpModule."""
    address = None


def archive_of_samples(folder):
    made = os.environ.get("JUANZONG_BROWSER_ARCHIVE")
    if made:
        shutil.copytree(made, folder)
        return Archive(folder)
    archive = Archive(folder)
    juanzong("init", folder)
    ended = archive.ingest(SCANS)
    if ended.returncode != SET_ASIDE:
        raise AssertionError(ended.stderr)
    return archive


def setUpModule():
    temporary = tempfile.TemporaryDirectory(prefix="juanzong-test-")
    unittest.addModuleCleanup(temporary.cleanup)
    archive = archive_of_samples(Path(temporary.name) / "archive")
    if USER not in archive.run("user list").stdout:
        archive.add_user(USER, *POSTS)
    for name, post in BENCH:
        archive.add_user(name, post)
    outside = archive.run("user add", "外包甲", "--post", "indexer", "--agreement", "BM-7", "--until",
                          "2099-12-31", "--password", given=PASSWORD + "\n")
    if outside.returncode != 0:
        raise AssertionError(outside.stderr)
    # Its alarm is for the screens of records management.
    archive.run("medium add", "U-01", "--site", "异地库房", "--keeper", "李明", "--due", "2020-01-01")
    if CHIEF not in archive.run("user list").stdout:
        archive.add_user(CHIEF, *CHIEF_POSTS)
    server = subprocess.Popen(
        [os.environ["JUANZONG"], "serve", "--archive", str(archive.folder),
         "--listen", "127.0.0.1:0", "--web", os.environ["JUANZONG_WEB"]],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})

    def stop():
        server.terminate()
        server.wait(timeout=60)
        server.stdout.close()

    unittest.addModuleCleanup(stop)
    line = server.stdout.readline()
    match = re.search(r"https?://\S+:\d+/", line)
    if not match:
        raise AssertionError(f"the server said: {line!r}")
    Server.address = match.group()


class Screens(unittest.TestCase):
    def run_file(self, name, tests_least=4):
        ended = subprocess.run(
            ["node", "--test", str(HERE / name)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=SECONDS_MAX,
            env={**os.environ, "JUANZONG_URL": Server.address, "JUANZONG_NAME": USER, "JUANZONG_CHIEF": CHIEF,
                 "JUANZONG_PASSWORD": PASSWORD})
        self.assertEqual(ended.returncode, 0, ended.stdout)
        passed = re.search(r"(?m)^. pass (\d+)$", ended.stdout)
        self.assertTrue(passed and int(passed.group(1)) >= tests_least, ended.stdout)

    def test_clerk(self):
        self.run_file("clerk_test.mjs")

    def test_reader(self):
        self.run_file("reader_test.mjs")

    def test_screens(self):
        self.run_file("screens_test.mjs")

    def test_review(self):
        self.run_file("review_test.mjs")

    def test_office(self):
        self.run_file("office_test.mjs")

    def test_repairs(self):
        self.run_file("repairs_test.mjs")

    def test_factor(self):
        self.run_file("factor_test.mjs", 1)


if __name__ == "__main__":
    unittest.main()
