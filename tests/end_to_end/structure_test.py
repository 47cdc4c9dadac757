"""The structure of a batch, put right by persons: every decision survives reading everything anew."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from program import (FORBIDDEN, INPUT_MISSING, NOT_FOUND, PASSWORD, SCANS, USAGE, Archive,
                     EndToEnd, blank_page, juanzong)

# Two folders of a batch: pages 1 to 5, and 6 and 7.
FIRST = ("0001.jpg", "0002.jpg", "0003.jpg", "0004.jpg", "0005.jpg")
OTHER = ("0006.jpg", "0007.jpg")
SCAN = SCANS / "maternity" / "0008.jpg"


class Filed:
    """An archive of a small batch, made once; every test works on a copy."""

    folder = None


def setUpModule():
    temporary = tempfile.TemporaryDirectory(prefix="juanzong-test-")
    unittest.addModuleCleanup(temporary.cleanup)
    work = Path(temporary.name)
    for folder, names in (("a", FIRST), ("b", OTHER)):
        (work / "box" / folder).mkdir(parents=True)
        for name in names:
            shutil.copy(SCANS / "maternity" / name, work / "box" / folder / name)
    Filed.folder = work / "archive"
    juanzong("init", Filed.folder)
    ended = Archive(Filed.folder).ingest(work / "box", "--batch", "box", "--sheets", 7,
                                         "--sides", 1)
    if ended.returncode != 0:
        raise AssertionError(ended.stdout + ended.stderr)


class Structure(EndToEnd):
    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(Filed.folder)

    def arrange(self, verb, *arguments, code=0, reason="夹错"):
        # The archive is an option of each subcommand.
        ended = juanzong("arrange", verb, "--archive", self.archive.folder, "--json", *arguments,
                         *(() if reason is None else ("--reason", reason)))
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return json.loads(ended.stdout) if code == 0 else ended

    def decisions(self, *arguments):
        ended = juanzong("arrange", "list", "--archive", self.archive.folder, "--json", *arguments)
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def dossiers(self):
        ended = self.archive.run("show", "--batch", "box", "--json")
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def structure(self):
        """Each dossier's pages in order, each item's, and what is said of pages and items."""
        pages = self.archive.pages()
        told = {}
        for dossier in self.dossiers():
            inside = sorted((page for page in pages if page["dossier"] == dossier["dossier"]),
                            key=lambda page: page["page_of_dossier"])
            items = [(item["item"], item["sequence"], item["doc_type"], item["class"],
                      item["retention"],
                      [page["page"] for page in sorted(
                          (page for page in inside if page["item"] == item["item"]),
                          key=lambda page: page["page_of_item"])])
                     for item in dossier["items"]]
            told[dossier["dossier"]] = ([page["page"] for page in inside], items)
        return told, {page["page"]: (page["rotation"], page["doc_type"], page["replaced_by"])
                      for page in pages}

    def order(self, dossier):
        return self.structure()[0][dossier][0]

    def page(self, number):
        return json.loads(self.archive.run("show", number, "--json").stdout)

    def assert_sound(self):
        counts = self.archive.counts()
        self.assertEqual(counts["pages_in"],
                         counts["filed"] + counts["set_aside"] + counts["replaced"])
        verified = self.archive.run("verify", "--json")
        self.assertEqual(verified.returncode, 0, verified.stdout)
        told = json.loads(verified.stdout)
        self.assertEqual(told["damage"], 0)
        self.assertTrue(told["ledger"]["sound"], told)

    def assert_survives_reading_anew(self):
        before = self.structure()
        again = self.archive.run("reprocess", "--force", "--json")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.structure(), before)
        self.assertEqual(self.archive.counts()["structure_conflicts"], 0)
        self.assert_sound()


class Decisions(Structure):
    def test_every_operation_survives_reading_everything_anew(self):
        first, other = (dossier["dossier"] for dossier in self.dossiers())
        self.assertEqual(self.order(first), [1, 2, 3, 4, 5])
        self.arrange("move", 5, "--before", 4)
        self.assertEqual(self.order(first), [1, 2, 3, 5, 4])
        self.arrange("move", 6, "--dossier", first, "--new-item")
        self.assertEqual(self.order(first), [1, 2, 3, 5, 4, 6])
        self.arrange("move", 6, "--dossier", other)
        self.assertEqual(self.order(other), [7, 6])
        self.arrange("move", 6, "--dossier", other, "--new-item")
        items = [item["item"] for item in self.dossiers()[1]["items"]]
        self.assertEqual(len(items), 2)
        self.arrange("order-items", other,
                     *reversed([item["sequence"] for item in self.dossiers()[1]["items"]]))
        self.assertEqual(self.order(other), [6, 7])
        self.assertEqual([item["item"] for item in self.dossiers()[1]["items"]], items[::-1])
        self.arrange("merge", items[1], items[0])
        self.assertEqual(len(self.dossiers()[1]["items"]), 1)
        self.arrange("order", 7, 6)
        self.assertEqual(self.order(other), [7, 6])

        self.arrange("rotate", 3, 90)
        self.assertEqual((self.page(3)["rotation"], self.page(3)["rotation_by_person"]),
                         (270, True))
        self.arrange("type", "DT19", "--page", 7)
        self.assertEqual((self.page(7)["doc_type"], self.page(7)["doc_type_by_person"]),
                         ("DT19", True))
        item = self.dossiers()[1]["items"][0]["item"]
        self.arrange("type", "DT05", "--item", item)
        self.arrange("class", item, "--class", "SB06.02")
        self.arrange("class", item, "--retention", "D100")
        told = self.dossiers()[1]["items"][0]
        self.assertEqual((told["doc_type"], told["class"], told["retention"]),
                         ("DT05", "SB06.02", "D100"))

        inserted = self.arrange("insert", SCAN, "--after", 2)["pages"][0]
        self.assertEqual(self.order(first), [1, 2, inserted, 3, 5, 4])
        replaced = self.arrange("replace", 4, SCANS / "maternity" / "0009.jpg")["pages"][1]
        self.assertEqual(self.order(first), [1, 2, inserted, 3, 5, replaced])

        made = self.arrange("split-dossier", 3, "--number", "SB7-2019-SY-0099")["arrangement"]
        dossiers = self.dossiers()
        self.assertEqual([dossier["key"] for dossier in dossiers][-1], f"decision:{made}")
        self.assertEqual(dossiers[-1]["dossier_no"], "SB7-2019-SY-0099")
        self.assertEqual(self.order(dossiers[-1]["dossier"]), [3, 5, replaced])
        self.arrange("merge-dossiers", first, other)
        self.assertEqual(self.order(first), [1, 2, inserted, 7, 6])
        self.assertIn("已并入卷宗", self.archive.run("show", "--dossier", other, "--lang", "zh").stdout)

        self.assert_survives_reading_anew()
        self.assertEqual(len(self.decisions()), len(self.decisions("--all")))
        self.assertIn(made, [one["arrangement"] for one in
                             self.decisions("--dossier", dossiers[-1]["dossier"])])

    def test_a_person_reads_the_decisions_in_both_languages(self):
        self.arrange("move", 5, "--before", 4)
        for language, words in (("zh", ("移页", "放在此页之前", "夹错")),
                                ("en", ("move", "before 4", "reason: 夹错"))):
            said = juanzong("arrange", "list", "--archive", self.archive.folder, "--lang",
                            language).stdout
            for word in words:
                self.assertIn(word, said)
            helped = juanzong("arrange", "--help", "--lang", language).stdout
            self.assertIn("juanzong arrange move 12 13 --after 7", helped)

    def test_a_decision_can_be_taken_back(self):
        before = self.structure()
        first, other = (dossier["dossier"] for dossier in self.dossiers())
        made = [self.arrange(*words)["arrangement"] for words in (
            ("move", 5, "--before", 2), ("split-dossier", 3), ("merge-dossiers", first, other),
            ("rotate", 6, 180), ("type", "DT19", "--page", 7))]
        self.assertNotEqual(self.structure(), before)
        for number in reversed(made):
            self.arrange("undo", number, reason="原件核对无误")
        self.assertEqual(self.structure(), before)
        self.assertEqual(self.decisions(), [])
        ended = self.decisions("--all")
        self.assertEqual([one["arrangement"] for one in ended], made)
        self.assertEqual({one["ended_reason"] for one in ended}, {"原件核对无误"})
        self.assert_sound()

    def test_what_hung_on_a_decision_is_shown_when_it_is_taken_back(self):
        first, other = (dossier["dossier"] for dossier in self.dossiers())
        split = self.arrange("split-dossier", 3)["arrangement"]
        part = self.dossiers()[-1]["dossier"]
        merged = self.arrange("merge-dossiers", other, part)["arrangement"]
        said = self.arrange("undo", split)
        self.assertEqual([one["arrangement"] for one in said["conflicts"]], [merged])
        self.assertEqual(self.archive.counts()["structure_conflicts"], 1)
        self.assertIn("structure_conflict", self.page(6)["review"])
        self.assertIn("cannot be followed", self.archive.run("status", "--lang", "en").stdout)
        self.assertEqual(self.order(first), [1, 2, 3, 4, 5])

    def test_a_replaced_page_is_found_with_its_reason(self):
        word = next(line["text"] for line in self.page(2)["lines"] if len(line["text"]) > 3)
        new = self.arrange("replace", 2, SCAN, reason="原图模糊")["pages"][1]
        page = self.page(2)
        self.assertEqual((page["replaced_by"], page["replaced_because"], page["dossier"]),
                         (new, "原图模糊", 0))
        self.assertEqual(page["state"], "filed")
        self.assertIn(2, [hit["page"] for hit in self.archive.hits(f'"{word}"')])
        self.assertIn("replaced by page", self.archive.run("show", 2, "--lang", "en").stdout)
        original = self.work / "old.jpg"
        self.archive.run("show", 2, "--original", original)
        self.assertEqual(original.read_bytes(), (SCANS / "maternity" / "0002.jpg").read_bytes())
        # Seven sheets were counted, seven count; the job sheet still agrees.
        status = json.loads(self.archive.run("status", "--json").stdout)["batches"][0]
        self.assertEqual(status["state"], "complete")
        self.assertEqual((status["counts"]["pages_in"], status["counts"]["filed"],
                          status["counts"]["replaced"]), (8, 7, 1))
        self.assertIn("已被替换 1", self.archive.run("status", "--lang", "zh").stdout)
        self.assertIn("name that one", self.arrange("rotate", 2, 90, code=USAGE).stderr)

    def test_a_sheet_too_many_holds_the_batch(self):
        self.arrange("insert", SCAN, "--after", 2)
        status = json.loads(self.archive.run("status", "--json").stdout)["batches"][0]
        self.assertEqual(status["state"], "held")
        self.assertIn("7 pages expected, 8 handed in", status["held_reason"])
        self.assert_sound()

    def test_a_sheet_scanned_twice_stands_for_the_other_scan(self):
        self.arrange("replace", 2, "--page", 3)
        self.assertEqual(self.order(self.dossiers()[0]["dossier"]), [1, 3, 4, 5])
        self.assertEqual(self.archive.counts()["replaced"], 1)
        self.assert_sound()

    def test_the_ledger_has_one_event_with_before_after_and_reason(self):
        made = self.arrange("rotate", 3, 90, reason="倒置")["arrangement"]
        with self.events() as events:
            mine = [event for event in events if event["action"] == "page_rotated"]
        self.assertEqual(len(mine), 1)
        event = mine[0]
        self.assertEqual((event["object_number"], event["reason"], event["method"]),
                         (made, "倒置", "juanzong arrange rotate"))
        details = json.loads(event["details"])
        self.assertEqual([details[when]["pages"][0]["rotation"] for when in ("before", "after")],
                         [0, 270])

    def events(self):
        import contextlib
        import sqlite3

        @contextlib.contextmanager
        def opened():
            uri = f"file:{self.archive.folder}/records.sqlite?mode=ro"
            database = sqlite3.connect(uri, uri=True)
            database.row_factory = sqlite3.Row
            try:
                yield list(database.execute("SELECT * FROM events ORDER BY event"))
            finally:
                database.close()
        return opened()


class Refusals(Structure):
    def test_what_cannot_be_done_is_refused_and_nothing_is_changed(self):
        before = self.structure()
        blank = self.work / "two.txt"
        blank.write_text("no picture", encoding="utf-8")
        first, other = (dossier["dossier"] for dossier in self.dossiers())
        item = self.dossiers()[0]["items"][0]["item"]
        for arguments, code, words in (
                (("move", 3), USAGE, "no place is named"),
                (("move", 3, "--after", 3), USAGE, "beside itself"),
                (("move", 3, 3, "--after", 4), USAGE, "named twice"),
                (("move", 99, "--after", 4), NOT_FOUND, "none of this number"),
                (("order", 1, 6), USAGE, "not of one item"),
                (("split-dossier", 1), USAGE, "at its first page"),
                (("merge-dossiers", first, first), USAGE, "merged with itself"),
                (("merge-dossiers", first, 99), NOT_FOUND, "none of this number"),
                (("type", "DT98", "--page", 1), USAGE, "no such type"),
                (("type", "DT19"), USAGE, "nothing is named"),
                (("class", item, "--class", "XX"), USAGE, "no such class"),
                (("class", item), USAGE, "nothing is decided"),
                (("replace", 2), USAGE, "no scan is named"),
                (("replace", 2, "--page", 2), USAGE, "its own place"),
                (("insert", blank, "--after", 2), INPUT_MISSING, "no picture"),
                (("insert", self.work / "none.tif", "--after", 2), INPUT_MISSING, "cannot be read"),
                (("insert", SCANS / "damaged" / "0001.tif", "--after", 2), INPUT_MISSING, "cannot"),
                (("undo", 1), NOT_FOUND, "none of this number")):
            with self.subTest(arguments):
                self.assertIn(words, self.arrange(*arguments, code=code).stderr)
        self.assertIn("--reason", self.arrange("split", 2, code=USAGE, reason=None).stderr)
        self.assertIn("reason", self.arrange("split", 2, code=USAGE, reason="  ").stderr)
        self.assertEqual(self.structure(), before)
        self.assertEqual(self.decisions("--all"), [])
        self.assert_sound()

    def test_pages_of_another_batch_are_not_mixed(self):
        scans = self.work / "more"
        scans.mkdir()
        (scans / "0.bmp").write_bytes(blank_page())
        self.assertEqual(self.archive.ingest(scans).returncode, 0)
        refused = self.arrange("move", 8, "--after", 2, code=USAGE)
        self.assertIn("of another batch, whose pages are counted by themselves", refused.stderr)

    def test_a_period_is_not_made_shorter(self):
        item = self.dossiers()[0]["items"][0]["item"]
        self.arrange("class", item, "--class", "SB06.02")
        self.assertIn("cannot be made shorter",
                      self.arrange("class", item, "--retention", "D30", code=USAGE).stderr)

    def test_a_scan_that_is_there_is_not_taken_in_twice(self):
        self.arrange("insert", SCAN, "--after", 2)
        self.assertIn("came in before",
                      self.arrange("insert", SCAN, "--after", 3, code=USAGE).stderr)


class Duties(Structure):
    def test_what_is_approved_stays_as_it_was_approved(self):
        first = self.dossiers()[0]
        item = first["items"][0]
        page = next(page["page"] for page in self.archive.pages() if page["item"] == item["item"])
        for name, post in (("录入", "indexer"), ("初审", "first_reviewer"), ("复核", "rechecker"),
                           ("审批", "approver")):
            self.archive.add_user(name, post)
        for name, *step in (("录入", "enter"), ("初审", "verify", "--submitter", "甲单位"),
                            ("初审", "review"), ("复核", "recheck"), ("审批", "approve")):
            ended = self.archive.by(name, "review", first["dossier"], item["sequence"], "--take",
                                    *step)
            self.assertEqual(ended.returncode, 0, ended.stderr)
        before = self.structure()
        for arguments in (("rotate", page, 90), ("merge-dossiers", self.dossiers()[1]["dossier"],
                                                 first["dossier"])):
            self.assertIn("it is approved", self.arrange(*arguments, code=USAGE).stderr)
        self.assertEqual(self.structure(), before)
        ended = self.archive.by("审批", "review", first["dossier"], item["sequence"], "--take",
                                "return", "--reason", "方向不对")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.arrange("rotate", page, 90)
        self.assert_sound()

    def test_what_has_a_place_on_record_keeps_its_number(self):
        first, other = self.dossiers()
        item = next(item["sequence"] for item in other["items"])
        placed = self.archive.run("place", other["dossier"], item, "--room", "一号库")
        self.assertEqual(placed.returncode, 0, placed.stderr)
        before = self.structure()
        refused = self.arrange("merge-dossiers", first["dossier"], other["dossier"], code=USAGE)
        self.assertIn("a place, a loan, a hold or a period is on record", refused.stderr)
        self.assertEqual(self.structure(), before)
        self.arrange("move", 5, "--before", 2)
        self.assert_sound()

    def test_no_page_leaves_a_dossier_under_a_hold(self):
        first, other = (dossier["dossier"] for dossier in self.dossiers())
        hold = ("--reason", "诉讼", "--basis", "民事诉讼法")
        held = self.archive.run("hold", first, *hold)
        self.assertEqual(held.returncode, 0, held.stderr)
        before = self.structure()
        for arguments in (("split-dossier", 3), ("move", 5, "--dossier", other),
                          ("merge-dossiers", other, first), ("replace", 2, "--page", 3)):
            with self.subTest(arguments):
                self.assertIn("a hold is on dossier", self.arrange(*arguments, code=USAGE).stderr)
        self.assertEqual(self.structure(), before)
        self.arrange("move", 5, "--before", 2)
        came = self.arrange("move", 6, "--dossier", first, "--new-item")["arrangement"]
        self.assertIn("a hold is on dossier", self.arrange("undo", came, code=USAGE).stderr)
        self.arrange("merge-dossiers", first, other)
        self.assertEqual(sorted(self.order(first)), [1, 2, 3, 4, 5, 6, 7])
        emptied = self.archive.run("hold", other, *hold)
        self.assert_says(emptied, USAGE, f"its pages are in dossier {first}")
        self.assert_sound()

    def test_an_indexer_tells_types_and_moves_nothing(self):
        self.archive.add_user("录入", "indexer")
        password = self.work / "password"
        password.write_text(PASSWORD + "\n", encoding="utf-8")
        for arguments, code in ((("type", "DT19", "--page", 7), 0),
                                (("move", 5, "--before", 2), FORBIDDEN)):
            verb, *rest = arguments
            ended = juanzong("arrange", verb, "--archive", self.archive.folder, *rest, "--by",
                             "录入", "--reason", "夹错",
                             environment={"JUANZONG_PASSWORD_FILE": str(password)})
            self.assertEqual(ended.returncode, code, ended.stderr)
        self.assertEqual([(one["action"], one["decided_by"]) for one in self.decisions()],
                         [("type_page", "录入")])
        self.assert_sound()


class Killing(Structure):
    def test_leaves_either_before_or_after(self):
        before = self.structure()
        inserted = False
        for tenths in (2, 4, 6, 8, 10, 14, 18, 24):
            running = subprocess.Popen(
                [os.environ["JUANZONG"], "arrange", "insert", "--archive", self.archive.folder,
                 SCAN, "--after", "2", "--reason", "补扫"], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True)
            time.sleep(tenths / 10)
            running.send_signal(signal.SIGKILL)
            running.wait()
            pages = self.archive.pages()
            decided = self.decisions()
            self.assertEqual(len(pages), 7 + len(decided))
            if decided:
                inserted = True
                self.assertEqual(self.order(self.dossiers()[0]["dossier"])[2], 8)
                break
            self.assertEqual(self.structure(), before)
        if not inserted:
            self.arrange("insert", SCAN, "--after", 2)
        # Whatever a kill left to the index the next command does.
        self.arrange("split", 8)
        word = next(line["text"] for line in self.page(8)["lines"] if len(line["text"]) > 3)
        self.assertIn(8, [hit["page"] for hit in self.archive.hits(f'"{word}"')])
        self.assert_sound()


del Structure  # it has no tests of its own
if __name__ == "__main__":
    unittest.main()
