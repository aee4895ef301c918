"""The trained network as an ONNX file: normalisation folded in, one input, two outputs."""
import numpy as np
import onnx
from onnx import TensorProto
from onnx import helper
from onnx import numpy_helper

from net import EMBEDDING, EPSILON, LAYERS, POOLED, SCORES
from planes import PLANES, SIDE

OPSET, IR_VERSION = 17, 9


def write(weights, running, path, about):
    """Writes the file; `about` becomes its metadata."""
    nodes, constants = [], []

    def constant(name, values):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(kind, inputs, output, **options):
        nodes.append(helper.make_node(kind, inputs, [output], **options))
        return output

    x, pools = "input", []
    for name, _, _, k, stride, is_added in LAYERS:
        layer, seen = weights[name], running[name]
        gain = np.asarray(layer["scale"]) / np.sqrt(np.asarray(seen["var"]) + EPSILON)
        w = constant(f"{name}.w", (np.asarray(layer["w"]) * gain[:, None, None, None]).astype(np.float32))
        b = constant(f"{name}.b", (np.asarray(layer["shift"]) - np.asarray(seen["mean"]) * gain).astype(np.float32))
        y = node("Conv", [x, w, b], f"{name}.conv", kernel_shape=[k, k], strides=[stride] * 2, pads=[k // 2] * 4)
        y = node("Relu", [y], f"{name}.relu")
        x = node("Add", [x, y], f"{name}.sum") if is_added else y
        if name in POOLED:
            pools += [node(f"Global{kind}Pool", [x], f"{name}.{kind}") for kind in ("Average", "Max")]
    flat = node("Flatten", [node("Concat", pools, "pooled", axis=1)], "features", axis=1)

    def dense(source, name):
        w = constant(f"{name}.w", np.asarray(weights[name]["w"], np.float32))
        b = constant(f"{name}.b", np.asarray(weights[name]["b"], np.float32))
        return node("Gemm", [source, w, b], f"{name}.out", transB=1)

    node("LpNormalization", [dense(flat, "embed")], "embedding", axis=1, p=2)
    hidden = node("Relu", [dense(flat, "hidden")], "hidden.relu")
    node("Sigmoid", [dense(hidden, "score")], "scores")

    def value(name, *shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["photos", *shape])

    graph = helper.make_graph(nodes, "embed", [value("input", PLANES, SIDE, SIDE)],
                              [value("embedding", EMBEDDING), value("scores", SCORES)], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="rushlight")
    model.ir_version = IR_VERSION
    helper.set_model_props(model, about)
    onnx.checker.check_model(model)
    onnx.save(model, path)
