"""The pytest plugin: an option for the extent of the checks, and a fixture. Importing it does not import Keras."""

from collections.abc import Callable

import pytest

from serialactivation.testing.extent import set_full

__all__ = ["check_layer", "pytest_addoption", "pytest_configure"]

_OPTION = "--serialactivation-full"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("serialactivation", "layers and their activations")
    group.addoption(_OPTION, action="store_true", help="check layers with rarer activations, too")


def pytest_configure(config: pytest.Config) -> None:
    """Set the extent of the checks before tests are collected."""
    set_full(bool(config.getoption(_OPTION)))


@pytest.fixture(name="check_layer")
def check_layer() -> Callable[..., None]:
    """Return :func:`serialactivation.testing.check_layer`."""
    from serialactivation.testing.checks import check_layer

    return check_layer
