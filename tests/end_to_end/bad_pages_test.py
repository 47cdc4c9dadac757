"""Pages that are sound files and bad pages: each is filed or set aside with a reason, in bounded
time (the test's own limit) and memory, and its picture has an honest verdict."""

import json
import os
import random
import resource
import shutil
import struct
import unittest
import zlib
from pathlib import Path

from program import MODEL_MISSING, RESCAN, ROOT, SCANS, SET_ASIDE, EndToEnd, juanzong

MEMORY_MAX_MB = 1000
DPI = 300


def digit(number):
    """Rows of a digit in a box of 3 x 5 pixels, 1 is ink"""
    shapes = ("111101101101111", "010110010010111", "111001111100111", "111001011001111",
              "101101111001001", "111100111001111", "111100111101111", "111001010010010",
              "111101111101111", "111101111001111")
    rows = shapes[number % 10]
    return [rows[i:i + 3] for i in range(0, 15, 3)]


class Page:
    """Grey rows, white at first"""

    def __init__(self, width, height, level=255):
        self.width, self.height = width, height
        self.rows = [bytearray([level]) * width for _ in range(height)]

    def write(self, left, top, numbers, scale):
        """Digits of 5 * scale pixels height"""
        for place, number in enumerate(numbers):
            x = left + place * 4 * scale
            for y, row in enumerate(digit(number)):
                for i, ink in enumerate(row):
                    if ink == "1":
                        for dy in range(scale):
                            at = x + i * scale
                            self.rows[top + y * scale + dy][at:at + scale] = bytes(scale)
        return self

    def png(self, dpi=DPI):
        return png(self.width, self.height, 8, 0,
                   b"".join(b"\0" + bytes(row) for row in self.rows), dpi)


def png(width, height, depth, colour, raw, dpi=DPI):
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))

    per_metre = round(dpi / 0.0254)
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)) +
            chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)) +
            chunk(b"IDAT", zlib.compress(raw, 1)) + chunk(b"IEND", b""))


