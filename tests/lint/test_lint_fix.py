"""``serialactivation lint --fix``: exact edits, all else byte for byte, and layers that then come back."""

import json
import os
import pathlib
import stat
import warnings

import keras
import numpy as np
import pytest

from serialactivation.lint.fix import fix_source
from serialactivation.lint.lint_source import lint_source
from serialactivation.rules.rule import FIX
from serialactivation.syntax.text.source import parse_source
from tests.helpers.checking import check
from tests.helpers.processes import run_python
from tests.helpers.sources import GIVEN, KERAS, layer

RAW = "'activation': self.activation"
X = np.linspace(-3, 3, 32, dtype="float32").reshape(8, 4)
PRELUDE = "import keras\n"
VERSION = tuple(map(int, keras.__version__.split(".")[:2]))


def fix(text, encoding="utf-8"):
    """Return what *text* is when it has been repaired; what can be is of a rule that says so."""
    source = parse_source(text.encode(encoding), "layers.py")
    assert {one.rule.repair for one in lint_source(source).findings if one.edits} <= {FIX}
    fixed, _ = fix_source(source, lint_source)
    return fixed.data.decode(encoding)


def a_class(
    config, get="keras.activations.get", above="@keras.saving.register_keras_serializable()\n", imports=PRELUDE
):
    """Return the source of a layer with a given ``get_config``."""
    return f"""{imports}
{above}class Gated(keras.layers.Layer):
    def __init__(self, units=3, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = {get}(activation)

    def call(self, x):
        return self.activation(x)

    def get_config(self):
{config}
"""


UPDATE = "        config = super().get_config()\n        config.update({})\n        return config"
SERIALIZE = "keras.activations.serialize(self.activation)"

LINE = "\n            "
FIXED = {
    "raw, in a dict": (
        '        return {"activation": self.activation}', f'        return {{"activation": {SERIALIZE}}}'
    ),
    "raw, among others": (
        UPDATE.format('{"a": 1, "activation": self.activation, "b": 2}'),
        UPDATE.format(f'{{"a": 1, "activation": {SERIALIZE}, "b": 2}}'),
    ),
    "raw, by keyword": (
        UPDATE.format("activation = self.activation"), UPDATE.format(f"activation = {SERIALIZE}")
    ),
    "missing, in one line": (
        UPDATE.format('{"units": self.units}'), UPDATE.format(f'{{"activation": {SERIALIZE}, "units": self.units}}')
    ),
    "missing, in lines": (
        UPDATE.format('{\n            "units": self.units,  # kept\n        }'),
        UPDATE.format(f'{{{LINE}"activation": {SERIALIZE},{LINE}"units": self.units,  # kept\n        }}'),
    ),
    "missing, in lines with tabs": (
        UPDATE.format('{\n\t\t\t"units": self.units}'),
        UPDATE.format(f'{{\n\t\t\t"activation": {SERIALIZE},\n\t\t\t"units": self.units}}'),
    ),
    "missing, beside the parent's": (
        '        return {**super().get_config(), "units": self.units}',
        f'        return {{"activation": {SERIALIZE}, **super().get_config(), "units": self.units}}',
    ),
    "missing, in an empty dict": ("        return {}", f'        return {{"activation": {SERIALIZE}, }}'),
}  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize(("before", "after"), FIXED.values(), ids=FIXED)
def test_a_config_is_mended(before, after):
    """The fix inserts what is missing in its place, and changes nothing else."""
    assert fix(a_class(before)) == a_class(after)


NAMES = {
    "keras.activations.get": (PRELUDE, "keras.activations.serialize"),
    "K.activations.get": ("import keras as K, keras\n", "K.activations.serialize"),
    "activations.get": ("import keras\nfrom keras import activations\n", "activations.serialize"),
    "get": ("import keras\nfrom keras.activations import get\n", "keras.activations.serialize"),
    "tf.keras.activations.get": ("import keras\nimport tensorflow as tf\n", "tf.keras.activations.serialize"),
    "sa.get": ("import keras\nimport serialactivation as sa\n", "sa.serialize"),
}


@pytest.mark.once
@pytest.mark.parametrize(("get", "names"), NAMES.items(), ids=NAMES)
def test_the_names_of_the_file_are_used(get, names):
    """The fix uses the names by which the file imports Keras, if they mean the same at that place."""
    imports, serialize = names
    config = '        return {{"activation": {}}}'
    before = a_class(config.format("self.activation"), get=get, imports=imports)
    assert fix(before) == a_class(config.format(f"{serialize}(self.activation)"), get=get, imports=imports)


