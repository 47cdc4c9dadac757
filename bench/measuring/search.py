"""How fast pages are found among many, beside other engines on the same text and questions."""

import os
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from statistics import median

from measuring import corpus
from measuring.program import Failed, each, leave_out, say, told, tool

QUESTIONS = 10_000
RIVAL_QUESTIONS = 1_400
LIMIT = 20


def index_tool():
    return tool("juanzong_index_figures")


def run_tool(*arguments):
    """The figures of a run of the tool: (name, value, unit, n), and its other lines."""
    done = subprocess.run([index_tool(), *map(str, arguments)], check=True, capture_output=True,
                          text=True)
    figures, others = [], []
    for line in done.stdout.splitlines():
        cells = line.split("\t")
        try:
            figures.append((cells[0], float(cells[1]), *cells[2:]))
        except (IndexError, ValueError):
            others.append(cells)
        if cells[0] == "hits":
            figures.pop() if figures and figures[-1][0] == "hits" else None
            others.append(cells)
    return figures, others


def size_of(folder):
    return sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())


class Clock:
    """Wall times of single questions, in milliseconds."""

    def __init__(self):
        self.times, self.hits = [], {}

    def ask(self, number, question):
        start = time.perf_counter()
        pages = question()
        self.times.append(1e3 * (time.perf_counter() - start))
        self.hits[number] = set(pages)

    def figures(self, name):
        times = sorted(self.times)
        yield f"p50_{name}_ms", median(times), "ms", len(times)
        yield f"p99_{name}_ms", times[int(0.99 * (len(times) - 1))], "ms", len(times)


def fts5(pages, questions, work):
    """SQLite FTS5 with its trigram tokenizer; shorter words by LIKE, as it cannot do otherwise."""
    file = Path(work) / "fts5.sqlite"
    database = sqlite3.connect(file)
    start = time.process_time()
    database.execute("CREATE VIRTUAL TABLE pages USING fts5(text, tokenize='trigram', "
                     "content='', detail=full)")
    with database:
        database.executemany("INSERT INTO pages(rowid, text) VALUES (?, ?)", pages())
    cpu = time.process_time() - start
    clock = Clock()
    for number, _, text in questions:
        if len(text) < 3:
            continue
        clock.ask(number, lambda text=text: [row for (row,) in database.execute(
            "SELECT rowid FROM pages WHERE pages MATCH ? ORDER BY rowid LIMIT ?",
            ('"' + text.replace('"', '""') + '"', LIMIT))])
    database.close()
    return clock, cpu, file.stat().st_size


def plain_xapian(pages, questions, work):
    """Xapian as its own query parser is used for Chinese: n-grams, phrases in quotes."""
    import xapian
    folder = str(Path(work) / "xapian")
    database = xapian.WritableDatabase(folder, xapian.DB_CREATE_OR_OPEN)
    generator = xapian.TermGenerator()
    generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
    start = time.process_time()
    for number, text in pages():
        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(text)
        database.replace_document(number, document)
    database.commit()
    cpu = time.process_time() - start
    parser = xapian.QueryParser()
    parser.set_database(database)
    flags = xapian.QueryParser.FLAG_PHRASE | xapian.QueryParser.FLAG_CJK_NGRAM
    enquire = xapian.Enquire(database)
    clock = Clock()

    def ask(text):
        enquire.set_query(parser.parse_query('"' + text + '"', flags))
        return [hit.docid for hit in enquire.get_mset(0, LIMIT)]
    for number, _, text in questions:
        clock.ask(number, lambda text=text: ask(text))
    database.close()
    return clock, cpu, size_of(folder)


