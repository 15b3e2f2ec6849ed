"""Models written without this package's layers, and read by a process that cannot import it."""

import inspect
import json
import pathlib

import keras
import numpy as np
import pytest

from serialactivation.catalog.graphs import ANY_ORDER
from serialactivation.catalog.versions import is_newer
from serialactivation.errors import StockFormError
from tests.helpers.processes import run_python
from tests.matrix.values import Cubed, Scaled, bent

# What a file with registered objects needs where it is loaded: their definitions, and nothing of this package.
_REGISTERED = "import keras\n\n\n" + "\n\n\n".join(inspect.getsource(value) for value in (bent, Scaled, Cubed))

too_early = pytest.mark.xfail(
    is_newer(ANY_ORDER, keras.__version__),
    raises=StockFormError,
    reason="Keras 3.6 does not load a model in which a layer is called on what a layer after it makes",
)

_READ = """
import json, pathlib, sys
sys.modules["serialactivation"] = None
import keras, numpy as np
folder = pathlib.Path(sys.argv[1])
exec(compile((folder / "registered.py").read_text(), "registered", "exec"))
outcomes = {}
for path in sorted(folder.glob("*.keras")) + sorted(folder.glob("*.h5")):
    data = np.load(folder / (path.stem + ".npz"))
    inputs = [data[name] for name in sorted(data.files) if name.startswith("x")]
    expected = [data[name] for name in sorted(data.files) if name.startswith("y")]
    try:
        model = keras.models.load_model(path)
    except Exception as error:
        outcomes[path.name] = f"{type(error).__name__}: {error}"[:300]
        continue
    outputs = map(keras.ops.convert_to_numpy, keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0])))
    same = all(np.allclose(a, b, rtol=1e-6, atol=1e-6) for a, b in zip(outputs, expected, strict=True))
    outcomes[path.name] = "equal" if same else "different"
print(json.dumps(outcomes))
"""


def write(model: keras.Model, expected: object, inputs: list[np.ndarray], folder: pathlib.Path, name: str) -> None:
    """Write *model*, and what it must compute, for :func:`read_elsewhere`."""
    model.save(folder / f"{name}.keras")
    arrays = {f"x{place}": value for place, value in enumerate(inputs)}
    arrays |= {
        f"y{place}": keras.ops.convert_to_numpy(value) for place, value in enumerate(keras.tree.flatten(expected))
    }
    np.savez(folder / f"{name}.npz", **arrays)


def read_elsewhere(folder: pathlib.Path) -> dict[str, str]:
    """Return the outcome of each file in *folder*: ``equal``, ``different``, or the error of the load."""
    (folder / "registered.py").write_text(_REGISTERED)
    return json.loads(run_python(_READ, str(folder)).splitlines()[-1])
