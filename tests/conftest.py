"""What every test starts from: JAX unless another backend is asked for, and a Keras that nothing has been done to."""

import functools
import gc
import importlib.util
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

# What JAX compiles it keeps: a recurrent layer is compiled anew for every instance, and in every process of a test. All
# processes share one folder, those of nox's other environments too: what a program is kept under has its compiler's
# version. JAX does not write whole files at once; half a file cannot be decompressed, and is compiled anew.
os.environ["JAX_COMPILATION_CACHE_DIR"] = str(pathlib.Path(__file__).parents[1] / ".jax_cache")
# Of GPUs alone, and would keep a program under the folder's name too.
os.environ["JAX_PERSISTENT_CACHE_ENABLE_XLA_CACHES"] = "none"
os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"
# An initializer is compiled for every shape, which takes twice as long the way JAX draws by default, for many devices.
os.environ["JAX_THREEFRY_PARTITIONABLE"] = "0"
# Nearly all programs run once: optimizing them takes longer than running them. The fixture `optimized` is for the rest.
# The JAX that an older Keras needs computes other last bits then, and nox sets it to "0".
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")

import hypothesis
import keras
import pytest

import serialactivation.layers
import serialactivation.testing.samples  # noqa: F401
from serialactivation.catalog.versions import is_newer
from tests.shares import divide, find_turn

# What needs all three backends in one environment.
EVERY_BACKEND = all(importlib.util.find_spec(name) for name in ("jax", "tensorflow", "torch"))

# Of JAX alone: its traced graphs, what is counted in them, and the pages, which print what they print on JAX.
JAX_ALONE = [
    "layer/test_conversions_jax.py",
    "layer/test_costs_jax.py",
    "docs/test_docs.py",
    "docs/test_troubleshooting.py",
    "docs/test_upstream.py",
    "layer/test_traced_graph_jax.py",
    "models/test_inference_backends.py",  # the NumPy backend of Keras imports JAX
]
collect_ignore = [] if keras.config.backend() == "jax" else list(JAX_ALONE)
if not EVERY_BACKEND:
    collect_ignore.append("exchange")
if "PUBLISHED_MODELS" not in os.environ:
    collect_ignore.append("published")
if "BROWSER_PATH" not in os.environ:
    collect_ignore.append("browser")
if "DOWNSTREAM" not in os.environ:
    collect_ignore.append("downstream")
# As in nox's session `exchange`, pytest runs this module where it is asked for it by its name; without this, it fails.
EXPORTERS = {"jax": "jax2onnx", "tensorflow": "tf2onnx", "torch": "onnxscript"}
if not importlib.util.find_spec(EXPORTERS.get(keras.config.backend(), "no exporter")):
    collect_ignore.append("models/test_export.py")


def pytest_addoption(parser):
    parser.addoption("--share", default="1/1", help="run a share of the tests: with 2/3, the second third of them")
    parser.addoption("--turn", type=int, help="which tests a share has; by default, each commit has another turn")


def pytest_configure(config):
    """Settle the turn, for xdist's workers too, and ignore a warning; collect tests without looking for garbage.

    Keras 3.10 remarks on the input of every model that it has loaded: a list of one, in its files, is no list. Since
    3.16, Keras warns of a mask that a recurrent layer is given, and ignores it.
    """
    gc.disable()  # what is imported and collected stays, and looking through it took a fifth of the time
    if config.option.turn is None:
        config.option.turn = find_turn()
    if keras.__version__.startswith("3.10."):
        config.addinivalue_line("filterwarnings", "ignore:The structure of `inputs` doesn't match:UserWarning")
    if not is_newer("3.16", keras.__version__):
        config.addinivalue_line("filterwarnings", "ignore:Layer .* does not support masking:UserWarning")


def pytest_report_header(config):
    """Say how to run the same share again."""
    return f"tests: --share {config.option.share} --turn {config.option.turn}"


def pytest_collection_modifyitems(config, items):
    """Keep the share asked for, and drop the rest."""
    kept, dropped = divide(items, config.option.share, config.option.turn)
    config.hook.pytest_deselected(items=dropped)
    items[:] = kept


@hypothesis.given(hypothesis.strategies.none())
def start_hypothesis(_):
    """Let Hypothesis make its random numbers: on Python 3.14, it does not find what holds them once that is frozen."""


def pytest_collection_finish():
    """Leave what has been imported and collected to itself: no collection of garbage looks through it again."""
    start_hypothesis()
    gc.enable()
    gc.collect()
    gc.freeze()


pytest.register_assert_rewrite("tests.helpers")

hypothesis.settings.register_profile("default", deadline=None, derandomize=True)
hypothesis.settings.load_profile("default")


@pytest.fixture(autouse=True)
def fresh_keras():
    """Automatic names count from the start, and no test's seed is another's."""
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True, scope="module")
def leave_alone():
    """What a module leaves to itself: a collection of garbage, which some refusals ask for, looks at what came since.

    JAX keeps what it has compiled, and a collection that went through all of it took a second at the end of the tests.
    """
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def forget_local_classes(leave_alone):
    """A class that a test defines in itself is gone with the module: another module's may have the same name."""
    yield
    registered = keras.saving.get_custom_objects()
    for name, value in list(registered.items()):
        if "<locals>" in getattr(value, "__qualname__", ""):
            del registered[name]


@pytest.fixture(scope="module")
def optimized():
    """JAX compiles as it does for users, here and in new interpreters: for what is said of numbers, and for pages."""
    before = os.environ["JAX_DISABLE_MOST_OPTIMIZATIONS"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "0")
        _optimize(True)
        yield
    _optimize(before == "0")


def _optimize(much):
    """Have JAX optimize, or not, all that it compiles from now on; what it has compiled is compiled again."""
    if keras.config.backend() == "jax":
        import jax

        jax.config.update("jax_disable_most_optimizations", not much)
        jax.clear_caches()


@pytest.fixture(scope="session")
def corpus_file(tmp_path_factory):
    """Return what writes a file of the corpus, once for all tests, and returns its path; no test changes the file."""
    from tests import corpus

    return functools.cache(functools.partial(corpus.write, folder=tmp_path_factory.mktemp("corpus")))


@pytest.fixture
def restore_policy():
    """The global dtype policy is put back."""
    before = keras.config.dtype_policy()
    yield
    keras.config.set_dtype_policy(before)


@pytest.fixture
def restore_registry():
    """What a test registers is gone when it ends.

    What the package registers is imported above: it registers once, and would be gone with the test that comes first.
    """
    before = dict(keras.saving.get_custom_objects())
    yield
    keras.saving.get_custom_objects().clear()
    keras.saving.get_custom_objects().update(before)