def pg_trgm(pages, questions, work):
    """PostgreSQL with a trigram index, in a cluster of its own under the work folder."""
    import psycopg2
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if programs is None:
        raise Failed("postgresql is not installed; ./install.sh --bench installs it")
    folder = Path(work) / "postgres"
    folder.mkdir()
    as_postgres = []
    if os.geteuid() == 0:  # as root it does not run
        shutil.chown(folder, "postgres")
        Path(work).chmod(0o755)
        as_postgres = ["runuser", "-u", "postgres", "--"]
    run = lambda *command: subprocess.run([*as_postgres, *map(str, command)], check=True,
                                          stdout=subprocess.DEVNULL, cwd="/")
    run(programs / "initdb", "-D", folder / "data", "-U", "postgres", "-E", "UTF8",
        "--locale=C.UTF-8")
    run(programs / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o",
        f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=1GB "
        "-c maintenance_work_mem=1GB", "start")
    try:
        database = psycopg2.connect(host=str(folder), user="postgres", dbname="postgres")
        database.autocommit = True
        cursor = database.cursor()
        cursor.execute("CREATE EXTENSION pg_trgm; CREATE TABLE pages (page bigint, text text)")
        from io import StringIO
        rows = StringIO("".join(f"{number}\t" + text.replace("\\", "").replace("\n", " ")
                                .replace("\t", " ") + "\n" for number, text in pages()))
        start = time.perf_counter()
        cursor.copy_from(rows, "pages")
        cursor.execute("CREATE INDEX ON pages USING gin (text gin_trgm_ops); ANALYZE pages")
        seconds = time.perf_counter() - start
        cursor.execute("SELECT pg_indexes_size('pages')")
        size = cursor.fetchone()[0]
        clock = Clock()

        def ask(text):
            cursor.execute("SELECT page FROM pages WHERE text LIKE %s LIMIT %s",
                           (f"%{text}%", LIMIT))
            return [row for (row,) in cursor.fetchall()]
        cursor.execute("SET statement_timeout = 60000")
        for number, _, text in questions[:RIVAL_QUESTIONS // 4]:
            clock.ask(number, lambda text=text: ask(text))
        database.close()
        return clock, seconds, size
    finally:
        run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")


def recoll(pages, questions, work):
    """Recoll over a file a page, asked through its own library as recollq does."""
    from recoll import recoll as library
    folder = Path(work) / "recoll"
    texts, settings = folder / "texts", folder / "settings"
    settings.mkdir(parents=True)
    for number, text in pages():
        place = texts / str(number // 1000)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.txt").write_text(text, encoding="utf-8")
    (settings / "recoll.conf").write_text(f"topdirs = {texts}\n")
    before = time.perf_counter()
    subprocess.run(["recollindex", "-c", str(settings)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - before
    database = library.connect(confdir=str(settings))
    clock = Clock()

    def ask(text):
        query = database.query()
        query.execute('"' + text + '"', stemming=0)
        return [int(Path(one.url).stem) for one in query.fetchmany(LIMIT)]
    for number, _, text in questions:
        clock.ask(number, lambda text=text: ask(text))
    return clock, seconds, size_of(settings / "xapiandb")


RIVALS = {"fts5_trigram": fts5, "plain_xapian": plain_xapian, "pg_trgm": pg_trgm,
          "recoll": recoll}


def beside_rivals(templates, work, pages):
    """Ours and theirs on the same pages and questions, the index of ours built for it."""
    index = Path(work) / "side"
    yield from ((f"side_{name}", *rest) for name, *rest in
                run_tool("build", templates, pages, index)[0] if name != "peak_mb")
    found, others = run_tool("ask", templates, pages, index, RIVAL_QUESTIONS, "--plain")
    ours = {cells[1]: {int(page) for page in cells[2].split()} for cells in others
            if cells[0] == "hits"}
    for name, *rest in found:
        if name in ("p50_plain_ms", "p99_plain_ms"):
            yield (f"side_{name}", *rest)
    our_median = next(rest[0] for name, *rest in found if name == "p50_plain_ms")
    plain = subprocess.run([index_tool(), "plain", templates, str(pages), str(RIVAL_QUESTIONS)],
                           check=True, capture_output=True, text=True).stdout
    questions = [line.split("\t") for line in plain.splitlines()]

    def texts():
        process = subprocess.Popen([str(index_tool()), "text", str(templates), str(pages)],
                                   stdout=subprocess.PIPE, text=True, encoding="utf-8")
        for number, line in enumerate(process.stdout, 1):
            yield number, line.rstrip("\n").replace("\v", "\n")
    medians = []
    for name, rival in RIVALS.items():
        try:
            say(f"search: {name}")
            clock, seconds, size = rival(texts, questions, work)
        except Exception as error:  # not installed, or it cannot do this: said, and left out
            leave_out(name, f"{type(error).__name__}: {told(error)}")
            continue
        yield from clock.figures(name)
        yield f"{name}_pages_per_s", pages / seconds, "pages/s", pages
        yield f"{name}_bytes_per_page", size / pages, "bytes", pages
        same = sum(clock.hits[number] == ours.get(number) or len(clock.hits[number]) == LIMIT ==
                   len(ours.get(number, ())) for number in clock.hits)
        yield f"{name}_same_answers", 100 * same / len(clock.hits), "%", len(clock.hits)
        medians.append(median(clock.times))
    if medians:
        yield "ratio_fastest_peer", min(medians) / our_median, "", len(questions)
    else:
        leave_out("ratio_fastest_peer", "none of the other engines is here")


def figures(folder, work, pages, rivals):
    """Of the dossiers under folder: an index of so many pages, and 10,000 questions to it."""
    templates, index = Path(work) / "templates", Path(work) / "index"
    with open(templates, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in corpus.templates(folder / "gt"))
    if templates.stat().st_size == 0:
        raise Failed(f"{folder / 'gt'}: no ground truth there")
    count = pages or 1_000_000
    yield from run_tool("build", templates, count, index, "--compact")[0]

    def asked(questions, *how):
        return run_tool("ask", templates, count, index, questions, *how)[0]

    parts = [lambda: asked(QUESTIONS), lambda: asked(QUESTIONS // 2, "--ingest"),
             lambda: shutil.rmtree(index) or ()]
    if rivals:
        parts.append(lambda: beside_rivals(templates, work, min(count, 100_000)))
    yield from each(parts)
