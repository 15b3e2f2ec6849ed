"""Models whose layers hang together well or badly, as Keras 2 wrote them into HDF5 files; none has weights."""

from typing import Any

__all__ = ["GRAPHS"]

Stored = dict[str, Any]

A = ["a", 0, 0]


def layer(class_name: str, name: str, nodes: list[Any], **inner: object) -> Stored:
    return {"class_name": class_name, "config": {"name": name, **inner}, "name": name, "inbound_nodes": nodes}


def given(name: str) -> Stored:
    return layer("InputLayer", name, [], batch_shape=[None, 4])


def relu(name: str, *nodes: object) -> Stored:
    return layer("ReLU", name, list(nodes))


def graph(layers: list[Stored], inputs: object = (A,), outputs: object = (["b", 0, 0],), name: str = "m") -> Stored:
    config = {"name": name, "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Functional", "config": config}


def nest(model: Stored, *nodes: object) -> Stored:
    return {**model, "name": model["config"]["name"], "inbound_nodes": list(nodes)}


def called(*history: object) -> Stored:
    """Return a call in the form of Keras 3."""
    tensor = {"shape": [None, 4], "dtype": "float32", "keras_history": list(history)}
    return {"args": [{"class_name": "__keras_tensor__", "config": tensor}], "kwargs": {}}


def call_with(class_name: str, *, args: tuple[object, ...] = (), **kwargs: object) -> Stored:
    """Return a graph in which a layer is called with a tensor, and with other arguments behind it."""
    node = {"args": [TENSOR, *args], "kwargs": kwargs}
    return graph([given("a"), layer(class_name, "b", [node])])


def without(key: str, stored: Stored) -> Stored:
    return {name: value for name, value in stored.items() if name != key}


def stack(*layers: Stored, **more: object) -> Stored:
    return {"class_name": "Sequential", "config": {"name": "s", "layers": list(layers), **more}}


def plain(class_name: str, name: str, **inner: object) -> Stored:
    return {"class_name": class_name, "config": {"name": name, **inner}}


TENSOR = called("a", 0, 0)["args"][0]
HEAD = plain("InputLayer", "q", batch_shape=[None, 4])
INNER = graph([given("i"), relu("r", [["i", 0, 0]])], [["i", 0, 0]], [["r", 0, 0]], "inner")
INNER_ALONE = graph([given("i"), relu("r", [["i", 0, 0]])], ["i", 0, 0], ["r", 0, 0], "inner")
STACK = {"class_name": "Sequential", "config": {"name": "seq", "layers": [HEAD, plain("ReLU", "x")]}}
LSTM = layer("LSTM", "b", [[["a", 0, 0], ["x", 0, 0]]], units=2)
MASKED = layer("Attention", "b", [[["a", 0, 0, {"mask": ["x", 0, 0]}]]])

