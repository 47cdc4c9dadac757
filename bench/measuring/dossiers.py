"""Pages of the archive -> results as the scorer of the generated dossiers reads them.

The scorer has form types and field ids of its own; bench/scorer_types.csv and
bench/scorer_fields.csv translate ours.
"""

import csv
from collections import defaultdict
from pathlib import Path

TABLES = Path(__file__).resolve().parents[1]


def read_table(name):
    with open(TABLES / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def types_table():
    """doc_type, BLANK or SEPARATOR -> the scorer's form type and category"""
    return {row["doc_type"]: row for row in read_table("scorer_types.csv")}


def type_of(page):
    """Blank pages and separators are known by what they are: they have no document type."""
    return page["doc_type"] if page["kind"] == "content" else page["kind"].upper()


def field_names():
    """(doc_type, field) -> the scorer's field id"""
    return {(row["doc_type"], row["field"]): row["scorer_id"]
            for row in read_table("scorer_fields.csv")}


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


def results(pages):
    """All results of an archive's pages; pages that were set aside have none."""
    types, names = types_table(), field_names()
    found, places = [], []
    for page in pages:
        if page["state"] != "filed":
            continue
        found.append(page_result(page, types, names))
        places.append({"dossier": page["dossier"], "file": file_of(page),
                       "page_in_file": page["page_in_file"]})
    return {"pages": found, "dossiers": dossier_results(places)}
