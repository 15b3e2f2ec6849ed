"""What ``check`` finds: activations, objects and models that each rule is for, and such as none is for."""

from tests.corpus.found import TWICE, called
from tests.helpers.configs import (
    an_object,
    dense,
    glorot,
    graph,
    layer,
    model,
    old_gru,
    operation,
    ours,
    quantizer,
    theirs,
)

TAGGED = {"class_name": "__lambda__", "config": {"value": {"code": "4wEAAA==", "defaults": None, "closure": None}}}
UNTAGGED = {"value": ["4wEAAA==", None, None]}

# An activation as it is stored, the Keras that is to load it, and the codes that it must get.
RULES = {
    "tagged lambda": (TAGGED, None, ["SA101"]),
    "untagged lambda": (UNTAGGED, None, ["SA101"]),
    "named lambda": ("<lambda>", None, ["SA102"]),
    "registered": (an_object("builtins", "function", "mine>bent", "function"), None, ["SA229"]),
    "unknown": ("zzz", None, ["SA103"]),
    "a function of a user's": (an_object("mine", "function", "bent", "mine>bent"), None, ["SA103"]),
    "mistyped": ("reluu", None, ["SA104"]),
    "another case": ("LeakyReLU", None, ["SA104"]),
    "a known name and a number": ("softplus2", None, ["SA103"]),
    "a known name and a word": ("relu_of_ours", None, ["SA103"]),
    "a known name and a letter": ("tanhh", None, ["SA104"]),
    "a name of Keras 2": ("softmax_v2", None, ["SA104"]),
    "newer": ("celu", "3.6", ["SA105"]),
    "newer, aimed at the newest": ("celu", None, []),
    "newer operation": (an_object("keras.src.ops.nn", "Celu", {"alpha": 2.0}, "Celu"), "3.6", ["SA105", "SA106"]),
    "object": (an_object("keras.layers", "LeakyReLU", {"negative_slope": 0.1}), "3.9.2", ["SA106"]),
    "object, read": (an_object("keras.layers", "LeakyReLU", {"negative_slope": 0.1}), "3.10", []),
    "renamed": (an_object("keras.layers", "LeakyReLU", {"alpha": 0.1}), None, ["SA107"]),
    "renamed, another's": (an_object("their", "LeakyReLU", {"alpha": 0.1}, "their>LeakyReLU"), None, ["SA229"]),
    "registered, as a string": ("mine>bent", None, ["SA103"]),
    "foreign": (an_object("their.layers", "Maxout", {}, "their>Maxout"), None, ["SA229"]),
    "foreign, not registered": (an_object("their.layers", "Maxout", {}, "Maxout"), None, ["SA108"]),
    "of a script": (an_object(None, "Maxout", {}, "their>Maxout"), None, ["SA229"]),
    "of a script, not registered": (an_object(None, "LeakyReLU", {}, "LeakyReLU"), None, ["SA230"]),
    "of a script, by its module": (an_object("__main__", "Bent", {}, "Bent"), None, ["SA230"]),
    "of Keras 2": ({"class_name": "LeakyReLU", "config": {"alpha": 0.1}}, None, ["SA107", "SA114"]),
    "of Keras 2, with weights": ({"class_name": "PReLU", "config": {}}, None, ["SA114"]),
    "of Keras 2, another's": ({"class_name": "their>Maxout", "config": {}}, None, ["SA229"]),
    "never": (an_object("os", "system", {}), None, ["SA109"]),
    "never, a function": (an_object("subprocess", "function", "run", "run"), None, ["SA103", "SA109"]),
    "built-in": ("relu", "3.6", []),
    "alias": ("swish", "3.6", []),
    "none": (None, None, []),
    "built-in function": (an_object("builtins", "function", "relu", "relu"), None, []),
    "listed function": (an_object("jax.nn", "function", "mish", "mish"), None, []),
    "ours": (
        an_object("serialactivation", "PartialActivation", {"function": "relu", "keywords": {}},
                  "serialactivation>PartialActivation"), None, [],
    ),
}  # fmt: skip

CODE = {"class_name": "__lambda__", "config": {"code": "4wEAAA==", "defaults": None, "closure": None}}

