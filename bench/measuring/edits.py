"""The campaign `edits`: changes behind the program's back, each of which the auditor must find.

Each edit is made on a fresh copy of one small archive, by somebody with every right on its files:
by SQL, by a hexadecimal editor, by putting back an older database, by writing the past anew with
the stolen key. The heads that were copied outside are out of his reach.
"""

import json
import random
import shutil
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from measuring.program import DONE, SET_ASIDE, Archive, Failed, find_program, say

HELD = 5  # the job sheet counts more or fewer pages

UNGUARD = ("DROP TRIGGER IF EXISTS events_are_not_changed",
           "DROP TRIGGER IF EXISTS events_are_not_deleted")
NOT_IN_LEDGER = {("pages", "revision"), ("pages", "indexed_revision"), ("pages", "text_sketch"),
                 ("batches", "to_assemble")}
TABLES_NOT_IN_LEDGER = {"events", "schema_version", "ledger_tree", "dossier_facts",
                        "vouchers", "sqlite_sequence"}


@dataclass
class Outcome:
    points: int = 0        # edits
    found: int = 0
    missed: int = 0
    misnamed: int = 0      # found, and another entry named as the first wrong one
    false_alarms: int = 0  # copies without an edit that the auditor complained of
    kinds: int = 0
    missed_kinds: Counter = field(default_factory=Counter)


class Missing(Exception):
    """This archive has nothing that the edit could be made on."""


