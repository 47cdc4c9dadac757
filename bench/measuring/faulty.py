"""Running the program with one of its system calls spoilt (bench/rigs/fault_calls.cpp)."""

import os
import signal
import subprocess
from dataclasses import dataclass

from measuring.program import Failed, tool

TROUBLE = 125  # exit code of a rig that could not do its work

# What changes something on disk.
CHANGING = ("create", "write", "size", "sync", "name", "mode")


@dataclass
class Ended:
    code: int | None     # None: it had to be ended, it did not come back
    errors: str = ""     # what it said on standard error
    calls: int = 0       # that count
    spoilt: int = 0
    at: str = ""         # the first that was spoilt


def run_within(command, seconds, **options):
    """(exit code, what it said on standard error); the code is None when it had to be ended."""
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, errors="replace",
                          start_new_session=True, **options) as process:
        try:
            _, errors = process.communicate(timeout=seconds)
            return process.returncode, errors
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # what a rig traces ends with it
            _, errors = process.communicate()
            return None, errors


def run_faulty(command, below, seconds, **how):
    """Runs a command under fault_calls. `how` are its options: at=3, kinds=[...], do="kill"."""
    options = []
    for folder in below:
        options += ["--below", folder]
    for name, value in how.items():
        word = "--" + name.replace("_", "-")
        if value is True:
            options.append(word)
        elif value not in (None, False):
            options += [word, ",".join(value) if isinstance(value, (list, tuple)) else value]
    back, tells = os.pipe()
    rig = [tool("juanzong_fault_calls"), "--tell", tells, *options, "--", *command]
    code, errors = run_within(rig, seconds, pass_fds=(tells,))
    os.close(tells)
    with os.fdopen(back, encoding="utf-8", errors="replace") as pipe:
        told = dict(line.rstrip("\n").split("\t", 1) for line in pipe if "\t" in line)
    if code == TROUBLE:
        raise Failed(f"fault_calls: {errors[-2000:]}")
    return Ended(code, errors, int(told.get("calls", 0)), int(told.get("spoilt", 0)),
                 told.get("at", ""))