# An object that stands among a model's layers, and the codes that it gets.
OBJECTS = {
    "a lambda": (an_object("keras.layers", "Lambda", {"name": "x", "function": CODE}), ["SA301"]),
    "an old lambda": ({"class_name": "Lambda", "config": {"function": ["4wEAAA==", None, None]}}, ["SA301"]),
    "a program": (an_object("keras.layers", "TFSMLayer", {"filepath": "/tmp/x"}), ["SA302"]),
    "a pickle": (an_object("keras.layers", "TorchModuleWrapper", {"module": {}}), ["SA302"]),
    "a name that leads elsewhere": (an_object("keras.layers", "ReLU", {"name": "../a"}), ["SA305"]),
    "a file": (an_object("keras.layers", "StringLookup", {"vocabulary": "/etc/passwd"}), ["SA302"]),
    "a list": (an_object("keras.layers", "StringLookup", {"vocabulary": ["a", "b"]}), []),
    "a download": (an_object("keras.utils", "function", "get_file"), ["SA303"]),
    "a data set": (an_object("keras.datasets.mnist", "function", "load_data"), ["SA303"]),
    "a private place": (an_object("keras.src.utils.file_utils", "function", "get_file"), ["SA303"]),
    "a layer's function": (an_object("keras.layers", "function", "deserialize"), ["SA303"]),
    "a callback": (an_object("keras.callbacks", "CSVLogger", {"filename": "x"}), ["SA303"]),
    "a command": (an_object("os", "function", "system"), ["SA304"]),
    "a class of Python's": (an_object("subprocess", "Popen", {"args": "x"}), ["SA304"]),
    "a function by name": (an_object("builtins", "function", "my_loss"), []),
    "another package's": (an_object("their.layers", "Maxout", {}), []),
    "a dtype policy": (an_object("keras", "DTypePolicy", {"name": "float32"}), []),
    "an old model": (an_object("keras.src.engine.functional", "Functional", {}), []),
    "a feature space": (an_object("keras.utils", "FeatureSpace", {}), []),
}

ADAM = {"optimizer": an_object("keras.src.backend.torch.optimizers.torch_adam", "Adam", {"epsilon": 0.1}, "Adam")}
LAMBDA = {"class_name": "__lambda__", "config": {"code": "4wEAAA==", "defaults": None, "closure": None}}
FUNCTION = {"module": "builtins", "class_name": "function", "config": "circle", "registered_name": "circle"}
POLICY = an_object("keras", "DTypePolicy", {"name": "float32"})
LEGACY = {"class_name": "Dense", "config": {"name": "a", "units": 3, "batch_input_shape": [None, 4]}}

UNMADE = {**TWICE, "layers": [*TWICE["layers"][:2], called("ELU", "between", "nothing")]}
UNGIVEN = {
    "name": "graph",
    "layers": [
        called("InputLayer", "a", batch_shape=[None, 4]),
        called("InputLayer", "b", batch_shape=[None, 4]),
        called("ReLU", "relu", "b"),
        called("ELU", "elu", "a"),
    ],
    "input_layers": [["a", 0, 0]],
    "output_layers": [["relu", 0, 0]],
}

FIXED_SCALE = {
    "inner_optimizer": {"module": "keras.optimizers", "class_name": "Adam", "config": {"learning_rate": 0.1}},
    "dynamic": False,
    "initial_scale": 64.0,
    "dynamic_growth_steps": None,
}
STACK = {"module": "keras", "class_name": "Sequential"}

# A model as tf_keras wrote it, with one output, in a list.
INNER = an_object("keras", "Functional", {
    "name": "inner",
    "layers": [
        {**layer("InputLayer", name="first", batch_shape=[None, 4]), "name": "first", "inbound_nodes": []},
        {**layer("ReLU", name="second"), "name": "second", "inbound_nodes": [[["first", 0, 0, {}]]]},
    ],
    "input_layers": [["first", 0, 0]],
    "output_layers": [["second", 0, 0]],
})  # fmt: skip

