"""The state of one layer's activations, hidden from Keras's trackers and from its walk over the weights."""

import functools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import keras

from serialactivation.catalog.paths import read_path
from serialactivation.codec.checks.living_definitions import note_versions
from serialactivation.codec.checks.plain_layers import has_plain_arguments
from serialactivation.codec.tracked import track
from serialactivation.keras_api.sublayers import is_tracked
from serialactivation.layer.state.captured_arguments import CapturedArguments
from serialactivation.layer.state.sublayer_order import SublayerOrder
from serialactivation.spec.config_objects import NOTHING, find_member
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import LayerSpec, spec_of
from serialactivation.spec.nested import flatten, map_activations
from serialactivation.typing import Config

__all__ = ["ABSENT", "BuildProgress", "LayerActivations", "Slot"]

# Keras visits the attributes of a layer whose weights it saves, but none with such a name. A weak map would not do:
# the state may refer to the layer, which would then never be freed.
_ATTRIBUTE: Final = "__serialactivation_record__"


ABSENT: Final = object()
"""Stands for an attribute that a layer does not have, and for an argument that it was not given."""

Leaves: TypeAlias = tuple[tuple[str, ...], tuple[object, ...]]
"""The contents of an attribute: the paths of its activations, and the activations."""

_ONE: Final = ("$",)  # the path in an attribute that holds one activation
_NO_LEAVES: Final[Leaves] = ((), ())


class Slot:
    """One field of one layer: what the layer was given for it, and what the attribute of its name holds.

    Attributes:
        field: The field.
        given: The value to store: the one that the constructor received, or the one assigned since. A container is a
            copy, as it was then; :data:`ABSENT` where the layer was given nothing.
        received: While a constructor runs, the object that it received, by which a parent's constructor recognizes it.
        is_constructed: Whether the constructor is done, so that any other value of the attribute was assigned.
    """

    __slots__ = ("_layer", "_noted", "field", "given", "is_constructed", "received")

    def __init__(self, layer: keras.Layer, field: ActivationField) -> None:
        self._layer = layer
        self._noted: Leaves | None = _NO_LEAVES  # None where each read of the attribute gives another value
        self.field = field
        self.given: object = ABSENT
        self.received: object = ABSENT
        self.is_constructed = False

    @property
    def is_given(self) -> bool:
        """Whether the layer was given an activation for the field."""
        return self.given is not ABSENT

    @property
    def value(self) -> object:
        """The present value of the field: the given one, or the one assigned to its attribute after construction."""
        return self.read()[0]

    @property
    def is_assigned(self) -> bool:
        """Whether the attribute was assigned, or changed in place, after construction."""
        return not self._is_unchanged(self._read_attribute())

    @property
    def noted(self) -> tuple[object, ...]:
        """The activations that the attribute held right after construction, or after ``build``."""
        return self._noted[1] if self._noted else ()

    def receive(self, value: object) -> None:
        """Note the value that a constructor receives; the one of the outermost constructor is stored."""
        if self.given is ABSENT:
            self.give(value)
        self.received = value

    def give(self, value: object) -> None:
        """Note the value to store from now on."""
        self.given = value if callable(value) else map_activations(_itself, value)

    def note_attribute(self) -> None:
        """Note what the attribute holds now: any other value that it holds later was assigned."""
        name = self.field.name
        held, again = getattr(self._layer, name, ABSENT), getattr(self._layer, name, ABSENT)
        if held is ABSENT:
            held = again = self._read_attribute()
        leaves = _leaves(held)
        is_stable = held is again or _are_same(leaves, _leaves(again))  # a property may return another value each time
        self._noted, self.is_constructed = leaves if is_stable else None, True

    def read(self) -> tuple[object, bool]:
        """Return the present value of the field, and whether it was assigned or changed after construction."""
        held = self._read_attribute()
        if self._is_unchanged(held):
            return self.given, False
        return map_activations(_itself, held), True

    def layers(self) -> Iterator[keras.Layer]:
        """Yield the activations that are layers: those in the given value, which is stored, and those in the attribute.

        The layer calls the activations in the attribute, where a constructor may have put others.
        """
        called = self._find_unchanged()
        given = self.given
        if called is ABSENT or given is ABSENT:
            called, given = self._read_attribute(), self.value
        for value in (given,) if called is given else (given, called):
            for activation in _each(value):
                if isinstance(activation, keras.Layer):
                    yield activation

    def _read_attribute(self) -> object:
        """Return what the attribute holds; a member is in the object that the argument's attribute holds."""
        held: object = getattr(self._layer, self.field.name, ABSENT)
        if held is ABSENT and self.field.is_member:
            argument, *steps = read_path(self.field.name)
            held = find_member(getattr(self._layer, str(argument), None), tuple(steps))
            return ABSENT if held is NOTHING else held
        return held

    def _find_unchanged(self) -> object:
        """Return the single activation that the attribute has held since construction, or ABSENT."""
        if self._noted is None or self._noted[0] != _ONE:
            return ABSENT
        (noted,) = self._noted[1]
        return noted if self._read_attribute() is noted else ABSENT

    def _is_unchanged(self, held: object) -> bool:
        if self.given is ABSENT:
            return False
        return self._noted is None or _are_same(self._noted, _leaves(held))


def _itself(activation: object, _: str) -> object:
    return activation


def _each(value: object) -> Sequence[object]:
    """Return the activations in the value of a field, which is most often a single one."""
    return (value,) if callable(value) else flatten(value)


def _leaves(attribute: object) -> Leaves:
    if callable(attribute):
        return _ONE, (attribute,)
    found: list[tuple[str, object]] = []
    map_activations(lambda activation, path: found.append((path, activation)), attribute)
    return tuple(path for path, _ in found), tuple(activation for _, activation in found)


