"""The benchmark `throughput`: what a page costs here, and with Debian's Tesseract and OCRmyPDF.

All three read the same pages in the same run. Making the others' input (a PDF's images for
Tesseract, a PDF of the images for OCRmyPDF) is not counted against them.
"""

import json
import shutil
import subprocess
from pathlib import Path

from measuring.processes import Cost, measured
from measuring.program import DONE, ROOT, SET_ASIDE, Archive, Failed, say
from measuring.sampling import page_count, take_sample

RIVALS = ("tesseract", "ocrmypdf", "unpaper", "img2pdf", "pdfimages", "qpdf", "tiffcp")
ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}


def install_rivals():
    if not all(map(shutil.which, RIVALS)):
        subprocess.run([str(ROOT / "install.sh"), "--bench"], check=True)


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
    shutil.rmtree(archive.folder)
    return cost, told


# --- the others ------------------------------------------------------------------------------


def images_for_tesseract(file, work):
    if file.suffix.lower() != ".pdf":
        return [file]
    folder = work / "images" / file.name
    folder.mkdir(parents=True)
    subprocess.run(["pdfimages", "-all", str(file), str(folder / "page")], check=True)
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
        if file.suffix.lower() == ".pdf":
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


def rival_figures(name, cost, pages, our_cpu_s_per_page):
    if pages == 0:
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
    one, told = ours(scans, work, 1)
    two, _ = ours(scans, work, 2)
    yield from our_figures(one, two, told)
    if not with_rivals:
        return
    our_cpu = one.cpu_s / told["pages"]
    pages = sum(map(page_count, files))
    yield from rival_figures("tesseract", tesseract(files, work), pages, our_cpu)
    yield from rival_figures("ocrmypdf", *ocrmypdf(files, work), our_cpu)
