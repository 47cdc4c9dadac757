"""The counter's papers and pictures by allow-list: R27 (copies of documents of identity), R31 (agents),
R37 (purposes of a closed list), R54 (what each channel may be told), copies with serial and register."""

import json
import re
import sqlite3
import struct
import unittest
import zlib
from urllib.parse import quote

from program import filed_once
from serving import Filed, Serving

OFFICE = (("孙工", "records_manager"), ("周稽核", "auditor"), ("吴窗口", "counter_clerk"),
          ("李工", "indexer"), ("赵工", "indexer"), ("王工", "first_reviewer"))
APPLICANT = "汤君英"
NUMBER = "439703199302223506"
LONG = re.compile(r"\d{15}")
COVER = 224  # viewer/iiif/covering.h
# Order 14 art. 14-16 and reference section 11, as config/duties/channel_fields.csv has it.
NEVER = {"employer": {"diagnosis", "hospital", "fee_total", "monthly_total", "account_balance",
                      "bank_account", "phone", "address"},
         "telephone": {"id_number", "pay_base", "fee_total", "bank_account", "phone", "address",
                       "person_name"}}


def setUpModule():
    Filed.folder = filed_once(*(f"maternity/000{n}.jpg" for n in (1, 3, 4, 5, 7)),
                               "refund/0003.tif", users=OFFICE)


