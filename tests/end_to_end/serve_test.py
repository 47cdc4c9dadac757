"""`juanzong serve` as a browser meets it: who may see what, what is masked, what is logged (R4, R14,
R31, R54), pictures by IIIF, and what is thrown at it."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import struct
import subprocess
import threading
import time
import unittest
from pathlib import Path

from program import PASSWORD, USAGE, EndToEnd, filed_once, juanzong
from serving import Browser, Filed, Serving

OFFICE = (("钱主任", "approver"), ("孙工", "records_manager"), ("周稽核", "auditor"),
          ("吴窗口", "counter_clerk"), ("郑技术", "technician"), ("冯扫描", "scan_operator"))
NUMBER = re.compile(r"\d{17}[\dXx]")


def setUpModule():
    Filed.folder = filed_once("maternity/0001.jpg", "maternity/0003.jpg", "refund/0001.tif",
                              users=OFFICE)


def one_time_code(secret, steps=0):
    """RFC 6238, as an authenticator reckons it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06}"


class WhoMaySeeWhat(Serving):
    def test_nobody_sees_anything_without_signing_in(self):
        stranger = self.browser()
        for path in ("/api/v1/search?q=x", "/api/v1/pages/1", "/api/v1/dossiers", "/api/v1/status",
                     "/api/v1/batches", "/api/v1/persons/1", "/api/v1/access", "/api/v1/session",
                     "/iiif/3/1-00/info.json", "/iiif/presentation/3/dossiers/1/manifest"):
            self.assertEqual(stranger.ask("GET", path), 401, path)
        self.assertEqual(stranger.ask("GET", "/healthz"), 200)

    def test_posts_see_what_their_rights_allow(self):
        allowed = {  # path -> who gets 200
            "/api/v1/search?q=a": {"钱主任", "孙工", "周稽核", "吴窗口"},
            "/api/v1/pages/1": {"钱主任", "孙工", "周稽核", "吴窗口"},
            "/api/v1/dossiers": {"钱主任", "孙工", "周稽核", "吴窗口"},
            "/api/v1/batches": {"钱主任", "孙工", "周稽核", "吴窗口", "郑技术", "冯扫描"},
            "/api/v1/status": {"钱主任", "孙工", "周稽核", "吴窗口", "郑技术", "冯扫描"},
            "/api/v1/access": {"周稽核"},
        }
        for name, _ in OFFICE:
            browser = self.browser(name)
            for path, who in allowed.items():
                self.assertEqual(browser.ask("GET", path), 200 if name in who else 403,
                                 (name, path, browser.body[:200]))
        refused = [entry for entry in self.log() if entry["action"] == "refused"]
        self.assertIn("郑技术", {entry["who"] for entry in refused}, "a refusal is an entry (R4)")

    def test_a_wrong_password_waits_in_the_end(self):
        browser = self.browser()
        for _ in range(5):
            self.assertEqual(browser.sign_in("吴窗口", "wrong password"), 401)
        self.assertEqual(browser.sign_in("吴窗口"), 429, "the right one has to wait as well")
        self.assertGreater(int(browser.headers["Retry-After"]), 0)
        self.assertEqual(self.browser().sign_in("钱主任"), 200)

    def test_a_second_factor_is_wanted_once_it_is_set(self):
        clerk = self.browser("吴窗口")
        factor = "/api/v1/session/second-factor"
        self.assertFalse(clerk.get("/api/v1/session")["second_factor"])
        self.assertEqual(clerk.ask("POST", factor, {"password": "not it at all"}), 409)
        self.assertEqual(clerk.ask("POST", factor, {"password": PASSWORD}), 200)
        shown = json.loads(clerk.body)
        secret = shown["secret"]
        self.assertIn(secret, shown["address"])
        self.assertEqual(len(shown["qr"]), len(shown["qr"][0]))
        said = {"password": PASSWORD, "code": "000000"}
        self.assertEqual(clerk.ask("PUT", factor, said), 409, "a code that is none")
        said["code"] = one_time_code(secret, -1)
        self.assertEqual(clerk.ask("PUT", factor, said), 204, clerk.body)
        # From now on the password alone does not do, nor a code that was used.
        again = self.browser()
        sign_in = {"name": "吴窗口", "password": PASSWORD}
        for code, refused in ((None, "second_factor"), ("000000", "second_factor_wrong"),
                              (said["code"], "second_factor_wrong")):
            sent = sign_in if code is None else {**sign_in, "code": code}
            self.assertEqual(again.ask("POST", "/api/v1/session", sent), 401)
            self.assertEqual(json.loads(again.body)["error"]["code"], refused)
        used = {**sign_in, "code": one_time_code(secret)}
        self.assertEqual(again.ask("POST", "/api/v1/session", used), 200)
        self.stop()
        self.start()
        self.assertEqual(self.browser().ask("POST", "/api/v1/session", used), 401,
                         "a restart makes no code new")
        clerk = self.browser()
        self.assertEqual(clerk.ask("POST", "/api/v1/session",
                                   {**sign_in, "code": one_time_code(secret, 1)}), 200)
        clerk.cookie = clerk.headers["Set-Cookie"].split(";")[0]
        clerk.csrf = json.loads(clerk.body)["csrf"]
        # Neither the ledger nor the records tell the secret.
        for file in self.archive.folder.glob("records.sqlite*"):
            self.assertNotIn(secret.encode(), file.read_bytes())
        self.assertEqual(clerk.ask("DELETE", factor, {"password": PASSWORD}), 204, clerk.body)
        self.assertEqual(self.browser().sign_in("吴窗口"), 200)

    def test_a_change_needs_the_token_of_the_page(self):
        browser = self.browser("吴窗口")
        purpose = {"channel": "counter", "purpose": "business", "applicant": "张三", "agent": ""}
        browser.csrf = ""
        self.assertEqual(browser.ask("PUT", "/api/v1/session/purpose", purpose), 403)
        self.assertIn("SameSite=Strict", self.cookie_of("吴窗口"))
        self.assertIn("HttpOnly", self.cookie_of("吴窗口"))

    def test_whom_the_archive_knows_is_told_to_who_may_search(self):
        purpose = {"channel": "counter", "purpose": "business", "applicant": "张三", "agent": ""}
        for name, status in (("郑技术", 403), ("冯扫描", 403), ("吴窗口", 200)):
            self.assertEqual(self.browser(name).ask("PUT", "/api/v1/session/purpose", purpose),
                             status, name)

    def cookie_of(self, name):
        browser = self.browser(name)
        return browser.headers["Set-Cookie"]

    def test_a_session_ends_when_somebody_signs_out(self):
        browser = self.browser("吴窗口")
        self.assertEqual(browser.ask("DELETE", "/api/v1/session"), 204)
        self.assertEqual(browser.ask("GET", "/api/v1/status"), 401)


    def test_who_is_ended_or_loses_a_post_loses_it_in_the_open_session(self):
        clerk, manager = self.browser("吴窗口"), self.browser("孙工")
        self.archive.run("user change", "孙工", "--take", "records_manager")
        self.archive.run("user end", "吴窗口")
        time.sleep(6)
        self.assertEqual(clerk.ask("GET", "/api/v1/pages/1"), 401)
        self.assertEqual(manager.ask("GET", "/api/v1/pages/1"), 403)


