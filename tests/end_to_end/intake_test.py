"""The ways in beside files and folders: hot folder, scanner; and the count of the paper."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

from program import (ARCHIVE_LOCKED, HELD, INTERRUPTED, SCANS, SET_ASIDE, HandingIn, juanzong,
                     white_pages)


class Intake(HandingIn):
    def new_archive(self, name="archive"):
        archive = super().new_archive(name)
        settings = archive.folder / "juanzong.toml"
        text = settings.read_text(encoding="utf-8")
        self.assertIn("stable_after_ms = 2000", text)
        settings.write_text(text.replace("stable_after_ms = 2000", "stable_after_ms = 300"),
                            encoding="utf-8")
        return archive

    def batches(self, archive):
        """batch name -> its sources, in the archive"""
        status = archive.run("status", "--json").stdout
        names = {batch["batch"]: batch["name"] for batch in json.loads(status)["batches"]}
        found = {name: [] for name in names.values()}
        for page in archive.pages():
            found[names[page["batch"]]].append(page["source"])
        return {name: sorted(sources) for name, sources in found.items()}


class HotFolder(Intake):
    def test_every_sub_folder_is_a_batch(self):
        archive = self.new_archive()
        self.box("hot/box-1", "1.bmp", "2.bmp")
        self.box("hot/box-2/volume", "1.bmp")
        self.box("hot/empty")
        self.box("hot", "loose.bmp")
        ended = archive.run("watch", self.work / "hot", "--once")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(self.batches(archive),
                         {"box-1": ["1.bmp", "2.bmp"], "box-2": ["volume/1.bmp"]})
        self.assertIn("loose.bmp", ended.stderr)
        self.assertTrue((self.work / "hot" / "box-1" / "1.bmp").exists(), "nothing is moved away")

    def test_again_adds_what_is_new_to_the_batch_and_nothing_else(self):
        archive = self.new_archive()
        self.box("hot/box", "1.bmp")
        archive.run("watch", self.work / "hot", "--once")
        self.box("hot/box", "2.bmp")
        archive.run("watch", self.work / "hot", "--once")
        self.assertEqual(self.batches(archive), {"box": ["1.bmp", "2.bmp"]})

    def test_a_batch_with_a_wrong_job_sheet_does_not_keep_the_others_waiting(self):
        archive = self.new_archive()
        self.box("hot/a-wrong", "1.bmp")
        (self.work / "hot" / "a-wrong" / "jobsheet.toml").write_text("sheets = many\n")
        self.box("hot/b-right", "1.bmp")
        ended = archive.run("watch", self.work / "hot", "--once")
        self.assertIn("jobsheet.toml", ended.stderr)
        self.assertEqual(self.batches(archive), {"b-right": ["1.bmp"]})

    def test_goes_on_until_it_is_stopped_and_takes_files_when_they_are_whole(self):
        archive = self.new_archive()
        hot = self.box("hot")
        watching = subprocess.Popen(
            [os.environ["JUANZONG"], "watch", hot, "--archive", archive.folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(watching.stderr.close)
        self.addCleanup(watching.kill)
        # As a scanner does that fills a file slowly: the batch is never still while it grows.
        whole = self.page()
        folder = self.box("hot/box")
        with open(folder / "1.bmp", "wb", buffering=0) as file:
            step = len(whole) // 8 + 1
            for at in range(0, len(whole), step):
                file.write(whole[at:at + step])
                time.sleep(0.05)
        self.wait_for_a_page(archive, watching)
        self.box("hot/later", "1.bmp")
        self.wait_for_a_page(archive, watching, 2)
        watching.send_signal(signal.SIGINT)
        self.assertEqual(watching.wait(), INTERRUPTED)
        self.assertEqual(set(self.batches(archive)), {"box", "later"})
        digest = hashlib.sha256(whole).hexdigest()
        self.assertIn("sha256-" + digest, [page["source_object"] for page in archive.pages()])

    def test_holds_the_archive_only_while_it_takes_something_in(self):
        archive = self.new_archive()
        hot = self.box("hot")
        said = self.work / "said"
        with open(said, "wb") as out:
            watching = subprocess.Popen(
                [os.environ["JUANZONG"], "watch", hot, "--archive", archive.folder, "--lang", "en"],
                stdout=subprocess.DEVNULL, stderr=out, start_new_session=True)
        self.addCleanup(watching.kill)
        self.wait_for(said, "watching", watching)
        added = archive.run("user add", "Wang", "--account", "wang", "--post",
                            "scan_operator")
        self.assertEqual(added.returncode, 0, added.stderr)
        with open(archive.folder / "lock", "r+", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.box("hot/box", "1.bmp")
            self.wait_for(said, "waiting for the archive", watching)
            self.assertEqual(archive.counts()["filed"], 0)
        self.wait_for_a_page(archive, watching)
        watching.send_signal(signal.SIGINT)
        self.assertEqual(watching.wait(), INTERRUPTED)

    def wait_for(self, file, words, process):
        while words not in file.read_text(encoding="utf-8"):
            self.assertIsNone(process.poll(), "it ended by itself")
            time.sleep(0.1)

    def wait_for_a_page(self, archive, process, pages=1):
        while archive.counts()["filed"] < pages:
            self.assertIsNone(process.poll(), "it ended by itself")
            time.sleep(0.2)


# SANE's program replaced: each sheet of the file FEEDER is a page, and leaves it.
PRETENDED_SCANNER = """#!/usr/bin/env python3
import os, sys, time
words = dict(word[2:].split("=", 1) for word in sys.argv[1:])
number, feeder = int(words["batch-start"]), os.environ["FEEDER"]
while os.path.getsize(feeder) and not os.path.exists(feeder + ".hold"):
    first, *rest = open(feeder).read().split()
    page = words["batch"].replace("%d", str(number))
    with open(page + ".part", "wb") as file:
        file.write(open(first, "rb").read())
    os.rename(page + ".part", page)
    open(feeder, "w").write(" ".join(rest))
    number += 1
    time.sleep(float(os.environ["PACE"]))
