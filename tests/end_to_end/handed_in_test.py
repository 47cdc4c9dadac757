"""Everything that is handed in is in a count, by whatever way it came and however often it came."""

import json
import os
import signal
import subprocess
import unittest

from program import HELD, INPUT_MISSING, SET_ASIDE, HandingIn, white_pages


class HandedIn(HandingIn):
    def setUp(self):
        super().setUp()
        self.archive = self.new_archive()

    def set(self, before, after):
        settings = self.archive.folder / "juanzong.toml"
        text = settings.read_text(encoding="utf-8")
        self.assertIn(before, text)
        settings.write_text(text.replace(before, after), encoding="utf-8")

    def batches(self):
        return json.loads(self.archive.run("status", "--json").stdout)["batches"]

    def counted(self):
        counts = self.archive.counts()
        return counts["pages_in"], counts["filed"], counts["set_aside"]

    def sound(self):
        verified = self.archive.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def killed_after(self, pages, *arguments):
        """An ingest that is killed when so many pages were acknowledged; the file that tells them."""
        told = self.work / "told"
        reading = subprocess.Popen(
            [os.environ["JUANZONG"], "ingest", "--archive", self.archive.folder, "--no-wait",
             "--threads", "1", "--acknowledge", told, *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        while not told.exists() or len(told.read_text().splitlines()) < pages:
            self.assertIsNone(reading.poll(), "it was done before it could be killed")
        os.killpg(reading.pid, signal.SIGKILL)
        reading.wait()
        return told


class AFileThatOpensNoMore(HandedIn):
    PAGES = 40

    def test_has_the_pages_it_had(self):
        box = self.box("box")
        (box / "1.tif").write_bytes(white_pages(self.PAGES))
        self.set("index_commit_pages = 100 ", "index_commit_pages = 1 ")
        self.killed_after(2, box)
        # What a busy machine does by running out of time, a limit does here.
        self.set("pages_max = 10000 ", "pages_max = 2 ")
        self.assertEqual(self.archive.ingest(box).returncode, SET_ASIDE)
        handed_in, filed, set_aside = self.counted()
        self.assertEqual((handed_in, filed + set_aside), (self.PAGES, self.PAGES))
        self.assertGreaterEqual(filed, 2)
        self.sound()
        self.set("pages_max = 2 ", "pages_max = 10000 ")
        self.assertEqual(self.archive.run("reprocess").returncode, 0)
        self.assertEqual(self.counted(), (self.PAGES, self.PAGES, 0))
        self.sound()

    def test_gets_all_of_them_when_it_opens_at_last(self):
        box = self.box("box")
        (box / "1.tif").write_bytes(white_pages(5))
        self.set("pages_max = 10000 ", "pages_max = 2 ")
        self.assertEqual(self.archive.ingest(box).returncode, SET_ASIDE)
        self.assertEqual(self.counted(), (1, 0, 1))
        self.set("pages_max = 2 ", "pages_max = 10 ")
        self.assertEqual(self.archive.ingest(box).returncode, 0)
        self.assertEqual(self.counted(), (5, 5, 0))
        self.sound()


class FoldersOfOneBatch(HandedIn):
    def test_equal_names_and_equal_sheets_are_each_counted(self):
        first, second = self.box("box1", "1.bmp"), self.box("box2", "1.bmp")
        (first / "2.bmp").write_bytes(b"")
        (second / "2.bmp").write_bytes((first / "1.bmp").read_bytes())
        same = self.page()
        for box in (first, second):
            (box / "3.bmp").write_bytes(same)
        self.assertEqual(self.archive.ingest("--batch", "B", first).returncode, SET_ASIDE)
        self.assertEqual(self.archive.ingest("--batch", "B", second).returncode, SET_ASIDE)
        self.assertEqual(self.counted(), (6, 5, 1))
        self.archive.ingest("--batch", "B", first)
        self.archive.ingest("--batch", "B", first, second)
        self.assertEqual(self.counted(), (6, 5, 1), "a repeat of the same files is none")
        self.sound()

    def test_a_sheet_that_was_scanned_again_takes_the_place_of_what_could_not_be_read(self):
        box = self.box("box", "1.bmp")
        (box / "2.bmp").write_bytes(b"")
        self.archive.ingest(box)
        (box / "2.bmp").write_bytes(self.page())
        self.archive.ingest(box)
        self.assertEqual(self.counted(), (2, 2, 0))


class WhatComesLater(HandedIn):
    def test_a_page_that_cannot_be_read_is_counted_in_the_same_run(self):
        box = self.box("box", "1.bmp")
        self.assertEqual(self.archive.ingest("--sheets", 1, "--sides", 1, box).returncode, 0)
        (box / "2.bmp").write_bytes(b"")
        self.assertEqual(self.archive.ingest(box).returncode, HELD)
        self.assertEqual([batch["state"] for batch in self.batches()], ["held"])

    def test_a_file_that_is_only_kept_closes_its_batch_as_well(self):
        box = self.box("box", "1.bmp")
        self.archive.ingest(box)
        (box / "talk.wav").write_bytes(b"RIFF\x24\0\0\0WAVEfmt " + bytes(24))
        self.archive.ingest(box)
        self.assertEqual([batch["state"] for batch in self.batches()], ["complete"])


class WhatIsNoPlainFile(HandedIn):
    def test_a_linked_folder_and_a_link_to_itself_are_set_aside(self):
        self.box("elsewhere", "1.bmp")
        box = self.box("hot/box", "1.bmp")
        (box / "linked").symlink_to(self.work / "elsewhere")
        (box / "itself.bmp").symlink_to("itself.bmp")
        self.box("hot/later", "1.bmp")
        self.set("stable_after_ms = 2000 ", "stable_after_ms = 100 ")
        ended = self.archive.run("watch", self.work / "hot", "--once")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(self.counted(), (4, 2, 2))
        self.assertEqual(len(self.batches()), 2)

    def test_what_begins_with_a_dot_is_named(self):
        box = self.box("box", "1.bmp", "._1.bmp")
        self.box("box/.卷二", "5.bmp")
        said = self.archive.ingest(box).stderr
        self.assertIn("._1.bmp", said)
        self.assertIn(".卷二", said)

    def test_an_empty_folder_is_no_batch(self):
        self.assertEqual(self.archive.ingest(self.box("box")).returncode, INPUT_MISSING)
        self.assertEqual(self.batches(), [])


class Acknowledged(HandedIn):
    def test_every_safe_page_is_told_once_also_after_a_kill(self):
        box = self.box("box", *(f"{i}.bmp" for i in range(1, 30)))
        (box / "30.bmp").write_bytes(b"")
        # The first pages are told at once, the others wait for the index when the kill comes.
        self.set("index_commit_pages = 100 ", "index_commit_pages = 7 ")
        told = self.killed_after(7, box)
        with open(told, "a", encoding="utf-8") as file:
            file.write("1")  # as a kill leaves it, in the middle of a line
        self.archive.ingest("--acknowledge", told, box)
        lines = [line for line in told.read_text().splitlines() if "\t" in line]
        numbers = [int(line.split("\t")[0]) for line in lines]
        self.assertEqual(sorted(numbers), sorted(page["page"] for page in self.archive.pages()))
        self.assertEqual(len(numbers), 30)


if __name__ == "__main__":
    unittest.main()