class WhatIsShown(Serving):
    def purpose(self, browser):
        self.assertEqual(browser.ask("PUT", "/api/v1/session/purpose", {
            "channel": "counter", "purpose": "contribution_check", "applicant": "李某", "agent": ""}), 200)

    def test_numbers_are_masked_until_somebody_says_why(self):
        known = {match for page in self.archive.pages()
                 for match in NUMBER.findall(json.dumps(page["fields"], ensure_ascii=False))}
        self.assertTrue(known, "no sample has a number: the test shows nothing")
        clerk = self.browser("吴窗口")
        pages = len(self.archive.pages())
        paths = [f"/api/v1/pages/{n}" for n in range(1, pages + 1)]
        dossiers = clerk.get("/api/v1/dossiers")["dossiers"]
        paths += [f"/api/v1/dossiers/{one['number']}" for one in dossiers]
        paths += [f"/api/v1/persons/{person['number']}" for one in dossiers
                  for person in one["persons"]]
        paths += ["/api/v1/dossiers", "/api/v1/search?q=" + next(iter(known))]
        for path in paths:
            self.assertEqual(clerk.ask("GET", path), 200, (path, clerk.body))
            told = clerk.body.decode()
            for number in known:
                self.assertNotIn(number, told, path)
        page = [one["page"] for one in self.archive.pages()
                if NUMBER.search(json.dumps(one["fields"]))][0]
        self.assertEqual(clerk.ask("POST", f"/api/v1/pages/{page}/reveal", {"reason": ""}), 400)
        self.assertEqual(clerk.ask("POST", f"/api/v1/pages/{page}/reveal",
                                   {"reason": "本人到窗口核对"}), 200)
        self.assertRegex(clerk.body.decode(), NUMBER)
        self.assertRegex(json.dumps(clerk.get(f"/api/v1/pages/{page}")), NUMBER)
        self.assertEqual(clerk.ask("DELETE", "/api/v1/session/purpose"), 204)
        self.assertNotRegex(json.dumps(clerk.get(f"/api/v1/pages/{page}")), NUMBER,
                            "the next person's turn")
        other = self.browser("孙工")
        self.assertNotRegex(json.dumps(other.get(f"/api/v1/pages/{page}")), NUMBER)
        entry = [one for one in self.log() if one["action"] == "values_revealed"][-1]
        self.assertEqual((entry["who"], entry["object"], entry["reason"]),
                         ("吴窗口", f"page {page}", "本人到窗口核对"))
        # Nor does the log tell the number that somebody wrote as a reason.
        number = next(iter(known))
        clerk.ask("POST", f"/api/v1/pages/{page}/reveal", {"reason": "核对 " + number})
        told = json.dumps(self.log(), ensure_ascii=False)
        self.assertIn("核对 ", told)
        self.assertNotIn(number, told)

    def test_what_tells_a_states_change_tells_no_value(self):
        first = self.browser("吴窗口").get("/api/v1/pages/1")["etag"]
        self.assertEqual(self.browser("吴窗口").get("/api/v1/pages/1")["etag"], first)
        self.stop()
        self.start()
        self.assertNotEqual(self.browser("吴窗口").get("/api/v1/pages/1")["etag"], first,
                            "a digest without a secret would be the same")

    def test_an_opening_is_one_entry_with_its_purpose(self):
        clerk = self.browser("吴窗口")
        self.purpose(clerk)
        page = clerk.get("/api/v1/pages/1")
        for _ in range(3):
            clerk.get("/api/v1/pages/1")
            clerk.ask("GET", f"/iiif/3/{page['token']}/0,0,512,512/512,512/0/default.jpg")
        opened = [one for one in self.log() if one["action"] == "page_opened"]
        self.assertEqual(len(opened), 1)
        self.assertEqual((opened[0]["who"], opened[0]["post"], opened[0]["channel"],
                          opened[0]["applicant"], opened[0]["purpose"]),
                         ("吴窗口", "counter_clerk", "counter", "李某", "contribution_check"))
        # A picture alone is an opening as well.
        hit = clerk.get("/api/v1/dossiers/1")["pages"][-1]
        clerk.ask("GET", f"/iiif/3/{hit['token']}/full/!200,200/0/default.jpg")
        self.assertEqual(len([one for one in self.log() if one["action"] == "page_opened"]), 1,
                         "a preview is none")
        clerk.ask("GET", f"/iiif/3/{hit['token']}/full/max/0/default.jpg")
        self.assertEqual(len([one for one in self.log() if one["action"] == "page_opened"]), 2)

    def test_without_the_log_nothing_is_shown(self):
        self.browser("吴窗口").get("/api/v1/pages/1")
        self.stop()
        log = self.archive.folder / "access" / "log"
        text = log.read_text(encoding="utf-8")
        self.assertIn("page 1", text)
        log.write_text(text.replace("page 1", "page 2"), encoding="utf-8")
        ended = self.archive.run("serve", "--listen", "127.0.0.1:0")
        self.assert_says(ended, 3, "access log")

    def test_the_ledger_knows_how_far_the_log_has_come(self):
        clerk = self.browser("吴窗口")
        clerk.get("/api/v1/pages/1")
        self.stop()
        verified = self.archive.run("verify", "--json")
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_searching_finds_the_page_and_the_place(self):
        clerk = self.browser("吴窗口")
        title = [one for one in self.archive.pages() if one["title"]][0]["title"]
        from urllib.parse import quote
        found = clerk.get("/api/v1/search?q=" + quote(title))
        self.assertGreaterEqual(found["total"], 1)
        hit = found["hits"][0]
        self.assertIn("«", hit["snippet"])
        self.assertTrue(hit["boxes"])
        self.assertEqual(found["waiting"], 0)
        names = clerk.get("/api/v1/names")
        self.assertEqual(names["types"]["DT01"]["en"] != "", True)
        self.assertEqual(names["fields"]["DT15"]["person_name"], {"zh": "姓名", "en": "Name"})
        seen, mark = [], ""
        while mark or not seen:
            some = clerk.get(f"/api/v1/search?limit=1&q={quote(title)}&after={mark}")
            seen += [one["page"] for one in some["hits"]]
            mark = some["next"]
        self.assertEqual(seen[:len(found["hits"])], [one["page"] for one in found["hits"]])
        self.assertEqual(clerk.ask("GET", "/api/v1/search?q=x&after=x"), 400)
        self.assertEqual(clerk.ask("GET", "/api/v1/search?q=" + quote("((")), 400)
        self.assertIn("zh", json.loads(clerk.body)["error"])

    def test_pages_set_aside_say_why(self):
        clerk = self.browser("孙工")
        batches = clerk.get("/api/v1/batches")["batches"]
        self.assertEqual(batches[0]["counts"]["filed"], 3)
        self.assertEqual(clerk.get(f"/api/v1/batches/{batches[0]['number']}")["set_aside"], [])


