#!/usr/bin/env python3
"""Write the weights of a YuNet detector by their roles, for the server's own kernels.

The network is walked from its outputs back to the picture; a step that is not YuNet's ends the script. The names say
where a tensor belongs: `stem` is the convolution of stride 2; then come twelve units of a pointwise and a depthwise
convolution (`unit.0` to `unit.11`), the two of the feature pyramid (`merge.16`, `merge.8`, by the stride of their
pixels), and the heads (`head.8.cls` and so on). Values are the model's, in its own order of dimensions.

    detector_weights.py IN.onnx OUT.safetensors
"""

import sys

import onnx
from onnx import numpy_helper
from safetensors.numpy import save_file


class Network:
    def __init__(self, graph):
        self.weights = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.makers = {name: node for node in graph.node for name in node.output}
        self.roles = {}

    def maker(self, name, *kinds):
        """The node that makes a value; it must be of one of some kinds."""
        node = self.makers.get(name)
        if node is None or node.op_type not in kinds:
            sys.exit(f"not the expected network: {name} comes from {node.op_type if node else 'outside'}, not {kinds}")
        return node

    def convolution(self, role, name, shape, **expected):
        """Keeps a convolution's weights, whose shape has None where any size will do, and returns its input."""
        node = self.maker(name, "Conv")
        weights, bias = (self.weights[n] for n in node.input[1:3])
        sizes_fit = len(weights.shape) == 4 and all(s in (None, n) for s, n in zip(shape, weights.shape))
        attributes = {"group": 1, "dilations": [1, 1], "strides": [1, 1], "pads": [0, 0, 0, 0]}
        attributes |= {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        if not sizes_fit or any(attributes[key] != value for key, value in expected.items()):
            sys.exit(f"not the expected network: {role} is {weights.shape}, {attributes}")
        self.roles |= {f"{role}.weight": weights, f"{role}.bias": bias}
        return node.input[0]

    def unit(self, role, name):
        """A pointwise and a depthwise convolution."""
        channels = len(self.weights[self.maker(name, "Conv").input[2]])
        name = self.convolution(
            f"{role}.depthwise", name, (channels, 1, 3, 3), group=channels, strides=[1, 1], pads=[1, 1, 1, 1],
            dilations=[1, 1])
        return self.convolution(
            f"{role}.pointwise", name, (channels, None, 1, 1), group=1, strides=[1, 1], pads=[0, 0, 0, 0])

    def units(self, roles, name):
        """Units with rectifiers, the last one first."""
        for role in roles:
            name = self.unit(role, self.maker(name, "Relu").input[0])
        return name

    def pooled(self, name):
        node = self.maker(name, "MaxPool")
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        if attributes["kernel_shape"] != [2, 2] or attributes["strides"] != [2, 2]:
            sys.exit(f"not the expected network: {name} pools {attributes}")
        return node.input[0]

    def merged(self, name):
        """The finer and the coarser value that a step of the pyramid adds."""
        one, other = self.maker(name, "Add").input
        if one in self.makers and self.makers[one].op_type == "Resize":
            one, other = other, one
        resize = self.maker(other, "Resize")
        mode = next(onnx.helper.get_attribute_value(a) for a in resize.attribute if a.name == "mode")
        if mode != b"nearest":
            sys.exit(f"not the expected network: {other} is resized by {mode}")
        return one, resize.input[0]

    def head(self, stride, output):
        name = f"{output}_{stride}"
        if output in ("cls", "obj"):
            name = self.maker(name, "Sigmoid").input[0]
        # From planes to rows of what belongs to a cell.
        name = self.maker(self.maker(name, "Reshape").input[0], "Transpose").input[0]
        return self.unit(f"head.{stride}.{output}", name)


def same(names):
    if len(set(names)) != 1:
        sys.exit(f"not the expected network: {names} should be one value")
    return names[0]


def roles_of(graph):
    network = Network(graph)
    outputs = ("cls", "bbox", "obj", "kps")
    p3, p4, p5 = (same([network.head(stride, output) for output in outputs]) for stride in (8, 16, 32))
    c3, upper = network.merged(network.units(["merge.8"], p3))
    same([upper, p4])
    c4, upper = network.merged(network.units(["merge.16"], p4))
    same([upper, p5])
    same([network.pooled(network.units(["unit.11", "unit.10", "unit.9"], p5)), c4])
    same([network.pooled(network.units(["unit.8", "unit.7"], c4)), c3])
    name = network.pooled(network.units(["unit.6", "unit.5"], c3))
    name = network.pooled(network.units(["unit.4", "unit.3", "unit.2", "unit.1"], name))
    name = network.maker(network.units(["unit.0"], name), "Relu").input[0]
    name = network.convolution("stem", name, (16, 3, 3, 3), group=1, strides=[2, 2], pads=[1, 1, 1, 1])
    same([name, graph.input[0].name])
    return network.roles


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    save_file(roles_of(onnx.load(sys.argv[1]).graph), sys.argv[2])
