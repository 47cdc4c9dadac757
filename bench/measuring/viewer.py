"""The benchmark `viewer`: what `juanzong serve` takes on an archive of many made pages.

    first_load_kb_gz         what a browser gets before somebody signed in, as it is sent
    first_image_ms           a page of a dossier nobody opened: from the click until its picture is
                             drawn; cold_image_ms: from its address in a new tab, interactive_ms:
                             until its fields are there. Medians
    tiles_per_s              a stored tile, asked for over eight connections (wrk)
    search_p99_under_load_ms 100 clerks search, each after a second or two of reading, while batches
                             are taken in; search_p50_under_load_ms beside it
    idle_cpu_percent         of one core, with 200 connections that ask nothing
    rss_growth_mb            from the end of the first minute of such work to its last (--minutes)
    slow_ratio               p99 of others' searches while slowhttptest holds 200 slow connections,
                             over that before
    matrix_cells             requests of every post at every route in every state; matrix_wrong those
                             answered otherwise than the tables say
    planted_id_leaks         numbers of persons in anything that an answer, a log or a page has for
                             posts who did not say why; planted_ids of them were planted, in values,
                             texts, titles and file names, and looked for in leak_answers answers
"""

import gzip
import http.client
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

from measuring import corpus, search
from measuring.program import ROOT, Failed, each, find_program, say, tool

sys.path.insert(0, str(ROOT / "tests" / "end_to_end"))

import rights_matrix  # noqa: E402
import serving  # noqa: E402

PAGES = 150_000  # 10,000 persons
PAGES_PER_DOSSIER = 15
CLERKS = 100
IDLE = 200
FIRST_PAGES = 40
LEAK_PAGES_OF = 40  # dossiers whose every page, person and picture list is asked for
PASSWORD = serving.PASSWORD  # with which its browsers sign in
PICTURE = ROOT / "samples" / "scans" / "maternity" / "0001.jpg"
TICKS = os.sysconf("SC_CLK_TCK")


