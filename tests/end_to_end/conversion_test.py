"""R48: pages are kept in another format beside the one they came in."""

import sqlite3
import unittest
from contextlib import closing

from program import USAGE, EndToEnd, filed_once


class Filed:
    folder = None


def setUpModule():
    Filed.folder = filed_once("refund/0001.tif", "maternity/0003.jpg")


class R48(EndToEnd):
    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(Filed.folder)

    def file_of(self, blob):
        name = blob.removeprefix("sha256-")
        return self.archive.folder / "objects/sha256" / name[:2] / name[2:]

    def test_both_objects_are_there_and_the_record_is_complete(self):
        page, = [one for one in self.archive.pages() if one["source"].endswith(".tif")]
        before = self.archive.counts()
        original = self.file_of(page["source_object"]).read_bytes()
        said, = self.said(self.archive.run("convert", "--from", "tiff", "--reason", "长期保存",
                                           "--json"))
        self.assertEqual((said["converted"], said["failed"]), (1, []))
        record, = self.said(self.archive.run("convert", "--list", "--json"))
        self.assertEqual(record["from"], page["source_object"])
        for member in ("tool", "version", "check", "converted_by", "converted_at"):
            self.assertTrue(record[member], member)
        self.assertEqual(self.file_of(record["from"]).read_bytes(), original)
        self.assertEqual(self.file_of(record["to"]).read_bytes()[4:12], b"jP  \r\n\x87\n")
        self.assertEqual(self.archive.counts(), before, "pages are as many as before")
        self.assertEqual(self.archive.run("verify").returncode, 0)
        scrubbed, = self.said(self.archive.run("scrub", "--all", "--json"))
        self.assertEqual(scrubbed["defects"], [])
        again, = self.said(self.archive.run("convert", "--from", "tiff", "--json"))
        self.assertEqual(again["converted"], 0)
        kept, = self.said(self.archive.run("gc", "--grace-days", 0, "--json"))
        self.assertEqual(kept["marked"], 0, "what a record names is no garbage")

    def test_a_damaged_copy_is_a_defect_and_the_record_stays(self):
        self.said(self.archive.run("convert", "--from", "jpeg", "--json"))
        record, = self.said(self.archive.run("convert", "--list", "--json"))
        self.archive.spoil(record["to"])
        self.assertEqual(self.archive.run("verify").returncode, 3)
        with closing(sqlite3.connect(self.archive.folder / "records.sqlite")) as records:
            for statement in ("DELETE FROM conversions", "UPDATE conversions SET tool = 'x'"):
                with self.assertRaises(sqlite3.IntegrityError):
                    records.execute(statement)

    def test_a_format_has_to_be_named(self):
        self.assertEqual(self.archive.run("convert").returncode, USAGE)
        self.assertEqual(self.archive.run("convert", "--from", "papyrus").returncode, USAGE)


if __name__ == "__main__":
    unittest.main()
