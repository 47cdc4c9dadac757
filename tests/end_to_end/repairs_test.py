"""What persons decide over HTTP: the structure put right as by `juanzong arrange`, findings as by
`juanzong finding`, with no update lost."""

import hashlib
import json
import unittest

from program import SCANS, filed_once
from serving import Filed, Serving

OFFICE = (("孙工", "records_manager"), ("吴窗口", "counter_clerk"), ("周稽核", "auditor"))


def setUpModule():
    Filed.folder = filed_once(*(f"maternity/000{n}.jpg" for n in (1, 3, 4, 7)), users=OFFICE)


class Repairs(Serving):
    def setUp(self):
        super().setUp()
        self.manager = self.browser("孙工")
        self.dossier = self.manager.get("/api/v1/dossiers")["dossiers"][0]["number"]
        self.path = f"/api/v1/dossiers/{self.dossier}/arrangements"

    def now(self):
        dossier = self.manager.get(f"/api/v1/dossiers/{self.dossier}")
        pages = sorted(dossier["pages"], key=lambda page: page["page_of_dossier"])
        return dossier["etag"], [page["page"] for page in pages], dossier

    def decide(self, wish, etag=None, browser=None, reason="夹错"):
        browser = browser or self.manager
        status = browser.ask("POST", self.path, {"reason": reason, **wish},
                             {"If-Match": etag or self.now()[0]})
        return status, json.loads(browser.body)

    def test_a_page_is_moved_looked_at_before_and_taken_back(self):
        etag, before, _ = self.now()
        wish = {"action": "move_pages", "pages": [before[-1]], "before": before[1]}
        status, look = self.decide({**wish, "look": True})
        self.assertEqual(status, 200, look)
        self.assertNotEqual(look["before"], look["after"])
        self.assertEqual(self.now()[:2], (etag, before), "looking changes nothing")
        status, made = self.decide(wish, etag)
        self.assertEqual((status, made["decided_by"], made["reason"]), (201, "孙工", "夹错"), made)
        self.assertEqual(self.now()[1], [before[0], before[-1], *before[1:-1]])
        self.assertEqual(self.decide(wish, etag)[0], 412, "somebody saw an older state")
        self.assertEqual(self.manager.ask("POST", self.path, {"reason": "x", **wish}), 428)
        undo = f"{self.path}/{made['arrangement']}/undo"
        self.assertEqual(self.manager.ask("POST", undo, {"reason": "看错了"},
                                          {"If-Match": self.now()[0]}), 201, self.manager.body)
        self.assertEqual(self.now()[1], before)
        told = self.manager.get(self.path)["arrangements"]
        self.assertEqual([(one["action"], one["ended_by"]) for one in told],
                         [("move_pages", "孙工")])
        self.stop()
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_items_are_split_joined_and_retyped(self):
        _, pages, dossier = self.now()
        items = [one for one in dossier["items"] if one["pages"]]
        self.assertGreaterEqual(len(items), 2)
        status, made = self.decide({"action": "merge_items",
                                    "items": [items[0]["number"], items[1]["number"]]})
        self.assertEqual(status, 201, made)
        merged = [one for one in self.now()[2]["items"] if items[1]["pages"][0] in one["pages"]][0]
        self.assertIn(items[0]["pages"][0], merged["pages"])
        self.assertEqual(self.decide({"action": "split_item",
                                      "pages": [merged["pages"][-1]]})[0], 201)
        self.assertEqual(self.decide({"action": "split_item",
                                      "pages": [merged["pages"][0]]})[0], 409)
        self.assertEqual(self.decide({"action": "type_item", "item": merged["number"],
                                      "value": "DT46"})[0], 201)
        self.assertIn("DT46", [one["doc_type"] for one in self.now()[2]["items"]])
        self.assertEqual(self.decide({"action": "type_page", "pages": [pages[0]],
                                      "value": "DT00"})[0], 409)

    def test_a_page_is_turned_and_read_again(self):
        page = self.now()[1][1]
        status, made = self.decide({"action": "rotate_page", "pages": [page], "turn": 90})
        self.assertEqual(status, 201, made)
        turned = [one for one in self.now()[2]["pages"] if one["page"] == page][0]
        self.assertEqual(turned["rotation"], 270)
        self.assertEqual(self.decide({"action": "rotate_page", "pages": [page], "turn": 45})[0], 400)

    def bring(self, content, name="再扫.jpg", digest=None, step=300_000):
        body = {"name": name, "size": len(content),
                "sha256": digest or hashlib.sha256(content).hexdigest()}
        self.assertEqual(self.manager.ask("POST", "/api/v1/scans", body), 201, self.manager.body)
        scan = json.loads(self.manager.body)["scan"]
        for at in range(0, len(content), step):
            self.manager.connection.request(
                "PUT", f"/api/v1/scans/{scan}?offset={at}", content[at:at + step],
                {"Cookie": self.manager.cookie, "X-CSRF": self.manager.csrf,
                 "Content-Type": "application/octet-stream"})
            answer = self.manager.connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 200)
        return scan

    def test_a_page_is_replaced_by_a_scan_that_comes_in_pieces(self):
        pages = self.now()[1]
        content = (SCANS / "maternity" / "0012.jpg").read_bytes()
        wish = {"action": "replace_page", "pages": [pages[1]]}
        self.assertEqual(self.decide(wish)[0], 400, "no scan is named")
        spoilt = self.bring(content, digest="0" * 64)
        self.assertEqual(self.decide({**wish, "scan": spoilt})[0], 409, "its hash differs (R41)")
        status, made = self.decide({**wish, "scan": self.bring(content)})
        self.assertEqual(status, 201, made)
        after = self.now()[1]
        self.assertEqual(len(after), len(pages))
        self.assertNotIn(pages[1], after)
        new = [page for page in after if page not in pages][0]
        self.assertTrue(self.manager.get(f"/api/v1/pages/{new}")["source"].endswith("再扫.jpg"))
        self.assertEqual(self.manager.get("/api/v1/batches")["batches"][0]["counts"]["replaced"], 1)

    def test_a_dossiers_address_decides_about_that_dossier(self):
        pages = self.now()[1]
        number = "110105194912310021"
        status, made = self.decide({"action": "split_dossier", "pages": [pages[-1]],
                                    "value": "SB1-" + number})
        self.assertEqual(status, 201, made)
        status, moved = self.decide({"action": "move_pages", "pages": [pages[2]],
                                     "before": pages[1]})
        self.assertEqual(status, 201, moved)
        before = self.now()[:2]
        other, = [one["number"] for one in self.manager.get("/api/v1/dossiers")["dossiers"]
                  if one["number"] != self.dossier]
        path = f"/api/v1/dossiers/{other}/arrangements"
        state = {"If-Match": self.manager.get(f"/api/v1/dossiers/{other}")["etag"]}
        undo = f"{path}/{moved['arrangement']}/undo"
        self.assertEqual(self.manager.ask("POST", undo, {"reason": "x"}, state), 404)
        wish = {"action": "move_pages", "pages": [pages[1]], "before": pages[2], "reason": "x"}
        self.assertEqual(self.manager.ask("POST", path, wish, state), 409, self.manager.body)
        self.assertEqual(self.now()[:2], before)
        self.manager.get(f"/iiif/presentation/3/dossiers/{other}/manifest")
        self.assertNotIn(number.encode(), self.manager.body, "its label is masked like any number")

    def test_who_may_not_and_what_is_nonsense(self):
        pages = self.now()[1]
        wish = {"action": "move_pages", "pages": [pages[0]], "after": pages[-1]}
        for name in ("吴窗口", "周稽核"):
            self.assertEqual(self.decide(wish, browser=self.browser(name))[0], 403, name)
        for wrong, status in (({"action": "burn"}, 400), ({"action": "move_pages"}, 409),
                              ({**wish, "pages": [999_999]}, 404), ({**wish, "pages": "1"}, 400),
                              ({**wish, "pages": [pages[0], pages[0]]}, 409),
                              ({**wish, "after": pages[0]}, 409), ({**wish, "turn": 7}, 400)):
            self.assertEqual(self.decide(wrong)[0], status, wrong)
        self.assertEqual(self.decide(wish, reason=" ")[0], 400)
        self.assertEqual(self.now()[1], pages)


