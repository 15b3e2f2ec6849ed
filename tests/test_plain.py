"""The fast way of ``check`` says what the strict one says, or nothing."""

import json
import zipfile

import hypothesis
import hypothesis.strategies as st
import keras
import pytest

import serialactivation as sa
from serialactivation.errors import ArchiveError
from serialactivation.files.formats.plain_zip import list_plain, read_plain
from serialactivation.files.formats.zip_archive import list_members
from serialactivation.files.limits import DEFAULT_LIMITS
from serialactivation.files.opening import open_file
from serialactivation.files.refusals import Place
from serialactivation.files.saved_model import read_archive
from serialactivation.rules.check import check_file
from serialactivation.rules.layer_texts import Shapes
from serialactivation.rules.plain import check_plain, known_shapes
from serialactivation.rules.report import check_archive
from serialactivation.tree.activations import find_sites
from tests import corpus
from tests.archives import DATA
from tests.verdicts.files import unpack

pytestmark = pytest.mark.once

TARGETS = (None, "3.7", "3.9.2", "3.13", "3.15", "3.99")
METADATA = '{"keras_version": "3.15.1", "date_saved": "2026-11-25@11:36:17"}'


def check_strictly(path, target=None):
    """Return the report of the strict way, or the code with which the file is refused."""
    try:
        return check_archive(read_archive(path), target)
    except ArchiveError as error:
        return error.code


def write(path, config):
    """Write an archive as Keras does, with a text as its config."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", METADATA)
        archive.writestr("config.json", config)
    return str(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Every ``.keras`` file that the tests have: of all Keras, of stock layers and of ours."""
    folder = tmp_path_factory.mktemp("plain")
    unpack(folder)
    for version in DATA.iterdir():
        with zipfile.ZipFile(version / "models.zip") as archive:
            archive.extractall(folder / version.name)
    return sorted(str(path) for path in folder.rglob("*.keras"))


@pytest.mark.parametrize("target", TARGETS)
def test_both_ways_say_the_same(target, files):
    """Of every file, also the second time; the fast one says nothing of most that have a finding."""
    fast = [path for path in files for _ in range(2) if check_plain(path, target) is not None]
    for path in fast:
        assert check_plain(path, target) == check_strictly(path, target)
    assert (len(fast) > 60) == (target in (None, "3.15")), len(fast)


def test_a_file_with_something_to_say_of_it_is_looked_at(files):
    """The fast way is silent wherever the strict one has a finding, or activations with weights."""
    for path in files:
        report = check_file(path)
        if report.findings or report.weights:
            assert check_plain(path, None) is None


def test_older_keras_is_left_to_the_strict_way(files):
    """Keras 3.6 reads a graph by its order."""
    assert {check_plain(path, "3.6") for path in files} == {None}


@pytest.mark.parametrize("name", corpus.CORPUS)
def test_the_corpus_is_read_the_same(name, tmp_path):
    """What the fast way takes, the strict one takes too, and says the same."""
    path = str(corpus.write(name, tmp_path))
    plain = check_plain(path, None)
    assert plain is None or plain == check_strictly(path)


def test_layers_that_differ_in_their_sizes_are_judged_once(small):
    """A model of other widths has no layer that is judged."""
    judged = []

    def judge(config):
        judged.append(config)
        return tuple(find_sites(config))

    shapes = Shapes(judge)
    for text in small[0]:
        known = shapes.find_sites(text.encode())
        before = len(judged)
        wider = text.replace('"units": 3', '"units": 300').replace('"units": 2', '"units": 64')
        assert wider != text
        assert shapes.find_sites(wider.replace("[null, 4]", "[null, 77]").encode()) == known
        assert len(judged) == before


def test_a_size_that_matters_is_not_taken_out(small):
    """Where what is to be said depends on a number, nothing is said of any."""
    text = small[0][0].replace('"units": 3', '"units": 3, "odd": 7')

    def judge(config):
        return None if '"odd": 1,' in json.dumps(config) else ()

    assert Shapes(judge).find_sites(text.encode()) is None


# Damage


def make_small(path):
    """Save a small model of each kind of graph, and return the texts of their configs."""
    inputs = keras.Input((4,), name="x")
    hidden = keras.layers.Dense(3, "relu", name="a")(inputs)
    joined = keras.layers.Concatenate(name="b")([hidden, keras.layers.Dense(3, "tanh", name="c")(inputs)])
    texts = []
    for model in (
        keras.Model(inputs, joined, name="m"),
        keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, "gelu"), keras.layers.Activation("silu")]),
    ):
        model.save(path)
        with zipfile.ZipFile(path) as archive:
            texts.append(archive.read("config.json").decode())
    return texts


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "small.keras"
    return make_small(path), path


PIECES = st.sampled_from(
    [
        *('"layers": [', '}, {"module": ', '"name": "x"', '"name": "<lambda>"', ', "inbound_nodes": []', "[", "]", "{"),
        *(
            "}",
            ", ",
            '"',
            "\0",
            "\\",
            "é",
            '"shared_object_id": 5',
            '"activation": "<lambda>"',
            "0",
            "01",
            "NaN",
            "null",
        ),
        *('"name": "a"', '"trainable": true, ', '}], "input_layers": ', '{"module": ', '"class_name": "Dense"', "_"),
        *('"__lambda__"', '"build_input_shape": [null, 4]', '}], "build_input_shape": ', "-", '"units": 1, ', "e9"),
        *("\1", '"x": 5, ', '"name": "a 5, b"', '"groups": 1, ', '"seed": 12, ', "[7, ", ", 7]", "[7"),
        '{"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null, '
        '"shared_object_id": 7}',
    ]
)


