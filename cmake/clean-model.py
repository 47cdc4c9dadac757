#!/usr/bin/python3
"""clean-model.py ORIGINAL.onnx CLEANED.onnx [--for-training]

Rewrites a PP-OCR model into one that computes the same with fewer operations. The models come
from a converter that spells out what the runtime has single operations for:

1. hard-swish, x * clip(x + 3, 0, 6) / 6, written as Add, Clip, Mul, Div, becomes
   HardSigmoid and Mul: two passes over the picture instead of four;
2. a constant Mul or Add, or a BatchNormalization, after a convolution goes into that
   convolution's weights and bias;
3. a scalar Mul or Add before convolutions goes into theirs, where no padding stands between:
   zeros that padding adds are not shifted by an Add.

The runtime keeps pictures in blocks of channels for its convolutions. What is no convolution
makes it put them in order and into blocks again, which takes longer than the operation itself.
So, but not --for-training, where the graph should stay as it was published:

4. a scalar Mul or Add that is left between convolutions becomes one of a pixel, channel by
   channel;
5. c + c * gain, c a convolution of a pixel and the gain made from c's mean, goes into the
   weights of c; the mean is taken before it. The gains are those of one picture: such a model
   answers about one at a time;
6. two transposed convolutions that double the picture, one after the other, become two of a
   pixel for all the pixels they make, which are put in their places at the end.

All are exact: results differ by rounding only (checked by the test model_check).
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
        while f"cleaned_{self.fresh_names}" in self.constants:
            self.fresh_names += 1
        name = f"cleaned_{self.fresh_names}"
        self.constants[name] = value
        return name

    def exchange(self, old, new):
        """Puts the nodes `new` in the place of the first of the nodes `old`."""
        nodes = []
        for node in self.graph.node:
            if node == old[0]:
                nodes += new
            elif node not in old:
                nodes.append(node)
        self.replace_nodes(nodes)

    def only_consumer(self, name):
        """The one node that reads `name`; None if several do or it is a result of the model."""
        if name in self.results or len(self.consumers[name]) != 1:
            return None
        return self.consumers[name][0]

    def drop_unread(self):
        """Drops what nothing reads any more. Returns the names that are read."""
        needed, kept = set(self.results), []
        for node in reversed(self.graph.node):
            if any(name in needed for name in node.output):
                needed.update(node.input)
                kept.append(node)
        self.replace_nodes(reversed(kept))
        return needed

    def write_back(self, model):
        """Stores the constants that are read, and the model without the others.

        Folded weights are kept in double precision until here, so that a chain of folds
        rounds once.
        """
        needed = self.drop_unread()
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


# --- 4. scalars between convolutions ----------------------------------------------------------


def pixel_convolution(graph, source, result, weights, bias=None, groups=1):
    """A convolution that looks at one pixel; `weights` are a constant's name or a matrix."""
    if not isinstance(weights, str):
        weights = graph.add_constant(weights[:, :, np.newaxis, np.newaxis])
    inputs = [source, weights] + ([] if bias is None else [graph.add_constant(bias)])
    return helper.make_node("Conv", inputs, [result], group=groups, kernel_shape=[1, 1],
                            strides=[1, 1], pads=[0, 0, 0, 0], dilations=[1, 1])


def channels_of(graph, name):
    """How many channels a value has, where a convolution tells; else None."""
    node = graph.producer.get(name)
    if node is None:
        return None
    if node.op_type == "Conv":
        return output_channels(graph, node)
    if node.op_type in ("Mul", "Add", "HardSigmoid"):
        return channels_of(graph, next(name for name in node.input if name not in graph.constants))
    return None


def scale_and_shift_from(graph, node):
    """(nodes, source, scale, shift) of a scalar Mul with the scalar Add after it, or of one of
    them alone; else None."""
    constant = next((name for name in node.input if graph.scalar(name) is not None), None)
    if node.op_type not in ("Mul", "Add") or constant is None:
        return None
    value, source = graph.scalar(constant), other_input(node, constant)
    if node.op_type == "Add":
        return [node], source, 1.0, value
    following = graph.only_consumer(node.output[0])
    if following is not None and following.op_type == "Add":
        shift = graph.scalar(other_input(following, node.output[0]))
        if shift is not None:
            return [node, following], source, value, shift
    return [node], source, value, 0.0


def scalars_to_convolutions(graph):
    count, block = 0, 16  # channels
    for node in list(graph.graph.node):
        if graph.producer[node.output[0]] != node:
            continue  # went with the one before
        found = scale_and_shift_from(graph, node)
        channels = channels_of(graph, found[1]) if found else None
        if channels is None or channels % block != 0:
            continue
        nodes, source, scale, shift = found
        graph.exchange(nodes, [pixel_convolution(
            graph, source, nodes[-1].output[0], np.full((channels, 1), scale),
            np.full(channels, shift), groups=channels)])
        count += 1
    return count


# --- 5. gains --------------------------------------------------------------------------------


def looks_at_one_pixel(convolution):
    return (convolution.op_type == "Conv" and attribute(convolution, "group", 1) == 1
            and set(attribute(convolution, "kernel_shape")) == {1}
            and set(attribute(convolution, "strides", [1, 1])) == {1}
            and not any(attribute(convolution, "pads", [])))


