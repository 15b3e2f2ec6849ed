"""The variables of an optimizer, for those of the model that it trains. Keras-free.

Source:
    ``build`` of the classes in ``keras/src/optimizers``, Keras 3.6 to 3.15.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from serialactivation.catalog.versions import is_newer
from serialactivation.tree.activations import find_shared_id
from serialactivation.tree.classes import KERAS, find_class
from serialactivation.tree.variables.layer_arguments import NOT_KNOWN, Built, Part, Variable
from serialactivation.typing import JSON, Config

__all__ = ["build_optimizer", "list_trained"]

_PLACE: Final = "keras.optimizers."
_BLOCKS_SINCE: Final = "3.10"
"""The first Keras whose averages all come before the accumulated gradients, and Nadam's product after all else."""


class _Slots(NamedTuple):
    """The variables that an optimizer has for each variable that it trains: one after another for each.

    Attributes:
        names: Their names.
        argument: The argument that has to be true for them, or none.
    """

    names: tuple[str, ...]
    argument: str = ""


_MOMENTS: Final = (_Slots(("momentum", "velocity")),)
_SLOTS: Final[Mapping[str, tuple[_Slots, ...]]] = {
    **dict.fromkeys(("Adam", "AdamW"), (*_MOMENTS, _Slots(("velocity_hat",), "amsgrad"))),
    **dict.fromkeys(("Lamb", "Nadam", "ScheduleFreeAdamW"), _MOMENTS),
    "Adadelta": (_Slots(("accumulated_grad", "accumulated_delta_var")),),
    "Adagrad": (_Slots(("accumulator",)),),
    "Adamax": (_Slots(("momentum", "norm")),),
    "Ftrl": (_Slots(("accumulator", "linear")),),
    "Lion": (_Slots(("momentum",)),),
    "RMSprop": (
        _Slots(("velocity",)),
        _Slots(("momentum",), "momentum"),
        _Slots(("average_gradient",), "centered"),
    ),
    "SGD": (_Slots(("momentum",), "momentum"),),
}


def list_trained(model: Built, stored: JSON) -> list[Variable] | None:
    """Return the variables of a model that its optimizer trains, in their order; or None if they are not known.

    Args:
        model: What is known of the model once it is built.
        stored: The config of the model.
    """
    return _collect(Part((), model, stored), set())


def _collect(part: Part, seen: set[int]) -> list[Variable] | None:
    number = find_shared_id(part.stored)
    if part.built.variables is None or part.built.parts is None or number in seen:
        return None
    if any(one.is_early for one in part.built.variables):
        return None  # an optimizer does not train the scales of float8, and has slots for some of them
    if number is not None:
        seen.add(number)
    is_frozen = _is_frozen(part.stored)
    found = [one for one in part.built.variables if one.trainable and not is_frozen and not one.is_shared]
    for inner in part.built.parts:
        more = _collect(inner, seen)
        if more is None or (is_frozen and more and isinstance(inner.stored, dict)):
            return None  # what is in a frozen layer may be to train, or not
        found += [] if is_frozen else more
    return found


def _is_frozen(stored: JSON) -> bool:
    inner = stored.get("config") if isinstance(stored, dict) else None
    return isinstance(inner, dict) and inner.get("trainable") is False


def build_optimizer(stored: JSON, trained: Sequence[Variable] | None, target: str) -> Built:
    """Return what is known of an optimizer.

    Args:
        stored: What is stored of the optimizer.
        trained: The variables that it is built for, or None if it is not built.
        target: The Keras that builds it.
    """
    if not isinstance(stored, dict) or not isinstance(stored.get("class_name"), str):
        return NOT_KNOWN
    of, config = find_class(stored, "optimizers"), stored.get("config")
    if of.package != KERAS or not of.owner.startswith(_PLACE) or not isinstance(config, dict):
        return NOT_KNOWN
    name = of.owner.removeprefix(_PLACE)
    if name == "LossScaleOptimizer":
        return _build_scaled(config, trained, target)
    if name not in _SLOTS and name != "Adafactor":
        return NOT_KNOWN
    counted = (_scalar("iteration"), *(() if isinstance(config.get("learning_rate"), dict) else _RATE))
    if trained is None:
        return Built(counted)
    slots = _list_factors(trained) if name == "Adafactor" else _list_own(_SLOTS[name], config, trained)
    product = (_scalar("u_product"),) if name == "Nadam" else ()
    is_first = is_newer(_BLOCKS_SINCE, target)
    before, after = (product, ()) if is_first else ((), product)
    found = (*counted, *_list_averages(config, trained, target), *before, *slots, *after)
    return Built(found)


def _scalar(name: str) -> Variable:
    return Variable(name, ())


_RATE: Final = (_scalar("learning_rate"),)


def _build_scaled(config: Config, trained: Sequence[Variable] | None, target: str) -> Built:
    """Build an optimizer that scales the loss: it stores the variables of the other one, too."""
    inner = build_optimizer(config.get("inner_optimizer"), trained, target)
    if inner.variables is None or config.get("use_ema") or config.get("gradient_accumulation_steps"):
        return NOT_KNOWN
    names = ("iteration", "learning_rate", *(() if trained is None else ("step_counter", "dynamic_scale")))
    own = map(_scalar, names)
    return Built((*own, *inner.variables), (Part(("inner_optimizer",), inner),))


def _list_averages(config: Config, trained: Sequence[Variable], target: str) -> Iterator[Variable]:
    """Yield the variables that any optimizer may have beside its own."""
    names = [
        *(["average"] if config.get("use_ema") else []),
        *(["gradient_accumulator"] if config.get("gradient_accumulation_steps") else []),
    ]
    blocks = [names] if is_newer(_BLOCKS_SINCE, target) else [[name] for name in names]
    for block in blocks:
        yield from _list_slots(block, trained)


def _list_slots(names: Sequence[str], trained: Sequence[Variable]) -> Iterator[Variable]:
    for variable in trained:
        for name in names:
            yield Variable(f"{name} of {variable.name}", variable.shape)


def _list_own(blocks: Sequence[_Slots], config: Config, trained: Sequence[Variable]) -> Iterator[Variable]:
    for block in blocks:
        if not block.argument or config.get(block.argument):
            yield from _list_slots(block.names, trained)


def _list_factors(trained: Sequence[Variable]) -> Iterator[Variable]:
    """Yield the variables of an ``Adafactor``, which has placeholders for a variable of fewer than two axes."""
    for variable in trained:
        shape = variable.shape
        is_factored = len(shape) > 1
        yield Variable(f"row of {variable.name}", shape[:-1] if is_factored else ())
        yield Variable(f"column of {variable.name}", (*shape[:-2], shape[-1]) if is_factored else ())
        yield Variable(f"velocity of {variable.name}", shape)
