"""Cuts the lines of scanned pages whose text is known: for training or for measuring.

    harvest.py OUT ALPHABET factory SET [--copies N] [--rare N] [--every N] [--loose] [--seed N]
    harvest.py OUT ALPHABET rescans FACTORY [--own] [--share S] [--copies N] [--rare N] [--seed N]
    harvest.py OUT ALPHABET xfund FOLDER

SET is a folder of dossiers with gt/*.json and in/; FACTORY is the factory that made them, with the
clean pages still in work/dev: those with seals are scanned again, grey and bilevel, and the lines
that seals touch are cut, of the others one in six; with --own every page, scanned as the factory
planned it, and all lines; FOLDER has *.jpg with *.json of line boxes.
Writes OUT: a pickle of (picture, text, kind, mode); kind is printed, sealed (printed, its middle
under a seal) or handwritten. --loose shifts each edge the way a detector errs, --copies times;
--rare makes more of what is not plain print.
"""
import argparse
import json
import os
import pathlib
import pickle
import random
import re
import subprocess
import sys
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
                        or re.search('[■√✓]', line['text']):
                    continue
                middle = np.mean(line['quad'], axis=0)
                kind = line['kind']
                if kind == 'printed' and any(inside(middle, s) for s in seals):
                    kind = 'sealed'
                for _ in range(args.copies * (args.rare if kind != 'printed' else 1)):
                    yield (cut(image, line['quad'], rng if args.loose else None), text, kind,
                           page['mode'])


def scanned_again(degrade, folder, page, rng, own):
    """A page in its own way or in one that sees a red seal as dark; the map from the clean one;
    and the mode."""
    scan = dict(page['deg'])
    clean = degrade.clean(str(folder / page['png']), page['landscape'])
    if own:
        image, to_scan = degrade.degrade(clean, None, {**scan, 'rotation': 0})
        return (image[..., 2] if image.ndim == 3 else image), to_scan, scan['mode']
    scan['mode'] = rng.choices(['bilevel', 'gray', 'gray16'], [55, 35, 10])[0]
    scan.update(dpi=rng.choices([300, 200], [6, 4])[0], rotation=0, seed=rng.randrange(10 ** 9),
                threshold=rng.choice(['otsu', 'otsu', 'fixed', 'adaptive']),
                level=rng.randint(140, 190), show_through=0,
                blur=rng.uniform(.5, 1.1) if rng.random() < .3 else rng.uniform(.1, .4),
                photocopy=rng.random() < .15,
                fade=rng.uniform(.1, .3) if rng.random() < .1 else 0)
    image, to_scan = degrade.degrade(clean, None, scan)
    if scan['mode'] != 'bilevel':
        quality = [cv2.IMWRITE_JPEG_QUALITY, rng.randint(55, 85)]
        image = cv2.imdecode(cv2.imencode('.jpg', image, quality)[1], cv2.IMREAD_GRAYSCALE)
    return image, to_scan, scan['mode']


def touch(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def rescans(folder, args, alphabet):
    sys.path.insert(0, str(folder))
    import degrade
    rng = random.Random(args.seed)
    for file in sorted(folder.glob('work/dev/D*/plan.json')):
        for page in json.loads(file.read_text(encoding='utf8'))['pages']:
            seals = [line['box'] for line in page['lines'] if line['kind'] == 'seal']
            if not page['png'] or not (seals or args.own) or rng.random() > args.share:
                continue
            image, to_scan, mode = scanned_again(degrade, file.parent, page, rng, args.own)
            for line in page['lines']:
                text = fold(line['text'], alphabet)
                sealed = any(touch(line['box'], s) for s in seals)
                beside = not (sealed or args.own)
                if line['kind'] == 'seal' or line.get('vertical') or not text \
                        or re.search('[■√✓]', text) or beside and rng.random() > 1 / 6:
                    continue
                quad = degrade.quad(line['box'], to_scan)
                kind = 'sealed' if sealed and line['kind'] == 'printed' else line['kind']
                copies = args.copies * (args.rare if kind != 'printed' else 1)
                for _ in range(copies if sealed or args.own else 1):
                    yield cut(image, quad, rng if args.loose else None), text, kind, mode


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
    parser.add_argument('source', choices=['factory', 'rescans', 'xfund'])
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('--copies', type=int, default=1)
    parser.add_argument('--rare', type=int, default=1,
                        help='times as many copies of what is sealed or handwritten')
    parser.add_argument('--every', type=int, default=1, help='of so many pages one')
    parser.add_argument('--own', action='store_true', help='scan pages as the factory planned')
    parser.add_argument('--share', type=float, default=1, help='of the pages')
    parser.add_argument('--loose', action='store_true')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    alphabet = set(characters_of(args.alphabet))
    cv2.setNumThreads(1)
    source = {'factory': factory, 'rescans': rescans, 'xfund': xfund}[args.source]
    lines = [line for line in source(args.folder, args, alphabet)]
    args.out.with_suffix('.part').write_bytes(pickle.dumps(lines))
    os.replace(args.out.with_suffix('.part'), args.out)
    print(args.out.name, len(lines), 'lines')


if __name__ == '__main__':
    main()