def gained(graph, add):
    """(c's convolution, its mean, the product) of c + c * gain that ends in `add`, else None."""
    if add.op_type != "Add":
        return None
    for name in add.input:
        convolution = graph.producer.get(name)
        product = graph.producer.get(other_input(add, name))
        if (convolution is None or product is None or product.op_type != "Mul"
                or name not in product.input or not looks_at_one_pixel(convolution)
                or len(convolution.input) > 2):
            continue
        others = [node for node in graph.consumers[name] if node not in (add, product)]
        if len(others) == 1 and others[0].op_type == "GlobalAveragePool":
            return convolution, others[0], product
    return None


def gains_to_weights(graph):
    count = 0
    for add in list(graph.graph.node):
        found = gained(graph, add)
        if found is None:
            continue
        convolution, mean, product = found
        source, weights = convolution.input
        result = convolution.output[0]
        one = graph.add_constant(np.ones((1, 1, 1, 1), np.float32))
        graph.exchange([mean, convolution], [
            helper.make_node("GlobalAveragePool", [source], [result + "_mean"]),
            pixel_convolution(graph, result + "_mean", mean.output[0], weights)])
        graph.exchange([add, product], [
            helper.make_node("Add", [other_input(product, result), one], [result + "_gain"]),
            helper.make_node("Transpose", [result + "_gain"], [result + "_gains"],
                             perm=[1, 0, 2, 3]),
            helper.make_node("Mul", [result + "_gains", weights], [result + "_weights"]),
            pixel_convolution(graph, source, add.output[0], result + "_weights")])
        count += 1
    return count


# --- 6. enlargement --------------------------------------------------------------------------


def doubles(node):
    return (node is not None and node.op_type == "ConvTranspose"
            and list(attribute(node, "kernel_shape")) == list(attribute(node, "strides")) == [2, 2]
            and not any(attribute(node, "pads", [])) and attribute(node, "group", 1) == 1)


def enlargement_at(graph, first):
    """The four nodes of ConvTranspose, Relu, ConvTranspose to one channel, Sigmoid; else None."""
    if not doubles(first):
        return None
    nodes = [first]
    while len(nodes) < 4 and nodes[-1] is not None:
        nodes.append(graph.only_consumer(nodes[-1].output[0]))
    if None in nodes or nodes[1].op_type != "Relu" or nodes[3].op_type != "Sigmoid":
        return None
    return nodes if doubles(nodes[2]) and output_channels(graph, nodes[2]) == 1 else None


def enlarging_to_pixels(graph):
    count = 0
    for first in list(graph.graph.node):
        nodes = enlargement_at(graph, first)
        if nodes is None:
            continue
        weights, bias = weights_and_bias(graph, first)  # in, out, row, column
        channels = weights.shape[1]
        four = weights.transpose(2, 3, 1, 0).reshape(4 * channels, -1)
        last_weights, last_bias = weights_and_bias(graph, nodes[2])
        # Rows and columns of the first doubling, of the second within them, and from where.
        sixteen = np.zeros((2, 2, 2, 2, 2, 2, channels))
        for row in range(2):
            for column in range(2):
                sixteen[row, :, column, :, row, column] = last_weights[:, 0].transpose(1, 2, 0)
        raised, result = nodes[0].output[0], nodes[3].output[0]
        graph.exchange(nodes, [
            pixel_convolution(graph, first.input[0], raised, four, np.tile(bias, 4)),
            helper.make_node("Relu", [raised], [nodes[1].output[0]]),
            pixel_convolution(graph, nodes[1].output[0], nodes[2].output[0],
                              sixteen.reshape(16, 4 * channels), np.tile(last_bias, 16)),
            helper.make_node("Sigmoid", [nodes[2].output[0]], [result + "_apart"]),
            helper.make_node("DepthToSpace", [result + "_apart"], [result], blocksize=4)])
        count += 1
    return count


def clean(model, for_training):
    graph = Graph(model)
    before = len(graph.graph.node)
    done = [f"{fuse_hard_swish(graph)} hard-swish fused",
            f"{fold_backward(graph)} folded into the convolution before",
            f"{fold_forward(graph)} into those after"]
    if not for_training:
        graph.drop_unread()
        done += [f"{scalars_to_convolutions(graph)} scalars",
                 f"{gains_to_weights(graph)} gains",
                 f"{enlarging_to_pixels(graph)} enlargements"]
    graph.write_back(model)
    return f"{before} -> {len(graph.graph.node)} operations ({', '.join(done)})"


def main():
    names = [name for name in sys.argv[1:] if name != "--for-training"]
    if len(names) != 2:
        sys.exit(__doc__)
    source, target = names
    model = onnx.load(source)
    summary = clean(model, "--for-training" in sys.argv)
    unfinished = f"{target}.{os.getpid()}"
    onnx.save(model, unfinished)
    os.replace(unfinished, target)
    print(f"{os.path.basename(target)}: {summary}")


if __name__ == "__main__":
    main()
