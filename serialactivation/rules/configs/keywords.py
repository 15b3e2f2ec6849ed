"""The rules on keywords in a config, and the checks of them: whether the target Keras takes them. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.classes import COMPILE, NewerKeyword, Signature, find_signature
from serialactivation.catalog.keras2 import BATCH_INPUT_SHAPE, leaves_out_reset_after
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import COMPILE_CONFIG
from serialactivation.rules.configs.classes import GONE, NOT_KNOWN
from serialactivation.rules.issue import Issue, NodeCheck, make_issue, show
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.activations import Steps
from serialactivation.tree.nodes import Node
from serialactivation.typing import JSON

__all__ = ["KEYWORDS", "KEYWORD_CHECKS", "check_strings", "names_module"]

DEFAULT_OF_NEWER_KEYWORD: Final = Rule(
    code="SA201",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="prune",
    advice=("serialactivation repair FILE --target-keras {target} -o OUT",),
    meaning="A keyword that only a newer Keras has holds its default: the target Keras refuses it.",
    why="Keras writes every keyword of a constructor into the config, and refuses keywords that it does not know. "
    "Even a plain Dense of Keras 3.15 does not load on any older Keras.",
    example='"quantization_config": null of a Dense, with --target-keras 3.9',
    cure="Remove the keyword with serialactivation repair --target-keras, or save the model with "
    "serialactivation.save_model and target_keras.",
)

NEWER_KEYWORD: Final = Rule(
    code="SA202",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("load it with Keras {since} or newer",),
    meaning="A keyword that only a newer Keras has is used: the target Keras does not support it.",
    why="The model uses a feature that the Keras named by --target-keras does not have.",
    example='"renorm": true of a BatchNormalization, with --target-keras 3.9',
    cure="Load the model with a Keras that has the keyword, or build the model without it.",
)

UNKNOWN_KEYWORD: Final = Rule(
    code="SA210",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="input loss modernize optimizer",
    advice=("load it with the Keras that wrote it",),
    meaning="An object holds a keyword that its class has in no known version of Keras 3, and refuses.",
    why="The file was written by Keras 2, by another program, or by a Keras that is newer than this version of "
    "serialactivation. The classes of Keras refuse keywords that they do not know.",
    example='"time_major": false of a Dense',
    cure="Let serialactivation repair remove what Keras 2 wrote, or load the model with the Keras that wrote it.",
    part_of=NOT_KNOWN.code,
)

KEYWORD_ASKED_FOR: Final = Rule(
    code="SA211",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("load it with the Keras that wrote it",),
    meaning="An object lacks a keyword that its class requires in the target Keras.",
    why="The file was written by another version of Keras, in which the keyword had a default, or by another program.",
    example='{"class_name": "Dense", "config": {"name": "dense"}}, without units',
    cure="Load the model with the Keras that wrote it, and save it again.",
    part_of=NOT_KNOWN.code,
)

NEWER_EFFECT: Final = Rule(
    code="SA213",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    advice=("load it with Keras {since} or newer",),
    meaning="A keyword has an effect in a newer Keras, but none in the target Keras, which accepts it.",
    why="The class accepts any keyword. The model therefore loads, but may compute something else.",
    example='"ragged": true of an InputLayer, with --target-keras 3.6',
    cure="Load the model with a Keras that supports the keyword, and compare what the model computes.",
    part_of=NOT_KNOWN.code,
)

TAKEN_FOR_FUNCTION: Final = Rule(
    code="SA217",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="locate",
    advice=("save the model as .keras",),
    meaning="A string in an HDF5 file is also the name of a function in keras.layers: Keras reads it as the function.",
    why="An HDF5 file stores no modules. Keras therefore looks strings up in keras.layers, which has functions "
    "too, since Keras 3.14, and the layer refuses the function.",
    example='"score_mode": "dot" of an Attention',
    cure="Save the model as .keras.",
    part_of=NOT_KNOWN.code,
)

NULL_KEYWORD: Final = Rule(
    code="SA219",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    meaning="An object holds null for a keyword that its class requires in the target Keras.",
    why="The file was written by a newer Keras, in which the keyword has a default of None.",
    example='"axis": null of an AbsMaxQuantizer, with --target-keras 3.12',
    cure="Load the model with the Keras that wrote it, and save it again.",
    part_of=NOT_KNOWN.code,
)

_WHY_UNSAID: Final = "Before Keras 2.1, GRU had no reset_after, and did what False does. Keras 3 assumes True."

UNSAID_RESET: Final = Rule(
    code="SA237",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="modernize",
    advice=('write "reset_after": false into its config',),
    meaning="A GRU of Keras before 2.1 leaves out reset_after: the bias of Keras 3 has another shape.",
    why=_WHY_UNSAID,
    example='{"class_name": "GRU", "config": {"implementation": 1, ...}} without reset_after',
    cure="Let serialactivation repair write it.",
)

UNSAID_RESET_WITHOUT_BIAS: Final = UNSAID_RESET._replace(
    code="SA238",
    verdict=Verdict.OTHERWISE,
    meaning="A GRU of Keras before 2.1 without a bias leaves out reset_after: Keras 3 computes something else.",
)


KEYWORDS: Final = (
    DEFAULT_OF_NEWER_KEYWORD,
    NEWER_KEYWORD,
    UNKNOWN_KEYWORD,
    KEYWORD_ASKED_FOR,
    NEWER_EFFECT,
    TAKEN_FOR_FUNCTION,
    NULL_KEYWORD,
    UNSAID_RESET,
    UNSAID_RESET_WITHOUT_BIAS,
)
"""The rules on keywords, in the order of their codes."""

# Functions of keras.layers: Keras looks up the strings of a layer without a module there.
_FUNCTIONS: Final = ("add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract")

_READS_FUNCTIONS: Final = "3.14"
"""The first Keras that looks up strings in the configs of layers among those functions."""

# Their from_config reads the arguments that it knows, and ignores all others.
_READ_SOME: Final = ("keras.initializers.Constant", "keras.models.Sequential")

_GRAPHS: Final = ("keras.models.Functional", "keras.models.Model")
_IGNORED_SINCE: Final = "3.9"
"""The first Keras whose Functional certainly ignores what it does not know."""


def _check_keywords(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with the keywords of an object."""
    signature = node.of.signature if node.of is not None else None
    if signature is None:
        return
    for name, value in node.config.items():
        if name != BATCH_INPUT_SHAPE or names_module(node):
            yield from _check_keyword(node, signature, name, value, target, ("config", name))
    for name in signature.find_asked(target):
        if name not in node.config:
            yield make_issue(node, KEYWORD_ASKED_FOR, f"{signature.owner} requires {name!r} in Keras {target}")
        elif node.config[name] is None and signature.asks[name] is not None:
            evidence = f"{signature.owner} requires {name!r} in Keras {target}, and may refuse null for it"
            yield make_issue(node, NULL_KEYWORD, evidence, inner=("config", name))