def make(folder, work, pages, users):
    """An archive of so many pages, with users; the numbers of its persons."""
    program, archive, templates = find_program(), work / "archive", work / "templates"
    with open(templates, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in corpus.templates(Path(folder) / "gt"))
    subprocess.run([program, "init", archive], check=True, stdout=subprocess.DEVNULL)
    say(f"viewer: making {pages} pages")
    made = subprocess.run([tool("juanzong_made_archive"), templates, str(pages), PICTURE, archive],
                          check=True, stdout=subprocess.PIPE, text=True)
    for name, posts in users.items():
        words = [word for post in posts for word in ("--post", post)]
        subprocess.run([program, "user", "add", "--archive", archive, name, "--password", *words],
                       input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    return archive, sorted(set(made.stdout.split()))


class Unchecked:
    @staticmethod
    def check(*_):
        """Takes any answer."""


class Server:
    def __init__(self, archive, log):
        self.archive, self.log = archive, log
        web = tool("../share/juanzong/web/index.html", "juanzong_web").resolve().parent
        self.process = subprocess.Popen(
            [find_program(), "serve", "--archive", archive, "--listen", "127.0.0.1:0", "--web", web],
            stdout=subprocess.PIPE, stderr=open(log, "ab"), text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"})
        line = self.process.stdout.readline()
        port = re.search(r":(\d+)/", line)
        if not port:
            self.process.kill()
            raise Failed(f"serve said: {line}")
        self.port = int(port[1])

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def rss_mb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def cpu_s(self):
        cells = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").split()
        return (int(cells[13]) + int(cells[14])) / TICKS

    def browser(self, name=None):
        serving.INTERFACE = Unchecked  # that answers are as described is for the tests
        browser = serving.Browser(self.port)
        if name and browser.sign_in(name) != 200:
            raise Failed(f"{name} cannot sign in: {browser.body}")
        return browser


def first_load_kb(server):
    """The page and every script and style it names, as they are sent."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)

    def sent(path):
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        packed = answer.getheader("Content-Encoding") == "gzip"
        return len(body), gzip.decompress(body) if packed else body

    total, page = sent("/")
    for path in set(re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css|svg|ico))"', page.decode())):
        total += sent(path)[0]
    return total / 1000


def first_pages(server, name, pages):
    numbers = random.Random(7).sample(range(1, pages), FIRST_PAGES)
    done = subprocess.run(
        ["node", ROOT / "bench" / "measuring" / "first_page.mjs"], capture_output=True, text=True,
        env={**os.environ, "JUANZONG_URL": f"http://127.0.0.1:{server.port}", "JUANZONG_NAME": name,
             "JUANZONG_PASSWORD": PASSWORD, "PAGES": ",".join(map(str, numbers))}, timeout=300)
    if done.returncode != 0:
        raise Failed("the browser: " + done.stderr[-2000:])
    times = [json.loads(line) for line in done.stdout.splitlines()]
    for figure in ("first_image_ms", "cold_image_ms", "interactive_ms"):
        of_it = [time[figure] for time in times if figure in time]
        if len(of_it) < FIRST_PAGES // 4:
            raise Failed(f"{figure}: only {len(of_it)} of {FIRST_PAGES // 2} pages were not covered")
        yield figure, statistics.median(of_it), "ms", len(of_it)


def tiles_per_s(server, name):
    browser = server.browser(name)
    tiles = (f"/iiif/3/{browser.token(page)}/0,0,512,512/256,/0/default.jpg" for page in range(1, 50))
    path = next((tile for tile in tiles if browser.ask("GET", tile) == 200), None)
    if path is None:
        raise Failed(f"no tile: {browser.body[:200]}")  # papers of identity are covered
    done = subprocess.run(["wrk", "-t", "1", "-c", "8", "-d", "10s", "-H", f"Cookie: {browser.cookie}",
                           f"http://127.0.0.1:{server.port}{path}"],
                          capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout:
        raise Failed(done.stdout)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


class Clerk(threading.Thread):
    """Searches, reads a second or two, searches."""

    def __init__(self, server, name, questions, seed):
        super().__init__()
        self.browser = server.browser(name)
        self.questions, self.random, self.until = questions, random.Random(seed), 0
        self.times, self.failed = [], []

    def run(self):
        time.sleep(self.random.random())
        while time.monotonic() < self.until:
            address = "/api/v1/search?q=" + quote(self.random.choice(self.questions))
            begun = time.perf_counter()
            status = self.browser.ask("GET", address)
            self.times.append(1e3 * (time.perf_counter() - begun))
            if status != 200:
                self.failed.append((address, status))
            time.sleep(self.random.uniform(0.5, 2))


def quantile(times, share):
    return sorted(times)[int(share * (len(times) - 1))]


def searching(server, name, questions, seconds, clerks=CLERKS):
    people = [Clerk(server, name, questions, seed) for seed in range(clerks)]
    until = time.monotonic() + seconds
    for one in people:
        one.until = until
        one.start()
    for one in people:
        one.join()
    failed = [what for one in people for what in one.failed]
    if failed:
        raise Failed(f"{len(failed)} searches failed, the first: {failed[0]}")
    return [time for one in people for time in one.times]


class Ingest(threading.Thread):
    """Takes small batches in, one after the other, beside everything."""

    def __init__(self, archive, work):
        super().__init__()
        self.archive, self.work, self.end, self.batches = archive, work, threading.Event(), 0

    def run(self):
        while not self.end.is_set():
            box = self.work / f"box-{self.batches}"
            box.mkdir()
            for number in range(4):
                shutil.copy(PICTURE, box / f"{number}.jpg")
            subprocess.run([find_program(), "ingest", "--no-wait", "--archive", self.archive,
                            "--threads", "1", box], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
            self.batches += 1


def under_load(server, work, name, questions, minutes):
    ingest = Ingest(server.archive, work)
    ingest.start()
    try:
        times = searching(server, name, questions, 60)
        after_a_minute = server.rss_mb()
        if minutes > 1:
            times += searching(server, name, questions, 60 * (minutes - 1))
    finally:
        ingest.end.set()
        ingest.join()
    if ingest.batches == 0:
        raise Failed("nothing was taken in meanwhile")
    yield "search_p50_under_load_ms", quantile(times, 0.5), "ms", len(times)
    yield "search_p99_under_load_ms", quantile(times, 0.99), "ms", len(times)
    yield "rss_growth_mb", server.rss_mb() - after_a_minute, "MB", minutes
    yield "rss_mb", server.rss_mb(), "MB"


def idle_cpu(server):
    connections = [http.client.HTTPConnection("127.0.0.1", server.port) for _ in range(IDLE)]
    for one in connections:
        one.request("GET", "/healthz")
        one.getresponse().read()
    before = server.cpu_s()
    time.sleep(10)
    used = server.cpu_s() - before
    for one in connections:
        one.close()
    return 10 * used


def slow_ratio(server, name, questions):
    before = quantile(searching(server, name, questions, 20, 20), 0.99)
    attack = subprocess.Popen(["slowhttptest", "-c", "200", "-H", "-i", "2", "-r", "100", "-l", "25",
                               "-u", f"http://127.0.0.1:{server.port}/"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(3)
        during = quantile(searching(server, name, questions, 20, 20), 0.99)
        attack.wait(60)
    finally:
        attack.kill()
    return during / before


def leaks(server, names, planted, log):
    """Asks for everything that shows dossiers, as people who never said why."""
    pattern = re.compile("|".join(map(re.escape, planted)))
    found, answers = set(), 0

    def look(name, path, browser):
        nonlocal answers
        browser.ask("GET", path)
        answers += 1
        text = browser.body.decode("utf-8", "replace") + str(browser.headers)
        found.update((name, path.split("?")[0], number) for number in pattern.findall(text))
        return json.loads(browser.body) if browser.body.startswith(b"{") else {}

    for name in names:
        browser = server.browser(name)
        for path in ("/api/v1/status", "/api/v1/batches", "/api/v1/batches/1", "/metrics",
                     "/api/v1/access?limit=1000"):
            look(name, path, browser)
        for offset in range(0, len(planted), 200):
            look(name, f"/api/v1/dossiers?limit=200&offset={offset}", browser)
        for dossier in range(1, (len(planted) if name == names[0] else LEAK_PAGES_OF) + 1):
            answer = look(name, f"/api/v1/dossiers/{dossier}", browser)
            if dossier > LEAK_PAGES_OF:
                continue
            look(name, f"/iiif/presentation/3/dossiers/{dossier}/manifest", browser)
            for person in answer.get("persons", []):
                look(name, f"/api/v1/persons/{person['number']}", browser)
                look(name, "/api/v1/search?limit=50&q=" + quote(person["name"]), browser)
            for page in answer.get("pages", []):
                look(name, f"/api/v1/pages/{page['page']}", browser)
    for file in (log, server.archive / "access" / "log"):
        text = Path(file).read_text(encoding="utf-8", errors="replace")
        found.update(("a file", Path(file).name, number) for number in pattern.findall(text))
    for name, where, _ in sorted(found)[:10]:
        say(f"viewer: a number leaks to {name} at {where}")
    yield "planted_ids", len(planted), "numbers"
    yield "leak_answers", answers, "answers"
    yield "planted_id_leaks", len({number for *_, number in found}), "numbers"


def seen_when_said_why(server, name, planted):
    """The control: whoever says why sees the numbers, so that they are there to be found."""
    browser = server.browser(name)
    browser.ask("POST", "/api/v1/pages/1/reveal", {"reason": "control"})
    if not any(number.encode() in browser.body for number in planted):
        raise Failed("no planted number is on page 1: the search for leaks would prove nothing")


def leak_figures(server, clerk, planted, log):
    seen_when_said_why(server, "wang", planted)
    yield from leaks(server, [clerk, "user-auditor", "user-technician", "user-indexer"], planted,
                     log)


def matrix(server, users):
    by_post = {posts[0]: name for name, posts in users.items()}

    def end(name):
        subprocess.run([find_program(), "user", "end", "--archive", server.archive, name], check=True,
                       stdout=subprocess.DEVNULL)

    done = rights_matrix.Matrix(server.browser, by_post, end).run()
    for line in done.wrong[:10]:
        say("viewer: " + line)
    yield "matrix_cells", done.cells, "requests"
    yield "matrix_wrong", len(done.wrong), "requests"


def questions_to(templates, pages):
    asked = subprocess.run([search.index_tool(), "plain", templates, str(pages), "1400"],
                           check=True, capture_output=True, text=True).stdout
    return sorted({line.split("\t")[2] for line in asked.splitlines()} - {""})


def figures(folder, work, pages, minutes):
    users = {f"user-{post}": [post] for post in rights_matrix.posts()}
    users["wang"] = ["counter_clerk", "records_manager"]
    archive, planted = make(folder, work, pages or PAGES, users)
    questions = questions_to(work / "templates", pages or PAGES)
    log, clerk = work / "server.log", "user-counter_clerk"
    server = Server(archive, log)
    try:
        yield from each((
            lambda: [("first_load_kb_gz", first_load_kb(server), "kB")],
            lambda: first_pages(server, "wang", pages or PAGES),
            lambda: [("tiles_per_s", tiles_per_s(server, "wang"), "1/s")],
            lambda: [("idle_cpu_percent", idle_cpu(server), "%")],
            lambda: under_load(server, work, clerk, questions, minutes),
            lambda: [("slow_ratio", slow_ratio(server, clerk, questions), "")],
            lambda: leak_figures(server, clerk, planted, log),
            lambda: matrix(server, {name: posts for name, posts in users.items()
                                    if name != "wang"})))
    finally:
        server.stop()
