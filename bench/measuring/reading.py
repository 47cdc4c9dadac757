"""The benchmark `reading`: accuracy on a set of dossiers and on the real forms beside it.

The scorers belong to the sets. What they print is read here, so that every figure comes with
its n.
"""

import re
import subprocess
import sys
from pathlib import Path

from measuring import pairs
from measuring.dossiers import dossier_set_in
from measuring.processes import run_to_end
from measuring.program import ROOT, Failed, each

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


def scorer(name, of_set):
    """tools/NAME beside the set or a folder above it, or else ../shared/tools/NAME of ours."""
    place = Path(of_set).resolve()
    folders = [place, *place.parents, *(folder / "shared" for folder in ROOT.parents)]
    for folder in folders:
        if (folder / "tools" / name).is_file():
            return folder / "tools" / name
    raise Failed(f"tools/{name}: no such scorer beside {place} or above it")


def printed_by(program, *arguments):
    return subprocess.run([sys.executable, program, *arguments], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def run(name, source, target):
    """A tool of bench/ on a set."""
    run_to_end([ROOT / "bench" / name, source, target], stdout=sys.stderr)


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
        if int(found[4]):
            yield "xfund_answers", 100 * int(found[3]) / int(found[4]), "%", int(found[4])


def of_pairs(program, forms, results):
    return pairs.figures(printed_by(program, "kvxset", forms, results))


def dossier_figures(dossiers, results):
    run("score_dossiers", dossiers, results)
    yield from of_dossiers(printed_by(scorer("score_dossiers.py", dossiers), results,
                                      dossiers / "gt"))


def form_figures(forms, results):
    run("score_real", forms, results)
    program = scorer("score_real.py", forms)
    yield from of_forms(printed_by(program, "set", forms, results))
    yield from of_pairs(program, forms, results)


def figures(sets, work):
    """Of dossiers and forms; one that is not there does not stop the other."""
    sets, work = Path(sets).resolve(), Path(work)
    forms = sets / "real" / "nc-xfund-zh"
    if not forms.is_dir() and list(sets.glob("*.gt.txt")):
        forms = sets
    parts = []
    if forms != sets:
        parts.append(lambda: dossier_figures(dossier_set_in(sets), work / "dossiers"))
    if forms.is_dir():
        parts.append(lambda: form_figures(forms, work / "forms"))
    yield from each(parts)