def _check_compiling(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with the keywords that a model is compiled with."""
    signature = find_signature("models", COMPILE)
    compiled = node.stored.get(COMPILE_CONFIG) if isinstance(node.stored, dict) else None
    if isinstance(compiled, dict) and signature is not None and node.of is not None and node.of.signature:
        for name, value in compiled.items():
            yield from _check_keyword(node, signature, name, value, target, (COMPILE_CONFIG, name))


def check_strings(node: Node, target: str) -> Iterator[Issue]:
    """Yield an issue for each string that Keras reads as a function, in a layer stored without its module."""
    if is_newer(_READS_FUNCTIONS, target) or names_module(node) or node.hint != "layers":
        return
    if node.of is None or node.of.signature is None:
        return
    for key, value in node.config.items():
        if isinstance(value, str) and value in _FUNCTIONS and key != "name":
            evidence = f"in an HDF5 file, Keras reads {value!r} as the function keras.layers.{value}"
            yield make_issue(node, TAKEN_FOR_FUNCTION, evidence, inner=("config", key))


def _check_reset(node: Node, _: str) -> Iterator[Issue]:
    """Yield an issue if a GRU of Keras before 2.1 leaves out ``reset_after``."""
    if node.of is None or node.of.signature is None or names_module(node):
        return
    if leaves_out_reset_after(node.of.name, node.config):
        rule = UNSAID_RESET if node.config.get("use_bias", True) else UNSAID_RESET_WITHOUT_BIAS
        yield make_issue(node, rule, "it leaves out 'reset_after', which was False, and is True in Keras 3")


def names_module(node: Node) -> bool:
    """Return whether an object is stored with its module: Keras 3 then reads it as in a ``.keras`` file."""
    return isinstance(node.stored, dict) and "module" in node.stored


def _check_keyword(
    node: Node, signature: Signature, name: str, value: JSON, target: str, inner: Steps
) -> Iterator[Issue]:
    newer, until = signature.newer.get(name), signature.gone.get(name)
    if name not in signature.keywords:
        is_ignored = signature.owner in _GRAPHS and not is_newer(_IGNORED_SINCE, target)
        if not signature.swallows and signature.owner not in _READ_SOME and not is_ignored:
            yield make_issue(node, UNKNOWN_KEYWORD, f"{signature.owner} has no known keyword {show(name)}", inner=inner)
    elif newer is not None and is_newer(newer.since, target):
        yield from _check_newer(node, signature, newer, value, target, inner)
    elif until is not None and is_newer(target, until):
        evidence = f"{name!r} of {signature.owner} is in Keras up to {until}, but not in Keras {target}"
        yield make_issue(node, GONE, evidence, inner=inner, until=until)


def _check_newer(
    node: Node, signature: Signature, newer: NewerKeyword, value: JSON, target: str, inner: Steps
) -> Iterator[Issue]:
    what = f"{signature.owner}({newer.name}={show(value)})"
    since = f"was added in Keras {newer.since}, and the target is Keras {target}"
    if signature.swallows:
        if not newer.says_nothing(value):
            evidence = f"{what} has an effect since Keras {newer.since}, but none in Keras {target}"
            yield make_issue(node, NEWER_EFFECT, evidence, inner=inner, since=newer.since)
    elif newer.says_nothing(value):
        yield make_issue(
            node,
            DEFAULT_OF_NEWER_KEYWORD,
            f"{what} holds its default; {newer.name!r} {since}",
            inner=inner,
            since=newer.since,
        )
    else:
        yield make_issue(node, NEWER_KEYWORD, f"{what} is used; {newer.name!r} {since}", inner=inner, since=newer.since)


KEYWORD_CHECKS: Final[tuple[NodeCheck, ...]] = (
    _check_keywords,
    check_strings,
    _check_reset,
    _check_compiling,
)
"""The checks, in the order of their findings."""
