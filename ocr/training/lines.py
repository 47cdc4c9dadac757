"""Makes pictures of text lines as scanners, copiers and stamps leave them, with their texts.

    lines.py OUT ALPHABET CONFIG [--fonts NODE_MODULES] [--seed N] [--shards N] [--size N]
        [--any SHARE] [--stamped SHARE] [--bilevel SHARE]

Writes OUT/lines-SEED-NNNN.pickle: a list of (picture, text); a picture is a grey uint8 array 48
pixels high whose width is a multiple of 8, cut the way the program cuts its strips.
"""
import argparse
import math
import os
import pathlib
import pickle
import random
import re

import cv2
import numpy as np
from PIL import Image, ImageDraw

from fonts import Fonts
from stamps import Stamps, noise_field
from texts import Texts, characters_of, fold, words_of_forms

HEIGHT, STEP, WIDEST = 48, 8, 640
LATIN = set('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,-%/:()+* ￥¥')


def strip_of(page, origin, along, down):
    """The parallelogram at origin spanned by two vectors, brought to the network's size."""
    length, height = math.hypot(*along), math.hypot(*down)
    width = max(16, math.ceil(HEIGHT * length / height / STEP) * STEP)
    factor = math.ceil(height / HEIGHT) if height / HEIGHT >= 1.25 else 1
    w, h = width * factor, HEIGHT * factor
    to_page = np.array([[along[0] / w, down[0] / h, origin[0]],
                        [along[1] / w, down[1] / h, origin[1]]], np.float32)
    cut = cv2.warpAffine(page, to_page, (w, h), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                         borderMode=cv2.BORDER_REPLICATE)
    return cut if factor == 1 else cv2.resize(cut, (width, HEIGHT), interpolation=cv2.INTER_AREA)


class Pen:
    """Draws a text once: ink as a float picture in 0..1, with where its em boxes lie."""

    def __init__(self, rng, fonts):
        self.r, self.fonts = rng, fonts

    def style(self):
        r = self.r
        written = r.random() < .3
        style = {'written': written, 'em': r.uniform(22, 60), 'spacing': 0.0, 'narrow': 1.0,
                 'slant': 0.0, 'jitter': 0.0, 'figures': None, 'gaps': 0}
        if written:
            style['font'] = self.fonts.written(r)
            style['jitter'] = r.choice([.3, .6, 1.0])
            style['slant'] = r.gauss(0, .08)
            style['spacing'] = r.uniform(-.12, .12)
            style['narrow'] = r.uniform(.8, 1.1)
        else:
            style['font'] = self.fonts.printed(r)
            style['gaps'] = r.choice([0, 0, .15])
            if r.random() < .45:
                style['figures'] = self.fonts.figures(r)
            if r.random() < .35:
                style['spacing'] = r.choice([r.uniform(-.05, .1), r.uniform(0, .4)])
            if r.random() < .12:
                style['narrow'] = r.uniform(.7, 1.25)
        return style

    def glyph(self, c, style, size):
        """(ink, left, top): place against the pen on the baseline; None without a glyph."""
        font = style['font']
        if style['figures'] and c in LATIN and style['figures'].has(c):
            font = style['figures']
        font = self.fonts.with_glyph(font, c)
        if font is None:
            return None
        face = font.glyphs(c, size)
        left, top, right, bottom = face.getbbox(c, anchor='ls')
        advance = face.getlength(c)
        if right <= left or bottom <= top:
            return np.zeros((1, 1), np.float32), 0, 0, advance
        image = Image.new('L', (right - left + 2, bottom - top + 2))
        ImageDraw.Draw(image).text((1 - left, 1 - top), c, font=face, fill=255, anchor='ls')
        return np.asarray(image, np.float32) / 255, left - 1, top - 1, advance

    def moved(self, ink, left, top, style, size):
        """One character slanted, turned, sized and placed a little its own way."""
        r, j = self.r, style['jitter']
        turn = math.radians(r.gauss(0, 3) * j)
        sx = style['narrow'] * (1 + r.gauss(0, .05) * j)
        sy = 1 + r.gauss(0, .05) * j
        slant = style['slant']
        a = np.array([[sx * math.cos(turn), -sy * math.sin(turn) - slant * sy],
                      [sx * math.sin(turn), sy * math.cos(turn)]])
        h, w = ink.shape
        corners = np.array([[left, top], [left + w, top], [left, top + h], [left + w, top + h]])
        moved = corners @ a.T
        new_left, new_top = np.floor(moved.min(0)).astype(int) - 1
        new_w, new_h = np.ceil(moved.max(0)).astype(int) - (new_left, new_top) + 1
        shift = a @ np.array([left, top]) - (new_left, new_top)
        matrix = np.column_stack([a, shift]).astype(np.float32)
        out = cv2.warpAffine(ink, matrix, (int(new_w), int(new_h)), flags=cv2.INTER_LINEAR)
        return out, new_left, new_top + int(round(r.gauss(0, .03) * j * size))

    def draw(self, text, style, em):
        """Ink picture, baseline at row 2 em of 3.2 em; start and end of the advances and of
        the ink in pixels; start and end of each character; None if one has no glyph."""
        r = self.r
        size = max(8, int(round(em)))
        pen, placed, extents = 1.5 * em, [], []
        gaps = style.get('gaps', 0)
        for c in text:
            found = self.glyph(c, style, size)
            if found is None:
                return None
            parting = 3 if placed and text[len(placed) - 1] in '：:年月' else 1
            if placed and r.random() < gaps * parting:
                pen += r.uniform(.3, 2.2) * em  # a blank filled in, or words set apart
            ink, left, top, advance = found
            plain = not style['written'] and style['narrow'] == 1.0
            if not plain:
                ink, left, top = self.moved(ink, left, top, style, size)
            if style['written'] and c in LATIN:
                advance *= r.uniform(.95, 1.15)
            placed.append((ink, int(round(pen + left)), top))
            extents.append((pen, pen + advance * style['narrow']))
            pen += (advance * style['narrow'] + style['spacing'] * em
                    * (1 if advance > .7 * em else .5) + r.gauss(0, .02) * style['jitter'] * em)
        end = pen - style['spacing'] * em
        width, height = int(end + 1.5 * em) + 2, int(3.2 * em)
        base = int(2 * em)
        canvas = np.zeros((height, width), np.float32)
        for ink, left, top in placed:
            y, x = base + top, left
            h, w = ink.shape
            y0, x0, y1, x1 = max(0, y), max(0, x), min(height, y + h), min(width, x + w)
            if y1 > y0 and x1 > x0:
                part = canvas[y0:y1, x0:x1]
                np.maximum(part, ink[y0 - y:y1 - y, x0 - x:x1 - x], out=part)
        columns = np.flatnonzero(canvas.max(0) > .3)
        inked = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (1.5 * em, end)
        return canvas, (1.5 * em, end), inked, extents