def _are_same(first: Leaves, second: Leaves) -> bool:
    return first[0] == second[0] and all(map(operator.is_, first[1], second[1]))


class BuildProgress:
    """The progress of one layer's ``build``.

    Attributes:
        is_running: Whether a ``build`` is running.
        is_own_done: Whether the author's ``build`` has run to its end, and the build was refused afterwards.
        refused: The error of the last build, or None.
        refusals: The errors of all builds while Keras builds a loaded model and may drop them; None otherwise.
        call: The arguments of the call that is building the layer, with abstract tensors, or None.
        called: The same arguments as JSON types, from then on.
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
        slots: The slot of each field, by the field's name.
        members: The fields that are members of configuration objects, by their paths.
        configured: The names of fields of the class that were given a configuration object: its members are the fields.
        objects: The arguments that are or hold configuration objects, as the constructor receives them.
        holders: The arguments that hold other values, which may be layers, as the constructor receives them.
        placed: The paths of members that have been put into their object, as a config of the layer says.
        reading: The config that the layer is being made from, or None.
        constructing: Whether a constructor of the layer is running.
        build: The progress of its ``build``.
        lent: Whether Keras has replaced the layer's activation for the duration of a call.
    """

    def __init__(self, layer: keras.Layer) -> None:
        self.layer = layer
        self.slots: dict[str, Slot] = {}
        self.members: dict[str, ActivationField] = {}
        self.configured: set[str] = set()
        self.objects: dict[str, object] = {}
        self.holders: dict[str, object] = {}
        self.placed: set[str] = set()
        self.reading: Config | None = None
        self.constructing = False
        self.build = BuildProgress()
        self.lent = False

    @functools.cached_property
    def captured(self) -> CapturedArguments:
        """The other arguments of its constructors, where these are noted."""
        return CapturedArguments(type(self.layer))

    @functools.cached_property
    def order(self) -> SublayerOrder:
        """The places of the activations that are layers among the layer's sublayers."""
        return SublayerOrder(self.layer)

    @staticmethod
    def find(layer: keras.Layer) -> "LayerActivations | None":
        """Return the state of *layer*, or None if it is not a layer of ours, or not constructed yet."""
        found: LayerActivations | None = layer.__dict__.get(_ATTRIBUTE)
        return found

    @staticmethod
    def of(layer: keras.Layer) -> "LayerActivations":
        """Return the state of *layer*, made now if there is none."""
        found: LayerActivations | None = layer.__dict__.get(_ATTRIBUTE)
        if found is None:
            found = LayerActivations(layer)
            object.__setattr__(layer, _ATTRIBUTE, found)  # not Layer's __setattr__, which would track its contents
        return found

    @property
    def spec(self) -> LayerSpec:
        """The spec of the layer's class."""
        return spec_of(type(self.layer))

    @property
    def fields(self) -> tuple[ActivationField, ...]:
        """The layer's fields: those of its class, and the members of its configuration objects."""
        fields = spec_of(type(self.layer)).fields
        if not (self.members or self.configured):
            return fields
        return (*(field for field in fields if field.name not in self.configured), *self.members.values())

    @property
    def given(self) -> dict[str, object]:
        """The values that the layer was given for its fields, by the fields' names."""
        return {name: slot.given for name, slot in self.slots.items() if slot.is_given}

    def slot(self, field: ActivationField) -> Slot:
        """Return the slot of *field*."""
        slot = self.slots.get(field.name)
        if slot is None:
            slot = self.slots[field.name] = Slot(self.layer, field)
        return slot

    def activations(self) -> list[object]:
        """Return the activations of all fields in order, containers flattened, with repetitions."""
        return [activation for field in self.fields for activation in _each(self.slot(field).value)]

    def layers(
        self, fields: Iterable[ActivationField] | None = None
    ) -> tuple[tuple[ActivationField, keras.Layer], ...]:
        """Return the activations that are layers themselves, each once, with the field that holds them.

        Args:
            fields: The fields to look into, in this order; all by default.
        """
        held: dict[int, tuple[ActivationField, keras.Layer]] = {}
        for field in self.fields if fields is None else fields:
            for activation in self.slot(field).layers():
                held.setdefault(id(activation), (field, activation))
        return tuple(held.values())

    def own(self) -> Sequence[tuple[ActivationField, keras.Layer]]:
        """Make the layer the owner of its activations that are layers, and return these, with their fields."""
        held = self.layers()
        for field, activation in held:
            tracked = track(activation)
            tracked.add_owner(self.layer)
            is_member = field.name in self.members  # then it may be another layer's: build finds out
            if not is_member or is_tracked(self.layer, activation):
                tracked.follow(self.layer, field)
        return held

    def note_constructed(self) -> None:
        """Note, once the constructor is done, what the attributes of the fields hold."""
        for slot in map(self.slot, self.fields):
            slot.received = ABSENT
            slot.note_attribute()
        if not spec_of(type(self.layer)).made_by_keras:
            noted = {name: slot.noted for name, slot in self.slots.items() if name not in self.members}
            self.order.note_constructed(noted)

    def note_order(self, name: str) -> None:
        """Note the place of a field's attribute *name*, which a constructor sets; Keras's own set no other layers."""
        if not spec_of(type(self.layer)).made_by_keras:
            self.order.note(name)

    def restore_order(self) -> None:
        """Put the activations that are layers where the constructor would have put them."""
        self.order.restore([field.name for field in self.spec.fields])

    def note_definitions(self) -> None:
        """Note which registered functions and classes the layer holds, for as long as it lives."""
        for slot in self.slots.values():
            for activation in _each(slot.given) if slot.is_given else ():
                if not has_plain_arguments(activation):  # it uses only Keras's own
                    note_versions(self.layer, activation)
