"""The cures of errors about declared fields, builds and whole models, followed to the letter; see test_layer_cures."""

import pytest

from tests.helpers.model_cures import CASES
from tests.helpers.pasted import follow_all


@pytest.mark.filterwarnings("ignore:Layer .* looks like it has unbuilt state:UserWarning")
@pytest.mark.usefixtures("restore_registry")
@pytest.mark.once
def test_every_cure_works(tmp_path):
    """Each cure of these errors works, also if an error has several."""
    follow_all(CASES, tmp_path)
