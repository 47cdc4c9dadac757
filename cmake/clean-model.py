#!/usr/bin/python3
"""clean-model.py ORIGINAL.onnx CLEANED.onnx

Rewrites a PP-OCR model into one that computes the same with fewer operations. The models come
from a converter that spells out what the runtime has single operations for:

1. hard-swish, x * clip(x + 3, 0, 6) / 6, written as Add, Clip, Mul, Div, becomes
   HardSigmoid and Mul: two passes over the picture instead of four;
2. a constant Mul or Add, or a BatchNormalization, after a convolution goes into that
   convolution's weights and bias;
3. a scalar Mul or Add before convolutions goes into theirs, where no padding stands between:
   zeros that padding adds are not shifted by an Add.

All three are exact: results differ by rounding only (checked by the test model_check).
Needs Debian's python3-onnx.
"""

import math
import os
import sys
from collections import defaultdict

import numpy as np
import onnx
from onnx import helper, numpy_helper

CONVOLUTIONS = ("Conv", "ConvTranspose")


class Graph:
    """A model's graph with its constants at hand by name.

    An edit leaves the index of producers and consumers stale; `reindex` makes it anew.
    """

    def __init__(self, model):
        self.graph = model.graph
        self.constants = {}
        self.fresh_names = 0
        for tensor in self.graph.initializer:
            self.constants[tensor.name] = numpy_helper.to_array(tensor)
        for node in self.graph.node:
            if node.op_type == "Constant":
                self.constants[node.output[0]] = numpy_helper.to_array(attribute(node, "value"))
        self.replace_nodes([node for node in self.graph.node if node.op_type != "Constant"])

    def replace_nodes(self, nodes):
        """Makes `nodes`, in order of computation, the whole graph."""
        nodes = list(nodes)
        del self.graph.node[:]
        self.graph.node.extend(nodes)
        self.reindex()

    def reindex(self):
        self.producer = {name: node for node in self.graph.node for name in node.output}
        self.consumers = defaultdict(list)
        for node in self.graph.node:
            for name in node.input:
                self.consumers[name].append(node)
        self.results = {result.name for result in self.graph.output}

    def scalar(self, name):
        """The value of a constant of one element, else None."""
        value = self.constants.get(name)
        return float(value.reshape(-1)[0]) if value is not None and value.size == 1 else None

    def is_scalar(self, name, wanted):
        value = self.scalar(name)
        return value is not None and math.isclose(value, wanted, abs_tol=1e-6)

    def add_constant(self, value):
        self.fresh_names += 1
        name = f"cleaned_{self.fresh_names}"
        self.constants[name] = value
        return name

    def only_consumer(self, name):
        """The one node that reads `name`; None if several do or it is a result of the model."""
        if name in self.results or len(self.consumers[name]) != 1:
            return None
        return self.consumers[name][0]

    def write_back(self, model):
        """Drops what nothing reads any more and stores the constants that remain.

        Folded weights are kept in double precision until here, so that a chain of folds
        rounds once.
        """
        needed, kept = set(self.results), []
        for node in reversed(self.graph.node):
            if any(name in needed for name in node.output):
                needed.update(node.input)
                kept.append(node)
        self.replace_nodes(reversed(kept))
        del self.graph.initializer[:]
        self.graph.initializer.extend(
            numpy_helper.from_array(stored(value), name)
            for name, value in self.constants.items() if name in needed)
        del self.graph.value_info[:]
        onnx.checker.check_model(model)


def stored(value):
    return value.astype(np.float32) if value.dtype == np.float64 else value


def attribute(node, name, default=None):
    for candidate in node.attribute:
        if candidate.name == name:
            return helper.get_attribute_value(candidate)
    return default


def other_input(node, name):
    """The second operand of a node of two operands, given the first."""
    return node.input[1] if node.input[0] == name else node.input[0]


# --- 1. hard-swish ---------------------------------------------------------------------------


def clip_limits(graph, node):
    """(low, high) of a Clip, given as inputs (opset 11) or attributes (before)."""
    if len(node.input) == 3:
        return graph.scalar(node.input[1]), graph.scalar(node.input[2])
    return attribute(node, "min"), attribute(node, "max")


def hard_swish_input(graph, divide):
    """The x of x * clip(x + 3, 0, 6) / 6 that ends in `divide`, else None."""
    if divide.op_type != "Div" or not graph.is_scalar(divide.input[1], 6):
        return None
    multiply = graph.producer.get(divide.input[0])
    if multiply is None or multiply.op_type != "Mul":
        return None
    for clipped in multiply.input:
        x = other_input(multiply, clipped)
        clip = graph.producer.get(clipped)
        if clip is None or clip.op_type != "Clip" or clip_limits(graph, clip) != (0, 6):
            continue
        shift = graph.producer.get(clip.input[0])
        if (shift is not None and shift.op_type == "Add" and x in shift.input
                and graph.is_scalar(other_input(shift, x), 3)):
            return x
    return None


def fuse_hard_swish(graph):
    nodes, count = [], 0
    for node in graph.graph.node:
        x = hard_swish_input(graph, node)
        if x is None:
            nodes.append(node)
            continue
        gate = node.output[0] + "_gate"
        nodes.append(helper.make_node("HardSigmoid", [x], [gate], alpha=1 / 6, beta=0.5))
        nodes.append(helper.make_node("Mul", [x, gate], list(node.output)))
        count += 1
    graph.replace_nodes(nodes)
    return count


