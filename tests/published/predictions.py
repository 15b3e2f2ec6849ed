"""What models compute: ``python -m tests.published.predictions keras`` or ``... tf_keras``, as their users load them.

A line of JSON on the standard input names a model, the ``.npz`` file with the inputs of an earlier prediction, or none,
and the one to write. A line of JSON on the standard output has the model's path, and the error, if there is one.
"""

import importlib
import json
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

BATCH = 3
STEPS = 7  # where a model takes any number


def predict(kerases: Any, path: str, given: str, target: str) -> str:
    """Load a model, call it, and write its inputs and outputs; return the error, or an empty string."""
    try:
        model = kerases.models.load_model(path, **_options(kerases))
        inputs = list(_read_inputs(given) if given and pathlib.Path(given).exists() else _draw_inputs(model))
        outputs = model(inputs if len(inputs) > 1 else inputs[0])
    except (TypeError, ValueError, AttributeError, NotImplementedError) as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    listed = outputs if isinstance(outputs, list | tuple) else [outputs]
    named = {f"x{place}": value for place, value in enumerate(inputs)}
    np.savez(target, **named, **{f"y{place}": np.asarray(value) for place, value in enumerate(listed)})
    return ""


def _options(kerases: Any) -> dict[str, Any]:
    """Return what a user of ``deeplc`` with Keras 2 gives: the lambda of its program."""
    if kerases.__name__ != "tf_keras":
        return {}
    relu = kerases.activations.relu
    return {"compile": False, "custom_objects": {"<lambda>": lambda x: relu(x, alpha=0.1, max_value=20.0)}}


def _read_inputs(path: str) -> Iterator[Any]:
    with np.load(path) as read:
        yield from (read[name] for name in sorted(read) if name.startswith("x"))


def _draw_inputs(model: Any) -> Iterator[Any]:
    """Yield random inputs: indices for a model with an ``Embedding``, and else numbers."""
    generator = np.random.default_rng(0)
    sizes = [layer.input_dim for layer in model._flatten_layers() if type(layer).__name__ == "Embedding"]
    for tensor in model.inputs:
        shape = BATCH, *(STEPS if size is None else size for size in tensor.shape[1:])
        drawn = generator.integers(0, min(sizes), shape) if sizes else generator.normal(size=shape)
        yield drawn.astype("float32")


if __name__ == "__main__":
    sys.modules["serialactivation"] = None  # type: ignore[assignment]
    kerases = importlib.import_module(sys.argv[1])
    for line in sys.stdin:
        path, given, target = json.loads(line)
        print(json.dumps([path, predict(kerases, path, given, target)]), flush=True)
