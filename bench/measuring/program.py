"""The program under measurement, reached as any user reaches it: by its command line."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from measuring.processes import run_to_end

ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "build" / "release" / "bin" / "juanzong"
TARGETS = ("juanzong", "juanzong-audit", "juanzong-decode", "juanzong_models")
MODELS = ROOT / "third_party" / "models"
# Without one of these a build was begun and not ended.
MADE = (RELEASE, RELEASE.with_name("juanzong-audit"), RELEASE.with_name("juanzong-decode"),
        *(MODELS / name for name in ("det.onnx", "cls.onnx", "rec.onnx", "keys.txt")))

# Exit codes of docs/ERRORS.md. After the first two the run is over and nothing is wrong with it.
DONE, SET_ASIDE, DAMAGE = 0, 4, 3
SETTINGS = "juanzong.toml"  # an archive is known by it
# Of the tools themselves: what was to be measured could not be.
NOT_MEASURED = 2


class Failed(Exception):
    """A command ended in a way the measurement cannot go on from."""


CANNOT = (Failed, OSError, subprocess.SubprocessError)


def say(text):
    print(text, file=sys.stderr, flush=True)


def told(problem):
    """One of CANNOT in words for whoever runs the tool."""
    if isinstance(problem, FileNotFoundError) and "/" not in str(problem.filename or "/"):
        return f"{problem.filename} is not installed; ./install.sh --bench installs it"
    if isinstance(problem, subprocess.CalledProcessError):
        command = problem.cmd if isinstance(problem.cmd, (list, tuple)) else [problem.cmd]
        last = problem.stderr[-1000:] if isinstance(problem.stderr, str) else ""
        return f"{' '.join(map(str, command))} ended with {problem.returncode} {last}".strip()
    return str(problem)


def leave_out(name, reason):
    """A figure that others' programs are needed for: it is told as one that is not there."""
    print(f"# {name}: left out: {reason}", flush=True)


def each(parts):
    """The figures of every part (a function) in turn. One that cannot be measured is told, does
    not stop the others, and is Failed at the end."""
    problems = []
    for part in parts:
        try:
            yield from part()
        except CANNOT as problem:
            say(f"not measured: {told(problem)}")
            problems.append(told(problem).splitlines()[0])
    if problems:
        raise Failed("not measured: " + "; ".join(problems))


def end_when_told():
    """Makes a request to stop unwind like an error, so that nothing is left running behind."""
    def stop(number, _):
        signal.signal(number, signal.SIG_IGN)
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup does
            signal.signal(number, stop)


def run_tool(main):
    """Runs a tool. What keeps it from measuring is said in words, and is exit code 2."""
    end_when_told()
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except CANNOT as problem:
        say(f"{Path(sys.argv[0]).name}: {told(problem)}")
        sys.exit(NOT_MEASURED)


def build(*targets, enough):
    """Builds targets of the release preset, unless another tool has, until `enough` says so."""
    (ROOT / "build").mkdir(exist_ok=True)
    with open(ROOT / "build" / "bench.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two builds in one folder both are broken
        if enough():
            return
        say(f"bench: building {' '.join(targets)}, after installing what that needs")
        # It may ask for a password, so it stays with the terminal.
        subprocess.run(["./install.sh", "--program"], cwd=ROOT, check=True, stdout=sys.stderr)
        run_to_end(["cmake", "--preset", "release"], cwd=ROOT, stdout=sys.stderr)
        run_to_end(["cmake", "--build", "--preset", "release", "--target", *targets], cwd=ROOT,
                   stdout=sys.stderr)


def find_program():
    """The release build, made when it is missing. $JUANZONG names another."""
    given = os.environ.get("JUANZONG")
    if given:
        program = Path(given).resolve()
        if not os.access(program, os.X_OK):
            raise Failed(f"{program}: $JUANZONG names no program; correct or unset it")
        return program

    def lacking():
        return [file for file in MADE if not file.exists()]

    if lacking():
        build(*TARGETS, enough=lambda: not lacking())
    if lacking():
        raise Failed(f"{lacking()[0]}: the build did not make it; run ./install.sh, then again")
    return RELEASE


def tool(name, target=None):
    """A file beside the program that is measured; made when it is missing from the release build.
    `name` may be a path relative to the program's folder."""
    file = find_program().parent / name
    if not file.exists() and file.is_relative_to(RELEASE.parent):
        build(target or name, enough=file.exists)
    if not file.exists():
        raise Failed(f"{file}: it is not there; build the target {target or name}")
    return file


class Archive:
    """An archive and the commands on it."""

    def __init__(self, folder, program=None):
        self.folder = Path(folder)
        self.program = Path(program) if program else find_program()

    @classmethod
    def fresh(cls, folder, program=None):
        """A new, empty archive in place of one that an earlier measurement left there."""
        archive = cls(folder, program)
        if (archive.folder / SETTINGS).exists():
            remove_archive(archive.folder)
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


def remove_archive(folder):
    """What it is known by goes last, so that a removal that was stopped can be ended."""
    make_removable(folder)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != SETTINGS:
            path.unlink()
    shutil.rmtree(folder)


def make_removable(folder):
    """Objects are stored read-only, and their folders may be: make them ours to delete."""
    for parent, _, _ in os.walk(folder):
        os.chmod(parent, 0o700)
