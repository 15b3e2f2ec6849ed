"""What the constructors of the importable Keras take, by module and class; run as a program, as JSON."""

import ast
import importlib
import inspect
import json
import pkgutil
import re
import textwrap
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
"""Stands for the default of a keyword that has none."""

OPAQUE: Final = "<opaque>"
"""Stands for a default that JSON has not, or that no signature shows."""

COMPILE: Final = "Model.compile"
"""Stands among the models for what a model is compiled with."""

# Keras makes a model of its config, not of its constructor's arguments.
_MODEL: Final = dict.fromkeys(("name", "trainable", "dtype", "layers"))
_MODELS: Final = {
    **dict.fromkeys(("Functional", "Model"), _MODEL | dict.fromkeys(("input_layers", "output_layers"))),
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
    """Return the names by which objects may be stored, by module: ``mse``, ``glorot_uniform``.

    Under ``training.`` and the module stand those that are read from what an HDF5 file has of a model's training.
    """
    found = {module: importlib.import_module(f"keras.src.{module}").ALL_OBJECTS_DICT for module in NAMED}
    names = {module: sorted(name for name in known if isinstance(name, str)) for module, known in found.items()}
    for module in ("losses", "metrics"):
        deserialize = getattr(keras, module).deserialize
        names[f"training.{module}"] = [name for name in names[module] if _is_read(deserialize, name)]
    return names


def _is_read(deserialize: Any, name: str) -> bool:
    """Return whether Keras makes of *name* alone what it means: it does not of short names, such as ``mse``."""
    try:
        deserialize(name)
    except (TypeError, ValueError):
        # a class that asks for arguments is found, too
        return name[0].isupper()
    return True


def read_keywords(cls: type) -> Keywords:
    """Return what a constructor takes with its defaults, and what those above it take of what it passes on.

    A keyword that is taken out of ``kwargs`` has no parameter, and is found in the source.
    """
    found: Keywords = {}
    for place, constructor in enumerate(_constructors(cls)):
        popped = _POPPED.findall(inspect.getsource(constructor)) if _is_open(constructor) else ()
        own = {**dict.fromkeys(popped, OPAQUE), **_own_keywords(constructor)}
        if place:  # what those above ask for, the class's own constructor may give
            own = {name: OPAQUE if default == REQUIRED else default for name, default in own.items()}
        found = {**own, **found}
    return found


def swallows(cls: type) -> bool:
    """Return whether a constructor takes any keyword: what it does not know it neither passes on nor refuses."""
    return any(
        _is_open(constructor) and not _may_pass_on(constructor) and not _refuses(constructor)
        for constructor in _constructors(cls)
    )


def read_swallowing() -> dict[str, list[str]]:
    """Return the classes that take any keyword, by module."""
    found = {module: [name for name, cls in _public_classes(module).items() if swallows(cls)] for module in MODULES}
    return {module: names for module, names in found.items() if names}


def _constructors(cls: type) -> Iterator[Any]:
    """Yield the constructor of *cls*, and those above it up to one that takes no more than it names."""
    for base in cls.__mro__[:-1]:
        constructor = base.__dict__.get("__init__")
        if constructor is not None:
            yield constructor
            if not _is_open(constructor) or _refuses(constructor):
                return


def _is_open(constructor: Any) -> bool:
    kinds = [parameter.kind for parameter in inspect.signature(constructor).parameters.values()]
    return inspect.Parameter.VAR_KEYWORD in kinds


def _may_pass_on(constructor: Any) -> bool:
    """Return whether a constructor passes its ``kwargs`` on, or takes out of them what it knows by a list."""
    return any(
        (isinstance(node, ast.keyword) and node.arg is None)
        or (isinstance(node, ast.Call) and ast.unparse(node).startswith("kwargs.pop(arg_name"))
        for node in _parse(constructor)
    )


def _refuses(constructor: Any) -> bool:
    """Return whether a constructor says, in one of Keras's ways, ``if kwargs: raise ...``, and passes none on."""
    return not _may_pass_on(constructor) and any(map(_is_refusal, _parse(constructor)))


def _is_refusal(node: ast.AST) -> bool:
    if not isinstance(node, ast.If) or not any(isinstance(one, ast.Raise) for one in ast.walk(node)):
        return False
    return "kwargs" in ast.unparse(node.test) and not isinstance(getattr(node.test, "ops", [None])[0], ast.In)


def _parse(constructor: Any) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(textwrap.dedent(inspect.getsource(constructor))))


def _public_classes(module: str) -> dict[str, type]:
    found = importlib.import_module(f"keras.{module}")
    return {name: cls for name, cls in vars(found).items() if inspect.isclass(cls)}


def _own_keywords(constructor: Any) -> Keywords:
    return {name: _plain(parameter.default) for name, parameter in _parameters(constructor).items()}


def _parameters(constructor: Any) -> Mapping[str, inspect.Parameter]:
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = list(inspect.signature(constructor).parameters.items())[1:]
    return {name: parameter for name, parameter in parameters if parameter.kind in named}


def _plain(default: object) -> object:
    if default is inspect.Parameter.empty:
        return REQUIRED
    if isinstance(default, tuple):
        return list(default)
    return default if default is None or isinstance(default, bool | int | float | str) else OPAQUE


def _operations() -> Iterator[tuple[str, dict[str, Keywords]]]:
    """Yield the operations, which stand in graphs, and as activations, under the modules that they are written in."""
    package = importlib.import_module("keras.src.ops")
    names = [found.name for found in pkgutil.iter_modules(package.__path__) if not found.name.endswith("_test")]
    for name in (*(f"ops.{name}" for name in names), "activations.activations"):
        module = importlib.import_module(f"keras.src.{name}")
        classes = {
            class_name: read_keywords(cls)
            for class_name, cls in vars(module).items()
            if inspect.isclass(cls) and issubclass(cls, keras.Operation) and cls.__module__ == module.__name__
        }
        if classes:
            yield f"src.{name}", classes


def read_all() -> dict[str, object]:
    """Return everything."""
    return {
        "version": keras.__version__,
        "classes": read_classes(),
        "aliases": read_aliases(),
        "swallowing": read_swallowing(),
        "names": read_names(),
    }


if __name__ == "__main__":
    print(json.dumps(read_all()))
