"""Where Keras's backend is missing: what the error of the import says."""

import re

import keras
import pytest

from serialactivation.catalog.backends import BACKENDS
from serialactivation.catalog.versions import is_newer
from tests.helpers.processes import run_bare

BACKEND = keras.config.backend()
OTHERS = [name for name in BACKENDS if name != BACKEND]
MISSING = OTHERS[-1]
# Since 3.16, Keras imports SciPy, which asks the modules of the backends for tensors, and not whether they are None.
SCIPY = "" if is_newer("3.16", keras.__version__) else "import scipy.stats"

ENTRIES = [
    "import serialactivation.layers",
    "import serialactivation as sa; sa.layers",
    "import serialactivation as sa; sa.get",
    "import serialactivation as sa; sa.load_model",
    "import serialactivation, keras",
    "from serialactivation.mixin import SerializableActivationMixin",
    "from serialactivation.testing import check_layer",
    "from serialactivation.testing import plugin; plugin.check_layer.__wrapped__()",
]


def message(entry, *missing, backend=None):
    """Return the last lines of the traceback that *entry* ends in, where the backends that are *missing* are."""
    hidden = dict.fromkeys(missing)
    code = f"""
import os, sys, tempfile, traceback
{SCIPY}
sys.modules.update({hidden!r})
os.environ.pop('KERAS_BACKEND')
os.environ.update({ {} if backend is None else {"KERAS_BACKEND": backend}!r}, KERAS_HOME=tempfile.mkdtemp())
try:
    exec({entry!r})
except (ImportError, ValueError):
    print(traceback.format_exc())
"""
    return run_bare(code).strip().splitlines()[-3:]


def missing_backend(asked, cure):
    return [f"Keras takes the backend {asked!r}, which is not installed. {cure[0]}", *cure[1:]]


SET = [f"Installed: {BACKEND}. Set KERAS_BACKEND before Python starts:", f"    export KERAS_BACKEND={BACKEND}"]


@pytest.mark.once
@pytest.mark.parametrize("entry", ENTRIES)
def test_the_error_says_what_to_set(entry):
    """Whatever imports Keras first: the last lines are the variable, ready to paste."""
    assert message(entry, *OTHERS, backend=MISSING)[1:] == missing_backend(MISSING, SET)


def test_without_the_variable_keras_takes_tensorflow():
    """Of the three that can be installed, unless KERAS_BACKEND names one."""
    lines = message("import serialactivation.layers", *BACKENDS)
    assert lines == missing_backend(
        "tensorflow",
        [
            "No backend is installed. Install one, and set KERAS_BACKEND before Python starts:",
            "    python -m pip install jax",
            "    export KERAS_BACKEND=jax",
        ],
    )


def test_a_backend_that_nobody_has_is_reported_too():
    """A misspelled one is missing like any other."""
    lines = message("import serialactivation.layers", *OTHERS, backend="tensorfow")
    first = "Unable to import" if is_newer("3.16", keras.__version__) else "Unsupported"
    assert lines == [f"ValueError: {first} backend : tensorfow", *missing_backend("tensorfow", SET)]


def test_the_cure_works():
    """The line to paste, pasted."""
    lines = message("import serialactivation.layers", *OTHERS, backend=MISSING)
    name, value = re.fullmatch(r"\s*export (\w+)=(\w+)", lines[-1]).groups()
    assert run_bare(f"import os; os.environ[{name!r}] = {value!r}; import serialactivation.layers; print('there')")


@pytest.mark.once
def test_another_error_of_the_import_is_as_it_was():
    """A file of Keras's that is missing has nothing to do with backends."""
    code = (
        "import sys; sys.modules['h5py'] = sys.modules['keras.src.layers'] = None\n"
        "import serialactivation\n"
        "try:\n    import keras\nexcept ImportError as error:\n    print(getattr(error, '__notes__', []))"
    )
    assert run_bare(code).strip() == "[]"
