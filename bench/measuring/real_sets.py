"""Pages of the archive -> result files as the scorer of the real sets reads them.

Each maker of rows takes the pages of one file, in order, and knows one table:
its name, its header (or None where the scorer wants none) and its rows.
"""

from collections import defaultdict
from itertools import groupby
from pathlib import Path

# What can be a page, by its first bytes: the same kinds that the program reads.
FIRST_BYTES = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"%PDF", b"BM",
               b"\0\0\0\x0cjP", b"\xff\x4f\xff\x51")
# By its name, whatever its first bytes are: damaged ones are results too.
ENDINGS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".pdf", ".bmp", ".jp2", ".j2k")
PDF_JUNK_MAX = 1024  # ISO 32000-1, annex H, note 13

# Where two files share a stem, the one with the earlier kind of name gives the text its name.
PDF_LAST = (".pdf",)

BORDERS = ("top", "left", "right", "bottom")


def expected_files(folder):
    """The files that a set's EXPECT.tsv asks for, whatever the order of its columns."""
    table = Path(folder) / "EXPECT.tsv"
    if not table.is_file():
        return set()
    lines = table.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    if not rows or "file" not in rows[0]:
        return set()
    column = rows[0].index("file")
    return {row[column] for row in rows[1:] if len(row) > column}


def is_picture(path):
    if path.name.lower().endswith(ENDINGS):
        return True
    with open(path, "rb") as file:
        first = file.read(PDF_JUNK_MAX + 5)
    return first.startswith(FIRST_BYTES) or b"%PDF-" in first


def pictures_in(folder):
    """The files of a set that are pages; its answers and notes are not."""
    expected = expected_files(folder)
    return sorted(path for path in Path(folder).iterdir()
                  if path.is_file() and not path.name.startswith(".")
                  and (path.name in expected or is_picture(path)))


def result_stems(names):
    """file name -> the stem of its result files; unlike for every file"""
    stems = {}
    for name in sorted(names, key=lambda name: (name.lower().endswith(PDF_LAST), name)):
        stem = Path(name).stem
        stems[name] = name if stem in stems.values() else stem
    return stems


def text_of(pages):
    """What a seal says is no text of the page."""
    return "".join(line["text"] + "\n" for page in pages for line in page["lines"]
                   if line["kind"] != "seal")


def one_line(text):
    return " ".join(text.split())


def pairs_of(pages):
    """Several values of one label, as of a column, are one answer in parts."""
    rows = []
    for page in pages:
        for _, pairs in groupby(page["pairs"], key=lambda pair: (pair["label"],
                                                                  pair["label_quad"])):
            pairs = list(pairs)
            values = [one_line(pair["value"]) for pair in pairs if pair["value"].strip()]
            if values:
                rows.append((one_line(pairs[0]["label"]), " | ".join(values)))
    return rows


def angle_rows(name, pages):
    yield name, f"{pages[0]['skew_degrees']:.2f}"


def orientation_rows(name, pages):
    """The scorer asks for the clockwise turn that makes a page upright; ours is the turn that
    the page has."""
    for page in pages:
        yield name, page["page_in_file"] + 1, (360 - page["rotation"]) % 360


def page_rows(name, pages):
    first = pages[0]
    dark = [side for side in BORDERS if side in first["dark_borders"].split(",")]
    yield (name, "yes" if first["kind"] == "blank" else "no", first["side_pages"],
           ",".join(dark) or "none")


def code_rows(name, pages):
    """Bar codes only: patch codes are no bar codes to the scorer."""
    for page in pages:
        codes = [f"{code['symbology']}:{code['text']}" for code in page["codes"]
                 if code["symbology"] != "PATCH"]
        yield name, page["page_in_file"] + 1, " ".join(codes)


def seal_rows(name, pages):
    yield name, sum(seal["colour"] == "red" for page in pages for seal in page["seals"])


TABLES = (
    ("angles.tsv", None, angle_rows),
    ("orientation.tsv", ("file", "page", "rotate_clockwise_to_upright"), orientation_rows),
    ("pages.tsv", ("file", "blank", "pages_side_by_side", "dark_border"), page_rows),
    ("codes.tsv", ("file", "page", "zbar"), code_rows),
    ("seals.tsv", ("file", "red_seals"), seal_rows),
)


def filed_by_file(pages):
    """file name -> its filed pages in order; files of which no page was filed are absent"""
    by_file = defaultdict(list)
    for page in pages:
        if page["state"] == "filed":
            by_file[page["source"]].append(page)
    return {name: sorted(found, key=lambda page: page["page_in_file"])
            for name, found in sorted(by_file.items())}


def tsv(rows):
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


def result_names(names):
    """The names of all result files of a set of files `names`."""
    of_files = [stem + ending for stem in result_stems(names).values()
                for ending in (".txt", ".kv.tsv")]
    return of_files + [table for table, _, _ in TABLES]


def result_files(names, pages):
    """result file name -> its content, for a set of files `names`.

    A file that was set aside gets an empty text: what was not read counts as not read.
    """
    by_file = filed_by_file(pages)
    files = {}
    for name, stem in result_stems(names).items():
        files[f"{stem}.txt"] = text_of(by_file.get(name, []))
        files[f"{stem}.kv.tsv"] = tsv(pairs_of(by_file.get(name, [])))
    for table, header, rows_of in TABLES:
        rows = [row for name, found in by_file.items() for row in rows_of(name, found)]
        files[table] = tsv(([header] if header else []) + rows)
    return files