class Intruder:
    """Makes edits; each returns the number of the first entry that is wrong then, or 0."""

    def __init__(self, chance):
        self.chance = chance

    def database(self, folder):
        database = sqlite3.connect(folder / "records.sqlite", isolation_level=None)
        database.execute("PRAGMA foreign_keys = OFF")
        for statement in UNGUARD:
            database.execute(statement)
        return closing(database)

    def some_row(self, database):
        tables = [name for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in TABLES_NOT_IN_LEDGER and not name.startswith("sqlite_")]
        self.chance.shuffle(tables)
        for table in tables:
            rows = [row for (row,) in database.execute(f"SELECT rowid FROM {table}")]
            if rows:
                columns = [(name, kind) for (_, name, kind, *_rest) in database.execute(
                    f"PRAGMA table_info({table})") if (table, name) not in NOT_IN_LEDGER]
                return table, self.chance.choice(rows), columns
        raise Missing

    def some_event(self, database, least=1):
        (last,) = database.execute("SELECT MAX(event) FROM events").fetchone()
        return self.chance.randint(least, last)

    def value_changed(self, folder):
        with self.database(folder) as database:
            for _ in range(50):
                table, row, columns = self.some_row(database)
                name, _kind = self.chance.choice(columns)
                (old,) = database.execute(
                    f"SELECT {name} FROM {table} WHERE rowid = ?", (row,)).fetchone()
                new = old + 1 if isinstance(old, (int, float)) else f"{old or ''}1"
                try:
                    database.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", (new, row))
                    return 0
                except sqlite3.IntegrityError:
                    continue
        raise Missing

    def row_deleted(self, folder):
        with self.database(folder) as database:
            table, row, _ = self.some_row(database)
            database.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
        return 0

    def row_inserted(self, folder):
        with self.database(folder) as database:
            names = ", ".join(("page", "position", "symbology", "content", "quad"))
            page = database.execute("SELECT MIN(page) FROM pages").fetchone()[0]
            database.execute(f"INSERT INTO codes ({names}) VALUES (?, ?, 'QR-CODE', 'x', '')",
                             (page, 1000 + self.chance.randrange(1000)))
        return 0

    def event_column(self, folder, name, value):
        with self.database(folder) as database:
            event = self.some_event(database)
            (old,) = database.execute(f"SELECT {name} FROM events WHERE event = ?",
                                      (event,)).fetchone()
            database.execute(f"UPDATE events SET {name} = ? WHERE event = ?", (value(old), event))
            return event

    def who(self, folder):
        return self.event_column(folder, "actor", lambda old: old + "2")

    def when(self, folder):
        return self.event_column(folder, "happened_at", lambda old: "1999" + old[4:])

    def why(self, folder):
        return self.event_column(folder, "reason", lambda old: old + "按要求")

    def what(self, folder):
        return self.event_column(folder, "action", lambda old: old + "_again")

    def details(self, folder):
        return self.event_column(folder, "details", lambda old: old + " ")

    def about(self, folder):
        return self.event_column(folder, "object_number", lambda old: old + 1)

    def changes_of_another(self, folder):
        with self.database(folder) as database:
            events = database.execute(
                "SELECT event, changes FROM events WHERE changes <> x''").fetchall()
            (event, mine), (_, other) = self.chance.sample(events, 2)
            if mine == other:
                raise Missing
            database.execute("UPDATE events SET changes = ? WHERE event = ?", (other, event))
            return event

    def event_deleted(self, folder):
        with self.database(folder) as database:
            event = self.some_event(database)
            database.execute("DELETE FROM events WHERE event = ?", (event,))
            return event

    def history_cut(self, folder):
        with self.database(folder) as database:
            event = self.some_event(database)
            database.execute("DELETE FROM events WHERE event >= ?", (event,))
            return event

    def events_exchanged(self, folder):
        with self.database(folder) as database:
            one = self.some_event(database, 2)
            for old, new in ((one, -1), (one - 1, one), (-1, one - 1)):
                database.execute("UPDATE events SET event = ? WHERE event = ?", (new, old))
            return one - 1

    def row_and_its_entry(self, folder):
        """A value, and the entry that brought it in, so that the two agree."""
        with self.database(folder) as database:
            events = database.execute(
                "SELECT event, changes FROM events WHERE action LIKE 'page_filed%'").fetchall()
            if not events:
                raise Missing
            event, frame = self.chance.choice(events)
            text = subprocess.run(["zstd", "-dc"], input=frame, capture_output=True,
                                  check=True).stdout
            fresh = subprocess.run(["zstd", "-c"], input=text.replace(b"a", b"b", 1),
                                   capture_output=True, check=True).stdout
            database.execute("UPDATE events SET changes = ? WHERE event = ?", (fresh, event))
            return event

    def bytes_edited(self, folder):
        """A text in the file of the database, by a hexadecimal editor."""
        with self.database(folder) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            texts = [text for (text,) in database.execute(
                "SELECT value FROM fields WHERE length(value) >= 8")]
        if not texts:
            raise Missing
        wanted = self.chance.choice(texts).encode()
        file = folder / "records.sqlite"
        content = file.read_bytes()
        at = content.find(wanted)
        if at < 0 or content.count(wanted) != 1:
            raise Missing
        spoiled = bytearray(content)
        spoiled[at + self.chance.randrange(len(wanted))] ^= 1
        file.write_bytes(spoiled)
        return 0

    def older_database(self, folder):
        shutil.copy(folder.parent / "older.sqlite", folder / "records.sqlite")
        for end in ("-wal", "-shm"):
            (folder / f"records.sqlite{end}").unlink(missing_ok=True)
        return -1

    def written_anew(self, folder):
        """With the key stolen: the past begins with what the intruder likes, well signed."""
        with self.database(folder) as database:
            table, row, _ = self.some_row(database)
            database.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
            for statement in ("DELETE FROM events", "DELETE FROM ledger_tree",
                              "DELETE FROM sqlite_sequence WHERE name = 'events'"):
                database.execute(statement)
        for name in ("heads", "leaves"):
            (folder / "ledger" / name).unlink()
        # Its exit code tells that the heads outside say something else; inside all is signed again.
        subprocess.run([find_program(), "ledger", "--archive", folder], check=False,
                       capture_output=True)
        return 1

    def heads_cut(self, folder):
        file = folder / "ledger" / "heads"
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(lines[:self.chance.randrange(len(lines))]))
        with self.database(folder) as database:
            event = self.some_event(database)
            database.execute("UPDATE events SET actor = actor || '2' WHERE event = ?", (event,))
            return event

    def head_forged(self, folder):
        file = folder / "ledger" / "heads"
        content = bytearray(file.read_bytes())
        content[self.chance.randrange(len(content) - 1)] ^= 1
        file.write_bytes(content)
        return 0

    def leaf_forged(self, folder):
        file = folder / "ledger" / "leaves"
        content = bytearray(file.read_bytes())
        content[self.chance.randrange(len(content))] ^= 1
        file.write_bytes(content)
        return -1

    def table_dropped(self, folder):
        with self.database(folder) as database:
            database.execute("DROP TABLE fields")
        return 0

    def kinds(self):
        return [self.value_changed, self.row_deleted, self.row_inserted, self.who, self.when,
                self.why, self.what, self.details, self.about, self.changes_of_another,
                self.event_deleted, self.history_cut, self.events_exchanged,
                self.row_and_its_entry, self.bytes_edited, self.older_database,
                self.written_anew, self.heads_cut, self.head_forged, self.leaf_forged,
                self.table_dropped]


