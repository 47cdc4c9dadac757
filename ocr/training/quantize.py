#!/usr/bin/python3
"""quantize.py CLEANED.onnx POOL OUT.onnx [--lines 250] [--bits 8]

Writes the recognizer with its large convolutions of a pixel in whole numbers: pictures as unsigned
eight bits, weights as signed ones (--bits 7: those a processor without VNNI adds up without
overflow). CLEANED is what cmake/clean-model.py made; POOL has pickles of lines.py or harvest.py.

Three things keep what the network reads (figures in README.md):

1. each channel of a picture has a scale and a zero of its own. The scale goes into the weights, the
   zero into the bias; only the rounding is left. Channels of a small range are widened a little,
   or the weights of the others would be too coarse;
2. weights are rounded one after the other, and what a rounding spoils is made up for by those
   not rounded yet, as the pictures weigh it (Frantar et al., GPTQ, 2022);
3. the first convolutions stay as they are: what they spoil goes through all others.

What the runtime has no whole numbers for, depthwise convolutions and hard-swish, stays as well. The
same lines give the same file. Needs Debian's python3-onnx and numpy.
"""
import argparse
import pickle
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

CHANNELS_LEAST = 240  # of a convolution that pays
WIDENED = 0.75        # power of the channels' ranges; 1 leaves them as they are
RANGE_LEAST = 0.25    # of the median range: what a quiet channel may need some day
DAMPING = 0.01
COLUMNS = 150         # of a line's picture that are looked at, for each convolution
FINER = (1, 0.9, 0.8, 0.7, 0.6, 0.5)  # of the largest weight of a row: the step may be finer


def attribute(node, name, default=None):
    for candidate in node.attribute:
        if candidate.name == name:
            return helper.get_attribute_value(candidate)
    return default


def is_large(node, constants):
    weights = constants.get(node.input[1]) if node.op_type == 'Conv' else None
    return (weights is not None and attribute(node, 'group', 1) == 1
            and weights.shape[2:] == (1, 1) and min(weights.shape[:2]) >= CHANNELS_LEAST)


# --- the network, played back ------------------------------------------------------------------


def convolution(node, picture, constants):
    weights = constants[node.input[1]]
    bias = constants[node.input[2]] if len(node.input) > 2 else np.zeros(len(weights), 'f4')
    rows, columns = weights.shape[2:]
    down, right = attribute(node, 'strides', [1, 1])
    top, left, bottom, beyond = attribute(node, 'pads', [0, 0, 0, 0])
    padded = np.pad(picture, ((0, 0), (top, bottom), (left, beyond)))
    height = (padded.shape[1] - rows) // down + 1
    width = (padded.shape[2] - columns) // right + 1
    result = np.repeat(bias, height * width).reshape(-1, height, width)
    for y in range(rows):
        for x in range(columns):
            seen = padded[:, y:y + down * height:down, x:x + right * width:right]
            if attribute(node, 'group', 1) > 1:
                result += weights[:, 0, y, x][:, None, None] * seen
            else:
                result += (weights[:, :, y, x] @ seen.reshape(len(seen), -1)).reshape(result.shape)
    return result


def answer(node, inputs, constants):
    first = inputs[0]
    if node.op_type == 'Conv':
        return convolution(node, first, constants)
    if node.op_type == 'HardSigmoid':
        return np.clip(first * attribute(node, 'alpha', 0.2) + attribute(node, 'beta', 0.5), 0, 1)
    if node.op_type == 'Mul':
        return first * inputs[1]
    if node.op_type == 'Add':
        return first + inputs[1]
    if node.op_type == 'Relu':
        return np.maximum(first, 0)
    if node.op_type == 'GlobalAveragePool':
        return first.mean(axis=(1, 2), keepdims=True)
    raise SystemExit(f'{node.op_type} {node.name}: not expected before the last large convolution')