class Desk:
    """Turns texts into pictures of scanned lines."""

    def __init__(self, seed, fonts, alphabet, words, shares):
        """shares: of lines of any hanzi at all, of signs, of stamped and of bilevel ones."""
        self.r = random.Random(seed)
        self.any_share, self.signs_share, self.stamped_share, self.bilevel_share = shares
        self.n = np.random.default_rng(seed)
        self.texts = Texts(self.r, alphabet, words)
        self.fonts = fonts
        self.pen = Pen(self.r, fonts)
        self.stamps = Stamps(self.r, self.n, fonts, self.pen, self.texts)

    def text(self):
        if self.r.random() < self.any_share:
            return self.texts.any_hanzi()
        if self.r.random() < self.signs_share:
            return fold(self.texts.signs(), self.texts.alphabet) or self.texts.draw()
        return self.texts.draw()

    def line(self):
        """(picture, text), or None for a text that became too wide or has no glyphs."""
        r = self.r
        text = self.text()
        style = self.pen.style()
        em = style['em']
        drawn = self.pen.draw(text, style, em)
        if drawn is None:
            return None
        ink, advance, inked, extents = drawn
        marks = self.marks(ink.shape, text, extents, em)
        if r.random() < .03:  # nothing but what stands beside lines: no text at all
            keep = r.choice([.3, 1.2, 3, 6]) * em
            ink, text = np.zeros_like(ink[:, :int(3 * em + keep)]), ''
            advance = inked = (1.5 * em, ink.shape[1] - 1.5 * em)
            marks = np.zeros_like(ink)
        bilevel = r.random() < self.bilevel_share
        ink = self.press(ink, em, bilevel)
        darkness = r.choice([r.uniform(.75, 1), r.uniform(.75, 1), r.uniform(.4, .8)])
        if style['written'] and r.random() < .5:
            darkness = r.uniform(.5, .9)  # blue ink on the red plane is darker than it looks
        if not bilevel and r.random() < .12:
            darkness = r.uniform(.18, .4)
        shade = np.maximum(ink * darkness, marks)
        shade = np.maximum(shade, self.neighbours(ink.shape, style, em) * darkness)
        box = self.crop(advance, inked, em)
        shade = np.maximum(shade, self.rules(ink.shape, box, em))
        page = self.paper(shade.shape, em) * (1 - shade)
        if r.random() < self.stamped_share:
            page = self.stamps.over(page, em, bilevel)
        page = self.scan(page, em, ink > .5 if bilevel else None)
        return self.cut(page, box, em), text

    def press(self, ink, em, bilevel):
        """What the printer, the pen or the copier made of the strokes."""
        r = self.r
        if r.random() < .25:
            kernel = np.ones((2, 2) if em < 45 else r.choice([(2, 2), (3, 3), (1, 3)]), np.uint8)
            ink = cv2.dilate(ink, kernel) if r.random() < .55 else \
                ink * .35 + cv2.erode(ink, kernel) * .65
        t = r.random()
        if t < .07:
            ink = self.dots(ink, em)
        elif t < .25:
            ink = ink * noise_field(self.n, ink.shape, r.uniform(.1, 1.5) * em, r.uniform(-.3, .4),
                                    1.3).clip(0, 1)
        elif t < .35:
            grain = self.n.random(ink.shape, np.float32)
            ink = ink * (cv2.GaussianBlur(grain, (0, 0), r.uniform(.5, 1.2)) > r.uniform(.2, .5))
        return ink

    def dots(self, ink, em):
        """A needle printer: 20 to 28 needles an em."""
        needles = self.r.randint(20, 28)
        h, w = ink.shape
        small = cv2.resize(ink, (max(2, int(w * needles / em)), max(2, int(h * needles / em))),
                           interpolation=cv2.INTER_AREA)
        fine = cv2.resize((small > .4).astype(np.float32), None, fx=8, fy=8,
                          interpolation=cv2.INTER_NEAREST)
        yy, xx = np.mgrid[0:8, 0:8] - 3.5
        dot = ((yy ** 2 + xx ** 2) < self.r.uniform(9, 16)).astype(np.float32)
        fine *= np.tile(dot, small.shape)
        return cv2.resize(fine, (w, h), interpolation=cv2.INTER_AREA) * self.r.uniform(1, 1.4)

    def neighbours(self, shape, style, em):
        """Lines above and below, at the distance of lines."""
        shade = np.zeros(shape, np.float32)
        for sign in (-1, 1):
            if self.r.random() > .3:
                continue
            other = self.pen.draw(self.texts.draw()[:30] * 2, style, em)
            if other is None:
                continue
            step = int(sign * self.r.uniform(1.15, 1.9) * em)
            part = other[0][:, :shape[1]]
            part = cv2.warpAffine(part, np.float32([[1, 0, self.r.uniform(-2, 1) * em],
                                                    [0, 1, step]]), (shape[1], shape[0]))
            shade = np.maximum(shade, part.clip(0, 1))
        return shade

    def crop(self, advance, inked, em):
        """x from, y from, x to, y to of a box found not quite exactly; em box 1.12 to 2.12 em."""
        r = self.r

        def slack():
            return (r.uniform(-.05, .12) if r.random() < .5 else r.uniform(0, .38)) * em

        left = r.choice([advance[0], inked[0]]) - slack()
        right = r.choice([advance[1], inked[1]]) + slack()
        # A cut into a character must leave it legible.
        left = min(left, inked[0] + .03 * em)
        right = max(right, inked[1] - .04 * em)
        if r.random() < .12:  # as far as the rule of the table, and beyond it
            left, right = r.choice([(left - r.uniform(.2, .9) * em, right),
                                    (left, right + r.uniform(.2, .9) * em)])
        return left, 1.12 * em - slack(), right, 2.12 * em + slack()

    def rules(self, shape, box, em):
        """Lines of tables and blanks, at and in the edges of the crop."""
        r = self.r
        shade = np.zeros(shape, np.float32)
        x0, y0, x1, y1 = box
        dark = r.uniform(.35, 1)

        def thick():
            return max(1, int(round(r.uniform(.02, .08) * em)))

        if r.random() < .28:  # left
            x = int(x0 + r.uniform(-.05, .14) * em)
            shade[:, max(0, x):max(0, x) + thick()] = dark
        if r.random() < .28:  # right
            x = int(x1 - r.uniform(-.05, .14) * em)
            shade[:, max(0, x):max(0, x) + thick()] = dark
        if r.random() < .25:  # above
            y = int(y0 + r.uniform(-.05, .1) * em)
            shade[max(0, y):max(0, y) + thick(), :] = dark
        if r.random() < .3:  # below, or a blank to be filled in
            y = int(max(2.14 * em, y1 - r.uniform(-.05, .15) * em)) if r.random() < .7 else \
                int(r.uniform(2.1, 2.25) * em)
            shade[y:y + thick(), :] = dark
        if r.random() < .1:  # broken
            shade *= noise_field(self.n, shape, .5 * em, -.5, 1.6).clip(0, 1)
        return shade

    def marks(self, shape, text, extents, em):
        """What is drawn between and upon characters: rules of cells, the line a blank is filled
        in on, ticks in boxes."""
        r = self.r
        shade = np.zeros(shape, np.float32)
        dark = r.uniform(.35, 1)
        thick = max(1, int(round(r.uniform(.02, .07) * em)))
        gaps = [(a[1], b[0]) for a, b in zip(extents, extents[1:]) if b[0] - a[1] > .35 * em]
        if gaps and r.random() < .25:
            for start, end in gaps if r.random() < .3 else [r.choice(gaps)]:
                x = int(r.uniform(start + .1 * em, end - .1 * em))
                shade[:, x:x + thick] = dark
        if r.random() < (.3 if re.search('[年月日：:]', text) else .03):
            y = int(r.uniform(2.08, 2.28) * em)
            for match in re.finditer('[^年月日：:，。至]+', text):
                if r.random() < .8:
                    x0 = extents[match.start()][0] - r.choice([0, r.uniform(0, .6)]) * em
                    x1 = extents[match.end() - 1][1] + r.choice([0, r.uniform(0, .6)]) * em
                    shade[y:y + thick, int(max(0, x0)):int(x1)] = dark
        if '□' in text and r.random() < .8:
            boxes = [e for c, e in zip(text, extents) if c == '□']
            self.tick(shade, r.choice(boxes), em)
        return shade

    def tick(self, shade, extent, em):
        r = self.r
        side = r.uniform(.7, 1.3) * em
        left = (extent[0] + extent[1] - side) / 2 + r.gauss(0, .08) * em
        top = 1.62 * em - side / 2 + r.gauss(0, .08) * em
        t = r.random()
        if t < .75:
            shape = [[(.1, .55), (.4, .85), (.95, .1)]]
        elif t < .9:
            shape = [[(.15, .15), (.85, .85)], [(.85, .15), (.15, .85)]]
        else:
            shape = [[(.3, .5), (.7, .5)]]  # a blot
        thick = max(1, int(r.uniform(.05, .13) * em)) if t < .9 else int(.35 * em)
        for stroke in shape:
            points = [(left + (x + r.gauss(0, .06)) * side, top + (y + r.gauss(0, .06)) * side)
                      for x, y in stroke]
            cv2.polylines(shade, [np.int32(np.round(points))], False, r.uniform(.6, 1), thick,
                          cv2.LINE_AA)

    def paper(self, shape, em):
        r = self.r
        paper = np.full(shape, r.choice([1, 1, r.uniform(.85, 1), r.uniform(.72, .95)]), np.float32)
        if r.random() < .2:
            paper *= noise_field(self.n, shape, 3 * em, 1 - r.uniform(.03, .2), 1)
        if r.random() < .12:  # what shows through from the other side
            other = self.pen.draw(self.texts.draw()[:30] * 3, self.pen.style(), em)
            if other is not None:
                back = cv2.resize(other[0][:, ::-1], shape[::-1])
                paper -= cv2.GaussianBlur(back, (0, 0), .07 * em) * r.uniform(.05, .25)
        return paper

    def scan(self, page, em, strokes):
        """strokes: where ink lies, for a scan in black and white; None for one in grey."""
        r, n = self.r, self.n
        if r.random() < .75:
            page = cv2.GaussianBlur(page, (0, 0), r.uniform(.25, 1.0) * max(.6, em / 40))
        if r.random() < .06:  # moved or out of focus
            k = r.randint(2, max(2, int(em / 12)))
            page = cv2.blur(page, (k, 1) if r.random() < .5 else (1, k))
        if r.random() < .2:
            ramp = np.linspace(0, r.uniform(-.2, .2), page.shape[1], dtype=np.float32)
            page = page * (1 + np.minimum(ramp, 0) - max(0, float(ramp[-1])) + np.maximum(ramp, 0))
        grey = page * 255
        if strokes is not None:
            grey += n.normal(0, r.uniform(0, 10), grey.shape)
            scanned = self.bilevel(grey, em)
            if not strokes.any() or np.mean(scanned[strokes] == 0) >= .45:
                return scanned
            # What nobody can read teaches nothing but guessing.
            level = np.percentile(grey[strokes], r.uniform(60, 85))
            return (grey > level).astype(np.uint8) * 255
        grain = n.normal(0, r.uniform(0, 9), grey.shape).astype(np.float32)
        grey += cv2.GaussianBlur(grain, (0, 0), .7) * 1.5
        if r.random() < .1:
            grey = np.where(n.random(grey.shape) < .002, grey * r.uniform(0, .6), grey)
        if r.random() < .15:  # a copier's or an eager scanner's contrast
            low, high = r.uniform(0, 60), r.uniform(190, 250)
            grey = (grey - low) * 255 / (high - low)
        grey = grey.clip(0, 255).astype(np.uint8)
        if r.random() < .08:
            grey = (np.round(grey / 17.0) * 17).astype(np.uint8)
        if r.random() < .7:
            quality = [cv2.IMWRITE_JPEG_QUALITY, r.choice([r.randint(60, 85), r.randint(25, 70)])]
            grey = cv2.imdecode(cv2.imencode('.jpg', grey, quality)[1], cv2.IMREAD_GRAYSCALE)
        return grey

    def bilevel(self, grey, em):
        r, n = self.r, self.n
        grey = grey.clip(0, 255).astype(np.uint8)
        t = r.random()
        if t < .35:
            level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
            white = grey > min(205, max(120, level + r.uniform(-10, 30)))
        elif t < .85:
            white = grey > min(r.uniform(110, 205), np.percentile(grey, 92) - 12)
        else:
            side = int(1.6 * em) | 1
            white = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C,
                                          cv2.THRESH_BINARY, side, r.uniform(8, 20)) > 0
        if r.random() < .5:
            spots = n.random(white.shape) < r.choice([.0003, .001, .004])
            spots = cv2.dilate(spots.astype(np.uint8), np.ones((2, r.choice([1, 2])), np.uint8)) > 0
            white = white & ~spots
            if r.random() < .4:
                white = white | (n.random(white.shape) < r.choice([.01, .05]))
        return white.astype(np.uint8) * 255

    def cut(self, page, box, em):
        turn = math.radians(self.r.gauss(0, .45))
        x0, y0, x1, y1 = box
        cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
        turn *= min(1, 8 * em / max(1, x1 - x0))  # a long line leans no further than a short one
        ax, ay = math.cos(turn), math.sin(turn)
        w, h = x1 - x0, y1 - y0
        origin = (cx - ax * w / 2 + ay * h / 2, cy - ay * w / 2 - ax * h / 2)
        return strip_of(page, origin, (ax * w, ay * w), (-ay * h, ax * h))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('out', type=pathlib.Path)
    parser.add_argument('alphabet', type=pathlib.Path)
    parser.add_argument('config', type=pathlib.Path)
    parser.add_argument('--fonts', help='node_modules with @fontsource packages')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--shards', type=int, default=50)
    parser.add_argument('--size', type=int, default=500)
    parser.add_argument('--any', type=float, default=0, help='share of lines of any hanzi at all')
    parser.add_argument('--signs', type=float, default=0, help='share of lines of signs and marks')
    parser.add_argument('--stamped', type=float, default=.22, help='share of lines under a stamp')
    parser.add_argument('--bilevel', type=float, default=.35, help='share in black and white')
    args = parser.parse_args()
    alphabet = characters_of(args.alphabet)
    cv2.setNumThreads(1)
    fonts, words = Fonts(args.fonts), words_of_forms(args.config)
    args.out.mkdir(parents=True, exist_ok=True)
    for shard in range(args.shards):
        desk = Desk(args.seed * 10007 + shard, fonts, alphabet, words,
                    (args.any, args.signs, args.stamped, args.bilevel))
        lines = []
        while len(lines) < args.size:
            line = desk.line()
            if line and line[0].shape[1] <= WIDEST and len(line[1]) <= line[0].shape[1] // STEP:
                lines.append(line)
        target = args.out / f'lines-{args.seed}-{shard:04}.pickle'
        target.with_suffix('.part').write_bytes(pickle.dumps(lines))
        os.replace(target.with_suffix('.part'), target)
        print(target.name, flush=True)


if __name__ == '__main__':
    main()
