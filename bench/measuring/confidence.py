"""The benchmark `confidence`: how often characters of some confidence are right.

A character that was read belongs to the line of the truth it lies in; the two texts are aligned
by the fewest edits, and what has no equal there is wrong. Characters outside all lines of the
truth (seals, dirt) are left out.
"""

import unicodedata
from collections import defaultdict
from pathlib import Path

from measuring.alignment import right_places
from measuring.dossiers import answers_in, file_of
from measuring.program import Archive, Failed

LEAST = (0.999, 0.99, 0.98, 0.95, 0.9)
BANDS = ((0.95, 0.99), (0.9, 0.95), (0.8, 0.9), (0.6, 0.8), (0.4, 0.6), (0.2, 0.4), (0, 0.2))
REACH = 0.28  # of a line's height, beyond its box
# What is typed in one way and printed in another, and what has no text at all.
TWINS = str.maketrans("—－–―−〜～“”‘’·•〔〕【】", "-----~~\"\"''..[][]", "□☐☑☒√✓✔■")


def plain(text):
    text = unicodedata.normalize("NFKC", text).translate(TWINS)
    return "".join(c for c in text if not c.isspace())


class Line:
    """A line of the truth as a frame: places in it as fractions of its width and height."""

    def __init__(self, truth):
        (self.x, self.y), right, _, below = truth["quad"]
        self.along = (right[0] - self.x, right[1] - self.y)
        self.down = (below[0] - self.x, below[1] - self.y)
        self.area = self.along[0] * self.down[1] - self.along[1] * self.down[0] or 1e-9
        width, height = (sum(v * v for v in side) ** 0.5 for side in (self.along, self.down))
        reach = REACH * min(width, height)
        self.reach = reach / max(width, 1e-6), reach / max(height, 1e-6)
        self.vertical = truth.get("vertical", False)
        self.text = plain(truth["text"])

    def place(self, x, y):
        x, y = x - self.x, y - self.y
        u = (x * self.down[1] - y * self.down[0]) / self.area
        v = (self.along[0] * y - self.along[1] * x) / self.area
        inside = (-self.reach[0] <= u <= 1 + self.reach[0]
                  and -self.reach[1] <= v <= 1 + self.reach[1])
        return (u, v) if inside else None


def judged(page, truth):
    """(confidence, right) of the characters of a page."""
    lines = [Line(line) for line in truth["text_lines"] if line["kind"] != "seal"]
    found = defaultdict(list)
    for line in page["lines"]:
        if line["kind"] == "seal":
            continue
        for character in line["characters"]:
            x, y = (sum(corner[i] for corner in character["quad"]) / 4 for i in (0, 1))
            places = [(abs(place[1] - 0.5) + (0 if 0 <= place[0] <= 1 else 0.5), i, place)
                      for i, line_of_truth in enumerate(lines)
                      if (place := line_of_truth.place(x, y))]
            if places:
                _, i, (u, v) = min(places)
                at = v if lines[i].vertical else u
                found[i].append((at, plain(character["text"]), character["confidence"]))
    for i, characters in found.items():
        characters = sorted(c for c in characters if c[1])
        read = "".join(c[1] for c in characters)
        owners = [c[2] for c in characters for _ in c[1]]
        yield from zip(owners, right_places(lines[i].text, read))


def truth_of(folder):
    pages = {}
    for dossier in answers_in(folder):
        for page in dossier["pages"]:
            pages[page["file"], page["page_in_file"]] = page
    if not pages:
        raise Failed(f"confidence: {folder}: no ground truth there")
    return pages


def figures(folder, work):
    """(name, value, unit, n); `folder` is the `in` of a set of dossiers."""
    truth = truth_of(Path(folder).parent / "gt")
    archive = Archive.fresh(Path(work) / "archive")
    archive.ingest(folder)
    characters = []
    for page in archive.pages():
        known = truth.get((file_of(page), page["page_in_file"]))
        if known and not known["blank"]:
            characters += judged(page, known)
    for least in LEAST:
        own = [right for confidence, right in characters if confidence >= least]
        yield f"share_from_{least}", 100 * len(own) / max(1, len(characters)), "%", len(characters)
        yield f"wrong_from_{least}", 100 * (len(own) - sum(own)) / max(1, len(own)), "%", len(own)
    for low, high in BANDS:
        own = [right for confidence, right in characters if low <= confidence < high]
        if own:
            yield f"right_from_{low}_to_{high}", 100 * sum(own) / len(own), "%", len(own)
