"""SA1xx: what is to be said of an activation. Keras-free."""

from typing import Final

from serialactivation.rules.codes.entry import Entry
from serialactivation.rules.severity import Severity

__all__ = ["ACTIVATIONS"]

ACTIVATIONS: Final = (
    Entry(
        code="SA101",
        severity=Severity.ERROR,
        meaning="The activation is the code of a function without a name. Keras runs it on load, or refuses to.",
        why="The layer was given a lambda. Keras stores its bytecode, which belongs to one version of Python, and "
        "load_model refuses to run it unless safe_mode=False.",
        example='"activation": {"class_name": "__lambda__", "config": {"value": {"code": "...", ...}}}',
        cure="Put the function that it was in its place with serialactivation repair, or give the layer a built-in "
        "name or a registered function and save the model again. Do not load it with safe_mode=False unless you "
        "know who made it.",
    ),
    Entry(
        code="SA102",
        severity=Severity.ERROR,
        meaning="The activation is stored as <lambda>: which function it was, is lost. Only its author can say.",
        why="Keras 1 and 2 stored a function by its name, and a lambda is called <lambda>.",
        example='"activation": "<lambda>"',
        cure="Ask the author, or look into the code that made the model, and put that function in its place with "
        "serialactivation repair.",
    ),
    Entry(
        code="SA103",
        severity=Severity.WARNING,
        meaning="The activation has a name that Keras does not know: a function that is registered by other code.",
        why="The layer was given a function of the author's own. A file holds its name, and not its code.",
        example='"activation": "my_package>bent"',
        cure="Import the module that registers the function before the model is loaded, or pass it in custom_objects.",
    ),
    Entry(
        code="SA104",
        severity=Severity.ERROR,
        meaning="The activation has a name that is like one of Keras's, and is none: it is mistyped.",
        why="A config was written or changed by hand, or by another program, or a name was used that is a class's.",
        example='"activation": "reluu"',
        cure="Put the right name in its place with serialactivation repair.",
    ),
    Entry(
        code="SA105",
        severity=Severity.ERROR,
        meaning="The activation is one that a newer Keras has, and the Keras aimed at has not.",
        why="The model was saved with a newer Keras than the one that --target-keras names.",
        example='"activation": "celu", with --target-keras 3.6',
        cure="Load it with the Keras that has the activation, or put another in its place with serialactivation "
        "repair.",
    ),
    Entry(
        code="SA106",
        severity=Severity.ERROR,
        meaning="A layer of Keras holds an object as its activation, which Keras reads since 3.10 only.",
        why="Before 3.10, the layers of Keras take a name from their config, and no layer or operation.",
        example='"activation": {"class_name": "LeakyReLU", "config": {...}}, with --target-keras 3.9.2',
        cure="Load it with Keras 3.10 or newer, or save serialactivation.convert(model), whose layers read it. "
        "serialactivation repair --target-keras VERSION makes it a layer of its own where that is the same.",
    ),
    Entry(
        code="SA107",
        severity=Severity.NOTE,
        meaning="An argument has the name that an older Keras had for it.",
        why="The model was saved by Keras 2, where the argument of LeakyReLU was called alpha; Keras 3 reads it still.",
        example='"activation": {"class_name": "LeakyReLU", "config": {"alpha": 0.1}}',
        cure="Nothing has to be done. serialactivation repair writes the new name.",
    ),
    Entry(
        code="SA108",
        severity=Severity.WARNING,
        meaning="The activation comes from another package, which has to be imported before the model is loaded.",
        why="The layer was given an object of a class that neither Keras nor serialactivation has.",
        example='"activation": {"module": "their.layers", "class_name": "Maxout", "config": {...}}',
        cure="Import that package before the model is loaded, if you trust it.",
    ),
    Entry(
        code="SA109",
        severity=Severity.ERROR,
        meaning="The activation names something that is no activation, and that a load should never resolve.",
        why="The config names a module such as os or subprocess: a load that imports what it is told to would call "
        "what is in it.",
        example='"activation": {"module": "os", "class_name": "system", "config": {}}',
        cure="Do not load it, and ask where the file comes from.",
    ),
)
"""The codes of activations, in their order."""
