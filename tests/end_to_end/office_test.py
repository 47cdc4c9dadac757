"""What an office does beside the counter, on `juanzong serve`: keeping, audit, administration,
batches, uploads (R12, R15, R31, R35, R41, R70)."""

import contextlib
import csv
import hashlib
import http.client
import io
import json
import os
import re
import shutil
import socket
import tempfile
import threading
import time
import unittest
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import serve_test
from program import PASSWORD, SCANS, blank_page, filed_once

OFFICE = (("钱主任", "approver"), ("孙工", "records_manager"), ("周稽核", "auditor"),
          ("吴窗口", "counter_clerk"), ("郑技术", "technician"), ("冯扫描", "scan_operator"),
          ("何管理", "administrator"), ("李复核", "rechecker"), ("陈初审", "first_reviewer"),
          ("褚著录", "indexer"))
API = "/api/v1/"
TOMORROW = (date.today() + timedelta(days=1)).isoformat()
NEXT_YEAR = (date.today() + timedelta(days=365)).isoformat()


def setUpModule():
    serve_test.Filed.folder = filed_once(
        "work_injury/0002.png", "work_injury/0003.png", "work_injury/0004.png", users=OFFICE)


class Serving(serve_test.Serving):
    def post(self, browser, path, body=None, method="POST", expect=None):
        status = browser.ask(method, API + path, {} if body is None else body)
        if expect is not None:
            self.assertEqual(status, expect, (path, body, browser.body.decode()))
        return status

    def events(self, action):
        auditor = self.browser("周稽核")
        return [one for one in auditor.get(f"{API}audit/entries?limit=200&action={action}")["entries"]]


class Keeping(Serving):
    def test_loans_are_lent_extended_dunned_and_returned(self):
        manager = self.browser("孙工")
        loan = {"dossier": 1, "borrower": "王借阅", "unit": "稽核科", "reason": "核对原件",
                "due_on": TOMORROW}
        self.post(manager, "loans", loan, expect=201)
        self.post(manager, "loans", loan, expect=409)
        self.post(manager, "loans/1/dun", {"reason": "电话"}, expect=409)  # not overdue
        self.post(manager, "loans/1/extend", {"due_on": TOMORROW, "reason": "未看完"}, expect=409)
        self.post(manager, "loans/1/extend", {"due_on": NEXT_YEAR, "reason": ""}, expect=400)
        self.post(manager, "loans/1/extend", {"due_on": NEXT_YEAR, "reason": "未看完"}, expect=204)
        told = manager.get(API + "loans")["loans"][0]
        self.assertEqual((told["due_on"], told["extensions"], told["notes"][0]["due_before"]),
                         (NEXT_YEAR, 1, TOMORROW))
        self.post(manager, "loans/1/return", expect=204)
        self.assertEqual(manager.get(API + "loans")["loans"], [])
        self.assertEqual(manager.get(API + "loans?all=yes")["loans"][0]["returned_to"], "孙工")
        event = self.events("loan_extended")[0]
        self.assertEqual((event["who"], event["post"], event["reason"], event["object"]),
                         ("孙工", "records_manager", "未看完", "dossier 1"))
        self.assertEqual([one["borrower"] for one in self.said(
            self.archive.run("loan", "--all", "--json"))], ["王借阅"], "the command sees the same")

    def test_places_are_put_and_gaps_told(self):
        manager = self.browser("孙工")
        gaps = manager.get(API + "places")["digital_without_paper"]
        self.assertGreater(gaps["total"], 0)
        self.post(manager, "places", {"dossier": 1, "room": "一号库", "shelf": "3"}, expect=204)
        self.assertLess(manager.get(API + "places")["digital_without_paper"]["total"],
                        gaps["total"])
        self.assertEqual(manager.get(API + "places?dossier=1")["places"][0]["room"], "一号库")
        self.post(manager, "places", {"dossier": 1, "room": "", "missing": ""}, expect=409)
        self.post(manager, "places", {"dossier": 99, "room": "x"}, expect=409)
        self.post(manager, "places", {"dossier": "没有这个档号", "room": "x"}, expect=404)

    def test_a_period_is_made_longer_by_an_approver_with_a_report(self):
        approver, manager = self.browser("钱主任"), self.browser("孙工")
        item = approver.get(API + "retention")["items"][0]
        longer = {"dossier": item["dossier"], "item": item["item"], "to": "Y", "reason": "有争议"}
        self.post(manager, "retention", {**longer, "report": "JD-1"}, expect=403)
        self.post(approver, "retention", longer, expect=409)
        self.post(approver, "retention", {**longer, "report": "JD-1"}, expect=200)
        self.assertIn("Y", [one["retention"] for one in approver.get(API + "retention")["items"]])
        self.post(approver, "retention", {**longer, "to": "D10", "report": "JD-2"}, expect=409)

    def test_disposal_takes_two_persons_and_an_appraisal(self):
        manager, approver = self.browser("孙工"), self.browser("钱主任")
        self.said(self.archive.by("孙工", "retention appraise", "--on", "2199-12-31", "--json"))
        tasks = manager.get(API + "appraisals")["appraisals"]
        self.assertTrue(tasks, "no sample falls due: the test shows nothing")
        number = tasks[0]["appraisal"]
        self.post(manager, "disposals", {"appraisals": [number], "reason": "到期"}, expect=409)
        self.post(manager, f"appraisals/{number}", {"outcome": "disposal", "reason": "无保存价值"},
                  expect=204)
        self.post(manager, "disposals", {"appraisals": [number], "reason": "到期"}, expect=201)
        self.post(manager, "disposals/1/approve", {"reason": "同意"}, expect=403)
        self.post(approver, "disposals/1/approve", {"reason": "同意"}, expect=204)
        told = manager.get(API + "disposals/1")
        self.assertEqual((told["made_by"], told["approved_by"]), ("孙工", "钱主任"))
        self.assertIn("waiting", told["hindrance"])
        self.assertEqual(len(told["items"]), 1)
        self.post(approver, "disposals/1/withdraw", {"reason": "有新诉求"}, expect=204)
        self.post(approver, "holds", {"dossier": 1, "reason": "诉讼", "basis": "民诉法"}, expect=201)
        self.assertEqual(manager.get(API + "keeping")["holds"], 1)

    def test_alarms_are_shown_until_acknowledged(self):
        manager = self.browser("孙工")
        self.said(self.archive.by("孙工", "medium add", "M-1", "--site", "异地", "--keeper", "张三",
                                  "--read-back-days", "30", "--due", "2020-01-01", "--json"))
        alarms = manager.get(API + "custody/alarms")["alarms"]
        late = [one for one in alarms if one["alarm"] == "read_back_overdue"][0]
        self.assertIsNone(late["acknowledged"])
        self.assertTrue(late["what_to_do_zh"])
        said = {key: late[key] for key in ("alarm", "about", "since")}
        self.post(manager, "custody/alarms/acknowledge", said, expect=400)
        self.post(manager, "custody/alarms/acknowledge", {**said, "about": "M-2", "reason": "x"}, expect=409)
        self.post(self.browser("吴窗口"), "custody/alarms/acknowledge", {**said, "reason": "看到"}, expect=403)
        self.post(manager, "custody/alarms/acknowledge", {**said, "reason": "周五读回"}, expect=204)
        seen = [one for one in manager.get(API + "custody/alarms")["alarms"] if one["about"] == "M-1"][0]
        self.assertEqual((seen["acknowledged"]["by"], seen["acknowledged"]["reason"]),
                         ("孙工", "周五读回"))
        self.post(manager, "custody/alarms/acknowledge", {**said, "reason": "再"}, expect=409)
        told = manager.get(API + "keeping")
        self.assertEqual(told["alarms"] - told["alarms_new"], 1)


