"""Configs of models and layers, as a file holds them."""


def an_object(module, class_name, config, registered_name=None):
    return {"module": module, "class_name": class_name, "config": config, "registered_name": registered_name}


def model(*layers, **beside):
    """Return a Sequential's config with *layers* in it."""
    config = {"name": "model", "trainable": True, "layers": list(layers)}
    return {**an_object("keras", "Sequential", config), **beside}


def graph(stored):
    """Return a Functional model's config with *stored* called on the input; it is the first of the layers."""
    inner = {"shape": [None, 4], "dtype": "float32", "keras_history": ["given", 0, 0]}
    tensor = {"class_name": "__keras_tensor__", "config": inner}
    called = {**stored, "name": "called", "inbound_nodes": [{"args": [tensor], "kwargs": {}}]}
    given = {**an_object("keras.layers", "InputLayer", {"name": "given", "batch_shape": [None, 4]}), "name": "given"}
    ends = {"input_layers": [["given", 0, 0]], "output_layers": [["called", 0, 0]]}
    config = {"name": "model", "layers": [called, {**given, "inbound_nodes": []}], **ends}
    return an_object("keras.src.models.functional", "Functional", config)


def layer(class_name, **config):
    return an_object("keras.layers", class_name, {"name": "a", **config})


def old_gru(**config):
    """Return a GRU as Keras before 2.1 wrote it."""
    config = {"name": "gru", "units": 2, "activation": "tanh", "recurrent_activation": "sigmoid", **config}
    return {"class_name": "GRU", "config": {**config, "implementation": 1}}


def dense(**config):
    return layer("Dense", **{"units": 3, "activation": "linear", **config})


def dense_model(activation, **more):
    """Return the config of a Sequential with one stock Dense in it; *more* is written beside the layer's config."""
    stored = {**dense(name="dense", activation=activation), **more}
    return an_object("keras", "Sequential", {"name": "model", "layers": [stored]})


def ours(**config):
    config = {"name": "a", "units": 3, "activation": "linear", **config}
    return an_object("serialactivation", "Dense", config, "serialactivation>Dense")


def theirs(**config):
    return an_object("their.layers", "Gate", {"name": "a", **config}, "theirs>Gate")


def glorot(**config):
    return an_object("keras.initializers", "GlorotUniform", {"seed": None, **config})


def operation(class_name, module="numpy", **config):
    return an_object(f"keras.src.ops.{module}", class_name, config, class_name)


def quantizer(**config):
    return layer("Rescaling", scale=an_object("keras.quantizers", "AbsMaxQuantizer", config))
