"""Training steps of a model under JAX and under PyTorch, with the memory they take and the bytes they move."""

import gc
import math
import re
from collections.abc import Callable
from typing import Any, Final, Protocol

import keras

__all__ = ["TRAININGS", "Training", "count_bytes", "find_gpu"]

RATE: Final = 1e-3
WIDTHS: Final = {"pred": 1, "s8": 1, "u8": 1, "bf16": 2, "f16": 2, "s32": 4, "u32": 4, "f32": 4, "s64": 8, "f64": 8}
"""Bytes of a number, by XLA's name of its type."""
FREE: Final = {"parameter", "constant", "tuple", "get-tuple-element", "bitcast"}
"""What moves no bytes in a compiled program."""


class Training(Protocol):
    """Steps of gradient descent on the mean of a model's squared outputs."""

    def run(self, count: int) -> None:
        """Do so many steps, and wait for the last."""

    def find_peak(self) -> int:
        """Return the most bytes of memory that a step has in use at a time, weights included."""

    def count_traffic(self) -> int:
        """Return the bytes that the operations of a step take and give."""


def find_gpu() -> str | None:
    """Return the name of the GPU that the running backend uses, or None where it finds none."""
    if keras.config.backend() == "jax":
        import jax

        device = jax.devices()[0]
        return device.device_kind if device.platform == "gpu" else None
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else None


class JaxTraining:
    """The steps on JAX: one compiled program each."""

    def __init__(self, make: Callable[[], keras.Model], rows: Any) -> None:
        import jax

        model = make()

        def loss(weights: Any, rows: Any) -> Any:
            return (model.stateless_call(weights, [], rows)[0] ** 2).mean()

        def step(weights: Any, rows: Any) -> Any:
            return [w - RATE * g for w, g in zip(weights, jax.grad(loss)(weights, rows), strict=True)]

        self._weights = [variable.value for variable in model.trainable_variables]
        self._rows = keras.ops.convert_to_tensor(rows)
        self._compiled = jax.jit(step).lower(self._weights, self._rows).compile()

    def run(self, count: int) -> None:
        """Do so many steps, and wait for the last."""
        for _ in range(count):
            self._weights = self._compiled(self._weights, self._rows)
        for weights in self._weights:
            weights.block_until_ready()

    def find_peak(self) -> int:
        """Return the bytes of what a step takes, gives and holds meanwhile: XLA plans them when it compiles."""
        plan = self._compiled.memory_analysis()
        held = plan.argument_size_in_bytes + plan.output_size_in_bytes + plan.temp_size_in_bytes
        return held - plan.alias_size_in_bytes

    def count_traffic(self) -> int:
        """Return the bytes that the operations of the compiled step take and give."""
        return count_bytes(self._compiled.as_text())


class TorchTraining:
    """The steps on PyTorch, which runs one operation after the other."""

    def __init__(self, make: Callable[[], keras.Model], rows: Any) -> None:
        import torch

        gc.collect()  # a Keras model of before is freed with the garbage alone
        self._before = torch.cuda.memory_allocated()
        self._model = make()
        self._rows = keras.ops.convert_to_tensor(rows)
        self._optimizer = torch.optim.SGD(self._model.parameters(), RATE)

    def run(self, count: int) -> None:
        """Do so many steps, and wait for the last."""
        import torch

        for _ in range(count):
            self._optimizer.zero_grad()
            (self._model(self._rows) ** 2).mean().backward()
            self._optimizer.step()
        torch.cuda.synchronize()

    def find_peak(self) -> int:
        """Return the most bytes that were in use at a time in a step, beyond those before the model was made.

        Another model may be made before it, and none between.
        """
        import torch

        torch.cuda.reset_peak_memory_stats()
        self.run(1)
        return torch.cuda.max_memory_allocated() - self._before

    def count_traffic(self) -> int:
        """Return the bytes of the tensors that the operations of a step take and give; a view moves none."""
        from torch.utils._python_dispatch import TorchDispatchMode

        total = 0

        class Traffic(TorchDispatchMode):
            def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                nonlocal total
                given = function(*args, **(kwargs or {}))
                if function._schema.is_mutable or not _is_view(args, given):
                    total += sum(tensor.nbytes for tensor in _tensors((args, kwargs, given)))
                return given

        with Traffic():
            self.run(1)
        return total


TRAININGS: Final[dict[str, Callable[[Callable[[], keras.Model], Any], Training]]] = {
    "jax": JaxTraining,
    "torch": TorchTraining,
}
"""By backend."""


def count_bytes(program: str) -> int:
    """Return the bytes that the operations of a compiled program take and give, each argument once.

    *program* is the text that JAX gives of it. What stays inside an operation is left out, and so is the space that
    a library's function asks for beside its result.
    """
    sizes: dict[str, int] = {}
    total = 0
    for line in program[program.index("\nENTRY ") :].splitlines():
        if found := re.search(r"%(\S+) = (\(.*?\)|\S+) ([\w-]+)\((.*?)\)", line):
            name, given, operation, taken = found.groups()
            sizes[name] = _measure(given, space=operation == "custom-call")
            if operation not in FREE:
                total += sizes[name] + sum(sizes[name] for name in set(re.findall(r"%([\w.-]+)", taken)))
    return total


def _measure(shapes: str, *, space: bool) -> int:
    """Return the bytes of the arrays that *shapes* names; bytes alone are *space* to work in, and left out."""
    arrays = re.findall(r"(\w+)\[([\d,]*)\]", shapes)
    return sum(
        WIDTHS[kind] * math.prod(map(int, filter(None, sides.split(","))))
        for kind, sides in arrays
        if not (space and kind in {"s8", "u8"})
    )


def _is_view(taken: Any, given: Any) -> bool:
    """Say whether a tensor that an operation gives lies where one lies that it takes."""
    places = {tensor.untyped_storage().data_ptr() for tensor in _tensors(taken)}
    return any(tensor.untyped_storage().data_ptr() in places for tensor in _tensors(given))


def _tensors(tree: Any) -> list[Any]:
    import torch
    from torch.utils._pytree import tree_leaves

    return [leaf for leaf in tree_leaves(tree) if isinstance(leaf, torch.Tensor)]
