"""An even sample of the pages of a folder, as files of the same kinds.

Multi-page files are cut with tiffcp and qpdf, which copy the pages as they are: no pixel and no
compression is changed.
"""

import re
import shutil
import subprocess
from pathlib import Path

from measuring.real_sets import pictures_in


QPDF_WARNED = 3


def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout


def first_bytes(file):
    with open(file, "rb") as opened:
        return opened.read(16)


def is_pdf(file):
    return first_bytes(file).startswith(b"%PDF") or file.suffix.lower() == ".pdf"


def is_tiff(file):
    return first_bytes(file)[:2] in (b"II", b"MM")


def page_count(file):
    """0 of a file whose pages cannot be counted."""
    if is_pdf(file):
        asked = subprocess.run(["qpdf", "--show-npages", str(file)], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
        return int(asked.stdout) if asked.returncode in (0, QPDF_WARNED) else 0
    if is_tiff(file):
        listing = subprocess.run(["tiffinfo", str(file)], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, text=True, errors="replace").stdout
        return len(re.findall(r"^TIFF Directory at", listing, re.MULTILINE))
    return 1


def files_under(folder):
    """Those that hold pages, in order"""
    folders = [Path(folder)] + sorted(path for path in Path(folder).rglob("*") if path.is_dir())
    return sorted(file for place in folders for file in pictures_in(place))


def pages_under(folder):
    """(file, page in it) of every page, in order; files that hold no page are left out"""
    return [(file, page) for file in files_under(folder) for page in range(page_count(file))]


def spread(items, count):
    """`count` of the items, evenly spread over them; all of them when there are fewer."""
    if count is None or count >= len(items):
        return items
    return [items[index * len(items) // count] for index in range(count)]


def cut(file, pages, target):
    """The given pages (from 0) of `file`, as a file `target` of the same kind."""
    if page_count(file) == len(pages):
        shutil.copyfile(file, target)
    elif is_pdf(file):
        wanted = ",".join(str(page + 1) for page in pages)
        output_of("qpdf", str(file), "--pages", ".", wanted, "--", str(target))
    else:
        output_of("tiffcp", f"{file},{','.join(map(str, pages))}", str(target))


def take_sample(folder, target, count=None):
    """Copies an even sample of `count` pages under `folder` (None: all) to `target`, keeping the
    folders. Returns the files made."""
    chosen = {}
    if count is None:
        chosen = dict.fromkeys(files_under(folder))
    else:
        for file, page in spread(pages_under(folder), count):
            chosen.setdefault(file, []).append(page)
    made = []
    for file, pages in chosen.items():
        copy = Path(target) / file.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if pages is None:
            shutil.copyfile(file, copy)
        else:
            cut(file, pages, copy)
        made.append(copy)
    return made