UNSURE = {
    "a name that is local": a_class('        keras = 1\n        return {"activation": self.activation}'),
    "no name of Keras's": a_class(
        '        return {"activation": self.activation}',
        get="get",
        imports="from keras.activations import get\nfrom keras import saving, layers\n",
        above="@saving.register_keras_serializable()\n",
    ).replace("keras.layers", "layers"),
    "a value with a name of its own": a_class('        a = self.activation\n        return {"activation": a}'),
    "given, and handed on": layer(f"{GIVEN}; self.dense = layers.Dense(3, activation=activation)", "return x", RAW),
    "never got": layer(GIVEN, config=RAW),
    "no dict that is written out": a_class("        return dict(super().get_config(), units=self.units)"),
    "a lambda": f"{KERAS}layer = layers.Dense(3, activation=lambda x: x)\n",
}


@pytest.mark.once
@pytest.mark.parametrize("text", UNSURE.values(), ids=UNSURE)
def test_what_is_not_certain_is_left(text):
    """What the fix cannot do with certainty stays as it is, and is still a finding."""
    assert lint_source(parse_source(text.encode(), "layers.py")).findings
    assert fix(text) == text


@pytest.mark.once
def test_a_class_is_registered():
    """The decorator is put above the others with the indentation of the class, and not where Keras has no name."""
    config = '        return {"activation": keras.activations.serialize(self.activation)}'
    before = a_class(config, above="")
    assert fix(before) == a_class(config)
    inner = "import keras\nif True:\n\tclass A(keras.Layer):\n\t\tdef __init__(self, activation=None):\n\t\t\tpass\n"
    assert "\n\t@keras.saving.register_keras_serializable()\n\tclass A" in fix(inner)
    nameless = before.replace("import keras\n", "from keras import layers, activations\n").replace("keras.", "")
    assert fix(nameless) == nameless
    continued = before.replace("\nclass", "\nx = 1; \\\nclass")
    assert continued != before


ALL = a_class('        return {"units": self.units}', above="").replace("class", "# ä comment\nclass")


@pytest.mark.once
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_the_rest_is_kept_byte_for_byte(end, encoding, tmp_path, capsys):
    """Line ends, encoding, byte order mark, comments, permissions, and a link that leads to the file."""
    cookie = "" if encoding.startswith("utf") else f"# coding: {encoding}\n"
    before = f"{cookie}{ALL}\n\nx = 'ß'\t# no end".replace("\n", end)
    path, link = tmp_path / "layers.py", tmp_path / "link.py"
    path.write_bytes(before.encode(encoding))
    path.chmod(0o750)
    link.symlink_to(path)
    assert check(link, "--fix", capsys=capsys, command="lint")[0] == 0
    after = path.read_bytes().decode(encoding)
    added = [
        f"@keras.saving.register_keras_serializable(){end}",
        f'"activation": {SERIALIZE}, ',
    ]
    for text in added:
        assert after.count(text) == 1
        after = after.replace(text, "")
    assert after == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["layers.py", "link.py"]


@pytest.mark.once
def test_fixing_twice_is_fixing_once(tmp_path, capsys):
    """The first fix is reported; the second has nothing to do, and writes nothing."""
    path = tmp_path / "layers.py"
    path.write_text(ALL, encoding="utf-8")
    status, out, _ = check(path, "--fix", capsys=capsys, command="lint")
    assert (status, f"{path}: 2 fixed" in out) == (0, True)
    once, when = path.read_bytes(), path.stat().st_mtime_ns
    assert check(path, "--fix", capsys=capsys, command="lint")[0] == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (once, when)


@pytest.mark.once
def test_a_diff_writes_nothing(tmp_path, monkeypatch, capsys):
    """It shows what fixing does, and the status is that of the findings."""
    monkeypatch.chdir(tmp_path)
    path = pathlib.Path("layers.py")
    path.write_text(ALL, encoding="utf-8")
    status, out, err = check(path, "--diff", capsys=capsys, command="lint")
    assert (status, err, path.read_text(encoding="utf-8")) == (1, "", ALL)
    assert out.startswith("--- layers.py\n+++ layers.py\n@@ ")
    assert '\n-        return {"units": self.units}\n+        return {"activation"' in out
    assert "SA4" not in out
    assert check(path, "--diff", "--format", "json", capsys=capsys, command="lint")[0] == 4
    assert check("-", "--fix", capsys=capsys, command="lint")[0] == 4


