"""What leaves the archive: searchable PDF, hOCR, plain text and ALTO, read back by Poppler."""

import html
import json
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from program import DAMAGE, NOT_FOUND, SCANS, SET_ASIDE, USAGE, Archive, juanzong

XHTML = "{http://www.w3.org/1999/xhtml}"
ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
HANZI = r"[\u3400-\u9fff\U00020000-\U000323af]"


def words(text):
    """The text with every run of blanks and line breaks as one blank."""
    return " ".join(text.split())


def solid(text):
    return "".join(text.split())


def command(*arguments):
    return subprocess.run([str(argument) for argument in arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=True).stdout


def pdftotext(*arguments):
    return command("pdftotext", *arguments, "-").decode("utf-8")


class Filed:
    """A few scans, filed once: bilevel and turned, colour JPEG, and a damaged file."""

    work = archive = pages = filed = None


def setUpModule():
    temporary = tempfile.TemporaryDirectory(prefix="juanzong-test-")
    unittest.addModuleCleanup(temporary.cleanup)
    Filed.work = Path(temporary.name)
    scans = Filed.work / "box"
    for name in ("back_payment/0001.tif", "back_payment/0002.tif", "maternity/0001.jpg",
                 "maternity/0004.jpg", "damaged/0001.tif"):
        (scans / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SCANS / name, scans / name)
    Filed.archive = Archive(Filed.work / "archive")
    juanzong("init", Filed.archive.folder)
    ended = Filed.archive.ingest(scans)
    if ended.returncode != SET_ASIDE:
        raise AssertionError(ended.stderr)
    Filed.pages = {page["source"]: page for page in Filed.archive.pages()}
    Filed.filed = [page for page in Filed.pages.values() if page["state"] == "filed"]


class Export(unittest.TestCase):
    @property
    def work(self):
        return Filed.work

    @property
    def pages(self):
        return Filed.pages

    @property
    def filed(self):
        return Filed.filed

    def export(self, *arguments, code=0):
        ended = Filed.archive.run("export", *arguments)
        self.assertEqual(ended.returncode, code, ended.stderr)
        return ended

    def text_of(self, page):
        return self.export(page["page"], "--as", "text").stdout

    def pdf_of(self, name, *arguments, code=0):
        file = self.work / (self.id().rsplit(".", 1)[1] + name)
        self.export(*arguments, "-o", file, code=code)
        return file


class PlainText(Export):
    def test_is_what_was_read_in_its_order(self):
        for page in self.filed:
            read = solid("".join(line["text"] for line in page["lines"]))
            self.assertEqual(solid(self.text_of(page)), read)

    def test_has_no_blank_between_chinese_characters(self):
        for page in self.filed:
            text = self.text_of(page)
            self.assertIsNone(re.search(HANZI + r"[ \t\u3000]+" + HANZI, text), text)

    def test_pages_are_parted_by_form_feeds(self):
        numbers = [page["page"] for page in self.filed]
        text = self.export(*numbers, "--as", "text").stdout
        self.assertEqual(text.split("\f"), [self.text_of(page) for page in self.filed])


@unittest.skipUnless(shutil.which("pdftotext"), "poppler-utils is not installed")
class Pdf(Export):
    def test_says_what_the_plain_text_says(self):
        for page in self.filed:
            file = self.pdf_of(f"-{page['page']}.pdf", page["page"])
            plain = self.text_of(page)
            self.assertEqual(solid(pdftotext("-raw", file)), solid(plain))
            # In the order that Poppler finds by itself every line is whole, too.
            found = words(pdftotext(file))
            lines = [line for line in plain.split("\n") if line]
            torn = [line for line in lines if line not in found]
            self.assertLessEqual(len(torn), len(lines) // 20, (page["source"], torn))

    def test_words_stand_where_alto_has_them(self):
        checked = 0
        for page in self.filed:
            # On a page that was turned back by its skew places are other numbers.
            if abs(page["skew_degrees"]) >= 0.15 or page["rotation"] != 0:
                continue
            file = self.pdf_of(f"-{page['page']}.pdf", page["page"])
            checked += self.compare_places(command("pdftotext", "-bbox", file, "-"), page)
        if checked == 0:
            self.skipTest("no page lies straight")

    def compare_places(self, boxes, page):
        boxes = boxes.decode("utf-8", "replace")
        scale = page["width"] / float(re.search(r'<page width="([\d.]+)"', boxes).group(1))
        found = {}
        for *place, text in re.findall(
                r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<',
                boxes):
            found.setdefault(html.unescape(text), []).append([float(v) * scale for v in place])
        alto = ElementTree.fromstring(
            self.export(page["page"], "--as", "alto").stdout.encode("utf-8"))
        checked = 0
        for string in alto.iter(ALTO + "String"):
            left, top, width, height = (float(string.get(key))
                                        for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
            wanted = (left, top, left + width, top + height)
            for place in found.get(string.get("CONTENT"), []):
                if abs(place[0] - left) + abs(place[1] - top) < height:
                    for a, b in zip(place, wanted):
                        self.assertLess(abs(a - b), 5, string.get("CONTENT"))
                    checked += 1
        return checked

    def test_a_jpeg_goes_in_byte_for_byte(self):
        page = self.pages["maternity/0001.jpg"]
        file = self.pdf_of(".pdf", page["page"])
        self.assertIn((SCANS / "maternity/0001.jpg").read_bytes(), file.read_bytes())

    def test_pages_are_upright_and_as_large_as_the_paper(self):
        turned = [page for page in self.filed if page["rotation"] in (90, 270)]
        self.assertTrue(turned)
        for page in turned:
            file = self.pdf_of(f"-{page['page']}.pdf", page["page"])
            size = re.search(r"Page size: +([\d.]+) x ([\d.]+)",
                             command("pdfinfo", file).decode("utf-8"))
            inches = page["height"] / page["dpi_y"], page["width"] / page["dpi_x"]
            self.assertAlmostEqual(float(size.group(1)) / 72, inches[0], delta=inches[1] * 0.1)
            self.assertGreater(float(size.group(2)), float(size.group(1)))

    @unittest.skipUnless(shutil.which("qpdf"), "qpdf is not installed")
    def test_is_sound(self):
        file = self.pdf_of(".pdf", *[page["page"] for page in self.pages.values()], code=SET_ASIDE)
        command("qpdf", "--check", file)

    def test_a_dossier_is_all_its_pages_with_its_items_in_the_margin(self):
        dossier = self.pages["maternity/0001.jpg"]["dossier"]
        file = self.pdf_of(".pdf", "--dossier", dossier)
        told = command("pdfinfo", file).decode("utf-8")
        self.assertRegex(told, r"Pages: +2\n")
        self.assertNotRegex(told, "Author|CreationDate")

    def test_a_page_that_cannot_be_shown_keeps_its_place(self):
        damaged = self.pages["damaged/0001.tif"]["page"]
        first = self.filed[0]["page"]
        file = self.pdf_of(".pdf", first, damaged, first, code=SET_ASIDE)
        second = pdftotext("-f", 2, "-l", 2, file)
        self.assertIn(f"Page {damaged} is not shown", second)
        self.assertRegex(command("pdfinfo", file).decode("utf-8"), r"Pages: +3\n")

    def test_the_same_again_is_the_same_file(self):
        number = self.filed[0]["page"]
        self.assertEqual(self.pdf_of("1.pdf", number).read_bytes(),
                         self.pdf_of("2.pdf", number).read_bytes())


class Hocr(Export):
    def test_is_a_tree_of_pages_areas_lines_and_words(self):
        numbers = [page["page"] for page in self.filed]
        document = ElementTree.fromstring(self.export(*numbers, "--as", "hocr").stdout)
        self.assertEqual(document.get("lang"), "zh")
        metas = {meta.get("name"): meta.get("content") for meta in document.iter(XHTML + "meta")}
        for name in ("ocr-system", "ocr-capabilities"):
            self.assertTrue(metas.get(name), name)
        pages = self.of_class(document, "ocr_page")
        self.assertEqual(len(pages), len(self.filed))
        for node, page in zip(pages, self.filed):
            self.assertIn(f"bbox 0 0 {page['width']} {page['height']}", node.get("title"))
            self.check_children(node, ["ocr_carea", "ocr_line", "ocrx_word"])
            said = [" ".join(word.text for word in self.of_class(line, "ocrx_word"))
                    for line in self.of_class(node, "ocr_line")]
            self.assertEqual("".join(line + "\n" for line in said), self.text_of(page))
        ids = [node.get("id") for node in document.iter() if node.get("id")]
        self.assertEqual(len(ids), len(set(ids)))

    def of_class(self, node, name):
        return [child for child in node.iter() if child.get("class") == name]

    def check_children(self, node, classes):
        for child in node:
            self.assertEqual(child.get("class"), classes[0])
            box = re.search(r"bbox (\d+) (\d+) (\d+) (\d+)", child.get("title"))
            left, top, right, bottom = map(int, box.groups())
            self.assertTrue(left <= right and top <= bottom)
            if classes[0] == "ocrx_word":
                self.assertRegex(child.get("title"), r"x_wconf \d+")
            else:
                self.check_children(child, classes[1:])


class Alto(Export):
    def test_of_a_page_is_one_document_and_of_several_a_folder(self):
        folder = self.work / "alto"
        self.export(*[page["page"] for page in self.filed], "--as", "alto", "-o", folder)
        files = sorted(folder.iterdir())
        self.assertEqual(len(files), len(self.filed))
        for file, page in zip(files, self.filed):
            self.assertIn(f"page-{page['page']}.xml", file.name)
            alto = ElementTree.parse(file).getroot()
            lines = [" ".join(string.get("CONTENT") for string in line.iter(ALTO + "String"))
                     for line in alto.iter(ALTO + "TextLine")]
            self.assertEqual("".join(line + "\n" for line in lines), self.text_of(page))
        self.export(self.filed[0]["page"], self.filed[1]["page"], "--as", "alto", "-o", folder,
                    code=USAGE)
        self.export(self.filed[0]["page"], self.filed[1]["page"], "--as", "alto", code=USAGE)


class Files(Export):
    def test_are_never_replaced_unasked_and_never_half_there(self):
        file = self.work / "kept.txt"
        file.write_text("mine")
        number = self.filed[0]["page"]
        self.export(number, "--as", "text", "-o", file, code=USAGE)
        self.assertEqual(file.read_text(), "mine")
        self.export(number, "--as", "text", "-o", file, "--overwrite")
        self.assertEqual(file.read_text(encoding="utf-8"), self.text_of(self.filed[0]))
        self.assertEqual([path.name for path in self.work.glob(".*part*")], [])

    def test_are_not_made_of_bytes_that_changed_in_the_store(self):
        archive = Archive(self.work / "rotten")
        shutil.copytree(Filed.archive.folder, archive.folder)
        for source in ("maternity/0001.jpg", "back_payment/0002.tif"):
            archive.spoil(self.pages[source]["source_object"])
            number, file = self.pages[source]["page"], self.work / "rotten.pdf"
            for command in (["export", number, "-o", file], ["show", number, "--picture", file],
                            ["show", number, "--original", file]):
                self.assertEqual(archive.run(*command).returncode, DAMAGE, command)
                self.assertFalse(file.exists(), command)

    def test_need_a_place(self):
        number = self.filed[0]["page"]
        self.export(number, code=USAGE)
        self.export(number, "-o", self.work / "none" / "a.pdf", code=USAGE)
        self.export("-o", self.work / "a.pdf", code=USAGE)
        self.export(number, "--dossier", 1, "-o", self.work / "a.pdf", code=USAGE)
        for missing in ([9999], ["--item", 9999], ["--dossier", 9999]):
            self.export(*missing, "-o", self.work / "a.pdf", code=NOT_FOUND)
        self.assertFalse((self.work / "a.pdf").exists())

    def test_are_reported_to_machines(self):
        file = self.work / "told.txt"
        ended = self.export(self.filed[0]["page"], "--as", "text", "-o", file, "--json")
        self.assertEqual(json.loads(ended.stdout), {"file": str(file), "form": "text", "pages": 1,
                                                    "pages_missing": []})


del Export  # it has no tests of its own
if __name__ == "__main__":
    unittest.main()
