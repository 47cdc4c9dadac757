"""docs/STORIES.md, told for real in its short form: a digitization centre's week, a clerk's hour, a
records manager's quarter."""

import json
import os
import shutil
import subprocess
import time
import unittest
from pathlib import Path
from urllib.parse import quote

from program import FINDINGS, HELD, SCANS, EndToEnd, digests, filed_once, juanzong
from serving import Filed, Serving

OFFICE = (("吴窗口", "counter_clerk"), ("孙工", "records_manager"), ("周稽核", "auditor"),
          ("李复核", "rechecker"), ("冯扫描", "scan_operator"))
HOLDER, NUMBER = "汤君英", "439703199302223506"
# Of the dossier of twelve pages: without catalogue, receipts, register of households, closing sheet.
FIRST = (1, 3, 4, 5, 7)
STATED = ("--recipient", "乙市社会保险中心", "--purpose", "transfer_relation", "--legal-basis",
          "社会保险法第十九条")


def scan(number):
    return SCANS / f"maternity/{number:04}.jpg"


def setUpModule():
    Filed.folder = filed_once(*(f"maternity/{scan(n).name}" for n in FIRST), users=OFFICE)


def audited(*arguments):
    auditor = Path(os.environ["JUANZONG"]).with_name("juanzong-audit")
    return subprocess.run([auditor, *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)


class ACentresWeek(EndToEnd):
    def test_a_jam_a_power_cut_a_bad_lot_and_the_hand_over(self):
        archive = self.new_archive()
        box = self.work / "box-7"
        box.mkdir()
        # Three sheets were counted; a double feed left out one of them.
        for number in (1, 3, 4, 5):
            shutil.copy(scan(number), box / scan(number).name)
        (box / "jobsheet.toml").write_text("sheets = 3\nsides = 2\noperator = '冯扫描'\n",
                                           encoding="utf-8")
        handed_in = digests(box)

        # The power goes in the middle of the batch: the same command goes on.
        running = subprocess.Popen(
            [os.environ["JUANZONG"], "ingest", "--no-wait", "--archive", archive.folder,
             "--threads", "1", box], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while archive.counts()["filed"] == 0 and running.poll() is None:
            time.sleep(0.05)
        running.kill()
        running.wait()
        self.assertEqual(archive.ingest(box).returncode, HELD, "a sheet is missing")
        self.assertEqual(archive.counts()["filed"], 4)
        self.assertIn("6 pages expected, 4 handed in", archive.run("status", "box-7").stdout)

        # The sheet that was fed with another is scanned.
        for number in (7, 8):
            shutil.copy(scan(number), box / scan(number).name)
        self.assertEqual(archive.ingest(box).returncode, 0)
        counts = archive.counts()
        self.assertEqual((counts["pages_in"], counts["filed"], counts["set_aside"]), (6, 6, 0))

        # Compared with the paper a page of the sample is wrong: the lot does not pass. The sheet is
        # scanned again, in its place, and in the next sample nobody finds fault.
        def accept(*arguments):
            return self.said(archive.run("accept", "box-7", "--json", *arguments))[-1]

        wrong = accept("--draw", "--seed", "7")["sample"][0]["page"]
        archive.run("accept", "box-7", "--page", wrong, "--fault", "缺角")
        archive.run("accept", "box-7", "--close")
        judged = accept()
        self.assertEqual((judged["passed"], [page["page"] for page in judged["sample"]
                                             if page["fault"]]), (False, [wrong]))
        again = archive.run("arrange replace", wrong, scan(9), "--reason", "缺角，重扫")
        self.assertEqual(again.returncode, 0, again.stderr)
        sample = accept("--draw", "--seed", "8")["sample"]
        self.assertNotIn(wrong, [page["page"] for page in sample])
        self.assertEqual([page for page in sample if page["fault"]], [])

        # Handed over: what the archive office gets has the bytes that came from the scanner.
        made = archive.run("package make", "--kind", "hand-over", "--dossier", 1, "--sender",
                           "数字化中心", "--recipient", "市档案馆", "--purpose", "archive_hand_over",
                           "--legal-basis", "档案法第十五条", "-o", self.work / "package")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(juanzong("bag", "check", self.work / "package").returncode, 0)
        given = set(digests(self.work / "package").values())
        kept = {path.parent.name + path.name for path in archive.objects()}
        replaced = next(page["source"] for page in archive.pages() if page["page"] == wrong)
        for name, digest in handed_in.items():
            if name.suffix == ".jpg":
                self.assertIn(digest, kept, name)
                self.assertEqual(digest in given, name.name != replaced, name)
        self.assertEqual(archive.run("verify").returncode, 0)


class AClerksHour(Serving):
    def test_half_a_name_a_wrong_digit_an_agent_and_a_certificate(self):
        clerk = self.browser("吴窗口")

        def purpose(**more):
            return clerk.ask("PUT", "/api/v1/session/purpose", {
                "channel": "counter", "applicant": HOLDER, "purpose": "benefit_check", **more})

        # Somebody who comes for another needs a power of attorney.
        self.assertEqual(purpose(agent="周代办"), 403)
        self.assertEqual(purpose(agent="周代办", authority={"number": "授2026-7",
                                                            "date": "2026-03-01"}), 200)

        def found(question):
            return clerk.get("/api/v1/search?q=" + quote(question))["hits"]

        for question in ("tangjunying", "姓名:汤*英", NUMBER[:-1] + "9"):
            with self.subTest(question=question):
                persons = {person["name"] for hit in found(question) for person in hit["persons"]}
                self.assertIn(HOLDER, persons)

        page = next(hit for hit in found(HOLDER) if hit["doc_type"] == "DT36")
        status = clerk.ask("POST", "/api/v1/copies", {
            "kind": "certified", "dossier": page["dossier"], "pages": [page["page"]]})
        self.assertEqual(status, 201, clerk.body)
        copy = json.loads(clerk.body)
        self.assertEqual(clerk.ask("POST", f"/api/v1/copies/{copy['copy']}/prints",
                                   {"reason": ""}), 200)
        self.assertTrue(clerk.body.startswith(b"%PDF-"))

        # What happened in this hour can be told.
        told = [entry["action"] for entry in self.log()]
        for action in ("purpose_given", "searched", "copy_certified"):
            self.assertIn(action, told)
        self.assertNotIn(NUMBER, json.dumps(self.log(), ensure_ascii=False))


class AManagersQuarter(EndToEnd):
    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(Filed.folder)

    def findings(self):
        checked = self.archive.run("check", "--json")
        self.assertIn(checked.returncode, (0, FINDINGS), checked.stderr)
        report = json.loads(checked.stdout.splitlines()[0])
        return [one["rule"] for one in report["findings"] if one["state"] == "open"]

    def test_a_dossier_completed_moved_appraised_audited_and_restored(self):
        # The catalogue, the missing papers and the closing sheet turn up in another box.
        before = self.findings()
        self.assertEqual((before.count("must_have"), before.count("X41")), (3, 2))
        for number in (2, 6, 8, 9, 10, 11, 12):
            last = max(page["page"] for page in self.archive.pages() if page["dossier"] == 1)
            put = self.archive.run("arrange insert", scan(number), "--after", last, "--reason",
                                   "在另一盒中找到")
            self.assertEqual(put.returncode, 0, put.stderr)
        # One paper was never there: a proof of the costs. That stays said.
        after = self.findings()
        self.assertEqual((after.count("must_have"), after.count("X41")), (1, 0))

        # The person moves to another province: the dossier goes along, and arrives whole.
        package = self.work / "package"
        made = self.archive.run("package make", "--kind", "transfer", "--dossier", 1, "--sender",
                                "甲市社会保险中心", *STATED, "--sign", "-o", package)
        self.assertEqual(made.returncode, 0, made.stderr)
        there = self.new_archive("there")
        received = there.run("package receive", package)
        self.assertEqual(received.returncode, 0, received.stdout + received.stderr)
        self.assertEqual(there.counts()["filed"], self.archive.counts()["filed"])
        self.assertTrue(there.hits(HOLDER))

        # What falls due becomes a task, and nothing goes by itself.
        self.assertEqual(self.archive.run("retention appraise", "--on", "2199-12-31").returncode, 0)
        self.assertEqual(self.archive.run("verify").returncode, 0)

        # An outside auditor needs the archive and the heads that lie elsewhere.
        heads = self.work / "heads"
        heads.mkdir()
        self.assertEqual(self.archive.run("ledger", "--heads-to", heads).returncode, 0)
        sound = audited(self.archive.folder, "--heads", heads)
        self.assertEqual(sound.returncode, 0, sound.stdout)

        # The drill: a backup is restored elsewhere and proves equal.
        key = self.work / "backup.key"
        for verb in ("init", "run", "drill"):
            ended = self.archive.run("backup " + verb, self.work / "usb", "--key-file", key)
            self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)


if __name__ == "__main__":
    unittest.main()
