"""Teaches a recognition network signs it has forgotten, and nothing else.

    symbols.py NETWORK ALPHABET POOL OUT [--signs CHARACTERS] [--lines N] [--rounds N] [--below B]

Only the closing layer learns, and of it only the columns of the signs: what tells all other characters
stays as it is, to the bit. The features that this layer is given are computed once. POOL holds files of
lines.py, drawn with --signs: there the signs are more usual than on papers, so that at the end
each is made less likely by --below (natural logarithm of the odds).
"""
import argparse
import copy
import pathlib
import pickle
import random

import cv2
import numpy as np
import onnx
import torch
from onnx import numpy_helper

from evaluate import distance
from network import Network
from texts import characters_of
from train import LineLoss, fits, packed, rounded


def lines_of(pool, count, seed):
    files = sorted(pool.glob('*.pickle'))
    lines = [line[:2] for file in files for line in pickle.loads(file.read_bytes())]
    random.Random(seed).shuffle(lines)
    lines = [line for line in lines if fits(line[1], rounded(line[0].shape[1]))]
    return lines[:count]


def batches_of(network, lines, name):
    """(features, texts) of lines equally wide."""
    by_width = {}
    for picture, text in lines:
        by_width.setdefault(rounded(picture.shape[1]), []).append((picture, text))
    found = []
    for width, same in by_width.items():
        step = max(1, 6144 // width)
        for at in range(0, len(same), step):
            part = same[at:at + step]
            pictures = np.stack([cv2.resize(p, (width, 48)) for p, _ in part]).astype(np.float32)
            x = torch.from_numpy(pictures / 127.5 - 1)[:, None].expand(-1, 3, -1, -1)
            with torch.no_grad():
                found.append((network(x.contiguous(), name)[1], [t for _, t in part]))
    return found


class Closing(torch.nn.Module):
    """The closing layer with a change for some columns, which is what learns."""

    def __init__(self, weight, bias, columns):
        super().__init__()
        self.weight, self.bias, self.columns = weight, bias, columns
        self.change = torch.nn.Parameter(torch.zeros(weight.shape[0], len(columns)))
        self.shift = torch.nn.Parameter(torch.zeros(len(columns)))

    def forward(self, features):
        logits = features @ self.weight + self.bias
        return logits.index_add(-1, self.columns, features @ self.change + self.shift)


def loss_of(closing, features, texts, classes):
    own, targets, lengths = packed(texts, classes)
    logits = closing(features).permute(1, 0, 2)
    return LineLoss.apply(logits, own, targets, lengths, torch.ones(len(texts)))


def errors_of(closing, batches, characters):
    wrong = count = 0
    with torch.no_grad():
        for features, texts in batches:
            for line, text in zip(closing(features).argmax(-1).tolist(), texts):
                kept = [c for c, before in zip(line, [0] + line) if c and c != before]
                wrong += distance(''.join(characters[c - 1] for c in kept), text)
                count += len(text)
    return wrong / max(1, count)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('network')
    parser.add_argument('alphabet', type=pathlib.Path)
    parser.add_argument('pool', type=pathlib.Path)
    parser.add_argument('out')
    parser.add_argument('--signs', default='=×÷')
    parser.add_argument('--lines', type=int, default=5000)
    parser.add_argument('--rounds', type=int, default=2)
    parser.add_argument('--rate', type=float, default=.01)
    parser.add_argument('--below', type=float, default=3)
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    cv2.setNumThreads(1)
    characters = characters_of(args.alphabet)
    classes = {c: i + 1 for i, c in enumerate(characters)}
    network = Network(args.network)
    weight_name, bias_name = closing_names(network)
    weight = getattr(network, network.parameters_of[weight_name]).detach()
    bias = getattr(network, network.parameters_of[bias_name]).detach()
    lines = lines_of(args.pool, args.lines, args.seed)
    batches = batches_of(network, lines, network.features)
    random.Random(args.seed).shuffle(batches)
    aside = max(1, len(batches) // 10)
    kept_aside, batches = batches[:aside], batches[aside:]
    columns = torch.tensor(sorted(classes[c] for c in set(args.signs) if c in classes))
    closing = Closing(weight, bias, columns)
    print(f'{len(lines)} lines, {len(columns)} signs; errors of those kept aside '
          f'{errors_of(closing, kept_aside, characters):.4%}', flush=True)
    optimizer = torch.optim.Adam(closing.parameters(), lr=args.rate)
    for turn in range(args.rounds):
        for group in optimizer.param_groups:
            group['lr'] = args.rate * (1 - turn / args.rounds)
        random.Random(args.seed + turn).shuffle(batches)
        total = 0
        for features, texts in batches:
            optimizer.zero_grad()
            loss = loss_of(closing, features, texts, classes)
            loss.backward()
            optimizer.step()
            total += float(loss)
        print(f'round {turn + 1}: loss {total / len(batches):.4f}, kept aside '
              f'{errors_of(closing, kept_aside, characters):.4%}', flush=True)
    with torch.no_grad():
        closing.shift -= args.below
    save(network.model, weight_name, bias_name, closing, args.out)


def closing_names(network):
    """The weight and the bias of the layer before the Softmax."""
    kinds = [node.op_type for node in network.model.graph.node]
    last = len(kinds) - 1 - kinds[::-1].index('Softmax')
    matmul, add = network.model.graph.node[last - 2:last]
    assert (matmul.op_type, add.op_type) == ('MatMul', 'Add')
    names = [name for node in (matmul, add) for name in node.input if name in network.parameters_of]
    assert len(names) == 2
    return names


def save(model, weight_name, bias_name, closing, path):
    model = copy.deepcopy(model)
    for tensor in model.graph.initializer:
        if tensor.name not in (weight_name, bias_name):
            continue
        array = numpy_helper.to_array(tensor).copy()
        change = closing.change if tensor.name == weight_name else closing.shift
        array[..., closing.columns.numpy()] += change.detach().numpy()
        tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))
    onnx.checker.check_model(model)
    onnx.save(model, path)


if __name__ == '__main__':
    main()
