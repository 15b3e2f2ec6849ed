"""The rules on classes in a config, and the checks of them: whether the target Keras has a class. Keras-free."""

from collections.abc import Iterator
from typing import Final, cast

from serialactivation.catalog import keras2
from serialactivation.catalog.classes import MODULES
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import COMPILE_CONFIG
from serialactivation.files.printable import cut
from serialactivation.rules.configs.optimizers import find_own_optimizer
from serialactivation.rules.issue import Issue, NodeCheck, make_issue, show
from serialactivation.rules.provided import PROGRAM_CLASS, cure_for_class, find_needed_class
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.classes import KERAS, Class, is_of_program, is_operation
from serialactivation.tree.nodes import Node
from serialactivation.tree.stand_ins import find_stand_in
from serialactivation.typing import Config

__all__ = ["CLASSES", "CLASS_CHECKS", "check_span"]

NEWER_CLASS: Final = Rule(
    code="SA203",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("load it with Keras {since} or newer",),
    meaning="A class, or an object stored by name, was added in a newer Keras than the target Keras.",
    why="The model was saved with a newer Keras than the one that --target-keras names.",
    example='"class_name": "RMSNormalization", with --target-keras 3.6',
    cure="Load the model with a Keras that has it, or build the model without it.",
)

NOT_KNOWN: Final = Rule(
    code="SA204",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    repair="locate",
    meaning="Whether the object loads is not known: its class is from another package, or not a known class of Keras "
    "3.",
    why="The class comes from another package, from Keras 2, or from a Keras that is newer than this version of "
    "serialactivation. SA210 to SA218 were once a part of SA204, and selecting SA204 still selects them.",
    example='"registered_name": "my_package>Gate"',
    cure="Import the package that the class comes from, and load the model with the target Keras. If your project "
    "provides it, name it with --known, or in the setting known.",
)

GONE: Final = Rule(
    code="SA206",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="cudnn loss modernize operate",
    advice=("load it with Keras {until} or older",),
    meaning="A class, a keyword or a name was part of an older Keras, and the target Keras has removed it.",
    why="The model was saved with an older Keras than the target Keras, which is the one that --target-keras names, "
    "or else the newest.",
    example='"class_name": "Bartlett" of keras.src.ops.numpy, which Keras has up to 3.14',
    cure="Load the model with a Keras that has it, and save the model in another form.",
)

BACKENDS_OPTIMIZER: Final = Rule(
    code="SA208",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    repair="respell",
    advice=("serialactivation repair FILE -o OUT",),
    meaning="An optimizer is stored as the class of one backend, which other backends do not load.",
    why="With PyTorch, Keras makes a class of its own for each optimizer, and writes the private module of that "
    "class. Where PyTorch is not installed, the model loads only with compile=False.",
    example='"module": "keras.src.backend.torch.optimizers.torch_adam", "class_name": "Adam"',
    cure="Let serialactivation repair write the public class, from which each backend makes its own.",
)

OPERATION: Final = Rule(
    code="SA209",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("save the model as .keras, with the Keras that made it",),
    meaning="An operation of keras.ops is in the graph of an HDF5 file, where Keras looks for layers only.",
    why="An HDF5 file stores the class of each step of a graph, but not the module, and Keras searches for the class "
    "among its layers. Keras saves such a model, but cannot load it.",
    example='"class_name": "Tanh", without a module, of keras.ops.tanh(x)',
    cure="Save the model as .keras, with the Keras that made it.",
)

NO_KERAS3_CONFIG: Final = Rule(
    code="SA216",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="wrap",
    advice=("load it with the Keras that wrote it",),
    meaning="The config of an object does not have the form of a Keras 3 config, which Keras 3 refuses.",
    why="Keras 1 wrote the layers of a Sequential as a bare list.",
    example='{"class_name": "Sequential", "config": [...]}',
    cure="Load it with the Keras that wrote it, and save it again.",
    part_of=NOT_KNOWN.code,
)

NO_SUCH_CLASS: Final = Rule(
    code="SA220",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="locate",
    advice=("load it with the Keras that wrote it",),
    meaning="An object names a class of Keras that no Keras 3 has in that module.",
    why="The .keras files of Keras 2 name modules that Keras 3 does not have, such as keras.src.engine for a "
    "functional model.",
    example='"module": "keras.src.engine.functional", "class_name": "Functional"',
    cure="Load the model with the Keras that wrote it, and save it as an HDF5 file, which holds no modules.",
)

UNNAMED_MODULE: Final = Rule(
    code="SA228",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="locate",
    advice=('write "module": "keras.layers" beside its class_name',),
    meaning="A layer in another one, a .keras model, or its optimizer or loss has no module: Keras does not find it.",
    why="Keras 2 before 2.13 wrote no modules. Keras 3 finds a class without one among the layers of a model, but not "
    "in a wrapper such as Bidirectional, as the cell of an RNN, or in a JSON text.",
    example='"layer": {"class_name": "LSTM", "config": {...}} of a Bidirectional',
    cure="Write the module, such as keras.layers, beside the class.",
)


CLASSES: Final = (
    NEWER_CLASS,
    NOT_KNOWN,
    GONE,
    BACKENDS_OPTIMIZER,
    OPERATION,
    NO_KERAS3_CONFIG,
    NO_SUCH_CLASS,
    UNNAMED_MODULE,
)
"""The rules on classes, in the order of their codes."""

_MODELS: Final = "keras.models."
_STRICT: Final = "3.15"
"""The first Keras that does not take an empty list, or zero, for an empty config of another object than a model."""

_INNER: Final = ("backward_layer", "cell", "cells", "layer")


