"""Pages read again: only those that could change, with what persons decided left as it is."""

import json
import os
import signal
import sqlite3
import subprocess
import time
import unittest

from program import (INTERRUPTED, SET_ASIDE, EndToEnd, blank_page, filed_once, juanzong,
                     white_pages)

OLDER = json.dumps([{"name": "pp-ocr", "version": "older", "models": ["0"]}])


class Filed:
    """An archive of three pages, made once; every test works on a copy."""

    folder = None


def setUpModule():
    Filed.folder = filed_once("maternity/0001.jpg", "maternity/0003.jpg",
                              made={"0.bmp": blank_page()})


class Reprocess(EndToEnd):
    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(Filed.folder)
        self.by_source = {page["source"]: page for page in self.archive.pages()}

    def change(self, statement, *values):
        with sqlite3.connect(self.archive.folder / "records.sqlite") as database:
            database.execute(statement, values)
        database.close()

    def reprocess(self, *arguments, code=0):
        ended = self.archive.run("reprocess", "--json", *arguments)
        self.assertEqual(ended.returncode, code, ended.stderr)
        *differences, summary = map(json.loads, ended.stdout.splitlines())
        return {difference["page"]: difference for difference in differences}, summary

    def page(self, source):
        number = self.by_source[source]["page"]
        return json.loads(self.archive.run("show", number, "--json").stdout)

    def with_field(self):
        """A page that has a field of one value."""
        return next(page for page in self.by_source.values() if page["fields"])

    def read_by_an_older_engine(self, *sources):
        for source in sources:
            self.change("UPDATE pages SET engines = ? WHERE page = ?", OLDER,
                        self.by_source[source]["page"])


class WhichPages(Reprocess):
    def test_none_when_nothing_is_newer(self):
        differences, summary = self.reprocess()
        self.assertEqual(differences, {})
        self.assertEqual(summary["pages_worked"], 0)
        self.assertEqual(summary["pages_current"], 3)

    def test_those_that_an_older_engine_read(self):
        self.read_by_an_older_engine("0001.jpg")
        differences, summary = self.reprocess()
        self.assertEqual(differences, {}, "the same models read the same")
        self.assertEqual((summary["pages_worked"], summary["pages_current"]), (1, 2))
        self.assertEqual(self.page("0001.jpg")["engines"], self.by_source["0003.jpg"]["engines"])
        self.assertEqual(self.reprocess()[1]["pages_current"], 3)

    def test_no_blank_ones_when_only_the_forms_are_others(self):
        self.change("UPDATE pages SET config_version = 'older'")
        _, summary = self.reprocess()
        self.assertEqual((summary["pages_worked"], summary["pages_beyond_reach"]), (2, 1))

    def test_only_those_that_were_named(self):
        self.read_by_an_older_engine("0001.jpg", "0003.jpg")
        _, summary = self.reprocess(self.by_source["0003.jpg"]["page"])
        self.assertEqual((summary["pages_looked_at"], summary["pages_worked"]), (1, 1))


class WholeFiles(EndToEnd):
    """A file that was set aside as a whole stands as one page: when it opens, none of the others
    may be missing."""

    PAGES = 3

    def setUp(self):
        super().setUp()
        self.archive = self.new_archive()
        scans = self.work / "box"
        scans.mkdir()
        (scans / "1.tif").write_bytes(white_pages(self.PAGES))
        (scans / "2.bmp").write_bytes(blank_page())
        self.pages_at_most(10_000, 2)
        self.assertEqual(self.archive.ingest(scans).returncode, SET_ASIDE)
        self.assertEqual((self.counts()["filed"], self.counts()["set_aside"]), (1, 1))

    def pages_at_most(self, before, now):
        settings = self.archive.folder / "juanzong.toml"
        text = settings.read_text(encoding="utf-8")
        self.assertIn(f"pages_max = {before} ", text)
        settings.write_text(text.replace(f"pages_max = {before} ", f"pages_max = {now} "),
                            encoding="utf-8")

    def counts(self):
        return json.loads(self.archive.run("status", "--json").stdout)["all"]

    def test_the_first_page_is_not_filed_for_all_of_them(self):
        summary = json.loads(
            self.archive.run("reprocess", "--json", "--force", 1).stdout.splitlines()[-1])
        self.assertEqual((summary["pages_worked"], summary["pages_kept_unreadable"]), (0, 1))
        self.assertEqual((self.counts()["filed"], self.counts()["set_aside"]), (1, 1))

    def test_every_page_is_filed_when_the_file_opens(self):
        self.pages_at_most(2, 10)
        summary = json.loads(self.archive.run("reprocess", "--json").stdout.splitlines()[-1])
        self.assertEqual((summary["pages_worked"], summary["pages_filed_now"]), (3, 3))
        self.assertEqual((self.counts()["filed"], self.counts()["set_aside"]), (4, 0))
        batch = json.loads(self.archive.run("status", "--json").stdout)["batches"][0]
        self.assertEqual(batch["state"], "complete")
        order = [(page["source"], page["page_in_file"]) for page in
                 sorted(self.archive.pages(), key=lambda page: page["order"])]
        self.assertEqual(order, [("1.tif", 0), ("1.tif", 1), ("1.tif", 2), ("2.bmp", 0)])
        self.assertEqual(self.archive.run("verify").returncode, 0)