class Auditing(Serving):
    def test_looks_and_changes_stand_in_one_list(self):
        manager, auditor = self.browser("孙工"), self.browser("周稽核")
        manager.get(API + "pages/1")
        self.post(manager, "places", {"dossier": 1, "room": "二号库"}, expect=204)
        entries = auditor.get(API + "audit/entries?limit=100")["entries"]
        actions = [(one["source"], one["action"]) for one in entries]
        self.assertIn(("access", "page_opened"), actions)
        self.assertIn(("change", "paper_placed"), actions)
        times = [one["at"] for one in entries]
        self.assertEqual(times, sorted(times, reverse=True))
        mine = auditor.get(f"{API}audit/entries?who={quote('孙工')}")["entries"]
        self.assertEqual({one["who"] for one in mine}, {"孙工"})
        page = auditor.get(API + "audit/entries?object=" + quote("page 1"))["entries"]
        self.assertTrue(page)
        self.assertEqual({one["object"] for one in page}, {"page 1"})
        none = auditor.get(API + "audit/entries?to=2001-01-01")["entries"]
        self.assertEqual(none, [])

    def test_pages_of_the_list_are_all_there_is_once_each(self):
        auditor = self.browser("周稽核")
        whole = auditor.get(API + "audit/entries?limit=200&to=" + date.today().isoformat())
        self.assertFalse(whole["more"])
        seen, cursor = [], ""
        for _ in range(100):
            part = auditor.get(f"{API}audit/entries?limit=7&cursor={cursor}")
            seen += [(one["source"], one["number"]) for one in part["entries"]]
            cursor = part["cursor"]
            if not part["more"]:
                break
        self.assertEqual(len(seen), len(set(seen)))
        self.assertLessEqual({(one["source"], one["number"]) for one in whole["entries"]}, set(seen))

    def test_entries_are_compared_with_what_was_signed(self):
        auditor = self.browser("周稽核")
        told = auditor.get(API + "audit/verification?full=yes")
        self.assertTrue(told["ledger"]["root_holds"] and told["ledger"]["signature_holds"])
        self.assertIsNone(told["access"]["first_broken"])
        entries = auditor.get(API + "audit/entries?kind=changes&limit=200")["entries"]
        self.assertIn(True, [one["as_signed"] for one in entries])
        self.assertNotIn(False, [one["as_signed"] for one in entries])
        proof = auditor.get(API + "audit/changes/2")
        self.assertTrue(proof["under_head"])
        self.assertEqual(self.root_of(proof), proof["root_sha256"])
        self.assertIn(proof["root_sha256"], proof["head"])

    @staticmethod
    def root_of(proof):
        """RFC 9162, section 2.1.3.2, with nothing but hashlib."""
        node = hashlib.sha256(b"\0" + proof["text"].encode()).digest()
        index, last = proof["index"], proof["tree_size"] - 1
        for step in map(bytes.fromhex, proof["path_sha256"]):
            if index % 2 == 1 or index == last:
                node = hashlib.sha256(b"\1" + step + node).digest()
                while index % 2 == 0 and index != 0:
                    index, last = index // 2, last // 2
            else:
                node = hashlib.sha256(b"\1" + node + step).digest()
            index, last = index // 2, last // 2
        return node.hex()

    def test_a_row_that_was_changed_behind_the_back_is_seen(self):
        import sqlite3
        with sqlite3.connect(self.archive.folder / "records.sqlite") as database:
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' "
                                            "AND tbl_name = 'events'").fetchall():
                database.execute(f"DROP TRIGGER {name}")
            database.execute("UPDATE events SET reason = 'gefälscht' WHERE event = 3")
        entries = self.browser("周稽核").get(API + "audit/entries?kind=changes&limit=200")["entries"]
        self.assertEqual([one["number"] for one in entries if one["as_signed"] is False], [3])

    def test_it_goes_out_as_csv_and_as_json_lines(self):
        auditor = self.browser("周稽核")
        self.browser("孙工").ask("POST", API + "places", {"dossier": 1, "room": "=HYPERLINK(1)"})
        self.assertEqual(auditor.ask("GET", API + "audit/export?format=csv&kind=changes"), 200)
        self.assertIn("attachment", auditor.headers["Content-Disposition"])
        rows = list(csv.DictReader(io.StringIO(auditor.body.decode("utf-8-sig"))))
        self.assertEqual(rows[0]["source"], "change")
        for row in rows:
            for cell in row.values():
                self.assertFalse(cell.startswith(("=", "+", "@")), cell)
        self.assertEqual(auditor.ask("GET", API + "audit/export?format=jsonl"), 200)
        lines = [json.loads(line) for line in auditor.body.decode().splitlines()]
        self.assertEqual((lines[-1]["entries"], lines[-1]["complete"]), (len(lines) - 1, True))
        self.assertIn("log_exported", [one["action"] for one in self.log()])
        self.assertEqual(auditor.ask("GET", API + "audit/export?format=pdf"), 400)

    # R70: reads all, changes nothing.
    def test_R70_the_auditor_reads_all_and_changes_nothing(self):
        auditor = self.browser("周稽核")
        for path in ("audit/entries", "audit/verification", "audit/filters", "access", "keeping",
                     "retention", "appraisals", "holds", "disposals", "loans", "places", "packages",
                     "custody", "custody/alarms", "alarms", "users", "units", "settings", "selfcheck", "status",
                     "batches", "batches/1", "batches/1/acceptances", "overview", "dossiers",
                     "dossiers/1", "pages/1", "search?q=a"):
            self.assertEqual(auditor.ask("GET", API + path), 200, (path, auditor.body))
        before = self.archive.run("ledger", "--json").stdout
        for method, path, body in CHANGES:
            self.assertEqual(auditor.ask(method, API + path, body), 403, path)
        entries = auditor.get(API + "audit/verification")["ledger"]["entries"]
        self.assertEqual(entries, json.loads(before)["entries"], "nothing was written")


