"""A dossier of a few small pages that are quick to read, and an archive to put it into.

The campaigns that run the program thousands of times use them: a page takes some hundredths of a
second, and yet every kind of what an ingest writes is there: pages with text and without, pages
out of one file and out of several, one that is set aside.
"""

import struct
import subprocess
from pathlib import Path

from measuring.program import Archive, Failed

WORDS = ("archive", "pension", "injury", "transfer", "refund", "medical", "annuity", "survivor")


def blank_page(width=320, height=440):
    """The bytes of a white page as a bilevel BMP."""
    row = (width + 31) // 32 * 4
    size = row * height
    header = struct.pack("<2sIHHI", b"BM", 62 + size, 0, 0, 62)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 1, 0, size, 3937, 3937, 2, 2)
    return header + info + b"\0\0\0\0\xff\xff\xff\0" + b"\xff" * size


def text_pages(texts):
    """The bytes of a PDF with a small page for each text; its letters need not be recognised."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(texts)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for i, text in enumerate(texts):
        content = f"BT /F 11 Tf 8 60 Td ({text}) Tj ET"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 150 90] "
                       f"/Resources << /Font << /F 3 0 R >> >> /Contents {5 + 2 * i} 0 R >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return out + (f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
                  f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n"
                  f"startxref\n{len(out)}\n%%EOF\n").encode()


def make_batch(folder, name, pages=2):
    """`pages` text pages in one file, a blank one, one that cannot be read; no two batches have
    equal bytes."""
    batch = Path(folder) / name
    batch.mkdir(parents=True)
    salt = sum(name.encode()) % 97
    texts = [f"{name} {WORDS[i % len(WORDS)]} {i + 1}" for i in range(pages)]
    (batch / "0001.pdf").write_bytes(text_pages(texts))
    (batch / "0002.bmp").write_bytes(blank_page(width=320 + 8 * salt))
    (batch / "0003.jpg").write_bytes(b"\xff\xd8\x8a\xe0 no picture: " + name.encode())
    return batch


def change_settings(archive, changes):
    """Writes other values into an archive's settings, durably; each key has to be there once."""
    file = archive.folder / "juanzong.toml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    for key, value in changes.items():
        places = [i for i, line in enumerate(lines) if line.lstrip("# ").startswith(f"{key} =")]
        if len(places) != 1:
            raise Failed(f"the settings have {key} {len(places)} times")
        lines[places[0]] = f"{key} = {value}\n"
    fresh = file.with_suffix(".new")
    fresh.write_text("".join(lines), encoding="utf-8")
    subprocess.run(["sync", fresh], check=True)
    fresh.replace(file)
    subprocess.run(["sync", archive.folder], check=True)


# Each page is acknowledged by itself; no recognition model is loaded, as no page here needs one.
QUICK = {"index_commit_pages": "1", "engine": '"tesseract"', "second_opinion": "false"}


def fresh_archive(folder, program=None, **changes):
    archive = Archive.fresh(folder, program)
    change_settings(archive, {**QUICK, **changes})
    return archive
