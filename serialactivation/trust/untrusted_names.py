"""The names in a saved model, compared with a closed list of the parts of Keras models. Keras-free.

A name of Keras is not trusted as such: Keras resolves most of its public functions for a config, including functions
that download data sets or write pictures. The list has Keras's layers, initializers, regularizers, constraints, losses,
metrics, optimizers, dtype policies, quantizers and operations, as far as they are known one by one, its activations,
and what this package stores.

Source:
    ``deserialize_keras_object`` and ``_retrieve_class_or_fn`` of ``keras/src/saving/serialization_lib.py``, Keras 3.6
    to 3.15: Keras looks for a class by its registered name, among registered objects, and then in its module; for a
    function by its name, and by the end of registered names. If the registered names are known, every other string is
    compared with them, as Keras does. If not, a string is listed if Keras looks for a name there, or if it has the form
    of a registered name.

Only activations are read as nodes here. Nodes follow what Keras is known to read, and leave out all other strings; a
closed list has to cover what is unknown too: every string, also in what a class of another package reads.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from serialactivation.catalog import functions as catalog
from serialactivation.catalog.classes import NAMED, find_name, find_signature
from serialactivation.catalog.graphs import KERAS_TENSOR
from serialactivation.catalog.marks import MAPPING, NAMESPACE, PACKAGE, PARTIAL, PARTIAL_LAYER, TUPLE_MARKS
from serialactivation.files.formats.json_arrays import ARRAYS, is_dtype
from serialactivation.files.formats.zip_format.archive import list_members
from serialactivation.files.layout import COMPILE_CONFIG, PICKLES, TRAINING_CONFIG
from serialactivation.files.opening import open_file
from serialactivation.files.refusals import FilePart
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.rules.configs.names import CHOSEN
from serialactivation.rules.configs.unsafe import CODE, NO_PART, PYTHONS_OWN, find_risks
from serialactivation.tree.activations import LAMBDA, Steps, is_lambda, show_path
from serialactivation.tree.classes import KERAS, find_class, find_module
from serialactivation.tree.nodes import find_sites
from serialactivation.trust.lookups import Lookup, Registry, find_lookups, is_named_by_keras
from serialactivation.typing import JSON, Config

__all__ = ["UntrustedName", "find_untrusted_names"]

# The marks of values that JSON does not have, with the keys that Keras reads; Keras makes no other objects from them.
_VALUES: Final[Mapping[str, frozenset[str]]] = {
    KERAS_TENSOR: frozenset({"shape", "dtype", "keras_history"}),
    **dict.fromkeys(ARRAYS, frozenset({"value", "dtype"})),
    "__bytes__": frozenset({"value"}),
    "__slice__": frozenset({"start", "stop", "step"}),
    "__ellipsis__": frozenset(),
}
_SPEC: Final = "__typespec__"
_CODE: Final = "Lambda"
_PICKLES: Final = "<pickle>"
_REGISTERED: Final = re.compile(r".*[^-]>.+", re.DOTALL)  # a package, and not the arrow in an equation of EinsumDense
_ANY: Final = "any"  # of any module: in a compile config, and in a wrapped loss or metric
_HINTS: Final[Mapping[str, str]] = {COMPILE_CONFIG: _ANY, "fn": _ANY}
_ANYTHING: Final = (_ANY, "optimizers.schedules")  # where a string may also be something other than a name
_SETTINGS: Final = (*CHOSEN, "auto", "temporal")  # strings that stand there and name no part of Keras
_WORDS: Final = ("vocabulary", "idf_weights")
_NAMES: Final = ("class_name", "module", "name", "registered_name", "spec_name")
_RUNS: Final = frozenset({CODE, NO_PART, PYTHONS_OWN})  # what nobody should trust by a name
_BUILTINS: Final = "builtins"  # the module that Keras writes for every function of its own


class UntrustedName(NamedTuple):
    """A name in a config that is not on the list.

    Attributes:
        name: The full name: ``my_package>Gate`` if it is registered, else ``my_package.layers.Gate``.
        key: The name that Keras first looks up among registered and custom objects, or nothing.
        path: Its part in the config.
        allowable: Whether a user may trust it at all; code and Python's own modules cannot be trusted.
        is_guess: Whether it is listed only because it looks like a name: Keras resolves it only if it is registered.
        by_end: Whether Keras also looks for it at the end of registered names.
        ends: The registered names that Keras finds in this way.
    """

    name: str
    key: str
    path: str
    allowable: bool = True
    is_guess: bool = False
    by_end: bool = False
    ends: tuple[str, ...] = ()


def find_untrusted_names(archive: Archive, registry: Registry | None) -> Iterator[UntrustedName]:
    """Yield the names in a saved model's configs that are not on the list, and its pickles.

    Args:
        archive: The model.
        registry: The names that are registered with Keras, or None if they are not known.
    """
    if _has_pickles(archive):
        yield UntrustedName(_PICKLES, _PICKLES, PICKLES, allowable=False)
    compiled = (archive.metadata or {}).get(TRAINING_CONFIG)
    for config, start, hint in ((archive.config, (), "layers"), (compiled, (TRAINING_CONFIG,), _ANY)):
        for site in find_sites(config):
            yield from _check_activation(site.stored, (*start, *site.steps))
        for one in _walk(config, start, hint):
            if registry is None:
                yield one
            elif not one.is_guess:
                yield _resolve(registry, one)
    if registry is not None:
        yield from _find_registered(archive, registry)


def _resolve(registry: Registry, one: UntrustedName) -> UntrustedName:
    """Return the name as Keras will resolve it: Keras does not search the module for a registered name."""
    if one.key in registry.names:
        return one._replace(name=one.key)
    return one._replace(ends=registry.find_ends(one.key)) if one.by_end else one


def _find_registered(archive: Archive, registry: Registry) -> Iterator[UntrustedName]:
    """Yield the names that Keras finds among registered objects, except objects of this package."""
    is_hdf5, compiled = archive.kind is Kind.HDF5, (archive.metadata or {}).get(TRAINING_CONFIG)
    yield from _look_up(find_lookups(archive.config, (), is_hdf5=is_hdf5), registry)
    yield from _look_up(find_lookups(compiled, (TRAINING_CONFIG,), is_hdf5=False, is_training=True), registry)


def _look_up(lookups: Iterable[Lookup], registry: Registry) -> Iterator[UntrustedName]:
    for lookup in lookups:
        for name in registry.find(lookup):
            if not _is_ours(name):
                yield UntrustedName(name, name, show_path(lookup.steps))


def _has_pickles(archive: Archive) -> bool:
    """Return whether its weights may be pickled: Keras 3.6 loads ``.npz`` with ``allow_pickle=True``."""
    if archive.kind is Kind.FOLDER:
        return os.path.lexists(os.path.join(archive.path, PICKLES))
    if archive.kind is not Kind.KERAS:
        return False
    part = FilePart(archive.path)
    with open_file(archive.path, part) as file:
        return PICKLES in list_members(file, archive.limits, part)


def _walk(value: JSON, steps: Steps, hint: str | None) -> Iterator[UntrustedName]:
    if is_lambda(value) and not isinstance(value, str):
        yield UntrustedName(LAMBDA, LAMBDA, show_path(steps), allowable=False)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*steps, index), hint)
    elif isinstance(value, dict):
        if isinstance(value.get("class_name"), str):
            yield from _check_object(value, steps, hint)
        for key, item in value.items():
            if key not in _NAMES or not isinstance(item, str):  # these are examined together with their object
                yield from _walk(item, (*steps, key), _find_hint(key, hint))
    elif isinstance(value, str):
        yield from _check_text(value, steps, hint)


def _find_hint(key: str, hint: str | None) -> str | None:
    """Return the module in which Keras looks up values under *key*, if it looks up the values around it in *hint*."""
    if key == "config" or key in _WORDS:
        return None
    return _HINTS.get(key) or find_module(key) or hint


def _check_text(text: str, steps: Steps, hint: str | None) -> Iterator[UntrustedName]:
    """Yield a string that is not a known name where Keras looks for one, or that has the form of a registered name."""
    if _is_ours(text):
        return
    is_name = hint in NAMED or hint in _ANYTHING
    if is_name and not _is_part(text, str(hint)):
        yield UntrustedName(text, text, show_path(steps), is_guess=hint in _ANYTHING)
    elif _REGISTERED.fullmatch(text):
        yield UntrustedName(text, text, show_path(steps), is_guess=True)


def _is_part(text: str, hint: str) -> bool:
    """Return whether a string names a part of Keras of the expected kind, or is not a name."""
    if hint == _ANY:
        return text in _SETTINGS or is_named_by_keras(text)
    return text in CHOSEN or find_name(hint, text) is not None


def _check_activation(stored: JSON, steps: Steps) -> Iterator[UntrustedName]:
    """Yield the name of an activation that is stored as a name."""
    if isinstance(stored, str) and catalog.find_activation(stored) is None and not _is_ours(stored):
        yield UntrustedName(stored, stored, show_path(steps), allowable=stored != LAMBDA)


def _check_object(value: Config, steps: Steps, hint: str | None) -> Iterator[UntrustedName]:
    class_name, module = str(value["class_name"]), value.get("module")
    if class_name in _VALUES:
        if not _is_value(class_name, value.get("config")):
            yield UntrustedName(f"<{class_name}>", "", show_path(steps), allowable=False)
        return
    if class_name in (*TUPLE_MARKS, NAMESPACE, MAPPING) and "config" not in value:  # else Keras looks for a class
        return
    if class_name == "function":
        name, known = str(value.get("config")), _is_known_function(value)
    elif class_name == _SPEC:
        name, known = str(value.get("spec_name")), False
    else:
        name, known = class_name, _is_known_class(value, hint)
    key = _find_key(value, name)
    is_placed = isinstance(module, str) and module != _BUILTINS and (key is None or (key == name and ">" not in name))
    shown = f"{module}.{name}" if is_placed or key is None else key
    if _is_ours(shown) and _is_in(module, PACKAGE) if ">" in shown and not is_placed else known:
        return
    risks = {risk.rule for risk in find_risks(value)}
    by_end = class_name == "function" and module == _BUILTINS
    yield UntrustedName(shown, key or "", show_path(steps), risks.isdisjoint(_RUNS), by_end=by_end)


def _is_value(class_name: str, inner: JSON) -> bool:
    """Return whether Keras writes such a value: with another dtype, NumPy would make an array of any size."""
    if class_name == "__ellipsis__":
        return True
    if not isinstance(inner, dict) or not inner.keys() >= _VALUES[class_name]:
        return False
    if class_name in ARRAYS:
        return is_dtype(inner["dtype"])
    return class_name != "__bytes__" or isinstance(inner["value"], str)


def _find_key(value: Config, name: str) -> str | None:
    """Return the name that Keras looks up among registered objects; None if Keras goes to the module directly."""
    if value["class_name"] == "function" or "registered_name" not in value:
        return name
    registered = value["registered_name"]
    if registered is None:
        return None if isinstance(value.get("module"), str) else name
    return str(registered)


def _is_known_class(value: Config, hint: str | None) -> bool:
    """Return whether an object's class is on the list, and reads nothing outside the file."""
    class_name, registered = str(value["class_name"]), value.get("registered_name")
    if registered not in (None, class_name):
        return False
    of = find_class(value, hint)
    is_closed = class_name != _CODE and not any(find_risks(value))
    return of.package == KERAS and of.signature is not None and is_closed


def _is_known_function(value: Config) -> bool:
    """Return whether a function's config names an activation, a loss or another function that is a part of a model."""
    name, module, registered = value.get("config"), value.get("module"), value.get("registered_name")
    if not isinstance(name, str) or registered not in (None, name):
        return False
    if module is None or module == _BUILTINS:
        return is_named_by_keras(name)
    short = str(module).removeprefix(f"{KERAS}.")
    return name in catalog.LIBRARIES.get(str(module), {}) or (short in NAMED and find_name(short, name) is not None)


def _is_ours(name: str) -> bool:
    package, _, short = name.partition(">")
    return package == PACKAGE and (short in (PARTIAL, PARTIAL_LAYER) or find_signature("layers", short) is not None)


def _is_in(module: JSON, package: str) -> bool:
    """Return whether a *module*, if one is given, belongs to a *package*."""
    return module is None or (isinstance(module, str) and module.partition(".")[0] == package)
