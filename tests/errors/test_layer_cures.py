"""The cures of errors about a layer, followed to the letter: the model is made, saved, and loaded in a new process."""

import pytest

from tests.helpers import argument_cures, layer_cures
from tests.helpers.pasted import follow_all


@pytest.mark.usefixtures("restore_registry")
@pytest.mark.once
def test_every_cure_works(tmp_path):
    """Each cure of these errors works, also if an error has several."""
    follow_all({**layer_cures.CASES, **argument_cures.CASES}, tmp_path)
