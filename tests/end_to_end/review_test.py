"""The review bench of `juanzong serve`: doubtful values, steps of cases, corrections, double keying,
and what somebody from outside may (R33, R44, R50, R51)."""

import json
import os
import re
import shutil
import sqlite3
import threading
import unittest
from contextlib import closing
from datetime import date, timedelta
from urllib.parse import quote

import serve_test
from program import PASSWORD, ROOT, EndToEnd, filed_once, juanzong
from serve_test import NUMBER, Serving

OFFICE = (("李工", "indexer"), ("王工", "indexer"), ("赵工", "indexer"), ("陈审", "first_reviewer"),
          ("卫复", "rechecker"), ("钱主任", "approver"), ("周稽核", "auditor"))
CONTRACTOR = "外包甲"
API = "/api/v1/review"


def setUpModule():
    folder = filed_once("maternity/0001.jpg", "maternity/0003.jpg", "refund/0001.tif", users=OFFICE)
    serve_test.Filed.folder = folder
    for name, until in ((CONTRACTOR, "2099-12-31"), ("外包乙", "2099-12-31")):
        made = juanzong("user", "add", "--archive", folder, name, "--post", "indexer",
                        "--agreement", "BM-7", "--until", until, "--password",
                        given=PASSWORD + "\n")
        if made.returncode != 0:
            raise AssertionError(made.stderr)


def path_of(task):
    row = "-" if task["row"] is None else task["row"]
    return f"{API}/fields/{task['token']}/{quote(task['field'])}/{row}"


class Bench(Serving):
    def claim(self, browser, expect=200, **wanted):
        status = browser.ask("POST", f"{API}/claims", {"below": 1, **wanted})
        self.assertEqual(status, expect, browser.body)
        return json.loads(browser.body)

    def tasks(self, browser, **wanted):
        return self.claim(browser, **wanted)["tasks"]

    def confirmable(self, browser, **wanted):
        """A task of which the value read can be confirmed at once and counts by one person."""
        for task in self.tasks(browser, count=20, **wanted):
            if task["value"] and not task["mandatory"] and task["validity"] == "valid":
                return task
        raise AssertionError("no such value in the samples: the test shows nothing")

    def say(self, browser, task, action, etag=None, **said):
        headers = {"If-Match": task["etag"] if etag is None else etag}
        return browser.ask("POST", path_of(task), {"action": action, **said}, headers)

    def field(self, task):
        page = json.loads(self.archive.run("show", task["page"], "--json").stdout)
        return next(one for one in page["fields"]
                    if (one["field"], one["row"]) == (task["field"], task["row"]))

    def events(self, query, *values):
        path = self.archive.folder / "records.sqlite"
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as records:
            return records.execute(query, values).fetchall()


