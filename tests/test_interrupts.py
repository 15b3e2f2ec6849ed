"""An interrupt at any line of this package leaves nothing behind: what comes after is as if it had not begun."""

import pytest

from tests.processes import run_function

pytestmark = pytest.mark.once


def sample():
    """Print what is seen of interrupts at a few lines of each operation."""
    from tests.interrupts import try_all

    print(try_all(most=4))


def test_an_interrupt_leaves_nothing_behind():
    """In configs, texts, files, clones and models that are made, in warnings, and in what is refused."""
    assert run_function(sample) == "{}\n"