while os.path.exists(feeder + ".hold"):
    time.sleep(0.05)
sys.stderr.write("pretended end\\n")
sys.exit(int(os.environ["END"]))
"""


class Scanner(Intake):
    DEVICE = 19

    @unittest.skipUnless(shutil.which("scanimage"), "sane-utils is not installed")
    def test_pages_go_from_the_device_into_the_archive(self):
        archive = self.new_archive()
        scan = ("scan", "test:0", "--batch", "box", "--pages", 2, "--dpi", 75, "--mode", "Gray")
        ended = archive.run(*scan)
        self.assertIn(ended.returncode, (0, SET_ASIDE), ended.stderr)
        self.assertEqual(self.batches(archive), {"box": ["0001.tif", "0002.tif"]})
        scans = archive.folder / "spool" / "scans" / "box"
        self.assertEqual(sorted(os.listdir(scans)), ["0001.tif", "0002.tif"])
        # The same command takes the next sheets into the same batch.
        archive.run(*scan)
        self.assertEqual(len(self.batches(archive)["box"]), 4)
        self.assertEqual(archive.run("verify").returncode, 0)

    def feed(self, *names, end=7, pace=0):
        """Lays sheets into the pretended scanner's feeder; the environment that has it."""
        program = self.work / "bin" / "scanimage"
        program.parent.mkdir(exist_ok=True)
        program.write_text(PRETENDED_SCANNER)
        program.chmod(0o755)
        sheets = [self.work / name for name in names]
        for sheet in sheets:
            HandingIn.pages_made += 1
            sheet.write_bytes(white_pages(1, width=400 + 8 * HandingIn.pages_made))
        feeder = self.work / "feeder"
        feeder.write_text(" ".join(map(str, sheets)))
        return {"PATH": f"{program.parent}:{os.environ['PATH']}", "FEEDER": str(feeder),
                "END": str(end), "PACE": str(pace)}

    def scan(self, archive, *names, **how):
        return archive.run("scan", "test:0", "--batch", "box", "--lang", "en",
                           environment=self.feed(*names, **how))

    def counted(self, archive):
        """Sheets of the feeder that are in the archive, each as often as it is counted."""
        sheets = {hashlib.sha256(file.read_bytes()).hexdigest(): file.name
                  for file in self.work.glob("sheet-*")}
        return sorted(sheets[page["source_object"].removeprefix("sha256-")]
                      for page in archive.pages())

    def test_pages_before_an_error_of_the_scanner_are_taken_in(self):
        archive = self.new_archive()
        ended = self.scan(archive, "sheet-1", "sheet-2", end=9)
        self.assertEqual(ended.returncode, self.DEVICE, ended.stderr)
        self.assertIn("stopped after 2 pages: pretended end", ended.stderr)
        self.assertEqual(self.counted(archive), ["sheet-1", "sheet-2"])
        ended = self.scan(archive)
        self.assertEqual(ended.returncode, self.DEVICE, "the feeder is empty")
        self.assertEqual(self.counted(archive), ["sheet-1", "sheet-2"], "nothing twice")

    def test_the_same_command_takes_in_what_lies_there_also_without_new_paper(self):
        archive = self.new_archive()
        with open(archive.folder / "lock", "r+", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ended = self.scan(archive, "sheet-1", "sheet-2", end=9)
            self.assertEqual(ended.returncode, ARCHIVE_LOCKED, ended.stderr)
            self.assertIn("stopped after 2 pages", ended.stderr)
        self.assertEqual(self.counted(archive), [])
        self.assertEqual(self.scan(archive).returncode, self.DEVICE)
        self.assertEqual(self.counted(archive), ["sheet-1", "sheet-2"])

    def test_a_killed_scan_loses_no_page_and_its_scanner_keeps_others_out(self):
        archive = self.new_archive()
        environment = self.feed("sheet-1", "sheet-2", "sheet-3")
        hold, feeder = self.work / "feeder.hold", self.work / "feeder"
        scanning = subprocess.Popen(
            [os.environ["JUANZONG"], "scan", "--archive", archive.folder, "test:0", "--batch",
             "box"], env={**os.environ, **environment, "PACE": "0.3"}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(scanning.kill)
        self.addCleanup(hold.unlink, missing_ok=True)
        unfinished = archive.folder / "spool" / "scans" / "box" / ".scanning"
        while not (unfinished / "2.tif").exists():
            self.assertIsNone(scanning.poll(), "it ended by itself")
            time.sleep(0.02)
        hold.touch()
        scanning.kill()
        scanning.wait()
        refused = archive.run("scan", "test:0", "--batch", "box", environment=environment)
        self.assertEqual(refused.returncode, ARCHIVE_LOCKED, refused.stderr)
        hold.unlink()
        # What was not fed before the kill lies in the feeder still.
        for _ in range(100):
            ended = archive.run("scan", "test:0", "--batch", "box", "--lang", "en",
                                environment=environment)
            if ended.returncode != ARCHIVE_LOCKED:
                break
            time.sleep(0.1)
        self.assertIn(ended.returncode, (0, self.DEVICE), ended.stderr)
        self.assertIn("pages kept of a scan that was stopped", ended.stderr)
        self.assertEqual(feeder.read_text(), "")
        self.assertEqual(self.counted(archive), ["sheet-1", "sheet-2", "sheet-3"])

    def test_a_page_taken_out_leaves_a_gap_and_none_is_overwritten(self):
        archive = self.new_archive()
        self.scan(archive, "sheet-1", "sheet-2", "sheet-3")
        scans = archive.folder / "spool" / "scans" / "box"
        (scans / "0002.tif").unlink()
        self.assertEqual(self.scan(archive, "sheet-4", "sheet-5").returncode, 0)
        self.assertEqual(sorted(os.listdir(scans)),
                         ["0001.tif", "0003.tif", "0004.tif", "0005.tif"])
        self.assertEqual((scans / "0003.tif").read_bytes(),
                         (self.work / "sheet-3").read_bytes())
        self.assertEqual(len(self.counted(archive)), 5)

    def test_whoever_watches_the_inbox_counts_no_scan_twice(self):
        archive = self.new_archive()
        self.assertEqual(self.scan(archive, "sheet-1", "sheet-2").returncode, 0)
        ended = archive.run("watch", archive.folder / "inbox", "--once")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(self.batches(archive), {"box": ["0001.tif", "0002.tif"]})
        self.assertEqual(archive.counts()["pages_in"], 2)

    def test_a_batch_that_was_scanned_into_the_inbox_goes_on(self):
        archive = self.new_archive()
        self.feed("sheet-1", "sheet-2")
        inbox, scans = archive.folder / "inbox", archive.folder / "spool" / "scans"
        (inbox / "box").mkdir()
        shutil.copy(self.work / "sheet-1", inbox / "box" / "0001.tif")
        shutil.copy(self.work / "sheet-2", inbox / "box" / "0002.tif")
        archive.ingest(inbox / "box", "--batch", "box", "--scanner", "test:0")
        self.assertEqual(self.scan(archive, "sheet-3").returncode, 0)
        self.assertEqual(os.listdir(inbox), [])
        self.assertEqual(sorted(os.listdir(scans / "box")), ["0001.tif", "0002.tif", "0003.tif"])
        self.assertEqual(archive.run("watch", inbox, "--once").returncode, 0)
        self.assertEqual(self.batches(archive), {"box": ["0001.tif", "0002.tif", "0003.tif"]})
        self.assertEqual(archive.counts()["pages_in"], 3)

    def test_a_batch_that_was_scanned_into_the_inbox_is_counted_once_by_whoever_comes_first(self):
        archive = self.new_archive()
        self.feed("sheet-1", "sheet-2")
        inbox = archive.folder / "inbox"
        (inbox / "box").mkdir()
        shutil.copy(self.work / "sheet-1", inbox / "box" / "0001.tif")
        archive.ingest(inbox / "box", "--batch", "box", "--scanner", "test:0")
        shutil.copy(self.work / "sheet-2", inbox / "box" / "0002.tif")
        ended = archive.run("watch", inbox, "--once")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(archive.ingest(inbox / "box").returncode, 0)
        self.assertEqual(self.batches(archive), {"box": ["0001.tif", "0002.tif"]})
        self.assertEqual(archive.counts()["pages_in"], 2)

    def test_an_upload_of_the_same_name_stays_in_the_inbox(self):
        archive = self.new_archive()
        self.assertEqual(self.scan(archive, "sheet-1").returncode, 0)
        # Its pages were removed by hand, so that nothing tells the folders apart but their pages.
        shutil.rmtree(archive.folder / "spool" / "scans")
        upload = archive.folder / "inbox" / "box"
        upload.mkdir()
        (upload / "0001.tif").write_bytes(white_pages(1, width=392))
        self.assertEqual(self.scan(archive, "sheet-2").returncode, 0)
        self.assertEqual(os.listdir(upload), ["0001.tif"])
        self.assertEqual(self.counted(archive), ["sheet-1", "sheet-2"])


class CountedPaper(Intake):
    def test_a_missing_sheet_holds_the_batch_until_it_is_scanned(self):
        archive = self.new_archive()
        box = self.box("box", "1.bmp", "2.bmp")
        (box / "jobsheet.toml").write_text("sheets = 2\nsides = 2\n")
        held = archive.ingest(box)
        self.assertEqual(held.returncode, HELD, held.stderr)
        self.assertIn("4 pages expected, 2 handed in", archive.run("status", "box").stdout)
        self.assertEqual(archive.ingest(box).returncode, HELD, "nothing has changed")
        self.box("box", "3.bmp", "4.bmp")
        self.assertEqual(archive.ingest(box).returncode, 0)
        self.assertNotIn("expected", archive.run("status", "box").stdout)

    def test_a_page_too_many_holds_the_batch_until_the_count_is_corrected(self):
        archive = self.new_archive()
        box = self.box("box", "1.bmp", "2.bmp")
        self.assertEqual(archive.ingest(box, "--sheets", 1).returncode, HELD)
        self.assertEqual(archive.ingest(box, "--sheets", 2).returncode, 0)
        self.assertEqual(archive.counts()["filed"], 2)

    def test_a_released_batch_stays_released(self):
        archive = self.new_archive()
        box = self.box("box", "1.bmp")
        self.assertEqual(archive.ingest(box, "--sheets", 5).returncode, HELD)
        self.assertEqual(archive.run("release", "box", "--reason", "miscounted").returncode, 0)
        self.assertIn("miscounted", archive.run("status", "box").stdout)
        self.assertEqual(archive.ingest(box, "--sheets", 5).returncode, 0)

    def test_a_page_that_is_set_aside_counts_as_handed_in(self):
        archive = self.new_archive()
        box = self.box("box", "1.bmp")
        (box / "2.bmp").write_bytes(b"")
        self.assertEqual(archive.ingest(box, "--sheets", 2).returncode, SET_ASIDE)


class AnotherCategory(Intake):
    def test_r30_is_stored_and_found_and_no_field_is_read(self):
        box = self.work / "box"
        box.mkdir()
        scan = sorted(SCANS.rglob("*.tif"))[0]
        shutil.copy(scan, box / scan.name)
        (box / "jobsheet.toml").write_text('category = "文书档案"\n', encoding="utf-8")
        archive, own = self.new_archive(), self.new_archive("own")
        self.assertEqual(archive.ingest(box).returncode, 0)
        (box / "jobsheet.toml").unlink()
        own.ingest(box)
        (page,), (read,) = archive.pages(), own.pages()
        self.assertTrue(read["fields"], "as a social-insurance paper it has fields")
        self.assertEqual((page["state"], page["fields"], page["doc_type"]), ("filed", [], "DT99"))
        words = [line["text"] for line in page["lines"] if len(line["text"]) > 3]
        self.assertTrue(archive.hits(words[0]))
        self.assertEqual(archive.run("check").returncode, 0)
        self.assertEqual(archive.run("verify").returncode, 0)


class SeparatorSheets(Intake):
    def test_are_a_page_a_dossier_and_found_as_separators(self):
        sheets = self.work / "sheets.pdf"
        ended = juanzong("sheets", "-o", sheets, "SB01-2004-0001", "SB01-2004-0002")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        archive = self.new_archive()
        archive.ingest(sheets)
        self.assertEqual(archive.counts()["separators"], 2)


if __name__ == "__main__":
    unittest.main()
