"""The benchmark `memory`: does the peak grow with the batch?

A large batch is the small one several times over, under new names: its pages are no larger,
so that whatever its peak is higher by has grown with their number. On one thread, for with more the
peak of a long run is also higher because in the end the largest pages meet.
"""

import shutil
from pathlib import Path

from measuring.processes import measured
from measuring.program import DONE, SET_ASIDE, Archive, Failed, remove_archive
from measuring.sampling import page_count, take_sample

PAGES_FEW, PAGES_MANY = 50, 500
THREADS = 1


def copies(files, folder, target, pages):
    """Copies `files`, which lie under `folder`, to `target`, again and again in folders of
    their own, until it holds `pages` pages or a few more. Returns how many it holds."""
    counts = {file: page_count(file) for file in files}
    if not any(counts.values()):
        raise Failed(f"memory: {folder}: no pages")
    done = times = 0
    while done < pages:
        times += 1
        for file in files:
            if done >= pages:
                break
            copy = Path(target) / str(times) / file.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
            done += counts[file]
    return done


def peaks_mb(scans, work):
    archive = Archive.fresh(work / "archive")
    cost = measured(archive.command(*archive.ingest_arguments([scans], threads=THREADS)))
    if cost.exit_code not in (DONE, SET_ASIDE):
        raise Failed(f"memory: the ingest ended with {cost.exit_code}")
    remove_archive(archive.folder)
    return cost.peak_mb, cost.own_peak_mb


def figures(folder, work, few=PAGES_FEW, many=PAGES_MANY):
    """(name, value, unit): the peaks with decoders, of the program alone, and the latter's ratio"""
    work = Path(work)
    sample = take_sample(folder, work / "sample", few)
    peaks = []
    for pages in (few, many):
        scans = work / f"scans-{pages}"
        yield f"pages_{pages}", copies(sample, work / "sample", scans, pages), "pages"
        together, own = peaks_mb(scans, work)
        peaks.append(own)
        yield f"peak_mb_{pages}", together, "MB"
        yield f"own_peak_mb_{pages}", own, "MB"
        shutil.rmtree(scans)
    yield "growth", peaks[1] / peaks[0], "times"