class KilledInAWholeFile(WholeFiles):
    """With so many pages that there is a middle to be killed in."""

    PAGES = 60
    test_the_first_page_is_not_filed_for_all_of_them = None
    test_every_page_is_filed_when_the_file_opens = None

    def test_the_same_command_goes_on_with_the_pages_that_are_left(self):
        self.pages_at_most(2, 100)
        reading = subprocess.Popen(
            [os.environ["JUANZONG"], "reprocess", "--archive", self.archive.folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        while self.counts()["filed"] < 5:
            self.assertIsNone(reading.poll(), "it was done before it could be killed")
        os.killpg(reading.pid, signal.SIGKILL)
        reading.wait()
        self.assertLess(self.counts()["filed"], self.PAGES)
        batch = json.loads(self.archive.run("status", "--json").stdout)["batches"][0]
        self.assertEqual(batch["state"], "open")
        self.assertEqual(self.archive.run("reprocess").returncode, 0)
        self.assertEqual((self.counts()["filed"], self.counts()["set_aside"]), (self.PAGES + 1, 0))
        batch = json.loads(self.archive.run("status", "--json").stdout)["batches"][0]
        self.assertEqual(batch["state"], "complete")
        self.assertEqual(self.archive.run("verify").returncode, 0)


class TheDifference(Reprocess):
    def test_is_shown_without_values_unless_they_are_asked_for(self):
        page = self.with_field()
        field = page["fields"][0]
        self.change("UPDATE fields SET value = '旧的值' WHERE page = ? AND position = 0",
                    page["page"])
        self.read_by_an_older_engine(page["source"])
        differences, summary = self.reprocess("--dry-run")
        told = differences[page["page"]]["fields"]
        self.assertEqual([(one["field"], one["change"]) for one in told],
                         [(field["field"], "changed")])
        self.assertNotIn("before", told[0])
        self.assertEqual((summary["dry_run"], summary["pages_with_fields_changed"]), (True, 1))
        with_values = self.reprocess("--dry-run", "--values")[0][page["page"]]["fields"][0]
        self.assertEqual((with_values["before"], with_values["after"]), ("旧的值", field["value"]))
        for language, word in (("en", "fields 1 ~ 0 + 0 -"), ("zh", "字段 1 ~ 0 + 0 -")):
            said = self.archive.run("reprocess", "--dry-run", "--lang", language).stdout
            self.assertIn(word, said)
            self.assertNotIn("旧的值", said)

    def test_a_dry_run_writes_nothing(self):
        self.read_by_an_older_engine("0001.jpg", "0003.jpg")
        before = self.archive.pages(), self.archive.objects()
        self.assertEqual(self.reprocess("--dry-run")[1]["pages_worked"], 2)
        self.assertEqual((self.archive.pages(), self.archive.objects()), before)

    def test_the_earlier_reading_is_kept_as_evidence(self):
        page = self.by_source["0001.jpg"]
        self.read_by_an_older_engine("0001.jpg")
        self.reprocess()
        earlier = self.page("0001.jpg")["earlier_readings"]
        self.assertEqual(len(earlier), 1)
        self.assertEqual(earlier[0]["engines"], json.loads(OLDER))
        self.assertEqual(earlier[0]["layout_object"], page["layout_object"])
        self.assertEqual(earlier[0]["alto_object"], page["alto_object"])
        self.assertEqual([field["value"] for field in earlier[0]["fields"]],
                         [field["value"] for field in page["fields"]])
        verified = json.loads(self.archive.run("verify", "--json").stdout)
        self.assertEqual((verified["damage"], verified["findings"]), (0, []))
        # That this test made an older reading by SQL does not go unseen.
        self.assertFalse(verified["ledger"]["sound"])


class WhatPersonsDecided(Reprocess):
    def test_stays(self):
        page = self.with_field()
        self.change("UPDATE fields SET value = '人工', by_person = 1, unsure = 0 "
                    "WHERE page = ? AND position = 0", page["page"])
        self.change("UPDATE pages SET doc_type = 'DT99', doc_type_by_person = 1 WHERE page = ?",
                    self.by_source["0003.jpg"]["page"])
        self.read_by_an_older_engine("0001.jpg", "0003.jpg")
        _, summary = self.reprocess()
        self.assertEqual(summary["decisions_kept"], 2)
        decided = [field for field in self.page(page["source"])["fields"] if field["by_person"]]
        self.assertEqual([(field["field"], field["value"]) for field in decided],
                         [(page["fields"][0]["field"], "人工")])
        kept = self.page("0003.jpg")
        self.assertEqual((kept["doc_type"], kept["doc_type_by_person"]), ("DT99", True))

    def test_a_page_that_cannot_be_read_this_time_keeps_its_record(self):
        page = self.by_source["0001.jpg"]
        self.read_by_an_older_engine("0001.jpg")
        settings = self.archive.folder / "juanzong.toml"
        text = settings.read_text(encoding="utf-8")
        limited = [line if not line.startswith("pixels_max") else "pixels_max = 1000"
                   for line in text.splitlines()]
        self.assertIn("pixels_max = 1000", limited)
        settings.write_text("\n".join(limited) + "\n", encoding="utf-8")
        differences, summary = self.reprocess()
        self.assertTrue(differences[page["page"]]["kept_unreadable"])
        self.assertEqual(summary["pages_kept_unreadable"], 1)
        after = self.page("0001.jpg")
        self.assertEqual((after["state"], after["lines"]), ("filed", page["lines"]))


    def test_a_page_whose_bytes_changed_in_the_store_keeps_its_record(self):
        page = self.by_source["0001.jpg"]
        self.read_by_an_older_engine("0001.jpg")
        self.archive.spoil(page["source_object"])
        differences, summary = self.reprocess()
        self.assertTrue(differences[page["page"]]["kept_unreadable"])
        self.assertEqual(self.page("0001.jpg")["lines"], page["lines"])


class Stopping(Reprocess):
    def test_goes_on_with_what_is_left_and_assembles_what_was_not(self):
        self.read_by_an_older_engine(*self.by_source)
        running = subprocess.Popen(
            [os.environ["JUANZONG"], "reprocess", "--json", "--threads", "1", "--archive",
             self.archive.folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)
        while not self.some_page_is_done() and running.poll() is None:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        output, _ = running.communicate()
        done = json.loads(output.splitlines()[-1])
        self.assertIn(running.returncode, (0, INTERRUPTED))
        _, rest = self.reprocess()
        self.assertEqual(done["pages_worked"] + rest["pages_worked"], 3)
        self.assertEqual(self.reprocess()[1]["pages_worked"], 0)
        self.assertEqual(self.batches_to_assemble(), 0)

    def test_a_batch_that_was_left_unassembled_is_assembled_by_the_next_run(self):
        self.change("UPDATE pages SET dossier = NULL, item = NULL")
        self.change("UPDATE batches SET to_assemble = 1")
        self.reprocess()
        self.assertEqual(self.batches_to_assemble(), 0)
        self.assertTrue(all(page["dossier"] for page in self.archive.pages()))

    def some_page_is_done(self):
        uri = f"file:{self.archive.folder}/records.sqlite?mode=ro"
        database = sqlite3.connect(uri, uri=True)
        try:
            query = "SELECT COUNT(*) FROM pages WHERE engines = ?"
            return database.execute(query, (OLDER,)).fetchone()[0] < 3
        finally:
            database.close()

    def batches_to_assemble(self):
        with sqlite3.connect(self.archive.folder / "records.sqlite") as database:
            count = database.execute("SELECT COUNT(*) FROM batches WHERE to_assemble").fetchone()[0]
        database.close()
        return count


del Reprocess  # it has no tests of its own
if __name__ == "__main__":
    unittest.main()