class Values(Bench):
    def test_the_gravest_doubt_comes_first_and_the_list_tells_no_value(self):
        browser = self.browser("李工")
        listed = browser.get(f"{API}/tasks?below=1&limit=200")
        risks = [task["risk"] for task in listed["tasks"]]
        self.assertGreater(len(risks), 20)
        self.assertEqual(risks, sorted(risks, reverse=True))
        self.assertNotRegex(browser.body.decode(), NUMBER)
        some = browser.get(f"{API}/tasks?below=1&limit=7")
        self.assertEqual(some["left"], listed["left"])
        rest = browser.get(f"{API}/tasks?below=1&limit=7&after={quote(some['next'])}")
        both = [(t["page"], t["field"], t["row"]) for t in some["tasks"] + rest["tasks"]]
        self.assertEqual(both, [(t["page"], t["field"], t["row"]) for t in listed["tasks"][:14]])
        doubtful = browser.get(f"{API}/tasks")["left"]
        self.assertLess(doubtful, listed["left"])
        dossier = listed["tasks"][0]["dossier"]
        of_one = browser.get(f"{API}/tasks?below=1&limit=200&dossier={dossier}")
        self.assertEqual({task["dossier"] for task in of_one["tasks"]}, {dossier})
        self.assertEqual(of_one["left"], sum(t["dossier"] == dossier for t in listed["tasks"]))
        self.assertEqual(browser.get(f"{API}/tasks?below=1&dossier=999999")["left"], 0)
        for bad in ("below=2", "below=x", "kind=other", "after=1", "batch=-1", "limit=x"):
            self.assertEqual(browser.ask("GET", f"{API}/tasks?{bad}"), 400, bad)

    def test_only_who_may_describe_works_at_the_bench(self):
        for name in ("陈审", "卫复", "钱主任", "周稽核"):
            browser = self.browser(name)
            self.assertEqual(browser.ask("GET", f"{API}/tasks"), 403, name)
            self.claim(browser, expect=403)

    def test_a_task_is_one_reviewers_until_it_is_given_back(self):
        one, other = self.browser("李工"), self.browser("王工")
        mine = self.tasks(one, count=3)
        theirs = self.tasks(other, count=3)
        places = [(t["page"], t["field"], t["row"]) for t in mine + theirs]
        self.assertEqual(len(set(places)), 6, "nobody gets what somebody else works on")
        self.assertEqual(other.ask("GET", path_of_for(other, mine[0])), 409)
        self.assertEqual(json.loads(other.body)["error"]["code"], "held")
        held = other.get(f"{API}/tasks?below=1")["tasks"]
        self.assertTrue(any(task["held_by_other"] for task in held))
        self.assertEqual(one.ask("DELETE", f"{API}/claims"), 204)
        self.assertEqual(other.ask("GET", path_of_for(other, mine[0])), 200)
        self.assertEqual(json.loads(other.body)["etag"], other.headers["ETag"])

    def test_the_picture_is_the_value_and_goes_to_who_has_the_task(self):
        one, other = self.browser("李工"), self.browser("王工")
        task = self.tasks(one)[0]
        self.assertEqual(one.ask("GET", path_of(task) + "/snippet"), 200)
        self.assertEqual(one.headers["Content-Type"], "image/jpeg")
        self.assertTrue(one.body.startswith(b"\xff\xd8"))
        self.assertEqual(other.ask("GET", path_of_for(other, task) + "/snippet"), 409)
        self.assertEqual(other.ask("GET", path_of(task) + "/snippet"), 404,
                         "a token is good in its own session")
        entries = [(e["who"], e["object"]) for e in self.log() if e["action"] == "field_opened"]
        self.assertTrue(any(who == "李工" and object_.startswith(f"page {task['page']} ")
                            for who, object_ in entries))

    def test_what_is_confirmed_counts_and_can_be_taken_back(self):
        browser = self.browser("李工")
        task = self.confirmable(browser)
        left = self.claim(browser)["left"]
        self.assertEqual(browser.ask("POST", path_of(task), {"action": "confirm"}), 428)
        self.assertEqual(self.say(browser, task, "confirm", reason="核对影像"), 200, browser.body)
        self.assertEqual(json.loads(browser.body)["outcome"], "settled")
        self.assertEqual(self.claim(browser)["left"], left - 1)
        field = self.field(task)
        self.assertTrue(field["by_person"])
        self.assertEqual(field["value"], task["value"])
        event = self.events("SELECT actor, post, reason, method, object_number FROM events "
                            "WHERE action = 'value_typed'")[-1]
        self.assertEqual(event, ("李工", "indexer", "核对影像", "serve review", task["page"]))
        self.assertEqual(self.say(browser, task, "confirm"), 412, "what is settled is not again")
        self.assertEqual(self.say(browser, task, "take_back"), 200)
        self.assertEqual(json.loads(browser.body)["task"]["value"], task["value"])
        self.assertFalse(self.field(task)["by_person"])
        self.assertEqual(self.say(browser, task, "take_back"), 409, "there is nothing any more")
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_what_is_corrected_keeps_what_was_read(self):
        browser = self.browser("李工")
        texts = [t for t in self.tasks(browser, count=20) if t["type"] in ("name", "text")]
        task = max(texts, key=lambda t: t["mandatory"])
        self.assertEqual(self.say(browser, task, "correct", value=""), 400)
        self.assertEqual(self.say(browser, task, "correct", value="欧阳试录"), 200, browser.body)
        outcome = json.loads(browser.body)["outcome"]
        typed = json.loads(self.archive.run("value", task["page"], task["field"], "--json").stdout)
        self.assertEqual(typed["typed"][-1]["value"], "欧阳试录")
        self.assertEqual(typed["typed"][-1]["person"], "李工")
        self.assertTrue(typed["typed"][-1]["box"])
        self.assertEqual(typed["machine_value"], task["value"])
        if task["mandatory"]:
            self.assertEqual(outcome, "waits")
            own = browser.get(path_of(task))
            self.assertEqual(self.say(browser, own, "confirm"), 409)
            self.assertEqual(json.loads(browser.body)["error"]["code"], "own")
            browser.ask("DELETE", f"{API}/claims")
            second = self.browser("王工")
            again = next(t for t in self.tasks(second, count=20)
                         if (t["page"], t["field"]) == (task["page"], task["field"]))
            self.assertEqual((again["value"], again["typed"]), ("欧阳试录", "typed_not_confirmed"))
            self.assertEqual(self.say(second, again, "confirm"), 200)

    def test_what_is_no_value_of_the_field_is_refused_with_its_format(self):
        browser = self.browser("李工")
        task = next(t for t in self.tasks(browser, count=20)
                    if t["type"] in ("money", "date", "year_month", "integer"))
        self.assertEqual(self.say(browser, task, "correct", value="欧阳"), 422, browser.body)
        self.assertEqual(json.loads(browser.body)["error"]["code"], "value")
        self.assertEqual(self.say(browser, task, "confirm"), 200, "the task is still theirs")

    def test_two_who_cannot_read_it_end_the_task(self):
        one, other = self.browser("李工"), self.browser("王工")
        task = self.tasks(one)[0]
        self.assertEqual(self.say(one, task, "unreadable"), 409, "without a reason")
        self.assertEqual(self.say(one, task, "unreadable", reason="墨迹"), 200, one.body)
        self.assertEqual(json.loads(one.body)["outcome"], "waits")
        same = next(t for t in self.tasks(other, count=20)
                    if (t["page"], t["field"], t["row"]) == (task["page"], task["field"], task["row"]))
        self.assertEqual(same["unreadable"], 1)
        self.assertEqual(self.say(other, same, "unreadable", reason="墨迹"), 200)
        self.assertEqual(json.loads(other.body)["outcome"], "settled")
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_values_that_read_the_same_are_confirmed_at_once(self):
        browser = self.browser("李工")
        task = next(t for t in self.tasks(browser, count=20) if t.get("equal", 0) > 1)
        group = self.claim(browser, like={key: task[key] for key in ("token", "field", "row")})
        same = group["tasks"]
        self.assertEqual(len(same), task["equal"])
        self.assertEqual({t["value"] for t in same}, {task["value"]})
        fields = [{key: t[key] for key in ("token", "field", "row", "etag")} for t in same]
        fields[-1]["etag"] = '"of before"'
        self.assertEqual(browser.ask("POST", f"{API}/confirmations",
                                     {"fields": fields, "reason": "同"}), 200, browser.body)
        self.assertEqual(json.loads(browser.body),
                         {"confirmed": len(same) - 1, "changed_meanwhile": 1})
        other = next(t for t in self.tasks(browser, count=20) if t["value"] != task["value"])
        mixed = [same[-1], other]
        fields = [{key: t[key] for key in ("token", "field", "row", "etag")} for t in mixed]
        self.assertEqual(browser.ask("POST", f"{API}/confirmations", {"fields": fields}), 400)

    def test_what_somebody_else_settled_meanwhile_is_not_overwritten(self):
        one, other = self.browser("李工"), self.browser("王工")
        task = self.confirmable(one)
        self.assertEqual(one.ask("DELETE", f"{API}/claims"), 204)
        self.assertEqual(other.ask("GET", path_of_for(other, task)), 200)
        theirs = json.loads(other.body)
        self.assertEqual(self.say(one, task, "confirm"), 409, "the other one has it now")
        self.assertEqual(self.say(other, theirs, "confirm"), 200)
        self.assertEqual(self.say(one, task, "correct", value=task["value"]), 412)
        typed = json.loads(self.archive.run("value", task["page"], named(task), "--json").stdout)
        self.assertEqual([t["person"] for t in typed["typed"]], ["王工"])

    def test_twenty_at_once_leave_one_statement(self):
        browsers = [self.browser(name) for name in ("李工", "王工", "赵工") for _ in range(4)]
        task = self.confirmable(browsers[0])
        self.assertEqual(browsers[0].ask("DELETE", f"{API}/claims"), 204)
        begin = threading.Barrier(len(browsers))
        answers = []

        def race(browser):
            begin.wait()
            mine = {**task, "token": token_for(browser, task)}
            answers.append(self.say(browser, mine, "confirm"))

        threads = [threading.Thread(target=race, args=(browser,)) for browser in browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers.count(200), 1, answers)
        self.assertLessEqual(set(answers), {200, 409, 412})
        typed = json.loads(self.archive.run("value", task["page"], named(task), "--json").stdout)
        self.assertEqual(len(typed["typed"]), 1)