class Findings(Serving):
    def setUp(self):
        super().setUp()
        self.manager = self.browser("孙工")
        self.dossier = self.manager.get("/api/v1/dossiers")["dossiers"][0]["number"]

    def now(self):
        report = self.manager.get(f"/api/v1/dossiers/{self.dossier}")["report"]
        return {one["finding"]: one for one in report["findings"]}

    def decide(self, number, state="accepted", reason="与原件核对无误", etag=None, browser=None):
        browser = browser or self.manager
        etag = etag or self.now().get(number, {}).get("etag", '"none"')
        status = browser.ask("POST", f"/api/v1/findings/{number}/decision",
                             {"state": state, "reason": reason}, {"If-Match": etag})
        return status, json.loads(browser.body)

    def refused(self, *arguments, **more):
        status, told = self.decide(*arguments, **more)
        return status, told["error"]["code"]

    def test_a_decision_stands_in_the_report_and_in_the_ledger(self):
        number, before = next(iter(self.now().items()))
        self.assertEqual(before["state"], "open")
        status, told = self.decide(number, "corrected", "已补盖公章")
        self.assertEqual((status, told["state"], told["reason"], told["decided_by"]),
                         (200, "corrected", "已补盖公章", "孙工"), told)
        self.assertEqual(self.now()[number], told)
        self.assertEqual(self.refused(number, etag=before["etag"]), (412, "changed"))
        self.assertEqual(self.decide(number, "accepted", "公章不必补盖")[0], 200)
        self.assertEqual(self.decide(number, "open", "尚有疑问")[1]["state"], "open")
        path = "/api/v1/audit/entries?action=finding_decided"
        entries = self.browser("周稽核").get(path)["entries"]
        self.assertEqual(
            [(one["who"], one["object"], one["method"], one["details"]["state"], one["reason"])
             for one in reversed(entries)],
            [("孙工", f"finding {number}", "serve finding", *said) for said in (
                ("corrected", "已补盖公章"), ("accepted", "公章不必补盖"), ("open", "尚有疑问"))])
        self.stop()
        told = json.loads(self.archive.run("finding", number, "--json").stdout)
        self.assertEqual((told["state"], told["reason"]), ("open", "尚有疑问"))
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_who_may_not_and_what_is_nonsense(self):
        before = self.now()
        number = next(iter(before))
        for name in ("吴窗口", "周稽核"):
            self.assertEqual(self.refused(number, browser=self.browser(name)), (403, "forbidden"))
        self.assertIn(("吴窗口", "refused", f"finding {number}"),
                      [(one["who"], one["action"], one["object"]) for one in self.log()])
        self.assertEqual(self.refused(999_999), (404, "not_found"))
        self.assertEqual(self.refused(number, "gone"), (400, "state"))
        for reason, code in (("", "reason"), ("  ", "reason"), ("长" * 501, "text")):
            self.assertEqual(self.refused(number, reason=reason), (400, code))
        path = f"/api/v1/findings/{number}/decision"
        body = {"state": "accepted", "reason": "x"}
        self.assertEqual(self.manager.ask("POST", path, body), 428)
        self.assertEqual(self.now(), before)

    def test_at_a_terminal_nobody_decides_about_others_dossiers(self):
        number, finding = next(iter(self.now().items()))
        self.assertEqual(self.manager.ask("PUT", "/api/v1/session/purpose", {
            "channel": "self_service", "purpose": "person_request", "applicant": "查无此人"}), 200)
        for one in (number, 999_999):
            self.assertEqual(self.refused(one, etag=finding["etag"]), (403, "scope"))


if __name__ == "__main__":
    unittest.main()
