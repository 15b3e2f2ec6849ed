"""What one layer of ours was given: kept beside Keras's own state, out of sight of its trackers and its weight walk."""

import operator
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

import keras

from serialactivation.catalog.paths import read_path
from serialactivation.codec.living_definitions import note_versions
from serialactivation.codec.tracked import track
from serialactivation.keras_api.sublayers import is_tracked
from serialactivation.layer.captured_arguments import CapturedArguments
from serialactivation.layer.sublayer_order import SublayerOrder
from serialactivation.spec.config_objects import NOTHING, find_member
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import ATTRIBUTE as SPEC
from serialactivation.spec.layer_spec import LayerSpec
from serialactivation.spec.nested import flatten, is_single, map_activations
from serialactivation.typing import Config

__all__ = ["ABSENT", "BuildProgress", "LayerActivations", "Slot"]

# Keras looks at each attribute of a layer whose weights it saves, but at none with such a name. A weak map could not
# hold it: what a layer was given may lead back to the layer, which would then live for ever.
_ATTRIBUTE: Final = "__serialactivation_record__"


ABSENT: Final = object()
"""Stands for an attribute that a layer does not have, and for what it was not given."""

Leaves: TypeAlias = tuple[tuple[str, ...], tuple[object, ...]]
"""What an attribute holds: the paths of its activations, and themselves; containers are changed in place."""

_ONE: Final = ("$",)  # the paths in an attribute that is one activation
_NO_LEAVES: Final[Leaves] = ((), ())


class Slot:
    """The place of an activation, or of a list, tuple or dict of them, in a layer.

    Attributes:
        field: The field.
        given: What the constructor was handed, or what was assigned since, which is what is stored: containers as they
            were then; :data:`ABSENT` where the layer was given nothing.
        handed: The object itself that a constructor was handed, to be known again further up; while one runs.
        is_settled: Whether the constructor is done, so that anything else in the attribute has been assigned.
    """

    __slots__ = ("_layer", "_settled", "field", "given", "handed", "is_settled")

    def __init__(self, layer: keras.Layer, field: ActivationField) -> None:
        self._layer = layer
        self._settled: Leaves | None = _NO_LEAVES  # None where the attribute never holds still
        self.field = field
        self.given: object = ABSENT
        self.handed: object = ABSENT
        self.is_settled = False

    @property
    def is_given(self) -> bool:
        """Whether the layer was given an activation for the field."""
        return self.given is not ABSENT

    @property
    def value(self) -> object:
        """What the field holds now: what was given, or what was assigned to its attribute after construction."""
        return self.read()[0]

    @property
    def is_assigned(self) -> bool:
        """Whether the attribute was assigned, or changed in place, after construction."""
        return not self._is_as_settled(self._held())

    @property
    def settled(self) -> tuple[object, ...]:
        """The activations that the attribute held right after construction, or after ``build``."""
        return self._settled[1] if self._settled else ()

    def hand(self, value: object) -> None:
        """Remember what a constructor is handed: what the outermost is, is stored, whatever it does to a list."""
        if self.given is ABSENT:
            self.give(value)
        self.handed = value

    def give(self, value: object) -> None:
        """Remember what is stored from now on."""
        self.given = map_activations(_itself, value)

    def settle(self) -> None:
        """Remember what the attribute holds now: whatever it holds later and not now has been assigned."""
        name = self.field.name
        held, again = getattr(self._layer, name, ABSENT), getattr(self._layer, name, ABSENT)
        if held is ABSENT:
            held = again = self._held()
        leaves = _leaves(held)
        still = held is again or _are_same(leaves, _leaves(again))  # a property, or a method, may be another each time
        self._settled, self.is_settled = leaves if still else None, True

    def read(self) -> tuple[object, bool]:
        """Return what the field holds now, and whether it was assigned, or changed in place, after construction."""
        held = self._held()
        if self._is_as_settled(held):
            return self.given, False
        return map_activations(_itself, held), True

    def layers(self) -> Iterator[keras.Layer]:
        """Yield the activations that are layers: what was given is stored, and what the attribute holds is called.

        A constructor may have put another there.
        """
        called = self._find_settled()
        given = self.given
        if called is ABSENT or given is ABSENT:
            called, given = self._held(), self.value
        for value in (given,) if called is given else (given, called):
            for activation in (value,) if isinstance(value, keras.Layer) else flatten(value):
                if isinstance(activation, keras.Layer):
                    yield activation

    def _held(self) -> object:
        """Return what the attribute holds; a member's is in the attribute of the argument's name."""
        held: object = getattr(self._layer, self.field.name, ABSENT)
        if held is ABSENT and self.field.is_member:
            argument, *steps = read_path(self.field.name)
            held = find_member(getattr(self._layer, str(argument), None), tuple(steps))
            return ABSENT if held is NOTHING else held
        return held

    def _find_settled(self) -> object:
        """Return the one activation that the attribute has held since construction; ABSENT where it is not one."""
        if self._settled is None or self._settled[0] != _ONE:
            return ABSENT
        (settled,) = self._settled[1]
        return settled if self._held() is settled else ABSENT

    def _is_as_settled(self, held: object) -> bool:
        if self.given is ABSENT:
            return False
        return self._settled is None or _are_same(self._settled, _leaves(held))


def _itself(activation: object, _: str) -> object:
    return activation


def _leaves(attribute: object) -> Leaves:
    if is_single(attribute):
        return _ONE, (attribute,)
    found: list[tuple[str, object]] = []
    map_activations(lambda activation, path: found.append((path, activation)), attribute)
    return tuple(path for path, _ in found), tuple(activation for _, activation in found)


