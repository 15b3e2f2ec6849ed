"""The fuzzer works: what it starts from, and a few files that it changes, are held to the promises."""

import pytest

from tests.helpers.processes import run_bare, run_python

pytestmark = pytest.mark.once

MAIN = "import sys; from tests.fuzz.__main__ import main; main(sys.argv[1:])"


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Return a folder with what each target starts from."""
    folder = tmp_path_factory.mktemp("seeds")
    run_python(MAIN, "seeds", str(folder))
    return folder


@pytest.mark.parametrize("target", ["archive", "code", "config", "hdf5"])
def test_the_fuzzer_finds_nothing_in_a_few_files(target, seeds):
    """No promise is broken, by none of the fuzzer's own either."""
    assert run_bare(MAIN, "random", target, str(seeds / target), "20") == "20 inputs\n"