def grey_of(png):
    """Width, height and rows of a PNG of 8 bits, grey or colour (then of its first channel)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:8]
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert depth == 8 and kind in (0, 2), (depth, kind)
    step = 1 if kind == 0 else 3
    packed, at = b"", 8
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at:at + 8])
        if name == b"IDAT":
            packed += png[at + 8:at + 8 + size]
        at += 12 + size
    raw, rows, before = zlib.decompress(packed), [], bytearray(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        how, line = raw[start], bytearray(raw[start + 1:start + 1 + width * step])
        for x in range(len(line)):
            left = line[x - step] if x >= step else 0
            above, corner = before[x], before[x - step] if x >= step else 0
            if how == 1:
                line[x] = (line[x] + left) & 255
            elif how == 2:
                line[x] = (line[x] + above) & 255
            elif how == 3:
                line[x] = (line[x] + (left + above) // 2) & 255
            elif how == 4:
                guess = left + above - corner
                nearest = min((left, above, corner), key=lambda v: abs(guess - v))
                line[x] = (line[x] + nearest) & 255
        rows.append(bytes(line[::step]))
        before = line
    return width, height, rows


class Counter(Serving):
    def setUp(self):
        super().setUp()
        self.pages = {one["doc_type"]: one for one in self.archive.pages()}

    def purpose(self, browser, **more):
        wish = {"channel": "counter", "purpose": "contribution_check", "applicant": APPLICANT,
                "id_number": NUMBER, "agent": "", **more}
        status = browser.ask("PUT", "/api/v1/session/purpose", wish)
        return status, json.loads(browser.body)

    def token(self, browser, page):
        lines = browser.get(f"/api/v1/dossiers/{page['dossier']}")["pages"]
        return [one["token"] for one in lines if one["page"] == page["page"]][0]

    def picture(self, browser, page, size, expected=200):
        token = self.token(browser, page)
        status = browser.ask("GET", f"/iiif/3/{token}/full/{size}/0/default.png")
        self.assertEqual(status, expected, browser.body[:200])
        return grey_of(browser.body) if expected == 200 else json.loads(browser.body)["error"]

    def refusals(self):
        return [one for one in self.log() if one["action"] == "refused"]


class R27(Counter):
    """Copies of documents of identity are masked in previews and shown for a reason alone."""

    def test_a_preview_of_an_identity_card_shows_nothing(self):
        card = self.pages["DT37"]
        for name, _ in OFFICE:
            browser = self.browser(name)
            width, height, rows = self.picture(browser, card, "!200,200")
            self.assertGreater(width * height, 10_000)
            self.assertEqual({value for row in rows for value in row}, {COVER}, name)

    def test_the_whole_picture_wants_a_reason_of_whoever_it_is(self):
        card = self.pages["DT37"]
        for name in ("孙工", "吴窗口", "周稽核"):
            browser = self.browser(name)
            if name == "吴窗口":
                self.assertEqual(self.purpose(browser)[0], 200)
            self.assertEqual(self.picture(browser, card, "max", 403)["code"], "covered", name)
            self.assertEqual(browser.ask("POST", f"/api/v1/pages/{card['page']}/reveal",
                                         {"reason": ""}), 400)
            self.assertEqual(browser.ask("POST", f"/api/v1/pages/{card['page']}/reveal",
                                         {"reason": "核对证件号码"}), 200)
            rows = self.picture(browser, card, "600,")[2]
            self.assertGreater(len({value for row in rows for value in row}), 100)
        refused = {one["who"] for one in self.refusals() if one["reason"] == "picture"}
        self.assertEqual(refused, {"孙工", "吴窗口", "周稽核"}, "each refusal is an entry, once")
        told = [one for one in self.log() if one["action"] == "values_revealed"]
        self.assertEqual({one["reason"] for one in told}, {"核对证件号码"})

    def test_a_region_is_no_way_around(self):
        browser = self.browser("吴窗口")
        token = self.token(browser, self.pages["DT37"])
        for rest in ("0,0,300,300/max/0/default.png", "pct:10,10,80,80/!240,240/0/default.jpg",
                     "full/^max/0/default.jpg", "square/100,/90/gray.webp", "full/241,/0/default.jpg"):
            self.assertIn(browser.ask("GET", f"/iiif/3/{token}/{rest}"), (403, 400), rest)

    def test_pages_of_unknown_type_are_refused_whole(self):
        page = self.pages["DT01"]
        self.archive.run("arrange type", "DT99", "--page", page["page"], "--reason", "试验")
        clerk, manager = self.browser("吴窗口"), self.browser("孙工")
        self.purpose(clerk)
        self.assertEqual(self.picture(clerk, page, "max", 403)["code"], "covered")
        self.picture(manager, page, "300,")

    def test_protected_places_are_covered_and_labels_are_seen(self):
        seen = 0
        for page in self.pages.values():
            clerk = self.browser("吴窗口")
            if clerk.get(f"/api/v1/pages/{page['page']}")["picture"] != "boxes":
                continue
            width, height, rows = self.picture(clerk, page, f"{page['width'] // 2},")
            values = {value for row in rows for value in row}
            covered = sum(row.count(COVER) for row in rows) / (width * height)
            self.assertGreater(covered, 0.5, "an allow-list: most of a page is covered")
            seen += 1 if len(values) > 20 else 0
            places = clerk.get(f"/api/v1/pages/{page['page']}")["fields"]
            for field in places:
                if not field["protected"]:
                    continue
                xs = [corner[0] / 2 for corner in field["quad"]]
                ys = [corner[1] / 2 for corner in field["quad"]]
                # The watermark lies over it, faintly.
                for y in range(int(min(ys)) + 2, int(max(ys)) - 2):
                    for x in range(int(min(xs)) + 2, int(max(xs)) - 2):
                        self.assertLess(abs(rows[y][x] - COVER), 60, (page["doc_type"], field))
        self.assertGreater(seen, 0, "nothing was shown in part: the test shows nothing")

    def test_the_applicants_pages_are_whole_and_nobody_elses(self):
        clerk = self.browser("吴窗口")
        form = self.pages["DT36"]
        before = clerk.get(f"/api/v1/pages/{form['page']}")["picture"]
        self.assertIn(before, ("boxes", "covered"))
        self.assertTrue(self.purpose(clerk)[1]["purpose"]["known"])
        self.assertEqual(clerk.get(f"/api/v1/pages/{form['page']}")["picture"], "whole")
        self.picture(clerk, form, "max")
        other = self.pages["DT17"]
        self.assertNotEqual(clerk.get(f"/api/v1/pages/{other['page']}")["picture"], "whole")
        clerk.ask("DELETE", "/api/v1/session/purpose")
        self.assertEqual(clerk.get(f"/api/v1/pages/{form['page']}")["picture"], before)

    def test_pages_with_protected_values_bear_a_watermark(self):
        manager = self.browser("孙工")
        form, cover = self.pages["DT36"], self.pages["DT01"]
        region = "0,0,400,200/max/0/default.png"
        token = self.token(manager, form)
        self.assertEqual(manager.ask("GET", f"/iiif/3/{token}/full/max/0/default.png"), 200)
        first = manager.body
        other = self.browser("王工")
        token = self.token(other, form)
        self.assertEqual(other.ask("GET", f"/iiif/3/{token}/full/max/0/default.png"), 200)
        self.assertNotEqual(first, other.body, "it says who looks")
        self.assertEqual(manager.ask("GET", f"/iiif/3/{self.token(manager, cover)}/{region}"), 200)
        plain = manager.body
        self.assertEqual(other.ask("GET", f"/iiif/3/{self.token(other, cover)}/{region}"), 200)
        self.assertEqual(plain, other.body, "one without them bears none")


class R31(Counter):
    """Who asks for somebody else needs a power of attorney."""

    def test_an_agent_without_one_is_refused(self):
        clerk = self.browser("吴窗口")
        status, answer = self.purpose(clerk, agent="周代办")
        self.assertEqual((status, answer["error"]["code"]), (403, "authority"))
        self.assertIsNone(clerk.get("/api/v1/session")["purpose"])
        refused = self.refusals()[-1]
        self.assertEqual((refused["agent"], refused["reason"]), ("周代办", "no power of attorney"))

    def test_one_that_was_shown_is_recorded(self):
        clerk = self.browser("吴窗口")
        for authority in ({"number": "授2026-7", "date": "2026-13"}, {"number": "", "date": ""},
                          {"number": "授2026-7", "date": "2999-01-01"}):
            self.assertIn(self.purpose(clerk, agent="周代办", authority=authority)[0], (400, 403))
        status, answer = self.purpose(clerk, agent="周代办",
                                      authority={"number": "授2026-7", "date": "2026-03-01"})
        self.assertEqual((status, answer["purpose"]["authority"]), (200, "授2026-7 2026-03-01"))
        given = [one for one in self.log() if one["action"] == "purpose_given"][-1]
        self.assertEqual((given["agent"], given["reason"]), ("周代办", "授2026-7 2026-03-01"))

    def test_one_in_the_archive_counts_for_its_agent_alone(self):
        page = self.pages["DT36"]["page"]
        self.archive.run("arrange type", "DT43", "--page", page, "--reason", "试验")
        box = "200,200,300,40"
        self.archive.by("李工", "value", page, "agent_name", "--typed", "周代办", "--box", box)
        self.assertEqual(self.archive.by("赵工", "value", page, "agent_name",
                                         "--confirm").returncode, 0)
        clerk = self.browser("吴窗口")
        self.assertEqual(self.purpose(clerk, agent="别的人")[0], 403)
        status, answer = self.purpose(clerk, agent="周代办")
        self.assertEqual((status, answer["purpose"]["authority"]), (200, f"DT43 page {page}"))


class R37(Counter):
    def test_purposes_come_from_a_closed_list(self):
        clerk = self.browser("吴窗口")
        known = {one["id"]: one["kinds"] for one in clerk.get("/api/v1/purposes")["purposes"]}
        self.assertIn("query", known["contribution_check"])
        for purpose in ("商业推广", "", "contribution_check ", "transfer_relation"):
            self.assertEqual(self.purpose(clerk, purpose=purpose)[0], 400, purpose)
        for purpose in [one for one, kinds in known.items() if "query" in kinds]:
            self.assertEqual(self.purpose(clerk, purpose=purpose)[0], 200, purpose)


class R54(Counter):
    """Every channel x field of what is in the archive, against the published list."""

    def test_the_matrix(self):
        clerk = self.browser("吴窗口")
        matrix = clerk.get("/api/v1/channels")
        group_of = {field["field"]: group["channels"] for group in matrix["groups"]
                    for field in group["fields"]}
        for channel, fields in NEVER.items():
            for field in fields:
                self.assertEqual(group_of[field][channel], "hide", (channel, field))
        cells = 0
        for channel in ("counter", "employer", "telephone"):
            self.assertEqual(self.purpose(clerk, channel=channel)[0], 200)
            for page in self.pages.values():
                for reveal in (False, True):
                    path = f"/api/v1/pages/{page['page']}"
                    if reveal:
                        self.assertEqual(clerk.ask("POST", path + "/reveal",
                                                   {"reason": "核对"}), 200)
                    told = clerk.get(path)
                    cells += self.compare(page, told, group_of, channel, reveal)
                    if channel != "counter":
                        self.assertEqual((told["lines"], told["picture"]), ([], "covered"))
            clerk.ask("DELETE", "/api/v1/session/purpose")
        self.assertGreater(cells, 100)

    def compare(self, page, told, group_of, channel, revealed):
        known = {(one["field"], one["row"]): one["value"] for one in page["fields"]}
        for one in told["fields"]:
            value = known[one["field"], one["row"]]
            how = group_of.get(one["field"], group_of["id_number"])[channel]
            where = (channel, one["field"], revealed)
            if not value:
                continue
            if how == "show" and not revealed and len(LONG.findall(value)) > 0:
                self.assertIn("**", one["value"], where)
            elif how == "show" or (how == "mask" and revealed):
                self.assertEqual(one["value"], value, where)
            elif how == "hide":
                self.assertEqual((one["value"], one["withheld"]), ("******", True), where)
            else:
                self.assertIn("**", one["value"], where)
        return len(told["fields"])

    def test_no_snippet_and_no_number_by_telephone(self):
        clerk = self.browser("吴窗口")
        self.purpose(clerk, channel="telephone")
        found = clerk.get("/api/v1/search?q=" + NUMBER)
        self.assertGreater(found["total"], 0)
        self.assertEqual({hit["snippet"] for hit in found["hits"]}, {""})
        self.assertNotIn("*" + NUMBER[-4:], json.dumps(found["hits"]))

    def test_a_terminal_shows_its_users_own_pages(self):
        clerk = self.browser("吴窗口")
        self.purpose(clerk, channel="self_service")
        own, other = self.pages["DT36"], self.pages["DT17"]
        self.assertEqual(clerk.ask("GET", f"/api/v1/pages/{own['page']}"), 200)
        for path in (f"pages/{other['page']}", f"dossiers/{other['dossier']}"):
            if own["dossier"] == other["dossier"] and path.startswith("dossiers"):
                continue
            self.assertEqual(clerk.ask("GET", "/api/v1/" + path), 403, path)
            self.assertEqual(json.loads(clerk.body)["error"]["code"], "scope")
        hits = clerk.get("/api/v1/search?q=" + quote("退费"))["hits"]
        self.assertNotIn(other["page"], [hit["page"] for hit in hits])
        if own["dossier"] == other["dossier"]:
            return
        # Others' pages are not asked for: they would fill the first answers with nothing.
        mine = sum(page["dossier"] != other["dossier"] for page in self.archive.pages())
        for words in ("退费", "社会保险", "姓名"):
            found = clerk.get("/api/v1/search?limit=1&q=" + quote(words))
            self.assertLessEqual(found["total"], mine, words)

    def test_a_terminal_tells_of_nobody_else_not_even_how_many(self):
        clerk, manager = self.browser("吴窗口"), self.browser("孙工")
        self.purpose(clerk, channel="self_service")
        own, other = self.pages["DT36"], self.pages["DT17"]
        words = [one["value"] for one in other["fields"]
                 if re.fullmatch(r"[\u4e00-\u9fff]{2,8}|\d{17}[\dX]", one["value"])]
        more = 0
        for word in words:
            path = "/api/v1/search?q=" + quote(word)
            found = clerk.get(path + "&limit=100")
            self.assertNotIn(other["page"], [hit["page"] for hit in found["hits"]])
            total = clerk.get(path + "&limit=1&offset=90")["total"]
            self.assertEqual((total, found["total"]), (len(found["hits"]),) * 2, word)
            more += manager.get(path)["total"] > total
        self.assertGreater(more, 0, "nobody else was found: the test shows nothing")
        dossier = clerk.get(f"/api/v1/dossiers/{own['dossier']}")
        self.assertIn(own["page"], [one["page"] for one in dossier["pages"]])
        self.assertNotIn(other["page"], [one["page"] for one in dossier["pages"]])
        self.assertFalse({one["name"] for one in dossier["persons"]} & set(words))

    def test_what_is_anothers_and_what_is_not_there_get_one_answer(self):
        clerk, manager = self.browser("吴窗口"), self.browser("孙工")
        own, other, nothing = self.pages["DT36"], self.pages["DT17"], 999_999
        persons = manager.get(f"/api/v1/pages/{other['page']}")["persons"]
        paths = [("pages/{}", other["page"])]
        paths += [("persons/{}", one["number"]) for one in persons if one["name"] != APPLICANT]
        if own["dossier"] != other["dossier"]:
            paths += [("dossiers/{}" + part, other["dossier"])
                      for part in ("", "/properties", "/arrangements")]
        self.purpose(clerk, channel="self_service")
        for path, number in paths:
            answers = []
            for one in (number, nothing):
                answers.append((clerk.ask("GET", "/api/v1/" + path.format(one)), clerk.body))
            self.assertEqual(answers[0], answers[1], path)
            self.assertEqual(answers[0][0], 403, path)


class CopiesGivenOut(Counter):
    def issue(self, browser, page, kind="certified", **more):
        status = browser.ask("POST", "/api/v1/copies", {
            "kind": kind, "dossier": page["dossier"], "pages": [page["page"]], **more})
        return status, json.loads(browser.body)

    def test_a_certified_copy_has_a_serial_and_stays_in_the_register(self):
        clerk, form = self.browser("吴窗口"), self.pages["DT36"]
        self.assertEqual(self.issue(clerk, form)[0], 400, "nobody said for whom")
        self.purpose(clerk, agent="周代办", authority={"number": "授7", "date": "2026-03-01"})
        status, copy = self.issue(clerk, form)
        self.assertEqual(status, 201, copy)
        self.assertRegex(copy["serial"], r"^20\d\d-000001$")
        self.assertEqual((copy["for_whom"], copy["agent"], copy["prints"]), (APPLICANT, "周代办", 0))
        path = f"/api/v1/copies/{copy['copy']}/prints"
        self.assertEqual(clerk.ask("POST", path, {"reason": ""}), 200, clerk.body[:300])
        self.assertEqual(clerk.headers["Content-Type"], "application/pdf")
        pdf = clerk.body
        self.assertTrue(pdf.startswith(b"%PDF-1.7"))
        self.assertEqual(pdf.count(b"/Type /Page "), 2)
        self.assertEqual(clerk.ask("POST", path, {"reason": ""}), 409, "again wants a reason")
        self.assertEqual(clerk.ask("POST", path, {"reason": "打印机卡纸"}), 200)
        self.assertEqual(clerk.headers["X-Print"], "2")
        self.assertEqual(self.issue(clerk, form)[1]["serial"][-6:], "000002")
        listed = clerk.get("/api/v1/copies")["copies"]
        self.assertEqual([(one["serial"][-6:], one["prints"]) for one in listed],
                         [("000002", 0), ("000001", 2)])
        printed = [one for one in self.log() if one["action"] == "copy_certified"]
        self.assertEqual([(one["object"][-6:], one["reason"], one["applicant"]) for one in printed],
                         [("000001", "", APPLICANT), ("000001", "打印机卡纸", APPLICANT)])
        self.stop()
        self.assertEqual(self.archive.run("verify").returncode, 0)
        with sqlite3.connect(self.archive.folder / "records.sqlite") as records:
            events = [row[0] for row in records.execute("SELECT action FROM events")]
            for statement in ("UPDATE copies SET for_whom = 'x'", "DELETE FROM copies",
                              "DELETE FROM copy_prints", "UPDATE copy_prints SET reason = 'x'"):
                with self.assertRaises(sqlite3.Error, msg=statement):
                    records.execute(statement)
        self.assertEqual((events.count("copy_issued"), events.count("copy_printed")), (2, 2))

    def test_what_is_covered_is_not_copied(self):
        clerk, card = self.browser("吴窗口"), self.pages["DT37"]
        self.purpose(clerk)
        for kind in ("print", "certified"):
            status, answer = self.issue(clerk, card, kind)
            self.assertEqual((status, answer["error"]["code"]), (403, "covered"))
        clerk.ask("POST", f"/api/v1/pages/{card['page']}/reveal", {"reason": "本人要求复制"})
        self.assertEqual(self.issue(clerk, card)[0], 201)

    def test_a_terminals_register_is_of_its_users_own_pages(self):
        manager, own, other = self.browser("孙工"), self.pages["DT36"], self.pages["DT17"]
        for page in (other, own):
            status, copy = self.issue(manager, page, "print", for_whom="法院", purpose="court")
            self.assertEqual(status, 201, copy)
        self.assertEqual(len(manager.get("/api/v1/copies")["copies"]), 2)
        self.purpose(manager, channel="self_service")
        self.assertEqual([one["pages"] for one in manager.get("/api/v1/copies")["copies"]],
                         [[own["page"]]])
        answers = []
        for number in (copy["copy"] - 1, 999_999):
            status = manager.ask("POST", f"/api/v1/copies/{number}/prints", {"reason": "x"})
            answers.append((status, manager.body))
        self.assertEqual((answers[0][0], answers[0]), (403, answers[1]))

    def test_a_register_shows_others_copies_to_managers_and_auditors(self):
        manager, form = self.browser("孙工"), self.pages["DT36"]
        status, copy = self.issue(manager, form, for_whom="法院", purpose="court")
        self.assertEqual(status, 201, copy)
        self.assertEqual(self.issue(manager, form, for_whom="法院", purpose="好奇")[0], 400)
        self.assertEqual(len(self.browser("周稽核").get("/api/v1/copies")["copies"]), 1)
        clerk = self.browser("吴窗口")
        self.assertEqual(clerk.get("/api/v1/copies")["copies"], [])
        self.assertEqual(clerk.ask("POST", f"/api/v1/copies/{copy['copy']}/prints",
                                   {"reason": "x"}), 404)


if __name__ == "__main__":
    unittest.main()
