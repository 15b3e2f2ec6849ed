"""The arguments of a layer's constructors: what each received, and what it passed to its parent's."""

import operator
from collections.abc import Mapping, Sequence
from typing import Final

import keras

from serialactivation import errors
from serialactivation.spec.layer_spec import BASE_KEYS, AutoConfig, spec_of

__all__ = ["NAMELESS", "CapturedArguments", "explain_nameless"]

NAMELESS: Final = "Give each of them a named parameter in the constructor."
"""The cure for arguments without names."""


def explain_nameless(what: str, level: type) -> str:
    """Return why arguments of *level* that have no names cannot be stored."""
    return f"{what} that a config could use, and {level.__name__} has no get_config() that stores it in another form"


class CapturedArguments:
    """The arguments that the constructors of one layer received, with activations resolved.

    The config of a constructor without an author's ``get_config`` is written from them. They also show which arguments
    a constructor passes to its parent's without receiving them.

    Attributes:
        received: The arguments of each constructor on the way up, by its class, then by the argument's name.
        others: The arguments that are neither activations nor Keras's own, by the class that defines the constructor;
            only for constructors without an author's ``get_config``.
        changed: The names of arguments that the outermost constructor replaced by other plain values in attributes.
        is_doubtful: Whether one of them can be stored only if a parent's ``get_config`` writes it in another form.
    """

    __slots__ = (
        "_by_position",
        "_extras",
        "_inferred",
        "_layer_class",
        "_unnamed",
        "changed",
        "is_doubtful",
        "others",
        "received",
    )

    def __init__(self, layer_class: type[keras.Layer]) -> None:
        self._layer_class = layer_class
        self.received: dict[type, dict[str, object]] = {}
        self.others: dict[type, dict[str, object]] = {}
        self.changed: frozenset[str] = frozenset()
        self.is_doubtful = False
        # The values that a constructor received for ``*args``, by its class.
        self._extras: dict[type, list[object]] = {}
        # The names that such values have in a parent's constructor, by the class, with the values.
        self._inferred: dict[type, dict[str, object]] = {}
        # The values for ``*args`` that have no name yet, each with the classes whose constructors were given it.
        self._unnamed: list[tuple[object, list[type]]] = []
        # The classes whose values for ``*args`` cannot be given by name.
        self._by_position: set[type] = set()

    def note(
        self,
        definer: type[keras.Layer],
        names: Sequence[str],
        positional: Sequence[object],
        named: Mapping[str, object],
    ) -> None:
        """Note the arguments of *definer*'s constructor, and name values that a subclass received for ``*args``.

        Such a value can be named only if the subclass passed it on after all other positional arguments.

        Args:
            definer: The class.
            names: The names of the arguments that its constructor takes by position.
            positional: The arguments by position.
            named: The arguments by name.
        """
        pending = self._unnamed
        self.received[definer] = {**dict(zip(names, positional, strict=False)), **named}
        self._extras[definer] = list(positional[len(names) :])
        start = len(positional) - len(pending)
        if pending and _find_offsets([value for value, _ in pending], positional) != [start]:
            self._by_position.update(level for _, levels in pending for level in levels)
            pending = []
        self._unnamed = []
        for index, value in enumerate(positional):
            levels = pending[index - start][1] if pending and index >= start else []
            if index >= len(names):
                self._unnamed.append((value, [*levels, definer]))
            for level in levels if index < len(names) else ():
                self._inferred.setdefault(level, {})[names[index]] = value

    def note_taken(self, name: str, value: object) -> None:
        """Note that the outermost constructor takes an argument *name*, though it did not receive it."""
        definer = next(base for base in self._layer_class.__mro__ if base in self.received)
        self.received[definer][name] = value

    def by_position(self, level: type) -> list[object]:
        """Return the values for the ``*args`` of *level*'s constructor that cannot be given by name."""
        if not self._by_position:
            return []
        definer = next((base for base in level.__mro__ if base in self.received), level)
        return self._extras[definer] if definer in self._by_position and not spec_of(level).own_from_config else []

    def received_by(self, level: type) -> tuple[Mapping[str, object], Mapping[str, object]]:
        """Return the arguments that *level*'s constructor received, and those that it passed to its parent's."""
        given: list[Mapping[str, object]] = [
            self.received[base]
            if base in self._by_position
            else {**self.received[base], **self._inferred.get(base, {})}
            for base in level.__mro__
            if base in self.received
        ]
        nothing: list[Mapping[str, object]] = [{}, {}]
        own, parent = (given + nothing)[:2]
        return own, parent

    def fixed(self, level: type) -> frozenset[str]:
        """Return the arguments that *level*'s constructor passes to its parent's without taking them itself.

        The result is empty where an author's ``from_config`` may treat them in its own way. The arguments that Keras
        puts into every config are never among them.
        """
        spec = spec_of(level)
        if spec.own_from_config or len(self.received) < 2:  # no constructor called another
            return frozenset()
        own, parent = self.received_by(level)
        return frozenset(parent.keys() - own.keys() - spec.defaults.keys() - set(BASE_KEYS))

    def others_of(self, level: type) -> dict[str, object]:
        """Return the other arguments for *level*'s config; none where an author's ``get_config`` writes them."""
        return next((self.others[base] for base in level.__mro__ if base in self.others), {}) if self.others else {}

    def close(self) -> None:
        """Add the values for ``*args`` to the other arguments, by their names in a parent's constructor.

        An author's ``get_config`` has to write those of its own constructor.

        Raises:
            LayerArgumentError: A value has no name in a parent's constructor.
        """
        self._unnamed.clear()
        for definer, extras in self._extras.items():
            if not extras or spec_of(definer).auto_config is not AutoConfig.WHOLE:
                continue
            names = self._inferred.get(definer, {})
            if definer in self._by_position or len(names) < len(extras):
                reason = explain_nameless("they have no names", definer)
                raise errors.LayerArgumentError(definer.__name__, "*args", tuple(extras), reason, NAMELESS)
            own = self.others[definer]
            for others in self.others.values():  # of the constructors further up, which have checked them
                for name in names.keys() & others.keys():
                    own.setdefault(name, others[name])


def _find_offsets(values: Sequence[object], positional: Sequence[object]) -> list[int]:
    """Return the offsets at which all the *values* follow one another in *positional*."""
    offsets = range(len(positional) - len(values) + 1)
    return [offset for offset in offsets if all(map(operator.is_, values, positional[offset:]))]
