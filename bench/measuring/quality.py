"""The benchmark `quality`: what judging a picture costs, and how the pages of a set are judged."""

import json
import subprocess
import time
from collections import Counter

from measuring.processes import measured
from measuring.program import Failed, find_program

RESCAN = 7
VERDICTS = ("accept", "look", "rescan")


def checked_pages(folder):
    """(pages as `check --json` prints them, seconds until each was printed)"""
    command = [str(find_program()), "quality", "--json", "--threads", "1", str(folder)]
    pages, begun = [], time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True) as process:
        for line in process.stdout:
            pages.append(json.loads(line))
    if process.returncode not in (0, RESCAN):
        raise Failed(f"quality: check ended with {process.returncode}")
    return pages, time.monotonic() - begun


def quantile(values, share):
    ordered = sorted(values)
    return ordered[int(share * (len(ordered) - 1))]


def of_pages(pages):
    """(name, value, unit[, n]) of pages as `check --json` prints them"""
    costs = [page["measuring_ms"] for page in pages if "measuring_ms" in page]
    if costs:
        yield "measuring_ms_median", quantile(costs, 0.5), "ms", len(costs)
        yield "measuring_ms_p95", quantile(costs, 0.95), "ms", len(costs)
        yield "measuring_ms_max", max(costs), "ms", len(costs)
    verdicts = Counter(page["verdict"] for page in pages)
    for verdict in VERDICTS:
        yield f"verdict_{verdict}", verdicts[verdict], "pages", len(pages)
    yield "not_decoded", sum("reason" in page for page in pages), "pages", len(pages)
    rules = Counter((finding["verdict"], finding["rule"])
                    for page in pages for finding in page.get("findings", ()))
    for (verdict, rule), count in sorted(rules.items(), reverse=True):
        yield f"{verdict}_{rule}", count, "pages", len(pages)


def figures(folder):
    """(name, value, unit[, n]) of everything measured"""
    pages, seconds = checked_pages(folder)
    if not pages:
        raise Failed(f"quality: no page under {folder}")
    yield "pages", len(pages), "pages"
    yield "wall_s_per_page", seconds / len(pages), "s"
    cost = measured([str(find_program()), "quality", "--json", "--threads", "1", str(folder)])
    yield "cpu_s_per_page", cost.cpu_s / len(pages), "s"
    yield "peak_mb", cost.peak_mb, "MB"
    yield from of_pages(pages)
