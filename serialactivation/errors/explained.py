"""What each error and warning means, when it comes, and what to do. It imports none of them, and no Keras."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from serialactivation.errors import REGISTER

__all__ = ["ERRORS", "ErrorEntry"]


class ErrorEntry(NamedTuple):
    """What is to be said of an error, or of a warning.

    Attributes:
        name: Its class in :mod:`serialactivation.errors`.
        bases: What else it is, so that an ``except`` for that catches it too.
        meaning: What it means, in a line.
        when: When it comes, in sentences.
        example: What ends in it, as a short piece of code, a command, or a description.
        cure: What to do, in sentences.
    """

    name: str
    bases: tuple[str, ...]
    meaning: str
    when: str
    example: str
    cure: str


_ENTRIES: Final = (
    ErrorEntry(
        name="ActivationAssignmentError",
        bases=("ActivationError", "ValueError"),
        meaning="An activation was assigned to a layer that is past the point where it could take it.",
        when="An attribute such as layer.activation is set after the layer was built, and the old or the new "
        "activation has weights: Keras would keep the old ones, or save none for the new.",
        example="layer.activation = keras.layers.PReLU(), after layer was called",
        cure="Give the activation to the constructor of a new layer.",
    ),
    ErrorEntry(
        name="ActivationBuildError",
        bases=("ActivationError", "ValueError"),
        meaning="An activation with weights cannot get them when its owner is built.",
        when="A layer with weights is the activation of layers whose shapes do not fit one another, of one "
        "whose size is open, or of one whose call cannot be traced in advance.",
        example="one keras.layers.PReLU() given to Dense(3) and to Dense(4)",
        cure="Give each layer an activation of its own. Where the activation is called with another shape than the "
        "layer's output, override activation_shape in the layer's class.",
    ),
    ErrorEntry(
        name="ActivationConfigError",
        bases=("ActivationError", "ValueError"),
        meaning="A stored config of an activation cannot be read.",
        when="A model or a layer is made from a config that is damaged, or that names a function or a class "
        "which nothing in this process registers.",
        example="keras.models.load_model(path), before the module that registers its activation is imported",
        cure="Import the module that registers what the message names before the model is loaded. serialactivation "
        "check FILE shows everything that a file names.",
    ),
    ErrorEntry(
        name="ActivationDTypeError",
        bases=("ActivationError", "ValueError"),
        meaning="An activation that follows its owner was given to one whose dtype policy it cannot take.",
        when="One activation is given to two layers of different dtype policies, or one that was built under another "
        "policy than its layer's.",
        example="one keras.layers.PReLU() given to Dense(3) and to Dense(3, dtype='mixed_float16')",
        cure="Give each layer an activation of its own, or give the activation a policy: dtype='float32'.",
    ),
    ErrorEntry(
        name="ActivationError",
        bases=("Exception",),
        meaning="Base class of every error that this package raises on purpose.",
        when="except serialactivation.ActivationError catches all of them, and nothing else.",
        example="raise serialactivation.ActivationError('...'), in a validate_activation of your own",
        cure="Do what the message says; the error's own class tells what kind of mistake it is.",
    ),
    ErrorEntry(
        name="ActivationFieldError",
        bases=("ActivationError", "TypeError"),
        meaning="The fields= of a layer class cannot be understood.",
        when="A class is decorated, or inherits from the mixin, with fields= that name no argument of its constructor, "
        "name one twice, or are no sequence of names; or serialactivation.testing is asked for such an argument.",
        example="@serialactivation.serializable_activation(fields='activation')",
        cure="Give a list of names of constructor arguments, or of serialactivation.ActivationField.",
    ),
    ErrorEntry(
        name="ArchiveError",
        bases=("ActivationError", "ValueError"),
        meaning="A saved model's file cannot be read, or is not to be trusted.",
        when="serialactivation.load_model(path, trusted=...), serialactivation.untrusted or a command reads a "
        "file that is damaged, is made to deceive, exceeds a limit, or is no saved model.",
        example="a .keras file of half its length",
        cure="The message starts with a code from SA001 to SA009; serialactivation explain tells what it means.",
    ),
    ErrorEntry(
        name="CloneError",
        bases=("ActivationError", "ValueError"),
        meaning="The clone of a model would compute with another activation than the model.",
        when="serialactivation.clone_model is given a model of a class of yours that computes with an activation "
        "beside its graph, and either that class is not decorated, or a function or inputs are given: Keras then makes "
        "the clone, of the graph alone.",
        example="serialactivation.clone_model(Head(x, y, post_activation='tanh'), clone_function=copy_layer)",
        cure="Decorate the class with @serialactivation.serializable_activation, and clone the model without functions "
        "and inputs.",
    ),
    ErrorEntry(
        name="CompileStateError",
        bases=("ActivationError", "TypeError"),
        meaning="A model was compiled with a metric or an optimizer that its class cannot make again.",
        when="serialactivation.convert or to_stock compiles the new model like the old one.",
        example="a metric whose constructor needs an argument that its get_config() leaves out",
        cure="Make get_config() of the metric's or the optimizer's class return every argument of its constructor.",
    ),
    ErrorEntry(
        name="ExpressionError",
        bases=("ActivationError", "ValueError"),
        meaning="What was written for an activation is none that a file can hold.",
        when="The NEW of serialactivation repair --replace OLD=NEW is read.",
        example="serialactivation repair model.keras --replace '<lambda>=my_function(x)' -o out.keras",
        cure="Write a name, package>name, or a call with literal keywords, such as "
        "'<lambda>=keras.activations.relu(negative_slope=0.1)'.",
    ),
    ErrorEntry(
        name="LayerArgumentError",
        bases=("ActivationError", "TypeError"),
        meaning="A layer was given an argument that no config can hold, and has no get_config that writes it another "
        "way.",
        when="A decorated layer that leaves its config to this package is constructed with an argument that is neither "
        "plain data nor a registered Keras object.",
        example="MyLayer(activation='relu', log=open('log.txt', 'w'))",
        cure="Pass a plain value or a registered Keras object, or write get_config in the class.",
    ),
    ErrorEntry(
        name="LayerCheckError",
        bases=("ActivationError", "AssertionError"),
        meaning="A layer breaks promises of serialactivation.testing.",
        when="serialactivation.testing.check_layer has run all its checks, and some have failed.",
        example="serialactivation.testing.check_layer(keras.layers.Dense, input_shape=(None, 3))",
        cure="The message names each promise that is broken, and how to keep it; failures has one error for "
        "each check.",
    ),
    ErrorEntry(
        name="LayerStateError",
        bases=("ActivationError", "ValueError"),
        meaning="A layer has a variable that what was made of its config has not, so that its value would be lost.",
        when="serialactivation.convert or to_stock copies the weights of a layer of yours whose get_config() leaves "
        "out what they depend on.",
        example="a layer whose attribute units was changed after its constructor, and decides the shape of its kernel",
        cure="Make get_config() return every argument that the layer's variables depend on, and make the layers inside "
        "it in its constructor or in build().",
    ),
    ErrorEntry(
        name="ModelFileError",
        bases=("ActivationError", "ValueError"),
        meaning="A model was to be saved in a format that it could not be loaded from.",
        when="serialactivation.save_model(model, 'model.h5') is given a model of a class of yours that is not built "
        "again by the shapes that it was called on.",
        example="a subclassed model with a layer that is made after its constructor, saved to a file that ends in .h5",
        cure="Make its layers and weights in its constructor or in build(), and let get_config() return every argument "
        "of its constructor.",
    ),
    ErrorEntry(
        name="ModelKindError",
        bases=("ActivationError", "TypeError"),
        meaning="A model was to be made again that is, or holds, one whose graph cannot be seen.",
        when="serialactivation.convert, to_stock or clone_model is given a subclassed model, or a Sequential "
        "that has no input yet.",
        example="serialactivation.convert(MyModel())",
        cure="Change the layers in the code of the model, or give the Sequential a keras.Input.",
    ),
    ErrorEntry(
        name="NewerArgumentError",
        bases=("ActivationError", "ValueError"),
        meaning="A config written by a newer Keras has a keyword that the installed one lacks, and not with "
        "its default.",
        when="A model is loaded with an older Keras than the one that saved it.",
        example="a BatchNormalization(renorm=True) of Keras 3.15, loaded with Keras 3.9",
        cure="Load it with the Keras that the message names, or with a newer one.",
    ),
    ErrorEntry(
        name="PromiseBrokenError",
        bases=("ActivationError", "AssertionError"),
        meaning="A layer does not keep a promise of serialactivation.testing.",
        when="A check of serialactivation.testing.layer_checks is called, and fails.",
        example="a layer whose get_config leaves out its activation",
        cure="Do what the message says; where the layer is not meant to keep that promise, pass skip=['its name'].",
    ),
    ErrorEntry(
        name="PromiseNotTriedWarning",
        bases=("UserWarning",),
        meaning="A promise of serialactivation.testing could not be tried, or not with every activation.",
        when="A layer, or one of its activations, is defined in a notebook, an interactive session or a script, where "
        "no other process can import it, as the promise new_process asks.",
        example="serialactivation.testing.check_layer(Own, input_shape=(None, 3)), where a notebook defines Own",
        cure="Move the class into a module and import it; or pass skip=['new_process'], and nothing is said.",
    ),
    ErrorEntry(
        name="PrunedArgumentWarning",
        bases=("UserWarning",),
        meaning="A keyword of a newer Keras was left out of a config as it was read: it held its default.",
        when="A model is loaded with an older Keras than the one that saved it.",
        example="quantization_config=None of a Dense that Keras 3.15 saved, loaded with Keras 3.9",
        cure="Nothing has to be done: nothing is lost.",
    ),
    ErrorEntry(
        name="RedefinedActivationWarning",
        bases=("UserWarning",),
        meaning="A layer's function, or class, was stored under a name that means another by now, or none.",
        when="A config is written after a notebook's cell defined the function anew, or after the custom_object_scope "
        "that named it has ended.",
        example="a layer made before a cell with a registered function was changed and run again",
        cure="Make the layer again with the function that is meant.",
    ),
    ErrorEntry(
        name="RegistrationError",
        bases=("ActivationError", "ValueError"),
        meaning="A name is taken by another class.",
        when="Two classes are decorated under one package and one name: models saved with one would load as the other.",
        example="two classes Gated in two modules, each with @serializable_activation(package='my_package')",
        cure="Give one of them another package= or name=.",
    ),
    ErrorEntry(
        name="RepairError",
        bases=("ActivationError", "ValueError"),
        meaning="A file cannot be mended as asked; nothing has been written.",
        when="serialactivation repair is given an OLD that the file does not hold, an output that exists or cannot be "
        "written, or a file that is no whole model.",
        example="serialactivation repair model.keras --replace nothing=relu -o out.keras",
        cure="The message says what the file holds, or what is in the way.",
    ),
    ErrorEntry(
        name="SettingsError",
        bases=("ActivationError", "ValueError"),
        meaning="Settings cannot be used: a file of them for the command line, or limits that were given.",
        when="A table [tool.serialactivation.check] or [tool.serialactivation.lint] has a key or a value that is not "
        "allowed, or limits= names no limit.",
        example="[tool.serialactivation.check] with fail-on = 'never'",
        cure="The message lists what is allowed.",
    ),
    ErrorEntry(
        name="SharedActivationWarning",
        bases=("UserWarning",),
        meaning="An activation with weights is written outside a save, where its other owners are not known.",
        when="Keras's own .h5, to_json or clone_model writes a layer whose activation other layers share: each gets a "
        "copy.",
        example="model.to_json(), where two layers share one PReLU",
        cure="Use the function of the same name in serialactivation: save_model and load_model, model_to_json and "
        "model_from_json, or clone_model.",
    ),
    ErrorEntry(
        name="SourceError",
        bases=("ActivationError", "ValueError"),
        meaning="A file cannot be read as Python source.",
        when="serialactivation lint reads a file, or a notebook, that is damaged, too long, or no Python.",
        example="serialactivation lint on a .py file with a bracket that is never closed",
        cure="The message starts with a code, such as SA010; serialactivation explain tells what it means. "
        "Mend the file, or pass over it with --exclude.",
    ),
    ErrorEntry(
        name="StockFormError",
        bases=("ActivationError", "ValueError"),
        meaning="A layer has no equal among Keras's own that stock Keras would load.",
        when="serialactivation.to_stock(model) meets an activation, or a layer, that only this package stores.",
        example="serialactivation.to_stock of a model with a partial of a function of your own",
        cure="Replace the activation that the message names, or load the model where serialactivation is imported.",
    ),
    ErrorEntry(
        name="TargetKerasError",
        bases=("ActivationError", "ValueError"),
        meaning="A model cannot be saved for an older Keras: that one would not load it, or compute something else.",
        when="serialactivation.save_model(model, path, target_keras=...) meets what that Keras lacks.",
        example="serialactivation.save_model(model, path, target_keras='3.6'), of a model with RMSNormalization",
        cure="Aim at the Keras that the message names, or build the model without what it lacks.",
    ),
    ErrorEntry(
        name="UncallableActivationError",
        bases=("UnserializableActivationError", "ActivationError", "TypeError"),
        meaning="A function was given that no layer could call here: another backend's, or one with a keyword missing.",
        when="A layer is constructed.",
        example="serialactivation.layers.Dense(4, activation=torch.nn.functional.glu), under JAX",
        cure="Write what the message says: a function of keras.ops, or a functools.partial with the keyword.",
    ),
    ErrorEntry(
        name="UnknownActivationError",
        bases=("ActivationError", "ValueError"),
        meaning="A name was given that no activation has.",
        when="A layer is constructed, or serialactivation.get is called, with a name that neither Keras nor anybody "
        "else has registered.",
        example="serialactivation.layers.Dense(4, activation='reluu')",
        cure="Write the name that the message proposes, or register the function and pass 'package>name'.",
    ),
    ErrorEntry(
        name="UnserializableActivationError",
        bases=("ActivationError", "TypeError"),
        meaning="An activation was given that could not come back from a saved model.",
        when="A layer is constructed, or serialactivation.get or serialize is called, with a lambda, a "
        "closure, a bound method, a NumPy function, or a function, class or object that nothing registers.",
        example="serialactivation.layers.Dense(4, activation=lambda x: x * 2)",
        cure=f"Write a function with def, at the top of a module, with {REGISTER} above it, and give keywords with "
        "functools.partial.",
    ),
    ErrorEntry(
        name="UntrustedError",
        bases=("ActivationError", "ValueError"),
        meaning="A saved model names what it was not said to be trusted with; nothing of it was loaded.",
        when="serialactivation.load_model(path, trusted=...) meets a name that is neither a part of Keras "
        "nor in trusted.",
        example="serialactivation.load_model(path, trusted=()), of a model with a registered layer of its author's",
        cure="If you know who made the file and what the names do, pass them: trusted=['package>name'].",
    ),
)

ERRORS: Final[Mapping[str, ErrorEntry]] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
"""The errors and warnings by name, in the order of the alphabet."""