def pictures_before(graph, constants, wanted, line):
    """What each of the convolutions `wanted` is given for a line, as channels x pixels."""
    values = {graph.input[0].name: np.repeat(line[None].astype('f4') / 127.5 - 1, 3, axis=0)}
    found = {}
    for node in graph.node:
        if node.name in wanted:
            found[node.name] = values[node.input[0]].reshape(len(values[node.input[0]]), -1)
            if len(found) == len(wanted):
                return found
        inputs = [values[name] if name in values else constants[name] for name in node.input[:2]
                  if name in values or node.op_type != 'Conv']
        values[node.output[0]] = answer(node, inputs, constants)
    raise SystemExit('the graph has no such convolutions')


class Seen:
    """The pictures one convolution was given."""

    def __init__(self):
        self.parts, self.low, self.high = [], 0, 0

    def add(self, picture, random):
        self.low = np.minimum(self.low, picture.min(axis=1))
        self.high = np.maximum(self.high, picture.max(axis=1))
        count = min(COLUMNS, picture.shape[1])
        self.parts.append(picture[:, random.choice(picture.shape[1], count, replace=False)])


# --- whole numbers -----------------------------------------------------------------------------


def scales_and_zeros(seen):
    span = seen.high - seen.low
    span = np.maximum(span, RANGE_LEAST * np.median(span))
    scales = span / 255
    scales = scales.max() * (scales / scales.max()) ** WIDENED
    return scales, np.clip(np.round(-seen.low / scales), 0, 255)


def whole(picture, scales, zeros):
    rounded = np.clip(np.round(picture / scales[:, None]) + zeros[:, None], 0, 255)
    return rounded - zeros[:, None]


def steps_of(weights, power, most):
    """The step of each row that spoils least, the channels being as loud as `power` says."""
    largest = np.maximum(np.abs(weights).max(axis=1), 1e-12) / most
    best, least = largest, np.full(len(weights), np.inf)
    for share in FINER:
        step = (largest * share)[:, None]
        spoilt = ((np.clip(np.round(weights / step), -most, most) * step - weights) ** 2) @ power
        best = np.where(spoilt < least, largest * share, best)
        least = np.minimum(spoilt, least)
    return best


def round_weights(weights, pictures, most):
    """(whole weights, the step of each row) for weights as rows."""
    together = pictures @ pictures.T / pictures.shape[1]
    power = np.diag(together).copy()
    steps = steps_of(weights, power, most)
    together[np.diag_indices_from(together)] += DAMPING * power.mean()
    order = np.argsort(-power, kind='stable')
    inverse = np.linalg.inv(together[np.ix_(order, order)])
    share = np.linalg.cholesky(inverse).T
    left = weights[:, order].copy()
    rounded = np.zeros_like(left)
    for i in range(left.shape[1]):
        rounded[:, i] = np.clip(np.round(left[:, i] / steps), -most, most)
        spoilt = (left[:, i] - rounded[:, i] * steps) / share[i, i]
        left[:, i:] -= spoilt[:, None] * share[i, i:]
    result = np.zeros_like(rounded)
    result[:, order] = rounded
    return result, steps


