"""The findings on each activation in a config: what would be lost, changed or run when it is loaded. Keras-free."""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from serialactivation.catalog import functions as catalog
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.near_names import find_near_names
from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer, reads_activation
from serialactivation.files.printable import LONGEST_NAME, LONGEST_TEXT, cut
from serialactivation.rules.finding import Finding, tell_of_site
from serialactivation.rules.issue import show
from serialactivation.tree.activations import LAMBDA, Site, find_policy, is_lambda
from serialactivation.tree.classes import NEVER
from serialactivation.typing import JSON

__all__ = ["find_changed_meanings", "find_findings"]

# The one activation that Keras 3 computes by another formula than Keras 1 and 2.
_CHANGED: Final = "hard_sigmoid"

_MOST_SOUGHT: Final = 500
"""How many names of one file are held against the names of Keras's activations, a fifth of a millisecond each."""

Rule: TypeAlias = Callable[[Site], Iterator[Finding]]
TargetRule: TypeAlias = Callable[[Site, str], Iterator[Finding]]


def find_findings(sites: Iterable[Site], target: str | None = None) -> Iterator[Finding]:
    """Yield what is to be said of a model's activations, in the order in which they stand.

    Args:
        sites: The activations in its config.
        target: The Keras that is to load it, such as ``"3.9.2"``, or None for the newest.
    """
    unknown_name = functools.partial(_unknown_name, find_near=_NearNames())
    rules: tuple[Rule, ...] = (_lambda, unknown_name, *_RULES)
    for site in sites:
        for rule in rules:
            yield from rule(site)
        if target is not None:
            for target_rule in _TARGET_RULES:
                yield from target_rule(site, target)


def _lambda(site: Site) -> Iterator[Finding]:
    if not is_lambda(site.stored):
        return
    cure = _repair(LAMBDA if site.stored == LAMBDA else site.path, "NAME", ", with the function that it was")
    if site.stored == LAMBDA:
        yield tell_of_site("SA102", site, "it is stored as '<lambda>'", cure)
    else:
        yield tell_of_site("SA101", site, "it is the code of a function without a name", cure)


