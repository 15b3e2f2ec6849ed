"""The rules on parts of a config that the target Keras does not accept, or may not accept. Keras-free."""

from typing import Final

from serialactivation.rules.rule import Rule, Severity, Verdict

__all__ = [
    "BACKENDS_OPTIMIZER",
    "CODE_ELSEWHERE",
    "DEFAULT_OF_NEWER_KEYWORD",
    "GONE",
    "KEYWORD_ASKED_FOR",
    "LATER_INPUT",
    "NEWER_CLASS",
    "NEWER_EFFECT",
    "NEWER_IN_TRAINING",
    "NEWER_KEYWORD",
    "NEWER_THAN_KNOWN",
    "NOT_KNOWN",
    "NO_KERAS3_CONFIG",
    "NO_SUCH_CLASS",
    "NULL_KEYWORD",
    "OPERATION",
    "SHORT_NAME",
    "TAKEN_FOR_FUNCTION",
    "UNKNOWN_KEYWORD",
    "UNKNOWN_NAME",
    "UNNAMED_MODULE",
    "UNSAID_RESET",
    "UNSAID_RESET_WITHOUT_BIAS",
    "VERSIONS",
]

DEFAULT_OF_NEWER_KEYWORD: Final = Rule(
    code="SA201",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="prune",
    advice=("serialactivation repair FILE --target-keras {target} -o OUT",),
    meaning="A keyword that only a newer Keras has holds its default: the target Keras refuses it.",
    why="Keras writes every keyword of a constructor into the config, and refuses keywords that it does not know. "
    "Even a plain Dense of Keras 3.15 does not load on any older Keras.",
    example='"quantization_config": null of a Dense, with --target-keras 3.9',
    cure="Remove the keyword with serialactivation repair --target-keras.",
)

NEWER_KEYWORD: Final = Rule(
    code="SA202",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("load it with Keras {since} or newer",),
    meaning="A keyword that only a newer Keras has is used: the target Keras does not support it.",
    why="The model uses a feature that the Keras named by --target-keras does not have.",
    example='"renorm": true of a BatchNormalization, with --target-keras 3.9',
    cure="Load the model with a Keras that has the keyword, or build the model without it.",
)

NEWER_CLASS: Final = Rule(
    code="SA203",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("load it with Keras {since} or newer",),
    meaning="A class, or an object stored by name, was added in a newer Keras than the target Keras.",
    why="The model was saved with a newer Keras than the one that --target-keras names.",
    example='"class_name": "RMSNormalization", with --target-keras 3.6',
    cure="Load the model with a Keras that has it, or build the model without it.",
)

NOT_KNOWN: Final = Rule(
    code="SA204",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    repair="locate",
    meaning="Whether the object loads is not known: its class is from another package, or not a known class of Keras "
    "3.",
    why="The class comes from another package, from Keras 2, or from a Keras that is newer than this version of "
    "serialactivation. SA210 to SA218 were once a part of SA204, and selecting SA204 still selects them.",
    example='"registered_name": "my_package>Gate"',
    cure="Import the package that the class comes from, and load the model with the target Keras.",
)

LATER_INPUT: Final = Rule(
    code="SA205",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("load it with Keras {since} or newer",),
    meaning="A layer is called on the output of a later layer, which Keras reads only since 3.7.",
    why="Keras 3.6 makes the calls of a graph in the order of the config. A layer that is called twice may stand "
    "before a layer that feeds its second call.",
    example="twice(between(twice(inputs))), with --target-keras 3.6",
    cure="Load the model with Keras 3.7 or newer, or build the model with two layers in the place of this one.",
)

GONE: Final = Rule(
    code="SA206",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="cudnn loss modernize operate",
    advice=("load it with Keras {until} or older",),
    meaning="A class, a keyword or a name was part of an older Keras, and the target Keras has removed it.",
    why="The model was saved with an older Keras than the target Keras, which is the one that --target-keras names, "
    "or else the newest.",
    example='"class_name": "Bartlett" of keras.src.ops.numpy, which Keras has up to 3.14',
    cure="Load the model with a Keras that has it, and save the model in another form.",
)

SHORT_NAME: Final = Rule(
    code="SA207",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="respell",
    advice=("serialactivation repair FILE -o OUT", "or load it with compile=False"),
    meaning="A loss or a metric is stored by a short name, which Keras 3 does not find when it reads an HDF5 file.",
    why="When Keras 3 reads an HDF5 file, it looks up the name that compile was given, such as mse, among its public "
    "functions, which have long names, such as mean_squared_error. In a .keras file, Keras 3 reads the short "
    "names too.",
    example='"loss": "mse" in the attribute training_config of an .h5 file',
    cure="Write the full name of the loss with serialactivation repair, or load the file with compile=False.",
)

