"""What a layer that was calibrated with GPTQ or AWQ has in a file."""

from collections.abc import MutableMapping
from typing import Any, Final

import keras

from serialactivation.catalog.versions import is_newer

__all__ = ["write_calibrated"]

_LOSES_ZEROS: Final = is_newer("3.16", keras.__version__) and not is_newer("3.14", keras.__version__)


def write_calibrated(layer: Any, store: MutableMapping[str, object]) -> bool:
    """Write the variables of a calibrated *layer*, its zero points too; return whether that was done.

    Keras 3.14 and 3.15 take the zero points of any layer for those of int4, and leave them out: what they write,
    they do not load.
    """
    mode = layer.quantization_mode
    if not _LOSES_ZEROS or not getattr(layer, f"is_{mode}_calibrated", False):
        return False
    variables = [getattr(layer, name) for name in layer.variable_serialization_spec[mode]]
    for number, variable in enumerate(variable for variable in variables if variable is not None):
        store[str(number)] = variable
    return True