# --- 2. and 3. convolutions ------------------------------------------------------------------


def output_axis(convolution):
    """The axis of the weights that counts output channels; None for a grouped transpose."""
    if convolution.op_type == "Conv":
        return 0
    return 1 if attribute(convolution, "group", 1) == 1 else None


def output_channels(graph, convolution):
    return graph.constants[convolution.input[1]].shape[output_axis(convolution)]


def set_weights(graph, convolution, weights, bias):
    convolution.input[1] = graph.add_constant(weights)
    name = graph.add_constant(bias)
    if len(convolution.input) > 2:
        convolution.input[2] = name
    else:
        convolution.input.append(name)


def weights_and_bias(graph, convolution):
    weights = graph.constants[convolution.input[1]].astype(np.float64)
    if len(convolution.input) > 2:
        return weights, graph.constants[convolution.input[2]].astype(np.float64)
    return weights, np.zeros(output_channels(graph, convolution))


def per_channel(graph, name, channels):
    """The constant `name` as one number a channel of an N,C,H,W tensor, else None."""
    value = graph.constants.get(name)
    if value is None:
        return None
    if value.size == 1:
        return np.full(channels, float(value.reshape(-1)[0]))
    if value.size == channels and value.ndim >= 3 and value.shape[-3] == channels:
        return value.reshape(-1).astype(np.float64)
    return None


def scale_and_shift(graph, node, channels, operand):
    """(scale, shift) a channel if `node` maps `operand` to operand*scale + shift, else None."""
    one, zero = np.ones(channels), np.zeros(channels)
    if node.op_type == "BatchNormalization" and node.input[0] == operand:
        gamma, beta, mean, variance = (
            graph.constants[name].astype(np.float64) for name in node.input[1:5])
        scale = gamma / np.sqrt(variance + attribute(node, "epsilon", 1e-5))
        return scale, beta - mean * scale
    if node.op_type in ("Mul", "Add"):
        value = per_channel(graph, other_input(node, operand), channels)
        if value is not None:
            return (value, zero) if node.op_type == "Mul" else (one, value)
    return None


def fold_next_into(graph, convolution):
    """Takes the node after `convolution` into it. Returns that node, else None."""
    if convolution.op_type not in CONVOLUTIONS or output_axis(convolution) is None:
        return None
    result = convolution.output[0]
    following = graph.only_consumer(result)
    if following is None:
        return None
    mapping = scale_and_shift(graph, following, output_channels(graph, convolution), result)
    if mapping is None:
        return None
    scale, shift = mapping
    weights, bias = weights_and_bias(graph, convolution)
    shape = [1] * weights.ndim
    shape[output_axis(convolution)] = -1
    set_weights(graph, convolution, weights * scale.reshape(shape), bias * scale + shift)
    convolution.output[0] = following.output[0]
    return following


def fold_backward(graph):
    """Constant operations after a convolution go into it."""
    count = 0
    for convolution in list(graph.graph.node):
        while (folded := fold_next_into(graph, convolution)) is not None:
            graph.graph.node.remove(folded)
            graph.reindex()
            count += 1
    return count


def takes_shift_or_scale(graph, node, convolution, name):
    if convolution.op_type != "Conv" or convolution.input[0] != name:
        return False
    return node.op_type == "Mul" or not any(attribute(convolution, "pads", []))


def fold_into_following(graph, node):
    """Takes a scalar Mul or Add into all convolutions that read it. False if that cannot be."""
    if node.op_type not in ("Mul", "Add") or node.output[0] in graph.results:
        return False
    constant = next((name for name in node.input if graph.scalar(name) is not None), None)
    following = graph.consumers[node.output[0]]
    if constant is None or not following or not all(
            takes_shift_or_scale(graph, node, conv, node.output[0]) for conv in following):
        return False
    value = graph.scalar(constant)
    for convolution in following:
        weights, bias = weights_and_bias(graph, convolution)
        if node.op_type == "Mul":
            weights = weights * value
        else:
            bias = bias + value * weights.reshape(weights.shape[0], -1).sum(axis=1)
        set_weights(graph, convolution, weights, bias)
        convolution.input[0] = other_input(node, constant)
    return True


def fold_forward(graph):
    """Scalar operations before convolutions go into them."""
    count = 0
    for node in reversed(list(graph.graph.node)):
        if fold_into_following(graph, node):
            graph.graph.node.remove(node)
            graph.reindex()
            count += 1
    return count


def clean(model):
    graph = Graph(model)
    before = len(graph.graph.node)
    swishes = fuse_hard_swish(graph)
    backward = fold_backward(graph)
    forward = fold_forward(graph)
    graph.write_back(model)
    return (f"{before} -> {len(graph.graph.node)} operations ({swishes} hard-swish fused, "
            f"{backward} folded into the convolution before, {forward} into those after)")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = sys.argv[1:]
    model = onnx.load(source)
    summary = clean(model)
    unfinished = f"{target}.{os.getpid()}"
    onnx.save(model, unfinished)
    os.replace(unfinished, target)
    print(f"{os.path.basename(target)}: {summary}")


if __name__ == "__main__":
    main()