class _NearNames:
    """The names that mistyped ones may have meant, sought so often: a file may have a million names."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}

    def __call__(self, name: str) -> tuple[str, ...]:
        """Return those that are near *name*, or none where too many have been sought."""
        if name not in self._known and len(self._known) < _MOST_SOUGHT:
            self._known[name] = find_near_names(name)
        return self._known.get(name, ())


def _unknown_name(site: Site, find_near: Callable[[str], tuple[str, ...]]) -> Iterator[Finding]:
    name = _name(site.stored)
    if name is None or name == LAMBDA or catalog.find_activation(name) is not None or _is_listed(site.stored, name):
        return
    near = () if ">" in name else find_near(name)
    if near and isinstance(site.stored, str):
        evidence = f"no activation is called {name!r}; near it are {', '.join(near)}"
        cure = _repair(name, near[-1], ", if that is what it was")
        yield tell_of_site("SA104", site, evidence, cure)
    else:
        shown = repr(cut(name, LONGEST_NAME))
        evidence = f"{shown} is none of Keras's activations"
        cure = f"import what registers {shown} before loading, or pass custom_objects={{{shown}: ...}}"
        yield tell_of_site("SA103", site, evidence, cure)


def _newer_name(site: Site, target: str) -> Iterator[Finding]:
    function = _find_function(site.stored)
    if function is not None and function.since and is_newer(function.since, target):
        evidence = f"{function.path} is in Keras since {function.since}, and Keras {target} was asked for"
        yield tell_of_site("SA105", site, evidence, f"load it with Keras {function.since} or newer")


def _object_in_stock_layer(site: Site, target: str) -> Iterator[Finding]:
    if site.stock and not is_lambda(site.stored) and not reads_activation(site.stored, target):
        evidence = f"{_cut(site.class_name)} of Keras {target} reads no {_cut(site.label)} as its activation"
        cure = f"load it with Keras {OBJECTS_SINCE} or newer, or save serialactivation.convert(model)"
        yield tell_of_site("SA106", site, evidence, cure)


def _renamed_argument(site: Site) -> Iterator[Finding]:
    inner = site.stored.get("config") if isinstance(site.stored, dict) else None
    if site.label == "LeakyReLU" and isinstance(inner, dict) and "alpha" in inner:
        cure = _repair(site.path, f"LeakyReLU(negative_slope={show(inner['alpha'])})")
        evidence = "LeakyReLU(alpha=...) is LeakyReLU(negative_slope=...) since Keras 3"
        yield tell_of_site("SA107", site, evidence, cure)


def _foreign_object(site: Site) -> Iterator[Finding]:
    stored = site.stored
    if not isinstance(stored, dict) or is_lambda(stored):
        return
    module = str(stored.get("module") or "")
    package, registered = module.partition(".")[0], str(stored.get("registered_name") or stored.get("class_name"))
    is_function = stored.get("class_name") == "function"
    if NEVER.fullmatch(package) and not (is_function and package == "builtins"):
        evidence = f"it names {_cut(module)}.{_cut(site.label)}, which is no activation"
        yield tell_of_site("SA109", site, evidence, "do not load it; ask where the file comes from")
    elif not is_function and package not in ("", "keras", PACKAGE) and not registered.startswith(f"{PACKAGE}>"):
        evidence = f"{_cut(site.label)} is a class of {_cut(package)!r}"
        yield tell_of_site("SA108", site, evidence, f"import {_cut(module)} before loading, if you trust it")


def _other_policy(site: Site) -> Iterator[Finding]:
    inner = site.stored.get("config") if isinstance(site.stored, dict) else None
    policy = find_policy(inner.get("dtype")) if isinstance(inner, dict) else None
    if site.stock and policy and site.policy and policy != site.policy:
        evidence = f"{_cut(site.label)} is {_cut(policy)}, and {_cut(site.class_name)} is {_cut(site.policy)}"
        cure = f"give it dtype={_cut(site.policy)!r} where the model is made, or save serialactivation.convert(model)"
        yield tell_of_site("SA112", site, evidence, cure)


def find_changed_meanings(sites: Iterable[Site], keras_version: str | None) -> Iterator[Finding]:
    """Yield the activations whose name means another function in Keras 3 than in the Keras that wrote them.

    Args:
        sites: The activations in a model's config.
        keras_version: The Keras that wrote it, or None where the file does not say.
    """
    if keras_version is None or keras_version.partition(".")[0] not in ("1", "2"):
        return
    for site in sites:
        if site.stock and _name(site.stored) == _CHANGED:
            cure = "serialactivation explain SA113 shows the function that it was, and how to put it in its place"
            evidence = (
                f"{_CHANGED} of Keras {_cut(keras_version)} is 0.2 * x + 0.5 between 0 and 1, and is x / 6 + 0.5 now"
            )
            yield tell_of_site("SA113", site, evidence, cure)


_RULES: Final[tuple[Rule, ...]] = (_renamed_argument, _foreign_object, _other_policy)
_TARGET_RULES: Final[tuple[TargetRule, ...]] = (_newer_name, _object_in_stock_layer)


def _repair(old: str, new: str, more: str = "") -> str:
    """Return the command that puts *new* in the place of *old*, as long as it can be typed."""
    replace = _quote(f"{old}={new}")
    if len(replace) > LONGEST_TEXT - len("serialactivation repair FILE --replace  -o OUT") - len(more):
        return f"change it in the config by hand, to {new}{more}: the path to it is too long for a command"
    return f"serialactivation repair FILE --replace {replace} -o OUT{more}"


def _quote(text: str) -> str:
    """Return *text* as one word for a shell: a file's names may hold what ends a quotation, and a command."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _cut(name: str) -> str:
    return cut(name, LONGEST_NAME)


def _name(stored: JSON) -> str | None:
    """Return the name that a function is stored by: alone, or in a function's config; None for anything else."""
    if isinstance(stored, str):
        return stored
    if isinstance(stored, dict) and stored.get("class_name") == "function" and isinstance(stored.get("config"), str):
        return str(stored["config"])
    return None


def _is_listed(stored: JSON, name: str) -> bool:
    """Tell whether a function's config names one from the catalog's closed list, such as ``keras.ops``'s."""
    return isinstance(stored, dict) and name in catalog.LIBRARIES.get(str(stored.get("module")), {})


def _find_function(stored: JSON) -> catalog.Function | None:
    """Return the function of Keras that *stored* stands for: a name's, or an operation's."""
    name = _name(stored)
    if name is not None:
        return catalog.find_activation(name)
    if isinstance(stored, dict) and isinstance(stored.get("module"), str):
        return catalog.find_operation(catalog.Operation(str(stored["module"]), str(stored.get("class_name"))))
    return None
