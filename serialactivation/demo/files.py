"""The files that the two processes exchange: arrays in ``.npz``, everything else in ``.json``."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs
import numpy as np

from serialactivation.demo.facts import Failure, NetworkFacts, Numbers, Results

__all__ = [
    "DIGITS",
    "FIRST_NETWORK",
    "FIRST_PARTS",
    "MODEL",
    "SECOND_NETWORK",
    "SECOND_PARTS",
    "read_network",
    "read_results",
    "write_network",
    "write_results",
]

MODEL: Final = "model.keras"
DIGITS: Final = "digits.npz"
FIRST_NETWORK: Final = "first-network"
FIRST_PARTS: Final = "first-parts"
SECOND_NETWORK: Final = "second-network"
SECOND_PARTS: Final = "second-parts"

_OPTIMIZER: Final = "optimizer"
_WEIGHT: Final = "weight"


def write_network(facts: NetworkFacts, stem: Path) -> None:
    """Write *facts* to two files beside each other, ``stem.npz`` and ``stem.json``."""
    weights = {f"{_WEIGHT}{index:03}": weight for index, weight in enumerate(facts.weights)}
    variables = {f"{_OPTIMIZER}{index:03}": variable for index, variable in enumerate(facts.optimizer)}
    # The ignore: no weight has the name allow_pickle.
    np.savez(stem.with_suffix(".npz"), predictions=facts.predictions, **weights, **variables)  # type: ignore[arg-type]
    plain = {"shared": facts.shared, "losses": facts.losses}
    stem.with_suffix(".json").write_text(json.dumps(plain, indent=2), encoding="utf-8")


def read_network(stem: Path) -> NetworkFacts:
    """Return the facts that :func:`write_network` has written."""
    plain = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
    with np.load(stem.with_suffix(".npz")) as arrays:
        return NetworkFacts(
            predictions=arrays["predictions"],
            weights=_pick(arrays, _WEIGHT),
            shared=plain["shared"],
            optimizer=_pick(arrays, _OPTIMIZER),
            losses=tuple(plain["losses"]),
        )


def _pick(arrays: Mapping[str, Numbers], prefix: str) -> tuple[Numbers, ...]:
    return tuple(arrays[name] for name in sorted(arrays) if name.startswith(prefix))


def write_results(results: Results, stem: Path) -> None:
    """Write *results* to two files beside each other: outputs to ``stem.npz``, failures to ``stem.json``."""
    failures = {name: attrs.asdict(result) for name, result in results.items() if isinstance(result, Failure)}
    outputs = {name: result for name, result in results.items() if not isinstance(result, Failure)}
    np.savez(stem.with_suffix(".npz"), **outputs)  # type: ignore[arg-type]  # no part has the name allow_pickle
    stem.with_suffix(".json").write_text(json.dumps(failures, indent=2), encoding="utf-8")


def read_results(stem: Path) -> Results:
    """Return the results that :func:`write_results` has written."""
    failures = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
    with np.load(stem.with_suffix(".npz")) as arrays:
        outputs = dict(arrays)
    return {**outputs, **{name: Failure(**failure) for name, failure in failures.items()}}
