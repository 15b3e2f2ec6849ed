"""The findings on what a load would run, read or fetch, anywhere in a model's config. Keras-free.

Source:
    ``_retrieve_class_or_fn`` of ``keras/src/saving/serialization_lib.py``, Keras 3.15: Keras searches its own modules
    for any name in a config, and imports every other module.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from serialactivation.files.printable import LONGEST_NAME, cut
from serialactivation.rules.finding import Finding, make_finding
from serialactivation.rules.lambda_code import name_uses
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.activations import is_lambda
from serialactivation.tree.classes import LOOKUPS, NEVER
from serialactivation.tree.nodes import Node
from serialactivation.typing import Config

__all__ = ["CODE", "NO_PART", "PYTHONS_OWN", "UNSAFE", "Risk", "find_risks", "find_unsafe"]

_LAMBDAS: Final = ("CVE-2024-3660",)
_LAMBDAS_IN_HDF5: Final = ("CVE-2025-9905", "GHSA-36rr-ww3j-vrjv")
_PROGRAMS: Final = ("CVE-2026-1462", "GHSA-4f3f-g24h-fr8m")
_VOCABULARIES: Final = ("CVE-2025-12058", "GHSA-qg93-c7p6-gg7f")
_MODULES: Final = ("CVE-2025-1550", "GHSA-48g7-3x6r-xfhp")
_SETTINGS: Final = ("CVE-2025-9906", "GHSA-36fq-jgmw-4r9c")
_DOWNLOADS: Final = ("CVE-2025-8747", "GHSA-c9rc-mg46-23w3")
_ARCHIVES: Final = (
    *("CVE-2024-55459", "GHSA-cjgq-5qmw-rcj6", "CVE-2025-12060", "GHSA-hjqc-jx6g-rwp9"),
    "CVE-2025-12638",
)
_PICKLES: Final = ("CVE-2025-49655",)
_NAMES: Final = ("CVE-2026-12479",)

CODE: Final = Rule(
    code="SA301",
    severity=Severity.ERROR,
    advisories=(*_LAMBDAS, *_LAMBDAS_IN_HDF5),
    verdict=Verdict.RUNS,
    advice=("write a layer of your own in its place, and register it; do not load it with safe_mode=False",),
    meaning="The file holds the bytecode of a function. Keras refuses to load it, or runs it if safe_mode=False.",
    why="A Lambda layer was given a lambda, or another layer holds one. Keras stores its bytecode, and load_model "
    "runs it if safe_mode=False.",
    example='{"class_name": "Lambda", "config": {"function": {"class_name": "__lambda__", ...}}}',
    cure="Write a layer of your own in place of the Lambda, register it, and save the model again. Do not load the "
    "file with safe_mode=False unless you know who made it.",
)

OUTSIDE: Final = Rule(
    code="SA302",
    severity=Severity.ERROR,
    advisories=(*_PROGRAMS, *_VOCABULARIES, *_PICKLES),
    verdict=Verdict.RUNS,
    advice=("load it only if you know who made it, with safe_mode=False if Keras asks for that",),
    meaning="When the model is loaded, a layer reads something outside the file, or unpacks code from the file.",
    why="TFSMLayer reads a folder with a TensorFlow program, TorchModuleWrapper unpickles a module, JaxLayer and "
    "FlaxLayer call the functions that they were given, and a lookup layer reads its vocabulary from a path.",
    example='{"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd", ...}}',
    cure="Load the file only if you know who made it, with safe_mode=False if Keras asks for that. A vocabulary that "
    "is a list, and not a path, is a part of the file itself.",
)

NO_PART: Final = Rule(
    code="SA303",
    severity=Severity.ERROR,
    advisories=(*_SETTINGS, *_DOWNLOADS, *_ARCHIVES),
    verdict=Verdict.RUNS,
    advice=("do not load it; ask where the file comes from",),
    meaning="The file names something in Keras that is not a part of a model, and that a load would resolve.",
    why="load_model resolves every name that Keras exports, including functions that draw, write or download. Keras "
    "does not write such a file.",
    example='{"module": "keras.utils", "class_name": "function", "config": "get_file"}',
    cure="Do not load the file, and ask where it comes from.",
)

PYTHONS_OWN: Final = Rule(
    code="SA304",
    severity=Severity.ERROR,
    advisories=_MODULES,
    verdict=Verdict.RUNS,
    advice=("do not load it; ask where the file comes from",),
    meaning="The file names something in Python's standard library that runs programs, reads files or unpickles.",
    why="load_model imports the module that a config names. Keras does not write such a file.",
    example='{"module": "os", "class_name": "function", "config": "system"}',
    cure="Do not load the file, and ask where it comes from.",
)

CLIMBING_NAME: Final = Rule(
    code="SA305",
    severity=Severity.ERROR,
    verdict=Verdict.RUNS,
    advisories=_NAMES,
    advice=("do not load it; ask where the file comes from",),
    meaning="The name of a layer or a model leads out of a folder: a load may write a file elsewhere.",
    why="Keras makes paths of files from the names of layers. A name such as ../../a leads out of the folder that a "
    "model is unpacked to. Keras refuses such names where it makes the layer.",
    example='"name": "../../.bashrc" of a Dense',
    cure="Do not load the file, and ask where it comes from.",
)

UNSAFE: Final = (CODE, OUTSIDE, NO_PART, PYTHONS_OWN, CLIMBING_NAME)
"""The rules on what a load would run, read or fetch, in the order of their codes."""

# The modules of Keras with the parts of models, including older and private ones.
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
_ON_LAYERS: Final = {"TFSMLayer": _PROGRAMS, "TorchModuleWrapper": _PICKLES}
_ON_NAMES: Final = {
    "enable_unsafe_deserialization": _SETTINGS,
    "get_file": (*_DOWNLOADS, *_ARCHIVES),
}
_OUTSIDE: Final[Mapping[str, str]] = {
    "FlaxLayer": "calls the functions that it was given",
    "JaxLayer": "calls the functions that it was given",
    "TFSMLayer": "reads a TensorFlow program from a folder",
    "TorchModuleWrapper": "unpickles a module",
}


class Risk(NamedTuple):
    """What a load would run, read or fetch for one object.

    Attributes:
        rule: The rule that the object breaks.
        evidence: What was found.
        advisories: The ids of advisories on just this.
    """

    rule: Rule
    evidence: str
    advisories: tuple[str, ...] = ()


def find_unsafe(node: Node) -> Iterator[Finding]:
    """Yield what a load would run, read or fetch for one *node*, unless a rule on activations reports it."""
    if not isinstance(node.stored, dict):
        return
    for risk in find_risks(node.stored):
        is_in_activation_rules = (risk.rule is PYTHONS_OWN or node.is_code) and node.is_activation  # as SA109, SA101
        if not is_in_activation_rules and not _is_in_code(node):
            owners = tuple(_find_owners(node))
            finding = make_finding(risk.rule, owners, node.steps, risk.evidence, *risk.rule.advice)
            yield finding._replace(advisories=risk.advisories)


def _is_in_code(node: Node) -> bool:
    """Return whether *node* is inside the code of a function, which is reported as a whole."""
    return any(
        isinstance(one.stored, dict) and is_lambda(one.stored) for one in itertools.islice(node.climb(), 1, None)
    )


def _find_owners(node: Node) -> Iterator[str]:
    """Yield the names of the objects around *node*, the outermost first."""
    for one in reversed(tuple(node.climb())[1:]):
        if isinstance(one.stored, dict) and isinstance(one.stored.get("class_name"), str):
            name = one.config.get("name")
            if isinstance(name, str):
                yield name


def find_risks(value: Config) -> Iterator[Risk]:
    """Yield what a load would run, read or fetch for one object."""
    if is_lambda(value):
        yield Risk(CODE, f"it is the code of a function{name_uses(value)}", CODE.advisories)
    class_name, module, inner = value.get("class_name"), value.get("module"), value.get("config")
    if not isinstance(class_name, str):
        return
    config = inner if isinstance(inner, dict) else {}
    if class_name == "Lambda" and isinstance(config.get("function"), list):  # as Keras 1 and 2 write it
        evidence = f"it is a Lambda with the code of a function{name_uses(config['function'])}"
        yield Risk(CODE, evidence, CODE.advisories)
    if class_name in _OUTSIDE:
        yield Risk(OUTSIDE, f"{class_name} {_OUTSIDE[class_name]}", _ON_LAYERS.get(class_name, ()))
    if class_name in LOOKUPS and isinstance(config.get("vocabulary"), str):
        path = cut(str(config["vocabulary"]), LONGEST_NAME)
        yield Risk(OUTSIDE, f"{class_name} reads its vocabulary from {path!r}", _VOCABULARIES)
    name = config.get("name")
    if isinstance(name, str) and (name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)):
        yield Risk(CLIMBING_NAME, f"its name is {cut(name, LONGEST_NAME)!r}", _NAMES)
    if isinstance(module, str):
        yield from _check_module(module, class_name, inner if isinstance(inner, str) else "")


def _check_module(module: str, class_name: str, function: str) -> Iterator[Risk]:
    """Yield the risks of the module of an object, or of a *function*."""
    is_function = class_name == "function"
    name = function if is_function else class_name
    package, shown = module.partition(".")[0], cut(f"{cut(module)}.{cut(name)}")
    if NEVER.fullmatch(package) and not (
        is_function and module == "builtins"
    ):  # which is how Keras writes any function
        yield Risk(PYTHONS_OWN, f"it names {shown}", _MODULES)
    if package != "keras":
        return
    known = _FUNCTIONS if is_function else _CLASSES
    is_top = module == "keras" and name in _TOP and not is_function
    if not is_top and name != "FeatureSpace" and not known.fullmatch(module):
        yield Risk(NO_PART, f"it names {shown}, which is not a part of a model", _ON_NAMES.get(name, _DOWNLOADS))
