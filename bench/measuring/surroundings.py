"""Where figures were measured: what a reader needs to compare them with others."""

import os
import platform
import re
import sqlite3
import subprocess
from pathlib import Path

from measuring.program import ROOT

# Debian packages of what is compared with.
RIVALS = ("tesseract-ocr", "ocrmypdf", "python3-xapian", "recollcmd", "postgresql")


UNKNOWN = "unknown"


def first_line(*command):
    try:
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return UNKNOWN
    return said.strip().splitlines()[0] if said.strip() else ""


def processor():
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    name = re.search(r"model name\s*:\s*(.*)", text)
    return name[1] if name else platform.machine()


def version_of(package):
    version = first_line("dpkg-query", "-W", "-f", "${Version}", package)
    return "not installed" if version in ("", UNKNOWN) else version


def lines():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit = first_line("git", "rev-parse", "HEAD")
    changed = commit != UNKNOWN and first_line("git", "status", "--porcelain")
    yield f"commit {commit}{' with changes' if changed else ''}"
    yield f"begun {first_line('date', '--iso-8601=seconds')}"
    yield f"machine {os.cpu_count()} x {processor()}, {memory:.0f} GiB, Linux {platform.release()}"
    yield f"SQLite {sqlite3.sqlite_version}"
    for package in RIVALS:
        yield f"{package} {version_of(package)}"
