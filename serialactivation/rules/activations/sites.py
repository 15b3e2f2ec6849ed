"""The findings on each activation in a config: what a load would lose, change or run. Keras-free."""

import functools
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from serialactivation.catalog import functions as catalog
from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer, reads_activation
from serialactivation.files.printable import LONGEST_NAME, cut
from serialactivation.rules.activations.classes import (
    NO_ACTIVATION,
    NO_MODULE,
    UNKNOWN_CLASS,
    find_class_findings,
)
from serialactivation.rules.activations.names import (
    MISTYPED_NAME,
    UNREGISTERED_NAME,
    NearNames,
    find_name,
    find_unknown_name,
    suggest_repair,
)
from serialactivation.rules.finding import Finding, make_site_finding
from serialactivation.rules.lambda_code import name_uses
from serialactivation.rules.rule import REPLACE, SCALE, Rule, Severity, Verdict
from serialactivation.tree.activations import LAMBDA, Site, find_policy, is_lambda
from serialactivation.tree.classes import KERAS, find_class
from serialactivation.typing import JSON

__all__ = ["ACTIVATIONS", "OBJECT_IN_STOCK_LAYER", "SiteChecks", "find_changed_meaning"]

LAMBDA_CODE: Final = Rule(
    code="SA101",
    severity=Severity.ERROR,
    advisories=("CVE-2024-3660", "CVE-2025-9905", "GHSA-36rr-ww3j-vrjv"),
    verdict=Verdict.DOES_NOT_LOAD,
    repair=REPLACE,
    meaning="The activation is stored as the bytecode of a lambda. Keras does not load it, not even with "
    "safe_mode=False.",
    why="The layer was given a lambda. Keras stores its bytecode, which works with one version of Python only, and "
    "does not make an activation of it again.",
    example='"activation": {"class_name": "__lambda__", "config": {"value": {"code": "...", ...}}}',
    cure="Replace the lambda with a function that computes the same, with serialactivation repair. Or give the layer "
    "a built-in name or a registered function, and save the model again.",
)

LAMBDA_NAME: Final = Rule(
    code="SA102",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair=REPLACE,
    meaning="The activation is stored as <lambda>: the file does not say which function it was. Only its author knows.",
    why="Keras 1 and 2 stored a function by its name, and the name of every lambda is <lambda>.",
    example='"activation": "<lambda>"',
    cure="Ask the author, or read the code that made the model. Then replace <lambda> with that function, with "
    "serialactivation repair.",
)

NEWER_ACTIVATION: Final = Rule(
    code="SA105",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair=REPLACE,
    meaning="The activation was added in a newer Keras than the target Keras.",
    why="The model was saved with a newer Keras than the one that --target-keras names.",
    example='"activation": "celu", with --target-keras 3.6',
    cure="Load the model with a Keras that has the activation, or replace it with another one, with serialactivation "
    "repair.",
)

OBJECT_IN_STOCK_LAYER: Final = Rule(
    code="SA106",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="split",
    meaning="A Keras layer holds an object as its activation, which Keras reads only since version 3.10.",
    why="Before version 3.10, the layers of Keras read a name from their config, but not a layer or an operation.",
    example='"activation": {"class_name": "LeakyReLU", "config": {...}}, with --target-keras 3.9.2',
    cure="Load the model with Keras 3.10 or newer, or save serialactivation.convert(model), whose layers read such "
    "objects. serialactivation repair --target-keras VERSION makes the activation a layer of its own where the "
    "result is the same.",
)

OLD_ARGUMENT: Final = Rule(
    code="SA107",
    severity=Severity.NOTE,
    verdict=Verdict.LOADS,
    repair="rename",
    meaning="An argument has the name that it had in an older Keras.",
    why="The model was saved by Keras 2, where the argument of LeakyReLU was called alpha. Keras 3 still reads it.",
    example='"activation": {"class_name": "LeakyReLU", "config": {"alpha": 0.1}}',
    cure="Nothing has to be done. serialactivation repair writes the new name.",
)

OTHER_POLICY: Final = Rule(
    code="SA112",
    severity=Severity.WARNING,
    verdict=Verdict.LOADS,
    meaning="The activation's dtype policy differs from the policy of its layer: it casts what the layer computes.",
    why="An activation that is a layer takes the global dtype policy when it is made, not the policy of the layer "
    "that holds it. A layer in mixed_float16 with an activation in float32 returns float32, but its "
    "compute_output_spec says float16.",
    example='"dtype": "mixed_float16", "activation": {"class_name": "ReLU", "config": {"dtype": "float32", ...}}',
    cure="Give the activation the dtype policy of its layer, or use serialactivation's layers, whose activations "
    "follow the policy of the layer.",
)

OTHER_MEANING: Final = Rule(
    code="SA113",
    severity=Severity.ERROR,
    verdict=Verdict.OTHERWISE,
    repair=f"{REPLACE} {SCALE}",
    meaning="The activation's name stands for another function since Keras 3.",
    why="Keras 1 and 2 computed hard_sigmoid as 0.2 * x + 0.5, limited to 0 to 1. Keras 3 computes x / 6 + 0.5. It "
    "is the default recurrent_activation of an LSTM of those versions.",
    example='"recurrent_activation": "hard_sigmoid", in a file that Keras 2 wrote',
    cure="Register a function of your own that computes keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0), and put it in the "
    "place of hard_sigmoid with serialactivation repair FILE --replace "
    "'hard_sigmoid=my_package>old_hard_sigmoid' -o OUT.",
)

