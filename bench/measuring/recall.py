"""Whether what stands on pages is found: values and phrases with known places, asked in many ways."""

import csv
import os
import random
import subprocess
import unicodedata
from pathlib import Path

from measuring import dossiers, shares
from measuring.corpus import tables
from measuring.program import ROOT, Archive, Failed, leave_out, told, tool

QUESTIONS = 1_000
FIRST = 10
IOU_MIN = 0.5
SEED = 2


def look_alikes():
    others = {}
    with open(ROOT / "config" / "look_alikes.csv", encoding="utf-8") as file:
        for row in csv.reader(line for line in file if not line.startswith("#")):
            for character in row[0]:
                others.setdefault(character, []).extend(c for c in row[0] if c != character)
    return others


def converted(texts, table="s2t"):
    """The texts in traditional script, by OpenCC's own program where it is there."""
    done = subprocess.run(["opencc", "-c", f"{table}.json"], input="\n".join(texts), text=True,
                          capture_output=True, check=True)
    return done.stdout.split("\n")


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def pinyin_of(names):
    """As ICU reads names, through uconv: zhou shi li without blanks and tones."""
    done = subprocess.run(["uconv", "-x", "Han-Latin/Names; Latin-ASCII; Lower"],
                          input="\n".join(names), text=True, capture_output=True, check=True)
    return [line.replace(" ", "").replace("'", "") for line in done.stdout.split("\n")]


def written(how, texts):
    """The texts written otherwise; None where the program that does it is not here."""
    try:
        return how(texts)
    except FileNotFoundError as problem:
        leave_out(how.__name__, told(problem))
        return None


def is_hanzi(c):
    return "\u4e00" <= c <= "\u9fff"