@hypothesis.given(
    which=st.integers(0, 1),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=3),
)
@hypothesis.settings(max_examples=400, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
def test_damaged_configs_are_judged_the_same(which, edits, small, tmp_path_factory):
    """Pieces of configs put, or put in the place of others, where they do not belong: what is known helps nobody."""
    text = small[0][which]
    path = tmp_path_factory.getbasetemp() / "damaged.keras"
    assert check_plain(write(path, text), None) is not None
    for place, length, piece in edits:
        start = round(place * len(text))
        text = text[:start] + piece + text[start + length :]
    plain = check_plain(write(path, text), None)
    assert plain is None or plain == check_strictly(str(path))


@hypothesis.given(edits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=3))
@hypothesis.settings(max_examples=400, deadline=None)
def test_damaged_archives_are_read_the_same(edits, small, tmp_path_factory):
    """Bytes of the directory and the headers changed: the members are those of the strict way."""
    data = bytearray(small[1].read_bytes())
    length = len(data)
    for place, new in edits:  # most of them near the end, where the directory is
        start = length - 1 - round(place**4 * (length - 1))
        data[start : start + len(new)] = new
    path = tmp_path_factory.getbasetemp() / "bytes.keras"
    path.write_bytes(data)
    members = list_plain(lambda start, size: bytes(data[start : start + size]), len(data))
    if members is None:
        return
    with open_file(str(path), Place(str(path))) as file:
        strict = list_members(file, DEFAULT_LIMITS, Place(str(path)))
    assert list(strict) == [name.decode() for name in members]
    for name, member in members.items():
        its = strict[name.decode()]
        assert (its.start, its.stored, its.size, its.deflated, its.crc) == (
            *(member.start, member.stored, member.size),
            *(member.deflated, member.crc),
        )


def test_a_locator_of_a_larger_directory_is_left_to_the_strict_way(small):
    """Which would follow it."""
    data = bytearray(small[1].read_bytes())
    assert list_plain(lambda start, size: bytes(data[start : start + size]), len(data))
    data[-42:-38] = b"PK\x06\x07"
    assert list_plain(lambda start, size: bytes(data[start : start + size]), len(data)) is None


def test_what_does_not_hold_what_it_declares_is_not_read(tmp_path):
    """Stored, deflated, longer than it says, and larger than allowed."""
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
            archive.writestr("a", b"x" * 5000)
        data = bytearray((tmp_path / "a.zip").read_bytes())

        def read(start, size, data=data):
            return bytes(data[start : start + size])

        (member,) = list_plain(read, len(data)).values()
        assert read_plain(read, member, 5000) == b"x" * 5000
        assert read_plain(read, member, 4999) is None
        data[member.start + 3] ^= 1
        assert read_plain(read, member, 5000) is None


def test_many_shapes_are_forgotten(tmp_path):
    """A process that looks at files without end keeps some of them."""
    text = json.dumps({
        "module": "keras", "class_name": "Sequential", "config": {"name": "m", "trainable": True, "layers": [
            {"module": "keras.layers", "class_name": "Dense", "config": {"name": "a", "units": 123456789}}
        ]}, "registered_name": None,
    })  # fmt: skip
    for units in range(1500):
        assert check_plain(write(tmp_path / "a.keras", text.replace("123456789", str(units))), None) is not None
    assert len(known_shapes(None)._known) <= 1024


def test_a_config_seen_again_is_told_as_before(tmp_path):
    """As a model is saved after every epoch; one of another name and the same length is not taken for it."""
    text = (
        '{"module": "keras", "class_name": "Sequential", "config": {"name": "%s", "trainable": true, "layers": ['
        '{"module": "keras.layers", "class_name": "Dense", "config": {"name": "%s", "units": 4, "activation": "%s"}}'
        ']}, "registered_name": null}'
    )
    for values in [("m", "a", "relu"), ("n", "a", "relu"), ("m", "b", "relu"), ("m", "a", "tanh"), ("m", "a", "relu")]:
        (site,) = check_plain(write(tmp_path / "a.keras", text % values), None).sites
        assert (site.layer, site.stored) == (f"{values[0]}/{values[1]}", values[2])
    for length in range(1, 100):
        check_plain(write(tmp_path / "a.keras", text % ("m", "a" * length, "relu")), None)
    assert len(known_shapes(None)._whole) <= 32


def test_names_and_numbers_come_out_right(tmp_path):
    """Of layers of one shape in one model."""
    layers = [sa.layers.Dense(4, activation="relu", name=f"layer.{number}") for number in range(5)]
    keras.Sequential([keras.Input((4,), name="x"), *layers], name="a-b").save(tmp_path / "m.keras")
    report = check_plain(str(tmp_path / "m.keras"), None)
    assert [(site.layer, site.path) for site in report.sites] == [
        (f"a-b/layer.{number}", f"$.config.layers[{number + 1}].config.activation") for number in range(5)
    ]