ACTIVATIONS: Final = (
    LAMBDA_CODE,
    LAMBDA_NAME,
    UNREGISTERED_NAME,
    MISTYPED_NAME,
    NEWER_ACTIVATION,
    OBJECT_IN_STOCK_LAYER,
    OLD_ARGUMENT,
    UNKNOWN_CLASS,
    NO_ACTIVATION,
    OTHER_POLICY,
    OTHER_MEANING,
    NO_MODULE,
)
"""The rules on activations, in the order of their codes."""

# The one activation that Keras 3 computes by another formula than Keras 1 and 2.
_CHANGED: Final = "hard_sigmoid"

SiteCheck: TypeAlias = Callable[[Site], Iterator[Finding]]
TargetSiteCheck: TypeAlias = Callable[[Site, str], Iterator[Finding]]


class SiteChecks:
    """Finds what is wrong with an activation.

    Args:
        target: The target Keras, such as ``"3.9.2"``, or None for the newest.
    """

    def __init__(self, target: str | None = None) -> None:
        self._target = target
        check_name = functools.partial(find_unknown_name, find_near=NearNames(), target=target)
        self._checks: tuple[SiteCheck, ...] = (_lambda, check_name, *_CHECKS)

    def __call__(self, site: Site) -> Iterator[Finding]:
        """Yield the findings on the activation at *site*."""
        for check in self._checks:
            yield from check(site)
        if self._target is not None:
            for target_check in _TARGET_CHECKS:
                yield from target_check(site, self._target)


def _lambda(site: Site) -> Iterator[Finding]:
    if not is_lambda(site.stored):
        return
    cure = suggest_repair(site.path, "NAME", "replace NAME with the function that the lambda computed")
    if site.stored == LAMBDA:
        yield make_site_finding(LAMBDA_NAME, site, "it is stored as '<lambda>'", *cure)
    else:
        yield make_site_finding(LAMBDA_CODE, site, f"it is the bytecode of a lambda{name_uses(site.stored)}", *cure)


def _newer_name(site: Site, target: str) -> Iterator[Finding]:
    function = _find_function(site.stored)
    if function is not None and function.since and is_newer(function.since, target):
        evidence = f"{function.path} was added in Keras {function.since}, and the target is Keras {target}"
        yield make_site_finding(NEWER_ACTIVATION, site, evidence, f"load it with Keras {function.since} or newer")


def _object_in_stock_layer(site: Site, target: str) -> Iterator[Finding]:
    if site.stock and not is_lambda(site.stored) and not reads_activation(site.stored, target):
        evidence = f"{_cut(site.class_name)} of Keras {target} cannot read {_cut(site.label)} as its activation"
        cure = f"load it with Keras {OBJECTS_SINCE} or newer, or save serialactivation.convert(model)"
        yield make_site_finding(OBJECT_IN_STOCK_LAYER, site, evidence, cure)


def _renamed_argument(site: Site) -> Iterator[Finding]:
    inner = site.stored.get("config") if isinstance(site.stored, dict) else None
    if not isinstance(site.stored, dict) or not isinstance(inner, dict) or site.label != "LeakyReLU":
        return
    if "alpha" in inner and find_class(site.stored, "layers").package == KERAS:
        evidence = "LeakyReLU(alpha=...) is LeakyReLU(negative_slope=...) since Keras 3"
        yield make_site_finding(OLD_ARGUMENT, site, evidence, "serialactivation repair FILE -o OUT")


def _other_policy(site: Site) -> Iterator[Finding]:
    inner = site.stored.get("config") if isinstance(site.stored, dict) else None
    policy = find_policy(inner.get("dtype")) if isinstance(inner, dict) else None
    if site.stock and policy and site.policy and policy != site.policy:
        evidence = f"its dtype policy is {_cut(policy)}, but that of {_cut(site.class_name)} is {_cut(site.policy)}"
        cure = f"give it dtype={_cut(site.policy)!r} where the model is made, or save serialactivation.convert(model)"
        yield make_site_finding(OTHER_POLICY, site, evidence, cure)


def find_changed_meaning(site: Site, keras_version: str | None) -> Iterator[Finding]:
    """Yield a finding if the name of an activation means another function in Keras 3 than in the Keras that wrote it.

    Args:
        site: The activation.
        keras_version: The Keras that wrote it, or None if the file does not say.
    """
    if keras_version is None or keras_version.partition(".")[0] not in ("1", "2"):
        return
    if site.stock and site.stored == _CHANGED:  # a function's config is the form of Keras 3
        note = "this shows the old function, and the command that stores it in a copy"
        evidence = f"{_CHANGED} was 0.2 * x + 0.5 in Keras {_cut(keras_version)}, and is x / 6 + 0.5 in Keras 3"
        yield make_site_finding(OTHER_MEANING, site, evidence, "serialactivation explain SA113", note)


_CHECKS: Final[tuple[SiteCheck, ...]] = (_renamed_argument, find_class_findings, _other_policy)
_TARGET_CHECKS: Final[tuple[TargetSiteCheck, ...]] = (_newer_name, _object_in_stock_layer)


def _cut(name: str) -> str:
    return cut(name, LONGEST_NAME)


def _find_function(stored: JSON) -> catalog.Function | None:
    """Return the function of Keras that *stored*, a name or the config of an operation, stands for."""
    name = find_name(stored)
    if name is not None:
        return catalog.find_activation(name)
    if isinstance(stored, dict) and isinstance(stored.get("module"), str):
        return catalog.find_operation(catalog.Operation(str(stored["module"]), str(stored.get("class_name"))))
    return None
