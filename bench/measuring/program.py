"""The program under measurement, reached as any user reaches it: by its command line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "build" / "release" / "bin" / "juanzong"

# Exit codes of docs/ERRORS.md. After the first two the run is over and nothing is wrong with it.
DONE, SET_ASIDE, DAMAGE = 0, 4, 3


class Failed(Exception):
    """A command ended in a way the measurement cannot go on from."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def build_release():
    say("bench: no release build yet; installing what it needs and building it")
    for command in (["./install.sh"],
                    ["cmake", "--preset", "release"],
                    ["cmake", "--build", "--preset", "release"]):
        subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)


def find_program():
    """The release build, made when it is missing. $JUANZONG names another."""
    given = os.environ.get("JUANZONG")
    if given:
        return Path(given).resolve()
    if not RELEASE.exists():
        build_release()
    return RELEASE


class Archive:
    """An archive and the commands on it."""

    def __init__(self, folder, program=None):
        self.folder = Path(folder)
        self.program = Path(program) if program else find_program()

    @classmethod
    def fresh(cls, folder, program=None):
        """A new, empty archive in place of one that an earlier measurement left there."""
        archive = cls(folder, program)
        if (archive.folder / "juanzong.toml").exists():
            make_removable(archive.folder)
            shutil.rmtree(archive.folder)
        archive.folder.parent.mkdir(parents=True, exist_ok=True)
        archive.make()
        return archive

    def make(self):
        """An encrypted one when $JUANZONG_KEY_FILE names its key, as every later command finds it."""
        key = os.environ.get("JUANZONG_KEY_FILE")
        self.run("init", self.folder, *(["--encrypt", "--key-file", key] if key else []),
                 for_archive=False)

    def command(self, name, *arguments, for_archive=True):
        place = ["--archive", str(self.folder)] if for_archive else []
        return [str(self.program), name, *place, *map(str, arguments)]

    def run(self, name, *arguments, accepted=(DONE,), for_archive=True):
        """Runs a command to its end and returns what it printed."""
        command = self.command(name, *arguments, for_archive=for_archive)
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode not in accepted:
            raise Failed(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    def ingest(self, *inputs, threads=None, timings=None, acknowledge=None):
        self.run(*self.ingest_arguments(inputs, threads, timings, acknowledge),
                 accepted=(DONE, SET_ASIDE))

    @staticmethod
    def ingest_arguments(inputs, threads=None, timings=None, acknowledge=None):
        arguments = ["ingest", "--no-wait", *inputs]
        for option, value in (("--threads", threads), ("--timings", timings),
                              ("--acknowledge", acknowledge)):
            if value is not None:
                arguments += [option, value]
        return arguments

    def pages(self):
        """Every page of the archive, one dictionary each, as `show --json` prints them."""
        command = self.command("show", "--all", "--json")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                if line.strip():
                    yield json.loads(line)
        if process.returncode != DONE:
            raise Failed(f"{' '.join(command)}: exit {process.returncode}")

    def counts(self):
        return json.loads(self.run("status", "--json"))["all"]


def make_removable(folder):
    """Objects are stored read-only, and their folders may be: make them ours to delete."""
    for parent, _, _ in os.walk(folder):
        os.chmod(parent, 0o700)
