"""An error of each class."""

import numpy as np

from serialactivation import errors
from serialactivation.errors.lost import ModelFinding

BROKEN = errors.PromiseBrokenError(
    "Dense", "gate", "partial", "clone", "A clone computes the same.", "it does not", "Decorate it."
)
LOST = ModelFinding(
    kind="activation",
    path="model/dense",
    field="activation",
    value="partial(keras.activations.leaky_relu, negative_slope=0.4)",
    came_back=None,
    reason="Keras cannot store it",
    cure="model = serialactivation.convert(model)",
    code="SA409",
    ways=("keras",),
)
EXAMPLES = [
    errors.ActivationAssignmentError("dense", "activation", "tanh", "it is built"),
    errors.ActivationBuildError("dense", "activation", "p_re_lu", [(None, 4)], "it is open", "Do this."),
    errors.ActivationConfigError("$.activation", {}, "it is empty", "Do that."),
    errors.ActivationDTypeError("dense", "activation", "relu", ("float32", "bfloat16")),
    errors.ActivationFieldError("Dense", "gate", "no such argument", "Leave it out."),
    errors.ArchiveError("model.keras", "SA004", "it is not JSON", "Save it again.", "config.json"),
    errors.CloneError("head", "post_activation", "tanh", "linear", "Do this."),
    errors.CompileStateError("metrics", 3, "TypeError: it lacks an argument"),
    errors.ExpressionError("relu(1)", "its argument has no keyword", "Give it one."),
    errors.LayerArgumentError("Block", "stream", 3, "it cannot be stored"),
    errors.LayerCheckError("Dense", 7, (BROKEN,)),
    errors.LayerStateError("model/own", "Own", "own/kernel", (4, 3)),
    errors.MissingExtraError("a page", ("matplotlib", "jinja2"), "report"),
    errors.ModelFileError("own", "Own", ".h5", "it is not there again", "Do this."),
    errors.ModelKindError("model/own", "Own"),
    errors.NewerArgumentError("layers.Dense", "quantization_config", {"mode": "int8"}, "3.13", "3.6.0"),
    errors.NotRestoredError("model", "Sequential", (LOST,)),
    BROKEN,
    errors.RegistrationError("a>B", "a.B", "c.B"),
    errors.RepairError("<lambda>", "nothing matches it", "It holds: relu."),
    errors.RepairableFileError("old.h5", "ValueError: it is old", "serialactivation repair old.h5 -o new.h5"),
    errors.SettingsError("pyproject.toml", "format = 'xml': it must be one of text, json"),
    errors.SourceError("layers.py", "SA010", "it has no end", "Edit it.", 3),
    errors.StockFormError("model/dense", "activation", np.tanh, "Keras has none", "Do this."),
    errors.TargetKerasError("3.6", "the model holds keras.layers.Circle", "Save for '3.7' or newer."),
    errors.UncallableActivationError(np.tanh, "it is NumPy's", "keras.ops.tanh", "Dense", "activation"),
    errors.UnknownActivationError("reluu", ("relu", "elu")),
    errors.UntrustedError("model.keras", ("a>B",), ("$.config",), reason="it is new", cure="Look at it."),
    errors.UnserializableActivationError(np.tanh, "it is NumPy's", "keras.ops.tanh", "Dense", "activation"),
]
