"""Bad input and sick surroundings: each has its message and its exit code, nothing is lost."""

import ctypes
import fcntl
import os
import platform
import shutil
import signal
import struct
import subprocess
import time
import unittest
from pathlib import Path

from program import (ARCHIVE_FOREIGN, ARCHIVE_LOCKED, ARCHIVE_MISSING, HELD, INPUT_MISSING,
                     MODEL_MISSING, NOT_FOUND, SCANS, SET_ASIDE, SETTINGS, USAGE, EndToEnd,
                     blank_page, digests, juanzong)

A_PAGE = SCANS / "back_payment" / "0003.tif"
# Two pixels, as a BMP of 24 bits.
DOT = (b"BM" + struct.pack("<IHHI", 62, 0, 0, 54) +
       struct.pack("<IiiHHIIiiII", 40, 2, 1, 1, 24, 0, 8, 0, 0, 0, 0) + bytes(8))
ANOTHER_PAGE = SCANS / "refund" / "0003.tif"


def processor_ticks(stat):
    return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))


def tgkill(process, thread, number):
    call = {"x86_64": 234, "aarch64": 131}[platform.machine()]
    if ctypes.CDLL(None, use_errno=True).syscall(call, process, thread, int(number)) != 0:
        raise OSError(ctypes.get_errno(), "tgkill")


