"""A sheet of paper to draw on, and what a scanner makes of it."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts")
PRINT = ["opentype/noto/NotoSerifCJK-Regular.ttc:2", "opentype/noto/NotoSansCJK-Regular.ttc:2",
         "truetype/arphic/uming.ttc:0", "truetype/wqy/wqy-zenhei.ttc:0",
         "truetype/arphic-gbsn00lp/gbsn00lp.ttf:0"]
HEAVY = ["opentype/noto/NotoSerifCJK-Bold.ttc:2", "opentype/noto/NotoSansCJK-Bold.ttc:2",
         "truetype/wqy/wqy-zenhei.ttc:0"]
# What is typed into a printed form, or written by a machine.
FILLED = PRINT + ["truetype/arphic/ukai.ttc:0"]
INK, SEAL_RED = (20, 20, 20), (205, 40, 40)
POINTS_AN_INCH = 72


def font_of(name, pixels):
    file, face = name.split(":")
    return ImageFont.truetype(str(FONTS / file), int(pixels), index=int(face))


class Paper:
    """A4, upright or landscape; lengths are points (1/72 inch)."""

    def __init__(self, rng, dpi=200, landscape=False):
        self.rng, self.dpi = rng, dpi
        self.width, self.height = (842, 595) if landscape else (595, 842)
        self.image = Image.new("RGB", (self.px(self.width), self.px(self.height)), "white")
        self.pen = ImageDraw.Draw(self.image)
        self.print, self.heavy = rng.choice(PRINT), rng.choice(HEAVY)
        self.filled = rng.choice([self.print, rng.choice(FILLED)])

    def px(self, points):
        return round(points * self.dpi / POINTS_AN_INCH)

    def length(self, text, size, font=None):
        return (font_of(font or self.print, self.px(size)).getlength(text) * POINTS_AN_INCH
                / self.dpi)

    def text(self, x, y, text, size, font=None, ink=INK, anchor="la"):
        """Writes a line; `anchor` as in Pillow. Returns its length."""
        face = font_of(font or self.print, self.px(size))
        self.pen.text((self.px(x), self.px(y)), text, fill=ink, font=face, anchor=anchor)
        return self.length(text, size, font)

    def wrapped(self, text, width, size, font=None):
        """The lines a text takes in a width; a run of digits and letters is not parted."""
        lines, line, word = [], "", ""
        for c in text + "\0":
            if c.isascii() and c.isalnum():
                word += c
                continue
            for piece in (word, c if c != "\0" else ""):
                if line and self.length(line + piece, size, font) > width:
                    lines.append(line)
                    line = ""
                line += piece
            word = ""
        return lines + [line] if line else lines

    def rule(self, x0, y0, x1, y1, thick=0.7):
        self.pen.line([self.px(x0), self.px(y0), self.px(x1), self.px(y1)], fill=INK,
                      width=max(1, self.px(thick)))

    def box(self, x0, y0, x1, y1, thick=0.7, fill=None):
        if fill:
            self.pen.rectangle([self.px(v) for v in (x0, y0, x1, y1)], fill=fill)
        for line in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            self.rule(*line, thick)

    def seal(self, x, y, text, radius=48):
        """A round seal, its words along the ring, let through by the print below."""
        size = self.px(2.4 * radius)
        layer = Image.new("RGB", (size, size), "white")
        pen, middle = ImageDraw.Draw(layer), size / 2
        ring = self.px(radius)
        pen.ellipse([middle - ring, middle - ring, middle + ring, middle + ring],
                    outline=SEAL_RED, width=self.px(2))
        face = font_of(self.heavy, self.px(radius * 0.24))
        for i, c in enumerate(text):
            angle = (i - (len(text) - 1) / 2) * min(18, 260 / len(text))
            sign = Image.new("RGB", (size, size), "white")
            ImageDraw.Draw(sign).text((middle, middle - ring * 0.78), c, fill=SEAL_RED, font=face,
                                      anchor="mm")
            layer = darker(layer, sign.rotate(-angle, fillcolor="white"))
        pen = ImageDraw.Draw(layer)
        pen.text((middle, middle), "★", fill=SEAL_RED, font=font_of(PRINT[1], ring * 0.5),
                 anchor="mm")
        self.lay(layer, self.px(x) - size // 2, self.px(y) - size // 2)

    def lay(self, layer, x, y):
        place = (x, y, x + layer.width, y + layer.height)
        self.image.paste(darker(self.image.crop(place), layer), place[:2])


def darker(a, b):
    return Image.fromarray(np.minimum(np.asarray(a), np.asarray(b)))


def scanned(image, rng):
    """The sheet as a scanner delivers it: a little askew, soft, with grain; colour or grey."""
    pixels = np.asarray(image)[..., ::-1].astype(np.uint8)
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.gauss(0, 0.5), 1)
    turn[:, 2] += rng.uniform(-6, 6), rng.uniform(-6, 6)
    pixels = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC,
                            borderValue=(255, 255, 255))
    pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.3, 0.8))
    paper, ink = rng.uniform(232, 253), rng.uniform(0, 45)
    levels = ink + pixels.astype(np.float32) * (paper - ink) / 255
    grain = np.random.default_rng(rng.randrange(2**32))
    levels += grain.normal(0, rng.uniform(1, 5), levels.shape[:2])[..., None]
    pixels = np.clip(levels, 0, 255).astype(np.uint8)
    return pixels if rng.random() < 0.6 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)


def keep(pixels, file, dpi, rng):
    """Writes a JPEG that knows its resolution."""
    mode = pixels if pixels.ndim == 2 else pixels[..., ::-1]
    Image.fromarray(mode).save(file, quality=rng.randrange(70, 93), dpi=(dpi, dpi))