def _are_same(first: Leaves, second: Leaves) -> bool:
    return first[0] == second[0] and all(map(operator.is_, first[1], second[1]))


class BuildProgress:
    """How far the ``build`` of one layer is.

    Attributes:
        is_running: Whether one is running.
        is_own_done: Whether its author's has run to its end, and the build was refused afterwards.
        refused: What the last one was refused for.
        refusals: What all were refused for, while Keras runs one and may drop that.
        call: The arguments of the call that builds the layer, tensors abstract, while it does.
        called: The same as JSON types, from then on.
    """

    __slots__ = ("call", "called", "is_own_done", "is_running", "refusals", "refused")

    def __init__(self) -> None:
        self.is_running = False
        self.is_own_done = False
        self.refused: Exception | None = None
        self.refusals: list[Exception] | None = None
        self.call: Mapping[str, object] | None = None
        self.called: Config | None = None


class LayerActivations:
    """The activations of one layer, from the start of its construction.

    Attributes:
        layer: The layer.
        slots: What is known of each field, by its name.
        captured: What its constructors were given besides.
        members: The fields that are members of configuration objects, by their paths.
        configured: The names of the class's fields that were given such an object, whose members are fields then.
        objects: The arguments that are such objects, or hold some, as the constructor is handed them.
        holders: The arguments that hold other values, as the constructor is handed them: layers may be among those.
        placed: The members that have been put where a config of the layer says.
        order: Where the activations that are layers stand among the layers in it.
        reading: The config that the layer is being made from, while it is.
        constructing: Whether a constructor of the layer is running.
        build: How far its ``build`` is.
        lent: Whether Keras holds another activation in the layer's for the length of a call.
    """

    def __init__(self, layer: keras.Layer) -> None:
        self.layer = layer
        self.slots: dict[str, Slot] = {}
        self.captured = CapturedArguments(type(layer))
        self.members: dict[str, ActivationField] = {}
        self.configured: set[str] = set()
        self.objects: dict[str, object] = {}
        self.holders: dict[str, object] = {}
        self.placed: set[str] = set()
        self.order = SublayerOrder(layer)
        self.reading: Config | None = None
        self.constructing = False
        self.build = BuildProgress()
        self.lent = False

    @staticmethod
    def find(layer: keras.Layer) -> "LayerActivations | None":
        """Return what is known of *layer*, or None where nothing is: it is none of ours, or not made yet."""
        found: LayerActivations | None = layer.__dict__.get(_ATTRIBUTE)
        return found

    @staticmethod
    def of(layer: keras.Layer) -> "LayerActivations":
        """Return what is known of *layer*, from now on at the latest."""
        found: LayerActivations | None = layer.__dict__.get(_ATTRIBUTE)
        if found is None:
            found = LayerActivations(layer)
            object.__setattr__(layer, _ATTRIBUTE, found)  # past Layer's own, which would track what is in it
        return found

    @property
    def spec(self) -> LayerSpec:
        """What is known of the layer's class."""
        spec: LayerSpec = getattr(type(self.layer), SPEC)
        return spec

    @property
    def fields(self) -> tuple[ActivationField, ...]:
        """The layer's fields: its class's, and the members of its configuration objects."""
        fields = self.spec.fields
        if not (self.members or self.configured):
            return fields
        return (*(field for field in fields if field.name not in self.configured), *self.members.values())

    @property
    def is_made(self) -> bool:
        """Whether neither a constructor nor a ``build`` of the layer is running."""
        return not (self.constructing or self.build.is_running)

    @property
    def given(self) -> dict[str, object]:
        """What the layer was given for its fields, by their names."""
        return {name: slot.given for name, slot in self.slots.items() if slot.is_given}

    def slot(self, field: ActivationField) -> Slot:
        """Return what is known of *field*."""
        slot = self.slots.get(field.name)
        if slot is None:
            slot = self.slots[field.name] = Slot(self.layer, field)
        return slot

    def activations(self) -> list[object]:
        """Return what the fields hold, containers flattened, in order; one that stands in two places twice."""
        return [activation for field in self.fields for activation in flatten(self.slot(field).value)]

    def layers(
        self, fields: Iterable[ActivationField] | None = None
    ) -> tuple[tuple[ActivationField, keras.Layer], ...]:
        """Return the activations that are layers themselves, each once, with the field that holds them.

        Args:
            fields: Those that are asked, in this order; all by default.
        """
        held: dict[int, tuple[ActivationField, keras.Layer]] = {}
        for field in self.fields if fields is None else fields:
            for activation in self.slot(field).layers():
                held.setdefault(id(activation), (field, activation))
        return tuple(held.values())

    def own(self) -> list[keras.Layer]:
        """Bring the activations that are layers into line with the layer, and return them: it is their owner now."""
        held = self.layers()
        for field, activation in held:
            tracked = track(activation)
            tracked.add_owner(self.layer)
            if field.name not in self.members or is_tracked(
                self.layer, activation
            ):  # else perhaps another's: build tells
                tracked.follow(self.layer, field)
        return [activation for _, activation in held]

    def settle(self) -> None:
        """Note, once the constructor is done, what it made of the activations."""
        for slot in map(self.slot, self.fields):
            slot.handed = ABSENT
            slot.settle()
        self.order.settle({name: slot.settled for name, slot in self.slots.items() if name not in self.members})

    def restore_order(self) -> None:
        """Put the activations that are layers where the constructor would have put them."""
        self.order.restore([field.name for field in self.spec.fields])

    def note_definitions(self) -> None:
        """Note which registered functions and classes the layer holds, for as long as it lives."""
        for given in self.given.values():
            for activation in flatten(given):
                note_versions(self.layer, activation)
