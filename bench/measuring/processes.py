"""Running a command and seeing what it costs: time, processor time, memory of its whole tree."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.02
SAMPLE_SECONDS = 0.25
GRACE_SECONDS = 10
MB = 1e6


@dataclass
class Cost:
    wall_s: float = 0
    cpu_s: float = 0
    peak_mb: float = 0      # of the command and all it started, sampled
    own_peak_mb: float = 0  # of the command alone, as the kernel counted it
    exit_code: int = 0

    def __add__(self, other):
        return Cost(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s,
                    max(self.peak_mb, other.peak_mb), max(self.own_peak_mb, other.own_peak_mb),
                    self.exit_code or other.exit_code)


def parents():
    """process -> its parent, for every process that is there now"""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # After the name, which may hold spaces and brackets: state, parent ...
            status = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        found[int(entry.name)] = int(status[1])
    return found


def tree_of(process):
    """`process` and everything it started that is still there"""
    children = {}
    for child, parent in parents().items():
        children.setdefault(parent, []).append(child)
    members, waiting = [], [process]
    while waiting:
        member = waiting.pop()
        members.append(member)
        waiting += children.get(member, [])
    return members


def memory_mb(process):
    """Memory of a process; pages shared by several count in shares (PSS)."""
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024 / MB
    except OSError:
        pass  # it ended while we looked
    return 0


def measured(command, environment=None):
    """Runs `command` to its end, what it prints thrown away, and returns its Cost."""
    start = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    peak, next_sample = 0, start
    try:
        while True:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            if time.monotonic() >= next_sample:
                peak = max(peak, sum(map(memory_mb, tree_of(process.pid))))
                next_sample = time.monotonic() + SAMPLE_SECONDS
            time.sleep(LOOK_SECONDS)
    except BaseException:
        end_group(process)
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(time.monotonic() - start, usage.ru_utime + usage.ru_stime, peak,
                usage.ru_maxrss * 1024 / MB, process.returncode)


def end_group(process, grace_s=0):
    """Ends a process that was started in a session of its own, and whatever it started there."""
    try:
        if grace_s:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(grace_s)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def run_to_end(command, **options):
    """Runs a command that must succeed. When we are stopped it is asked to stop, with what it
    started, and waited for: killed at once it would leave that behind."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        code = process.wait()
    except BaseException:
        end_group(process, GRACE_SECONDS)
        raise
    if code != 0:
        raise subprocess.CalledProcessError(code, command)


class Group:
    """A command in a process group of its own, so that it can be killed with its children.

    Used with `with`: whatever still runs at the end of the block is killed.
    """

    def __init__(self, command, errors=subprocess.DEVNULL):
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors,
                                        start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.kill()

    def wait(self, seconds=None):
        """The exit code, or None when it still runs after `seconds`."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self):
        end_group(self.process)