class Surroundings(EndToEnd):
    def test_a_command_line_that_cannot_be_understood(self):
        for arguments in ([], ["frobnicate"], ["ingest"], ["ingest", "--threads", "0", SCANS]):
            self.assertEqual(juanzong(*arguments).returncode, USAGE, arguments)

    def test_an_archive_that_is_not_there(self):
        for command in (["ingest", SCANS], ["status"], ["search", "张三"], ["show", "1"], ["verify"]):
            ended = juanzong(*command, "--archive", self.work / "none")
            self.assert_says(ended, ARCHIVE_MISSING, str(self.work / "none"))

    def test_a_folder_that_is_no_archive(self):
        other = self.work / "other"
        other.mkdir()
        (other / "letter.txt").write_text("")
        ended = juanzong("status", "--archive", other)
        self.assertIn(ended.returncode, (ARCHIVE_MISSING, ARCHIVE_FOREIGN), ended.stderr)
        self.assertEqual(os.listdir(other), ["letter.txt"])

    def test_an_archive_is_not_made_over_something_else(self):
        self.new_archive()
        again = juanzong("init", self.work / "archive")
        self.assertNotEqual(again.returncode, 0)
        self.assertEqual(self.new_archive("second").counts()["pages_in"], 0)

    def test_a_setting_that_nobody_knows_is_named_with_its_line(self):
        archive = self.new_archive()
        with open(archive.folder / "juanzong.toml", "a", encoding="utf-8") as file:
            file.write("\n[ocr]\nthreds = 2\n")
        self.assert_says(archive.ingest(A_PAGE), SETTINGS)

    def test_input_that_is_not_there(self):
        archive = self.new_archive()
        self.assert_says(archive.ingest(self.work / "none"), INPUT_MISSING, "none")

    def test_models_that_are_not_there(self):
        archive = self.new_archive()
        ended = archive.ingest(A_PAGE, environment={"JUANZONG_MODELS": str(self.work / "none")})
        self.assert_says(ended, MODEL_MISSING, str(self.work / "none"))

    def test_nothing_is_left_outside_the_archive_and_nobody_is_told(self):
        outside = self.work / "outside"
        outside.mkdir()
        archive = self.new_archive()
        ended = archive.ingest(A_PAGE, environment={
            name: str(outside) for name in ("HOME", "XDG_CACHE_HOME", "TMPDIR")})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        # The recognition runtime has a reporter to its maker, which begins with a device's number.
        self.assertEqual(list(outside.rglob("*")), [])

    def test_a_page_that_is_not_there(self):
        self.assert_says(self.new_archive().run("show", 77), NOT_FOUND)

    def test_two_ingests_of_one_archive_at_once(self):
        archive = self.new_archive()
        # Held as another process would hold it: a race of two real ones has two winners.
        with open(Path(archive.folder) / "lock", "a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assert_says(archive.ingest(A_PAGE), ARCHIVE_LOCKED)
        self.assertEqual(archive.ingest(A_PAGE).returncode, 0)


class BadInput(EndToEnd):
    def ingest_files(self, files):
        """(exit code, source -> page) after an ingest of files with the given bytes"""
        scans = self.work / "scans"
        scans.mkdir()
        for name, content in files.items():
            (scans / name).write_bytes(content)
        self.archive = self.new_archive()
        ended = self.archive.ingest(scans)
        return ended.returncode, {page["source"]: page for page in self.archive.pages()}

    def test_what_cannot_be_read_is_set_aside_with_a_reason_and_the_rest_is_filed(self):
        good = A_PAGE.read_bytes()
        jpeg = (SCANS / "maternity" / "0001.jpg").read_bytes()
        pdf = (SCANS / "back_payment_coloured.pdf").read_bytes()
        code, pages = self.ingest_files({
            "good.tif": good, "empty.jpg": b"", "cut.tif": good[:len(good) // 2],
            "header.jpg": jpeg[:40], "cut.pdf": pdf[:3000], "header.png": b"\x89PNG\r\n\x1a\n"})
        self.assertEqual(code, SET_ASIDE)
        self.assertEqual(pages["good.tif"]["state"], "filed")
        for name in ("empty.jpg", "cut.tif", "header.jpg", "cut.pdf", "header.png"):
            self.assertEqual(pages[name]["state"], "set_aside", name)
            self.assertTrue(pages[name]["reason"], name)
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_a_file_is_known_by_its_bytes_not_by_its_name(self):
        code, pages = self.ingest_files({"really_a_tiff.jpg": A_PAGE.read_bytes()})
        self.assertEqual((code, pages["really_a_tiff.jpg"]["state"]), (0, "filed"))

    def test_other_carriers_are_kept_unread(self):
        self.ingest_files({"page.tif": A_PAGE.read_bytes(), "call.mp3": b"ID3\x04" + bytes(64)})
        counts = self.archive.counts()
        self.assertEqual((counts["files"], counts["files_kept_unread"]), (2, 1))

    def test_no_file_is_passed_over_whatever_it_is(self):
        office = b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml"
        set_aside = {
            "spoilt.jpg": (b"\xff\xd8\x8a\xe0 no JPEG", "not_an_image"),
            "spoilt.pdf": (b"no PDF either", "not_an_image"),
            "unknown.bin": (b"\1\2\3\4", "not_an_image"),
            "picture.gif": (b"GIF89a" + bytes(32), "unsupported"),
            "box.zip": (b"PK\x03\x04" + bytes(40), "unsupported"),
            "dot.bmp": (DOT, "unsupported"),
        }
        kept = {"letter.docx": office, "letter": office, "call.wav": b"RIFF\0\0\0\0WAVEfmt "}
        code, pages = self.ingest_files(
            {**{name: content for name, (content, _) in set_aside.items()}, **kept})
        self.assertEqual(code, SET_ASIDE)
        self.assertEqual({name: page["reason"] for name, page in pages.items()},
                         {name: reason for name, (_, reason) in set_aside.items()})
        counts = self.archive.counts()
        self.assertEqual((counts["files"], counts["files_kept_unread"]),
                         (len(set_aside) + len(kept), len(kept)))
        kept_bytes = {page["source_object"] for page in pages.values()}
        self.assertNotIn(None, kept_bytes)
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_the_same_bytes_twice_are_two_pages(self):
        page = A_PAGE.read_bytes()
        code, pages = self.ingest_files({"1.tif": page, "2.tif": page})
        self.assertEqual((code, len(pages)), (0, 2))
        self.assertEqual(pages["1.tif"]["source_object"], pages["2.tif"]["source_object"])
        self.assertEqual(self.archive.counts()["repeated"], 1)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_file_without_permission_is_set_aside(self):
        scans = self.work / "locked"
        scans.mkdir()
        shutil.copy(A_PAGE, scans / "1.tif")
        (scans / "1.tif").chmod(0)
        self.assertEqual(self.new_archive().ingest(scans).returncode, SET_ASIDE)

    def test_files_that_could_not_be_read_are_filed_when_they_are_mended(self):
        scans = self.work / "box"
        scans.mkdir()
        (scans / "1.tif").symlink_to(self.work / "not_mounted.tif")
        (scans / "2.tif").write_bytes(b"")
        (scans / "3.tif").write_bytes(blank_page())
        archive = self.new_archive()
        self.assertEqual(archive.ingest(scans).returncode, SET_ASIDE)
        before = {page["source"]: page for page in archive.pages()}
        self.assertEqual({name: page["state"] for name, page in before.items()},
                         {"1.tif": "set_aside", "2.tif": "set_aside", "3.tif": "filed"})

        (self.work / "not_mounted.tif").write_bytes(blank_page(width=408))
        (scans / "2.tif").write_bytes(blank_page(width=416))
        self.assertEqual(archive.ingest(scans).returncode, 0)
        after = {page["source"]: page for page in archive.pages()}
        for name, page in after.items():
            self.assertEqual((page["state"], page["page"]), ("filed", before[name]["page"]), name)
        counts = archive.counts()
        self.assertEqual((counts["pages_in"], counts["filed"], counts["set_aside"]), (3, 3, 0))
        self.assertEqual(archive.run("verify").returncode, 0)

    def test_a_count_that_differs_holds_the_batch(self):
        archive = self.new_archive()
        held = archive.ingest("--sheets", 3, "--sides", 1, "--batch", "box", A_PAGE, ANOTHER_PAGE)
        self.assertEqual(held.returncode, HELD, held.stderr)
        self.assertEqual(archive.counts()["filed"], 2)
        released = archive.run("release", "box", "--reason", "a sheet was counted twice")
        self.assertEqual(released.returncode, 0, released.stderr)


class Interruptions(EndToEnd):
    """An ingest that is stopped or killed goes on with the same command."""

    def setUp(self):
        super().setUp()
        self.scans_before = digests(SCANS)

    def start(self, archive, said=subprocess.DEVNULL):
        return subprocess.Popen(
            [os.environ["JUANZONG"], "ingest", "--no-wait", "--archive", archive.folder,
             "--acknowledge", self.work / "acknowledged", SCANS / "refund"],
            stdout=subprocess.DEVNULL, stderr=said, start_new_session=True)

    def wait_for_a_page(self, process):
        while process.poll() is None:
            if (self.work / "acknowledged").exists() and (
                    self.work / "acknowledged").stat().st_size > 0:
                return
            time.sleep(0.01)

    def check(self, archive):
        acknowledged = [line.split("\t") for line in
                        (self.work / "acknowledged").read_text(encoding="utf-8").split("\n")[:-1]]
        there = {page["page"]: page["source"] for page in archive.pages()}
        for number, source, _ in acknowledged:
            self.assertEqual(there[int(number)], source)
        self.assertEqual(archive.run("verify").returncode, 0)
        finished = archive.ingest(SCANS / "refund")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        sources = sorted(page["source"] for page in archive.pages())
        self.assertEqual(sources, [f"{number:04}.tif" for number in range(1, 11)])
        self.assertEqual(archive.run("verify").returncode, 0)
        self.assertEqual(digests(SCANS), self.scans_before)

    def test_kill(self):
        archive = self.new_archive()
        process = self.start(archive)
        self.wait_for_a_page(process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.check(archive)

    def test_interrupt(self):
        archive = self.new_archive()
        process = self.start(archive)
        self.wait_for_a_page(process)
        process.send_signal(signal.SIGINT)
        self.assertIn(process.wait(), (0, 6))
        self.check(archive)

    def crash_of_the_reading_thread(self, archive):
        """What the program said when its busiest thread crashed in the middle of a batch"""
        with open(self.work / "said", "w+", encoding="utf-8") as said:
            process = self.start(archive, said)
            self.wait_for_a_page(process)
            threads = Path(f"/proc/{process.pid}/task").iterdir()
            busiest = max(threads, key=lambda thread: processor_ticks(thread / "stat"))
            tgkill(process.pid, int(busiest.name), signal.SIGSEGV)
            code = process.wait()
            said.seek(0)
            return code, said.read()

    def test_a_crash_begins_anew_and_goes_on(self):
        # Between two pages there is none to blame, and the program ends as any other does.
        for attempt in range(8):
            archive = self.new_archive(f"archive{attempt}")
            (self.work / "acknowledged").unlink(missing_ok=True)
            code, said = self.crash_of_the_reading_thread(archive)
            if code != -signal.SIGSEGV:
                break
        self.assertEqual(code, 0, said)
        self.assertRegex(said, "reading it ended the program")
        self.assertEqual(list((archive.folder / "spool" / "fatal_pages").iterdir()), [])
        self.check(archive)


if __name__ == "__main__":
    unittest.main()