class Pictures(Serving):
    def test_iiif_serves_what_its_info_offers(self):
        clerk = self.browser("吴窗口")
        page = clerk.get("/api/v1/pages/1")
        base = f"/iiif/3/{page['token']}"
        info = clerk.get(base + "/info.json")
        self.assertEqual((info["width"], info["height"]), (page["width"], page["height"]))
        self.assertEqual(info["protocol"], "http://iiif.io/api/image")
        kinds = {"jpg": b"\xff\xd8", "png": b"\x89PNG", "webp": b"RIFF"}
        for name, begin in kinds.items():
            self.assertEqual(clerk.ask("GET", f"{base}/full/300,/0/default.{name}"), 200)
            self.assertTrue(clerk.body.startswith(begin), name)
            self.assertEqual(clerk.headers["Cache-Control"], "no-store")
        self.assertEqual(clerk.ask("GET", base + "/full/max/45/default.jpg"), 501)
        self.assertEqual(clerk.ask("GET", base + "/full/0,/0/default.jpg"), 400)
        self.assertEqual(clerk.ask("GET", base), 303)

    def test_a_token_is_good_in_its_own_session(self):
        clerk, manager = self.browser("吴窗口"), self.browser("孙工")
        token = clerk.get("/api/v1/pages/1")["token"]
        self.assertEqual(manager.ask("GET", f"/iiif/3/{token}/info.json"), 404)
        self.assertEqual(clerk.ask("GET", f"/iiif/3/2-{token.split('-')[1]}/info.json"), 404)

    def test_a_manifest_leads_to_the_pictures(self):
        clerk = self.browser("吴窗口")
        manifest = clerk.get("/iiif/presentation/3/dossiers/1/manifest")
        self.assertEqual(manifest["type"], "Manifest")
        image = manifest["items"][0]["items"][0]["items"][0]["body"]["id"]
        self.assertEqual(clerk.ask("GET", "/" + image.split("/", 3)[3]), 200)

    def test_a_damaged_original_is_told_as_such(self):
        page = self.archive.pages()[0]
        self.archive.spoil(page["source_object"])
        clerk = self.browser("吴窗口")
        token = clerk.get(f"/api/v1/pages/{page['page']}")["token"]
        self.assertEqual(clerk.ask("GET", f"/iiif/3/{token}/full/max/0/default.jpg"), 500)
        self.assertEqual(json.loads(clerk.body)["error"]["code"], "damage")


