"""The rules on the weights of a model: what Keras looks for in the file, and does not find there. Keras-free.

Source:
    ``load_own_variables`` of ``keras/src/layers/layer.py``, ``_load_state`` of ``keras/src/saving/saving_lib.py``, and
    ``load_weights_from_hdf5_group`` of ``keras/src/legacy/saving/legacy_h5_format.py``, Keras 3.6 to 3.15.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from serialactivation.files.formats.hdf5 import Order, Variables
from serialactivation.files.formats.hdf5 import Variable as Saved
from serialactivation.files.layout import WEIGHTS_GROUP
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.rules.finding import Finding, make_finding
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.activations import find_shared_id
from serialactivation.tree.nodes import MODEL, walk
from serialactivation.tree.variables.layer_arguments import Built, Part, Variable
from serialactivation.typing import JSON

__all__ = ["VARIABLES", "LayerFault", "compare", "find_variable_faults", "make_layer_findings", "sort_by_group"]

_AGAIN: Final = "save the model again with the program that wrote it"
_SAVE_AGAIN: Final = f"{_AGAIN.capitalize()}."
_JOIN: Final = "Put the weights and the config of one model together, or save the model again."

MISSING: Final = Rule(
    code="SA240",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=(_AGAIN,),
    meaning="Weights of a layer are missing: Keras makes more variables for it than there are in the file.",
    why="load_model makes each layer from its config, and then reads its variables. It raises an error if the file has "
    "fewer for a layer than the layer has. The file was changed, written by another program, or cut off. Or Keras 3.14 "
    "or 3.15 wrote a layer that was calibrated with GPTQ or AWQ: they leave its zero points out.",
    example="a Dense with use_bias, and only its kernel among the weights",
    cure=f"{_SAVE_AGAIN} For GPTQ and AWQ, quantize serialactivation.convert(model), whose layers write their zero "
    "points.",
)

_ZEROS_MISSING: Final = MISSING._replace(
    advice=("quantize serialactivation.convert(model), whose layers write the zero points that Keras leaves out",)
)
"""The same rule for a layer that was calibrated."""

MISSHAPEN: Final = Rule(
    code="SA241",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=(_AGAIN,),
    meaning="A variable in the file does not have the shape that the config of its layer demands.",
    why="load_model makes each layer from its config, and then reads its variables, which have to be of the same "
    "shape. The config and the weights are not of the same model, or one of them was changed.",
    example='"units": 8, and a kernel of the shape (4, 7)',
    cure=_JOIN,
)

SURPLUS: Final = Rule(
    code="SA242",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=(_AGAIN,),
    meaning="The file has more weights for a layer, or for more layers, than the config of the model has.",
    why="load_model counts the variables of each layer, and those in the file, and raises an error if the numbers "
    "differ. The config and the weights are not of the same model, or one of them was changed.",
    example='"use_bias": false, and a bias among the weights',
    cure=_JOIN,
)

NO_NUMBERS: Final = Rule(
    code="SA243",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=(_AGAIN,),
    meaning="A variable in the file does not consist of numbers.",
    why="An HDF5 file can hold texts, records and references, too. Keras cannot make a tensor of them.",
    example="a kernel of texts",
    cure=_SAVE_AGAIN,
)

VARIABLES: Final = (MISSING, MISSHAPEN, SURPLUS, NO_NUMBERS)
"""The rules on weights, in the order of their codes."""

_OLD_GROUP: Final = "_layer_checkpoint_dependencies"

_Listing: TypeAlias = Mapping[str, Saved]


class LayerFault(NamedTuple):
    """What is wrong with a layer, or with its variables."""

    rule: Rule
    stored: JSON
    evidence: str


def find_variable_faults(
    archive: Archive, built: Built, listing: Mapping[str, Saved] | None, *, is_sharing_lost: bool = False
) -> Iterator[Finding]:
    """Yield what Keras does not find among the weights of a model.

    Args:
        archive: The model.
        built: What is known of the model once it is built.
        listing: Its variables, or None if no file lists them.
        is_sharing_lost: Whether an object that occurs twice is numbered once, so that Keras looks for it twice, which
            is a finding of its own.
    """
    if listing is None or not isinstance(archive.config, dict):
        return
    if archive.kind is not Kind.HDF5:
        yield from _find_group_faults(archive.config, built, listing, is_sharing_lost)
    elif isinstance(listing, Variables) and listing.order is not None:
        yield from _find_order_faults(archive.config, built, listing, listing.order)


def _find_group_faults(config: JSON, built: Built, listing: _Listing, is_sharing_lost: bool) -> Iterator[Finding]:
    """Yield what Keras does not find among the weights of a ``.keras`` file.

    Args:
        config: The config of the model.
        built: What is known of the model once it is built.
        listing: The variables in the file.
        is_sharing_lost: Whether nothing is said of objects that occur several times.
    """
    if any(path.startswith(_OLD_GROUP) for path in listing):
        return  # Keras 2.13 to 2.15, which named some groups otherwise
    groups = sort_by_group(listing)
    faults = _check_groups(Part(("",), built, config), ("",), config, groups, set())
    shown = (one for one in faults if not is_sharing_lost or find_shared_id(one.stored) is None)
    yield from make_layer_findings(config, shown)


def sort_by_group(listing: _Listing) -> dict[str, dict[str, Saved]]:
    """Return the variables by their groups, and in these by their names."""
    groups: dict[str, dict[str, Saved]] = {}
    for path, saved in listing.items():
        group, _, name = path.rpartition("/")
        groups.setdefault(group, {})[name] = saved
    return groups


def _check_groups(
    part: Part, places: tuple[str, ...], holder: JSON, groups: Mapping[str, Mapping[str, Saved]], seen: set[int | None]
) -> Iterator[LayerFault]:
    """Yield what is wrong with the variables of a part, and of the parts inside it, at one of some *places*."""
    stored = part.stored or holder
    number = find_shared_id(part.stored)
    if number in seen:
        return  # Keras reads an object's variables once
    seen.update({number} - {None})
    if part.built.variables is not None:
        found = [groups.get(f"{place}/vars".lstrip("/"), {}) for place in places]
        saved = next((one for one in found if one), {})
        yield from _check_layer(part.built.variables, saved, stored, places[0])
    for inner in part.built.parts or ():
        within = tuple(f"{place}/{path}".lstrip("/") for place in places for path in inner.paths)
        yield from _check_groups(inner, within, stored, groups, seen)


def _check_layer(
    variables: Sequence[Variable], saved: Mapping[str, Saved], stored: JSON, group: str
) -> Iterator[LayerFault]:
    """Yield the first thing that is wrong with the variables of a layer; Keras does not count those of low rank."""
    is_counted = not any(one.is_merged for one in variables)
    variables = [one for one in variables if not one.is_merged]
    if len(saved) != len(variables) and is_counted:
        evidence = f"{_count(variables)}, and the file has {len(saved)} in {group or 'its root'}/vars"
        yield LayerFault(_choose_rule(variables, len(saved)), stored, evidence)
        return
    for number, variable in enumerate(variables):
        one = saved.get(str(number))
        if one is None:
            yield LayerFault(MISSING, stored, f"its {variable.name} is not in the file: {group}/vars/{number}")
            return
        fault = compare(variable, one, stored)
        if fault is not None:
            yield fault
            return


def _choose_rule(variables: Sequence[Variable], saved: int) -> Rule:
    if saved > len(variables):
        return SURPLUS
    is_written_so = saved == sum(not one.is_lost for one in variables)
    return _ZEROS_MISSING if is_written_so else MISSING


def _count(variables: Sequence[Variable]) -> str:
    names = ", ".join(variable.name for variable in variables)
    plural = "" if len(variables) == 1 else "s"
    return f"it has {len(variables)} variable{plural}{f' ({names})' if names else ''}"


def compare(variable: Variable, saved: Saved | None, stored: JSON) -> LayerFault | None:
    """Return what is wrong with a variable in a file, or None."""
    if saved is None:
        return LayerFault(MISSING, stored, f"its {variable.name} is not in the file")
    if not saved.is_of_numbers:
        return LayerFault(NO_NUMBERS, stored, f"its {variable.name} is of the type {saved.dtype} in the file")
    if saved.shape != variable.shape:
        evidence = f"its {variable.name} has the shape {variable.shape}, and {saved.shape} in the file"
        return LayerFault(MISSHAPEN, stored, evidence)
    return None


class _Layer(NamedTuple):
    """A layer of a model, and all variables in it, in the order of an HDF5 file; None if they are not known."""

    stored: JSON
    variables: list[Variable] | None

    @property
    def name(self) -> str:
        """Its name."""
        inner = self.stored.get("config") if isinstance(self.stored, dict) else None
        return str(inner.get("name")) if isinstance(inner, dict) else ""


def _find_order_faults(config: JSON, built: Built, listing: _Listing, order: Order) -> Iterator[Finding]:
    """Yield what Keras does not find among the weights in the HDF5 file of a whole model, which it reads in order.

    Args:
        config: The config of the model.
        built: What is known of the model once it is built.
        listing: The variables in the file.
        order: The layers in the file, each with the names of its variables.
    """
    if built.parts is not None:
        layers = [_Layer(part.stored, _list_all(part)) for part in built.parts]
        yield from make_layer_findings(config, _check_order(config, layers, listing, order))


def _list_all(part: Part) -> list[Variable] | None:
    """Return the variables of a layer and of all in it: those to train, then the others."""
    found = _collect(part)
    if found is None or _is_frozen(part.stored):
        return found
    return [one for one in found if one.trainable] + [one for one in found if not one.trainable]


def _is_frozen(stored: JSON) -> bool:
    inner = stored.get("config") if isinstance(stored, dict) else None
    return isinstance(inner, dict) and inner.get("trainable") is False


def _collect(part: Part) -> list[Variable] | None:
    if part.built.variables is None or part.built.parts is None:
        return None
    own = [one for one in part.built.variables if not one.is_shared]
    found = sorted(own, key=lambda one: not one.is_early)
    if _is_frozen(part.stored) and found != sorted(found, key=lambda one: not one.trainable):
        return None  # Keras has those first that were made to be trained
    for inner in part.built.parts:
        more = _collect(inner)
        is_mixed = _is_frozen(inner.stored) and bool(inner.built.parts)  # what is in it may be to train, or not
        if more is None or is_mixed:
            return None
        found += [one._replace(trainable=False) for one in more] if _is_frozen(inner.stored) else more
    return found


def _check_order(config: JSON, layers: Sequence[_Layer], listing: _Listing, order: Order) -> Iterator[LayerFault]:
    missing = next((name for name, names in order if names is None), None)
    if missing is not None:
        yield LayerFault(MISSING, config, f"the file names a layer {missing!r}, and has no group for it")
        return
    saved = [(name, names) for name, names in order if names]
    pairs = _pair(layers, saved)
    if pairs is None:
        expected = sum(bool(layer.variables) for layer in layers)
        if expected > len(saved) or all(layer.variables is not None for layer in layers):
            rule = MISSING if expected > len(saved) else SURPLUS
            yield LayerFault(rule, config, f"it has {expected} layers with weights, and the file has {len(saved)}")
        return
    for layer, (name, names) in pairs:
        yield from _check_names(layer, name, names, listing)


_Saved: TypeAlias = tuple[str, Sequence[str]]


def _pair(layers: Sequence[_Layer], saved: Sequence[_Saved]) -> list[tuple[_Layer, _Saved]] | None:
    """Return the layers that have weights, each with what Keras reads into it; or None if the numbers differ."""
    if all(layer.variables is not None for layer in layers):
        weighted = [layer for layer in layers if layer.variables]
    else:  # a layer that is not known has weights if the file has some for it
        names = {name for name, _ in saved}
        weighted = [layer for layer in layers if layer.variables or (layer.variables is None and layer.name in names)]
        if [layer.name for layer in weighted] != [name for name, _ in saved]:
            return None
    return list(zip(weighted, saved, strict=True)) if len(weighted) == len(saved) else None


def _check_names(layer: _Layer, name: str, names: Sequence[str], listing: _Listing) -> Iterator[LayerFault]:
    if layer.variables is None:
        return
    paths = [f"{WEIGHTS_GROUP}/{name}/{one}" for one in names]
    lost = next((path for path in paths if path not in listing), None)
    if lost is not None:
        yield LayerFault(MISSING, layer.stored, f"there is no variable {lost}, which the file names")
    elif len(paths) != len(layer.variables):
        rule = MISSING if len(paths) < len(layer.variables) else SURPLUS
        evidence = f"{_count(layer.variables)}, and the file has {len(paths)} in {WEIGHTS_GROUP}/{name}"
        yield LayerFault(rule, layer.stored, evidence)
    else:
        found = (compare(*one, layer.stored) for one in zip(layer.variables, map(listing.get, paths), strict=True))
        yield from list(filter(None, found))[:1]


def make_layer_findings(config: JSON, faults: Iterator[LayerFault], *cure: str) -> Iterator[Finding]:
    """Yield the faults as findings, each with the place of the layer in the config."""
    found = list(faults)
    wanted = {id(fault.stored) for fault in found}
    nodes = {id(node.stored): node for node in walk(config, MODEL) if id(node.stored) in wanted} if found else {}
    for fault in found:
        node = nodes.get(id(fault.stored))
        owners, steps = (node.owners, node.steps) if node is not None else ((), ())
        yield make_finding(fault.rule, owners, steps, fault.evidence, *(cure or fault.rule.advice))