BACKENDS_OPTIMIZER: Final = Rule(
    code="SA208",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    repair="respell",
    advice=("serialactivation repair FILE -o OUT",),
    meaning="An optimizer is stored as the class of one backend, which other backends do not load.",
    why="With PyTorch, Keras makes a class of its own for each optimizer, and writes the private module of that "
    "class. Where PyTorch is not installed, the model loads only with compile=False.",
    example='"module": "keras.src.backend.torch.optimizers.torch_adam", "class_name": "Adam"',
    cure="Let serialactivation repair write the public class, from which each backend makes its own.",
)

OPERATION: Final = Rule(
    code="SA209",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("save the model as .keras, with the Keras that made it",),
    meaning="An operation of keras.ops is in the graph of an HDF5 file, where Keras looks for layers only.",
    why="An HDF5 file stores the class of each step of a graph, but not the module, and Keras searches for the class "
    "among its layers. Keras saves such a model, but cannot load it.",
    example='"class_name": "Tanh", without a module, of keras.ops.tanh(x)',
    cure="Save the model as .keras, with the Keras that made it.",
)

UNKNOWN_KEYWORD: Final = Rule(
    code="SA210",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="input loss modernize optimizer",
    advice=("load it with the Keras that wrote it",),
    meaning="An object holds a keyword that its class has in no known version of Keras 3, and refuses.",
    why="The file was written by Keras 2, by another program, or by a Keras that is newer than this version of "
    "serialactivation. The classes of Keras refuse keywords that they do not know.",
    example='"time_major": false of a Dense',
    cure="Let serialactivation repair remove what Keras 2 wrote, or load the model with the Keras that wrote it.",
    part_of=NOT_KNOWN.code,
)

KEYWORD_ASKED_FOR: Final = Rule(
    code="SA211",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("load it with the Keras that wrote it",),
    meaning="An object lacks a keyword that its class requires in the target Keras.",
    why="The file was written by another version of Keras, in which the keyword had a default, or by another program.",
    example='{"class_name": "Dense", "config": {"name": "dense"}}, without units',
    cure="Load the model with the Keras that wrote it, and save it again.",
    part_of=NOT_KNOWN.code,
)

UNKNOWN_NAME: Final = Rule(
    code="SA212",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    meaning="A function, a loss, an initializer or the like is stored by a name that is not a known name of Keras.",
    why="Other code registers the name, or it comes from Keras 2 or from a newer Keras.",
    example='"kernel_initializer": "mine"',
    cure="Import the module that registers the name, and load the model with the target Keras.",
    part_of=NOT_KNOWN.code,
)

NEWER_EFFECT: Final = Rule(
    code="SA213",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    advice=("load it with Keras {since} or newer",),
    meaning="A keyword has an effect in a newer Keras, but none in the target Keras, which accepts it.",
    why="The class accepts any keyword. The model therefore loads, but may compute something else.",
    example='"ragged": true of an InputLayer, with --target-keras 3.6',
    cure="Load the model with a Keras that supports the keyword, and compare what the model computes.",
    part_of=NOT_KNOWN.code,
)

NEWER_IN_TRAINING: Final = Rule(
    code="SA214",
    severity=Severity.NOTE,
    verdict=Verdict.LOADS,
    advice=("train it with Keras {since} or newer, or compile it with another loss or metric",),
    meaning="The model is compiled with a loss or metric that only a newer Keras has: it loads, but cannot be trained.",
    why="Keras looks the name up only when it trains the model. The model therefore loads.",
    example='"loss": "circle", with --target-keras 3.6',
    cure="Train the model with a Keras that has the loss or metric, or compile it again with another one.",
    part_of=NOT_KNOWN.code,
)

CODE_ELSEWHERE: Final = Rule(
    code="SA215",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    advice=("write a layer of your own in its place, and register it",),
    meaning="A part of the model other than an activation is code, which Keras runs only with safe_mode=False.",
    why="A loss or a layer, such as Lambda, was given a lambda, and Keras stored its bytecode.",
    example='"function": {"class_name": "__lambda__", "config": {...}}',
    cure="Write a layer of your own in its place, register it, and save the model again.",
    part_of=NOT_KNOWN.code,
)

