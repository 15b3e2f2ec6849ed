"""The reader of saved models: hostile files are refused with their code, benign ones read, and nothing else happens."""

import contextlib
import json
import pathlib
import pickle

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serialactivation.errors import ArchiveError
from serialactivation.files.formats import hdf5, hdf5_process
from serialactivation.files.formats.hdf5 import Variable
from serialactivation.files.limits import Limits
from serialactivation.files.refusals import Code, FilePart
from serialactivation.files.saved_model import Archive, Kind, read_archive
from tests import corpus
from tests.helpers.processes import run_bare

pytestmark = pytest.mark.once


def read(path: pathlib.Path, **limits: int) -> tuple[Archive, object]:
    """Return what ``check`` reads of a file."""
    archive = read_archive(path, Limits(**limits))
    return archive, archive.variables(is_checked=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("corpus")


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, (_, code) in corpus.HOSTILE.items()])
def test_a_hostile_file_is_refused_with_its_code(name, code, corpus_file):
    """Reading it, and then its variables, ends in the one error."""
    path = corpus_file(name)
    with pytest.raises(ArchiveError) as caught:
        read(path)
    assert (caught.value.code, caught.value.path) == (code, str(path))
    assert f"{caught.value.reason}{caught.value.member}".isprintable()
    assert caught.value.reason[0].islower()


@pytest.mark.parametrize("name", corpus.BENIGN)
def test_a_benign_file_is_read(name, corpus_file):
    """What Keras wrote is never refused."""
    archive, variables = read(corpus_file(name))
    assert (archive.config is None) == (archive.kind is Kind.WEIGHTS)
    assert archive.path == str(corpus_file(name))
    assert repr(pickle.loads(pickle.dumps(archive))) == repr(archive)  # a number that is none equals nothing
    assert variables is None or all(isinstance(variable, Variable) for variable in variables.values())


OF_MODELS = set(Code) - {Code.DAMAGED_SOURCE}  # which is of source, and lint's


def test_the_corpus_is_large_and_has_every_code():
    """No code is without a file."""
    assert len(corpus.HOSTILE) >= 60
    assert len(corpus.BENIGN) >= 12
    assert {code for _, code in corpus.HOSTILE.values()} == OF_MODELS


KINDS = {
    "small.keras": Kind.KERAS,
    "zip_without_ending": Kind.KERAS,
    "folder": Kind.FOLDER,
    "small.h5": Kind.HDF5,
    "hdf5_in_keras_2.keras": Kind.HDF5,
    "small.weights.h5": Kind.WEIGHTS,
    "shards.weights.json": Kind.WEIGHTS,
    "to_json.json": Kind.CONFIG,
}


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_the_kind_is_told_by_what_is_in_the_file(name, kind, tmp_path):
    """The format of a file is found in its bytes, not in the ending of its name."""
    assert read_archive(corpus.write(name, tmp_path)).kind is kind


FLOAT = "float32"
VARIABLES = {
    "small.keras": {"layers/dense/vars/0": Variable((3, 4), FLOAT), "layers/dense_1/vars/1": Variable((2,), FLOAT)},
    "deflated.keras": {"layers/dense/vars/0": Variable((3, 4), FLOAT)},
    "folder": {"layers/dense/vars/1": Variable((4,), FLOAT)},
    "small.h5": {"model_weights/hidden/small/hidden/kernel": Variable((3, 4), FLOAT)},
    "small.weights.h5": {"layers/dense/vars/0": Variable((3, 4), FLOAT)},
    "bfloat16.keras": {"layers/dense/vars/0": Variable((3, 4), "bfloat16")},
    "zeros.keras": {"layers/dense/vars/0": Variable((10_000, 1_000), FLOAT)},
    "shards.weights.json": {f"layers/dense_{index}/vars/0": Variable((2, 3), FLOAT) for index in range(2)},
    "sharded.keras": {f"layers/dense_{index}/vars/0": Variable((2, 3), FLOAT) for index in range(2)},
    "unusual.h5": {"again": Variable((), "int64"), "scalar": Variable((), "int64"), "flag": Variable((1,), "bool")},
}


@pytest.mark.parametrize(("name", "some"), VARIABLES.items())
def test_the_variables_are_listed(name, some, corpus_file):
    """The variables are listed by their paths in the file, with shape and dtype."""
    _, variables = read(corpus_file(name))
    assert some.items() <= variables.items()


@pytest.mark.parametrize("name", ["to_json.json", "npz.keras", "no_weights.keras", "lone.weights.json"])
def test_where_no_file_lists_variables_there_are_none(name, tmp_path):
    """The listing is None where no file lists variables: pickled weights are not opened."""
    assert read(corpus.write(name, tmp_path))[1] is None


