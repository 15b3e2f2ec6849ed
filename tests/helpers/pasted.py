"""Modules of a user's, and the cures of errors pasted into them."""

import importlib.util
import json
import re
import sys

import pytest

import serialactivation as sa
from tests.helpers.processes import run_python

HEAD = (
    "import functools, math\nimport keras\nimport numpy as np\nimport serialactivation\nimport serialactivation as sa\n"
)

ERRORS = {
    "ActivationConfigError",
    "UncallableActivationError",
    "UnknownActivationError",
    "UnserializableActivationError",
}
"""What the cases end in."""


def load(path):
    """Import a module of a user's from its file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


STACK = "def stack(*layers):\n    return keras.Sequential([keras.Input((4,)), *layers])\n"

SAVE = """
import sys, json, importlib, numpy as np, keras
sys.path.insert(0, sys.argv[1])
x = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
for name in json.loads(sys.argv[2]):
    model = importlib.import_module(name).model
    weights = np.random.default_rng(0)
    model.set_weights([weights.uniform(0.1, 1.0, value.shape) for value in model.get_weights()])
    model.save(f"{sys.argv[1]}/{name}.keras")
    np.save(f"{sys.argv[1]}/{name}.npy", keras.ops.convert_to_numpy(keras.ops.cast(model(x), "float32")))
"""
LOAD = """
import sys, json, importlib, numpy as np, keras
sys.path.insert(0, sys.argv[1])
x = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
for name in json.loads(sys.argv[2]):
    importlib.import_module(name)
    found = keras.models.load_model(f"{sys.argv[1]}/{name}.keras")(x)
    found = keras.ops.convert_to_numpy(keras.ops.cast(found, "float32"))
    print(name, np.array_equal(found, np.load(f"{sys.argv[1]}/{name}.npy")))
"""


def change(source, message, said, old, new):
    """Return *source* as a cure changes it: the last place of what is *old*, with what the message says put in."""
    found = re.search(said, message)
    assert found, (said, message)
    return put(source, found, old, new)


def put(source, found, old, new):
    """Return *source* with *new* in the last place of what is *old*, and in it what was *found* in a message."""
    assert old in source, old
    new = found.expand(new.replace(r"\g<0>", old)) if "\\" in new else new
    before, _, after = source.rpartition(old)
    return before + new.replace("<value>", "0.5") + after


def refuse(case, error, path):
    """Return the message of the *error* that the module at *path* ends in."""
    with pytest.raises(sa.ActivationError) as caught:
        pytest.fail(f"{case} is taken: {load(path)}")
    assert type(caught.value).__name__ == error, case
    return str(caught.value)


def follow_all(cases, folder):
    """Check that each *case* is refused, and with each of its cures computes the same in a new process."""
    names = []
    for case, (error, source, cures) in cases.items():
        broken = folder / f"layer_cures_{len(names)}.py"
        broken.write_text(f"{HEAD}{STACK}{source}\n".replace("'layer_cures", f"'{broken.stem}"))
        message = refuse(case, error, broken)
        for said, (old, new) in cures.items():
            names.append(f"layer_cure_{len(names)}")
            changed = change(source, message, said, old, new)
            changed = changed.replace("'layer_cures", f"'{names[-1]}")  # a package for each
            (folder / f"{names[-1]}.py").write_text(f"{HEAD}{STACK}{changed}\n")
    come_back(names, folder)


def come_back(names, folder):
    """Check that the model of each module is saved, and computes the same in a new process."""
    run_python(SAVE, str(folder), json.dumps(names))
    printed = run_python(LOAD, str(folder), json.dumps(names))
    assert printed.split() == [word for name in names for word in (name, "True")]
