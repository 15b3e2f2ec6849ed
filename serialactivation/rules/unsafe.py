"""The findings on what a load would run, read or fetch, wherever it stands in a model's config. Keras-free.

Source:
    ``_retrieve_class_or_fn`` of ``keras/src/saving/serialization_lib.py``, Keras 3.15: a module of Keras is searched
    for what a config names, whatever it is, and any other is imported.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, cast

from serialactivation.files.printable import LONGEST_NAME, cut
from serialactivation.rules.finding import Finding, tell
from serialactivation.tree.activations import Steps, find_sites, is_lambda
from serialactivation.tree.classes import LOOKUPS, NEVER
from serialactivation.typing import JSON, Config

__all__ = ["find_loading", "find_risks"]

# Where Keras has what a model is made of, its older and its private places included.
_PARTS: Final = (
    r"activations|constraints|dtype_policies|initializers|layers|losses|metrics|models|ops|optimizers|quantizers|random"
    r"|regularizers|engine|legacy|mixed_precision"
)
_CLASSES: Final = re.compile(rf"keras((\.api|\.src)?\.({_PARTS})(\..*)?|\.src\.backend\.\w+\.optimizers\..*)")
_FUNCTIONS: Final = re.compile(
    r"keras(\.api|\.src)?\.(activations|constraints|initializers|losses|metrics|ops|regularizers)(\..*)?"
)
_TOP: Final = frozenset(
    ["DTypePolicy", "FloatDTypePolicy", "Functional", "InputSpec", "KerasTensor", "Model", "Sequential", "Variable"]
)
_OUTSIDE: Final[Mapping[str, str]] = {
    "FlaxLayer": "calls the functions that it was given",
    "JaxLayer": "calls the functions that it was given",
    "TFSMLayer": "reads a TensorFlow program from a folder",
    "TorchModuleWrapper": "unpickles a module",
}
_CURES: Final[Mapping[str, str]] = {
    "SA301": "write a layer of your own in its place, and register it; do not load it with safe_mode=False",
    "SA302": "load it only if you know who made it",
    "SA303": "do not load it; ask where the file comes from",
    "SA304": "do not load it; ask where the file comes from",
}


def find_loading(config: JSON, start: Steps = ()) -> Iterator[Finding]:
    """Yield what a load would run, read or fetch, but for what the rules on activations tell.

    Args:
        config: A model's config, or how it was compiled.
        start: Where *config* stands.
    """

    @functools.cache
    def find_activations() -> frozenset[int]:
        return frozenset(id(site.stored) for site in find_sites(config) if isinstance(site.stored, dict))

    yield from _walk(config, start, (), lambda value: id(value) in find_activations())


def _walk(
    value: JSON, steps: Steps, owners: tuple[str, ...], is_activation: Callable[[Config], bool]
) -> Iterator[Finding]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*steps, index), owners, is_activation)
        return
    if not isinstance(value, dict):
        return
    for code, evidence in find_risks(value):
        is_told = (code == "SA304" or is_lambda(value)) and is_activation(value)  # as SA109, SA101
        if not is_told:
            yield tell(code, owners, steps, evidence, _CURES[code])
    if is_lambda(value):
        return
    inner = value.get("config")
    if isinstance(value.get("class_name"), str) and isinstance(inner, dict) and isinstance(inner.get("name"), str):
        owners = (*owners, cast("str", inner["name"]))
    for key, item in value.items():
        yield from _walk(item, (*steps, key), owners, is_activation)


def find_risks(value: Config) -> Iterator[tuple[str, str]]:
    """Yield the codes for one object, of what a load would run, read or fetch for it, and the evidence."""
    if is_lambda(value):
        yield "SA301", "it is the code of a function"
    class_name, module, inner = value.get("class_name"), value.get("module"), value.get("config")
    if not isinstance(class_name, str):
        return
    config = inner if isinstance(inner, dict) else {}
    if class_name == "Lambda" and isinstance(config.get("function"), list):  # as Keras 1 and 2 write it
        yield "SA301", "it is a Lambda with the code of a function"
    if class_name in _OUTSIDE:
        yield "SA302", f"{class_name} {_OUTSIDE[class_name]}"
    if class_name in LOOKUPS and isinstance(config.get("vocabulary"), str):
        yield "SA302", f"{class_name} reads its vocabulary from {cut(str(config['vocabulary']), LONGEST_NAME)!r}"
    if isinstance(module, str):
        yield from _judge_place(module, class_name, inner if isinstance(inner, str) else "")


def _judge_place(module: str, class_name: str, function: str) -> Iterator[tuple[str, str]]:
    """Yield the codes for the place that an object, or a *function*, is said to be in."""
    is_function = class_name == "function"
    name = function if is_function else class_name
    package, shown = module.partition(".")[0], cut(f"{cut(module)}.{cut(name)}")
    if NEVER.fullmatch(package) and not (
        is_function and module == "builtins"
    ):  # which is how Keras writes any function
        yield "SA304", f"it names {shown}"
    if package != "keras":
        return
    known = _FUNCTIONS if is_function else _CLASSES
    is_top = module == "keras" and name in _TOP and not is_function
    if not is_top and name != "FeatureSpace" and not known.fullmatch(module):
        yield "SA303", f"it names {shown}, which is no part of a model"
