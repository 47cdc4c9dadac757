"""Fonts by style: files of the system, and packages of web fonts cut in pieces by character."""
import functools
import pathlib
import re
import subprocess

from PIL import ImageFont

PRINTED = ['Noto Serif CJK SC', 'Noto Serif CJK SC:bold', 'Noto Sans CJK SC',
           'Noto Sans CJK SC:bold', 'AR PL SungtiL GB', 'AR PL UMing CN', 'WenQuanYi Zen Hei',
           'WenQuanYi Micro Hei', 'AR PL KaitiM GB', 'AR PL UKai CN']
PRINTED_WEIGHTS = [6, 2, 4, 2, 5, 2, 3, 2, 3, 1]
FIGURES = ['Liberation Serif', 'Liberation Sans', 'Liberation Mono', 'Liberation Serif:bold',
           'Liberation Sans:bold', 'Liberation Sans Narrow', 'Nimbus Roman', 'Nimbus Mono PS']
WRITTEN = ['AR PL KaitiM GB', 'AR PL UKai CN']
# Web fonts under the SIL Open Font License: (package, weight of being drawn)
WEB_WRITTEN = [('long-cang', 6), ('zhi-mang-xing', 5), ('ma-shan-zheng', 3),
               ('liu-jian-mao-cao', 1.5), ('zcool-kuaile', 2)]
WEB_PRINTED = ['zcool-xiaowei']


class SystemFont:
    def __init__(self, pattern):
        answer = subprocess.run(['fc-match', '-f', '%{file}\n%{index}\n', pattern],
                                capture_output=True, text=True, check=True).stdout.split('\n')
        self.file, self.index = answer[0], int(answer[1]) & 0xFFFF
        listed = subprocess.run(['fc-match', '-f', '%{charset}', pattern], capture_output=True,
                                text=True, check=True).stdout
        self.covered = set()
        for part in listed.split():
            ends = part.split('-')
            self.covered.update(range(int(ends[0], 16), int(ends[-1], 16) + 1))

    def has(self, character):
        return ord(character) in self.covered

    @functools.lru_cache(maxsize=8)
    def at(self, size, _):
        return ImageFont.truetype(self.file, size, index=self.index)

    def glyphs(self, character, size):
        return self.at(size, None)


class WebFont:
    """A package of @fontsource: style sheet index.css, each piece with its character ranges."""

    def __init__(self, folder):
        css = (folder / 'index.css').read_text(encoding='utf8')
        self.pieces = {}
        for url, ranges in re.findall(r"url\(\./(files/[^)]*\.woff2)\).*?unicode-range: ([^;]*);",
                                      css, re.S):
            for part in ranges.split(','):
                ends = part.strip()[2:].split('-')
                for code in range(int(ends[0], 16), int(ends[-1], 16) + 1):
                    self.pieces.setdefault(code, folder / url)

    def has(self, character):
        return ord(character) in self.pieces

    @functools.lru_cache(maxsize=400)
    def at(self, size, piece):
        return ImageFont.truetype(str(piece), size)

    def glyphs(self, character, size):
        return self.at(size, self.pieces[ord(character)])


class Fonts:
    def __init__(self, packages):
        """packages: node_modules with the @fontsource packages, or None."""
        names = set(PRINTED + FIGURES + WRITTEN)
        self.system = {name: SystemFont(name) for name in sorted(names)}
        self.web = {}
        if packages:
            for name in sorted({n for n, _ in WEB_WRITTEN} | set(WEB_PRINTED)):
                folder = pathlib.Path(packages) / '@fontsource' / name
                if folder.is_dir():
                    self.web[name] = WebFont(folder)
        self.fallback = self.system['AR PL UKai CN']
        self.last = self.system['Noto Serif CJK SC']

    def printed(self, rng):
        if self.web and rng.random() < .07:
            return self.web[rng.choice([n for n in WEB_PRINTED if n in self.web])]
        return self.system[rng.choices(PRINTED, PRINTED_WEIGHTS)[0]]

    def figures(self, rng):
        return self.system[rng.choice(FIGURES)]

    def written(self, rng):
        pool = [(self.web[n], w) for n, w in WEB_WRITTEN if n in self.web]
        pool += [(self.system[n], 1.5) for n in WRITTEN]
        fonts, weights = zip(*pool)
        return rng.choices(fonts, weights)[0]

    def with_glyph(self, font, character):
        for candidate in (font, self.fallback, self.last):
            if candidate.has(character):
                return candidate
        return None
