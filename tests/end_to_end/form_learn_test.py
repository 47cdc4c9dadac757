"""A paper that the configuration does not know: learned from two pages, then read by itself."""

import csv
import json
import shutil
import unittest
from pathlib import Path

from program import ROOT, SCANS, USAGE, Archive, EndToEnd, juanzong

# A type whose form is taken out of the configuration and whose titles are others, so that
# nobody has described the paper. Other tables name the type: it stays.
UNKNOWN = "DT03"
PAPERS = ("maternity/0012.jpg", "work_injury/0012.png", "refund/0010.tif")
OTHER = "work_injury/0010.png"


class FormLearn(EndToEnd):
    def setUp(self):
        super().setUp()
        self.config = self.work / "config"
        shutil.copytree(ROOT / "config", self.config)
        (self.config / "forms" / f"{UNKNOWN}.toml").unlink()
        table = self.config / "domain" / "document_types.csv"
        rows = [self.renamed(row) for row in table.read_text(encoding="utf-8").splitlines()]
        table.write_text("\n".join(rows) + "\n", encoding="utf-8")
        self.environment = {"JUANZONG_CONFIG": str(self.config)}
        self.archive = self.new_archive()
        scans = self.work / "box"
        scans.mkdir()
        for name in (*PAPERS, OTHER):
            shutil.copy(SCANS / name, scans / name.replace("/", "-"))
        ended = self.archive.ingest(scans, environment=self.environment)
        self.assertEqual(ended.returncode, 0, ended.stderr)

    @staticmethod
    def renamed(row):
        cells = row.split(",")
        if cells[0] == UNKNOWN:
            cells[1], cells[2], cells[4] = "另一种材料", "", "^另一种材料$"
        return ",".join(cells)

    def pages(self):
        return {page["source"]: page for page in self.archive.pages()}

    def numbers(self, *names):
        pages = self.pages()
        return [pages[name.replace("/", "-")]["page"] for name in names]

    def learn(self, numbers, *arguments):
        return juanzong("form", "learn", "--archive", self.archive.folder, *numbers, "--name-zh",
                        "卷末说明单", *arguments, environment=self.environment)

    def test_the_next_reading_knows_the_paper(self):
        before = self.pages()
        for name in PAPERS:
            self.assertNotEqual(before[name.replace("/", "-")]["doc_type"], "DT50")
        ended = self.learn(self.numbers(*PAPERS[:2]), "--type", "DT50", "--write", self.config)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        again = self.archive.run("reprocess", environment=self.environment)
        self.assertEqual(again.returncode, 0, again.stderr)
        third = self.pages()[PAPERS[2].replace("/", "-")]
        self.assertEqual(third["doc_type"], "DT50")
        self.assertTrue(third["fields"])

    def test_machines_are_told_what_was_learned(self):
        ended = self.learn(self.numbers(*PAPERS[:2]), "--type", "DT50", "--json")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        learned = json.loads(ended.stdout)
        self.assertEqual(learned["doc_type"], "DT50")
        self.assertTrue(learned["fields"])
        self.assertTrue(learned["type_row"].startswith("DT50,卷末说明单,"))
        self.assertFalse((self.config / "forms" / "DT50.toml").exists())

        # An office's table may have its columns in another order.
        office = self.work / "office"
        (office / "domain").mkdir(parents=True)
        types = office / "domain" / "document_types.csv"
        types.write_text("class_code,doc_type,name_zh,name_en,aliases_zh,title_keywords_regex,"
                         "priority,subject,business,layout,sensitivity,verified\n",
                         encoding="utf-8")
        ended = self.learn(self.numbers(*PAPERS[:2]), "--type", "DT50", "--write", office)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        with open(types, encoding="utf-8", newline="") as file:
            row, = csv.DictReader(file)
        self.assertEqual((row["doc_type"], row["name_zh"], row["class_code"], row["sensitivity"]),
                         ("DT50", "卷末说明单", "SB.UNK", "P2"))

    def test_what_cannot_be_learned_is_refused(self):
        papers = self.numbers(*PAPERS[:2])
        for numbers, arguments, words in (
                (papers, ("--type", "DT39"), "this type exists"),
                (papers, ("--type", "X1"), "not the code of a type"),
                (papers, ("--type", "DT50", "--drop", "没有的标签"), "no such label"),
                (papers[:1] + self.numbers(OTHER), ("--type", "DT50"), "not the same paper")):
            ended = self.learn(numbers, *arguments, "--lang", "en")
            self.assert_says(ended, USAGE, words)


if __name__ == "__main__":
    unittest.main()
