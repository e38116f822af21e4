#!/usr/bin/env python3
"""Turn a block-quantised ONNX model into a plain float one.

The published int8bq files keep their weights as `DequantizeLinear` (and a `Reshape` behind it) over initialisers.
OpenVINO refuses the form with a one-dimensional bias, so the arithmetic is done here once, at set-up: every such node
becomes a float initialiser. The function that the model computes does not change.

    fold_quantised_weights.py IN.onnx OUT.onnx
"""

import sys

import numpy
import onnx
from onnx import numpy_helper


def dequantise(node, weights):
    """The value of one DequantizeLinear over constants: (q - zero point) * scale, as the ONNX operator defines it."""
    quantised, scale = weights[node.input[0]], weights[node.input[1]]
    zero = weights[node.input[2]] if len(node.input) > 2 and node.input[2] else numpy.zeros_like(scale)
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    axis, block = attributes.get("axis", 1), attributes.get("block_size", 0)
    scale, zero = scale.astype(numpy.float32), zero.astype(numpy.float32)
    if block:
        size = quantised.shape[axis]
        scale, zero = (v.repeat(block, axis=axis).take(range(size), axis=axis) for v in (scale, zero))
    elif scale.ndim == 1 and quantised.ndim > 1:
        shape = [1] * quantised.ndim
        shape[axis] = -1
        scale, zero = scale.reshape(shape), zero.reshape(shape)
    return (quantised.astype(numpy.float32) - zero) * scale


def fold(model):
    """Replace constant DequantizeLinear and Reshape nodes by initialisers; drop what nothing reads any more."""
    graph = model.graph
    weights = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    kept = []
    for node in graph.node:
        constant = all(name in weights for name in node.input if name)
        if node.op_type == "DequantizeLinear" and constant:
            weights[node.output[0]] = dequantise(node, weights)
        elif node.op_type == "Reshape" and constant:
            shape = [int(n) for n in weights[node.input[1]]]
            weights[node.output[0]] = weights[node.input[0]].reshape(shape)
        else:
            kept.append(node)
    read = {name for node in kept for name in node.input} | {o.name for o in graph.output}
    inputs = [i for i in graph.input if i.name in read and i.name not in weights]
    for field, values in (
        (graph.node, kept),
        (graph.input, inputs),
        (graph.initializer, [numpy_helper.from_array(v, n) for n, v in weights.items() if n in read]),
    ):
        del field[:]
        field.extend(values)
    del graph.value_info[:]
    return model


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folded = fold(onnx.load(sys.argv[1]))
    onnx.checker.check_model(folded)
    onnx.save(folded, sys.argv[2])
