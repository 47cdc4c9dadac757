"""Teaches a recognition network what it knows of its own reading.

    selfknowledge.py NETWORK ALPHABET OUT LINES [LINES ...] [--unknown N] [--seed N]

The network gets a second output, "marks", (lines, width / 8, 3), linear in the features its
characters are told by. For the step at which a character is likeliest, with probability p:

    marks[0]   above 0: drawn by a pen, below: printed
    marks[1], marks[2]
               the character is right with the probability
               sigmoid(marks[2] * logit(p) + marks[1])

LINES are files of harvest.py from pages the network was not trained on; --unknown adds as many lines
of names with a character outside the alphabet, which no reading can be right about. What the
network reads does not change.
"""
import argparse
import collections
import copy
import pathlib
import pickle
import random
import sys

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from PIL import Image, ImageDraw, ImageFont

from evaluate import folded
from network import Network
from texts import characters_of

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'bench'))
from measuring.alignment import right_places  # noqa: E402

FONTS = ['/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc',
         '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
         '/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc',
         '/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc']
SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕'
LOGIT_MOST = 14.0


def unknown_lines(count, alphabet, rng):
    """(picture, text, kind, mode) of names with a character that is not in the alphabet; in the
    text it is U+FFFD."""
    common = [chr(c) for c in range(0x4E00, 0x9FA6)]
    strange = [c for c in common if c not in alphabet]
    known = [c for c in common if c in alphabet]
    lines = []
    for _ in range(count):
        font = ImageFont.truetype(rng.choice(FONTS), rng.randint(28, 38), index=0)
        name = [rng.choice(SURNAMES), rng.choice(strange)]
        if rng.random() < .6:
            name.insert(rng.randint(1, 2), rng.choice(known))
        label = rng.choice(['', '姓名：', '参保人：', '申请人', '职工姓名'])
        tail = rng.choice(['', '', '，男', ' 性别：女', '同志'])
        text = label + ''.join(name) + tail
        left, top, right, bottom = font.getbbox(text)
        sheet = Image.new('L', (right + 2 * 6, 48), rng.randint(225, 255))
        ImageDraw.Draw(sheet).text((6, (48 - bottom - top) / 2), text, rng.randint(0, 90), font)
        width = max(16, -(-sheet.width // 8) * 8)
        picture = np.asarray(sheet.resize((width, 48), Image.BILINEAR)).astype(np.float32)
        picture += np.random.default_rng(rng.randrange(2 ** 32)).normal(0, rng.uniform(0, 10),
                                                                       picture.shape)
        if rng.random() < .3:
            picture = np.where(picture > 150, 255, 0)
        shown = ''.join('\uFFFD' if c in name and c in strange else c for c in text)
        lines.append((np.clip(picture, 0, 255).astype(np.uint8), shown, 'unknown', 'drawn'))
    return lines


def runs_of(codes, chances):
    """(code, step where it is likeliest) of each run of equal codes; gaps left out."""
    runs, before = [], 0
    for step, (code, chance) in enumerate(zip(codes, chances)):
        if code and code == before:
            if chance > chances[runs[-1][1]]:
                runs[-1] = (code, step)
        elif code:
            runs.append((code, step))
        before = code
    return runs


def answers_of(network, lines, batch=24):
    """(chances, codes, features) of the steps of each line; equally wide ones go together. In
    bfloat16, which is many times as fast and loses nothing here."""
    groups = collections.defaultdict(list)
    for line in lines:
        groups[line[0].shape[1]].append(line)
    for members in groups.values():
        for start in range(0, len(members), batch):
            part = members[start:start + batch]
            x = torch.from_numpy(np.stack([line[0] for line in part])).float() / 127.5 - 1
            x = x[:, None].expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
            with torch.no_grad(), torch.autocast('cpu', torch.bfloat16):
                logits, features = network(x, network.features)
            best, codes = logits.float().max(-1)
            chances = (best - logits.float().logsumexp(-1)).exp()
            yield from zip(part, chances.tolist(), codes.tolist(), features.float().numpy())


def samples_of(network, lines, characters):
    """Features, logit, whether right, whether written, of every character that is read."""
    features, logits, right, written = [], [], [], []
    for (_, text, kind, _), chances, codes, steps in answers_of(network, lines):
        runs = runs_of(codes, chances)
        read = [folded(characters[code]) for code, _ in runs]
        places = right_places(folded(text), ''.join(c[:1] or '\0' for c in read))
        for (_, step), ok in zip(runs, places):
            chance = min(max(chances[step], 1e-7), 1 - 1e-7)
            features.append(steps[step])
            logits.append(np.clip(np.log(chance / (1 - chance)), -LOGIT_MOST, LOGIT_MOST))
            right.append(ok)
            written.append(kind == 'handwritten')
    order = np.random.default_rng(1).permutation(len(right))
    return [np.array(part, np.float32)[order] for part in (features, logits, right, written)]


def logistic(columns, truth, weights, decay):
    """Weights and bias of the likeliest logistic regression, with a prior of `decay`."""
    x, y = torch.from_numpy(columns).double(), torch.from_numpy(truth).double()
    w = torch.from_numpy(weights).double()
    theta = torch.zeros(x.shape[1] + 1, dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS([theta], max_iter=300, line_search_fn='strong_wolfe')

    def loss():
        optimizer.zero_grad()
        guess = x @ theta[:-1] + theta[-1]
        value = (w * torch.nn.functional.binary_cross_entropy_with_logits(
            guess, y, reduction='none')).sum() / w.sum() + decay * (theta[:-1] ** 2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return theta[:-1].detach().numpy(), float(theta[-1])


def with_marks(model, feature, matrix, bias):
    """The graph with the output "marks"; one that has it already gets new numbers."""
    model = copy.deepcopy(model)
    graph = model.graph
    for list_of, names in ((graph.node, {'marks_product', 'marks'}),
                           (graph.initializer, {'marks_weights', 'marks_bias'}),
                           (graph.output, {'marks'})):
        for item in [i for i in list_of if (i.output[0] if hasattr(i, 'output') else i.name) in names]:
            list_of.remove(item)
    graph.initializer.extend([numpy_helper.from_array(matrix.astype(np.float32), 'marks_weights'),
                              numpy_helper.from_array(bias.astype(np.float32), 'marks_bias')])
    graph.node.extend([
        onnx.helper.make_node('MatMul', [feature, 'marks_weights'], ['marks_product']),
        onnx.helper.make_node('Add', ['marks_product', 'marks_bias'], ['marks'])])
    graph.output.append(
        onnx.helper.make_tensor_value_info('marks', onnx.TensorProto.FLOAT, [None, None, 3]))
    onnx.checker.check_model(model)
    return model


def report(name, confidence, right, written, hand):
    print(f'{name}: {len(right)} characters, {int((1 - right).sum())} wrong')
    for least in (.999, .99, .98, .95, .9, .8):
        above = confidence >= least
        print(f'   confidence from {least}: {above.mean():.3f} of them, '
              f'{int((1 - right[above]).sum())} wrong = 1 in '
              f'{above.sum() / max(1, (1 - right[above]).sum()):.0f}')
    print(f'   written or printed, by character: {((hand > 0) == (written > .5)).mean():.4f} right')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('network', type=pathlib.Path)
    parser.add_argument('alphabet', type=pathlib.Path)
    parser.add_argument('out', type=pathlib.Path)
    parser.add_argument('lines', type=pathlib.Path, nargs='+')
    parser.add_argument('--unknown', type=int, default=1500)
    parser.add_argument('--decay', type=float, default=1e-5)
    parser.add_argument('--most', type=int, default=10 ** 9, help='lines of the files')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rng = random.Random(args.seed)
    network = Network(args.network).eval().to(memory_format=torch.channels_last)
    feature = network.features
    characters = [''] + characters_of(args.alphabet)
    lines = [line for file in args.lines for line in pickle.loads(file.read_bytes())]
    if len(lines) > args.most:
        lines = rng.sample(lines, args.most)
    lines += unknown_lines(args.unknown, set(characters), rng)
    x, logit, right, written = samples_of(network, lines, characters)

    # One part in five is kept to see what the rest has taught.
    kept = np.arange(len(right)) >= len(right) * 4 // 5
    scale = x.std(0) + 1e-6
    both = np.concatenate([logit[:, None] / LOGIT_MOST, x / scale], 1)
    even = np.ones_like(right)
    w, b = logistic(both[~kept], right[~kept], even[~kept], args.decay)
    hand_w, hand_b = logistic((x / scale)[~kept], written[~kept], even[~kept], args.decay)
    slope = w[0] / LOGIT_MOST
    offset, hand = (x / scale) @ w[1:] + b, (x / scale) @ hand_w + hand_b
    confidence = 1 / (1 + np.exp(-(slope * logit + offset)))
    plain = 1 / (1 + np.exp(-logit))
    report('as the network has it', plain[kept], right[kept], written[kept], hand[kept])
    report('with marks', confidence[kept], right[kept], written[kept], hand[kept])

    matrix = np.stack([hand_w / scale, w[1:] / scale, np.zeros_like(hand_w)], 1)
    onnx.save(with_marks(network.model, feature, matrix, np.array([hand_b, b, slope])), args.out)


if __name__ == '__main__':
    main()