def named(task):
    return task["field"] if task["row"] is None else f"{task['field']}[{task['row']}]"


def token_for(browser, task):
    """The name of a page in another session: pages are listed with it."""
    listed = json.loads(browser_get(browser, f"{API}/tasks?below=1&limit=200"))["tasks"]
    return next(t["token"] for t in listed if t["page"] == task["page"])


def path_of_for(browser, task):
    return path_of({**task, "token": token_for(browser, task)})


def browser_get(browser, path):
    if browser.ask("GET", path) != 200:
        raise AssertionError(browser.body)
    return browser.body


class DoubleKeying(Bench):
    """一稿双录."""

    def setUp(self):
        EndToEnd.setUp(self)
        self.archive = self.copy_of(serve_test.Filed.folder)
        # Every value of these pages is taken for handwriting that the machine hardly reads.
        folder = self.work / "config"
        shutil.copytree(ROOT / "config", folder, ignore=shutil.ignore_patterns("*.cpp", "*.h"))
        table = folder / "duties" / "review_bench.csv"
        text = table.read_text(encoding="utf-8")
        table.write_text(re.sub(r"(?m)^double_keying_below,[^,]*", "double_keying_below,1", text),
                         encoding="utf-8")
        os.environ["JUANZONG_CONFIG"] = str(folder)
        self.addCleanup(os.environ.pop, "JUANZONG_CONFIG")
        self.start()

    def written(self, browser):
        tasks = self.tasks(browser, kind="keying", count=20)
        tasks = [t for t in tasks if t["type"] in ("name", "text", "code", "address")] or tasks
        if not tasks:
            self.skipTest("nothing on these samples is handwritten")
        return tasks[0]

    def same(self, browser, task):
        return next(t for t in self.tasks(browser, kind="keying", count=20)
                    if (t["page"], t["field"], t["row"]) ==
                    (task["page"], task["field"], task["row"]))

    def test_two_key_blindly_and_a_third_compares(self):
        first, second, third = (self.browser(name) for name in ("李工", "王工", "赵工"))
        task = self.written(first)
        for blind in ("value", "raw", "alternatives", "confidence", "values", "problem"):
            self.assertNotIn(blind, task, "nothing but the paper")
        self.assertEqual(self.say(first, task, "confirm"), 409, "one person is not enough")
        one, two = ("欧阳甲", "欧阳乙")
        self.assertEqual(self.say(first, task, "key", value=one), 200, first.body)
        self.assertEqual(json.loads(first.body), {"outcome": "waits"})
        self.assertNotIn(task["page"], [t["page"] for t in self.tasks(first, kind="keying", count=20)
                                        if t["field"] == task["field"]
                                        and t["row"] == task["row"]])
        again = self.same(second, task)
        self.assertEqual(again["kind"], "keying")
        self.assertNotIn(one, json.dumps(again, ensure_ascii=False))
        self.assertNotIn(one, self.archive.run("show", task["page"], "--json").stdout)
        self.assertEqual(self.say(second, again, "key", value=two), 200, second.body)
        self.assertEqual(json.loads(second.body), {"outcome": "differs"})
        compared = self.same(third, task)
        self.assertEqual((compared["kind"], {v["value"] for v in compared["values"]}),
                         ("comparison", {one, two}))
        self.assertEqual(self.say(third, compared, "decide", value=two), 200, third.body)
        field = self.field(task)
        self.assertEqual((field["value"], field["by_person"]), (two, True))
        actions = [row[0] for row in self.events(
            "SELECT action FROM events WHERE action IN ('value_keyed', 'keyings_decided')")]
        self.assertEqual(actions, ["value_keyed", "value_keyed", "keyings_decided"])
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_two_that_agree_count(self):
        first, second = self.browser("李工"), self.browser("王工")
        task = self.written(first)
        self.assertEqual(self.say(first, task, "key", value="欧阳甲"), 200, first.body)
        again = self.same(second, task)
        self.assertEqual(self.say(second, again, "key", value="欧阳 甲"), 200, second.body)
        self.assertEqual(json.loads(second.body), {"outcome": "agreed"})
        self.assertEqual(self.field(task)["value"], "欧阳甲")


