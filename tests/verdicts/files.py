"""The files of the newest Keras, and what the installed one makes of them in a process without this package."""

import json
import pathlib
import zipfile

from tests.archives import DATA
from tests.helpers.processes import run_python

FILE = DATA / "3.15.1" / "verdicts.zip"
"""The files, as ``python -m tests.verdicts`` wrote them."""

_READ = """
import json, pathlib, sys, warnings
warnings.simplefilter("ignore")
sys.modules["serialactivation"] = None
import keras, numpy as np

def compute(path):
    if path.suffix == ".json":
        keras.models.model_from_json(path.read_text())
        return "equal"
    data = np.load(path.parent / (path.name.partition(".")[0] + ".npz"))
    inputs, expected = ([data[f"{letter}{place}"] for place in range(sum(n[0] == letter for n in data.files))]
                        for letter in "xy")
    model = keras.models.load_model(path)
    outputs = keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0], training=False))
    outputs = [keras.ops.convert_to_numpy(one) for one in outputs]
    same = all(np.allclose(a, b, rtol=1e-3, atol=1e-4) for a, b in zip(outputs, expected, strict=True))
    return "equal" if same else f"different: {outputs} {expected}"

def compute_all(folder):
    outcomes = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in (".keras", ".h5", ".json"):
            try:
                outcomes[path.name] = compute(path)
            except Exception as error:
                outcomes[path.name] = f"{type(error).__name__}: {error}"
    return outcomes

print(json.dumps([compute_all(pathlib.Path(folder)) for folder in sys.argv[1:]]))
"""


def unpack(folder: pathlib.Path) -> None:
    """Put the files into *folder*."""
    with zipfile.ZipFile(FILE) as archive:
        archive.extractall(folder)


def load_elsewhere(*folders: pathlib.Path) -> list[dict[str, str]]:
    """Return what comes of each file in each folder: ``equal``, or why it does not load, or computes something else.

    One process loads all: much of what they hold is the same, and is compiled once.
    """
    outcomes: list[dict[str, str]] = json.loads(run_python(_READ, *map(str, folders)).splitlines()[-1])
    return outcomes
