"""The findings on activations whose class Keras does not find by itself, or must not find. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.classes import find_signature
from serialactivation.catalog.layer_kinds import WITHOUT_WEIGHTS
from serialactivation.catalog.marks import PACKAGE
from serialactivation.files.printable import LONGEST_NAME, cut
from serialactivation.rules.finding import Finding, make_site_finding
from serialactivation.rules.provided import PROGRAM_CLASS, REGISTERED_NAME, cure_for_class, find_needed_class
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.activations import Site, is_lambda
from serialactivation.tree.classes import KERAS, NEVER, find_class, is_of_program
from serialactivation.typing import Config

__all__ = ["NO_ACTIVATION", "NO_MODULE", "UNKNOWN_CLASS", "find_class_findings"]

UNKNOWN_CLASS: Final = Rule(
    code="SA108",
    severity=Severity.WARNING,
    verdict=Verdict.NOT_KNOWN,
    meaning="The activation comes from another package, which must be imported before the model is loaded.",
    why="The layer was given an object of a class that is neither in Keras nor in serialactivation. A class that was "
    "defined in a script or a notebook has no module in the file. A class that is not registered is not found "
    "even if its module is imported.",
    example='"activation": {"module": "their.layers", "class_name": "Maxout", "config": {...}}',
    cure="If you trust that package, import it before you load the model, or pass the class in custom_objects. If "
    "your project provides it, name it with --known, or in the setting known.",
)

NO_ACTIVATION: Final = Rule(
    code="SA109",
    severity=Severity.ERROR,
    advisories=("CVE-2025-1550", "GHSA-48g7-3x6r-xfhp"),
    verdict=Verdict.RUNS,
    meaning="The activation names something that is not an activation and that a load must never resolve.",
    why="The config names a module such as os or subprocess. A load that imports every module that a config names "
    "would call a function of that module.",
    example='"activation": {"module": "os", "class_name": "system", "config": {}}',
    cure="Do not load the file, and ask where it comes from.",
)

NO_MODULE: Final = Rule(
    code="SA114",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="modernize",
    meaning="The activation is a layer that is stored without its module: Keras 3 does not find its class.",
    why="Keras 2 stored the class of a layer without its module. Keras 3 finds the layers of a model in this form, "
    "but not an activation.",
    example='"activation": {"class_name": "LeakyReLU", "config": {"alpha": 0.1}}',
    cure="Let serialactivation repair write the module. If the layer has weights, as PReLU has, open the model with "
    "Keras 2 instead: make the activation a layer of its own, after the layer that holds it, and save the model "
    "again.",
)

_KERAS_2: Final = "ThresholdedReLU"
_BY_ITSELF: Final = "make it a layer of its own, after this one, with the Keras that wrote it, and save the model again"


def find_class_findings(site: Site) -> Iterator[Finding]:
    """Yield the findings on the class of an activation that is an object."""
    stored = site.stored
    if not isinstance(stored, dict) or is_lambda(stored):
        return
    module = str(stored.get("module") or "")
    package, is_function = module.partition(".")[0], stored.get("class_name") == "function"
    if NEVER.fullmatch(package) and not (is_function and package == "builtins"):
        evidence = f"it names {_cut(module)}.{_cut(site.label)}, which is not an activation"
        yield make_site_finding(NO_ACTIVATION, site, evidence, "do not load it; ask where the file comes from")
    elif not is_function and isinstance(stored.get("class_name"), str):
        yield from _check_class(site, stored, package)


def _check_class(site: Site, stored: Config, package: str) -> Iterator[Finding]:
    of = find_class(stored, None)
    if of.package == PACKAGE or (package == KERAS and of.package == KERAS):
        return
    if "module" not in stored and of.package is None and _is_keras(of.name):
        if site.stock:
            repairable = of.name in (*WITHOUT_WEIGHTS, _KERAS_2)
            cure = "serialactivation repair FILE -o OUT" if repairable else _BY_ITSELF
            yield make_site_finding(NO_MODULE, site, f"{of.name} is stored without its module, as Keras 2 did", cure)
    else:
        yield _find_provided(site, stored, of.package)


def _find_provided(site: Site, stored: Config, package: str | None) -> Finding:
    """Return the finding on an activation whose class a program has to provide."""
    name, needed = _cut(site.label), find_needed_class(stored)
    evidence = "is not a Keras class, and is stored without its module"
    if package is not None:
        evidence = f"is a class of {_cut(package)!r}"
    rule, evidence = UNKNOWN_CLASS, f"{name} {evidence}"
    if ">" in needed:
        rule = REGISTERED_NAME
    elif is_of_program(stored):
        rule, evidence = PROGRAM_CLASS, f"{name} is a class of the program that saved the model"
    return make_site_finding(rule, site, evidence, cure_for_class(stored), needs=needed)


def _is_keras(name: str) -> bool:
    return name == _KERAS_2 or find_signature("layers", name) is not None


def _cut(name: str) -> str:
    return cut(name, LONGEST_NAME)
