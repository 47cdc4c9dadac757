"""Labels with their values on forms: how many are found exactly, page by page.

The scorer of the real sets counts; what it prints is read here. Pages are few and unlike each
other, so the interval is that of a bootstrap over pages.
"""

import random
import re

PAGE = r"^\S+ +pairs (\d+) got (\d+) right (\d+)$"
DRAWS = 2000
SEED = 20  # the same interval every time


def counts(text):
    """(pairs that are there, pairs that were found, right ones) of every page"""
    return [tuple(map(int, page)) for page in re.findall(PAGE, text, re.MULTILINE)]


def f1(pages):
    there, found, right = (sum(column) for column in zip(*pages))
    return 100 * 2 * right / max(1, there + found)


def interval(pages):
    """what 95 % of the draws of as many pages lie between"""
    rng = random.Random(SEED)
    draws = sorted(f1(rng.choices(pages, k=len(pages))) for _ in range(DRAWS))
    return draws[DRAWS * 25 // 1000], draws[DRAWS * 975 // 1000 - 1]


def figures(text):
    """(name, value, unit, n, interval) of what the scorer printed"""
    pages = counts(text)
    if not pages:
        return
    low, high = interval(pages)
    yield "xfund_pairs_f1", f1(pages), "%", sum(page[0] for page in pages), f"{low:.1f}-{high:.1f}"