# A model's config, the Keras that is to load it, and the codes with the places under the layers that they must get.
CASES = {
    "default": (model(dense(quantization_config=None)), "3.12", {"SA201": "[0].config.quantization_config"}),
    "default, aimed at its Keras": (model(dense(quantization_config=None)), "3.13", {}),
    "value": (model(dense(lora_alpha=2)), "3.9", {"SA202": "[0].config.lora_alpha"}),
    "class": (model(layer("RMSNormalization")), "3.8.0", {"SA203": "[0]"}),
    "initializer": (
        model(dense(kernel_initializer=glorot(input_axes=None))),
        "3.14",
        {"SA201": "[0].config.kernel_initializer.config.input_axes"},
    ),
    "initializer's name": (model(dense(kernel_initializer="stft")), "3.6", {"SA203": "[0].config.kernel_initializer"}),
    "unknown name": (model(dense(kernel_initializer="mine")), "3.6", {"SA212": "[0].config.kernel_initializer"}),
    "wrapped": (
        model(layer("TimeDistributed", layer=dense(quantization_config=None))),
        "3.10",
        {"SA201": "[0].config.layer.config.quantization_config"},
    ),
    "nested": (model(model(dense(lora_alpha=None))), "3.9", {"SA201": "[0].config.layers[0].config.lora_alpha"}),
    "unknown keyword": (model(dense(time_major=True)), None, {"SA210": "[0].config.time_major"}),
    "unknown class": (model(layer("Maxout")), None, {"SA220": "[0]"}),
    "unknown module": (model(an_object("keras.src.layers.maxout", "Maxout", {})), None, {"SA204": "[0]"}),
    "module of Keras 2": (model(an_object("keras.src.engine.layers", "Maxout", {})), None, {"SA220": "[0]"}),
    "module of tf_keras": (model(an_object("tf_keras.src.engine.x", "Functional", {})), None, {"SA220": "[0]"}),
    "class of Keras 2": (model(layer("LocallyConnected1D")), None, {"SA206": "[0]"}),
    "class of Keras 2 in an HDF5 file": (model({"class_name": "CuDNNGRU", "config": {}}), None, {"SA206": "[0]"}),
    "any keyword": (
        model(dense(bias_initializer=an_object("keras.initializers", "Constant", {"dtype": None}))), None, {},
    ),
    "tensor among the keywords of a call": (
        model({**layer("ReLU"), "inbound_nodes": [[["a", 0, 0, {"value": ["b", 0, 0]}]]]}), None, {},
    ),
    "another name": (model(an_object("keras.layers", "Convolution1D", {"filters": 2, "kernel_size": 2})), "3.6", {}),
    "where it is written": (an_object("keras.src.models.functional", "Functional", TWICE), "3.7", {}),
    "policy": (model(dense(dtype=POLICY)), "3.6", {}),
    "policy of Keras 2": (
        model(dense(dtype={"class_name": "Policy", "config": {"name": "float32"}})),
        "3.6",
        {"SA206": "[0].config.dtype"},
    ),
    "theirs": (model(theirs()), None, {"SA204": "[0]"}),
    "ours, without a twin": (
        model(an_object("serialactivation", "PartialLayer", {}, "serialactivation>PartialLayer")),
        "3.6",
        {},
    ),
    "in theirs": (model(theirs(kernel_initializer=glorot(input_axes=None))), "3.6", {"SA204": "[0]"}),
    "ours": (model(ours(quantization_config=None, kernel_initializer=glorot(input_axes=None))), "3.6", {}),
    "ours, with a value": (
        model(ours(kernel_initializer=glorot(input_axes=[0]))),
        "3.6",
        {"SA202": "[0].config.kernel_initializer.config.input_axes"},
    ),
    "code": (model(layer("Lambda", function=LAMBDA)), None, {"SA215": "[0].config.function"}),
    "function": (
        model(layer("Lambda", function={**FUNCTION, "config": "mine", "module": "their"})),
        None,
        {"SA212": "[0].config.function"},
    ),
    "swallowed": (model(layer("InputLayer", batch_shape=[None, 4], ragged=False)), "3.6", {}),
    "swallowed for nothing": (
        model(layer("InputLayer", batch_shape=[None, 4], ragged=True)), "3.6", {"SA213": "[0].config.ragged"},
    ),
    "operation": (graph(operation("Isclose", equal_nan=False)), "3.10", {"SA201": "[0].config.equal_nan"}),
    "operation's name": (graph(operation("Exp", name="e")), "3.6", {}),
    "newer operation's name": (
        graph(operation("Cast", "core", name="e", dtype="int32")),
        "3.10",
        {"SA201": "[0].config.name"},
    ),
    "operation that is gone": (graph(operation("Bartlett")), None, {"SA206": "[0]"}),
    "keyword that is gone": (graph(operation("Exp", dtype=None)), "3.11", {"SA206": "[0].config.dtype"}),
    "keyword that is asked for since": (graph(operation("Slice", "core")), "3.11", {"SA211": "[0]"}),
    "keyword that was not asked for": (graph(operation("Slice", "core")), "3.10", {}),
    "keyword that was asked for": (model(quantizer(axis=None)), "3.12", {"SA219": "[0].config.scale.config.axis"}),
    "keyword that is not asked for": (model(quantizer(axis=None)), "3.13", {}),
    "keyword that was asked for, and is there": (model(quantizer(axis=0)), "3.12", {}),
    "keyword that every Keras asks for": (model(layer("Dense")), None, {"SA211": "[0]"}),
    "optimizer of a backend": (model(compile_config=ADAM), None, {"SA208": "$.compile_config.optimizer"}),
    "graph": (an_object("keras", "Functional", TWICE), "3.6", {"SA205": ""}),
    "graph, read": (an_object("keras", "Functional", TWICE), "3.7", {}),
    "first of Keras 2": ({**STACK, "config": {"name": "m", "layers": [LEGACY]}}, "3.6",
                         {"SA224": "[0].config.batch_input_shape"}),
    "string of Keras 2": (
        {
            **STACK,
            "config": {
                "name": "m",
                "layers": [{"class_name": "Attention", "config": {"name": "dot", "score_mode": "dot"}}],
            },
        },
        "3.14",
        {"SA217": "[0].config.score_mode"},
    ),
    "GRU of Keras before 2.1": (
        {**STACK, "config": {"name": "m", "layers": [old_gru()]}},
        None,
        {"SA237": "[0]"},
    ),
    "GRU of Keras before 2.1, without a bias": (
        {**STACK, "config": {"name": "m", "layers": [old_gru(use_bias=False)]}},
        None,
        {"SA238": "[0]"},
    ),
    "operation in an HDF5 file": (
        {**STACK, "config": {"name": "m", "layers": [{"class_name": "Tanh", "config": {}}]}},
        None,
        {"SA209": "[0]"},
    ),
    "registered in Keras 2": (
        {**STACK, "config": {"name": "m", "layers": [{"class_name": "mine>A", "config": {}}]}},
        "3.6",
        {"SA204": "[0]"},
    ),
    "of the program": (model(an_object(None, "Gate", {"name": "a"}, "Gate")), None, {"SA230": "[0]"}),
    "of the program, perhaps, in an HDF5 file": (
        model(dense(kernel_initializer={"class_name": "Mine", "config": {}})),
        None,
        {"SA204": "[0].config.kernel_initializer"},
    ),
    "an activation of no Keras": (model(dense(activation=layer("Maxout"))), None, {"SA220": "[0].config.activation"}),
    "no module": (
        model(layer("Lambda", function=FUNCTION, arguments={"class_name": "Thing", "config": {}})),
        None,
        {"SA204": "[0].config.arguments"},
    ),
    "mark": (model(layer("Rescaling", scale={"class_name": "__tuple__", "items": [glorot(new=1)]})), None,
             {"SA210": "[0].config.scale.items[0].config.new"}),
    "loss": (
        model(compile_config={"loss": an_object("keras.losses", "Tversky", {"axis": None})}),
        "3.7",
        {"SA201": "$.compile_config.loss.config.axis"},
    ),
    "losses by output": (
        model(compile_config={"loss": {"out": an_object("keras.losses", "Circle", {})}}),
        "3.6",
        {"SA203": "$.compile_config.loss.out"},
    ),
    "loss's function": (model(compile_config={"loss": FUNCTION}), "3.6", {"SA203": "$.compile_config.loss"}),
    "loss's name": (model(compile_config={"loss": "circle"}), "3.6", {"SA214": "$.compile_config.loss"}),
    "metrics' names": (model(compile_config={"loss": "mse", "metrics": ["accuracy", "mae"]}), "3.6", {}),
    "optimizer's name": (model(compile_config={"optimizer": "Adam", "loss": "mae"}), "3.6", {}),
    "compile": (model(compile_config={"eager": True}), None, {"SA210": "$.compile_config.eager"}),
    "a call that is none": (an_object("keras", "Functional", UNMADE), None, {"SA221": "[2].inbound_nodes[0]"}),
    "an input that is none": (an_object("keras", "Functional", UNGIVEN), "3.13", {"SA225": "$.config.input_layers"}),
    "an input that is none, refused": (
        an_object("keras", "Functional", UNGIVEN), "3.14", {"SA221": "$.config.input_layers"},
    ),
    "two of one name": (model(layer("ReLU"), layer("ReLU")), None, {"SA222": "[1]"}),
    "first of Keras 2, with what refuses it": (
        {**STACK, "config": {"name": "m", "layers": [{**LEGACY, "class_name": "LSTM"}]}}, "3.6",
        {"SA223": "[0].config.batch_input_shape"},
    ),
    "cell without its module": (
        model(layer("RNN", cell={"class_name": "GRUCell", "config": {"units": 2}})), None, {"SA228": "[0].config.cell"},
    ),
    "cell without its module, in a list": (
        model(layer("StackedRNNCells", cells=[{"class_name": "GRUCell", "config": {"units": 2}}])),
        None,
        {"SA228": "[0].config.cells[0]"},
    ),
    "cell of a user's without its module": (
        model(layer("RNN", cell={"class_name": "mine>Cell", "config": {}})), None, {"SA204": "[0].config.cell"},
    ),
    "model without its module": (
        {"class_name": "Sequential", "config": {"name": "m", "layers": []}}, None, {"SA228": "$"},
    ),
    "own optimizer of Keras 2": (
        model(compile_config={"optimizer": {"module": "keras.optimizers", "class_name": "Custom>Adam", "config": {}}}),
        None,
        {"SA232": "$.compile_config.optimizer"},
    ),
    "own optimizer of Keras 2, by its name": (
        model(compile_config={"optimizer": an_object("keras.optimizers", "Adam", {}, "Custom>Adam")}), "3.14", {},
    ),
    "a user's optimizer": (
        model(compile_config={"optimizer": an_object("mine", "Adam", {"mine": 1}, "Custom>Adam")}),
        None,
        {"SA204": "$.compile_config.optimizer"},
    ),
    "metric of a user's, by its name": (
        model(compile_config={"metrics": ["mine"]}), None, {"SA233": "$.compile_config.metrics[0]"},
    ),
    "several axes in an HDF5 file": (
        model(
            {
                "class_name": "LayerNormalization",
                "config": {"name": "a", "axis": [1, 2]},
                "build_config": {"input_shape": [None, 3, 2]},
            }
        ),
        None,
        {"SA251": "[0].config.axis"},
    ),
    "several axes in an HDF5 file, of a layer without weights": (
        model({"class_name": "Softmax", "config": {"name": "a", "axis": [1, 2]}}), None, {"SA252": "[0].config.axis"},
    ),
    "axis in an HDF5 file, for an older Keras": (
        model({"class_name": "Concatenate", "config": {"name": "a", "axis": 1}}), "3.8", {"SA253": "[0].config.axis"},
    ),
    "axis in an HDF5 file": (model({"class_name": "Concatenate", "config": {"name": "a", "axis": 1}}), "3.9", {}),
    "several axes, with a module": (model(layer("Softmax", axis=[1, 2])), None, {}),
    "value of an unusual type": (model(dense(use_bias="yes")), None, {"SA254": "[0].config.use_bias"}),
    "flag that is a number": (model(dense(use_bias=1)), None, {}),
    "shape of a build that is none": (
        model({**dense(), "build_config": {"input_shape": ["four"]}}),
        None,
        {"SA254": "[0].build_config"},
    ),
    "ragged input": (
        model(layer("InputLayer", batch_shape=[None, 4], ragged=True)), None, {"SA255": "[0].config.ragged"},
    ),
    "layer of Keras 1": (
        {**STACK, "config": [{"class_name": "Dense", "config": {"output_dim": 3, "init": "zeros"}}]},
        None,
        {"SA216": "$", "SA256": "$"},
    ),
    "value of the wrong type": (model(dense(units="4")), None, {"SA234": "[0].config.units"}),
    "value out of range, since a version": (model(dense(units=0)), "3.13", {"SA234": "[0].config.units"}),
    "value out of range, before": (model(dense(units=0)), "3.12", {}),
    "value that no call works with": (model(layer("ELU", alpha="big")), None, {"SA235": "[0].config.alpha"}),
    "class that is no text": (model({**dense(), "class_name": 3}), None, {"SA236": "$.config.layers[0]"}),
    "newer than known": (model(), "3.99", {"SA218": "$"}),
    "optimizer of Keras 2.14": (
        model(compile_config={"optimizer": {"class_name": "Custom>Adam", "config": {"learning_rate": 0.1}}}),
        None,
        {"SA232": "$.compile_config.optimizer"},
    ),
    "optimizer with a fixed scale, of Keras 2": (
        model(compile_config={"optimizer": an_object("keras.optimizers", "LossScaleOptimizer", FIXED_SCALE)}),
        None,
        {"SA234": "$.compile_config.optimizer"},
    ),
    "list that a model returns": (model(INNER, dense()), None, {"SA222": "[1]"}),
    "bare list of Keras 1": ({**STACK, "config": [LEGACY]}, None, {"SA216": "$"}),
}  # fmt: skip
