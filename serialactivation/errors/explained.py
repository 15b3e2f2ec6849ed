"""The meaning of each error and warning, when it occurs, and what to do. Imports neither the classes nor Keras."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from serialactivation.errors import REGISTER

__all__ = ["ERRORS", "ErrorEntry"]


class ErrorEntry(NamedTuple):
    """The description of an error or of a warning.

    Attributes:
        name: The class in :mod:`serialactivation.errors`.
        bases: Other classes that it derives from, so that an ``except`` for them catches it too.
        meaning: What it means, in a line.
        when: When it occurs, in sentences.
        example: A case in which it occurs: a short piece of code, a command, or a description.
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
        meaning="An activation was assigned to a layer that can no longer take it.",
        when="An attribute such as layer.activation is set after the layer was built, and the old or the new "
        "activation has weights: Keras would keep the old weights, or save none for the new activation.",
        example="layer.activation = keras.layers.PReLU(), after layer was called",
        cure="Give the activation to the constructor of a new layer.",
    ),
    ErrorEntry(
        name="ActivationBuildError",
        bases=("ActivationError", "ValueError"),
        meaning="An activation with weights, or a layer in a configuration object, cannot be built with its owner.",
        when="A layer with weights is the activation of layers whose shapes do not fit one another, of a layer "
        "of unknown size, or of a layer whose call cannot be traced in advance.",
        example="one keras.layers.PReLU() given to Dense(3) and to Dense(4)",
        cure="Give each layer an activation of its own. Where the activation is called with another shape than the "
        "layer's output, override activation_shape in the layer's class.",
    ),
    ErrorEntry(
        name="ActivationConfigError",
        bases=("ActivationError", "ValueError"),
        meaning="A stored config of an activation cannot be read.",
        when="A model or a layer is made from a config that is damaged, or that names a function or a class "
        "that is not registered in this process.",
        example="keras.models.load_model(path), before the module that registers its activation is imported",
        cure="Import the module that registers what the message names before the model is loaded. serialactivation "
        "check FILE shows everything that a file names.",
    ),
    ErrorEntry(
        name="ActivationDTypeError",
        bases=("ActivationError", "ValueError"),
        meaning="An activation that follows its owner's dtype policy was given to an owner whose policy does not fit.",
        when="One activation is given to two layers of different dtype policies, or a layer is given an activation "
        "that was built under another policy.",
        example="one keras.layers.PReLU() given to Dense(3) and to Dense(3, dtype='mixed_float16')",
        cure="Give each layer an activation of its own, or give the activation a policy: dtype='float32'.",
    ),
    ErrorEntry(
        name="ActivationError",
        bases=("Exception",),
        meaning="Base class of every error that this package raises on purpose.",
        when="except serialactivation.ActivationError catches all of them, and nothing else.",
        example="raise serialactivation.ActivationError('...'), in a validate_activation of your own",
        cure="Do what the message says; the class of the error says what kind of mistake it is.",
    ),
    ErrorEntry(
        name="ActivationFieldError",
        bases=("ActivationError", "TypeError"),
        meaning="The fields= of a layer class cannot be understood.",
        when="A class is decorated, or inherits from the mixin, with fields= that name no argument of its constructor, "
        "name one twice, or are not a sequence of names; or serialactivation.testing is called with such a field.",
        example="@serialactivation.serializable_activation(fields='activation')",
        cure="Give a list of names of constructor arguments, or of serialactivation.ActivationField.",
    ),
    ErrorEntry(
        name="ArchiveError",
        bases=("ActivationError", "ValueError"),
        meaning="The file of a saved model cannot be read, or must not be trusted.",
        when="serialactivation.load_model(path, trusted=...), serialactivation.untrusted or a command reads a "
        "file that is damaged, is made to deceive, exceeds a limit, or is not a saved model.",
        example="a .keras file of half its length",
        cure="The message starts with a code from SA001 to SA009; serialactivation explain says what it means.",
    ),
    ErrorEntry(
        name="CloneError",
        bases=("ActivationError", "ValueError"),
        meaning="The clone of a model would compute with a different activation.",
        when="serialactivation.clone_model is given a model of your own class that computes with an activation "
        "outside its graph. Keras makes the clone from the graph alone if the class is not decorated, or if functions "
        "or inputs are given.",
        example="serialactivation.clone_model(Head(x, y, post_activation='tanh'), clone_function=copy_layer)",
        cure="Decorate the class with @serialactivation.serializable_activation, and clone the model without functions "
        "and inputs.",
    ),
    ErrorEntry(
        name="CompileStateError",
        bases=("ActivationError", "TypeError"),
        meaning="A model was compiled with a metric or an optimizer that cannot be recreated from its config.",
        when="serialactivation.convert or to_stock compiles the new model as the old one was compiled.",
        example="a metric whose constructor needs an argument that its get_config() leaves out",
        cure="Make get_config() of the metric's or the optimizer's class return every argument of its constructor.",
    ),
    ErrorEntry(
        name="ExpressionError",
        bases=("ActivationError", "ValueError"),
        meaning="The text does not describe an activation that a file can hold.",
        when="serialactivation repair --replace OLD=NEW reads NEW.",
        example="serialactivation repair model.keras --replace '<lambda>=my_function(x)' -o out.keras",
        cure="Write a name, package>name, or a call with literal keywords, such as "
        "'<lambda>=keras.activations.relu(negative_slope=0.1)'.",
    ),
    ErrorEntry(
        name="LayerArgumentError",
        bases=("ActivationError", "TypeError"),
        meaning="A layer without get_config was given an argument that no config can hold.",
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
        meaning="A layer has a variable that the layer made from its config lacks, so the value would be lost.",
        when="serialactivation.convert or to_stock copies the weights of a layer whose get_config() leaves out an "
        "argument that they depend on.",
        example="a layer whose attribute units decides the shape of its kernel, and was changed after construction",
        cure="Make get_config() return every argument that the layer's variables depend on, and make the layers inside "
        "it in its constructor or in build().",
    ),
    ErrorEntry(
        name="MissingExtraError",
        bases=("ActivationError", "ImportError"),
        meaning="Packages are not installed that an extra of this package brings.",
        when="serialactivation report, ModelReport.to_html or plot is called without Matplotlib or Jinja2.",
        example="serialactivation report model.keras -o report.html, where only serialactivation[jax] is installed",
        cure="Install the extra that the message names, such as serialactivation[report].",
    ),
    ErrorEntry(
        name="ModelFileError",
        bases=("ActivationError", "ValueError"),
        meaning="A model cannot be saved in a format from which it could not be loaded.",
        when="serialactivation.save_model(model, 'model.h5') is given a model of your own class that cannot be built "
        "again from the shapes on which it was called.",
        example="a subclassed model that makes a layer after its constructor, saved to a file that ends in .h5",
        cure="Make its layers and weights in its constructor or in build(), and let get_config() return every argument "
        "of its constructor.",
    ),
    ErrorEntry(
        name="ModelKindError",
        bases=("ActivationError", "TypeError"),
        meaning="A model cannot be converted or cloned, because it is, or contains, a model whose graph is not known.",
        when="serialactivation.convert, to_stock or clone_model is given a subclassed model, or a Sequential "
        "that has no input yet.",
        example="serialactivation.convert(MyModel())",
        cure="Change the layers in the code of the model, or give the Sequential a keras.Input.",
    ),
    ErrorEntry(
        name="NewerArgumentError",
        bases=("ActivationError", "ValueError"),
        meaning="A config of a newer Keras has a keyword that the installed Keras lacks, and its value is not the "
        "default.",
        when="A model is loaded with an older Keras than the one that saved it.",
        example="a BatchNormalization(renorm=True) of Keras 3.15, loaded with Keras 3.9",
        cure="Load the model with the Keras release that the message names, or with a newer one.",
    ),
    ErrorEntry(
        name="NotRestoredError",
        bases=("ActivationError", "ValueError"),
        meaning="A model would not come back from where it is saved as it is.",
        when="raise_if_lost is called on a report of serialactivation.check_model that has findings, or fit is called "
        "with serialactivation.callbacks.CheckBeforeTraining.",
        example="model.fit(x, y, callbacks=[serialactivation.callbacks.CheckBeforeTraining()]), where a "
        "keras.layers.Dense has a lambda",
        cure="Do what the message says at each finding, and check the model again.",
    ),
    ErrorEntry(
        name="NotRestoredWarning",
        bases=("UserWarning",),
        meaning="A model is trained that would not come back from where it is saved as it is.",
        when="fit is called with serialactivation.callbacks.CheckBeforeTraining(on_lost='warn').",
        example="a keras.layers.Dense with a lambda, in a model that is trained with this callback",
        cure="Do what the message says at each finding; leave out on_lost='warn' to have such a model refused.",
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
        "no other process can import it, as the promise new_process requires.",
        example="serialactivation.testing.check_layer(Own, input_shape=(None, 3)), where a notebook defines Own",
        cure="Move the class into a module and import it; or pass skip=['new_process'] to leave the promise out.",
    ),
    ErrorEntry(
        name="PrunedArgumentWarning",
        bases=("UserWarning",),
        meaning="A keyword of a newer Keras was left out when a config was read: it held its default.",
        when="A model is loaded with an older Keras than the one that saved it.",
        example="quantization_config=None of a Dense that Keras 3.15 saved, loaded with Keras 3.9",
        cure="You need to do nothing: nothing is lost.",
    ),
    ErrorEntry(
        name="RedefinedActivationWarning",
        bases=("UserWarning",),
        meaning="A layer's function or class was stored under a name that now stands for another one, or for nothing.",
        when="A config is written after a notebook's cell redefined the function, or after the custom_object_scope "
        "that named it has ended.",
        example="a layer made before a cell with a registered function was changed and run again",
        cure="Create the layer again with the function that you mean.",
    ),
    ErrorEntry(
        name="RegistrationError",
        bases=("ActivationError", "ValueError"),
        meaning="The name is already registered for another class.",
        when="Two classes are decorated under one package and one name: models saved with one would load as the other.",
        example="two classes Gated in two modules, each with @serializable_activation(package='my_package')",
        cure="Give one of them another package= or name=.",
    ),
    ErrorEntry(
        name="RepairError",
        bases=("ActivationError", "ValueError"),
        meaning="A file cannot be repaired as asked; nothing has been written.",
        when="serialactivation repair is given an OLD that the file does not hold, an output that exists or cannot be "
        "written, or a file that does not hold a whole model.",
        example="serialactivation repair model.keras --replace nothing=relu -o out.keras",
        cure="The message says what the file holds, or why nothing can be written.",
    ),
    ErrorEntry(
        name="RepairableFileError",
        bases=("ActivationError", "TypeError", "ValueError"),
        meaning="Keras does not load a saved model, and serialactivation repair can repair the file.",
        when="serialactivation.load_model meets a file that an older or a newer Keras wrote, all of whose errors a "
        "repair removes.",
        example="sa.load_model('model.h5'), where tf_keras wrote an LSTM with time_major",
        cure="Run the command in the message, and load the copy; or pass repair=True.",
    ),
    ErrorEntry(
        name="SettingsError",
        bases=("ActivationError", "ValueError"),
        meaning="Settings cannot be used: those in a settings file of the command line, or the given limits.",
        when="A table [tool.serialactivation.check] or [tool.serialactivation.lint] has a key or a value that is not "
        "allowed, or limits= has a name that is not the name of a limit.",
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
        when="serialactivation lint reads a file, or a notebook, that is damaged, too long, or not Python.",
        example="serialactivation lint on a .py file with a bracket that is never closed",
        cure="The message starts with a code, such as SA010; serialactivation explain says what it means. "
        "Correct the file, or skip it with --exclude or the setting exclude.",
    ),
    ErrorEntry(
        name="StockFormError",
        bases=("ActivationError", "ValueError"),
        meaning="A layer cannot be converted to a form that stock Keras loads.",
        when="serialactivation.to_stock(model) meets an activation, or a layer, that only this package stores.",
        example="serialactivation.to_stock of a model with a partial of a function of your own",
        cure="Replace the activation that the message names, or load the model where serialactivation is imported.",
    ),
    ErrorEntry(
        name="TargetKerasError",
        bases=("ActivationError", "ValueError"),
        meaning="A model cannot be saved for an older Keras, which would not load it or would compute something else.",
        when="serialactivation.save_model(model, path, target_keras=...) meets a class or a keyword that it lacks.",
        example="serialactivation.save_model(model, path, target_keras='3.6'), of a model with RMSNormalization",
        cure="Pass the target_keras that the message names, or build the model without that class or keyword.",
    ),
    ErrorEntry(
        name="UncallableActivationError",
        bases=("UnserializableActivationError", "ActivationError", "TypeError"),
        meaning="A function was given that no layer can call here: one of another backend, or one with a keyword "
        "missing.",
        when="A layer is constructed.",
        example="serialactivation.layers.Dense(4, activation=torch.nn.functional.glu), under JAX",
        cure="Write what the message says: a function of keras.ops, or a functools.partial with the keyword.",
    ),
    ErrorEntry(
        name="UnknownActivationError",
        bases=("ActivationError", "ValueError"),
        meaning="The given name is not the name of any activation.",
        when="A layer is constructed, or serialactivation.get is called, with a name that is neither Keras's nor "
        "registered.",
        example="serialactivation.layers.Dense(4, activation='reluu')",
        cure="Write the name that the message proposes, or register the function and pass 'package>name'.",
    ),
    ErrorEntry(
        name="UnserializableActivationError",
        bases=("ActivationError", "TypeError"),
        meaning="An activation was given that a saved model would not restore.",
        when="A layer is constructed, or serialactivation.get or serialize is called, with a lambda, a "
        "closure, a bound method, a NumPy function, or a function, class or object that is not registered.",
        example="serialactivation.layers.Dense(4, activation=lambda x: x * 2)",
        cure=f"Write a function with def, at the top of a module, with {REGISTER} above it, and give keywords with "
        "functools.partial.",
    ),
    ErrorEntry(
        name="UntrustedError",
        bases=("ActivationError", "ValueError"),
        meaning="A saved model names code or files that were not trusted; nothing of the model was loaded.",
        when="serialactivation.load_model(path, trusted=...) meets a name that is neither in Keras nor in trusted.",
        example="serialactivation.load_model(path, trusted=()), of a model with a layer that its author registered",
        cure="If you know who made the file and what the names do, pass them: trusted=['package>name'].",
    ),
)

ERRORS: Final[Mapping[str, ErrorEntry]] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
"""The errors and warnings by name, in the order of the alphabet."""
