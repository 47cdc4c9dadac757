"""Pages of the archive -> results as the scorer of the generated dossiers reads them.

The scorer has form types and field ids of its own; bench/scorer_types.csv and
bench/scorer_fields.csv translate ours. A set may bring tables of its own (form_types.csv,
field_map.csv): what they say goes before ours.
"""

import csv
import json
from collections import defaultdict
from pathlib import Path

from measuring.program import Failed

TABLES = Path(__file__).resolve().parents[1]
# Of the kinds of page that have no document type.
UNTYPED = {"separator": "SEPARATOR", "blank": "BLANK"}


def dossier_set_in(folder):
    """The set of dossiers that a folder is, or that lies in it."""
    folder = Path(folder)
    for place in (folder, folder / "dossiers"):
        if (place / "in").is_dir() or (place / "gt").is_dir():
            return place
    raise Failed(f"{folder}: no dossiers there: neither in/ nor dossiers/in/")


def answers_in(folder):
    """The ground truth of every dossier of a folder gt/, in order."""
    for file in sorted(Path(folder).glob("*.json")):
        if file.name != "MANIFEST.json":
            dossier = json.loads(file.read_text(encoding="utf-8"))
            if "pages" in dossier:
                yield dossier


def rows_of(file):
    with open(file, encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return [{name: (cell or "").strip() for name, cell in row.items() if name}
                for row in rows]


def read_table(name):
    return rows_of(TABLES / name)


def table_of_set(folder, name, *columns):
    """The rows of a set's own table, None where it has none."""
    if folder is None or not (Path(folder) / name).is_file():
        return None
    rows = rows_of(Path(folder) / name)
    for column in columns:
        if rows and column not in rows[0]:
            raise Failed(f"{Path(folder) / name}: it has no column {column}")
    return rows


def types_table(of_set=None):
    """doc_type, BLANK or SEPARATOR -> the scorer's form type and category"""
    types = {row["doc_type"]: row for row in read_table("scorer_types.csv")}
    told = set()
    for row in table_of_set(of_set, "form_types.csv", "scorer_id", "doc_type", "category") or ():
        doc_type = row["doc_type"] or UNTYPED.get(row["scorer_id"])
        if doc_type and doc_type not in told:
            told.add(doc_type)
            types[doc_type] = row
    return types


def type_of(page):
    """Blank pages and separators are known by what they are: they have no document type."""
    return page["doc_type"] if page["kind"] == "content" else page["kind"].upper()


def field_names(of_set=None):
    """(doc_type, field) -> the scorer's field id"""
    ours = {(row["doc_type"], row["field"]): row["scorer_id"]
            for row in read_table("scorer_fields.csv")}
    given = table_of_set(of_set, "field_map.csv", "scorer_id", "forms", "field")
    if given is None:
        return ours
    doc_types = {row["scorer_id"]: doc_type for doc_type, row in types_table(of_set).items()}
    # (doc_type, field of ours or "", the set's id)
    asked = [(doc_types[form], row["field"], row["scorer_id"])
             for row in given for form in row["forms"].split() if form in doc_types]
    known = {(doc_type, scorer_id) for doc_type, _, scorer_id in asked}
    names = {place: name for place, name in ours.items() if (place[0], name) in known}
    # Ours knows more of a form than the set's table, so that says only what ours leaves open.
    answered = {(doc_type, name) for (doc_type, _), name in names.items()}
    for doc_type, field, scorer_id in asked:
        if field and (doc_type, scorer_id) not in answered:
            names.setdefault((doc_type, field), scorer_id)
    return names


def file_of(page):
    return "in/" + page["source"]


def line_results(lines):
    """The lines, each character by itself: the scorer spreads a text evenly over its quad, but
    ours know their places.

    Text on seals is left out: the scorer does not ask for it, and its characters would count
    as belonging to the print under the seal.
    """
    for line in lines:
        if line["kind"] == "seal":
            continue
        for character in line["characters"] or [line]:
            yield {"text": character["text"], "quad": character["quad"],
                   "unsure": line["unsure"]}


def field_results(page, names):
    """Fields the scorer has no id for are left out: it does not ask for them."""
    for field in page["fields"]:
        scorer_id = names.get((page["doc_type"], field["field"]))
        if scorer_id is None:
            continue
        result = {"id": scorer_id, "value": field["value"] or field["raw"],
                  "unsure": field["unsure"], "confidence": field["confidence"]}
        if scorer_id.startswith("row_") and field["row"] is not None:
            result["row"] = field["row"]
        yield result


def separator_fields(page):
    """What a separator sheet says: its bar code, and the dossier that begins with it."""
    for code in page["codes"]:
        if code["symbology"] == "CODE-128":
            yield {"id": "barcode", "value": code["text"], "unsure": False}
    if page["dossier_no"]:
        yield {"id": "dossier_no", "value": page["dossier_no"], "unsure": False}


def fields_of(page, names):
    if page["kind"] == "separator":
        return list(separator_fields(page))
    return list(field_results(page, names))


def page_result(page, types, names):
    """One PAGE of the scorer's format."""
    known = types.get(type_of(page), {"scorer_id": None, "category": None})
    return {
        "file": file_of(page),
        "page_in_file": page["page_in_file"],
        "form_type": known["scorer_id"],
        "category": known["category"],
        "rotation": page["rotation"],
        "skew_deg": page["skew_degrees"],
        "blank": page["kind"] == "blank",
        "illegible": page["illegible"],
        "text_lines": list(line_results(page["lines"])),
        "fields": fields_of(page, names),
    }


def dossier_results(pages):
    """The DOSSIERs: which pages lie together, with our number of the dossier."""
    together = defaultdict(list)
    for page in pages:
        if page["dossier"]:
            together[page["dossier"]].append([page["file"], page["page_in_file"]])
    return [{"number": number, "pages": members} for number, members in together.items()]


def results(pages, of_set=None):
    """All results of an archive's pages, in the words of the set they come from; pages that were
    set aside have none."""
    types, names = types_table(of_set), field_names(of_set)
    found, places = [], []
    for page in pages:
        if page["state"] != "filed":
            continue
        found.append(page_result(page, types, names))
        places.append({"dossier": page["dossier"], "file": file_of(page),
                       "page_in_file": page["page_in_file"]})
    return {"pages": found, "dossiers": dossier_results(places)}