@pytest.mark.once
def test_only_what_is_told_is_mended(tmp_path, capsys):
    """Ignored findings are not fixed, whether the command line or a comment ignores them."""
    path = tmp_path / "layers.py"
    path.write_text(ALL, encoding="utf-8")
    check(path, "--fix", "--ignore", "SA402", capsys=capsys, command="lint")
    assert path.read_text(encoding="utf-8") == ALL.replace(
        "\nclass", "\n@keras.saving.register_keras_serializable()\nclass"
    )
    text = ALL.replace("Layer):", "Layer):  # serialactivation: ignore[SA411]").replace(
        "get_config(self):", "get_config(self):  # serialactivation: ignore"
    )
    path.write_text(text, encoding="utf-8")
    assert check(path, "--fix", capsys=capsys, command="lint")[0] == 0
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.once
def test_a_file_that_cannot_be_written_is_told(tmp_path, monkeypatch, capsys):
    """A file that cannot be written is reported, and stays as it is."""
    path = tmp_path / "layers.py"
    path.write_text(ALL, encoding="utf-8")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    status, out, _ = check(path, "--fix", capsys=capsys, command="lint")
    assert (status, "cannot be written (Permission denied)" in out) == (2, True)
    assert path.read_text(encoding="utf-8") == ALL
    assert os.listdir(tmp_path) == ["layers.py"]


# In real Keras


def make(text):
    """Run a source, and return its layer class."""
    namespace = {"__name__": "layers_of_a_test"}
    exec(compile(text, "layers.py", "exec"), namespace)
    return namespace["Gated"]


def come_back(layer, tmp_path):
    """Return whether a saved model with *layer* computes the same."""
    inputs = keras.Input((4,))
    model = keras.Model(inputs, layer(inputs))
    expected = np.asarray(keras.ops.convert_to_numpy(model(X)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save(tmp_path / "model.keras")
        loaded = keras.models.load_model(tmp_path / "model.keras")
    return np.array_equal(expected, keras.ops.convert_to_numpy(loaded(X)))


@pytest.mark.usefixtures("restore_registry")
@pytest.mark.parametrize("value", ["elu", keras.activations.gelu], ids=["a name", "a function"])
def test_what_was_missing_comes_back(value, tmp_path):
    """Before, the default came back without a word."""
    text = a_class(FIXED["missing, in lines"][0])
    assert not come_back(make(text)(activation=value), tmp_path)
    assert come_back(make(fix(text))(activation=value), tmp_path)


@pytest.mark.usefixtures("restore_registry")
def test_what_was_raw_is_a_copy():
    """Before, a clone held the very activation of the model, and its config was no JSON."""
    text = a_class(FIXED["raw, among others"][0].replace('"a": 1, ', "").replace(', "b": 2', ""))
    for source, shared in ((text, True), (fix(text), False)):
        layer = make(source)(activation=keras.layers.PReLU() if VERSION >= (3, 10) else keras.activations.elu)
        copied = type(layer).from_config(layer.get_config())
        assert (copied.activation is layer.activation) == shared or VERSION < (3, 10)
        if shared:
            with pytest.raises(TypeError, match="JSON"):
                json.dumps(layer.get_config())
        else:
            assert json.loads(json.dumps(layer.get_config())) == layer.get_config()


START = """
import sys, os
os.chdir(sys.argv[1])
sys.path.insert(0, sys.argv[1])
import keras, layers
"""
SAVE = f"""{START}
inputs = keras.Input((4,))
keras.Model(inputs, layers.Gated(activation="elu")(inputs)).save("model.keras")
"""
LOAD = f"""{START}
try:
    print(keras.models.load_model("model.keras").layers[1].activation.__name__)
except TypeError as error:
    print("no")
"""


def test_what_was_not_registered_comes_back_in_another_process(tmp_path, monkeypatch, capsys):
    """After the fix, an import of the module is enough; before, the load failed or had the default."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "layers.py").write_text(ALL, encoding="utf-8")
    run_python(SAVE, str(tmp_path))
    assert run_python(LOAD, str(tmp_path)).split()[-1] == ("no" if VERSION >= (3, 9) else "linear")
    assert check("layers.py", "--fix", capsys=capsys, command="lint")[0] == 0
    run_python(SAVE, str(tmp_path))
    assert run_python(LOAD, str(tmp_path)).split()[-1] == "elu"