# Every change of these areas, and the right that it takes.
CHANGES = (
    ("POST", "retention", {"dossier": 1, "item": 1, "to": "Y", "reason": "x", "report": "1"}),
    ("POST", "appraisals", {}),
    ("POST", "appraisals/1", {"outcome": "kept", "reason": "x"}),
    ("POST", "holds", {"dossier": 1, "reason": "x", "basis": "y"}),
    ("POST", "holds/1/lift", {"reason": "x"}),
    ("POST", "disposals", {"appraisals": [1], "reason": "x"}),
    ("POST", "disposals/1/approve", {"reason": "x"}),
    ("POST", "disposals/1/withdraw", {"reason": "x"}),
    ("POST", "loans", {"dossier": 1, "borrower": "x", "reason": "x", "due_on": TOMORROW}),
    ("POST", "loans/1/return", {}),
    ("POST", "places", {"dossier": 1, "room": "x"}),
    ("POST", "packages/1/settle", {"state": "accepted"}),
    ("POST", "media", {"medium": "x", "site": "y", "keeper": "z", "read_back_days": 3}),
    ("POST", "custody/alarms/acknowledge", {"alarm": "x", "reason": "y"}),
    ("POST", "users", {"name": "x", "password": PASSWORD}),
    ("PATCH", "users/1", {"give": ["auditor"]}),
    ("POST", "users/1/password", {"password": PASSWORD, "reason": "x"}),
    ("POST", "users/1/end", {"reason": "x"}),
    ("POST", "units", {"name": "x", "family": "agency"}),
    ("PATCH", "units/1", {"name": "y"}),
    ("POST", "selfcheck", {}),
    ("POST", "batches/1/acceptances", {}),
    ("POST", "batches/1/acceptances/fault", {"page": 1, "fault": "x"}),
    ("POST", "batches/1/acceptances/close", {}),
    ("POST", "batches/1/release", {"reason": "x"}),
    ("POST", "pages/1/settle", {"reason": "x"}),
    ("POST", "pages/1/retry", {}),
    ("POST", "uploads", {"batch": "b", "name": "n", "size": 1, "sha256": "0" * 64}),
    ("POST", "uploads/deliver", {"batch": "b", "files": 1}),
)


