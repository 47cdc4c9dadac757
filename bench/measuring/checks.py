"""The benchmark `checks`: what is found in dossiers, and how long it takes to look again.

The scorer belongs to the set (reading.scorer).
"""

import re
import subprocess

from measuring.dossiers import dossier_set_in
from measuring.program import Failed, each, tool
from measuring.reading import printed_by, run, scorer
from measuring.shares import share

SHARES = {
    "faults_found": r"faults: recall +[\d.]+% \((\d+)/(\d+)\)",
    "faults_right": r"faults: .*precision +[\d.]+% \((\d+)/(\d+)\)",
    "faults_right_page": r"recall with the right page +[\d.]+% \((\d+)/(\d+)\)",
    "dossiers_assembled": r"page set exact +[\d.]+% \((\d+)/(\d+)\)",
    "clean_dossiers_clean": r"clean dossiers left clean +[\d.]+% \((\d+)/(\d+)\)",
}
DOSSIERS = 100_000


def of_faults(text):
    """(name, value, unit, n, 95 % interval) of what the scorer printed"""
    for name, pattern in SHARES.items():
        if found := re.search(pattern, text):
            yield share(name, int(found[1]), int(found[2]))


def recheck(archive, dossiers):
    """What the program of bench/check_figures.cpp prints."""
    program = tool("juanzong_check_figures")
    done = subprocess.run([program, archive, str(dossiers)], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed(f"checks: {program.name} ended with {done.returncode}")
    for line in done.stdout.splitlines():
        name, value, unit = line.split("\t")
        yield name, float(value), unit


def figures(sets, work, dossiers=None):
    dossier_set = dossier_set_in(sets)
    run("score_dossiers", dossier_set, work)
    yield from each((
        lambda: of_faults(printed_by(scorer("score_dossiers.py", dossier_set), work,
                                     dossier_set / "gt")),
        lambda: recheck(work / "archive", dossiers or DOSSIERS)))