class Steps(Bench):
    def an_item(self, browser):
        return browser.get(f"{API}/items")["items"][0]

    def take(self, browser, item, step, etag=None, **said):
        status = browser.ask("POST", f"{API}/items/{item['dossier']}/{item['item']}/steps",
                             {"step": step, **said},
                             {"If-Match": item["etag"] if etag is None else etag})
        return status, json.loads(browser.body)

    def advance(self, browser, item, step, **said):
        status, after = self.take(browser, item, step, **said)
        self.assertEqual(status, 200, after)
        return after

    def approved(self):
        entering, reviewing = self.browser("李工"), self.browser("陈审")
        item = self.advance(entering, self.an_item(entering), "enter")
        item = self.advance(reviewing, item, "verify", submitter="一厂")
        item = self.advance(reviewing, item, "review")
        item = self.advance(self.browser("卫复"), item, "recheck")
        return self.advance(self.browser("钱主任"), item, "approve")

    def test_r44_nobody_takes_two_steps_by_order_replay_or_race(self):
        for post in ("first_reviewer", "rechecker", "approver"):
            self.archive.run("user change", "李工", "--give", post)
        both = self.browser("李工")
        item = self.an_item(both)
        entered = self.advance(both, item, "enter")
        self.assertEqual(self.take(both, item, "enter")[0], 412, "the same request once more")
        status, told = self.take(both, entered, "review")
        self.assertEqual((status, told["error"]["code"]), (409, "conflict"))
        self.assertIn("different persons", told["error"]["en"])
        step = next(s for s in entered["steps"] if s["step"] == "review")
        self.assertTrue(step["may"])
        self.assertIn("different persons", step["hindrance"], "and the screen says so before")
        reviewing = [self.browser("陈审") for _ in range(6)]
        begin, answers = threading.Barrier(6), []

        def race(browser):
            begin.wait()
            answers.append(self.take(browser, entered, "review")[0])

        threads = [threading.Thread(target=race, args=(browser,)) for browser in reviewing]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answers), [200] + [412] * 5)
        for wrong in ("approve", "enter", "nonsense"):
            now = self.browser("钱主任").get(f"{API}/items?states=reviewed")["items"][0]
            self.assertIn(self.take(self.browser("钱主任"), now, wrong)[0], (403, 409), wrong)

    def test_r44_a_post_that_was_taken_is_gone_at_once(self):
        entering, reviewing = self.browser("李工"), self.browser("陈审")
        item = self.advance(entering, self.an_item(entering), "enter")
        self.archive.run("user change", "陈审", "--take", "first_reviewer")
        self.assertEqual(self.take(reviewing, item, "review")[0], 403)

    def test_r44_who_typed_a_value_does_not_review_it(self):
        self.archive.run("user change", "李工", "--give", "first_reviewer")
        both = self.browser("李工")
        entering = self.browser("王工")
        items = {page: one["sequence"] for one in entering.get("/api/v1/dossiers/1")["items"]
                 for page in one["pages"]}
        task = next(t for t in self.tasks(both, count=20, dossier=1)
                    if t["page"] in items and t["type"] in ("name", "text"))
        self.assertEqual(self.say(both, task, "correct", value="欧阳试录"), 200, both.body)
        sequence = items[task["page"]]
        item = next(one for one in entering.get(f"{API}/items?states=filed")["items"]
                    if (one["dossier"], one["item"]) == (task["dossier"], sequence))
        entered = self.advance(entering, item, "enter")
        status, told = self.take(both, entered, "review")
        self.assertEqual(status, 409, told)
        self.assertIn("different persons", told["error"]["en"])

    def test_r44_what_is_returned_says_why_and_begins_again(self):
        entering, reviewing = self.browser("李工"), self.browser("陈审")
        item = self.advance(entering, self.an_item(entering), "enter")
        self.assertEqual(self.take(reviewing, item, "return")[0], 409, "without a reason")
        item = self.advance(reviewing, item, "return", reason="缺页")
        self.assertEqual(item["state"], "returned")
        self.assertEqual(item["taken"][-1]["reason"], "缺页")
        mine = self.browser("李工").get(f"{API}/items")["items"]
        self.assertIn(("returned", item["item"]), [(i["state"], i["item"]) for i in mine])

    def test_r50_a_correction_without_evidence_is_refused(self):
        item = self.approved()
        self.assertEqual(item["state"], "approved")
        proposing, deciding = self.browser("李工"), self.browser("钱主任")
        page = next(p for p in self.archive.pages() if p["dossier"] == item["dossier"] and any(
            f["field"] == "person_name" for f in p["fields"]) and p["item"])
        before = next(f for f in page["fields"] if f["field"] == "person_name")
        wanted = {"page": page["page"], "field": "person_name", "row": before["row"],
                  "value": "欧阳试录", "reason": "身份证", "evidence": page["page"]}
        opened = {"action": "field_opened", "who": "李工",
                  "object": f"page {page['page']} person_name" +
                            ("" if before["row"] is None else f"[{before['row']}]")}
        told = [{key: entry[key] for key in opened} for entry in self.log()]
        self.assertNotIn(opened, told)
        self.assertEqual(proposing.ask("POST", f"{API}/corrections",
                                       {**wanted, "value": before["value"]}), 409, "no change")
        told = [{key: entry[key] for key in opened} for entry in self.log()]
        self.assertIn(opened, told, "a refusal told what stands there")
        for missing, status in (("evidence", 409), ("reason", 409), ("value", 422)):
            without = {key: value for key, value in wanted.items() if key != missing}
            self.assertEqual(proposing.ask("POST", f"{API}/corrections", without), status,
                             (missing, proposing.body))
        self.assertEqual(proposing.ask("POST", f"{API}/corrections",
                                       {**wanted, "evidence": 999_999}), 409)
        self.assertEqual(proposing.ask("POST", f"{API}/corrections", wanted), 201, proposing.body)
        made = json.loads(proposing.body)
        self.assertEqual((made["before"], made["after"], made["evidence"]),
                         (before["value"], "欧阳试录", page["page"]))
        path = f"{API}/corrections/{made['correction']}"
        self.assertEqual(proposing.ask("POST", path, {"verdict": "approved"}), 403)
        self.archive.run("user change", "李工", "--give", "approver")
        own = self.browser("李工")
        self.assertEqual(own.ask("POST", path, {"verdict": "approved"}), 409, "their own")
        self.assertEqual(deciding.ask("POST", path, {"verdict": "refused"}), 409, "without reason")
        self.assertEqual(len(deciding.get(f"{API}/corrections")["corrections"]), 1)
        self.assertEqual(deciding.ask("POST", path, {"verdict": "approved"}), 200, deciding.body)
        self.assertIn(("钱主任", opened["object"]),
                      [(entry["who"], entry["object"]) for entry in self.log()
                       if entry["action"] == "field_opened"])
        self.assertEqual(deciding.ask("POST", path, {"verdict": "approved"}), 409, "once")
        self.assertEqual(deciding.get(f"{API}/corrections")["corrections"], [])
        shown = json.loads(self.archive.run("show", page["page"], "--json").stdout)
        self.assertIn("欧阳试录", [f["value"] for f in shown["fields"]])
        outside = self.browser(CONTRACTOR)
        self.assertEqual(outside.ask("PUT", "/api/v1/session/co-signer",
                                     {"name": "钱主任", "password": PASSWORD}), 200)
        self.assertEqual(outside.ask("POST", f"{API}/corrections", {**wanted, "value": "欧阳再录"}),
                         201, outside.body)
        self.assertEqual(json.loads(outside.body)["before"], "", "they were given no such value")
        self.assertIn((CONTRACTOR, opened["object"]),
                      [(entry["who"], entry["object"]) for entry in self.log()
                       if entry["action"] == "field_opened"])
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_r50_what_is_approved_leaves_the_bench(self):
        browser = self.browser("王工")
        before = {t["page"] for t in browser.get(f"{API}/tasks?below=1&limit=200")["tasks"]}
        item = self.approved()
        dossier = browser.get(f"/api/v1/dossiers/{item['dossier']}")
        pages = next(set(one["pages"]) for one in dossier["items"]
                     if one["sequence"] == item["item"])
        self.assertTrue(before & pages, "the test shows nothing")
        after = {t["page"] for t in browser.get(f"{API}/tasks?below=1&limit=200")["tasks"]}
        self.assertFalse(after & pages)


