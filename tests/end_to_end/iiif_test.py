"""The server against the IIIF's own fixtures, where they are there: the picture of the Image API
validator, and the schema of the Presentation API validator with its good and its broken manifests."""

import json
import os
import re
import shutil
import struct
import unittest
import zlib
from pathlib import Path
from urllib.parse import quote

import jsonschema
import serve_test
from program import ROOT, Archive, filed_once

DATA = Path(os.environ.get("JUANZONG_DATA", ROOT.parent / "shared" / "data")) / "conformance/iiif"
PICTURE = DATA / "image-validator-67352ccc.png"
VALIDATOR = DATA / "presentation-validator"
CELL, CELLS = 100, 10  # the picture is a chessboard of so many colours


def setUpModule():
    if not PICTURE.is_file():
        raise unittest.SkipTest("no fixtures of the IIIF")
    serve_test.Filed.folder = filed_once("maternity/0001.jpg", "maternity/0003.jpg",
                                         users=serve_test.OFFICE)
    box = serve_test.Filed.folder.parent / "picture"
    box.mkdir()
    shutil.copy(PICTURE, box / "0001.png")
    archive = Archive(serve_test.Filed.folder)
    archive.ingest(box)
    # Of a type without protected values, so that no watermark lies over its colours.
    number = [page["page"] for page in archive.pages() if page["width"] == CELL * CELLS][0]
    archive.run("arrange type", "DT45", "--page", number, "--reason", "fixture")