class Administering(Serving):
    def user(self, name):
        told = self.browser("何管理").get(API + "users")
        return [one for one in told["users"] if one["name"] == name][0]

    def test_users_are_added_changed_and_ended(self):
        admin = self.browser("何管理")
        self.post(admin, "users", {"name": "新人", "password": "short", "posts": ["indexer"]},
                  expect=409)
        self.post(admin, "users", {"name": "新人", "password": PASSWORD, "posts": ["indexer"],
                                   "agreement": "WB-1", "works_until": NEXT_YEAR,
                                   "trained_on": date.today().isoformat()}, expect=201)
        number = self.user("新人")["user"]
        self.post(admin, f"users/{number}", {"give": ["approver"]}, "PATCH", expect=409)
        self.post(admin, f"users/{number}", {"agreement": "WB-2", "works_until": TOMORROW}, "PATCH",
                  expect=204)
        self.assertEqual(self.user("新人")["works_until"], TOMORROW)
        fresh = self.browser("新人")
        self.post(admin, f"users/{number}/password", {"password": PASSWORD + "二", "reason": "忘记"},
                  expect=204)
        self.assertEqual(fresh.ask("GET", API + "session"), 401, "whoever knew the old one is out")
        self.assertEqual(fresh.sign_in("新人", PASSWORD + "二"), 200)
        self.post(admin, f"users/{number}/end", {"reason": "离岗"}, expect=204)
        self.assertEqual(fresh.ask("GET", API + "session"), 401)
        self.assertTrue(self.user("新人")["ended_at"])
        event = self.events("user_ended")[0]
        self.assertEqual((event["who"], event["reason"]), ("何管理", "离岗"))

    def test_the_last_administrator_stays(self):
        admin = self.browser("何管理")
        for one in admin.get(API + "users")["users"]:
            if "administrator" in one["posts"] and one["name"] != "何管理":
                self.post(admin, f"users/{one['user']}/end", {"reason": "x"}, expect=204)
        number = self.user("何管理")["user"]
        self.post(admin, f"users/{number}/end", {"reason": "x"}, expect=409)
        self.post(admin, f"users/{number}", {"take": ["administrator"]}, "PATCH", expect=409)

    # R31: users belong to an organisation tree with posts.
    def test_R31_units_are_a_tree_with_people_in_it(self):
        admin = self.browser("何管理")
        self.post(admin, "units", {"name": "市社保局", "family": "agency"}, expect=201)
        self.post(admin, "units", {"name": "档案科", "family": "agency", "parent": 1}, expect=201)
        self.post(admin, "units", {"name": "档案科", "family": "agency", "parent": 1}, expect=409)
        self.post(admin, "units", {"name": "x", "family": "secret"}, expect=409)
        self.post(admin, "units", {"name": "x", "family": "agency", "parent": 9}, expect=409)
        manager = self.user("孙工")["user"]
        self.post(admin, f"users/{manager}", {"unit": 2}, "PATCH", expect=204)
        self.assertEqual(self.user("孙工")["unit"], 2)
        self.post(admin, "units/2", {"ended": True}, "PATCH", expect=409)
        self.post(admin, "units/1", {"ended": True}, "PATCH", expect=409)
        self.post(admin, f"users/{manager}", {"unit": 0}, "PATCH", expect=204)
        self.post(admin, "units/2", {"ended": True}, "PATCH", expect=204)
        self.post(admin, "units/1", {"name": "市社会保险局"}, "PATCH", expect=204)
        units = {one["unit"]: one for one in admin.get(API + "units")["units"]}
        self.assertEqual((units[1]["name"], units[2]["parent"]), ("市社会保险局", 1))
        self.assertTrue(units[2]["ended_at"])

    # R35: agency (业务), information centre (technical, no business edits), administration (reads).
    def test_R35_three_organisations_three_families_of_roles(self):
        admin = self.browser("何管理")
        for name, family in (("经办", "agency"), ("信息中心", "information"), ("厅", "administration")):
            self.post(admin, "units", {"name": name, "family": family}, expect=201)
        told = admin.get(API + "users")
        numbers = {one["posts"][0]: one["user"] for one in told["users"]
                   if len(one["posts"]) == 1}
        posts = {one["post"]: set(one["rights"]) for one in told["posts"]}
        edits = {"take_in", "describe", "review", "recheck", "approve", "manage"}
        for unit, allowed in ((1, lambda rights: "operate" not in rights),
                              (2, lambda rights: not rights & edits and "query" not in rights),
                              (3, lambda rights: "audit" in rights)):
            for post, number in numbers.items():
                wanted = 204 if allowed(posts[post]) else 409
                self.post(admin, f"users/{number}", {"unit": unit}, "PATCH", expect=wanted)
        # Nor is such a post given to somebody who is in such a unit already.
        technician = numbers["technician"]
        self.post(admin, f"users/{technician}", {"unit": 2}, "PATCH", expect=204)
        self.post(admin, f"users/{technician}", {"give": ["records_manager"]}, "PATCH", expect=409)
        # What their posts then open, route by route.
        technical, supervisor = self.browser("郑技术"), self.browser("周稽核")
        for path in ("search?q=a", "pages/1", "dossiers/1", "audit/entries", "users"):
            self.assertEqual(technical.ask("GET", API + path), 403, path)
        for path in ("custody", "settings", "selfcheck", "custody/alarms"):
            self.assertEqual(technical.ask("GET", API + path), 200, path)
        for method, path, body in CHANGES:
            if path in ("media", "custody/alarms/acknowledge", "selfcheck", "batches/1/release"):
                continue
            self.assertEqual(technical.ask(method, API + path, body), 403, path)
            self.assertEqual(supervisor.ask(method, API + path, body), 403, path)

    # R12: with an expired date lists are visible and images refused.
    def test_R12_without_a_training_contents_stay_closed(self):
        settings = self.archive.folder / "juanzong.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("training_days = 0", "training_days = 365"),
                            encoding="utf-8")
        self.stop()
        self.start()
        clerk, admin = self.browser("吴窗口"), self.browser("何管理")
        self.assertEqual(clerk.ask("GET", API + "dossiers"), 200)
        self.assertEqual(clerk.ask("GET", API + "search?q=a"), 200)
        token = clerk.get(API + "dossiers/1")["pages"][0]["token"]
        picture = f"/iiif/3/{token}/full/max/0/default.jpg"
        for path in (API + "pages/1", picture, f"/iiif/3/{token}/info.json"):
            self.assertEqual(clerk.ask("GET", path), 403, path)
            self.assertEqual(json.loads(clerk.body)["error"]["code"], "training")
        self.assertEqual(clerk.ask("GET", "/iiif/search/2/dossiers/1?q=a"), 403)
        indexer = self.browser("褚著录")
        self.assertEqual(indexer.ask("GET", API + "review/tasks"), 200)
        for who, method, path in ((clerk, "POST", "copies/1/prints"),
                                  (indexer, "POST", "review/claims"),
                                  (indexer, "POST", "review/confirmations"),
                                  (indexer, "GET", f"review/fields/{token}/person_name/-"),
                                  (indexer, "GET", "review/corrections"),
                                  (indexer, "POST", "review/corrections")):
            body = {} if method == "POST" else None
            self.assertEqual(who.ask(method, API + path, body), 403, path)
            self.assertEqual(json.loads(who.body)["error"]["code"], "training", path)
        number = self.user("吴窗口")["user"]
        old = (date.today() - timedelta(days=400)).isoformat()
        self.post(admin, f"users/{number}", {"trained_on": old}, "PATCH", expect=204)
        self.assertFalse(self.user("吴窗口")["training_holds"])
        self.assertEqual(self.browser("吴窗口").ask("GET", picture), 403)
        self.post(admin, f"users/{number}", {"trained_on": TOMORROW}, "PATCH", expect=409)
        self.post(admin, f"users/{number}", {"trained_on": date.today().isoformat()}, "PATCH",
                  expect=204)
        time.sleep(6)  # rights are looked up again
        self.assertEqual(clerk.ask("GET", API + "pages/1"), 200)
        self.assertEqual(clerk.ask("GET", picture), 200)
        self.assertIn(("refused", "page 1", "training"),
                      [(one["action"], one["object"], one["reason"]) for one in self.log()])

    # R15: a seeded weak setting is listed, and the report is stored.
    def test_R15_the_selfcheck_lists_a_weak_setting_and_is_filed(self):
        technician = self.browser("郑技术")
        kinds = {one["kind"] for one in technician.get(API + "selfcheck")["findings"]}
        self.assertNotIn("mode_open", kinds)
        os.chmod(self.archive.folder / "juanzong.toml", 0o666)
        told = technician.get(API + "selfcheck")
        self.assertIn("mode_open", {one["kind"] for one in told["findings"]})
        self.assertTrue(told["components"][0].startswith("juanzong "))
        self.post(technician, "selfcheck", expect=201)
        report = json.loads(technician.body)["report"]
        filed = technician.get(API + "selfcheck")["last_filed"]
        self.assertEqual((filed["report"], filed["made_by"]), (report, "郑技术"))
        name = report.removeprefix("sha256-")
        stored = (self.archive.folder / "objects" / "sha256" / name[:2] / name[2:]).read_bytes()
        self.assertIn(b"mode_open", stored)
        by_command = json.loads(self.archive.run("selfcheck", "--no-keep", "--json").stdout)
        self.assertEqual({one["kind"] for one in by_command["findings"]},
                         {one["kind"] for one in told["findings"]})

    def test_settings_say_where_each_comes_from(self):
        told = self.browser("何管理").get(API + "settings")["settings"]
        by = {(one["section"], one["name"]): one for one in told}
        self.assertEqual(by[("custody", "scrub_days")]["value"], "30")
        self.assertEqual(by[("custody", "scrub_days")]["source"], "file")