def bilevel_png(width, height):
    """White and of any size: a row takes 1/8 byte a pixel, and packs to nothing"""
    packer = zlib.compressobj(1)
    row = b"\0" + b"\xff" * ((width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    made = png(width, height, 1, 0, b"", DPI)
    empty = zlib.compress(b"", 1)
    old = struct.pack(">I", len(empty)) + b"IDAT" + empty
    new = struct.pack(">I", len(data)) + b"IDAT" + data
    crc = struct.pack(">I", zlib.crc32(b"IDAT" + empty))
    return made.replace(old + crc, new + struct.pack(">I", zlib.crc32(b"IDAT" + data)))


def noise(width, height):
    source = random.Random(7)
    page = Page(width, height)
    page.rows = [bytearray(source.randbytes(width)) for _ in range(height)]
    return page


def tiny_print():
    page = Page(1240, 600)
    for line in range(40):
        page.write(100, 60 + 12 * line, [line + i for i in range(60)], 1)
    return page


def huge_print():
    page = Page(2480, 1400)
    for line in range(4):
        page.write(200, 100 + 320 * line, [line * 3 + i for i in range(10)], 40)
    return page


def five_thousand_lines():
    """Ten columns of 500 lines"""
    page = Page(2480, 3508)
    for line in range(430):
        for column in range(12):
            page.write(20 + 204 * column, 20 + 8 * line, [line + column + i for i in range(30)], 1)
    return page


class BadPages(EndToEnd):
    def ingest_pages(self, files):
        """source -> page after an ingest of these"""
        scans = self.work / "scans"
        scans.mkdir()
        for name, content in files.items():
            (scans / name).write_bytes(content)
        self.archive = self.new_archive()
        ended = self.archive.ingest("--threads", 1, scans)
        self.assertIn(ended.returncode, (0, SET_ASIDE), ended.stderr)
        pages = {page["source"]: page for page in self.archive.pages()}
        self.assertEqual(set(pages), set(files), "every page is there once")
        peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        self.assertLess(peak_mb, MEMORY_MAX_MB)
        return pages

    def findings(self, page):
        return {finding["rule"] for finding in page["quality"]["findings"]}

    def test_sizes(self):
        pages = self.ingest_pages({
            "50x50.png": Page(50, 50).png(),
            "narrow.png": Page(300, 3).png(),
            "30000x30000.png": bilevel_png(30_000, 30_000)})
        self.assertEqual(pages["50x50.png"]["state"], "filed")
        self.assertIn("guessed_low_resolution", self.findings(pages["50x50.png"]))
        self.assertEqual(pages["narrow.png"]["reason"], "unsupported")
        self.assertEqual(pages["30000x30000.png"]["reason"], "too_many_pixels")

    def test_contents_without_writing(self):
        pages = self.ingest_pages({
            "black.png": Page(1240, 1754, 0).png(150),
            "white.png": Page(1240, 1754).png(150),
            "noise.png": noise(1240, 1754).png(150)})
        for name, page in pages.items():
            self.assertEqual(page["state"], "filed", name)
        self.assertIn("no_picture", self.findings(pages["black.png"]))
        self.assertIn("rescan", pages["black.png"]["review"])
        self.assertEqual(pages["white.png"]["kind"], "blank")
        self.assertNotIn("badly_blurred", self.findings(pages["white.png"]))
        self.assertTrue(pages["noise.png"]["review"], "a person is told")

    def test_sizes_of_print(self):
        pages = self.ingest_pages({"tiny.png": tiny_print().png(), "huge.png": huge_print().png()})
        self.assertIn("tiny_text", self.findings(pages["tiny.png"]))
        self.assertIn("rescan", pages["tiny.png"]["review"])
        self.assertEqual(pages["huge.png"]["state"], "filed")

    def test_five_thousand_lines(self):
        pages = self.ingest_pages({"lines.png": five_thousand_lines().png()})
        self.assertEqual(pages["lines.png"]["state"], "filed")
        self.assertEqual(pages["lines.png"]["quality"]["verdict"], "rescan")


class BadModels(EndToEnd):
    """A model that is missing, damaged or of another kind stops the run before any page."""

    def setUp(self):
        super().setUp()
        models = Path(os.environ.get("JUANZONG_MODELS", ROOT / "third_party" / "models"))
        self.models = self.work / "models"
        self.models.mkdir()
        for name in ("det.onnx", "rec.onnx", "cls.onnx", "keys.txt"):
            shutil.copy(models / name, self.models / name)

    def assert_refused(self, name):
        archive = self.new_archive()
        ended = archive.ingest(SCANS / "refund" / "0003.tif",
                               environment={"JUANZONG_MODELS": str(self.models)})
        self.assert_says(ended, MODEL_MISSING, name)
        self.assertEqual(archive.pages(), [])

    def test_missing(self):
        for name in ("det.onnx", "rec.onnx", "cls.onnx", "keys.txt"):
            with self.subTest(name):
                kept = (self.models / name).read_bytes()
                (self.models / name).unlink()
                self.assert_refused(name)
                shutil.rmtree(self.work / "archive")
                (self.models / name).write_bytes(kept)

    def test_damaged(self):
        for name in ("det.onnx", "rec.onnx", "cls.onnx"):
            with self.subTest(name):
                kept = (self.models / name).read_bytes()
                (self.models / name).write_bytes(kept[:len(kept) // 2])
                self.assert_refused(name)
                shutil.rmtree(self.work / "archive")
                (self.models / name).write_bytes(kept)

    def test_of_another_kind(self):
        for name, other in (("det.onnx", "cls.onnx"), ("det.onnx", "rec.onnx"),
                            ("rec.onnx", "det.onnx"), ("cls.onnx", "det.onnx")):
            with self.subTest(f"{other} as {name}"):
                kept = (self.models / name).read_bytes()
                shutil.copy(self.models / other, self.models / name)
                self.assert_refused(name)
                shutil.rmtree(self.work / "archive")
                (self.models / name).write_bytes(kept)


class Check(EndToEnd):
    """`check` judges pictures without an archive."""

    def test_each_page_has_a_verdict_and_the_exit_code_says_whether_to_scan_again(self):
        good = SCANS / "refund" / "0005.tif"
        ended = juanzong("quality", "--json", good)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        self.assertEqual([page["verdict"] for page in self.json_lines(ended)], ["accept"])

        bad = self.work / "bad"
        bad.mkdir()
        shutil.copy(good, bad / "1.tif")
        (bad / "2.png").write_bytes(tiny_print().png())
        (bad / "3.tif").write_bytes(good.read_bytes()[:1000])
        (bad / "4.mp3").write_bytes(b"ID3\x04" + bytes(64))
        ended = juanzong("quality", "--json", bad)
        self.assertEqual(ended.returncode, RESCAN, ended.stdout)
        pages = self.json_lines(ended)
        self.assertEqual([(page["file"], page["verdict"]) for page in pages],
                         [("1.tif", "accept"), ("2.png", "rescan"), ("3.tif", "rescan")])
        finding = next(f for f in pages[1]["findings"] if f["rule"] == "tiny_text")
        for key in ("value", "limit", "source", "zh", "en", "zh_what_to_do", "en_what_to_do"):
            self.assertTrue(finding[key], key)
        self.assertTrue(pages[2]["reason"])

    def test_people_are_told_file_page_and_reason(self):
        (self.work / "2.png").write_bytes(tiny_print().png())
        told = juanzong("quality", "--lang", "zh", self.work / "2.png")
        self.assertEqual(told.returncode, RESCAN)
        self.assertIn("2.png #1", told.stdout)
        self.assertIn("文字在图像中太小", told.stdout)

    def test_what_check_says_stands_in_the_archive_and_in_the_batch_report(self):
        scans = self.work / "scans"
        scans.mkdir()
        (scans / "1.png").write_bytes(tiny_print().png())
        (scans / "2.png").write_bytes(Page(2480, 3508).png())
        checked = {page["file"]: page for page in self.json_lines(juanzong("quality", "--json", scans))}
        archive = self.new_archive()
        ended = archive.ingest("--batch", "box", scans)
        self.assertIn("1.png #1", ended.stderr, "said before it is read")
        for page in archive.pages():
            self.assertEqual(page["quality"]["measures"], checked[page["source"]]["measures"])
            self.assertEqual(page["quality"]["verdict"], checked[page["source"]]["verdict"])
        self.assertEqual(archive.counts()["by_quality"], {"accept": 1, "rescan": 1})
        status = archive.run("status", "box", "--quality")
        self.assertIn("1.png #1", status.stdout)
        self.assertNotIn("2.png #1", status.stdout)
        report = self.report_of(archive)["quality"]
        self.assertEqual(report["pages"], {"accept": 1, "rescan": 1})
        self.assertEqual([page["file"] for page in report["rescan"]], ["1.png"])
        self.assertIn("太小", str(report["rescan"][0]["findings"]))

    def json_lines(self, ended):
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def report_of(self, archive):
        status = json.loads(archive.run("status", "--json").stdout)
        digest = status["batches"][0]["report"].removeprefix("sha256-")
        path = archive.folder / "objects" / "sha256" / digest[:2] / digest[2:]
        return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
