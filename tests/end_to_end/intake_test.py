"""The ways in beside files and folders: hot folder, scanner; and the count of the paper."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

from program import HELD, INTERRUPTED, SCANS, SET_ASIDE, EndToEnd, blank_page, juanzong


class Intake(EndToEnd):
    """Pages are blank: what is on them is no matter here. Each has bytes of its own."""

    pages_made = 0

    def page(self):
        Intake.pages_made += 1
        return blank_page(width=400 + 8 * Intake.pages_made)

    def folder(self, name, *files):
        folder = self.work / name
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / file).write_bytes(self.page())
        return folder

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
        self.folder("hot/box-1", "1.bmp", "2.bmp")
        self.folder("hot/box-2/volume", "1.bmp")
        self.folder("hot/empty")
        self.folder("hot", "loose.bmp")
        ended = archive.run("watch", self.work / "hot", "--once")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(self.batches(archive),
                         {"box-1": ["1.bmp", "2.bmp"], "box-2": ["volume/1.bmp"]})
        self.assertIn("loose.bmp", ended.stderr)
        self.assertTrue((self.work / "hot" / "box-1" / "1.bmp").exists(), "nothing is moved away")

    def test_again_adds_what_is_new_to_the_batch_and_nothing_else(self):
        archive = self.new_archive()
        self.folder("hot/box", "1.bmp")
        archive.run("watch", self.work / "hot", "--once")
        self.folder("hot/box", "2.bmp")
        archive.run("watch", self.work / "hot", "--once")
        self.assertEqual(self.batches(archive), {"box": ["1.bmp", "2.bmp"]})

    def test_a_batch_with_a_wrong_job_sheet_does_not_keep_the_others_waiting(self):
        archive = self.new_archive()
        self.folder("hot/a-wrong", "1.bmp")
        (self.work / "hot" / "a-wrong" / "jobsheet.toml").write_text("sheets = many\n")
        self.folder("hot/b-right", "1.bmp")
        ended = archive.run("watch", self.work / "hot", "--once")
        self.assertIn("jobsheet.toml", ended.stderr)
        self.assertEqual(self.batches(archive), {"b-right": ["1.bmp"]})

    def test_goes_on_until_it_is_stopped_and_takes_files_when_they_are_whole(self):
        archive = self.new_archive()
        hot = self.folder("hot")
        watching = subprocess.Popen(
            [os.environ["JUANZONG"], "watch", hot, "--archive", archive.folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(watching.stderr.close)
        self.addCleanup(watching.kill)
        # As a scanner does that fills a file slowly: the batch is never still while it grows.
        whole = self.page()
        folder = self.folder("hot/box")
        with open(folder / "1.bmp", "wb", buffering=0) as file:
            step = len(whole) // 8 + 1
            for at in range(0, len(whole), step):
                file.write(whole[at:at + step])
                time.sleep(0.05)
        self.wait_for_a_page(archive, watching)
        self.folder("hot/later", "1.bmp")
        self.wait_for_a_page(archive, watching, 2)
        watching.send_signal(signal.SIGINT)
        self.assertEqual(watching.wait(), INTERRUPTED)
        self.assertEqual(set(self.batches(archive)), {"box", "later"})
        digest = hashlib.sha256(whole).hexdigest()
        self.assertIn("sha256-" + digest, [page["source_object"] for page in archive.pages()])

    def wait_for_a_page(self, archive, process, pages=1):
        while archive.counts()["filed"] < pages:
            self.assertIsNone(process.poll(), "it ended by itself")
            time.sleep(0.2)


@unittest.skipUnless(shutil.which("scanimage"), "sane-utils is not installed")
class Scanner(Intake):
    def test_pages_go_from_the_device_into_the_archive(self):
        archive = self.new_archive()
        scan = ("scan", "test:0", "--batch", "box", "--pages", 2, "--dpi", 75, "--mode", "Gray")
        ended = archive.run(*scan)
        self.assertIn(ended.returncode, (0, SET_ASIDE), ended.stderr)
        self.assertEqual(self.batches(archive), {"box": ["0001.tif", "0002.tif"]})
        inbox = archive.folder / "inbox" / "box"
        self.assertEqual(sorted(os.listdir(inbox)), ["0001.tif", "0002.tif"])
        # The same command takes the next sheets into the same batch.
        archive.run(*scan)
        self.assertEqual(len(self.batches(archive)["box"]), 4)
        self.assertEqual(archive.run("verify").returncode, 0)


class CountedPaper(Intake):
    def test_a_missing_sheet_holds_the_batch_until_it_is_scanned(self):
        archive = self.new_archive()
        box = self.folder("box", "1.bmp", "2.bmp")
        (box / "jobsheet.toml").write_text("sheets = 2\nsides = 2\n")
        held = archive.ingest(box)
        self.assertEqual(held.returncode, HELD, held.stderr)
        self.assertIn("4 pages expected, 2 handed in", archive.run("status", "box").stdout)
        self.assertEqual(archive.ingest(box).returncode, HELD, "nothing has changed")
        self.folder("box", "3.bmp", "4.bmp")
        self.assertEqual(archive.ingest(box).returncode, 0)
        self.assertNotIn("expected", archive.run("status", "box").stdout)

    def test_a_page_too_many_holds_the_batch_until_the_count_is_corrected(self):
        archive = self.new_archive()
        box = self.folder("box", "1.bmp", "2.bmp")
        self.assertEqual(archive.ingest(box, "--sheets", 1).returncode, HELD)
        self.assertEqual(archive.ingest(box, "--sheets", 2).returncode, 0)
        self.assertEqual(archive.counts()["filed"], 2)

    def test_a_released_batch_stays_released(self):
        archive = self.new_archive()
        box = self.folder("box", "1.bmp")
        self.assertEqual(archive.ingest(box, "--sheets", 5).returncode, HELD)
        self.assertEqual(archive.run("release", "box", "--reason", "miscounted").returncode, 0)
        self.assertIn("miscounted", archive.run("status", "box").stdout)
        self.assertEqual(archive.ingest(box, "--sheets", 5).returncode, 0)

    def test_a_page_that_is_set_aside_counts_as_handed_in(self):
        archive = self.new_archive()
        box = self.folder("box", "1.bmp")
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
