"""The findings on activations that are stored by a name which Keras does not have. Keras-free.

Source:
    ``get`` of ``keras/src/activations/__init__.py`` and ``_retrieve_class_or_fn`` of
    ``keras/src/saving/serialization_lib.py``, Keras 3.6 to 3.15: a string is compared with Keras's own names, and the
    name in a function's config with those of registered and custom objects too. A layer that is stored without its
    module, as in HDF5 files, gets the functions of registered and custom objects for their names.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from serialactivation.catalog import functions as catalog
from serialactivation.catalog.layer_kinds import WITH_WEIGHTS
from serialactivation.catalog.near_names import extends_name, find_near_names
from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer
from serialactivation.files.printable import LONGEST_NAME, LONGEST_TEXT, cut
from serialactivation.rules.finding import Finding, make_site_finding
from serialactivation.rules.provided import REGISTERED_NAME, cure_by_objects, cure_for_name
from serialactivation.rules.rule import REPLACE, Rule, Severity, Verdict
from serialactivation.tree.activations import LAMBDA, Site
from serialactivation.typing import JSON

__all__ = [
    "MISTYPED_NAME",
    "UNREGISTERED_NAME",
    "NearNames",
    "find_name",
    "find_unknown_name",
    "suggest_repair",
]

UNREGISTERED_NAME: Final = Rule(
    code="SA103",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    meaning="The activation's name is not one of Keras's names, and is not registered: Keras alone does not find it.",
    why="The layer was given a function of the author's own that was not registered. The file holds the name of the "
    "function, but not its code. In a .keras file, Keras compares a name that stands alone, as a string, with its own "
    "names only, whatever is registered.",
    example='"activation": {"module": "builtins", "class_name": "function", "config": "swishy"}',
    cure="Pass the function in custom_objects when you load the model; register it, and save the model again. If the "
    "name stands alone, as a string, let serialactivation repair --replace store it as a registered function. If your "
    "project provides it, name it with --known, or in the setting known.",
)

MISTYPED_NAME: Final = Rule(
    code="SA104",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair=REPLACE,
    meaning="The activation's name is not a Keras activation, but is close to one: probably a typing error.",
    why="A config was written or changed by hand or by another program, or the name of a class was used as the name "
    "of a function.",
    example='"activation": "reluu"',
    cure="Replace the name with the right one, with serialactivation repair.",
)

_MOST_SOUGHT: Final = 500
"""How many names of one file are compared with Keras's names; each takes a fifth of a millisecond."""

_ASSUMED: Final = "this assumes that {} was meant"


class NearNames:
    """Finds similar names for unknown names, a limited number of times: a file may have a million names."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}

    def __call__(self, name: str) -> tuple[str, ...]:
        """Return the names similar to *name*, or none after too many searches."""
        if name not in self._known and len(self._known) < _MOST_SOUGHT:
            self._known[name] = () if extends_name(name) else find_near_names(name)
        return self._known.get(name, ())


def find_unknown_name(site: Site, find_near: Callable[[str], tuple[str, ...]], target: str | None) -> Iterator[Finding]:
    """Yield a finding if an activation is stored by a name that Keras does not have."""
    name = find_name(site.stored)
    if name is None or name == LAMBDA or catalog.find_activation(name) is not None or _is_listed(site.stored, name):
        return
    near = () if ">" in name else find_near(name)
    if near and isinstance(site.stored, str):
        evidence = f"no activation is called {name!r}; similar names: {', '.join(near)}"
        yield make_site_finding(MISTYPED_NAME, site, evidence, *_suggest_replacement(name, near, target))
    else:
        yield _make_finding(site, name)


def _make_finding(site: Site, name: str) -> Finding:
    """Return the finding on a name that Keras does not have: it is registered or not, or not known to be needed."""
    shown = repr(cut(name, LONGEST_NAME))
    if site.stock and site.placed and isinstance(site.stored, str):
        evidence = f"{shown} is a string alone, which Keras compares with its own names only"
        new, note = (name, "it is stored as a registered function then") if ">" in name else ("NAME", _NAME)
        return make_site_finding(UNREGISTERED_NAME, site, evidence, *suggest_repair(name, new, note), needs=name)
    if ">" in name:
        evidence = f"{shown} is a registered function"
        return make_site_finding(REGISTERED_NAME, site, evidence, cure_for_name(name), needs=name)
    if not (site.stock or site.ours):
        evidence = f"{shown} is not a Keras activation; {cut(site.class_name, LONGEST_NAME)} may know it"
        return make_site_finding(REGISTERED_NAME, site, evidence, cure_for_name(name), needs=name)
    evidence = f"{shown} is not a Keras activation, and is not registered"
    return make_site_finding(UNREGISTERED_NAME, site, evidence, cure_by_objects(name), needs=name)


_NAME: Final = "replace NAME with the registered name of that function, such as my_package>bent"


def _suggest_replacement(name: str, near: Sequence[str], target: str | None) -> tuple[str, str]:
    """Return the cure that replaces *name* with the first of *near*; layers count only if the target reads them."""
    reads_layers = target is None or not is_newer(OBJECTS_SINCE, target)
    nearest = next((one for one in near if reads_layers or not one.endswith("()")), near[0])
    if WITH_WEIGHTS.fullmatch(nearest.removeprefix("keras.layers.").removesuffix("()")):
        return f"give the layer {nearest} where the model is made, and save it again", _ASSUMED.format(nearest)
    return suggest_repair(name, nearest, _ASSUMED.format(nearest))


def suggest_repair(old: str, new: str, note: str = "") -> tuple[str, str]:
    """Return the command that replaces *old* with *new*, and the note after it; no command if it would be too long."""
    replace = _quote(f"{old}={new}")
    if len(replace) > LONGEST_TEXT - len("serialactivation repair FILE --replace  -o OUT"):
        return f"change it in the config by hand, to {new}: the path is too long for a command", note
    return f"serialactivation repair FILE --replace {replace} -o OUT", note


def _quote(text: str) -> str:
    """Return *text* as one word for a shell: a name in a file may hold a quotation mark and a command."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def find_name(stored: JSON) -> str | None:
    """Return the name of a stored function, which is a name alone or a function's config; None for anything else."""
    if isinstance(stored, str):
        return stored
    if isinstance(stored, dict) and stored.get("class_name") == "function" and isinstance(stored.get("config"), str):
        return str(stored["config"])
    return None


def _is_listed(stored: JSON, name: str) -> bool:
    """Return whether a function's config names a function of the catalog, such as one of ``keras.ops``."""
    return isinstance(stored, dict) and name in catalog.LIBRARIES.get(str(stored.get("module")), {})