class ShopFloor(Serving):
    def test_a_sample_is_drawn_judged_and_filed(self):
        checker = self.browser("李复核")
        self.post(checker, "batches/1/acceptances", expect=201)
        self.post(checker, "batches/1/acceptances", expect=409)
        sample = checker.get(API + "batches/1/acceptances")["acceptances"][0]["sample"]
        self.post(checker, "batches/1/acceptances/fault",
                  {"page": sample[0]["page"], "fault": "缺角"}, expect=204)
        self.post(checker, "batches/1/acceptances/fault", {"page": 999, "fault": "x"}, expect=409)
        self.post(checker, "batches/1/acceptances/close", expect=200)
        self.assertFalse(json.loads(checker.body)["passed"])
        told = json.loads(self.archive.run("accept", "1", "--json").stdout)
        self.assertEqual((told["passed"], told["closed_by"]), (False, "李复核"))

    def test_a_page_that_stays_set_aside_says_why(self):
        box = self.work / "torn"
        box.mkdir()
        (box / "1.jpg").write_bytes(b"no picture at all")
        self.archive.ingest(box)
        manager = self.browser("孙工")
        batch = manager.get(API + "batches")["batches"][-1]["number"]
        page = manager.get(f"{API}batches/{batch}")["set_aside"][0]
        self.assertIsNone(page["settled"])
        self.post(self.browser("冯扫描"), f"pages/{page['page']}/settle", {"reason": "x"}, expect=403)
        self.post(manager, f"pages/{page['page']}/settle", {"reason": ""}, expect=400)
        self.post(manager, f"pages/{page['page']}/settle", {"reason": "原件即破损"}, expect=204)
        self.post(manager, f"pages/{page['page']}/settle", {"reason": "再"}, expect=409)
        self.post(manager, "pages/1/settle", {"reason": "x"}, expect=409)
        settled = manager.get(f"{API}batches/{batch}")["set_aside"][0]["settled"]
        self.assertEqual((settled["by"], settled["reason"]), ("孙工", "原件即破损"))
        told = manager.get(API + "overview")
        self.assertEqual([one["pages"] for one in told["faults"]], [1])
        self.assertEqual(sum(day["set_aside"] for day in told["pages"]), 1)

    def test_a_page_that_was_set_aside_is_tried_again(self):
        box = self.work / "many"
        box.mkdir()
        (box / "1.jpg").write_bytes(b"no picture at all")
        shutil.copy(SCANS / "work_injury/0002.png", box / "2.png")
        settings = self.archive.folder / "juanzong.toml"
        usual = settings.read_text(encoding="utf-8")
        settings.write_text(usual.replace("pixels_max = 120000000", "pixels_max = 1000"),
                            encoding="utf-8")
        self.archive.ingest(box)
        settings.write_text(usual, encoding="utf-8")
        operator = self.browser("冯扫描")
        batch = operator.get(API + "batches")["batches"][-1]["number"]
        aside = {page["source"]: page["page"]
                 for page in operator.get(f"{API}batches/{batch}")["set_aside"]}
        self.assertLessEqual({"1.jpg", "2.png"}, set(aside))
        self.post(operator, f"pages/{aside['1.jpg']}/retry", expect=409)
        self.assertIn("重新扫描", json.loads(operator.body)["error"]["zh"])
        self.post(operator, f"pages/{aside['2.png']}/retry", expect=204)
        self.post(operator, f"pages/{aside['2.png']}/retry", expect=409)
        left = operator.get(f"{API}batches/{batch}")
        self.assertNotIn(aside["2.png"], [page["page"] for page in left["set_aside"]])
        self.assertTrue(self.events("page_filed_again"))
        self.stop()
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_the_four_properties_of_a_dossier_are_examined_now(self):
        manager = self.browser("孙工")
        number = manager.get(API + "dossiers")["dossiers"][0]["number"]
        report = manager.get(f"{API}dossiers/{number}/properties")
        by_property = {row["property"] for row in report["rows"]}
        self.assertEqual(by_property, {"authenticity", "integrity", "usability", "security"})
        damaged = [row["code"] for row in report["rows"] if row["result"] == "failed"]
        page = manager.get(f"{API}dossiers/{number}")["pages"][0]["page"]
        blob = json.loads(self.archive.run("show", page, "--json").stdout)["source_object"]
        self.archive.spoil(blob)
        spoilt = manager.get(f"{API}dossiers/{number}/properties")
        self.assertTrue(spoilt["failed"])
        now = [row["code"] for row in spoilt["rows"] if row["result"] == "failed"]
        self.assertGreater(len(now), len(damaged))
        self.assertEqual(manager.ask("GET", f"{API}dossiers/99999/properties"), 404)

    def test_a_held_batch_is_released_for_a_reason(self):
        box = self.work / "short"
        box.mkdir()
        (box / "1.bmp").write_bytes(blank_page())
        self.archive.ingest("--sheets", 2, "--sides", 1, box)
        manager = self.browser("孙工")
        batch = [one for one in manager.get(API + "batches")["batches"] if one["state"] == "held"][0]
        self.post(manager, f"batches/{batch['number']}/release", {"reason": ""}, expect=400)
        self.post(manager, f"batches/{batch['number']}/release", {"reason": "少报一张"}, expect=204)
        self.post(manager, f"batches/{batch['number']}/release", {"reason": "再"}, expect=409)
        self.assertEqual(manager.get(f"{API}batches/{batch['number']}")["state"], "complete")

    def test_the_board_is_counted_and_found_by_the_records(self):
        manager = self.browser("孙工")
        whole = manager.get(API + "dossiers")
        counts = whole["counts"]
        self.assertEqual(counts["all"], len(whole["dossiers"]))
        for state in ("errors", "warnings", "clean", "set_aside"):
            told = manager.get(f"{API}dossiers?state={state}")
            self.assertEqual((told["total"], len(told["dossiers"])), (counts[state],) * 2, state)
        title = whole["dossiers"][0]["title"]
        if title:
            self.assertTrue(manager.get(f"{API}dossiers?q={quote(title)}")["dossiers"])
        self.assertEqual(manager.get(API + "dossiers?q=%25")["dossiers"], [])
        self.assertEqual(manager.ask("GET", API + "dossiers?state=else"), 400)
        self.assertIn("absent", whole["dossiers"][0]["papers"])