class FromOutside(Bench):
    def co_sign(self, browser, name, password=PASSWORD):
        return browser.ask("PUT", "/api/v1/session/co-signer", {"name": name, "password": password})

    def test_r33_a_contractor_sees_values_and_no_page(self):
        outside = self.browser(CONTRACTOR)
        self.assertNotIn("query", outside.get("/api/v1/session")["rights"])
        task = self.tasks(outside)[0]
        for path in ("/api/v1/search?q=a", "/api/v1/dossiers", f"/api/v1/dossiers/{task['dossier']}",
                     f"/api/v1/pages/{task['page']}", "/api/v1/persons/1",
                     f"/iiif/3/{task['token']}/info.json",
                     f"/iiif/3/{task['token']}/full/200,/0/default.jpg",
                     f"/iiif/presentation/3/dossiers/{task['dossier']}/manifest"):
            self.assertEqual(outside.ask("GET", path), 403, path)
        self.assertEqual(outside.ask("POST", f"/api/v1/pages/{task['page']}/reveal",
                                     {"reason": "好奇"}), 403)
        self.assertEqual(outside.ask("GET", path_of(task) + "/snippet"), 200)
        narrow = len(outside.body)
        self.assertEqual(outside.ask("DELETE", f"{API}/claims"), 204)
        office = self.browser("李工")
        self.assertEqual(office.ask("GET", path_of_for(office, task)), 200)
        self.assertEqual(office.ask("GET", path_of_for(office, task) + "/snippet"), 200)
        self.assertLess(narrow, len(office.body), "hardly more than the value itself")
        for item in outside.get(f"{API}/items")["items"]:
            self.assertEqual(item["title"], "", "names stand in titles")

    def test_r33_a_contractor_approves_nothing(self):
        outside = self.browser(CONTRACTOR)
        self.assertEqual(self.co_sign(outside, "钱主任"), 200, outside.body)
        item = outside.get(f"{API}/items?states=filed")["items"][0]
        for step in ("review", "recheck", "approve", "return", "verify"):
            status = outside.ask("POST", f"{API}/items/{item['dossier']}/{item['item']}/steps",
                                 {"step": step, "reason": "r", "submitter": "s"},
                                 {"If-Match": item["etag"]})
            self.assertEqual(status, 403, (step, outside.body))
        self.assertEqual(outside.ask("POST", f"{API}/corrections/1", {"verdict": "approved"}), 403)
        given = self.archive.run("user change", CONTRACTOR, "--give", "approver")
        self.assertNotEqual(given.returncode, 0, "no such post for somebody from outside")

    def test_r51_a_change_without_co_signature_is_refused(self):
        outside = self.browser(CONTRACTOR)
        task = self.confirmable(outside)
        self.assertEqual(self.say(outside, task, "confirm"), 403)
        self.assertEqual(json.loads(outside.body)["error"]["code"], "co_signer")
        for name, password in ((CONTRACTOR, PASSWORD), ("外包乙", PASSWORD), ("李工", "wrong"),
                               ("nobody", PASSWORD)):
            self.assertEqual(self.co_sign(outside, name, password), 403, name)
        self.assertIsNone(outside.get("/api/v1/session")["co_signer"])
        self.assertEqual(self.co_sign(outside, "钱主任"), 200, outside.body)
        signer = outside.get("/api/v1/session")["co_signer"]
        self.assertEqual(signer["name"], "钱主任")
        self.assertLessEqual(signer["expires_in_s"], 30 * 60)
        self.assertGreater(signer["expires_in_s"], 29 * 60)
        self.assertEqual(self.say(outside, task, "confirm"), 200, outside.body)
        self.assertEqual(self.events("SELECT actor, co_signer FROM events WHERE action = "
                                     "'value_typed'")[-1], (CONTRACTOR, "钱主任"))
        self.assertIn("co_signed", [entry["action"] for entry in self.log()])
        self.archive.run("user end", "钱主任")
        other = self.confirmable(outside)
        self.assertEqual(self.say(outside, other, "confirm"), 403, "who signed is gone")
        office = self.browser("李工")
        self.assertEqual(self.co_sign(office, "王工"), 409, "the office needs nobody")

    def test_r51_an_agreement_that_ended_blocks_signing_in(self):
        yesterday = (date.today() - timedelta(days=1)).isoformat()
        made = self.archive.run("user add", "外包丙", "--post", "indexer", "--agreement", "BM-1",
                                "--until", yesterday, "--password", given=PASSWORD + "\n")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(self.browser().sign_in("外包丙"), 401)


if __name__ == "__main__":
    unittest.main(verbosity=2)