def in_whole_numbers(node, constants, seen, most):
    """(nodes, constants) that take the place of a convolution."""
    weights = constants[node.input[1]][:, :, 0, 0].astype(np.float64)
    bias = constants[node.input[2]].astype(np.float64)
    pictures = np.concatenate(seen.parts, axis=1).astype(np.float64)
    scales, zeros = scales_and_zeros(seen)
    rounded_pictures = whole(pictures, scales, zeros)
    rounded, steps = round_weights(weights * scales, rounded_pictures, most)
    product = (rounded * steps[:, None]) @ rounded_pictures
    wanted = weights @ pictures
    off = (wanted - product).mean(axis=1)
    spoilt = np.linalg.norm(wanted - product - off[:, None]) / np.linalg.norm(
        wanted - wanted.mean(axis=1, keepdims=True))
    print(f'{node.name}: {weights.shape[1]} to {weights.shape[0]}, {100 * spoilt:.2f} % spoilt')

    name = node.output[0] + '_whole_'
    made = {
        'scales': scales.astype(np.float32), 'zeros': zeros.astype(np.uint8),
        'weights': np.ascontiguousarray(rounded.T.astype(np.int8)), 'one': np.float32(1),
        'steps': steps.astype(np.float32), 'no_zero': np.uint8(0), 'centre': np.int8(0),
        'ones': np.ones((len(steps), 1, 1, 1), np.float32),
        'bias': (bias + off - steps * (rounded @ zeros)).astype(np.float32)}
    tensors = [numpy_helper.from_array(np.asarray(value), name + key)
               for key, value in made.items()]
    # The hard-swish after it goes into the convolution that adds the bias.
    nodes = [
        helper.make_node('QuantizeLinear', [node.input[0], name + 'scales', name + 'zeros'],
                         [name + 'q'], axis=1),
        helper.make_node('Transpose', [name + 'q'], [name + 'last'], perm=[0, 2, 3, 1]),
        helper.make_node('MatMulIntegerToFloat', [
            name + key for key in ('last', 'weights', 'one', 'steps', 'no_zero', 'centre')],
            [name + 'product'], domain='com.microsoft'),
        helper.make_node('Transpose', [name + 'product'], [name + 'first'], perm=[0, 3, 1, 2]),
        helper.make_node('Conv', [name + 'first', name + 'ones', name + 'bias'],
                         list(node.output), group=len(steps), kernel_shape=[1, 1],
                         strides=[1, 1], pads=[0, 0, 0, 0], dilations=[1, 1])]
    return nodes, tensors


def raise_version(model):
    """From operator set 9 to 14: what were attributes are inputs."""
    for node in model.graph.node:
        moved = {'Slice': ('starts', 'ends', 'axes'), 'Squeeze': ('axes',)}.get(node.op_type, ())
        for key in moved:
            values = np.array(attribute(node, key), np.int64)
            name = f'{node.output[0]}_{key}'
            model.graph.initializer.append(numpy_helper.from_array(values, name))
            node.input.append(name)
        kept = [a for a in node.attribute if a.name not in moved]
        del node.attribute[:]
        node.attribute.extend(kept)
    model.opset_import[0].version = 14
    model.opset_import.append(helper.make_opsetid('com.microsoft', 1))
    model.ir_version = max(model.ir_version, 7)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('model')
    parser.add_argument('pool', type=Path)
    parser.add_argument('out')
    parser.add_argument('--lines', type=int, default=250)
    parser.add_argument('--bits', type=int, choices=(7, 8), default=8)
    args = parser.parse_args()
    model = onnx.load(args.model)
    nodes = list(model.graph.node)
    constants = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    large = [node for node in nodes if is_large(node, constants)]
    # The neck's convolutions are few pixels wide: only those a hard-swish follows.
    gated = {name for node in nodes if node.op_type == 'HardSigmoid' for name in node.input}
    large = [node for node in large if node.output[0] in gated]

    files = sorted(args.pool.glob('*.pickle'))
    lines = [line[0] for file in files for line in pickle.loads(file.read_bytes())]
    if not lines or not large:
        raise SystemExit(f'{args.pool}: no lines, or {args.model}: no large convolutions')
    random = np.random.default_rng(1)
    seen = {node.name: Seen() for node in large}
    for place in random.choice(len(lines), min(args.lines, len(lines)), replace=False):
        for name, picture in pictures_before(model.graph, constants, seen, lines[place]).items():
            seen[name].add(picture, random)

    made = []
    for node in nodes:
        if node.name not in seen or node not in large:
            made.append(node)
            continue
        instead, tensors = in_whole_numbers(node, constants, seen[node.name],
                                            2 ** (args.bits - 1) - 1)
        made.extend(instead)
        model.graph.initializer.extend(tensors)
    raise_version(model)
    read = {name for node in made for name in node.input}
    kept = [t for t in model.graph.initializer if t.name in read]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    del model.graph.node[:]
    model.graph.node.extend(made)
    onnx.save(model, args.out)


if __name__ == '__main__':
    main()