class Events(Serving):
    def listen(self, browser):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.addCleanup(connection.close)
        connection.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                           f"Cookie: {browser.cookie}\r\n\r\n".encode())
        return connection.makefile("rb")

    @staticmethod
    def heard(stream, event):
        for line in stream:
            if line.strip() == f"event: {event}".encode():
                while not line.startswith(b"data: "):
                    line = next(stream)
                return json.loads(line[6:])
        raise AssertionError("the stream ended")

    def test_batches_are_told_as_they_come(self):
        manager = self.browser("孙工")
        stream = self.listen(manager)
        first = self.heard(stream, "batches")
        self.assertEqual(len(first["batches"]), 1)
        self.heard(stream, "alarms")
        box = self.work / "more"
        box.mkdir()
        (box / "1.bmp").write_bytes(blank_page())
        self.archive.ingest(box)
        told = self.heard(stream, "batches")["batches"]
        self.assertEqual(told[0]["name"], "more")

    def test_a_stream_ends_with_its_session_and_with_the_server(self):
        manager, other = self.browser("孙工"), self.browser("钱主任")
        stream, second = self.listen(manager), self.listen(other)
        self.heard(stream, "batches")
        self.heard(second, "batches")
        self.assertEqual(manager.ask("DELETE", API + "session"), 204)
        began = time.monotonic()
        stream.read()
        self.assertLess(time.monotonic() - began, 10)
        self.stop()
        second.read()
        self.assertEqual(self.server.returncode, 0)

    def test_nobody_hears_without_a_session(self):
        stream = self.listen(self.browser())
        self.assertIn(b"401", stream.readline())

    def test_a_session_has_few_streams(self):
        manager = self.browser("孙工")
        streams = [self.listen(manager) for _ in range(6)]
        for stream in streams[2:]:
            self.heard(stream, "batches")
        streams[0].read()  # ended, for the newer ones
        manager.get(API + "status")


