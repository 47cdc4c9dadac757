"""The benchmark `fields`: what becomes of the values on pages whose values are known.

A value is right when it equals the truth after the folding of the dossiers' scorer; rows of
tables are aligned so that most of their values agree, as there. A value that was given and is
not in the truth is wrong, whether it stands in place of one or beside them all; one that was
not given is missing.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from measuring import dossiers
from measuring.confidence import truth_of
from measuring.program import Archive
from measuring.shares import share

DROPPED = set("□☐☑☒√✓✔■ \t\n\r　")
TWINS = str.maketrans("—－–―−〜～“”‘’·•〔〕【】", "-----~~\"\"''..[][]")
BANDS = ((0.999, 1.01), (0.998, 0.999), (0.995, 0.998), (0.99, 0.995), (0.98, 0.99), (0.95, 0.98),
         (0.9, 0.95), (0.8, 0.9), (0.6, 0.8), (0.4, 0.6), (0.2, 0.4), (0, 0.2))
GAIN = 0.01  # of aligning two rows that share nothing


@dataclass
class Judged:
    """A value of the truth, or one that was given, or both."""
    field: str
    kind: str            # of the ink: printed, handwritten; None where nothing is
    wanted: str = None
    given: str = None
    result: dict = None  # as `field_results` has it

    @property
    def right(self):
        return self.given is not None and self.given == self.wanted

    @property
    def marked(self):
        return self.result is not None and self.result["unsure"]


def plain(value):
    """A value as the scorer compares it: no blanks, no thousands, no zeros at the end."""
    text = unicodedata.normalize("NFKC", str(value or "")).translate(TWINS)
    text = "".join(c for c in text if c not in DROPPED and not c.isspace())
    text = text.replace(",", "").lstrip("¥￥")
    if re.fullmatch(r"-?\d+(\.\d+)?", text) and len(text.split(".")[0]) < 12 and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.upper()


def by_rows(fields):
    """The fields outside tables, and the rows from top to bottom: id -> field."""
    rows, single = defaultdict(dict), []
    for field in fields:
        if field["id"].startswith("row_") and field.get("row") is not None:
            rows[field["row"]][field["id"]] = field
        else:
            single.append(field)
    return single, [rows[key] for key in sorted(rows)]


def judge_single(truth, given):
    left = defaultdict(list)
    for field in given:
        left[field["id"]].append(field)
    for field in truth:
        wanted, own = plain(field["value"]), left[field["id"]]
        found = next((f for f in own if plain(f["value"]) == wanted), own[0] if own else None)
        if found is not None:
            own.remove(found)
        yield Judged(field["id"], field["kind"], wanted, found and plain(found["value"]), found)
    for name, fields in left.items():
        for field in fields:
            yield Judged(name, None, None, plain(field["value"]), field)


def aligned(truth, given):
    """Pairs of rows, in order, so that most values agree."""
    agree = [[GAIN + sum(k in b and plain(b[k]["value"]) == plain(v["value"])
                         for k, v in a.items()) for b in given] for a in truth]
    best = [[0.0] * (len(given) + 1) for _ in range(len(truth) + 1)]
    for i in reversed(range(len(truth))):
        for j in reversed(range(len(given))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + agree[i][j])
    i = j = 0
    while i < len(truth) and j < len(given):
        if best[i][j] == best[i + 1][j + 1] + agree[i][j]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def judge_rows(truth, given):
    partner = dict(aligned(truth, given))
    for i, row in enumerate(truth):
        own = given[partner[i]] if i in partner else {}
        for name, field in row.items():
            found = own.get(name)
            yield Judged(name, field["kind"], plain(field["value"]),
                         found and plain(found["value"]), found)
    # A value beside those of its row is not counted, as in the scorer.
    for j, row in enumerate(given):
        if j not in partner.values():
            for name, field in row.items():
                yield Judged(name, None, None, plain(field["value"]), field)


def judged(truth, given):
    """Every value of a page's truth and every superfluous one that was given."""
    truth_single, truth_rows = by_rows(truth)
    given_single, given_rows = by_rows(given)
    yield from judge_single(truth_single, given_single)
    yield from judge_rows(truth_rows, given_rows)


def marked_when_illegible(page):
    """The fields of a page; one that goes to a person as a whole has no other ones."""
    if not page["illegible"]:
        return page["fields"]
    return [{**field, "unsure": True} for field in page["fields"]]


def curve(values):
    """The reliability curve: of values given with some confidence, how many are right."""
    for low, high in BANDS:
        own = [v for v in values if v.result and low <= v.result["confidence"] < high]
        if own:
            yield share(f"right_from_{low}", sum(v.right for v in own), len(own))


def shares_of(values):
    for ink in ("printed", "handwritten"):
        own = [v for v in values if v.kind == ink]
        yield share(f"fields_{ink}", sum(v.right for v in own), len(own))
    wanted = [v for v in values if v.wanted is not None]
    wrong_and_sure = [v for v in values if v.result and not v.right and not v.marked]
    yield share("wrong_and_sure", len(wrong_and_sure), len(wanted))
    for ink in ("printed", "handwritten"):
        own = [v for v in values if v.kind == ink]
        yield share(f"marked_{ink}", sum(v.marked for v in own), len(own))
    sure = [v for v in values if v.result and not v.marked]
    yield share("wrong_of_sure", sum(not v.right for v in sure), len(sure))
    yield from curve(values)


def figures(folder, work):
    """(name, value, unit, n, interval); `folder` is the `in` of a set of dossiers."""
    truth = truth_of(Path(folder).parent / "gt")
    archive = Archive.fresh(Path(work) / "archive")
    archive.ingest(folder)
    of_set = Path(folder).parent
    types, names = dossiers.types_table(of_set), dossiers.field_names(of_set)
    values, classes = [], Counter()
    for page in archive.pages():
        known = truth.get((dossiers.file_of(page), page["page_in_file"]))
        if known is None:
            continue
        result = dossiers.page_result(page, types, names)
        classes["pages"] += 1
        classes["form_type"] += result["form_type"] == known["form_type"]
        if known["category"]:  # blank pages have none
            classes["with_category"] += 1
            classes["category"] += result["category"] == known["category"]
        values += judged(known["fields"], marked_when_illegible(result))
    yield from shares_of(values)
    yield share("form_type", classes["form_type"], classes["pages"])
    yield share("category", classes["category"], classes["with_category"])
