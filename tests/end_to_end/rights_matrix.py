"""Who may ask for what: every post, every route, every state that a session can be in. What is
expected comes from docs/openapi and config/duties/posts.csv; what is got, from a running server."""

import csv
import json
import re
import time
from collections import Counter
from pathlib import Path

from openapi import Interface

ROOT = Path(__file__).resolve().parents[2]
CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
# They change who asks, and have tests of their own.
ABOUT_THE_SESSION = re.compile(r"/api/v1/session(/.*)?")
NOTHING = 999_999_999
PURPOSE = {"channel": "counter", "purpose": "person_request", "applicant": "somebody"}
RIGHTS_BELIEVED_S = 5  # docs/API.md


def posts():
    """Rights by post."""
    with open(ROOT / "config" / "duties" / "posts.csv", encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["post"]: set(row["rights"].split("|")) for row in rows}


class Route:
    def __init__(self, path, method, operation):
        self.path, self.method = path, method.upper()
        self.open = "security" in operation
        self.rights = set(operation.get("x-rights", ()))
        content = operation["responses"].get("200", {}).get("content", {})
        self.streams = "text/event-stream" in content

    def address(self, number, token):
        known = {"{token}": token, "{region}": "full", "{size}": "200,", "{rotation}": "0",
                 "{quality}": "default.jpg"}
        return re.sub(r"\{[^}]*\}", lambda part: known.get(part[0], str(number)), self.path)


def routes():
    found = [Route(path, method, operation)
             for path, operations in Interface().document["paths"].items()
             for method, operation in operations.items()]
    return [route for route in found
            if not route.open and not route.streams and not ABOUT_THE_SESSION.fullmatch(route.path)]


class Matrix:
    """`browser_of` signs somebody in (None: a stranger); `users` are names by post; `end` ends a
    user, as `juanzong user end` does. Every cell is one request: `wrong` are those that were
    answered otherwise than the tables say."""

    def __init__(self, browser_of, users, end):
        self.browser_of, self.users, self.end = browser_of, users, end
        self.cells, self.wrong, self.statuses = 0, [], Counter()

    def run(self):
        rights_of, known, stranger = posts(), routes(), self.browser_of(None)
        browsers = {post: self.browser_of(name) for post, name in self.users.items()}
        for post, browser in browsers.items():
            other = next(one for name, one in browsers.items() if name != post)
            for route in known:
                may = not route.rights or bool(route.rights & rights_of[post])
                self.ask_in_all_states(post, route, may, browser, other, stranger)
        self.take_away(browsers, known)
        return self

    def ask_in_all_states(self, post, route, may, browser, other, stranger):
        by_right = self.allowed if may else self.forbidden
        self.ask("nobody", post, route, stranger, self.unknown)
        self.ask("somebody else's cookie", post, route, stranger, self.unknown,
                 headers={"Cookie": "juanzong_session=" + "0" * 64})
        if route.method in CHANGES:
            self.ask("no token", post, route, browser, self.forbidden, headers={"X-CSRF": ""})
            self.ask("another session's token", post, route, browser, self.forbidden,
                     headers={"X-CSRF": other.csrf})
        else:
            self.ask("changes nothing", post, route, browser, by_right, method="HEAD")
        self.ask("signed in", post, route, browser, by_right)
        self.ask("a number of nothing", post, route, browser, by_right, number=NOTHING)
        browser.ask("PUT", "/api/v1/session/purpose", PURPOSE)
        self.ask("with a purpose", post, route, browser, by_right)
        browser.ask("DELETE", "/api/v1/session/purpose")

    def take_away(self, browsers, known):
        """Whoever signed out, or was ended meanwhile, is nobody."""
        for post, browser in browsers.items():
            again = self.browser_of(self.users[post])
            again.ask("DELETE", "/api/v1/session")
            for route in known:
                self.ask("signed out", post, route, again, self.unknown)
        for name in self.users.values():
            self.end(name)
        time.sleep(RIGHTS_BELIEVED_S + 1)
        for post, browser in browsers.items():
            for route in known:
                self.ask("ended", post, route, browser, self.unknown)

    def ask(self, state, post, route, browser, expected, number=1, method=None, headers=None):
        method = method or route.method
        status = browser.ask(method, route.address(number, browser.token(number)),
                             {} if method in CHANGES else None, headers)
        code = ""
        if status >= 400 and browser.body.startswith(b"{"):
            code = json.loads(browser.body)["error"]["code"]
        self.cells += 1
        self.statuses[status] += 1
        if not expected(status, code, method):
            self.wrong.append(f"{state}, {post}: {method} {route.path}: {status} {code}")

    @staticmethod
    def unknown(status, _code, _method):
        return status == 401

    @staticmethod
    def forbidden(status, _code, _method):
        return status == 403

    @staticmethod
    def allowed(status, code, method):
        """Whatever else is wrong with the request: the post is not."""
        if method == "HEAD":  # an answer without a body does not say why
            return status not in (401, 405)
        return status not in (401, 405) and code != "forbidden"