def test_the_config_is_what_was_written(tmp_path):
    """The config that is read has every digit of its numbers, and so has the metadata."""
    archive = read_archive(corpus.write("large_integer.keras", tmp_path))
    assert archive.config["config"] == {"name": "model", "layers": [], "more": 2**100}
    compiled = read_archive(corpus.write("keras_2_text.h5", tmp_path))
    optimizer = {"class_name": "SGD", "config": {"name": "SGD"}}
    training_config = {"optimizer_config": optimizer, "loss": "mse"}
    assert compiled.metadata == {"keras_version": "2.15.0", "training_config": training_config}
    assert compiled.keras_version == "2.15.0"


@pytest.mark.parametrize("name", ["keras_1.json", "keras_1.h5"])
def test_a_config_of_keras_1_is_read(name, tmp_path):
    """Its layers are a bare list."""
    archive = read_archive(corpus.write(name, tmp_path))
    assert archive.keras_version == "1.2.2"
    assert archive.config["config"][0]["config"]["activation"] == "relu"


LIMITS = [
    ("small.keras", {"config_bytes": 100}),
    ("small.keras", {"metadata_bytes": 10}),
    ("small.keras", {"values": 50}),
    ("small.keras", {"depth": 3}),
    ("small.keras", {"members": 2}),
    ("small.keras", {"objects": 5}),
    ("large_integer.keras", {"digits": 20}),
    ("zeros.keras", {"inflated_bytes": 2**20}),
    ("folder", {"config_bytes": 100}),
    ("small.h5", {"config_bytes": 1000}),
    ("keras_2.h5", {"config_bytes": 10}),
    ("keras_2_text.h5", {"metadata_bytes": 3}),
]


@pytest.mark.parametrize(("name", "limits"), LIMITS, ids=lambda value: str(value))
def test_each_limit_holds(name, limits, tmp_path):
    """A file that is read is refused where it is allowed less."""
    path = corpus.write(name, tmp_path)
    with pytest.raises(ArchiveError) as caught:
        read(path, **limits)
    assert caught.value.code == Code.LIMIT


def test_python_too_has_a_depth(tmp_path):
    """Where the limit is raised, the stack is still not exhausted."""
    path = corpus.write("deep_lists.keras", tmp_path)
    with pytest.raises(ArchiveError) as caught:
        read(path, depth=10**6)
    assert caught.value.code == Code.LIMIT


@pytest.mark.parametrize("name", ["small.keras", "deflated.keras", "small.h5", "folder", "shards.weights.json"])
def test_without_keras_it_is_read_all_the_same(name, tmp_path):
    """A file is read where Keras is missing, and an import of the reader imports neither h5py, NumPy nor a backend."""
    code = (
        "import sys; sys.modules['keras'] = None\n"
        "from serialactivation.files.saved_model import read_archive\n"
        "print(*{'h5py', 'numpy', 'jax', 'tensorflow', 'torch'} & set(sys.modules))\n"
        "print(len(read_archive(sys.argv[1]).variables()))"
    )
    loaded, count = run_bare(code, str(corpus.write(name, tmp_path))).split("\n")[:2]
    assert loaded == ""
    assert int(count) >= 2


def test_a_config_is_read_without_h5py(tmp_path):
    """Of an archive, only the variables ask for HDF5."""
    code = (
        "import sys; sys.modules['h5py'] = sys.modules['numpy'] = None\n"
        "from serialactivation.files.saved_model import read_archive\n"
        "print(read_archive(sys.argv[1]).kind.value)"
    )
    assert run_bare(code, str(corpus.write("small.keras", tmp_path))).strip() == "keras"


# A process's peak starts from what its parent takes: the parents of these take next to nothing.
_EACH_ALONE = """
import subprocess, sys
for path in sys.argv[2:]:
    subprocess.run([sys.executable, "-c", sys.argv[1], path], check=True)
"""

