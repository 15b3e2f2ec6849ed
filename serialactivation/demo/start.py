"""Before Keras is imported: what is installed, which backend it will take, and on which device.

Everything runs on the CPU, where two processes compute the same to the bit, and without the messages that backends
start with, which say nothing about a model. The network is small: with more than one thread, PyTorch is slower.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from serialactivation.catalog.backends import BACKENDS, is_installed

__all__ = ["BACKENDS", "choose_backend", "find_obstacle", "start"]

_ENVIRONMENT: Final = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "JAX_PLATFORMS": "cpu",
    "KERAS_TORCH_DEVICE": "cpu",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}


def start(*, epochs: int, output: Path | None) -> int:
    """Run the demo, if the packages that it needs are installed.

    Args:
        epochs: Epochs of training before the save.
        output: The folder to keep the files in, or None for a temporary directory.

    Returns:
        The exit status: 0 if all came back, 1 if anything differs, 2 if something is not installed.
    """
    backend = _loaded_backend() or choose_backend(os.environ)
    obstacle = find_obstacle(backend) or _find_blocked(output)
    if backend is None or obstacle is not None:
        print(f"serialactivation demo: {obstacle}", file=sys.stderr)
        return 2
    os.environ.update({**_ENVIRONMENT, "KERAS_BACKEND": backend})
    from serialactivation.demo.run import run

    return run(epochs=epochs, output=output)


def _loaded_backend() -> str | None:
    """Return the backend of Keras if that is already imported, because it cannot change then."""
    keras = sys.modules.get("keras")
    return None if keras is None else str(keras.config.backend())


def choose_backend(environment: Mapping[str, str]) -> str | None:
    """Return the backend that is asked for, or the first that is installed, or None.

    ``KERAS_BACKEND`` is obeyed whatever it says; the backend in ``keras.json`` only where it is installed, because
    Keras writes that file itself, with ``tensorflow`` in it.
    """
    asked = environment.get("KERAS_BACKEND")
    if asked:
        return asked
    wanted = (_configured_backend(environment), *BACKENDS)
    return next((name for name in wanted if name in BACKENDS and is_installed(name)), None)


def _configured_backend(environment: Mapping[str, str]) -> object:
    """Return the backend that Keras's own configuration file names, or None."""
    home = Path(environment.get("KERAS_HOME") or Path.home() / ".keras")
    try:
        config = json.loads((home / "keras.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return config.get("backend") if isinstance(config, dict) else None


def find_obstacle(backend: str | None) -> str | None:
    """Return why the demo cannot run with *backend*, and the cure, or None."""
    if backend is None:
        return "it needs a Keras backend: pip install 'serialactivation[jax]'"
    if backend not in (*BACKENDS, "numpy", "openvino"):
        return f"Keras has no backend {backend!r}: set KERAS_BACKEND to jax, torch or tensorflow"
    if backend not in BACKENDS:
        return f"it trains a network, which Keras's {backend!r} backend cannot: set KERAS_BACKEND to jax"
    if not is_installed(backend):
        return f"KERAS_BACKEND is {backend!r}, which is not installed: pip install 'serialactivation[{backend}]'"
    if not is_installed("sklearn"):
        return "it needs the digits of scikit-learn: pip install 'serialactivation[demo]'"
    return None


def _find_blocked(output: Path | None) -> str | None:
    """Return why *output* cannot be written to, or None."""
    if output is None:
        return None
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"--output needs a folder that can be written to: {error}"
    return None
