"""SA11x: what is to be said of what activations hold, and of what they compute. Keras-free."""

from typing import Final

from serialactivation.rules.codes.entry import Entry
from serialactivation.rules.severity import Severity

__all__ = ["STATE"]

STATE: Final = (
    Entry(
        code="SA110",
        severity=Severity.ERROR,
        meaning="One activation with weights was shared by several layers, and was saved as one for each.",
        why="Keras numbers an object that several layers hold at its second sighting only, and the first is written by "
        "then. A .keras file has its weights once, and load_model looks for them twice; an .h5 file loads, and what "
        "was one activation is trained as several.",
        example='"activation": {"class_name": "PReLU", ..., "shared_object_id": 139976746463312}, in the second '
        "layer alone",
        cure="serialactivation repair FILE -o OUT numbers it wherever it stands in a .keras file, which then loads; or "
        "save the model again with serialactivation's layers, which number it at the first sighting: "
        "serialactivation.convert(model) makes them of Keras's.",
    ),
    Entry(
        code="SA111",
        severity=Severity.WARNING,
        meaning="The weights of an activation are not in the file. It has those that it starts with after a load.",
        why="A layer of Keras builds its activation at its first call. A model that was saved before had none to save, "
        "and load_model passes over an activation that is not built without a word.",
        example='"activation": {"class_name": "PReLU", ...}, and no alpha among the weights',
        cure="Call the model once before it is saved, or use serialactivation's layers, which build an activation "
        "together with its owner.",
    ),
    Entry(
        code="SA112",
        severity=Severity.WARNING,
        meaning="The activation has another dtype policy than its layer: it casts what the layer computes.",
        why="An activation that is a layer takes the global dtype policy when it is made, and not its owner's. A layer "
        "in mixed_float16 with an activation in float32 returns float32, and its compute_output_spec says float16.",
        example='"dtype": "mixed_float16", "activation": {"class_name": "ReLU", "config": {"dtype": "float32", ...}}',
        cure="Give the activation the dtype of its owner, or use serialactivation's layers, in which it follows it.",
    ),
    Entry(
        code="SA113",
        severity=Severity.ERROR,
        meaning="The activation has a name that means another function since Keras 3.",
        why="Keras 1 and 2 computed hard_sigmoid as 0.2 * x + 0.5 between 0 and 1; Keras 3 computes x / 6 + 0.5. An "
        "old LSTM has it as its recurrent_activation by default.",
        example='"recurrent_activation": "hard_sigmoid", in a file that Keras 2 wrote',
        cure="Register a function of your own that computes keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0), and put it in "
        "its place with serialactivation repair FILE --replace 'hard_sigmoid=my_package>old_hard_sigmoid' -o OUT.",
    ),
)