_READ_ONE = """
import resource, sys
from serialactivation.files.saved_model import read_archive
from serialactivation.files.formats import hdf5_process
from serialactivation.errors import ArchiveError
hdf5_process._FORKS = False  # what HDF5's library takes is counted where it runs in a child
try:
    read_archive(sys.argv[1]).variables()
except ArchiveError:
    pass
print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""

BOMBS = [
    "deep_lists.keras",
    "heap_bomb.h5",
    "hole.json",
    "long_config.keras",
    "long_directory.keras",
    "long_fixed_text.h5",
    "long_text.h5",
    "longer_than_said.keras",
    "many_keys_one_twice.keras",
    "many_links.h5",
    "many_members.keras",
    "many_numbers.keras",
    "many_names.keras",
    "many_objects.keras",
    "many_strings.keras",
    "weights_bomb.keras",
    "wide_escape.keras",
    "wide_text.keras",
]


def test_no_bomb_takes_memory(tmp_path):
    """Each takes less than 200 MB beyond what a benign file takes."""
    paths = [str(corpus.write(name, tmp_path)) for name in ["small.h5", *BOMBS]]
    first, *peaks = map(int, run_bare(_EACH_ALONE, _READ_ONE, *paths).split())
    over = {name: (peak - first) // 1024 for name, peak in zip(BOMBS, peaks, strict=True)}
    assert all(taken < 200 for taken in over.values()), over


def test_what_a_file_calls_itself_cannot_move_the_cursor(tmp_path):
    """The names in a file are shown as text, and not at any length."""
    path = tmp_path / "model.keras"
    corpus.zips.write_zip(path, corpus.zips.Entry(name=b"\x1b[2J" + b"a" * 1000, flags=1))
    with pytest.raises(ArchiveError) as caught:
        read(path)
    assert "\\x1b" in caught.value.member
    assert len(str(caught.value)) < 1000


def test_the_table_of_codes_is_whole():
    """Each code stands in the reader's table, and on the page of the errors."""
    from serialactivation.files import saved_model

    page = pathlib.Path(__file__).parents[2] / "docs" / "reference" / "errors.md"
    for code in OF_MODELS:
        assert f"{code.value}  " in saved_model.__doc__
        assert f"`{code.value}`" in page.read_text(encoding="utf-8")


# Damage: whatever is done to a benign file, it is read or refused.

DAMAGED = [
    "small.keras",
    "deflated.keras",
    "small.h5",
    "sharing.h5",
    "small.weights.h5",
    "to_json.json",
    "streamed.keras",
]


@pytest.fixture(scope="module")
def whole(folder):
    return {name: corpus.write(name, folder).read_bytes() for name in DAMAGED}


@attrs.frozen
class Damage:
    """Bytes that are written over a file's, at a share of its length, and the share that is left of it."""

    place: float
    data: bytes
    left: float

    def apply(self, data: bytes) -> bytes:
        start = int(self.place * len(data))
        return (data[:start] + self.data + data[start + len(self.data) :])[: int(len(data) * self.left)]


SHARES = st.floats(0, 1)
DAMAGES = st.lists(
    st.builds(Damage, SHARES, st.binary(max_size=8), st.one_of(st.just(1.0), SHARES)), min_size=1, max_size=4
)


@pytest.mark.parametrize("name", DAMAGED)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damages=DAMAGES)
def test_damage_is_told(name, damages, whole, tmp_path):
    """Nothing but the reader's own error ever comes out."""
    data = whole[name]
    for damage in damages:
        data = damage.apply(data)
    path = tmp_path / name
    path.write_bytes(data)
    with contextlib.suppress(ArchiveError):
        if path.suffix == ".h5":  # not in a process of its own: that takes long, and hides what is raised
            see_hdf5(path)
        else:
            archive, _ = read(path)
            json.dumps(archive.config)


def see_hdf5(path):
    with path.open("rb") as file:
        hdf5.read_attributes(file, Limits(), FilePart(str(path)))
        hdf5.list_variables(file, Limits(), FilePart(str(path)))


@pytest.mark.slow
def test_a_file_without_end_is_refused():
    """HDF5's library, which would read it for ever, is stopped."""
    with pytest.raises(ArchiveError, match="did not finish reading it") as caught:
        read_archive(corpus.KEPT / "endless.h5")
    assert caught.value.code == Code.DAMAGED_HDF5


@pytest.mark.parametrize(
    ("code", "reason", "refused"),
    [
        ("import os; os.abort()", "the HDF5 library crashed on it", Code.DAMAGED_HDF5),
        ("import nothing_like_h5py", "No module named 'nothing_like_h5py'", Code.UNREADABLE),
    ],
)
def test_a_process_without_an_answer_is_told(code, reason, refused, tmp_path, monkeypatch):
    """A file is refused with the reason if the process that reads it crashes, or cannot be started."""
    path = corpus.write("small.h5", tmp_path)
    monkeypatch.setattr(hdf5_process, "_CODE", code)
    with pytest.raises(ArchiveError, match=reason) as caught:
        read_archive(path)
    assert caught.value.code == refused
