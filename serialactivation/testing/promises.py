"""What a layer is held to: the promises, in words. Keras-free."""

from typing import Final

from serialactivation.errors.broken import Promise

__all__ = ["PROMISES", "Promise"]


_DECODE: Final = (
    "Decorate the class with @serialactivation.serializable_activation, or write activations with "
    "serialactivation.serialize in get_config, and read them with serialactivation.deserialize in from_config."
)
_BUILD: Final = (
    "Decorate the class with @serialactivation.serializable_activation, which builds activations with the layer, and "
    "say the shape that an activation is called with in activation_shape where it is another than the output's."
)

CONSTRUCTION: Final = Promise(
    name="construction",
    meaning="The layer takes the activation, and holds what computes the same, or what its own hook makes of it.",
    cure="Keep what the constructor gets: self.activation = keras.activations.get(activation).",
)
CONFIG: Final = Promise(
    name="config",
    meaning="A layer that is made from its config has that very config, and so has one that is made from its own.",
    cure=f"Let get_config return what the constructor was given, in the constructor's names. {_DECODE}",
)
JSON: Final = Promise(
    name="json",
    meaning="A model that is made from its JSON text computes the same with the same weights.",
    cure=f"Put nothing into get_config that JSON does not have. {_DECODE}",
)
KERAS_FILE: Final = Promise(
    name="keras_file",
    meaning="A model that is saved as .keras and loaded computes the same.",
    cure=_DECODE,
)
H5_FILE: Final = Promise(
    name="h5_file",
    meaning="A model that is saved as .h5 and loaded computes the same.",
    cure=_DECODE,
)
WEIGHTS_FILE: Final = Promise(
    name="weights_file",
    meaning="A model that is made anew computes the same with the weights that another one has saved.",
    cure=f"Make every weight in build, whatever the layer is called on. {_BUILD}",
)
CLONE: Final = Promise(
    name="clone",
    meaning="A clone of a model computes the same with the same weights.",
    cure=_DECODE,
)
NEW_PROCESS: Final = Promise(
    name="new_process",
    meaning="A model that is saved as .keras is loaded by another process, which imports the layer's module alone.",
    cure="Define the layer at the top of a module that can be imported, and let nothing that it computes depend on "
    f"what was done before the save. {_DECODE}",
)
SHARING: Final = Promise(
    name="sharing",
    meaning="One layer that is the activation of two is one after a load, with one set of weights.",
    cure="Decorate the class with @serialactivation.serializable_activation, and hand the instance on as it was given: "
    "neither copied nor made again.",
)
DTYPE_POLICY: Final = Promise(
    name="dtype_policy",
    meaning="Under mixed_bfloat16 the layer's output has the dtype that it has with its default activation, before and "
    "after a load.",
    cure="Decorate the class with @serialactivation.serializable_activation, which hands the layer's policy on to its "
    "activations, and cast no output.",
)
STATE: Final = Promise(
    name="state",
    meaning="The weights of an activation are the model's before it is called for the first time, and none come later.",
    cure=_BUILD,
)
REFUSAL: Final = Promise(
    name="refusal",
    meaning="A lambda and a local function are refused when the layer is constructed, with the argument's name, or its "
    "own hooks bring them back.",
    cure="Decorate the class with @serialactivation.serializable_activation, and let validate_activation refuse what "
    "the default refuses.",
)
TRACED_GRAPH: Final = Promise(
    name="traced_graph",
    meaning="JAX traces the same operations as for the layer without serialactivation.",
    cure="Do in call what the other layer does, and all else in __init__, build and get_config.",
)

PROMISES: Final = (
    CONSTRUCTION,
    CONFIG,
    JSON,
    KERAS_FILE,
    H5_FILE,
    WEIGHTS_FILE,
    CLONE,
    NEW_PROCESS,
    SHARING,
    DTYPE_POLICY,
    STATE,
    REFUSAL,
    TRACED_GRAPH,
)
"""Every promise, in the order in which they are checked."""