def _check_class(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with an object's class."""
    if node.of is None or (node.is_activation and not _is_missing(node.of)) or find_own_optimizer(node) is not None:
        return
    of, signature = node.of, node.of.signature
    if find_stand_in(node, target) is not None:
        return  # which another check looks at
    if signature is not None:
        yield from _check_module(node, signature.owner)
        yield from check_span(node, signature.owner, signature.since, signature.until, target)
        if of.backend is not None and of.package == KERAS:
            evidence = (
                f"it names the class {of.name} for {of.backend}, which loads only where {of.backend} is installed"
            )
            yield make_issue(node, BACKENDS_OPTIMIZER, evidence)
    elif of.package not in (KERAS, PACKAGE, None, keras2.PACKAGE):
        yield _find_provided(node, of, f"is a class of {show(of.package)}")
    elif is_operation(node.stored, of.name, node.hint):
        yield make_issue(node, OPERATION, f"{cut(of.name)} is an operation, but Keras looks for it among the layers")
    elif of.package != PACKAGE:
        yield _find_missing(node, of)


def _is_inside(node: Node) -> bool:
    """Return whether an object is a layer in an argument of another layer, where Keras looks for no class by itself."""
    place = node.parent if isinstance(node.key, int) and node.parent is not None else node
    return place.key in _INNER and place.parent is not None and place.parent.key == "config"


def _find_missing(node: Node, of: Class) -> Issue:
    """Return the issue with a class that the catalog does not have: Keras 3 certainly lacks it, or it may be known."""
    stored = cast("Config", node.stored)
    module = str(stored.get("module") or "")
    public = module.removeprefix(f"{KERAS}.")
    if of.package is not None and ">" not in of.name and keras2.is_gone_class(_find_home(node, public), of.name):
        return make_issue(
            node, GONE, f"{of.name} is a class of Keras 2, which Keras 3 does not have", until=keras2.LAST
        )
    if module and (public in MODULES or keras2.is_gone_module(module)):
        return make_issue(node, NO_SUCH_CLASS, f"Keras 3 has no {cut(module)}.{cut(of.name)}")
    return _find_provided(node, of, "is not a known class of Keras")


def _is_missing(of: Class) -> bool:
    """Return whether an activation names a class of Keras by its module that no known Keras has."""
    return of.package == KERAS and of.signature is None


def _find_provided(node: Node, of: Class, evidence: str) -> Issue:
    """Return the issue with a class that a program may provide: one of that program, or of another package."""
    stored = cast("Config", node.stored)
    rule, needs = NOT_KNOWN, find_needed_class(stored)
    if ">" not in needs and is_of_program(stored) and node.hint != "dtype_policies":
        rule, evidence = PROGRAM_CLASS, "is a class of the program that saved the model"
    return make_issue(node, rule, f"{cut(of.name)} {evidence}", cure=_suggest_load(node), needs=needs)


_INNER_OPTIMIZER: Final = "inner_optimizer"
"""The key of the optimizer in a LossScaleOptimizer, which is looked for by its module."""


def _check_module(node: Node, owner: str) -> Iterator[Issue]:
    """Yield the issue with an object that Keras does not find without its module."""
    if "module" in cast("Config", node.stored):
        return
    name = cut(owner.rpartition(".")[2])
    cure = f'write "module": "{owner.rpartition(".")[0]}" beside its class_name'
    if node.key == _INNER_OPTIMIZER:
        yield make_issue(node, UNNAMED_MODULE, f"{name} stands inside another optimizer without its module", cure=cure)
    elif _is_inside(node):
        yield make_issue(node, UNNAMED_MODULE, f"{name} stands inside another layer without its module")
    elif COMPILE_CONFIG in node.steps:
        yield make_issue(node, UNNAMED_MODULE, f"the model is compiled with {name}, which has no module", cure=cure)


def _find_home(node: Node, public: str) -> str | None:
    """Return the module of Keras where the class of an object would be: where it stands decides over what it says."""
    if node.hint is not None:
        return node.hint
    return public if public in MODULES else None


def _suggest_load(node: Node) -> str | None:
    """Return a cure that makes an object's class known to a load, if it may be a user's class: Keras finds its own."""
    stored = node.stored
    if not isinstance(stored, dict) or node.hint == "dtype_policies":
        return None
    is_keras = str(stored.get("module") or "").partition(".")[0] == KERAS
    return None if is_keras else cure_for_class(stored)


def _check_form(node: Node, target: str) -> Iterator[Issue]:
    """Yield an issue if an object's config is not a dict: Keras 1 wrote the layers of a model as a list."""
    inner = node.stored.get("config") if isinstance(node.stored, dict) else None
    is_taken = not inner and is_newer(_STRICT, target) and not _is_model(node)
    if node.of is not None and not isinstance(inner, dict | None) and not is_taken:
        yield make_issue(
            node,
            NO_KERAS3_CONFIG,
            f"the config of {cut(node.of.name)} is {show(inner)}, which is not the form of Keras 3",
        )


def _is_model(node: Node) -> bool:
    return node.of is not None and node.of.owner.startswith(_MODELS)


def check_span(node: Node, what: str, since: str, until: str | None, target: str) -> Iterator[Issue]:
    """Yield an issue if the target lacks *what*, which Keras has *since* one version *until* another (None: still)."""
    if is_newer(since, target):
        evidence = f"{what} was added in Keras {since}, and the target is Keras {target}"
        yield make_issue(node, NEWER_CLASS, evidence, since=since)
    elif until is not None and is_newer(target, until):
        yield make_issue(node, GONE, f"{what} is in Keras up to {until}, but not in Keras {target}", until=until)


CLASS_CHECKS: Final[tuple[NodeCheck, ...]] = (_check_form, _check_class)
"""The checks, in the order of their findings."""