GRAPHS = {
    "plain": graph([given("a"), relu("b", [A])]),
    "ends that are not in lists": graph([given("a"), relu("b", [A])], A, ["b", 0, 0]),
    "a call of Keras 3": graph([given("a"), relu("b", called("a", 0, 0))]),
    "ends by name": graph([given("a"), relu("b", [A])], {"a": A}, {"b": ["b", 0, 0]}),
    "counted from the end": graph([given("a"), relu("b", [["a", -1, 0]])], [A], [["b", -1, 0]]),
    "no such layer": graph([given("a"), relu("b", [["z", 0, 0]])]),
    "no such layer, of Keras 3": graph([given("a"), relu("b", called("z", 0, 0))]),
    "no such call": graph([given("a"), relu("b", [["a", 1, 0]])]),
    "no such call, of Keras 3": graph([given("a"), relu("b", called("a", 1, 0))]),
    "no such output of a call": graph([given("a"), relu("b", [["a", 0, 1]])]),
    "a circle": graph([given("a"), relu("b", [["c", 0, 0]]), relu("c", [["b", 0, 0]])]),
    "a circle aside": graph([given("a"), relu("b", [A]), relu("c", [["d", 0, 0]]), relu("d", [["c", 0, 0]])]),
    "its own input": graph([given("a"), relu("b", [["b", 0, 0]])]),
    "an output of no call": graph([given("a"), relu("b", [A])], outputs=[["b", 1, 0]]),
    "an output of no layer": graph([given("a"), relu("b", [A])], outputs=[["z", 0, 0]]),
    "an output of a call that is none": graph([given("a"), relu("b", [A])], outputs=[["b", 0, 1]]),
    "an input of no call": graph([given("a"), relu("b", [A])], [["a", 1, 0]]),
    "an input of no layer": graph([given("a"), relu("b", [A])], [["z", 0, 0]]),
    "an input that is a name": graph([given("a"), relu("b", [A])], ["a"]),
    "an output with keywords": graph([given("a"), relu("b", [A])], outputs=[["b", 0, 0, {}]]),
    "null for outputs": graph([given("a"), relu("b", [A])], outputs=None),
    "no outputs": graph([given("a"), relu("b", [A])], outputs=[]),
    "no inputs": graph([given("a"), relu("b", [A])], []),
    "a missing input": graph([given("a"), given("x"), layer("Add", "b", [[A, ["x", 0, 0]]])]),
    "an unused input": graph([given("a"), given("x"), relu("b", [A])], [A, ["x", 0, 0]]),
    "an output that is the input": graph([given("a")], [A], [A]),
    "an input in the middle": graph([given("a"), relu("c", [A]), relu("b", [["c", 0, 0]])], [["c", 0, 0]]),
    "two of one name": graph([given("a"), relu("b", [A]), relu("b", [A])]),
    "two inputs of one name": graph([given("a"), given("a"), relu("b", [A])]),
    "a name in two configs": graph([given("a"), relu("c", [A]), {**relu("c", [["c", 0, 0]]), "name": "b"}]),
    "a name in two configs, one aside": graph([given("a"), relu("b", [A]), {**relu("b", [A]), "name": "c"}]),
    "no name": graph([given("a"), without("name", relu("b", [A]))]),
    "no calls": graph([given("a"), without("inbound_nodes", relu("b", [A]))]),
    "no calls, in a dict": graph([given("a"), relu("b", [A]), {**relu("c"), "inbound_nodes": {}}]),
    "no calls, in a text": graph([given("a"), relu("b", [A]), {**relu("c"), "inbound_nodes": ""}]),
    "calls in a dict": graph([given("a"), {**relu("b"), "inbound_nodes": {"a": A}}]),
    "a tensor with more behind it": graph([given("a"), relu("b", called("a", 0, 0, 0))]),
    "never called": graph([given("a"), relu("b", [A]), relu("c")]),
    "a call of nothing": graph([given("a"), relu("b", [A], [])]),
    "an input that is called": graph([given("a"), layer("InputLayer", "b", [[A]], batch_shape=[None, 4])]),
    "a call that is a tensor": graph([given("a"), relu("b", A)]),
    "a tensor that is too short": graph([given("a"), relu("b", [["a", 0]])]),
    "a tensor that is too long": graph([given("a"), relu("b", [["a", 0, 0, {}, 1]])]),
    "a call without keywords": graph([given("a"), relu("b", without("kwargs", called("a", 0, 0)))]),
    "a call with names": graph([given("a"), relu("b", {"x": A})]),
    "initial states among the inputs": graph([given("a"), given("x"), LSTM], [A, ["x", 0, 0]]),
    "a tensor among the keywords": graph([given("a"), given("x"), MASKED], [A, ["x", 0, 0]]),
    "a number among the keywords": graph([given("a"), relu("b", [["a", 0, 0, {"training": False}]])]),
    "a model in it": graph([given("a"), nest(INNER, [A]), relu("b", [["inner", 0, 0]])]),
    "a model in it, counted from one": graph([given("a"), nest(INNER, [A]), relu("b", [["inner", 1, 0]])]),
    "a model at its end, counted from one": graph([given("a"), nest(INNER, [A])], outputs=[["inner", 1, 0]]),
    "a model at its end, counted from zero": graph([given("a"), nest(INNER, [A])], outputs=[["inner", 0, 0]]),
    "a model at its end, counted from two": graph([given("a"), nest(INNER, [A])], outputs=[["inner", 2, 0]]),
    "a stack in it": graph([given("a"), nest(STACK, [A]), relu("b", [["seq", 0, 0]])]),
    "a stack at its end, counted from one": graph([given("a"), nest(STACK, [A])], outputs=[["seq", 1, 0]]),
    "layers by name": graph({"a": given("a")}, [A], [A]),
    "a part that lacks": {"class_name": "Functional", "config": {"name": "m", "layers": [], "input_layers": []}},
    "no layers": graph([], [], []),
    "a stack": stack(HEAD, plain("ReLU", "b")),
    "a stack with two of one name": stack(HEAD, plain("ReLU", "b"), plain("ReLU", "b")),
    "a stack with an input's name": stack(HEAD, plain("ReLU", "q")),
    "a stack with two inputs": stack(HEAD, plain("InputLayer", "w", batch_shape=[None, 4]), plain("ReLU", "b")),
    "a stack with a late input": stack(plain("ReLU", "b"), HEAD),
    "a stack without a name": {"class_name": "Sequential", "config": {"layers": [HEAD]}},
    "a stack without layers": {"class_name": "Sequential", "config": {"name": "s"}},
    "a stack of null": {"class_name": "Sequential", "config": {"name": "s", "layers": None}},
    "a stack of a model that returns a list": stack(HEAD, INNER, plain("Flatten", "f")),
    "a stack that begins with such a model": stack(INNER, plain("Flatten", "f")),
    "a stack that ends with such a model": stack(HEAD, INNER),
    "a stack of a model that returns a tensor": stack(HEAD, INNER_ALONE, plain("Flatten", "f")),
    "a stack with an operation": stack(HEAD, {**plain("Relu", "b"), "module": "keras.src.ops.nn"}),
    "a stack with an initializer": stack(HEAD, {"class_name": "Zeros", "config": {}, "module": "keras.initializers"}),
    "a stack with a metric": stack(HEAD, {**plain("Mean", "b"), "module": "keras.metrics"}),
    "a shape of Keras 2 in the first layer": stack(plain("ReLU", "b", batch_input_shape=[None, 4])),
    "a shape of Keras 2 before a pooling": stack(
        plain("ReLU", "b", batch_input_shape=[None, 4, 3]), plain("MaxPooling1D", "p")
    ),
    "a shape of Keras 2 in another layer": stack(HEAD, plain("ReLU", "b", batch_input_shape=[None, 4])),
    "a shape of Keras 2 in an input": stack(plain("InputLayer", "q", batch_input_shape=[None, 4]), plain("ReLU", "b")),
    "a keyword that the layer does not take": call_with("ReLU", surplus=1),
    "training for a layer that does not look at it": call_with("ReLU", training=True),
    "a second argument by position": call_with("ReLU", args=(TENSOR,)),
    "a number by position": call_with("Softmax", args=(3,)),
    "a mask that is null": call_with("Softmax", mask=None),
    "an argument twice": call_with("ReLU", inputs=TENSOR),
    "tensors beside numbers": call_with("Softmax", mask=[TENSOR, 3]),
}
"""A model's config, by what is special in it."""
