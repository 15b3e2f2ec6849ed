"""SA2xx: what is to be said of the rest of a config, but for its activations. Keras-free."""

from typing import Final

from serialactivation.rules.codes.entry import Entry
from serialactivation.rules.severity import Severity

__all__ = ["REST"]

REST: Final = (
    Entry(
        code="SA201",
        severity=Severity.ERROR,
        meaning="A keyword holds its default and is one that a newer Keras has: the Keras aimed at refuses it.",
        why="Keras writes every keyword of a constructor into the config, and refuses those that it does not know: "
        "even a plain Dense of Keras 3.15 does not load on any Keras before.",
        example='"quantization_config": null of a Dense, with --target-keras 3.9',
        cure="Take it out with serialactivation repair --target-keras.",
    ),
    Entry(
        code="SA202",
        severity=Severity.ERROR,
        meaning="A keyword that a newer Keras has is made use of: the Keras aimed at cannot do what it says.",
        why="The model makes use of what the Keras that --target-keras names has not.",
        example='"renorm": true of a BatchNormalization, with --target-keras 3.9',
        cure="Load it with the Keras that has the keyword, or build the model without it.",
    ),
    Entry(
        code="SA203",
        severity=Severity.ERROR,
        meaning="A class, or an object stored by name, is one that a newer Keras has, and the Keras aimed at has not.",
        why="The model was saved with a newer Keras than the one that --target-keras names.",
        example='"class_name": "RMSNormalization", with --target-keras 3.6',
        cure="Load it with the Keras that has the class, or build the model without it.",
    ),
    Entry(
        code="SA204",
        severity=Severity.NOTE,
        meaning="Whether it loads is not known: a class, a keyword or a name is not among those of Keras 3.",
        why="It comes from another package, from Keras 2, or from a Keras that is newer than this version of "
        "serialactivation; or it is code, which Keras runs only with safe_mode=False.",
        example='"registered_name": "my_package>Gate"',
        cure="Import the package that it comes from, and load it with the Keras that is meant.",
    ),
    Entry(
        code="SA205",
        severity=Severity.ERROR,
        meaning="A layer is called on what a layer after it makes, which Keras reads since 3.7 only.",
        why="Keras 3.6 makes the calls of a graph in the order of the config. A layer that is called twice may stand "
        "before one that feeds its second call.",
        example="twice(between(twice(inputs))), with --target-keras 3.6",
        cure="Load it with Keras 3.7 or newer, or build the model with two layers in its place.",
    ),
    Entry(
        code="SA206",
        severity=Severity.ERROR,
        meaning="A class, a keyword or a name is one that Keras had, and the Keras aimed at has no more.",
        why="The model was saved with an older Keras than the one that --target-keras names, or than the newest.",
        example='"class_name": "Bartlett" of keras.src.ops.numpy, which Keras has up to 3.14',
        cure="Load it with a Keras that has it, and save it in another form.",
    ),
    Entry(
        code="SA207",
        severity=Severity.ERROR,
        meaning="A loss or a metric is stored by a short name, which no Keras 3 finds in an HDF5 file.",
        why="Keras looks the function up by the name that was given to compile, such as mse, among its public names, "
        "which are the long ones: mean_squared_error. Of .keras files it keeps the name, and reads them.",
        example='"loss": "mse" in the attribute training_config of an .h5 file',
        cure="Write a loss's name in full with serialactivation repair, or load the file with compile=False.",
    ),
    Entry(
        code="SA208",
        severity=Severity.NOTE,
        meaning="An optimizer is stored as the class that one backend has for it, which other backends do not load.",
        why="With PyTorch, Keras makes a class of its own of each optimizer, and writes that class's private module. "
        "Where PyTorch is not installed, the model does not load, unless with compile=False.",
        example='"module": "keras.src.backend.torch.optimizers.torch_adam", "class_name": "Adam"',
        cure="Let serialactivation repair name the public class, of which each backend makes its own.",
    ),
    Entry(
        code="SA209",
        severity=Severity.ERROR,
        meaning="An operation of keras.ops stands in the graph of an HDF5 file, where Keras looks for layers only.",
        why="HDF5 files name the class of each step of a graph and not its module, and Keras searches its layers for "
        "it. It saves such a model, and loads none.",
        example='"class_name": "Tanh", without a module, of keras.ops.tanh(x)',
        cure="Save the model as .keras, with the Keras that made it.",
    ),
)
"""The codes of the rest of a config, in their order."""