NO_KERAS3_CONFIG: Final = Rule(
    code="SA216",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="wrap",
    advice=("load it with the Keras that wrote it",),
    meaning="The config of an object does not have the form of a Keras 3 config, which Keras 3 refuses.",
    why="Keras 1 wrote the layers of a Sequential as a bare list.",
    example='{"class_name": "Sequential", "config": [...]}',
    cure="Load it with the Keras that wrote it, and save it again.",
    part_of=NOT_KNOWN.code,
)

TAKEN_FOR_FUNCTION: Final = Rule(
    code="SA217",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="locate",
    advice=("save the model as .keras",),
    meaning="A string in an HDF5 file is also the name of a function in keras.layers: Keras reads it as the function.",
    why="An HDF5 file stores no modules. Keras therefore looks strings up in keras.layers, which has functions "
    "too, since Keras 3.14, and the layer refuses the function.",
    example='"score_mode": "dot" of an Attention',
    cure="Save the model as .keras.",
    part_of=NOT_KNOWN.code,
)

NEWER_THAN_KNOWN: Final = Rule(
    code="SA218",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    meaning="The target Keras is newer than every Keras release that this version of serialactivation knows.",
    why="serialactivation has a list of what the classes of each released Keras accept. The list ends with the Keras "
    "that was the newest when this version was made; what it has of a pre-release may still change.",
    example="--target-keras 3.99",
    cure="Install a newer serialactivation, or load the model to see.",
    part_of=NOT_KNOWN.code,
)

NULL_KEYWORD: Final = Rule(
    code="SA219",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    meaning="An object holds null for a keyword that its class requires in the target Keras.",
    why="The file was written by a newer Keras, in which the keyword has a default of None.",
    example='"axis": null of an AbsMaxQuantizer, with --target-keras 3.12',
    cure="Load the model with the Keras that wrote it, and save it again.",
    part_of=NOT_KNOWN.code,
)

NO_SUCH_CLASS: Final = Rule(
    code="SA220",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="locate",
    advice=("load it with the Keras that wrote it",),
    meaning="An object names a class of Keras that no Keras 3 has in that module.",
    why="The .keras files of Keras 2 name modules that Keras 3 does not have, such as keras.src.engine for a "
    "functional model.",
    example='"module": "keras.src.engine.functional", "class_name": "Functional"',
    cure="Load the model with the Keras that wrote it, and save it as an HDF5 file, which holds no modules.",
)

UNNAMED_MODULE: Final = Rule(
    code="SA228",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="locate",
    advice=('write "module": "keras.layers" beside its class_name',),
    meaning="A layer inside another layer, or a whole .keras model, has no module: Keras 3 does not find its class.",
    why="Keras 2 before 2.13 wrote no modules. Keras 3 finds a class without one among the layers of a model, but not "
    "in a wrapper such as Bidirectional, as the cell of an RNN, or in a JSON text.",
    example='"layer": {"class_name": "LSTM", "config": {...}} of a Bidirectional',
    cure="Write the module, such as keras.layers, beside the class.",
)

_WHY_UNSAID: Final = "Before Keras 2.1, GRU had no reset_after, and did what False does. Keras 3 assumes True."

UNSAID_RESET: Final = Rule(
    code="SA237",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="modernize",
    advice=('write "reset_after": false into its config',),
    meaning="A GRU of Keras before 2.1 leaves out reset_after: the bias of Keras 3 has another shape.",
    why=_WHY_UNSAID,
    example='{"class_name": "GRU", "config": {"implementation": 1, ...}} without reset_after',
    cure="Let serialactivation repair write it.",
)

UNSAID_RESET_WITHOUT_BIAS: Final = UNSAID_RESET._replace(
    code="SA238",
    verdict=Verdict.OTHERWISE,
    meaning="A GRU of Keras before 2.1 without a bias leaves out reset_after: Keras 3 computes something else.",
)

VERSIONS: Final = (
    DEFAULT_OF_NEWER_KEYWORD,
    NEWER_KEYWORD,
    NEWER_CLASS,
    NOT_KNOWN,
    LATER_INPUT,
    GONE,
    SHORT_NAME,
    BACKENDS_OPTIMIZER,
    OPERATION,
    UNKNOWN_KEYWORD,
    KEYWORD_ASKED_FOR,
    UNKNOWN_NAME,
    NEWER_EFFECT,
    NEWER_IN_TRAINING,
    CODE_ELSEWHERE,
    NO_KERAS3_CONFIG,
    TAKEN_FOR_FUNCTION,
    NEWER_THAN_KNOWN,
    NULL_KEYWORD,
    NO_SUCH_CLASS,
    UNNAMED_MODULE,
    UNSAID_RESET,
    UNSAID_RESET_WITHOUT_BIAS,
)
"""The rules on versions, in the order of their codes."""
