"""The benchmark `types`: pages of bench/draw_types, their types and values.

A value counts as found when the page has it for the field itself or for one of the form's that
stands for it (`domain` in config/forms); in which row of a table is not asked.
"""

import json
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from measuring.fields import plain
from measuring.program import ROOT, Archive, Failed, say
from measuring.shares import share


def domains():
    """(doc_type, field) -> the field of the domain it stands for"""
    found = {}
    for file in sorted((ROOT / "config" / "forms").glob("DT*.toml")):
        form = tomllib.loads(file.read_text("utf-8"))
        for field in form["field"]:
            found[form["doc_type"], field["id"]] = field.get("domain", field["id"])
    return found


def given_values(page, stands_for):
    """field of the domain -> its values, each with whether it was marked"""
    given = defaultdict(list)
    for field in page["fields"]:
        value = plain(field["value"] or field["raw"]), field["unsure"]
        name = field["field"]
        for known in {name, stands_for.get((page["doc_type"], name), name)}:
            given[known].append(value)
    return given


def judge(page, truth, stands_for):
    """(field, found, given otherwise and not marked) of each value of the truth"""
    given = given_values(page, stands_for)
    for field in truth["fields"]:
        own, wanted = given[field["field"]], plain(field["value"])
        match = next((v for v in own if v[0] == wanted), None)
        if match:
            own.remove(match)
        otherwise = not match and field["row"] is None and any(not marked for _, marked in own)
        yield field["field"], match is not None, otherwise


def figures(folder, work):
    """(name, value, unit, n, interval); `folder` is the `in` of what draw_types made."""
    truth_file = Path(folder).parent / "gt.json"
    if not truth_file.is_file():
        raise Failed(f"types: {truth_file}: no ground truth there; make it with bench/draw_types")
    truth = {page["file"]: page for page in json.loads(truth_file.read_text("utf-8"))}
    archive = Archive.fresh(Path(work) / "archive")
    archive.ingest(folder)
    stands_for, right, sums = domains(), Counter(), defaultdict(Counter)
    for page in archive.pages():
        known = truth[Path(page["source"]).name]
        fits = page["doc_type"] == known["doc_type"]
        right["pages"] += 1
        right["types"] += fits
        if not fits:
            say(f"types: {known['file']} ({known['layout']}) is taken for {page['doc_type']}")
        for name, found, otherwise in judge(page, known, stands_for):
            for key in ("fields", f"layout_{known['layout']}", f"type_{known['doc_type']}"):
                sums[key]["all"] += 1
                sums[key]["found"] += found
            sums["fields"]["wrong and sure"] += otherwise
    yield share("form_type", right["types"], right["pages"])
    for key in sorted(sums):
        yield share(f"found_{key}", sums[key]["found"], sums[key]["all"])
    yield share("wrong_and_sure", sums["fields"]["wrong and sure"], sums["fields"]["all"])
