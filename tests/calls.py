"""Write ``serialactivation/catalog/calls.json``: what the calls of Keras's layers and operations take.

``python -m tests.calls PYTHON...`` asks the Keras of each of these interpreters, and keeps what all that have a class
agree about. The file has, by module of ``keras`` and by what a call takes, the names of the classes.
"""

import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from tests.helpers.processes import ROOT

FILE: Final = ROOT / "serialactivation" / "catalog" / "calls.json"

_PUBLIC: Final = ("layers", "models")
_OPERATIONS: Final = "src.ops"
_OTHERS: Final = ("src.activations.activations",)


def read_installed() -> dict[str, dict[str, str]]:
    """Return what the calls of each class of the installed Keras take, by module and class."""
    import keras

    found: dict[str, dict[str, str]] = {}
    operations = importlib.import_module(f"keras.{_OPERATIONS}")
    names = (one.name for one in pkgutil.iter_modules(operations.__path__) if not one.name.endswith("_test"))
    for name in (*_PUBLIC, *(f"{_OPERATIONS}.{one}" for one in names), *_OTHERS):
        module = importlib.import_module(f"keras.{name}") if name not in _PUBLIC else getattr(keras, name)
        calls = {key: _describe(one) for key, one in sorted(vars(module).items()) if _is_of(module, one, keras)}
        if calls:
            found[name] = calls
    return found


def _is_of(module: object, value: object, keras: object) -> bool:
    operation = keras.Operation  # type: ignore[attr-defined]
    if not inspect.isclass(value) or not issubclass(value, operation):
        return False
    name = module.__name__  # type: ignore[attr-defined]
    return not name.startswith("keras.src.") or value.__module__ == name


def _describe(owner: type) -> str:
    parameters = list(inspect.signature(owner.call).parameters.values())[1:]  # type: ignore[attr-defined]
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return " ".join(
        f"{marks.get(one.kind, '')}{one.name}{'' if one.default is one.empty else '='}" for one in parameters
    )


def merge(found: Sequence[dict[str, dict[str, str]]]) -> dict[str, dict[str, str]]:
    """Return the names of the classes by module and by what their calls take, where all releases agree."""
    merged: dict[str, dict[str, list[str]]] = {}
    for module, name, call in sorted(set(_list_all(found))):
        if all(one.get(module, {}).get(name, call) == call for one in found):
            merged.setdefault(module, {}).setdefault(call, []).append(name)
    return {module: {call: " ".join(names) for call, names in calls.items()} for module, calls in merged.items()}


def _list_all(found: Sequence[dict[str, dict[str, str]]]) -> Iterator[tuple[str, str, str]]:
    for release in found:
        for module, calls in release.items():
            for name, call in calls.items():
                yield module, name, call


def main(interpreters: Sequence[str]) -> None:
    """Write the file, or print what the installed Keras has."""
    if not interpreters:
        print(json.dumps(read_installed()))
        return
    environment = {**os.environ, "KERAS_BACKEND": "numpy"}
    releases = [
        json.loads(
            subprocess.run(
                [one, "-m", "tests.calls"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
            ).stdout.splitlines()[-1]
        )
        for one in interpreters
    ]
    FILE.write_text(json.dumps(merge(releases), indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
