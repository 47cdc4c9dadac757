"""The recognition network as a trainable module.

A network in the ONNX format is played back node by node; its weights become parameters, and
after training they are written back into the same graph. Input and output stay the same:
(lines, 3, 48, width) in [-1, 1] -> (lines, width / 8, classes).
"""
import copy

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


class Network(torch.nn.Module):
    """Answers logits: the closing Softmax of the graph is left to the caller."""

    def __init__(self, path):
        super().__init__()
        self.model = onnx.load(path)
        graph = self.model.graph
        self.parameters_of = {}
        self.constants = {}
        scalars = {}  # of the activations; they stay as they are
        for tensor in graph.initializer:
            array = numpy_helper.to_array(tensor).copy()
            if array.dtype == np.float32 and array.shape == (1,):
                scalars[tensor.name] = array[0]
            elif array.dtype == np.float32 and array.ndim > 0:
                parameter = torch.nn.Parameter(torch.from_numpy(array))
                name = tensor.name.replace('.', '-')
                self.register_parameter(name, parameter)
                self.parameters_of[tensor.name] = name
            else:
                self.constants[tensor.name] = torch.from_numpy(np.atleast_1d(array))
        # What selfknowledge.py added behind the Softmax is not trained here.
        kinds = [node.op_type for node in graph.node]
        if 'Softmax' not in kinds[-3:]:
            raise SystemExit('the network must end in a Softmax')
        last = len(kinds) - 1 - kinds[::-1].index('Softmax')
        self.steps = fused(graph.node[:last], self.constants, scalars)
        self.output = graph.node[last].input[0]
        self.features = graph.node[last - 2].input[0]
        self.input = graph.input[0].name

    def forward(self, x, also=None):
        """Logits; with the name of another value in the graph, both."""
        values = {self.input: x}
        for name, tensor in self.constants.items():
            values[name] = tensor
        for name, parameter in self.parameters_of.items():
            values[name] = getattr(self, parameter)
        for kind, inputs, output, attr in self.steps:
            values[output] = OPERATIONS[kind]([values[i] for i in inputs], attr)
        return values[self.output] if also is None else (values[self.output], values[also])

    def save(self, path):
        """Writes the graph with the weights of now."""
        model = copy.deepcopy(self.model)
        for tensor in model.graph.initializer:
            if tensor.name in self.parameters_of:
                array = getattr(self, self.parameters_of[tensor.name]).detach().numpy()
                tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array), tensor.name))
        onnx.checker.check_model(model)
        onnx.save(model, path)


def fused(nodes, constants, scalars):
    """The nodes as (kind, inputs, output, attributes), with the idioms of the exporter for
    hard swish, swish, layer norm, and scale and shift each taken as one operation."""
    nodes = list(nodes)
    steps = []
    i = 0
    while i < len(nodes):
        kinds = [n.op_type for n in nodes[i:i + 7]]
        node = nodes[i]
        if kinds[:2] == ['HardSigmoid', 'Mul'] and node.input[0] in nodes[i + 1].input \
                and abs(attributes(node)['alpha'] - 1 / 6) < 1e-6 \
                and node.output[0] in nodes[i + 1].input:
            steps.append(('HardSwish', [node.input[0]], nodes[i + 1].output[0], {}))
            i += 2
        elif kinds[:3] == ['Mul', 'Sigmoid', 'Mul'] and node.input[1] in constants \
                and float(constants[node.input[1]]) == 1.0 \
                and nodes[i + 2].input[0] == node.input[0]:
            steps.append(('Swish', [node.input[0]], nodes[i + 2].output[0], {}))
            i += 3
        elif kinds[:2] == ['Mul', 'Add'] and node.input[0] in scalars \
                and nodes[i + 1].input[1] in scalars:
            steps.append(('Scale', [node.input[1]], nodes[i + 1].output[0],
                          {'scale': float(scalars[node.input[0]]),
                           'shift': float(scalars[nodes[i + 1].input[1]])}))
            i += 2
        elif kinds == ['ReduceMean', 'Sub', 'Pow', 'ReduceMean', 'Add', 'Sqrt', 'Div']:
            eps = float(constants[nodes[i + 4].input[1]])
            steps.append(('LayerNorm', [node.input[0]], nodes[i + 6].output[0], {'eps': eps}))
            i += 7
        else:
            steps.append((node.op_type, list(node.input), node.output[0], attributes(node)))
            i += 1
    return steps


def conv(inputs, attr):
    x, weight, bias = inputs
    top, left, bottom, right = attr['pads']
    assert top == bottom and left == right
    options = (attr['strides'], (top, left), attr['dilations'], attr['group'])
    if attr['group'] == 1:
        return F.conv2d(x, weight, bias, *options)
    # The gradient of depthwise weights is several times slower in half precision.
    with torch.autocast('cpu', enabled=False):
        return F.conv2d(x.float(), weight, bias, *options)


def average(inputs, attr):
    assert not any(attr['pads'])
    return F.avg_pool2d(inputs[0], attr['kernel_shape'], attr['strides'])


def reshape(inputs, _):
    x, shape = inputs
    sizes = [x.shape[i] if s == 0 else int(s) for i, s in enumerate(shape.tolist())]
    return x.reshape(sizes)


def cut(inputs, attr):
    x = inputs[0]
    for axis, start, end in zip(attr['axes'], attr['starts'], attr['ends']):
        x = x.narrow(axis, start, min(end, x.shape[axis]) - start)
    return x


def squeeze(inputs, attr):
    x = inputs[0]
    for axis in sorted(attr['axes'], reverse=True):
        x = x.squeeze(axis)
    return x


OPERATIONS = {
    'Add': lambda i, a: i[0] + i[1],
    'AveragePool': average,
    'Cast': lambda i, a: i[0].long(),
    'Concat': lambda i, a: torch.cat(i, a['axis']),
    'Conv': conv,
    'GlobalAveragePool': lambda i, a: i[0].mean((2, 3), keepdim=True),
    'HardSigmoid': lambda i, a: (i[0] * a['alpha'] + a['beta']).clamp(0, 1),
    'HardSwish': lambda i, a: F.hardswish(i[0]),
    'LayerNorm': lambda i, a: F.layer_norm(i[0], i[0].shape[-1:], eps=a['eps']),
    'MatMul': lambda i, a: torch.matmul(i[0], i[1]),
    'Mul': lambda i, a: i[0] * i[1],
    'Relu': lambda i, a: F.relu(i[0]),
    'Reshape': reshape,
    'Scale': lambda i, a: torch.add(i[0].new_tensor(a['shift']), i[0], alpha=a['scale']),
    'Shape': lambda i, a: torch.tensor(i[0].shape),
    'Slice': cut,
    'Softmax': lambda i, a: i[0].softmax(a['axis']),
    'Squeeze': squeeze,
    'Swish': lambda i, a: F.silu(i[0]),
    'Transpose': lambda i, a: i[0].permute(a['perm']),
}
