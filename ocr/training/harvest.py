"""Cuts the lines of scanned pages whose text is known: for training or for measuring.

    harvest.py OUT ALPHABET factory SET [--copies N] [--rare N] [--every N] [--loose] [--seed N]
    harvest.py OUT ALPHABET xfund FOLDER

SET is a folder of dossiers with gt/*.json and in/; FOLDER has *.jpg with *.json of line boxes.
Writes OUT: a pickle of (picture, text, kind, mode); kind is printed, sealed (printed, its middle
under a seal) or handwritten. --loose shifts each edge the way a detector errs, --copies times;
--rare makes more of what is not plain print.
"""
import argparse
import json
import pathlib
import pickle
import random
import re
import subprocess
import tempfile

import cv2
import numpy as np
from PIL import Image

from lines import strip_of
from texts import characters_of, fold

Image.MAX_IMAGE_PIXELS = None


def page_of(path, number):
    """A page as the program sees it: grey, colour by its red plane."""
    if path.suffix == '.pdf':
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(['pdfimages', '-f', str(number + 1), '-l', str(number + 1), path,
                            folder + '/p'], check=True)
            file, = pathlib.Path(folder).iterdir()
            return grey_of(Image.open(file))
    with Image.open(path) as image:
        image.seek(number)
        return grey_of(image)


def grey_of(image):
    if image.mode == 'P':
        image = image.convert('RGB')
    if image.mode in ('RGB', 'YCbCr', 'CMYK'):
        return np.asarray(image.convert('RGB'))[..., 0].copy()
    return np.asarray(image.convert('L')).copy()


def inside(point, quad):
    return cv2.pointPolygonTest(np.float32(quad), (float(point[0]), float(point[1])), False) >= 0


def cut(page, quad, rng):
    """rng None: the quad as it is; else its edges err by -0.05 to 0.3 of its height."""
    quad = np.float64(quad)
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    origin = quad[0]
    if rng:
        length, height = np.hypot(*along), np.hypot(*down)
        x, y = along / length * height, down / height * height

        def slack():
            return rng.uniform(-.03, .1) if rng.random() < .6 else rng.uniform(-.03, .3)

        left, top, right, bottom = slack(), slack(), slack(), slack()
        skew = rng.gauss(0, .006) * length * min(1, 8 * height / length) * down / height
        origin = origin - left * x - top * y - skew / 2
        along, down = along + (left + right) * x + skew, down + (top + bottom) * y
    return strip_of(page, origin, along, down)


def factory(folder, args, alphabet):
    rng = random.Random(args.seed)
    seen = 0
    for file in sorted((folder / 'gt').glob('D*.json')):
        for page in json.loads(file.read_text(encoding='utf8'))['pages']:
            seen += 1
            if page['form_type'] == 'separator' or page['blank'] or seen % args.every:
                continue
            image = page_of(folder / page['file'], page['page_in_file'])
            if image.shape != (page['height'], page['width']):
                raise SystemExit(f"{page['file']}, page {page['page_in_file']}: size differs "
                                 'from the truth')
            seals = [line['quad'] for line in page['text_lines'] if line['kind'] == 'seal']
            for line in page['text_lines']:
                text = fold(line['text'], alphabet)
                if line['kind'] == 'seal' or line.get('vertical') or not text \
                        or re.search('[□■☑√✓]', line['text']):
                    continue
                middle = np.mean(line['quad'], axis=0)
                kind = line['kind']
                if kind == 'printed' and any(inside(middle, s) for s in seals):
                    kind = 'sealed'
                for _ in range(args.copies * (args.rare if kind != 'printed' else 1)):
                    yield (cut(image, line['quad'], rng if args.loose else None), text, kind,
                           page['mode'])


def xfund(folder, args, alphabet):
    for file in sorted(folder.glob('*.json')):
        truth = json.loads(file.read_text(encoding='utf8'))
        image = grey_of(Image.open(file.with_suffix('.jpg')))
        for line in truth if isinstance(truth, list) else truth.get('document', truth):
            text = fold(line['transcription'], alphabet)
            if not text or re.search('[□■☑√✓]', text):
                continue
            picture = cut(image, line['points'], None)
            # Some boxes hold several lines: too narrow for their text.
            room = sum(1 if c >= '\u2e80' else .5 for c in text)
            if picture.shape[1] >= .62 * 48 * room:
                yield picture, text, 'printed', 'color'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('out', type=pathlib.Path)
    parser.add_argument('alphabet', type=pathlib.Path)
    parser.add_argument('source', choices=['factory', 'xfund'])
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('--copies', type=int, default=1)
    parser.add_argument('--rare', type=int, default=1,
                        help='times as many copies of what is sealed or handwritten')
    parser.add_argument('--every', type=int, default=1, help='of so many pages one')
    parser.add_argument('--loose', action='store_true')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    alphabet = set(characters_of(args.alphabet))
    cv2.setNumThreads(1)
    source = factory if args.source == 'factory' else xfund
    lines = [line for line in source(args.folder, args, alphabet)]
    args.out.write_bytes(pickle.dumps(lines))
    print(args.out.name, len(lines), 'lines')


if __name__ == '__main__':
    main()
