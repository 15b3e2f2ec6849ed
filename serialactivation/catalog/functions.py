"""The catalog of activation functions: their keywords, and which ones are equal. Keras-free data.

Each :class:`Function` is one public function of one library. Two functions compute the same, to the bit, when they lead
to the same :class:`Operation` with the same keywords; the tests prove every row numerically, on the backend that the
library belongs to.

``keras.activations.softmax`` and ``keras.activations.sigmoid`` lead to no operation. They also attach the logits to the
resulting tensor, which losses use, so ``keras.ops.softmax`` is not their equal in training.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from serialactivation.catalog.function_tables import (
    ALIASES,
    JAX,
    NN,
    OPERATIONS,
    OWN_ACTIVATIONS,
    OWN_OPERATIONS,
    REQUIRED,
    SHARED_ACTIVATIONS,
    SINCE,
    SINCE_ACTIVATIONS,
    TENSORFLOW,
    TORCH,
    Keywords,
    Operation,
    Table,
)
from serialactivation.typing import JSON

__all__ = [
    "ACTIVATION_OPERATIONS",
    "ALIASES",
    "LIBRARIES",
    "REQUIRED",
    "Function",
    "Operation",
    "find_activation",
    "find_name",
    "find_operation",
]


_NONE: Final[Mapping[Any, Any]] = MappingProxyType({})


class Function(NamedTuple):
    """One activation function of one library.

    Attributes:
        library: The public module that has it: ``keras.activations``, ``keras.ops``, ``jax.nn``,
            ``torch.nn.functional``, ``tf.nn``.
        name: Its name there.
        defaults: Its keywords and their defaults.
        operation: The operation that computes the same, or None.
        renamed: The names in the operation of keywords that have another name there.
        revalued: The values in the operation of keywords whose values differ there, by the value here.
        dropped: Keywords that the operation does not have and that must hold their defaults.
        since: The first Keras release that has it, for a function of Keras that 3.6 lacks.
        absent: The values that None means, by keyword.
        exact: Whether the operation computes exactly the same in every dtype. If not, the function is stored by its
            name, and the operation replaces it only on other backends.
        builtin: The built-in name that computes the same, if Keras has no operation that does.
    """

    library: str
    name: str
    defaults: Keywords = _NONE
    operation: Operation | None = None
    renamed: Mapping[str, str] = _NONE
    revalued: Mapping[str, Mapping[JSON, JSON]] = _NONE
    dropped: frozenset[str] = frozenset()
    since: str | None = None
    absent: Keywords = _NONE
    exact: bool = True
    builtin: str | None = None

    @property
    def path(self) -> str:
        """The dotted name to import it by."""
        return f"{self.library}.{self.name}"

    def complete(self, keywords: Keywords) -> dict[str, JSON]:
        """Return *keywords* with the defaults filled in."""
        return {**self.defaults, **keywords}

    def translate(self, keywords: Keywords) -> dict[str, JSON] | None:
        """Return the keywords of the operation that computes the same, or None if there is none."""
        complete = self.complete(keywords)
        if self.operation is None or not all(self._translatable(key, value) for key, value in complete.items()):
            return None
        kept = {key: value for key, value in complete.items() if key not in self.dropped}
        return {self.renamed.get(key, key): self._revalue(key, value) for key, value in kept.items()}

    def _translatable(self, key: str, value: JSON) -> bool:
        if key not in self.defaults or value == REQUIRED:
            return False
        if key in self.dropped:
            return value == self.defaults[key]
        return key not in self.revalued or (isinstance(value, str | bool) and value in self.revalued[key])

    def _revalue(self, key: str, value: JSON) -> JSON:
        if value is None and key in self.absent:
            return self.absent[key]
        return self.revalued[key][value] if key in self.revalued else value


def _operation(name: str) -> Operation:
    if name in OWN_OPERATIONS:
        return OWN_OPERATIONS[name]
    class_name, module, _ = OPERATIONS[name]
    return Operation(module, class_name)


def _keras_ops() -> Iterator[Function]:
    for name, (class_name, module, defaults) in OPERATIONS.items():
        operation = Operation(module, class_name)
        yield Function(library="keras.ops", name=name, defaults=defaults, operation=operation, since=SINCE.get(name))


def _keras_activations() -> Iterator[Function]:
    for name in SHARED_ACTIVATIONS:
        yield Function(
            library="keras.activations",
            name=name,
            defaults=OPERATIONS[name][2],
            operation=_operation(name),
            since=SINCE_ACTIVATIONS.get(name),
        )
    for name, (operation, defaults) in OWN_ACTIVATIONS.items():
        yield Function(library="keras.activations", name=name, defaults=defaults, operation=operation)


def _foreign(library: str, table: Table) -> Iterator[Function]:
    for name, row in table.items():
        equal, defaults, more = (row, {}, {}) if isinstance(row, str) else row
        yield Function(
            library=library,
            name=name,
            defaults=defaults,
            operation=_operation(equal) if equal else None,
            **more,  # type: ignore[arg-type]  # a row's third part holds the optional attributes by name
        )


def _by_name(functions: Iterator[Function]) -> Mapping[str, Function]:
    return MappingProxyType({function.name: function for function in functions})


LIBRARIES: Final[Mapping[str, Mapping[str, Function]]] = MappingProxyType(
    {
        "keras.activations": _by_name(_keras_activations()),
        "keras.ops": _by_name(_keras_ops()),
        "jax.nn": _by_name(_foreign("jax.nn", JAX)),
        "torch.nn.functional": _by_name(_foreign("torch.nn.functional", TORCH)),
        "tf.nn": _by_name(_foreign("tf.nn", TENSORFLOW)),
    }
)
"""The closed list: every function that a file may name, by library and name."""

_PLAIN_RELU: Final = Operation(NN, "Relu")

_NAMED: Final[Mapping[Operation, Function]] = MappingProxyType(
    {
        **{
            function.operation: function
            for function in LIBRARIES["keras.activations"].values()
            if function.operation is not None
        },
    }
)
_OPERATION_FUNCTIONS: Final[Mapping[Operation, Function]] = MappingProxyType(
    {
        **_NAMED,
        **{function.operation: function for function in LIBRARIES["keras.ops"].values() if function.operation},
    }
)


def find_activation(name: str) -> Function | None:
    """Return the activation of Keras with that *name* or second name, or None."""
    return LIBRARIES["keras.activations"].get(ALIASES.get(name, name))


ACTIVATION_OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = MappingProxyType(
    {(operation.module, operation.class_name): operation for operation in _OPERATION_FUNCTIONS}
)
"""The operations of activations by module and class."""


def find_operation(operation: Operation) -> Function | None:
    """Return the public Keras function of *operation*, or None if that is not an activation."""
    return _OPERATION_FUNCTIONS.get(operation)


def find_name(operation: Operation, keywords: Keywords) -> str | None:
    """Return the built-in name that computes the same as *operation* with *keywords* (all of them), or None."""
    if operation == _PLAIN_RELU:
        return "relu"
    function = _NAMED.get(operation)
    if function is not None and dict(function.defaults) == dict(keywords):
        return function.name
    return None
