"""Seals and stamps over lines, as colour and grey scanners, copiers and thresholds see them."""
import math

import cv2
import numpy as np

RED_INKS = [(210, 31, 31), (200, 35, 43), (184, 28, 46), (224, 58, 47), (190, 40, 70)]
OTHER_INKS = [(36, 54, 168), (50, 60, 150), (90, 40, 130), (40, 40, 40)]
RED_PLANE, LUMA, MEAN, GREEN = (1, 0, 0), (.299, .587, .114), (1 / 3, 1 / 3, 1 / 3), (0, 1, 0)


def noise_field(np_rng, shape, cell, low, high):
    small = np_rng.random((max(2, int(shape[0] / cell) + 2), max(2, int(shape[1] / cell) + 2)))
    field = cv2.resize(small.astype(np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC)
    return low + (high - low) * np.clip(field, 0, 1)


class Stamps:
    """Presses stamps onto pages: float pictures, 1 where the paper is white."""

    def __init__(self, rng, np_rng, fonts, pen, texts):
        self.r, self.n = rng, np_rng
        self.fonts, self.pen, self.texts = fonts, pen, texts

    def over(self, page, em, bilevel):
        """One stamp at a random place that touches the line, sometimes a second one."""
        for _ in range(2 if self.r.random() < .12 else 1):
            page = self.pressed(page, self.worn(self.drawn(em), em), bilevel)
        return page

    def drawn(self, em):
        """The stamp by itself, 1 where its ink is."""
        r = self.r
        t = r.random()
        if t < .62:
            return self.turned(self.round(int(r.uniform(5, 13) * em)), 30)
        if t < .72:
            return self.turned(self.oval(int(r.uniform(5, 11) * em)), 15)
        if t < .88:
            return self.turned(self.square(int(r.choice([r.uniform(2.6, 5), r.uniform(4, 11)])
                                               * em)), 15)
        return self.turned(self.lines(em), 10)

    def turned(self, stamp, most):
        h, w = stamp.shape
        turn = cv2.getRotationMatrix2D((w / 2, h / 2), self.r.uniform(-most, most), 1)
        return cv2.warpAffine(stamp, turn, (w, h))

    def round(self, size):
        r = self.r
        stamp = np.zeros((size, size), np.float32)
        c, s = size // 2, size / 200
        cv2.circle(stamp, (c, c), int(94 * s), 1, max(1, int(r.uniform(3.5, 7) * s)), cv2.LINE_AA)
        if r.random() < .15:
            cv2.circle(stamp, (c, c), int(86 * s), 1, max(1, int(1.5 * s)), cv2.LINE_AA)
        if r.random() < .8:
            outer = r.uniform(24, 40)
            star = [(c + (outer if i % 2 == 0 else .39 * outer) * s * math.sin(i * math.pi / 5),
                     c - (outer if i % 2 == 0 else .39 * outer) * s * math.cos(i * math.pi / 5))
                    for i in range(10)]
            cv2.fillPoly(stamp, [np.array(star, np.int32)], 1, cv2.LINE_AA)
        else:
            self.write(stamp, self.texts.date(), r.uniform(15, 22) * s, (c, c))
        if r.random() < .5:  # what the seal is for
            self.write(stamp, self.texts.label()[:8], r.uniform(13, 20) * s, (c, c + 53 * s))
        self.ring(stamp, (c, c), (72 * s, 72 * s), s)
        return stamp

    def oval(self, size):
        stamp = np.zeros((size, size), np.float32)
        c, s, flat = size // 2, size / 200, self.r.uniform(.6, .8)
        axes = (int(94 * s), int(94 * s * flat))
        cv2.ellipse(stamp, (c, c), axes, 0, 0, 360, 1, max(1, int(5 * s)), cv2.LINE_AA)
        self.write(stamp, self.texts.digits(15), 16 * s, (c, c))
        self.ring(stamp, (c, c), (72 * s, 66 * s * flat), s)
        return stamp

    def square(self, size):
        stamp = np.zeros((size, size), np.float32)
        edge = int(.04 * size)
        cv2.rectangle(stamp, (edge, edge), (size - edge, size - edge), 1,
                      max(1, int(self.r.uniform(.03, .055) * size)), cv2.LINE_AA)
        font = self.fonts.printed(self.r)
        for x, y in ((.28, .28), (.72, .28), (.28, .72), (.72, .72)):
            self.put(stamp, self.texts.character(), font, size * .4, (x * size, y * size), 0)
        return stamp

    def lines(self, em):
        """A frame with rows of words: received, checked, paid."""
        r = self.r
        rows, size = r.randint(1, 3), r.uniform(.8, 1.8) * em
        w, h = int(r.uniform(5, 10) * size), int((1.3 * rows + .7) * size)
        stamp = np.zeros((max(w, h),) * 2, np.float32)
        top = (stamp.shape[0] - h) // 2
        cv2.rectangle(stamp, (3, top + 2), (w - 4, top + h - 3), 1, max(1, int(.1 * size)),
                      cv2.LINE_AA)
        for i in range(rows):
            text = r.choice([self.texts.label, self.texts.date, self.texts.firm])()
            self.write(stamp, text[:int(w / size) - 1], size,
                       (w / 2, top + (.95 + 1.3 * i) * size))
        return stamp

    def ring(self, stamp, centre, axes, s):
        r = self.r
        n = r.randint(8, 26)
        span = min(300, 22 * n)
        size, narrow = (r.uniform(21, 27) * s, min(1, r.uniform(14, 18) / n))
        font = self.fonts.printed(r)
        for i in range(n):
            angle = math.radians(270 - span / 2 + span * i / (n - 1))
            place = (centre[0] + axes[0] * math.cos(angle), centre[1] + axes[1] * math.sin(angle))
            self.put(stamp, self.texts.character(), font, size, place,
                     -(math.degrees(angle) + 90), narrow)

    def write(self, stamp, text, size, centre):
        font = self.fonts.printed(self.r)
        advance = [.55 * size if c < '\u2e80' else size for c in text]
        x = centre[0] - sum(advance) / 2
        for c, a in zip(text, advance):
            self.put(stamp, c, font, size, (x + a / 2, centre[1]), 0)
            x += a

    def put(self, stamp, character, font, em, centre, turn, narrow=1.0):
        found = self.pen.glyph(character, {'font': font, 'figures': None}, max(8, int(em)))
        if found is None:
            return
        ink = found[0]
        h, w = ink.shape
        ink = cv2.copyMakeBorder(ink, h, h, w, w, cv2.BORDER_CONSTANT)
        h, w = ink.shape
        m = cv2.getRotationMatrix2D((w / 2, h / 2), turn, 1)
        m[:, 0] *= narrow
        m[:, 2] += m[:, 0] / narrow * (1 - narrow) * w / 2
        side = int(1.2 * math.hypot(h, w)) // 2
        m[:, 2] += (side - w / 2, side - h / 2)
        turned = cv2.warpAffine(ink, m, (2 * side, 2 * side))
        x, y = int(centre[0]) - side, int(centre[1]) - side
        x0, y0 = max(0, x), max(0, y)
        x1, y1 = min(stamp.shape[1], x + 2 * side), min(stamp.shape[0], y + 2 * side)
        if x1 > x0 and y1 > y0:
            part = stamp[y0:y1, x0:x1]
            np.maximum(part, turned[y0 - y:y1 - y, x0 - x:x1 - x], out=part)

    def worn(self, stamp, em):
        r = self.r
        if r.random() < .25:
            stamp = cv2.dilate(stamp, np.ones((2, 2), np.uint8))
        low = r.choice([r.uniform(.55, .9), r.uniform(.55, .9), r.uniform(-.2, .5)])
        stamp = stamp * noise_field(self.n, stamp.shape, r.uniform(.3, 2.5) * em, low,
                                    1.3).clip(0, 1)
        if r.random() < .2:
            stamp = stamp * (self.n.random(stamp.shape, np.float32) > r.uniform(.05, .4))
        if r.random() < .25:  # a copier's: ink or none
            stamp = (cv2.GaussianBlur(stamp, (0, 0), .7) > r.uniform(.3, .6)).astype(np.float32)
        return stamp

    def strength(self, bilevel):
        """How much of the light its ink takes, in the light the scanner looks in."""
        r = self.r
        if r.random() < .15:
            return r.uniform(.7, 1)  # a copy: toner
        ink = r.choice(RED_INKS if r.random() < .8 else OTHER_INKS)
        plane = r.choices([RED_PLANE, LUMA, MEAN, GREEN],
                          [1, 8, 1, 1] if bilevel else [4, 5, 1, .5])[0]
        seen = sum(p * c / 255 for p, c in zip(plane, ink))
        return (1 - seen) * r.uniform(.55, .95)

    def pressed(self, page, stamp, bilevel):
        r = self.r
        (h, w), (sh, sw) = page.shape, stamp.shape
        x = int(r.uniform(-.85 * sw, w - .15 * sw))
        y = int(r.uniform(-.85 * sh, h - .15 * sh))
        x0, y0, x1, y1 = max(0, x), max(0, y), min(w, x + sw), min(h, y + sh)
        if x1 > x0 and y1 > y0:
            page[y0:y1, x0:x1] *= 1 - self.strength(bilevel) * stamp[y0 - y:y1 - y, x0 - x:x1 - x]
        return page
