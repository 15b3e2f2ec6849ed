"""What one version of Keras saved, the others load."""

import shutil
import zipfile

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.archives import DATA, FOR_OLDEST
from tests.helpers.archived import MODELS
from tests.helpers.stock_files import read_elsewhere

VERSIONS = sorted((path.name for path in DATA.iterdir()), key=lambda name: [int(part) for part in name.split(".")])

pytestmark = [
    # An older Keras warns of what a newer one wrote: tests/layer/test_pruning.py has those
    pytest.mark.filterwarnings("ignore::serialactivation.errors.PrunedArgumentWarning"),
    # Keras before 3.10 stores one input as a list of one, and later ones remark on it
    pytest.mark.filterwarnings("ignore:The structure of `inputs` doesn't match:UserWarning"),
]


def computes_what_it_did(model: keras.Model, data: dict[str, np.ndarray]) -> bool:
    """Return whether *model* gives the outputs that it gave before it was saved."""
    outputs = keras.ops.convert_to_numpy(model(data["inputs"]))
    return np.allclose(outputs, data["outputs"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_another_version_loads(version, name, suffix, tmp_path):
    """Keras's own function reads what any version wrote, and the model computes the same."""
    with zipfile.ZipFile(DATA / version / "models.zip") as archive:
        path = archive.extract(f"{name}{suffix}", tmp_path)

    assert computes_what_it_did(keras.models.load_model(path), np.load(DATA / version / f"{name}.npz"))


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_config_of_another_version_loads(version, name):
    """So it is with JSON: the activations that were shared are shared, and all weights have a place."""
    data = np.load(DATA / version / f"{name}.npz")
    model = sa.model_from_json((DATA / version / f"{name}.json").read_text())
    model.set_weights([data[f"weight_{index}"] for index in range(len(model.weights))])

    assert f"weight_{len(model.weights)}" not in data.files
    assert computes_what_it_did(model, data)


def test_a_file_for_the_oldest_keras_loads_without_this_package(tmp_path):
    """The newest Keras wrote it for the oldest; those between load it too."""
    for path in (DATA / VERSIONS[-1]).glob(f"{FOR_OLDEST}.*"):
        shutil.copy(path, tmp_path)

    assert read_elsewhere(tmp_path) == {f"{FOR_OLDEST}{suffix}": "equal" for suffix in (".h5", ".keras")}