class Campaign:
    def __init__(self, scans, work, chance, threads):
        self.scans = scans
        self.work = Path(work)
        self.chance = chance
        self.threads = threads
        self.outcome = Outcome()

    def make(self):
        """A small archive, an older copy of its database, and heads outside it."""
        outside = self.work / "outside"
        outside.mkdir()
        archive = Archive.fresh(self.work / "archive")
        settings = archive.folder / "juanzong.toml"
        text = settings.read_text(encoding="utf-8")
        changed = text.replace("heads_to = []", f'heads_to = ["{outside}"]')
        if changed == text:
            raise Failed("the settings have no heads_to = []")
        settings.write_text(changed, encoding="utf-8")
        folders = sorted(path for path in self.scans.iterdir() if path.is_dir())
        for number, folder in enumerate(folders[:2]):
            archive.run("ingest", "--no-wait", folder, "--threads", self.threads,
                        accepted=(DONE, SET_ASIDE, HELD))
            if number == 0:
                with closing(sqlite3.connect(archive.folder / "records.sqlite")) as database:
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                shutil.copy(archive.folder / "records.sqlite", self.work / "older.sqlite")
        return archive.folder, outside

    def audit(self, folder, outside):
        done = subprocess.run(
            [find_program().with_name("juanzong-audit"), folder, "--heads", outside, "--json",
             "--no-objects"], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 3):
            raise Failed(f"juanzong-audit ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def copy(self, folder):
        """What the auditor reads without the objects."""
        target = self.work / "copy"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for name in ("juanzong.format", "juanzong.toml", "records.sqlite", "records.sqlite-wal"):
            if (folder / name).exists():
                shutil.copy(folder / name, target / name)
        shutil.copytree(folder / "ledger", target / "ledger")
        for name in ("objects/sha256", "objects/tmp", "spool/tmp", "index", "inbox"):
            (target / name).mkdir(parents=True)
        return target

    def run(self, count):
        folder, outside = self.make()
        intruder = Intruder(self.chance)
        kinds = intruder.kinds()
        self.outcome.kinds = len(kinds)
        for number in range(count):
            if number % 100 == 0:
                say(f"edits: {number} of {count}")
                if not self.audit(self.copy(folder), outside)["sound"]:
                    self.outcome.false_alarms += 1
            self.one(kinds[number % len(kinds)], folder, outside)
        return self.outcome

    def one(self, kind, folder, outside):
        for _ in range(100):
            target = self.copy(folder)
            try:
                expected = kind(target)
                break
            except Missing:
                continue
        else:
            raise Failed(f"{kind.__name__} cannot be done on this archive")
        report = self.audit(target, outside)
        self.outcome.points += 1
        if report["sound"]:
            self.outcome.missed += 1
            self.outcome.missed_kinds[kind.__name__] += 1
            return
        self.outcome.found += 1
        if expected > 0 and report["first_wrong_entry"] != expected:
            self.outcome.misnamed += 1
            say(f"edits: {kind.__name__}: entry {expected} is wrong, "
                f"{report['first_wrong_entry']} was named")
