"""The benchmark `seals`: which seals are found and read, and what print loses under them.

SETS holds dossiers/ (in/ and gt/), real/seals-zh and real/nc-xfund-zh, each if it is there; the
scorers and overlay_seal.py (which needs python3-pil) lie where reading.scorer looks.
"""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

from measuring import reading
from measuring.dossiers import answers_in
from measuring.program import Archive, Failed, each

LEAST_OVERLAP = 0.5  # intersection over union: a seal that was found
SEAL_PX = 472        # 40 mm at 300 dpi
PLACE = (0.5, 0.7)   # of the page's width and height, where the corner of the seal is laid
WHOLE = {"color": "colour", "gray": "grey", "gray16": "grey", "bilevel": "bilevel"}


def box_of(quad):
    across, down = [x for x, _ in quad], [y for _, y in quad]
    return min(across), min(down), max(across), max(down)


def overlap(a, b):
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0
    area = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return across * down / (sum(area) - across * down)


def matches(wanted, found):
    """pairs (wanted or None, found or None); each has one partner at most"""
    left = list(found)
    for seal in wanted:
        place = box_of(seal["quad"])
        best = max(left, key=lambda f: overlap(place, box_of(f["quad"])), default=None)
        if best is not None and overlap(place, box_of(best["quad"])) >= LEAST_OVERLAP:
            left.remove(best)
            yield seal, best
        else:
            yield seal, None
    for extra in left:
        yield None, extra


def characters(text):
    return Counter(text.replace(" ", ""))


def counts_of(pages, truth):
    """mode -> counts, over the pages that are filed; `truth` by (file, page in file)"""
    counts = defaultdict(Counter)
    for page in pages:
        wanted = truth.get(("in/" + page["source"], page["page_in_file"]))
        if wanted is None or page["state"] != "filed":
            continue
        seals = [line for line in wanted["text_lines"] if line["kind"] == "seal"]
        count = counts[WHOLE.get(wanted["mode"], wanted["mode"])]
        for seal, found in matches(seals, page["seals"]):
            count["wanted"] += seal is not None
            count["found"] += found is not None
            if seal is None or found is None:
                continue
            count["right"] += 1
            real, read = characters(seal["text"]), characters(found["text"])
            count["characters"] += real.total()
            count["read"] += read.total()
            count["read_right"] += (real & read).total()
            count["exact"] += seal["text"].replace(" ", "") == found["text"].replace(" ", "")
    return counts


def of_dossiers(dossiers, work):
    reading.run("score_dossiers", dossiers, work / "dossiers")
    truth = {}
    for dossier in answers_in(dossiers / "gt"):
        for page in dossier["pages"]:
            truth[page["file"], page["page_in_file"]] = page
    counts = counts_of(Archive(work / "dossiers" / "archive").pages(), truth)
    for mode, count in sorted(counts.items()):
        for name, part, whole in (("seal_recall", "right", "wanted"),
                                  ("seal_precision", "right", "found"),
                                  ("seal_exact", "exact", "right"),
                                  ("seal_characters_recall", "read_right", "characters"),
                                  ("seal_characters_precision", "read_right", "read")):
            if count[whole]:
                yield f"{name}_{mode}", 100 * count[part] / count[whole], "%", count[whole]


def of_counts(folder, work):
    reading.run("score_real", folder, work / "seals-zh")
    text = reading.printed_by(reading.scorer("score_real.py", folder), "table",
                              folder / "EXPECT.tsv", work / "seals-zh" / "seals.tsv")
    if found := re.search(r"red_seals: (\d+)/(\d+)", text):
        yield "seal_counts", 100 * int(found[1]) / int(found[2]), "%", int(found[2])


def size_of_jpeg(file):
    """width, height, from the frame header (ISO 10918-1, B.2.2)"""
    data = file.read_bytes()
    place = 2
    while place + 9 < len(data):
        marker, length = data[place + 1], int.from_bytes(data[place + 2:place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return (int.from_bytes(data[place + 7:place + 9], "big"),
                    int.from_bytes(data[place + 5:place + 7], "big"))
        place += 2 + length
    raise Failed(f"seals: {file}: no size in this picture")


def hanzi_recall(forms, results):
    program = reading.scorer("score_real.py", forms)
    found = re.search(reading.FORMS, reading.printed_by(program, "set", forms, results))
    if found is None:
        raise Failed(f"seals: {forms}: nothing was scored")
    return 100 * float(found[2]), int(found[1])


def of_overlays(forms, seals, work, pages):
    """How many points of hanzi recall are lost when a seal is laid on each page."""
    overlay = reading.scorer("overlay_seal.py", forms)
    bare = work / "bare"
    bare.mkdir()
    for page in sorted(forms.glob("*.jpg"))[:pages]:
        (bare / page.name).symlink_to(page)
    reading.run("score_real", bare, work / "bare-read")
    before, n = hanzi_recall(forms, work / "bare-read")
    yield "hanzi_recall_bare", before, "%", n
    for seal in seals:
        sealed = work / seal.stem
        sealed.mkdir()
        for page in sorted(bare.iterdir()):
            width, height = size_of_jpeg(page)
            subprocess.run([sys.executable, overlay, page.resolve(), seal,
                            str(int(PLACE[0] * width)), str(int(PLACE[1] * height)),
                            str(SEAL_PX), sealed / page.name], check=True)
        reading.run("score_real", sealed, work / f"{seal.stem}-read")
        after, n = hanzi_recall(forms, work / f"{seal.stem}-read")
        yield f"hanzi_recall_fall_{seal.stem}", before - after, "points", n


def figures(sets, work, pages):
    sets, work = Path(sets).resolve(), Path(work)
    seals, forms = sets / "real" / "seals-zh", sets / "real" / "nc-xfund-zh"
    parts = []
    if (sets / "dossiers").is_dir():
        parts.append(lambda: of_dossiers(sets / "dossiers", work))
    if seals.is_dir():
        parts.append(lambda: of_counts(seals, work))
    if seals.is_dir() and forms.is_dir():
        parts.append(lambda: of_overlays(forms, sorted(seals.glob("seal_cut_*.png")), work, pages))
    if not parts:
        raise Failed(f"{sets}: neither dossiers/ nor real/seals-zh there")
    yield from each(parts)