def squeezed(text):
    """Letters, digits and hanzi alone, as what is searched by."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


class Answers:
    """The pages of the dossiers with their texts, values and places; numbered from 1."""

    def __init__(self, folder):
        self.pages, self.values, self.lines = [], [], []
        types, fields = tables()
        for dossier in dossiers.answers_in(folder):
            for page in dossier["pages"]:
                number = len(self.pages) + 1
                doc_type = types.get(page["form_type"], "DT99")
                self.pages.append({"file": page["file"], "page_in_file": page["page_in_file"],
                                   "doc_type": doc_type, "lines": page["text_lines"],
                                   "fields": [], "person": dossier["person"],
                                   "text": squeezed("".join(l["text"] for l in page["text_lines"]))})
                for field in page["fields"]:
                    ours = fields.get((doc_type, field["id"]))
                    raw = field.get("raw") or field["value"]
                    self.pages[-1]["fields"].append((ours or field["id"], field.get("row", -1),
                                                     field["value"]))
                    if len(squeezed(raw)) >= 2 and field["kind"] != "seal":
                        self.values.append((number, ours or field["id"], raw,
                                            field.get("quads") or [field["quad"]]))
                for line in page["text_lines"]:
                    hanzi = sum(map(is_hanzi, line["text"]))
                    if line["kind"] != "seal" and hanzi >= 4 and len(line["text"]) <= 20:
                        self.lines.append((number, None, line["text"], [line["quad"]]))

    def bearing(self, text):
        """The numbers of the pages on which a text stands."""
        wanted = squeezed(text)
        return {number for number, page in enumerate(self.pages, 1) if wanted in page["text"]}

    def write(self, file):
        flat = lambda text: " ".join(text.split())
        with open(file, "w", encoding="utf-8") as out:
            for number, page in enumerate(self.pages, 1):
                out.write(f"P\t{number}\t{page['doc_type']}\n")
                if page["person"]["name"] in page["text"]:
                    out.write(f"N\t{page['person']['name']}\t{page['person']['id_number']}\n")
                for field, row, value in page["fields"]:
                    out.write(f"F\t{field}\t{row}\t{flat(value)}\n")
                for line in page["lines"]:
                    corners = " ".join(f"{x} {y}" for x, y in line["quad"])
                    out.write(f"L\t{corners}\t{flat(line['text'])}\n")


def ways(sample, chance):
    """(way, index into the sample, query) of every way that fits a text."""
    alike = look_alikes()
    texts = [text for _, _, text, _ in sample]
    traditional = written(converted, texts) or texts
    pinyin = written(pinyin_of, texts) or [""] * len(texts)
    for i, (_, field, text, _) in enumerate(sample):
        yield "as_printed", i, text
        if traditional[i] != text:
            yield "traditional", i, traditional[i]
        if full_width(text) != text:
            yield "full_width", i, full_width(text)
        name = field and field.endswith("person_name") and all(map(is_hanzi, text))
        if name and 2 <= len(text) <= 4 and pinyin[i].isalpha():
            yield "pinyin", i, pinyin[i]
        places = [at for at, c in enumerate(text) if c in alike and is_hanzi(c)]
        if places:
            at = chance.choice(places)
            yield "look_alike", i, text[:at] + chance.choice(alike[text[at]]) + text[at + 1:]
        digits = [at for at, c in enumerate(text) if c.isdigit()]
        if len(digits) >= 8 and text.isascii():
            at = chance.choice(digits)
            wrong = str((int(text[at]) + chance.randint(1, 9)) % 10)
            yield "wrong_digit", i, text[:at] + wrong + text[at + 1:]
        if sum(map(is_hanzi, text)) == len(text) >= 6:
            first = chance.randint(0, len(text) - 4)
            yield "partly", i, text[first:first + chance.randint(4, 6)]
        elif len(text) == 18 and text[:17].isdigit():
            yield "partly", i, text[:6] + "********" + text[14:]


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    area = lambda box: (box[2] - box[0]) * (box[3] - box[1])
    return width * height / (area(a) + area(b) - width * height)


def bounds(quad):
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    return min(xs), min(ys), max(xs), max(ys)


def boxes_right(quads, boxes):
    """Every true place is covered by the boxes whose middle lies in it, taken together: words of
    a phrase have a box each. A place of several lines may be one box."""
    def covered(place):
        inside = [box for box in boxes if place[0] <= (box[0] + box[2]) / 2 <= place[2]
                  and place[1] <= (box[1] + box[3]) / 2 <= place[3]]
        corners = [(x, y) for box in inside for x, y in (box[:2], box[2:])]
        return bool(corners) and overlap(place, bounds(corners)) >= IOU_MIN
    together = bounds([corner for quad in quads for corner in quad])
    return all(covered(bounds(quad)) for quad in quads) or covered(together)


def asked(command, questions):
    text = "".join(f"{page}\t{' '.join(query.split())}\n" for page, query in questions)
    done = subprocess.run([tool("juanzong_recall_figures"), *map(str, command)], input=text,
                          text=True, check=True, capture_output=True)
    for line in done.stdout.splitlines():
        pages, reason, places = line.split("\t")
        yield ([int(page) for page in pages.split(",") if page], reason,
               [tuple(map(float, box.split(","))) for box in places.split(";") if box])


def measured(name, answers, samples, command, number_of):
    """One line a kind of question: how many are found among the first ten, n, 95 % interval."""
    chance = random.Random(SEED)
    misses = []
    for kind, sample in samples.items():
        rows = [(way, sample[i], query) for way, i, query in ways(sample, chance)
                if number_of(sample[i][0]) is not None]
        found, right, located = {}, 0, 0
        # Phrases are copied off a page with their signs; in quotes nothing in them is an operator.
        quoted = kind == "phrases"
        results = asked(command, [(number_of(page), f'"{query}"' if quoted and way != "look_alike"
                                   else query) for way, (page, *_), query in rows])
        for (way, (page, _, text, quads), query), (pages, reason, boxes) in zip(rows, results):
            wanted = query if way == "partly" and "*" not in query else text
            bearing = {number_of(one) for one in answers.bearing(wanted)} | {number_of(page)}
            hit = number_of(page) in pages or (len(pages) == FIRST and set(pages) <= bearing)
            found.setdefault(way, []).append(hit)
            if not hit:
                misses.append((name, kind, way, page, text, query, reason, pages))
            if way == "as_printed" and hit:
                located += 1
                good = boxes_right(quads, boxes)
                right += good
                if not good:
                    misses.append((name, kind, "boxes", page, text, quads, boxes))
        for way, hits in found.items():
            yield shares.share(f"{name}_{kind}_{way}", sum(hits), len(hits))
        yield shares.share(f"{name}_{kind}_boxes", right, located)
    if os.environ.get("JUANZONG_MISSES"):
        with open(os.environ["JUANZONG_MISSES"], "a", encoding="utf-8") as file:
            file.writelines(repr(miss) + "\n" for miss in misses)


def figures(folder, work, archive_folder):
    """Of the dossiers under folder, as printed, and as read in the archive that
    bench/score_dossiers made of them."""
    answers = Answers(folder / "gt")
    if not answers.values:
        raise Failed(f"{folder / 'gt'}: no ground truth there")
    chance = random.Random(SEED)
    samples = {"values": chance.sample(answers.values, min(QUESTIONS, len(answers.values))),
               "phrases": chance.sample(answers.lines, min(QUESTIONS, len(answers.lines)))}
    pages = Path(work) / "pages"
    answers.write(pages)
    yield from measured("printed", answers, samples, ["truth", pages, ROOT / "config"],
                        lambda page: page)
    if archive_folder is None:
        return
    archive = Archive(archive_folder)
    archive.run("index", "rebuild", "--archive", archive.folder, for_archive=False)
    numbers = {(dossiers.file_of(page), page["page_in_file"]): page["page"]
               for page in archive.pages()}
    of_page = lambda page: numbers.get((answers.pages[page - 1]["file"],
                                        answers.pages[page - 1]["page_in_file"]))
    os.environ.setdefault("JUANZONG_CONFIG", str(ROOT / "config"))
    yield from measured("read", answers, samples, ["archive", archive_folder], of_page)
