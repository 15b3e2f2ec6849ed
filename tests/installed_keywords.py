"""What the constructors of the importable Keras take, by module and class; run as a program, as JSON."""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras

MODULES: Final = (
    *("layers", "initializers", "regularizers", "constraints", "losses", "metrics", "optimizers"),
    *("optimizers.schedules", "dtype_policies", "quantizers", "random"),
)
"""The public modules whose classes stand in configs."""

NAMED: Final = ("constraints", "initializers", "losses", "metrics", "optimizers", "regularizers")
"""The modules whose objects may be stored by a name alone."""

REQUIRED: Final = "<required>"
"""Stands for the default of a keyword that has none, or none that JSON has."""

COMPILE: Final = "Model.compile"
"""Stands among the models for what a model is compiled with."""

# Keras makes a model of its config, not of its constructor's arguments.
_MODEL: Final = dict.fromkeys(("name", "trainable", "dtype", "layers"))
_MODELS: Final = {
    "Functional": _MODEL | dict.fromkeys(("input_layers", "output_layers")),
    "Sequential": _MODEL | dict.fromkeys(("build_input_shape",)),
}

_POPPED: Final = re.compile(r"""kwargs\.pop\(\s*["'](\w+)["']""")

Keywords = dict[str, object]


def read_classes() -> dict[str, dict[str, Keywords]]:
    """Return the keywords and their defaults of each class, by module of ``keras`` and public name."""
    public = {module: _public_classes(module) for module in MODULES}
    found = {module: {name: read_keywords(cls) for name, cls in classes.items()} for module, classes in public.items()}
    models = {**_MODELS, COMPILE: _own_keywords(keras.Model.compile)}
    return {**found, "models": models, **dict(_operations())}


def read_aliases() -> dict[str, dict[str, str]]:
    """Return the other names of classes that have several, by module, to the class's own name, or the first."""
    aliases: dict[str, dict[str, str]] = {}
    for module in MODULES:
        first: dict[type, str] = {cls: name for name, cls in _public_classes(module).items() if name == cls.__name__}
        for name, cls in _public_classes(module).items():
            if first.setdefault(cls, name) != name:
                aliases.setdefault(module, {})[name] = first[cls]
    return aliases


def read_names() -> dict[str, list[str]]:
    """Return the names by which objects may be stored, by module: ``mse``, ``glorot_uniform``."""
    found = {module: importlib.import_module(f"keras.src.{module}").ALL_OBJECTS_DICT for module in NAMED}
    return {module: sorted(name for name in known if isinstance(name, str)) for module, known in found.items()}


def read_keywords(cls: type) -> Keywords:
    """Return what a constructor takes with its defaults, and what those above it take of what it hands on.

    A keyword that is taken out of ``kwargs`` has no parameter, and is found in the source.
    """
    found: Keywords = {}
    for base in cls.__mro__:
        constructor = base.__dict__.get("__init__")
        if constructor is None or base is object:
            continue
        found = {**_own_keywords(constructor), **found}
        if not _hands_on(constructor):
            break
        popped = _POPPED.findall(inspect.getsource(constructor))
        found = {**dict.fromkeys(popped, REQUIRED), **found}
    return found


def _public_classes(module: str) -> dict[str, type]:
    found = importlib.import_module(f"keras.{module}")
    return {name: cls for name, cls in vars(found).items() if inspect.isclass(cls)}


def _own_keywords(constructor: Any) -> Keywords:
    return {name: _plain(parameter.default) for name, parameter in _parameters(constructor).items()}


def _parameters(constructor: Any) -> Mapping[str, inspect.Parameter]:
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = list(inspect.signature(constructor).parameters.items())[1:]
    return {name: parameter for name, parameter in parameters if parameter.kind in named}


def _hands_on(constructor: Any) -> bool:
    kinds = [parameter.kind for parameter in inspect.signature(constructor).parameters.values()]
    return inspect.Parameter.VAR_KEYWORD in kinds


def _plain(default: object) -> object:
    if isinstance(default, tuple):
        return list(default)
    return default if default is None or isinstance(default, bool | int | float | str) else REQUIRED


def _operations() -> Iterator[tuple[str, dict[str, Keywords]]]:
    """Yield the operations, which stand in graphs under the modules that they are written in."""
    package = importlib.import_module("keras.src.ops")
    names = [found.name for found in pkgutil.iter_modules(package.__path__) if not found.name.endswith("_test")]
    for name in names:
        module = importlib.import_module(f"keras.src.ops.{name}")
        classes = {
            class_name: read_keywords(cls)
            for class_name, cls in vars(module).items()
            if inspect.isclass(cls) and issubclass(cls, keras.Operation) and cls.__module__ == module.__name__
        }
        if classes:
            yield f"src.ops.{name}", classes


def read_all() -> dict[str, object]:
    """Return everything."""
    return {
        "version": keras.__version__,
        "classes": read_classes(),
        "aliases": read_aliases(),
        "names": read_names(),
    }


if __name__ == "__main__":
    print(json.dumps(read_all()))
