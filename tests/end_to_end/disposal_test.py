"""Disposal at the command line: from the period's end to the proof, and what is left of it. The
office has its documents of R9 and R10 in duties_test.py."""

import re
import tempfile
import unittest

from program import DAMAGE, FORBIDDEN, NOT_FOUND, PASSWORD, USAGE, EndToEnd, filed_once

OFFICE = (("钱主任", "approver"), ("孙工", "records_manager"), ("周稽核", "auditor"))
AFTER_WAITING = "+40d"
DUE = "2026-01-01"  # a day by which the sample that is kept for ten years is due


class Filed:
    folder = None


def setUpModule():
    Filed.folder = filed_once("work_injury/0002.png", "work_injury/0003.png", "work_injury/0004.png", users=OFFICE)


class Disposal(EndToEnd):
    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(Filed.folder)

    def by(self, name, *words):
        return self.said(self.archive.by(name, *words, "--json"))

    def later(self, name, command, *arguments, witness=None):
        """The same when the time of waiting is over."""
        library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
            file.flush()
            signer = ["--co-signer", witness] if witness else []
            return self.archive.run(command, "--by", name, *signer, *arguments, environment={
                "LD_PRELOAD": library, "FAKETIME": AFTER_WAITING,
                "JUANZONG_PASSWORD_FILE": file.name,
                "JUANZONG_CO_SIGNER_PASSWORD_FILE": file.name})

    def approved_list(self, by=DUE, retention="D10"):
        """The appraisal that is on an approved list"""
        self.by("孙工", "retention appraise", "--on", by)
        tasks = [task for task in self.said(self.archive.run("retention list", "--tasks", "--json"))
                 if task["retention"] == retention]
        self.assertTrue(tasks, "no sample falls due: the test shows nothing")
        task = tasks[0]
        self.by("孙工", "retention appraise", "--close", task["appraisal"], "--outcome", "disposal",
                "--reason", "期满")
        self.by("孙工", "disposal", "--make", task["appraisal"], "--reason", "到期")
        self.by("钱主任", "disposal", "--approve", 1)
        return task

    def disposed_pages(self):
        return [page for page in self.archive.pages()
                if page["state"] == "set_aside" and page["reason"] == "disposed"]

    def test_a_list_is_carried_out_and_leaves_a_proof(self):
        dossier = self.approved_list()["dossier"]
        before = self.archive.counts()
        places = {page["page"]: (page["dossier"], page["item"], page["doc_type"])
                  for page in self.archive.pages()}
        self.assertTrue(self.archive.hits("类型:DT34"))
        early = self.archive.by("孙工", "disposal", "--carry-out", 1)
        self.assert_says(early, USAGE, "the time of waiting ends")
        alone = self.later("孙工", "disposal", "--carry-out", 1)
        self.assert_says(alone, USAGE, "a second person witnesses")
        approver = self.later("钱主任", "disposal", "--carry-out", 1, witness="周稽核")
        self.assertEqual(approver.returncode, FORBIDDEN, approver.stderr)
        done = self.later("孙工", "disposal", "--carry-out", 1, "--json", witness="周稽核")
        self.assertEqual(done.returncode, 0, done.stderr)

        counts = self.archive.counts()
        self.assertEqual(counts["filed"] + counts["set_aside"],
                         before["filed"] + before["set_aside"], "pages in are pages accounted for")
        self.assertEqual(counts["set_aside_by_reason"].get("disposed"), 1)
        page, = self.disposed_pages()
        self.assertEqual((page["dossier"], page["item"], page["doc_type"]), places[page["page"]],
                         "it keeps its place")
        self.assertEqual(page["dossier"], dossier)
        self.assertFalse(self.archive.hits("类型:DT34"))
        self.assertEqual(self.archive.run("verify").returncode, 0)

        waiting = self.said(self.archive.run("disposal", "--proof", 1, "--json"))[0]
        self.assertEqual((waiting["carried_out_by"], waiting["witnessed_by"]), ("孙工", "周稽核"))
        self.assertTrue(all(not one["removed_at"] for one in waiting["objects"]))
        for _ in range(2):
            cleared = self.said(self.later("孙工", "gc", "--grace-days", 0, "--json"))
        self.assertGreaterEqual(cleared[0]["removed"], len({
            one["object"] for one in waiting["objects"] if not one["needed"]}))
        for one in self.said(self.archive.run("disposal", "--proof", 1, "--json"))[0]["objects"]:
            name = one["object"].removeprefix("sha256-")
            there = (self.archive.folder / "objects/sha256" / name[:2] / name[2:]).exists()
            self.assertEqual(there, one["needed"], one)
            self.assertEqual(bool(one["removed_at"]), not one["needed"])
        self.assertEqual(self.archive.run("verify").returncode, 0)
        again = self.archive.run("reprocess", "--force", "--json")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(len(self.disposed_pages()), 1, "reading again brings nothing back")

    def test_repair_brings_nothing_back_that_was_disposed_of(self):
        settings = self.archive.folder / "juanzong.toml"
        text, times = re.subn(r"(?m)^replicas = [^#]*", f'replicas = ["{self.work / "replica"}"] ',
                              settings.read_text(encoding="utf-8"))
        self.assertEqual(times, 1)
        settings.write_text(text, encoding="utf-8")
        self.assertEqual(self.archive.run("replicate", "--begin").returncode, 0)
        task = self.approved_list()
        page, = (page for page in self.archive.pages() if page["doc_type"] == "DT34"
                 and page["dossier"] == task["dossier"])
        self.archive.spoil(page["source_object"])
        self.assertEqual(self.archive.run("scrub", "--all").returncode, DAMAGE)
        done = self.later("孙工", "disposal", "--carry-out", 1, witness="周稽核")
        self.assertEqual(done.returncode, 0, done.stderr)
        name = page["source_object"].removeprefix("sha256-")
        file = self.archive.folder / "objects/sha256" / name[:2] / name[2:]
        spoilt = file.read_bytes()
        repaired = self.said(self.archive.run("repair", "--reason", "副本", "--json"))[0]
        self.assertEqual((repaired["left"], repaired["disposed"]), (0, 1))
        self.assertEqual(file.read_bytes(), spoilt)
        verified = self.archive.run("verify")
        self.assertEqual(verified.returncode, 0, "damage of what nobody needs is a remark")
        self.assertIn("damaged_garbage", verified.stdout)
        for _ in range(2):
            cleared = self.later("孙工", "gc", "--grace-days", 0)
            self.assertEqual(cleared.returncode, 0, cleared.stderr)
        self.assertFalse(file.exists())
        again = self.said(self.archive.run("repair", "--reason", "副本", "--json"))[0]
        self.assertEqual(again["disposed"], 1)
        self.assertFalse(file.exists())

    def test_nothing_goes_before_its_period_ends(self):
        task = self.approved_list("2199-12-31", "D50")
        before = self.archive.pages()
        self.assert_says(self.later("孙工", "disposal", "--carry-out", 1, witness="周稽核"), USAGE,
                         "the period of one of its items ends on " + task["due_on"])
        self.assertEqual(self.archive.pages(), before)

    def test_nothing_goes_but_what_was_appraised(self):
        task = self.approved_list()
        dates = self.archive.run("value", 1, f"item_date[{task['item'] - 1}]", "--typed",
                                 "2012-11-23", "--box", "10,10,50,20")
        self.assertEqual(dates.returncode, 0, dates.stderr)
        self.assert_says(self.later("孙工", "disposal", "--carry-out", 1, witness="周稽核"), USAGE,
                         "an item is not what was appraised")
        self.assertEqual(self.disposed_pages(), [])
        self.by("孙工", "disposal", "--withdraw", 1, "--reason", "内容已变")
        self.by("孙工", "retention appraise", "--on", DUE)
        self.assertIn(task["appraisal"], [
            one["appraisal"] for one in
            self.said(self.archive.run("retention list", "--tasks", "--json"))
            if not one["outcome"]], "it is appraised anew")

    def test_a_proof_is_of_a_list_that_was_carried_out(self):
        self.assert_says(self.archive.run("disposal", "--proof", 1), NOT_FOUND)

    def test_garbage_is_not_collected_from_a_damaged_archive(self):
        stray = self.archive.folder / "objects/sha256/00"
        stray.mkdir(exist_ok=True)
        page = self.archive.pages()[0]
        self.archive.spoil(page["source_object"])
        objects = self.archive.objects()
        self.assert_says(self.archive.by("孙工", "gc", "--grace-days", 0), DAMAGE,
                         "verify is not clean")
        self.assertEqual(self.archive.objects(), objects)

    def test_damaged_garbage_is_told_and_collected(self):
        garbage = self.archive.folder / "objects/sha256/ab" / ("cd" * 31)
        garbage.parent.mkdir(exist_ok=True)
        garbage.write_bytes(b"no bytes of this name")
        verified = self.said(self.archive.run("verify", "--json"))[0]
        self.assertEqual([(one["kind"], one["damage"]) for one in verified["findings"]
                          if "cdcd" in one["object"]],
                         [("writable_object", False), ("damaged_garbage", False)])
        for _ in range(2):
            self.by("孙工", "gc", "--grace-days", 0)
        self.assertFalse(garbage.exists())

    def test_a_dry_run_changes_nothing(self):
        said = self.by("孙工", "gc", "--grace-days", 0, "--dry-run")
        self.assertTrue(said[0]["dry_run"])
        events = self.said(self.archive.run("ledger", "--json"))
        self.by("孙工", "gc", "--dry-run")
        self.assertEqual(self.said(self.archive.run("ledger", "--json"))[0]["entries"],
                         events[0]["entries"])


if __name__ == "__main__":
    unittest.main()
