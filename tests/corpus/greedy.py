"""Files that are small, or in order, and would have a reader take much: long names, many of them, and deep nests.

Each is read; beside it is the exit status of ``check``.
"""

import functools
import itertools
import json
import pathlib
from collections.abc import Callable

import h5py

from tests.helpers.raw_zip import Entry, write_zip

MIB = 2**20
PRELU = '{"module": "keras.layers", "class_name": "PReLU", "config": {"name": "p"}, "registered_name": null}'
CODE = '{"class_name": "__lambda__", "config": {"value": ["4wEA", null, null]}}'
COMMAND = '{"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}'


def archive(make_layers: Callable[[], str], name: str = "model") -> functools.partial:
    """Return what writes an archive of a model, and weights; its layers are long, and made when it is written."""
    return functools.partial(_write_archive, make_layers=make_layers, name=name)


def _write_archive(path: pathlib.Path, make_layers: Callable[[], str], name: str) -> None:
    text = f'{{"class_name": "Sequential", "config": {{"name": "{name}", "layers": [{make_layers()}]}}}}'
    weights = path.with_name(f"{path.name}.weights")
    with h5py.File(weights, "w") as file:
        file["layers/dense/vars/0"] = [1.0]
    write_zip(
        path,
        Entry(data=text.encode(), method=8),
        Entry(name=b"model.weights.h5", data=weights.read_bytes()),
    )
    weights.unlink()


def layer(class_name: str = "Dense", name: str = "dense", **config: object) -> str:
    stored = {"module": "keras.layers", "class_name": class_name, "registered_name": None}
    return json.dumps({**stored, "config": {"name": name, **config}})


def put(value: str, key: str = "activations", **config: object) -> str:
    """Return a layer with JSON under a key."""
    return layer(**config, **{key: "HERE"}).replace('"HERE"', value)


def nest(start: str, end: str, inside: str, levels: int) -> str:
    return start * levels + inside + end * levels


def many(value: str, number: int) -> str:
    return "[" + ", ".join(itertools.repeat(value, number)) + "]"


def many_layers(number: int) -> str:
    return ", ".join([layer(activation="reluu")] * number)


def numbered(template: str, number: int) -> str:
    return "[" + ", ".join(template % (index,) for index in range(number)) + "]"


ACTIVATIONS = {f"a{index}_activation": "reluu" for index in range(100)}
OBJECTS = {f"a{index}_activation": {"class_name": "Gate", "module": "theirs", "config": {}} for index in range(100)}
LONG = "n" * (8 * MIB)
ODD = "\\u0001" * (MIB // 2)  # shown, it is four times as long
IN_ACTIVATION = '{"module": "keras.layers", "class_name": "PReLU", "config": {"activation": '
IN_LAYER = '{"module": "keras.layers", "class_name": "Wrapper", "config": {"name": "%s", "layer": '
IN_BOTH = '{"module": "keras.layers", "class_name": "Bidirectional", "config": {"layer": '


def write_hdf5(path: pathlib.Path) -> None:
    """A layer with as many activations as weights."""
    config = {"class_name": "Sequential", "config": {"layers": []}}
    inner = put(numbered(PRELU.replace('"p"', '"p%d"'), 20_000))
    with h5py.File(path, "w", libver="latest") as file:
        file.attrs["model_config"] = json.dumps(config).replace("[]", f"[{inner}]")
        for index in range(5_000):
            file[f"model_weights/dense/dense/p{index}/alpha"] = 1.0


GREEDY = {
    "long_name.keras": (archive(lambda: layer(name=LONG, **ACTIVATIONS)), 1),
    "long_name_of_objects.keras": (archive(lambda: layer(name=LONG, **OBJECTS)), 1),
    "long_odd_name.keras": (archive(lambda: layer(name="HERE", **ACTIVATIONS).replace("HERE", ODD)), 1),
    "long_name_of_model.keras": (archive(lambda: many_layers(100), name=LONG), 1),
    "long_key.keras": (archive(lambda: layer(**{LONG: [json.loads(layer(**ACTIVATIONS))] * 10})), 1),
    "long_keyword.keras": (archive(lambda: layer(**{LONG: 1})), 1),
    "long_class.keras": (archive(lambda: layer(class_name=LONG, **OBJECTS)), 1),
    "long_activation.keras": (archive(lambda: layer(activation=LONG)), 1),
    "long_object.keras": (
        archive(lambda: layer(activation={"class_name": LONG, "module": LONG[:MIB], "config": {}})),
        1,
    ),
    "long_vocabulary.keras": (archive(lambda: layer("StringLookup", vocabulary=LONG)), 1),
    "name_of_many.keras": (archive(lambda: layer(name=list(range(50_000)), **ACTIVATIONS)), 1),
    "many_mistyped.keras": (archive(lambda: put(many('"reluu"', 900_000))), 1),
    "many_mistyped_otherwise.keras": (archive(lambda: put(numbered('"relu%d"', 100_000))), 1),
    "many_activations.keras": (archive(lambda: put(many('"relu"', 100_000))), 1),
    "many_layers.keras": (archive(lambda: many_layers(10_000)), 1),
    "many_with_weights.keras": (archive(lambda: put(many(PRELU, 15_000))), 1),
    "many_shared.keras": (archive(lambda: put(numbered(PRELU[:-1] + ', "shared_object_id": %d}', 10_000))), 1),
    "many_lambdas.keras": (archive(lambda: put(many(CODE, 10_000))), 1),
    "many_commands.keras": (archive(lambda: put(many(COMMAND, 10_000), key="scale")), 1),
    "many_classes.keras": (archive(lambda: put(many('{"class_name": "x", "config": {}}', 20_000), key="layers")), 1),
    "many_keywords.keras": (archive(lambda: layer(**{f"k{index}": 1 for index in range(50_000)})), 1),
    "deep_names.keras": (
        archive(lambda: nest(IN_LAYER % LONG[: MIB // 8], "}}", layer(**ACTIVATIONS), 90)),
        1,
    ),
    "deep_keys.keras": (archive(lambda: put(nest(f'{{"{LONG[: MIB // 8]}": ', "}", layer(**ACTIVATIONS), 150))), 1),
    "deep_in_both.keras": (archive(lambda: nest(IN_BOTH, "}}", put(PRELU, "activation"), 60)), 1),
    "deep_activations.keras": (
        archive(lambda: put(nest(IN_ACTIVATION, "}}", many('"relu"', 20_000), 60), "activation")),
        1,
    ),
    "deep_with_weights.keras": (archive(lambda: put(nest("[", "]", many(PRELU, 20_000), 180))), 2),
    "many_weights.h5": (write_hdf5, 1),
}