class Beside(Serving):
    def test_what_the_server_may_be_filing_is_no_garbage(self):
        name = hashlib.sha256(b"being filed").hexdigest()
        file = self.archive.folder / "objects/sha256" / name[:2] / name[2:]
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"being filed")
        for _ in range(2):
            collected = self.archive.run("gc", "--grace-days", 0, "--json")
            self.assertEqual(self.said(collected)[0]["removed"], 0)
            self.assertIn("the grace is a day", collected.stderr)
        self.assertTrue(file.exists())
        self.stop()
        for _ in range(2):
            self.said(self.archive.run("gc", "--grace-days", 0, "--json"))
        self.assertFalse(file.exists())


class WhatIsThrownAtIt(Serving):
    BAD = ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../index.html",
           "/api/v1/pages/0", "/api/v1/pages/-1", "/api/v1/pages/abc", "/api/v1/pages/999999",
           "/api/v1/pages/1%20OR%201=1", "/api/v1/pages/99999999999999999999",
           "/api/v1/dossiers/1;DROP", "/api/v1/search?q=%00", "/api/v1/search?q=%ff",
           "/api/v1/search?offset=x", "/iiif/3/", "/iiif/3/x/info.json", "/iiif/3/1/full",
           "/api", "/api/v2/pages/1", "/api/v1/nothing", "/iiif/2/1-0/info.json")

    def test_bad_addresses_get_an_error_and_nothing_else(self):
        clerk = self.browser("吴窗口")
        for path in self.BAD:
            status = clerk.ask("GET", path)
            self.assertIn(status, (400, 404), (path, status))
            self.assertNotIn(b"root:", clerk.body)
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            self.assertIn(clerk.ask(method, "/api/v1/pages/1"), (405, 501, 403), method)
        clerk.get("/api/v1/status")

    def test_scripts_in_words_stay_words(self):
        clerk = self.browser("吴窗口")
        evil = "<script>alert(1)</script>"
        self.assertEqual(clerk.ask("PUT", "/api/v1/session/purpose", {
            "channel": "counter", "purpose": "business", "applicant": evil, "agent": ""}), 200)
        self.assertTrue(clerk.headers["Content-Type"].startswith("application/json"))
        self.assertEqual(clerk.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'self'", clerk.headers["Content-Security-Policy"])
        self.assertNotIn("unsafe", clerk.headers["Content-Security-Policy"])

    def test_bodies_that_are_none(self):
        clerk = self.browser("吴窗口")
        for body, kind, expected in ((b"{", "application/json", 400), (b"[]", "application/json", 400),
                                     (b"a=1", "application/x-www-form-urlencoded", 415),
                                     (b'{"channel": 7}', "application/json", 400),
                                     (b'{"channel":' + b"[" * 17 + b"]" * 17 + b"}",
                                      "application/json", 400),
                                     (b'{"channel":' + b"[" * 400_000 + b"]" * 400_000 + b"}",
                                      "application/json", 400),
                                     (b"x" * 2_000_000, "application/json", 413)):
            clerk.connection.close()
            clerk.connection.request("PUT", "/api/v1/session/purpose", body,
                                     {"Cookie": clerk.cookie, "X-CSRF": clerk.csrf,
                                      "Content-Type": kind})
            try:
                answer = clerk.connection.getresponse()
            except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
                continue
            self.assertEqual(answer.status, expected, body[:20])
            answer.read()
        self.assertEqual(self.browser().ask("GET", "/healthz"), 200)

    def test_a_change_with_a_deep_body_is_refused(self):
        manager = self.browser("孙工")
        deep = json.loads('{"action": "order_items", "look": ' + "[" * 500 + "]" * 500 + "}")
        for look in (deep["look"], "yes"):
            self.assertEqual(manager.ask("POST", "/api/v1/dossiers/1/arrangements",
                                         {**deep, "look": look}), 400)
        self.assertEqual(self.browser().ask("GET", "/healthz"), 200)

    def test_clerks_at_the_same_time(self):
        problems = []

        def work(name):
            try:
                browser = self.browser(name)
                for _ in range(10):
                    token = browser.get("/api/v1/pages/1")["token"]
                    if browser.ask("GET", f"/iiif/3/{token}/full/400,/0/default.jpg") != 200:
                        problems.append(browser.body)
            except Exception as error:  # noqa: BLE001 - told below
                problems.append(error)

        threads = [threading.Thread(target=work, args=(name,))
                   for name in ("吴窗口", "孙工", "钱主任", "吴窗口")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(problems, [])

    def test_figures_hold_no_names(self):
        stranger = self.browser()
        self.assertEqual(stranger.ask("GET", "/metrics"), 200)
        self.assertIn(b"juanzong_pages_filed 3", stranger.body)
        self.assertNotIn("吴窗口", stranger.body.decode())

    def test_it_ends_well(self):
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(30), 0)


class Starting(EndToEnd):
    def test_passwords_do_not_cross_the_network_in_clear(self):
        ended = juanzong("serve", "--archive", Filed.folder, "--listen", "0.0.0.0:0")
        self.assert_says(ended, USAGE, "in clear")
        ended = juanzong("serve", "--archive", Filed.folder, "--listen", "nowhere")
        self.assert_says(ended, USAGE)
        ended = juanzong("serve", "--archive", Filed.folder, "--certificate", "/dev/null")
        self.assert_says(ended, USAGE, "belong together")

    def test_the_log_is_not_where_strangers_read(self):
        folder = Path(Filed.folder) / "access"
        if folder.exists():
            self.assertEqual((folder / "log").stat().st_mode & 0o007, 0)


if __name__ == "__main__":
    unittest.main()
