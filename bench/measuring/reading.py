"""The benchmark `reading`: accuracy on a set of dossiers and on the real forms beside it.

The scorers belong to the sets and lie in SETS/../tools. What they print is read here, so that
every figure comes with its n.
"""

import re
import subprocess
import sys
from pathlib import Path

from measuring import pairs
from measuring.program import ROOT, Failed

# name -> the line of the dossiers' scorer that has it
SHARES = {
    "printed_cer": r"^  printed +CER +([\d.]+)% \(\d+/(\d+)\)",
    "sure_printed_cer": r"^   sure printed +CER +([\d.]+)% \(\d+/(\d+)\)",
    "sent_printed": r"^  sent to a person, printed +([\d.]+)% \(\d+/(\d+)\)",
    "handwritten_cer": r"^  handwritten +CER +([\d.]+)% \(\d+/(\d+)\)",
    "sure_handwritten_cer": r"^   sure handwritten +CER +([\d.]+)% \(\d+/(\d+)\)",
    "sent_handwritten": r"^  sent to a person, handwritten +([\d.]+)% \(\d+/(\d+)\)",
    "id_exact_printed": r"ID numbers, printed: +([\d.]+)% \(\d+/(\d+)\)",
    "id_exact_handwritten": r"ID numbers, handwritten: +([\d.]+)% \(\d+/(\d+)\)",
}
SEAL = r"printed under seal, (\w+) +CER +[\d.]+% \((\d+)/(\d+)\)"
MEDIAN_PAGE = r"printed CER of the median page ([\d.]+)%"
SKEW = r"n=(\d+)\): .*median ([\d.]+) .*p99 ([\d.]+)"
FORMS = r"ALL files (\d+) .*meanHanziRecall ([\d.]+) answerRecall [\d.]+ \((\d+)/(\d+)\)"


def printed_by(scorer, *arguments):
    if not scorer.is_file():
        raise Failed(f"reading: {scorer}: no scorer there")
    return subprocess.run([sys.executable, scorer, *arguments], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def run(tool, source, target):
    subprocess.run([ROOT / "bench" / tool, source, target], check=True)


def of_dossiers(text):
    """(name, value, unit, n) of what the dossiers' scorer printed"""
    for name, pattern in SHARES.items():
        if found := re.search(pattern, text, re.MULTILINE):
            yield name, float(found[1]), "%", int(found[2])
    errors = {"seal_cer_colour": [0, 0], "seal_cer_other": [0, 0]}
    for mode, wrong, characters in re.findall(SEAL, text):
        sums = errors["seal_cer_colour" if mode == "color" else "seal_cer_other"]
        sums[0] += int(wrong)
        sums[1] += int(characters)
    for name, (wrong, characters) in errors.items():
        if characters:
            yield name, 100 * wrong / characters, "%", characters
    pages = 0
    if found := re.search(SKEW, text):
        pages = int(found[1])
        yield "skew_median", float(found[2]), "degrees", pages
        yield "skew_p99", float(found[3]), "degrees", pages
    if found := re.search(MEDIAN_PAGE, text):
        yield "median_page_cer", float(found[1]), "%", pages


def of_forms(text):
    """The same of the real forms"""
    if found := re.search(FORMS, text):
        yield "xfund_hanzi_recall", 100 * float(found[2]), "%", int(found[1])
        yield "xfund_answers", 100 * int(found[3]) / int(found[4]), "%", int(found[4])


def of_pairs(scorer, forms, results):
    return pairs.figures(printed_by(scorer, "kvxset", forms, results))


def figures(sets, work):
    sets, work = Path(sets).resolve(), Path(work)
    tools = sets.parent / "tools"
    run("score_dossiers", sets / "dossiers", work / "dossiers")
    yield from of_dossiers(printed_by(tools / "score_dossiers.py", work / "dossiers",
                                      sets / "dossiers" / "gt"))
    forms = sets / "real" / "nc-xfund-zh"
    run("score_real", forms, work / "forms")
    yield from of_forms(printed_by(tools / "score_real.py", "set", forms, work / "forms"))
    yield from of_pairs(tools / "score_real.py", forms, work / "forms")
