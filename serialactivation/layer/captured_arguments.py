"""The arguments of a layer's constructors: what each on the way up was given, and what it handed on to the next."""

import operator
from collections.abc import Mapping, Sequence
from typing import Final

import keras

from serialactivation import errors
from serialactivation.spec.layer_spec import BASE_KEYS, AutoConfig, spec_of

__all__ = ["NAMELESS", "CapturedArguments"]

NAMELESS: Final = "Let the constructor take each by a name of its own."
"""The cure for arguments without names."""


class CapturedArguments:
    """What the constructors of one layer were given, activations resolved.

    A config is written of it where nobody wrote a ``get_config`` for a constructor; and whoever wrote one, it says what
    a constructor gives its parent's of itself.

    Attributes:
        received: What each constructor on the way up was given, by its class, then by the argument's name.
        others: The arguments of each that are no activation, Keras's own aside, by the class that defines it; of those
            that nobody wrote a ``get_config`` for.
        changed: The names of those that the outermost constructor made other plain values of, and keeps as attributes.
    """

    __slots__ = ("_by_position", "_extras", "_inferred", "_layer_class", "_unnamed", "changed", "others", "received")

    def __init__(self, layer_class: type[keras.Layer]) -> None:
        self._layer_class = layer_class
        self.received: dict[type, dict[str, object]] = {}
        self.others: dict[type, dict[str, object]] = {}
        self.changed: frozenset[str] = frozenset()
        # What a constructor was given beyond its named arguments, for ``*args``, by its class.
        self._extras: dict[type, list[object]] = {}
        # The names that these turned out to have further up, by the class, with the values.
        self._inferred: dict[type, dict[str, object]] = {}
        # The values for ``*args`` that have no name yet, each with the classes whose constructors were given it.
        self._unnamed: list[tuple[object, list[type]]] = []
        # The classes whose values for ``*args`` no names can stand for.
        self._by_position: set[type] = set()

    def note(
        self,
        definer: type[keras.Layer],
        names: Sequence[str],
        positional: Sequence[object],
        named: Mapping[str, object],
    ) -> None:
        """Note what *definer*'s constructor was given, and by the names here what a subclass had for ``*args``.

        A name can stand for such a value only where it was handed on behind all others.

        Args:
            definer: The class.
            names: The names of the arguments that its constructor may be given by position.
            positional: What it was given so.
            named: What it was given by name.
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
        """Note that the outermost constructor would hand an argument *name* on, though it was not given it."""
        definer = next(base for base in self._layer_class.__mro__ if base in self.received)
        self.received[definer][name] = value

    def by_position(self, level: type) -> list[object]:
        """Return the values for the ``*args`` of *level*'s constructor that no names can stand for."""
        if not self._by_position:
            return []
        definer = next((base for base in level.__mro__ if base in self.received), level)
        return self._extras[definer] if definer in self._by_position and not spec_of(level).own_from_config else []

    def received_by(self, level: type) -> tuple[Mapping[str, object], Mapping[str, object]]:
        """Return what *level*'s constructor was given, and what it gave the next one up."""
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
        """Return the arguments that *level*'s constructor gives its parent's itself: it could not take them as well.

        None where an author's ``from_config`` may have its own way with them; what Keras puts into every config stays.
        """
        spec = spec_of(level)
        if spec.own_from_config or len(self.received) < 2:  # none was given anything by another
            return frozenset()
        own, parent = self.received_by(level)
        return frozenset(parent.keys() - own.keys() - spec.defaults.keys() - set(BASE_KEYS))

    def others_of(self, level: type) -> dict[str, object]:
        """Return the arguments of the constructor that *level*'s config is for, where nobody wrote a ``get_config``."""
        return next((self.others[base] for base in level.__mro__ if base in self.others), {}) if self.others else {}

    def close(self) -> None:
        """Count what constructors were given for ``*args`` among their arguments, by the names that it has further up.

        Where an author's ``get_config`` speaks for a constructor, they are that one's.

        Raises:
            LayerArgumentError: It has none there.
        """
        self._unnamed.clear()
        for definer, extras in self._extras.items():
            if not extras or spec_of(definer).auto_config is not AutoConfig.WHOLE:
                continue
            names = self._inferred.get(definer, {})
            if definer in self._by_position or len(names) < len(extras):
                reason = "they have no names to be stored by"
                raise errors.LayerArgumentError(definer.__name__, "*args", tuple(extras), reason, NAMELESS)
            own = self.others[definer]
            for others in self.others.values():  # of the constructors further up, which have looked at them
                for name in names.keys() & others.keys():
                    own.setdefault(name, others[name])


def _find_offsets(values: Sequence[object], positional: Sequence[object]) -> list[int]:
    """Return where all the *values* stand in *positional*, one after the other."""
    offsets = range(len(positional) - len(values) + 1)
    return [offset for offset in offsets if all(map(operator.is_, values, positional[offset:]))]
