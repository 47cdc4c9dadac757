"""The program under test and the samples, for the end-to-end tests."""

import csv
import hashlib
import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
SCANS = SAMPLES / "scans"

# Exit codes of docs/ERRORS.md
USAGE, DAMAGE, SET_ASIDE, HELD, INTERRUPTED, RESCAN, FINDINGS = 2, 3, 4, 5, 6, 7, 8
SETTINGS, ARCHIVE_MISSING, ARCHIVE_FOREIGN, ARCHIVE_LOCKED = 10, 11, 12, 13
INPUT_MISSING, MODEL_MISSING, NOT_FOUND, FORBIDDEN = 14, 15, 20, 21


PASSWORD = "纸短情长2026"


def juanzong(*arguments, environment=None, given=None):
    """Runs a command; what it printed is in stdout and stderr. `given` is its standard input."""
    return subprocess.run([os.environ["JUANZONG"], *map(str, arguments)], text=True, input=given,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})})


def expected_pages():
    with open(SAMPLES / "expected.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def digests(folder):
    return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def blank_page(width=400, height=560):
    """The bytes of a white page as a bilevel BMP: filed, and quick to read."""
    row = (width + 31) // 32 * 4
    size = row * height
    header = struct.pack("<2sIHHI", b"BM", 62 + size, 0, 0, 62)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 1, 0, size, 3937, 3937, 2, 2)
    return header + info + b"\0\0\0\0\xff\xff\xff\0" + b"\xff" * size


def white_pages(count, width=400, height=560):
    """The bytes of a TIFF of so many white pages."""
    rows = b"\xff" * ((width + 7) // 8 * height)
    out, link = bytearray(b"II*\0\0\0\0\0"), 4
    for _ in range(count):
        at = len(out)
        out += rows
        struct.pack_into("<I", out, link, len(out))
        tags = ((256, width), (257, height), (258, 1), (259, 1), (262, 1), (273, at), (277, 1),
                (278, height), (279, len(rows)))
        out += struct.pack("<H", len(tags))
        for tag, value in tags:
            out += struct.pack("<HHII", tag, 4, 1, value)
        link = len(out)
        out += bytes(4)
    return bytes(out)


class Archive:
    def __init__(self, folder):
        self.folder = folder

    def run(self, name, *arguments, **options):
        return juanzong(*name.split(), "--archive", self.folder, *arguments, **options)

    def add_user(self, name, *posts, **options):
        """Takes somebody in who shows who they are by PASSWORD."""
        chosen = [word for post in posts for word in ("--post", post)]
        made = juanzong("user", "add", "--archive", self.folder, name, "--password", *chosen,
                        given=PASSWORD + "\n", **options)
        if made.returncode != 0:
            raise AssertionError(made.stderr)

    def by(self, name, command, *arguments, password=PASSWORD, **options):
        """Runs a command as this user."""
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(password + "\n")
            file.flush()
            return self.run(command, "--by", name, *arguments,
                            environment={"JUANZONG_PASSWORD_FILE": file.name}, **options)

    def ingest(self, *arguments, **options):
        return self.run("ingest", "--no-wait", *arguments, **options)

    def pages(self):
        return [json.loads(line) for line in self.run("show", "--all", "--json").stdout.splitlines()]

    def counts(self):
        return json.loads(self.run("status", "--json").stdout)["all"]

    def hits(self, *query):
        return json.loads(self.run("search", "--json", "--limit", 100, *query).stdout)["hits"]

    def spoil(self, blob):
        """Changes one bit of an object in the store, as a failing disk does."""
        name = blob.removeprefix("sha256-")
        path = self.folder / "objects" / "sha256" / name[:2] / name[2:]
        path.chmod(0o640)
        with open(path, "r+b") as file:
            file.seek(path.stat().st_size // 2)
            byte = file.read(1)[0]
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte ^ 1]))
        path.chmod(0o440)

    def objects(self):
        return sorted(path for path in (self.folder / "objects").rglob("*") if path.is_file())


class EndToEnd(unittest.TestCase):
    """Gives a folder to work in and new archives in it."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="juanzong-test-")
        self.addCleanup(temporary.cleanup)
        self.work = Path(temporary.name)

    def new_archive(self, name="archive"):
        archive = Archive(self.work / name)
        made = juanzong("init", archive.folder)
        self.assertEqual(made.returncode, 0, made.stderr)
        return archive

    def copy_of(self, folder):
        """A copy of an archive to work on."""
        shutil.copytree(folder, self.work / "archive")
        return Archive(self.work / "archive")

    def said(self, ended):
        """The JSON lines of a run that ended well."""
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def assert_says(self, ended, code, *words):
        """The run ended with `code` and said where, what and what to do."""
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        for word in ("where:", "what:", "what to do:", *words):
            self.assertIn(word, ended.stderr)


def filed_once(*names, made=None, users=()):
    """Called by setUpModule: the folder of an archive in which these scans of samples/, and these
    made files (name: bytes), are filed as one box, and in which these users (name, post) work.
    Tests work on copies of it."""
    temporary = tempfile.TemporaryDirectory(prefix="juanzong-test-")
    unittest.addModuleCleanup(temporary.cleanup)
    box = Path(temporary.name) / "box"
    box.mkdir()
    for name in names:
        shutil.copy(SCANS / name, box / Path(name).name)
    for name, contents in (made or {}).items():
        (box / name).write_bytes(contents)
    archive = Archive(Path(temporary.name) / "archive")
    juanzong("init", archive.folder)
    ended = archive.ingest(box)
    if ended.returncode != 0:
        raise AssertionError(ended.stderr)
    for name, post in users:
        archive.add_user(name, post)
    return archive.folder


class HandingIn(EndToEnd):
    """Makes what is handed in where it is no matter what is on it."""

    pages_made = 0

    def page(self):
        """A blank page with bytes of its own."""
        HandingIn.pages_made += 1
        return blank_page(width=400 + 8 * HandingIn.pages_made)

    def box(self, name, *files):
        """A folder with such a page in each file."""
        folder = self.work / name
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / file).write_bytes(self.page())
        return folder
