"""The benchmark `throughput`: what a page costs here, and with Debian's Tesseract and OCRmyPDF.

All three read the same pages in the same run. Making the others' input (a PDF's images for
Tesseract, a PDF of the images for OCRmyPDF) is not counted against them.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring.processes import Cost, measured
from measuring.program import (DONE, ROOT, SET_ASIDE, Archive, Failed, each, leave_out,
                               remove_archive, say)
from measuring.sampling import is_pdf, page_count, take_sample

TOOLS = {"tesseract": ("tesseract", "pdfimages", "qpdf", "tiffinfo"),
         "ocrmypdf": ("ocrmypdf", "unpaper", "img2pdf", "qpdf")}
ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}


def lacking(names):
    return [name for name in names if not shutil.which(name)]


def install_rivals():
    if any(map(lacking, TOOLS.values())):
        subprocess.run([str(ROOT / "install.sh"), "--bench"], check=False, stdout=sys.stderr)


# --- ours ------------------------------------------------------------------------------------


def ours(scans, work, threads):
    """(Cost, what --timings says) of an ingest into a fresh archive"""
    archive = Archive.fresh(work / f"archive-{threads}")
    timings = work / f"timings-{threads}.json"
    cost = measured(archive.command(
        *archive.ingest_arguments([scans], threads=threads, timings=timings)))
    if cost.exit_code not in (DONE, SET_ASIDE):
        raise Failed(f"throughput: the ingest ended with {cost.exit_code}")
    told = json.loads(timings.read_text(encoding="utf-8"))
    remove_archive(archive.folder)
    return cost, told


# --- the others ------------------------------------------------------------------------------


def images_for_tesseract(file, work):
    if not is_pdf(file):
        return [file]
    folder = Path(tempfile.mkdtemp(dir=work))  # files of one name lie in two folders
    subprocess.run(["pdfimages", "-all", str(file), str(folder / "page")], check=False,
                   stderr=subprocess.DEVNULL)
    return sorted(folder.iterdir())


def tesseract(files, work):
    total = Cost()
    for file in files:
        for image in images_for_tesseract(file, work):
            total += measured(["tesseract", str(image), str(work / "out"), "-l", "chi_sim+eng",
                               "--psm", "1"], ONE_THREAD)
    return total


def as_pdf(images, target):
    """A PDF of the images as they are; False when img2pdf refuses one of them."""
    command = ["img2pdf", "--rotation=ifvalid", *map(str, images), "-o", str(target)]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


def pdfs_for_ocrmypdf(files, work):
    """(PDF, its pages): one a folder of images, so that OCRmyPDF need not start for each page"""
    images = {}
    for file in files:
        if is_pdf(file):
            yield file, page_count(file)
        else:
            images.setdefault(file.parent, []).append(file)
    for number, together in enumerate(images.values()):
        fit = [image for image in together if as_pdf([image], work / "try.pdf")]
        target = work / f"folder-{number}.pdf"
        if fit and as_pdf(fit, target):
            yield target, page_count(target)


def ocrmypdf(files, work):
    """(Cost, pages it read)"""
    total, pages = Cost(), 0
    for source, count in pdfs_for_ocrmypdf(files, work):
        cost = measured(["ocrmypdf", "-l", "chi_sim", "--rotate-pages", "--deskew", "--clean",
                         "--jobs", "1", str(source), str(work / "read.pdf")], ONE_THREAD)
        if cost.exit_code != 0:
            say(f"throughput: ocrmypdf ended with {cost.exit_code} on {source.name}: not counted")
            continue
        total += cost
        pages += count
    return total, pages


# --- figures ---------------------------------------------------------------------------------


def our_figures(one, two, told):
    pages = told["pages"]
    yield "pages", pages, "pages"
    yield "cpu_s_per_page", one.cpu_s / pages, "s"
    yield "wall_s_per_page", one.wall_s / pages, "s"
    yield "wall_s_per_page_2_threads", two.wall_s / pages, "s"
    yield "cpu_s_per_page_2_threads", two.cpu_s / pages, "s"
    yield "speedup_2_threads", one.wall_s / two.wall_s, "times"
    yield "peak_mb", two.peak_mb, "MB"
    yield "peak_mb_1_thread", one.peak_mb, "MB"
    for stage, times in told["stages"].items():
        yield f"stage_{stage}_cpu_s", times["cpu_seconds"] / pages, "s"
        yield f"stage_{stage}_wall_s", times["wall_seconds"] / pages, "s"


def rival_figures(name, measure, our_cpu_s_per_page):
    """Of another program: `measure` gives its Cost and the pages it read."""
    if missing := lacking(TOOLS[name]):
        leave_out(f"ratio_{name}",
                  f"{missing[0]} is not installed; ./install.sh --bench installs it")
        return
    cost, pages = measure()
    if pages == 0:
        leave_out(f"ratio_{name}", f"{name} read no page")
        return
    yield f"{name}_cpu_s_per_page", cost.cpu_s / pages, "s"
    yield f"{name}_wall_s_per_page", cost.wall_s / pages, "s"
    yield f"{name}_peak_mb", cost.peak_mb, "MB"
    yield f"ratio_{name}", cost.cpu_s / pages / our_cpu_s_per_page, "times"


def figures(folder, work, pages_wanted=None, with_rivals=True):
    """(name, value, unit) of everything measured, in the order of measuring."""
    if with_rivals:
        install_rivals()
    scans, work = Path(work) / "scans", Path(work)
    files = take_sample(folder, scans, pages_wanted)
    if not files:
        raise Failed(f"throughput: {folder}: no pictures or PDFs there")
    one, told = ours(scans, work, 1)
    if told["pages"] == 0:
        raise Failed(f"throughput: {folder}: no page could be read")
    two, _ = ours(scans, work, 2)
    yield from our_figures(one, two, told)
    if not with_rivals:
        return
    our_cpu = one.cpu_s / told["pages"]
    yield from each((
        lambda: rival_figures("tesseract", lambda: (tesseract(files, work),
                                                    sum(map(page_count, files))), our_cpu),
        lambda: rival_figures("ocrmypdf", lambda: ocrmypdf(files, work), our_cpu)))
