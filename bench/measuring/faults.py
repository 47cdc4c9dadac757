"""Findings of `juanzong check` -> faults as the scorer of the generated dossiers reads them.

The dossiers are checked with the must-haves of the office that made them
(bench/scorer_required_forms.csv); bench/scorer_faults.csv says which findings are faults to
the scorer, and of which kind. Findings it does not name are left out.
"""

import csv
import json
import shutil

from measuring.dossiers import TABLES, read_table
from measuring.program import ROOT

# `check` ends with this when it found errors.
FINDINGS = 8


def office_configuration(folder):
    """A copy of the product's configuration with the must-haves of that office."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "config", folder, ignore=shutil.ignore_patterns("*.cpp", "*.h"))
    table = folder / "checks" / "must_have.csv"
    with open(table, encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    columns = next(csv.reader(lines))
    sheets = [row for row in csv.DictReader(lines) if row["business"] == "dossier"]
    with open(table, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(office_rows())
        writer.writerows(sheets)
    return folder


def office_rows():
    """The first paper of a business is the one it is known by."""
    seen = set()
    for row in read_table("scorer_required_forms.csv"):
        first = row["business"] not in seen
        seen.add(row["business"])
        yield {**row, "principal": "yes" if first else "", "source": "office",
               "verified": "project"}


def fault_kinds():
    return {(row["rule"], row["variant"]): row["kind"] for row in read_table("scorer_faults.csv")}


def faults_of(report, kinds):
    for finding in report["findings"]:
        kind = kinds.get((finding["rule"], finding["variant"]))
        if kind is None or finding["state"] != "open":
            continue
        pages = []
        for place in finding["places"]:
            page = ["in/" + place["source"], place["page_in_file"]]
            if page not in pages:
                pages.append(page)
        yield {"kind": kind, "pages": pages}


def add_faults(archive, dossiers):
    """Adds to each DOSSIER of the results the faults that were found in it."""
    kinds = fault_kinds()
    told = archive.run("check", "--json", "--all", accepted=(0, FINDINGS))
    reports = [json.loads(line) for line in told.splitlines()]
    by_number = {report["dossier"]: report for report in reports}
    for dossier in dossiers:
        dossier["faults"] = list(faults_of(by_number[dossier.pop("number")], kinds))
