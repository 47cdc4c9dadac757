"""Character error rates of networks on harvested lines, by kind and scan mode.

    evaluate.py ALPHABET LINES NETWORK [NETWORK ...] [--most N] [--show N] [--half]
        [--calibrate]

Texts are compared NFKC-folded and without spaces. A rate counts the edits of all lines of a kind
over their characters.
"""
import argparse
import collections
import pathlib
import pickle
import random
import re
import unicodedata

import numpy as np
import torch

from network import Network
from texts import characters_of


LOOK_ALIKES = str.maketrans('〔〕【】“”‘’—–', '[][]""\'\'--')


def folded(text):
    text = unicodedata.normalize('NFKC', text).translate(LOOK_ALIKES)
    return re.sub(r'\s', '', text)


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def readings(network, pictures, characters, half=False, batch=24):
    """(text, confidences) of each picture; equally wide ones go together."""
    answers = [None] * len(pictures)
    groups = collections.defaultdict(list)
    for i, p in enumerate(pictures):
        groups[p.shape[1]].append(i)
    for members in groups.values():
        for start in range(0, len(members), batch):
            part = members[start:start + batch]
            x = torch.from_numpy(np.stack([pictures[i] for i in part])).float() / 127.5 - 1
            x = x[:, None].expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
            with torch.no_grad(), torch.autocast('cpu', torch.bfloat16, enabled=half):
                logits = network(x).float()
            best, codes = logits.max(-1)
            sure = (best - logits.logsumexp(-1)).exp()
            for i, row, p in zip(part, codes.tolist(), sure.tolist()):
                text, confidences, before = '', [], 0
                for code, q in zip(row, p):
                    if code and code != before:
                        text += characters[code]
                        confidences.append(q)
                    elif code:
                        confidences[-1] = max(confidences[-1], q)
                    before = code
                answers[i] = (text, confidences)
    return answers


def report(lines, answers, show):
    edits, sizes = collections.Counter(), collections.Counter()
    exact = 0
    worst = []
    for line, (read, _) in zip(lines, answers):
        text, kind, mode = folded(line[1]), line[2], line[3].replace('gray16', 'gray')
        wrong = distance(text, folded(read))
        exact += wrong == 0
        for key in ('all', kind, mode, f'{kind}/{mode}'):
            edits[key] += wrong
            sizes[key] += len(text)
        if wrong:
            worst.append((line[1], read, kind, mode))
    print(f'   exact lines {100 * exact / len(lines):.2f} %')
    print('   ' + ', '.join(f'{k} {100 * edits[k] / sizes[k]:.2f}' for k in sorted(sizes)))
    for text, read, kind, mode in random.Random(0).sample(worst, min(show, len(worst))):
        print(f'      {text} | {read} | {kind}/{mode}')


def calibrate(lines, answers):
    """Of lines by their least confidence: how many are right."""
    bins = collections.defaultdict(list)
    for line, (read, confidences) in zip(lines, answers):
        least = min(confidences, default=0)
        bins[min(9, int(least * 10))].append(folded(read) == folded(line[1]))
    for b, right in sorted(bins.items()):
        print(f'   least confidence {b / 10:.1f}-{b / 10 + .1:.1f}: {len(right)} lines, '
              f'{100 * np.mean(right):.1f} % right')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('alphabet', type=pathlib.Path)
    parser.add_argument('lines', type=pathlib.Path)
    parser.add_argument('networks', nargs='+')
    parser.add_argument('--most', type=int, default=10 ** 9)
    parser.add_argument('--show', type=int, default=0)
    parser.add_argument('--half', action='store_true', help='in bfloat16: many times as fast')
    parser.add_argument('--calibrate', action='store_true')
    args = parser.parse_args()
    torch.set_num_threads(1)
    characters = [''] + characters_of(args.alphabet)
    lines = [line for line in pickle.loads(args.lines.read_bytes())
             if line[0].shape[1] >= 40 or len(line[1]) <= 1]
    if len(lines) > args.most:
        lines = random.Random(7).sample(lines, args.most)
    for path in args.networks:
        network = Network(path).eval().to(memory_format=torch.channels_last)
        answers = readings(network, [line[0] for line in lines], characters, args.half)
        print(f'{args.lines.name}, {pathlib.Path(path).parent.name}/{pathlib.Path(path).name}, '
              f'{len(lines)} lines')
        report(lines, answers, args.show)
        if args.calibrate:
            calibrate(lines, answers)


if __name__ == '__main__':
    main()
