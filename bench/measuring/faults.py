"""Findings of `juanzong check` -> faults as the scorer of the generated dossiers reads them.

The dossiers are checked with the must-haves of the office that made them: the set's
required_forms.csv, or bench/scorer_required_forms.csv where it has none. bench/scorer_faults.csv
says which findings are faults to the scorer, and of which kind; a set's fault_kinds.csv, which
kinds there are. Findings that neither names are left out.
"""

import csv
import json
import shutil

from measuring.dossiers import read_table, table_of_set, types_table
from measuring.program import ROOT, say

# `check` ends with this when it found errors.
FINDINGS = 8
# The variant of a kind that any finding of its rules is.
ANY = None


def office_configuration(folder, of_set=None):
    """A copy of the product's configuration with the must-haves of that office, in place of what
    is in the folder."""
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
        writer.writerows(office_rows(of_set))
        writer.writerows(sheets)
    return folder


def required_forms(of_set):
    """The rows of bench/scorer_required_forms.csv, or of the set's own in the same form."""
    given = table_of_set(of_set, "required_forms.csv", "business_type", "title", "scorer_id",
                         "need")
    if given is None:
        yield from read_table("scorer_required_forms.csv")
        return
    doc_types = {row["scorer_id"]: doc_type for doc_type, row in types_table(of_set).items()}
    for row in given:
        doc_type = row.get("doc_type") or doc_types.get(row["scorer_id"])
        if doc_type:
            yield {"business": row["business_type"], "name_zh": row["title"],
                   "doc_type": doc_type, "need": row["need"]}
        else:
            say(f"required_forms.csv: {row['scorer_id']}: no form type of that name; left out")


def office_rows(of_set=None):
    """The first paper of a business is the one it is known by."""
    seen = set()
    for row in required_forms(of_set):
        first = row["business"] not in seen
        seen.add(row["business"])
        yield {**row, "principal": "yes" if first else "", "source": "office",
               "verified": "project"}


def fault_kinds(of_set=None):
    """(rule, variant) -> the scorer's kind of fault"""
    ours = {(row["rule"], row["variant"]): row["kind"] for row in read_table("scorer_faults.csv")}
    given = table_of_set(of_set, "fault_kinds.csv", "kind", "rules")
    if given is None:
        return ours
    asked = {row["kind"]: row["rules"].split() for row in given}
    kinds = {place: kind for place, kind in ours.items() if kind in asked}
    unknown = [kind for kind in asked if kind not in ours.values()]
    for kind in unknown:
        kinds |= {(rule, ANY): kind for rule in asked[kind]}
    return kinds


def faults_of(report, kinds):
    for finding in report["findings"]:
        rule = finding["rule"]
        kind = kinds.get((rule, finding["variant"]), kinds.get((rule, ANY)))
        if kind is None or finding["state"] != "open":
            continue
        pages = []
        for place in finding["places"]:
            page = ["in/" + place["source"], place["page_in_file"]]
            if page not in pages:
                pages.append(page)
        yield {"kind": kind, "pages": pages}


def add_faults(archive, dossiers, of_set=None):
    """Adds to each DOSSIER of the results the faults that were found in it."""
    kinds = fault_kinds(of_set)
    told = archive.run("check", "--json", "--all", accepted=(0, FINDINGS))
    reports = [json.loads(line) for line in told.splitlines()]
    by_number = {report["dossier"]: report for report in reports}
    for dossier in dossiers:
        dossier["faults"] = list(faults_of(by_number[dossier.pop("number")], kinds))
