"""What a running program logs: every event, and nothing of a person."""

import http.client
import json
import os
import re
import signal
import subprocess
import unittest
from datetime import datetime
from urllib.parse import quote

from program import SAMPLES, EndToEnd, blank_page, filed_once
from serving import Browser, Filed

NUMBER = "43970219860407762X"
NAME = "冯洁丽"
CLERK = "吴窗口"
PLANTED = (NUMBER, NUMBER.lower(), NAME, quote(NAME), CLERK, quote(CLERK), "439702")


def setUpModule():
    Filed.folder = filed_once("maternity/0001.jpg", users=((CLERK, "counter_clerk"),))


class Logs(EndToEnd):
    def serve(self, *options):
        self.archive = self.copy_of(Filed.folder)
        kept = open(self.work / "log", "w+", encoding="utf-8")
        self.addCleanup(kept.close)
        self.server = subprocess.Popen(
            [os.environ["JUANZONG"], "serve", "--archive", str(self.archive.folder), "--listen",
             "127.0.0.1:0", *options], stdout=subprocess.PIPE, stderr=kept, text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.addCleanup(self.end)
        self.port = int(re.search(r":(\d+)/", self.server.stdout.readline()).group(1))

    def end(self):
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(30)
        self.server.stdout.close()
        return (self.work / "log").read_text(encoding="utf-8")

    def raw(self, line):
        """A request of any shape, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.addCleanup(connection.close)
        connection.connect()
        connection.sock.sendall((line + "\r\nHost: x\r\nConnection: close\r\n\r\n").encode())
        while connection.sock.recv(65536):
            pass

    def planted_everywhere(self):
        browser = Browser(self.port)
        self.addCleanup(browser.connection.close)
        self.assertEqual(browser.sign_in(NAME), 401)
        self.assertEqual(browser.sign_in(CLERK), 200)
        for word in (NAME, NUMBER):
            self.assertEqual(browser.ask("GET", "/api/v1/search?q=" + quote(word)), 200)
            self.assertEqual(browser.ask("GET", "/api/v1/persons/" + quote(word)), 404)
            browser.ask("GET", "/" + quote(word))
        self.assertEqual(browser.ask("POST", "/api/v1/pages/1/reveal", {"reason": NAME + NUMBER}),
                         200)
        self.assertEqual(browser.ask("PUT", "/api/v1/session/purpose", {
            "channel": "counter", "purpose": "person_request", "applicant": NAME,
            "id_number": NUMBER}), 200)
        self.assertEqual(browser.ask("GET", "/api/v1/access"), 403)
        self.raw(f"GET /api/v1/search?q={NUMBER}%ZZ HTTP/1.1")
        self.raw(f"{NUMBER} /{NUMBER} HTTP/1.1")
        self.raw(f"GET /api/v1/pages/{NUMBER} HTTP/1.1")

    def test_requests_are_told_by_route_and_nothing_of_a_person_is(self):
        self.serve("--log", "json")
        self.planted_everywhere()
        text = self.end()
        for planted in PLANTED:
            self.assertNotIn(planted, text)
        events = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        for event in events:
            self.assertEqual(list(event)[:3], ["time", "level", "event"])
            self.assertIsNotNone(datetime.fromisoformat(event["time"]).tzinfo)
        names = [event["event"] for event in events]
        self.assertEqual((names[0], names[-1]), ("serving", "ended"))
        requests = [event for event in events if event["event"] == "request"]
        told = {(one["method"], one["route"], one["status"]) for one in requests}
        for expected in (("POST", "/api/v1/session", 401), ("POST", "/api/v1/session", 200),
                         ("GET", "/api/v1/search", 200), ("POST", "/api/v1/pages/{page}/reveal", 200),
                         ("GET", "/api/v1/access", 403)):
            self.assertIn(expected, told)
        self.assertTrue(all(one["route"] in ("(asset)", "(none)") or one["route"].startswith("/")
                            for one in requests))
        sessions = {one["session"] for one in requests if "session" in one}
        self.assertEqual(sessions, {1})
        self.assertTrue(all(one["ms"] >= 0 for one in requests))
        refused = next(one for one in requests if one["route"] == "/api/v1/access")
        self.assertEqual(refused["level"], "warn")

    def test_text_says_the_same_and_levels_leave_out(self):
        self.serve("--log", "text", "--log-level", "warn")
        self.planted_everywhere()
        lines = self.end().splitlines()
        requests = [line for line in lines if " request " in line]
        self.assertTrue(requests)
        for line in requests:
            self.assertRegex(line, r"^\S+[+-]\d\d:\d\d (warn|error) request method=\w+ route=\S+ ")
        self.assertFalse([line for line in lines for planted in PLANTED if planted in line])

    def test_without_asking_nothing_is_logged(self):
        self.serve()
        self.planted_everywhere()
        self.assertNotRegex(self.end(), r"\brequest\b[ \"]")

    def test_batches_are_told_by_number_and_counts(self):
        archive = self.new_archive()
        box = self.work / f"{NAME}-{NUMBER}"
        box.mkdir()
        (box / f"{NAME}.bmp").write_bytes(blank_page())
        (box / f"{NUMBER}.bmp").write_bytes(b"")
        for command in (("ingest", box), ("watch", self.work / "hot", "--once")):
            if command[0] == "watch":
                (self.work / "hot").mkdir()
                box.rename(self.work / "hot" / box.name)
            ended = archive.run(*command, "--log", "json", "--json")
            events = [json.loads(line) for line in ended.stderr.splitlines()
                      if line.startswith('{"time"')]
            (batch,) = [event for event in events if event["event"] == "batch_ended"]
            self.assertEqual((batch["pages_in"], batch["filed"], batch["set_aside"]), (2, 1, 1))
            for event in events:
                for planted in PLANTED:
                    self.assertNotIn(planted, json.dumps(event, ensure_ascii=False))


if __name__ == "__main__":
    unittest.main()