def pixels_of(png):
    """Width, height and the colours of an RGB or grey PNG of 8 bits, by its specification."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert depth == 8 and kind in (0, 2), (depth, kind)
    channels, at, packed = (1 if kind == 0 else 3), 8, b""
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at:at + 8])
        if name == b"IDAT":
            packed += png[at + 8:at + 8 + size]
        at += 12 + size
    raw, stride = zlib.decompress(packed), width * channels
    rows, above = [], bytearray(stride)
    for y in range(height):
        kind, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride):
            left = row[x - channels] if x >= channels else 0
            corner = above[x - channels] if x >= channels else 0
            if kind == 4:
                near = min((left, above[x], corner), key=lambda c: abs(left + above[x] - corner - c))
            row[x] = (row[x] + (0, left, above[x], (left + above[x]) // 2,
                                near if kind == 4 else 0)[kind]) & 255
        rows.append(row)
        above = row
    return width, height, lambda x, y: tuple(rows[y][x * channels:(x + 1) * channels])


class OfTheValidators(serve_test.Serving):
    def setUp(self):
        super().setUp()
        self.clerk = self.browser("吴窗口")
        page, = [page for page in self.archive.pages() if page["width"] == CELL * CELLS]
        self.assertEqual(
            self.clerk.ask("POST", f"/api/v1/pages/{page['page']}/reveal", {"reason": "fixture"}), 200)
        self.base = "/iiif/3/" + json.loads(self.clerk.body)["token"]
        self.whole = pixels_of(PICTURE.read_bytes())[2]

    def picture(self, request, status=200):
        self.assertEqual(self.clerk.ask("GET", f"{self.base}/{request}"), status, request)
        return pixels_of(self.clerk.body) if status == 200 else None

    def cell(self, column, row):
        return self.whole(column * CELL + CELL // 2, row * CELL + CELL // 2)

    def assert_colour(self, got, wanted, what):
        self.assertTrue(all(abs(a - b) <= 6 for a, b in zip(got, wanted)), (what, got, wanted))

    def test_info(self):
        self.assertEqual(self.clerk.ask("GET", self.base), 303)
        self.assertTrue(self.clerk.headers["Location"].endswith(self.base + "/info.json"))
        info = self.clerk.get(self.base + "/info.json")
        self.assertEqual((info["width"], info["height"]), (1000, 1000))
        self.assertEqual((info["type"], info["protocol"], info["profile"]),
                         ("ImageService3", "http://iiif.io/api/image", "level2"))
        self.assertIn("application/ld+json", self.clerk.headers["Content-Type"])
        self.assertEqual(self.clerk.headers["Access-Control-Allow-Origin"], "*")

    def test_regions_are_where_they_were_asked_for(self):
        for column, row in ((0, 0), (9, 9), (3, 7), (8, 2)):
            for region in (f"{column * 100},{row * 100},100,100",
                           f"pct:{column * 10},{row * 10},10,10"):
                width, height, at = self.picture(f"{region}/max/0/default.png")
                self.assertEqual((width, height), (100, 100))
                self.assert_colour(at(50, 50), self.cell(column, row), region)
        self.assertEqual(self.picture("square/max/0/default.png")[:2], (1000, 1000))
        self.assertEqual(self.picture("950,950,200,200/max/0/default.png")[:2], (50, 50))

    def test_sizes(self):
        for size, wanted in (("500,", (500, 500)), (",250", (250, 250)), ("pct:40", (400, 400)),
                             ("300,200", (300, 200)), ("!300,200", (200, 200)), ("max", (1000, 1000)),
                             ("^1500,", (1500, 1500)), ("^!1200,1300", (1200, 1200))):
            width, height, at = self.picture(f"full/{size}/0/default.png")
            self.assertEqual((width, height), wanted, size)
            self.assert_colour(at(width * 35 // 100, height * 75 // 100), self.cell(3, 7), size)

    def test_turned_and_mirrored(self):
        for rotation, place in (("0", (3, 7)), ("90", (7, 6)), ("180", (6, 2)), ("270", (2, 3)),
                                ("!0", (6, 7)), ("!180", (3, 2))):
            _, _, at = self.picture(f"full/max/{rotation}/default.png")
            # What is at `place` of the original lies in cell (3, 7) of the answer.
            self.assert_colour(at(350, 750), self.cell(*place), rotation)

    def test_qualities_and_formats(self):
        _, _, at = self.picture("full/100,/0/gray.png")
        self.assertEqual(len(set(at(35, 75))), 1)
        _, _, at = self.picture("full/100,/0/bitonal.png")
        self.assertLessEqual({at(x, y)[0] for x in range(100) for y in range(100)}, {0, 255})
        for kind, begin in (("jpg", b"\xff\xd8"), ("webp", b"RIFF")):
            self.assertEqual(self.clerk.ask("GET", f"{self.base}/full/100,/0/default.{kind}"), 200)
            self.assertTrue(self.clerk.body.startswith(begin))

    def test_what_is_no_request(self):
        for request in ("1200,10,10,10/max/0/default.png", "full/max/0/default.xyz",
                        "full/max/0/purple.png", "full/max/361/default.png", "full/0,0/0/default.png",
                        "full/1500,/0/default.png", "0,0,0,10/max/0/default.png", "a/max/0/default.png",
                        "full/max/0/native.png", "full/-5,/0/default.png"):
            self.assertIn(self.clerk.ask("GET", f"{self.base}/{quote(request)}"), (400, 501), request)

    def test_manifests_by_the_schema_of_the_validator(self):
        schema = json.loads((VALIDATOR / "schema" / "iiif_3_0.json").read_text(encoding="utf-8"))
        validator = jsonschema.validators.validator_for(schema)(schema)
        # The schema tells good from bad, or what it says of ours were nothing.
        def fixture(name):
            return json.loads((VALIDATOR / "fixtures" / "3" / name).read_text(encoding="utf-8"))
        self.assertTrue(validator.is_valid(fixture("full_example.json")))
        for broken in ("broken_choice.json", "broken_simple_image.json", "broken_service.json"):
            self.assertFalse(validator.is_valid(fixture(broken)), broken)
        dossiers = self.clerk.get("/api/v1/dossiers")["dossiers"]
        for dossier in dossiers:
            manifest = self.clerk.get(
                f"/iiif/presentation/3/dossiers/{dossier['number']}/manifest")
            validator.validate(manifest)
            self.assertEqual(len(manifest["items"]), dossier["pages"])

    def test_text_and_hits_are_annotations_on_the_canvas(self):
        dossier = next(one for one in self.clerk.get("/api/v1/dossiers")["dossiers"]
                       if one["pages"] > 1)
        manifest = self.clerk.get(f"/iiif/presentation/3/dossiers/{dossier['number']}/manifest")
        canvases = {canvas["id"]: canvas for canvas in manifest["items"]}
        texts = []
        for canvas in canvases.values():
            page = self.clerk.get(re.sub(r"^https?://[^/]*", "", canvas["annotations"][0]["id"]))
            for one in page["items"]:
                target, part = one["target"].split("#xywh=")
                left, top, width, height = map(int, part.split(","))
                self.assertEqual(target, canvas["id"])
                self.assertLessEqual(left + width, canvas["width"] + 1)
                self.assertLessEqual(top + height, canvas["height"] + 1)
                texts.append(one["body"]["value"])
        word = next(text for text in texts if re.fullmatch(r"[\u4e00-\u9fff]{4,8}", text))
        service, = manifest["service"]
        found = self.clerk.get(re.sub(r"^https?://[^/]*", "", service["id"]) + "?q=" + quote(word))
        self.assertEqual(found["type"], "AnnotationPage")
        self.assertTrue(found["items"])
        for hit in found["items"]:
            self.assertIn(hit["target"].split("#")[0], canvases)


if __name__ == "__main__":
    unittest.main()