class Uploading(Serving):
    def sent(self, browser, data, name="1.bmp", batch="box-9", said=None, piece=50_000):
        """Status of the last answer."""
        digest = said or hashlib.sha256(data).hexdigest()
        status = browser.ask("POST", API + "uploads", {"batch": batch, "name": name,
                                                       "size": len(data), "sha256": digest})
        if status not in (200, 201):
            return status
        upload = json.loads(browser.body)
        at = upload["received"]
        while upload["state"] != "accepted":
            status = self.piece(browser, upload["id"], at, data[at:at + piece])
            if status != 200:
                return status
            upload = json.loads(browser.body)
            at = upload["received"]
        return status

    @staticmethod
    def piece(browser, number, offset, data):
        connection = browser.connection
        connection.request("PATCH", f"{API}uploads/{number}", data,
                           {"Cookie": browser.cookie, "X-CSRF": browser.csrf,
                            "Content-Type": "application/octet-stream",
                            "Upload-Offset": str(offset)})
        answer = connection.getresponse()
        browser.body = answer.read()
        return answer.status

    def inbox(self):
        top = self.archive.folder / "inbox"
        return {path.relative_to(top).as_posix(): path.read_bytes()
                for path in top.rglob("*") if path.is_file()}

    # R41: a truncated upload is rejected.
    def test_R41_a_truncated_or_altered_upload_is_rejected(self):
        operator = self.browser("冯扫描")
        page = blank_page()
        whole = hashlib.sha256(page).hexdigest()
        self.assertEqual(self.sent(operator, page[:-1], said=whole), 422)
        self.assertEqual(json.loads(operator.body)["error"]["code"], "upload_hash")
        self.assertEqual(self.sent(operator, page[:-1] + b"\0", said=whole), 422)
        told = operator.get(API + "uploads")
        self.assertEqual((told["uploads"], told["waiting"]), ([], []))
        self.post(operator, "uploads/deliver", {"batch": "box-9", "files": 1}, expect=404)
        spool = [path for path in (self.archive.folder / "spool").rglob("*")
                 if path.is_file() and path.name != "beside.lock"]
        self.assertEqual((spool, self.inbox()), ([], {}), "nothing of it entered")
        self.assertIn("upload_refused", [one["action"] for one in self.log()])

    def test_R41_what_was_accepted_is_taken_in_byte_for_byte(self):
        operator = self.browser("冯扫描")
        pages = {f"{i}.bmp": blank_page(400 + 8 * i) for i in range(1, 4)}
        for name, data in pages.items():
            self.assertEqual(self.sent(operator, data, name), 200)
        self.assertEqual(self.inbox(), {}, "not before the batch is handed over")
        self.post(operator, "uploads/deliver", {"batch": "box-9", "files": 2}, expect=409)
        for _ in range(2):  # also for whoever lost the answer
            self.post(operator, "uploads/deliver", {"batch": "box-9", "files": 3}, expect=204)
        self.assertEqual(self.inbox(), {f"box-9/{name}": data for name, data in pages.items()})
        self.stop()
        inbox = self.archive.folder / "inbox"
        watched = self.archive.run("watch", "--once", inbox)
        self.assertEqual(watched.returncode, 0, watched.stderr)
        counts = json.loads(self.archive.run("status", "box-9", "--json").stdout)["batches"][0]
        self.assertEqual(counts["counts"]["filed"], 3)

    def test_it_goes_on_where_it_stopped_and_after_a_restart(self):
        operator = self.browser("冯扫描")
        page = blank_page()
        begun = {"batch": "箱 7", "name": "卷一/1.bmp", "size": len(page),
                 "sha256": hashlib.sha256(page).hexdigest()}
        self.assertEqual(operator.ask("POST", API + "uploads", begun), 201)
        number = json.loads(operator.body)["id"]
        self.assertEqual(self.piece(operator, number, 0, page[:1000]), 200)
        self.assertEqual(self.piece(operator, number, 0, page[:1000]), 409, "sent twice")
        self.assertEqual(json.loads(operator.body)["error"]["received"], 1000)
        self.assertEqual(self.piece(self.browser("何管理"), number, 1000, page[1000:]), 403)
        self.stop()
        self.start()
        again = self.browser("冯扫描")
        self.assertEqual(again.ask("POST", API + "uploads", begun), 200)
        self.assertEqual(json.loads(again.body)["received"], 1000)
        self.assertEqual(self.sent(again, page, "卷一/1.bmp", "箱 7"), 200)
        self.post(again, "uploads/deliver", {"batch": "箱 7", "files": 1}, expect=204)
        self.assertEqual(self.inbox(), {"箱 7/卷一/1.bmp": page})

    def killed(self):
        self.server.kill()
        self.server.wait()
        self.stop()

    def test_a_note_that_a_kill_left_behind_keeps_no_batch_back(self):
        operator = self.browser("冯扫描")
        page = blank_page()
        self.assertEqual(operator.ask("POST", API + "uploads", {
            "batch": "box-9", "name": "1.bmp", "size": len(page),
            "sha256": hashlib.sha256(page).hexdigest()}), 201)
        number = json.loads(operator.body)["id"]
        note = self.archive.folder / "spool" / "uploads" / f"{number}.json"
        kept = note.read_bytes()
        self.assertEqual(self.piece(operator, number, 0, page), 200)
        self.killed()
        note.write_bytes(kept)
        self.start()
        again = self.browser("冯扫描")
        told = again.get(API + "uploads")
        self.assertEqual((told["uploads"], told["waiting"][0]["files"]), ([], 1))
        self.post(again, "uploads/deliver", {"batch": "box-9", "files": 1}, expect=204)
        self.assertEqual(self.inbox(), {"box-9/1.bmp": page})

    def test_trouble_when_a_file_is_accepted_loses_nothing_that_was_sent(self):
        operator = self.browser("冯扫描")
        page = blank_page()
        in_the_way = self.archive.folder / "spool" / "uploads" / "accepted" / "box-9"
        self.assertEqual(operator.ask("POST", API + "uploads", {
            "batch": "box-9", "name": "1.bmp", "size": len(page),
            "sha256": hashlib.sha256(page).hexdigest()}), 201)
        number = json.loads(operator.body)["id"]
        in_the_way.touch()
        self.assertEqual(self.piece(operator, number, 0, page), 409)
        error = json.loads(operator.body)["error"]
        self.assertEqual(error["code"], "upload_blocked")
        self.assertIn("spool/uploads/accepted", error["en"])
        self.assertEqual(operator.get(API + "uploads")["uploads"][0]["received"], len(page))
        in_the_way.unlink()
        self.assertEqual(self.sent(operator, page), 200, "with the empty rest")
        self.post(operator, "uploads/deliver", {"batch": "box-9", "files": 1}, expect=204)
        self.assertEqual(self.inbox(), {"box-9/1.bmp": page})

    def other_disk(self):
        """A folder that lies on another disk than the archive, as a scanner's share does."""
        for place in ("/dev/shm", "/var/tmp"):
            if os.access(place, os.W_OK) and os.stat(place).st_dev != os.stat(
                    self.archive.folder).st_dev:
                folder = tempfile.TemporaryDirectory(prefix="juanzong-hot-", dir=place)
                self.addCleanup(folder.cleanup)
                return Path(folder.name)
        return self.skipTest("no other disk is there")

    def test_a_kill_on_the_way_to_another_disk_leaves_all_of_a_batch_or_nothing(self):
        hot = self.other_disk()
        self.stop()
        settings = self.archive.folder / "juanzong.toml"
        text, changed = re.subn(r'(?ms)(^\[uploads\]$.*?^folder = )""', rf'\g<1>"{hot}"',
                                settings.read_text(encoding="utf-8"))
        self.assertEqual(changed, 1)
        settings.write_text(text, encoding="utf-8")
        self.start()
        pages = {f"{i:02}.bmp": blank_page(400 + 8 * i) + bytes(200_000) for i in range(12)}
        operator = self.browser("冯扫描")
        for name, data in pages.items():
            self.assertEqual(self.sent(operator, data, name, piece=1 << 20), 200)

        def kill():
            end = time.monotonic() + 30
            while time.monotonic() < end:
                if sum(file.endswith(".bmp") for _, _, files in os.walk(hot) for file in files) > 3:
                    break
            self.server.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        with contextlib.suppress(OSError, http.client.HTTPException):
            self.post(operator, "uploads/deliver", {"batch": "box-9", "files": len(pages)})
        killer.join()
        self.killed()
        whole = set(pages)
        shown = {path.name for path in hot.glob("[!.]*/*")}
        self.assertIn(shown, (set(), whole))

        self.start()
        again = self.browser("冯扫描")
        if again.get(API + "uploads")["waiting"]:
            self.post(again, "uploads/deliver", {"batch": "box-9", "files": len(pages)},
                      expect=204)
        there = {path.relative_to(hot).as_posix(): path.read_bytes()
                 for path in hot.rglob("*") if path.is_file()}
        self.assertEqual(there, {f"box-9/{name}": data for name, data in pages.items()})
        self.assertEqual(again.get(API + "uploads")["waiting"], [])

    def test_names_sizes_and_hashes_that_are_none(self):
        operator = self.browser("冯扫描")
        good = {"batch": "b", "name": "1.tif", "size": 10, "sha256": "0" * 64}
        for key, bad in (("batch", ""), ("batch", ".."), ("batch", "a/b"), ("batch", ".hidden"),
                         ("name", "../1.tif"), ("name", "/etc/passwd"), ("name", "a//b"),
                         ("name", "a\\b"), ("name", "a/.b"), ("name", "a/b/c/d/e"),
                         ("name", "x" * 300), ("sha256", "0" * 63), ("sha256", "G" * 64),
                         ("size", -1), ("size", "10")):
            status = operator.ask("POST", API + "uploads", {**good, key: bad})
            self.assertEqual(status, 400, (key, bad, operator.body))
        self.assertEqual(operator.ask("POST", API + "uploads", {**good, "size": 1 << 40}), 413)
        self.assertEqual(operator.ask("POST", API + "uploads", {**good, "size": 0}), 413)
        self.assertEqual(self.piece(operator, "0" * 32, 0, b"x"), 404)
        self.assertEqual(operator.get(API + "uploads")["uploads"], [])

    def test_the_same_file_again_is_no_second_one_and_another_is_refused(self):
        operator = self.browser("冯扫描")
        page = blank_page()
        self.assertEqual(self.sent(operator, page), 200)
        self.assertEqual(self.sent(operator, page), 200)
        self.assertEqual(self.sent(operator, blank_page(408)), 409)
        self.assertEqual(operator.get(API + "uploads")["waiting"][0]["files"], 1)
        self.assertEqual(self.sent(operator, page, "2.bmp"), 200)
        self.assertEqual(operator.ask("POST", API + "uploads", {
            "batch": "box-9", "name": "3.bmp", "size": 9, "sha256": "0" * 64}), 201)
        number = json.loads(operator.body)["id"]
        self.post(operator, "uploads/deliver", {"batch": "box-9", "files": 2}, expect=409)
        self.assertEqual(operator.ask("DELETE", f"{API}uploads/{number}"), 204)
        self.post(operator, "uploads/deliver", {"batch": "box-9", "files": 2}, expect=204)


if __name__ == "__main__":
    unittest.main()
