"""The promises that layers are checked for: names, meanings and cures. Keras-free."""

from typing import Final

from serialactivation.errors.broken import Promise

__all__ = ["PROMISES", "Promise"]


_DECODE: Final = (
    "Decorate the class with @serialactivation.serializable_activation, or write activations with "
    "serialactivation.serialize in get_config, and read them with serialactivation.deserialize in from_config."
)
_BUILD: Final = (
    "Decorate the class with @serialactivation.serializable_activation, which builds activations with the layer, and "
    "return the shape that an activation is called with from activation_shape if it is not the output's."
)

CONSTRUCTION: Final = Promise(
    name="construction",
    meaning="The layer accepts the activation, and its attribute computes the same, or what its own hook returns.",
    cure="Keep the constructor's argument: self.activation = keras.activations.get(activation).",
)
CONFIG: Final = Promise(
    name="config",
    meaning="A layer that is made from a config has an equal config, and so has the layer made from that one.",
    cure=f"Let get_config return the constructor's arguments by their names. {_DECODE}",
)
JSON: Final = Promise(
    name="json",
    meaning="A model that is made from its JSON text computes the same with the same weights.",
    cure=f"Let get_config return only JSON types. {_DECODE}",
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
    meaning="A new model computes the same with the weights that another one has saved.",
    cure=f"Make every weight in build, not in call. {_BUILD}",
)
CLONE: Final = Promise(
    name="clone",
    meaning="A clone of a model computes the same with the same weights.",
    cure=_DECODE,
)
NEW_PROCESS: Final = Promise(
    name="new_process",
    meaning="A model that is saved as .keras is loaded by another process, which imports only the layer's module.",
    cure="Define the layer at the top of a module that can be imported, and let nothing that it computes depend on "
    f"what was done before the save. {_DECODE}",
)
SHARING: Final = Promise(
    name="sharing",
    meaning="One layer that is the activation of two layers is still one after a load, with one set of weights.",
    cure="Decorate the class with @serialactivation.serializable_activation, and pass on the given instance itself: "
    "neither a copy nor a new one.",
)
DTYPE_POLICY: Final = Promise(
    name="dtype_policy",
    meaning="Under mixed_bfloat16 the layer's output has the dtype that it has with its default activation, before and "
    "after a load.",
    cure="Decorate the class with @serialactivation.serializable_activation, which gives the layer's policy to its "
    "activations, and do not cast the output.",
)
STATE: Final = Promise(
    name="state",
    meaning="The model has the weights of an activation before its first call, and gets no more later.",
    cure=_BUILD,
)
REFUSAL: Final = Promise(
    name="refusal",
    meaning="A lambda and a local function are refused when the layer is constructed, with the argument's name, or its "
    "own hooks restore them.",
    cure="Decorate the class with @serialactivation.serializable_activation, and let validate_activation refuse what "
    "the default refuses.",
)
TRACED_GRAPH: Final = Promise(
    name="traced_graph",
    meaning="JAX traces the same operations as for the layer without serialactivation.",
    cure="Do only what the other layer does in call, and everything else in __init__, build and get_config.",
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
