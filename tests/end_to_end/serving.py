"""A server under test, and browsers that ask it."""

import http.client
import json
import os
import re
import signal
import subprocess

from openapi import Interface
from program import PASSWORD, EndToEnd

INTERFACE = Interface()


class Filed:
    """What the servers of a module's tests work on copies of: set by its setUpModule."""
    folder = None


class Browser:
    """One user's cookies and token, over one connection."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = self.csrf = ""
        self.tokens = {}

    def ask(self, method, path, body=None, headers=None):
        sent = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            sent["Content-Type"] = "application/json"
        if method not in ("GET", "HEAD"):
            sent["X-CSRF"] = self.csrf
        sent.update(headers or {})
        self.connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        answer = self.connection.getresponse()
        self.headers = dict(answer.getheaders())
        self.body = answer.read()
        INTERFACE.check(method, path, answer.status, self.headers.get("Content-Type", ""), self.body)
        return answer.status

    def token(self, page):
        """What this session calls a page in addresses of pictures."""
        if page not in self.tokens:
            known = self.cookie and self.ask("GET", f"/api/v1/pages/{page}") == 200
            self.tokens[page] = json.loads(self.body)["token"] if known else f"{page}-00"
        return self.tokens[page]

    def get(self, path):
        status = self.ask("GET", path)
        if status != 200:
            raise AssertionError(f"{path}: {status} {self.body[:300]}")
        return json.loads(self.body)

    def sign_in(self, name, password=PASSWORD):
        status = self.ask("POST", "/api/v1/session", {"name": name, "password": password})
        if status == 200:
            self.cookie = self.headers["Set-Cookie"].split(";")[0]
            self.csrf = json.loads(self.body)["csrf"]
        return status


class Serving(EndToEnd):
    """A server of a copy of the archive."""

    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(Filed.folder)
        self.start()

    def start(self, *options):
        self.server = subprocess.Popen(
            [os.environ["JUANZONG"], "serve", "--archive", str(self.archive.folder), "--listen",
             "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"})
        self.addCleanup(self.stop)
        line = self.server.stdout.readline()
        match = re.search(r":(\d+)/", line)
        if not match:
            raise AssertionError(line + self.server.stderr.read())
        self.port = int(match.group(1))

    def stop(self):
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(30)
        self.server.stdout.close()
        self.server.stderr.close()

    def browser(self, name=None):
        browser = Browser(self.port)
        self.addCleanup(browser.connection.close)
        if name:
            self.assertEqual(browser.sign_in(name), 200, browser.body)
        return browser

    def log(self):
        auditor = self.browser("周稽核")
        return auditor.get("/api/v1/access?limit=1000")["entries"]
