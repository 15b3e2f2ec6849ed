"""SA4xx: the rules for Python source, applied before a model is trained. Keras-free."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.rules.rule import FIX, Rule, Severity, Verdict

__all__ = ["RULES", "SOURCE"]

_KEEP: Final = "or decorate the class with serialactivation.serializable_activation, which stores its activations."
_GET: Final = (
    "Write self.activation = keras.activations.get(activation) in the constructor, and use self.activation in place "
    "of activation after that line"
)
_SERIALIZE: Final = "write keras.activations.serialize(self.activation) in get_config"

SOURCE: Final = (
    Rule(
        code="SA401",
        severity=Severity.WARNING,
        verdict=Verdict.NOT_KNOWN,
        repair=FIX,
        meaning="get_config returns the activation itself, and not its config.",
        why="After keras.activations.get, the activation is a function or a layer. A config that holds one is not "
        "plain data: json.dumps refuses it, and clone_model and from_config(get_config()) give the copy the same "
        "layer object, so that training one layer changes the other.",
        example='"activation": self.activation, where the constructor has keras.activations.get(activation)',
        cure=f'Write "activation": keras.activations.serialize(self.activation), {_KEEP} '
        "serialactivation lint --fix makes the first change.",
    ),
    Rule(
        code="SA402",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        repair=FIX,
        meaning="get_config leaves out an activation that the constructor takes: after a load, it has its default.",
        why="Keras makes the layer again from its config. An argument that is not in the config gets the default of "
        "the constructor.",
        example="def __init__(self, units, activation=None), and a get_config that returns units alone",
        cure='Add "activation": keras.activations.serialize(self.activation), '
        f"{_KEEP} serialactivation lint --fix makes the first change where only one fix is possible.",
    ),
    Rule(
        code="SA403",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="An activation is called as it was given: keras.activations.get is never applied to it.",
        why="A name such as 'relu' cannot be called. A function or a layer can be called, but it becomes a dict when "
        "the layer is made again from its config, or it cannot be stored in a config at all.",
        example="self.activation = activation, and self.activation(x) in call",
        cure=f"{_GET}; {_SERIALIZE}.",
    ),
    Rule(
        code="SA404",
        severity=Severity.WARNING,
        verdict=Verdict.NOT_KNOWN,
        meaning="call applies keras.activations.get to the stored argument: the weights of an activation are lost.",
        why="After a load, the stored argument is a config. Each call makes a new layer from it, with initial "
        "weights, and the saved weights are never loaded.",
        example="keras.activations.get(self.activation)(x) in call, where self.activation = activation",
        cure=f"{_GET}; call self.activation, and {_SERIALIZE}.",
    ),
    Rule(
        code="SA405",
        severity=Severity.NOTE,
        verdict=Verdict.NOT_KNOWN,
        meaning="keras.activations.get is applied twice to one activation. Nothing is lost.",
        why="If keras.activations.get is given a function or a layer, it returns that object. The second get "
        "therefore does nothing; it may be left over from earlier code.",
        example="self.activation = keras.activations.get(activation), and keras.activations.get(self.activation)(x)",
        cure="Remove one of the two. The one in the constructor is needed.",
    ),
    Rule(
        code="SA406",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="get_config encodes an activation that nothing decodes.",
        why="keras.activations.serialize takes a function or a layer, and refuses the name that the constructor "
        "stores. What it encodes comes back to the constructor as a dict or a name, unless from_config or the "
        "constructor decodes it.",
        example="self.activation = activation, and keras.activations.serialize(self.activation) in get_config",
        cure=f"{_GET}.",
    ),
    Rule(
        code="SA407",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A lambda is given to a layer as its activation: the saved model does not load.",
        why="Keras stores the bytecode of a lambda, and refuses to run it when the model is loaded. In a saved "
        "model, check reports it as SA101. The layers of serialactivation refuse a lambda at construction.",
        example="keras.layers.Dense(4, activation=lambda x: keras.ops.maximum(x, 0.0))",
        cure="Define a function with def, and put @keras.saving.register_keras_serializable() above it.",
    ),
    Rule(
        code="SA408",
        severity=Severity.WARNING,
        verdict=Verdict.NOT_KNOWN,
        meaning="A function that is not registered is given to a layer as its activation.",
        why="Keras stores the name of the function, and finds the function again only if it is registered, or passed "
        "to the load in custom_objects. A function that is defined in a function, and a bound method, is a new "
        "object each time. In a saved model, check reports it as SA103. The layers of serialactivation refuse it "
        "at construction.",
        example="def bent(x): ..., and keras.layers.Dense(4, activation=bent)",
        cure="Put @keras.saving.register_keras_serializable() above the function, at the top of its module.",
    ),
    Rule(
        code="SA409",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A functools.partial is given to a Keras layer as its activation: the model cannot be saved.",
        why="A partial has no name that Keras can store. The model trains, but saving it fails.",
        example="keras.layers.Dense(4, activation=functools.partial(keras.activations.elu, alpha=0.5))",
        cure="Use the layer of the same name in serialactivation.layers, which stores the partial; or use a layer "
        "such as keras.layers.ELU(alpha=0.5), or a registered function, as the activation.",
    ),
    Rule(
        code="SA410",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A function that is given to a Keras layer as its activation is loaded as another function, or not "
        "at all.",
        why="Keras stores only the name of the function. If keras.activations has a function of that name, Keras "
        "loads it, whatever it computes: keras.ops.gelu approximates, and keras.activations.gelu does not. If it "
        "has none, or if the function is not written in plain Python, as those of jax.nn, the model does not "
        "load.",
        example="keras.layers.Dense(4, activation=keras.ops.gelu)",
        cure="Give the function of keras.activations, or its name; or use the layer of the same name in "
        "serialactivation.layers, which stores the functions of keras.ops and of the backends exactly.",
    ),
    Rule(
        code="SA411",
        severity=Severity.WARNING,
        verdict=Verdict.NOT_KNOWN,
        repair=FIX,
        meaning="A layer class that takes an activation is not registered: a saved model with it does not load by "
        "itself.",
        why="Keras finds your class by its registered name, or in the custom_objects of each load. Keras 3.6 still "
        "imported the module that a file names; Keras 3.12 and newer do not.",
        example="class Gated(keras.layers.Layer), with nothing above it",
        cure=f"Put @keras.saving.register_keras_serializable() above the class, {_KEEP} "
        "serialactivation lint --fix makes the first change.",
    ),
    Rule(
        code="SA412",
        severity=Severity.NOTE,
        verdict=Verdict.NOT_KNOWN,
        meaning="get_config returns the activation as it was given, which is plain data only if it is a name.",
        why="If it is a name, nothing is lost. If it is a layer with weights, such as PReLU, and the class also "
        "passes it to another layer, it is saved twice, and such a model does not load.",
        example='self.activation = activation, self.dense = Dense(4, activation=activation), and "activation": '
        "self.activation in get_config",
        cure=f"{_GET}; {_SERIALIZE}, {_KEEP}",
    ),
    Rule(
        code="SA413",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A class, and not an object of the class, is given to a layer as its activation.",
        why="A class can be called, so Keras accepts it. Each call makes a new layer with the tensor as its first "
        "argument, which fails, or returns a layer in place of a tensor. The layers of serialactivation refuse a "
        "class at construction.",
        example="keras.layers.Dense(4, activation=keras.layers.ReLU)",
        cure="Call the class: activation=keras.layers.ReLU().",
    ),
    Rule(
        code="SA414",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A name that Keras 3 does not have is given to a layer as its activation.",
        why="Keras looks a name up only among the functions of keras.activations, in their exact spelling. It does "
        "not look among its layers, such as LeakyReLU, or among registered functions.",
        example='keras.layers.Dense(4, activation="LeakyReLU")',
        cure="Write the name of a function, such as leaky_relu, or give the layer itself, such as "
        "keras.layers.LeakyReLU(), or the registered function itself.",
    ),
    Rule(
        code="SA415",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="A function of NumPy, SciPy or math is given to a layer as its activation.",
        why="The function computes outside the backend: it has no gradient, no backend traces it, and Keras does not "
        "save it. The layers of serialactivation refuse it at construction.",
        example="keras.layers.Dense(4, activation=np.tanh)",
        cure="Give the function of keras.activations, or its name, such as tanh; or, to a layer of "
        "serialactivation.layers, the function of keras.ops.",
    ),
    Rule(
        code="SA416",
        severity=Severity.ERROR,
        verdict=Verdict.NOT_KNOWN,
        meaning="One activation with weights is given to several Keras layers: the saved model does not load.",
        why="Keras saves the weights of an object once, at the first place that holds the object, but looks for them "
        "at each place when it loads the model. In a saved model, check reports it as SA110.",
        example="bend = keras.layers.PReLU(), Dense(4, activation=bend) and Dense(4, activation=bend)",
        cure="Use the layers of the same names in serialactivation.layers, which keep it one object; or give each "
        "layer an activation of its own.",
    ),
)
"""The rules for source, in the order of their codes."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.code: rule for rule in SOURCE})
"""The rules for source, by code."""
