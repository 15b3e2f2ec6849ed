"""SA4xx: what is to be said of Python source, before a model is trained. Keras-free."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.rules.rule import Rule, Severity, Verdict

__all__ = ["RULES", "SOURCE"]

_KEEP: Final = "or decorate the class with serialactivation.serializable_activation, which sees to it."
_GET: Final = (
    "Write self.activation = keras.activations.get(activation) in the constructor, and self.activation in place of "
    "activation after it"
)
_SERIALIZE: Final = "write keras.activations.serialize(self.activation) in get_config"

SOURCE: Final = (
    Rule(
        code="SA401",
        severity=Severity.WARNING,
        verdict=Verdict.NOT_KNOWN,
        meaning="get_config returns an activation itself, and not its config.",
        why="After keras.activations.get it is a function or a layer, and a config with one in it is no plain data: "
        "json.dumps refuses it, and clone_model and from_config(get_config()) give the copy the very same layer, so "
        "that training the one changes the other.",
        example='"activation": self.activation, where the constructor has keras.activations.get(activation)',
        cure=f'Write "activation": keras.activations.serialize(self.activation), {_KEEP} '
        "serialactivation lint --fix does the first.",
    ),
    Rule(
        code="SA402",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="get_config leaves out an activation that the constructor takes: it comes back as the default.",
        why="Keras makes the layer again from its config, and what is not in it has the default of the constructor.",
        example="def __init__(self, units, activation=None), and a get_config that returns units alone",
        cure='Add "activation": keras.activations.serialize(self.activation), '
        f"{_KEEP} serialactivation lint --fix does the first where that is certain.",
    ),
    Rule(
        code="SA403",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="An activation is called as it was given: keras.activations.get is never applied to it.",
        why="A name such as 'relu' cannot be called. A function or a layer can, and is a dict when the layer is made "
        "again from its config, or has no config to be made from.",
        example="self.activation = activation, and self.activation(x) in call",
        cure=f"{_GET}; {_SERIALIZE}.",
    ),
    Rule(
        code="SA404",
        severity=Severity.WARNING,
        verdict=Verdict.NOT_KNOWN,
        meaning="keras.activations.get is applied in call, to what was given: weights of an activation are lost.",
        why="After a load what was given is a config. Each call makes another layer of it, with the weights that it "
        "starts with, and those that were saved are loaded nowhere.",
        example="keras.activations.get(self.activation)(x) in call, where self.activation = activation",
        cure=f"{_GET}; call self.activation, and {_SERIALIZE}.",
    ),
    Rule(
        code="SA405",
        severity=Severity.NOTE,
        verdict=Verdict.NOT_KNOWN,
        meaning="keras.activations.get is applied twice to one activation. Nothing is lost by it.",
        why="What get returns is returned by get once more. The second says that the first is not trusted, or is a "
        "rest of one that was elsewhere.",
        example="self.activation = keras.activations.get(activation), and keras.activations.get(self.activation)(x)",
        cure="Leave one out: the one in the constructor is the one that is needed.",
    ),
    Rule(
        code="SA406",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="get_config encodes an activation that nothing decodes.",
        why="keras.activations.serialize takes a function or a layer, and refuses the name that the constructor keeps. "
        "What it does encode is a dict, or a name, when the constructor gets it back, unless from_config or the "
        "constructor decodes it.",
        example="self.activation = activation, and keras.activations.serialize(self.activation) in get_config",
        cure=f"{_GET}.",
    ),
    Rule(
        code="SA407",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A lambda is given to a layer as its activation: the saved model does not load.",
        why="Keras stores the bytecode of a lambda, and refuses to run it in a load. In a saved model check finds it "
        "as SA101. The layers of serialactivation refuse it when they are made.",
        example="keras.layers.Dense(4, activation=lambda x: keras.ops.maximum(x, 0.0))",
        cure="Give the function a name, with def, and put @keras.saving.register_keras_serializable() above it.",
    ),
    Rule(
        code="SA408",
        severity=Severity.WARNING,
        verdict=Verdict.NOT_KNOWN,
        meaning="A function that no name is registered for is given to a layer as its activation.",
        why="Keras stores the function's name, and finds it again only if it is registered, or passed to the load in "
        "custom_objects; a function within a function, or a bound method, is another one each time. In a saved model "
        "check finds it as SA103. The layers of serialactivation refuse it when they are made.",
        example="def bent(x): ..., and keras.layers.Dense(4, activation=bent)",
        cure="Put @keras.saving.register_keras_serializable() above the function, at the top of its module.",
    ),
    Rule(
        code="SA409",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A functools.partial is given to a layer of Keras as its activation: the model cannot be saved.",
        why="A partial has no name that Keras could store. The model trains, and the save fails.",
        example="keras.layers.Dense(4, activation=functools.partial(keras.activations.elu, alpha=0.5))",
        cure="Use the layer of the same name in serialactivation.layers, which keeps it; or a layer such as "
        "keras.layers.ELU(alpha=0.5), or a registered function, as the activation.",
    ),
    Rule(
        code="SA410",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A function is given to a layer of Keras as its activation that comes back as another, or not at all.",
        why="Keras stores the function's name alone. Where keras.activations has one of that name, it is loaded, "
        "whatever it computes: keras.ops.gelu approximates, and keras.activations.gelu does not. Where it has none, "
        "or the function is no plain one of Python's, as those of jax.nn, the model does not load.",
        example="keras.layers.Dense(4, activation=keras.ops.gelu)",
        cure="Give the function of keras.activations, or its name; or use the layer of the same name in "
        "serialactivation.layers, which keeps the functions of keras.ops and the backends exact.",
    ),
    Rule(
        code="SA411",
        severity=Severity.WARNING,
        verdict=Verdict.NOT_KNOWN,
        meaning="A layer that takes an activation is not registered: a saved model with it does not load by itself.",
        why="Keras finds a class of yours by its registered name, or in the custom_objects of each load. Keras 3.6 "
        "still imported the module that a file names; 3.12 and newer do not.",
        example="class Gated(keras.layers.Layer), with nothing above it",
        cure=f"Put @keras.saving.register_keras_serializable() above the class, {_KEEP} "
        "serialactivation lint --fix does the first.",
    ),
    Rule(
        code="SA412",
        severity=Severity.NOTE,
        verdict=Verdict.NOT_KNOWN,
        meaning="get_config returns an activation as it was given, which is plain data only where that was a name.",
        why="With a name nothing is lost. A layer with weights, such as PReLU, that is kept and handed on to another "
        "layer is saved twice, and such a model does not load.",
        example='self.activation = activation, self.dense = Dense(4, activation=activation), and "activation": '
        "self.activation in get_config",
        cure=f"{_GET}; {_SERIALIZE}, {_KEEP}",
    ),
    Rule(
        code="SA413",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A class is given to a layer as its activation, and not an object of it.",
        why="A class can be called, and Keras takes it. Each call makes a new layer with the tensor as its first "
        "argument, which fails, or gives a layer in place of a tensor. The layers of serialactivation refuse it when "
        "they are made.",
        example="keras.layers.Dense(4, activation=keras.layers.ReLU)",
        cure="Call the class: activation=keras.layers.ReLU().",
    ),
    Rule(
        code="SA414",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A name is given to a layer as its activation that Keras 3 does not have.",
        why="Keras looks a name up among the functions of keras.activations, in their spelling, and nowhere else: "
        "neither among its layers, such as LeakyReLU, nor among registered functions.",
        example='keras.layers.Dense(4, activation="LeakyReLU")',
        cure="Write the name of a function, such as leaky_relu, or give the layer itself, such as "
        "keras.layers.LeakyReLU(), or the registered function itself.",
    ),
    Rule(
        code="SA415",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A function of NumPy, SciPy or math is given to a layer as its activation.",
        why="It computes outside the backend: it has no gradient, is traced by none, and Keras does not save it. The "
        "layers of serialactivation refuse it when they are made.",
        example="keras.layers.Dense(4, activation=np.tanh)",
        cure="Give the function of keras.activations, or its name, such as tanh; or, to a layer of "
        "serialactivation.layers, the function of keras.ops.",
    ),
    Rule(
        code="SA416",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="One activation with weights is given to several layers of Keras: the saved model does not load.",
        why="Keras saves the weights of an object once, where it stands first, and looks for them wherever it stands "
        "when the model is loaded. In a saved model check finds it as SA110.",
        example="bend = keras.layers.PReLU(), Dense(4, activation=bend) and Dense(4, activation=bend)",
        cure="Use the layers of the same names in serialactivation.layers, which keep it one; or give each layer an "
        "activation of its own.",
    ),
)
"""The codes of source, in their order."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.code: rule for rule in SOURCE})
"""The same, by code."""
