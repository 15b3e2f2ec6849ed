"""A model around each layer whose variables ``check`` knows, and those of what surrounds layers."""

import keras

import serialactivation as sa

__all__ = ["LAYERS", "NESTED"]

layers = keras.layers


def _stack(shape, *stack, **options):
    return keras.Sequential([keras.Input(shape, **options), *stack])


def _graph(shape, call):
    inputs = keras.Input(shape)
    return keras.Model(inputs, call(inputs))


def _merge(layer):
    return _graph((4, 3), lambda x: layers.Dense(2)(layer([x, layers.Rescaling(2.0)(x)])))


def _then_dense(shape, layer):
    """The layer, and one after it whose kernel tells the shape of what the layer returns."""
    return _stack(shape, layer, layers.Flatten(), layers.Dense(2))


def _states():
    """A layer that returns its states, which a layer after it takes."""

    def call(x):
        out, *states = layers.LSTM(3, return_sequences=True, return_state=True)(x)
        return layers.Dense(2)(layers.Concatenate()([layers.LSTM(3)(out, initial_state=states), *states]))

    return _graph((4, 2), call)


def _rnn(*cells, **options):
    return layers.RNN(layers.StackedRNNCells(cells) if len(cells) > 1 else cells[0], **options)


def _frozen():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.BatchNormalization()])
    inner.layers[0].trainable = False
    return _stack((4,), inner, layers.BatchNormalization(trainable=False), layers.Dense(2, trainable=False))


def _twice():
    inputs, other = keras.Input((4,)), keras.Input((4,))
    inner = keras.Model(inputs, layers.Dense(5)(inputs), name="inner")
    tower = keras.Sequential([layers.Dense(3), layers.Dense(4)])
    joined = layers.Concatenate()([inner(inputs), inner(other), tower(inputs), tower(other)])
    return keras.Model([inputs, other], [layers.Dense(2)(joined), inner(tower(inputs))])


def _named():
    inputs = {name: keras.Input((4,), name=name) for name in ("b", "a")}
    mapped = {"out": layers.Dense(3)(layers.Multiply()([inputs["a"], inputs["b"]])), "in": layers.Dense(2)(inputs["a"])}
    inner = keras.Model(inputs, mapped)
    outer = {name: keras.Input((4,), name=name) for name in ("a", "b")}
    found = inner(outer)
    return keras.Model(outer, layers.Dense(2)(layers.Concatenate()([found["out"], found["in"]])))


def _operations():
    def call(x):
        return layers.Dense(3)(keras.ops.reshape(keras.ops.tanh(layers.Dense(6)(x)) + 1.0, (-1, 3, 2)))

    return _graph((4,), call)


def _unbuilt():
    model = keras.Sequential([layers.Dense(3), layers.BatchNormalization(), layers.Dense(2)])
    model.build((None, 4))
    return model


def _twins():
    """Layers of this package, the activations of which have variables."""
    several = keras.Sequential([layers.PReLU(), layers.Dense(3)])
    return _stack(
        _IMAGE,
        sa.layers.Conv2D(3, 2, activation=layers.PReLU(shared_axes=[1, 2])),
        sa.layers.Dense(3, activation=several),
        layers.Flatten(),
        sa.layers.Dense(2, activation=layers.BatchNormalization()),
    )


def _recurrent_twins():
    """Recurrent layers of this package, the activations of which have variables."""
    lstm = sa.layers.LSTM(
        2, return_sequences=True, activation=layers.PReLU(), recurrent_activation=layers.PReLU(name="gates")
    )
    return _stack(
        (2, 6, 6, 2),
        sa.layers.ConvLSTM2D(2, 2, activation=layers.PReLU(shared_axes=[1, 2]), return_sequences=True),
        layers.Reshape((2, -1)),
        lstm,
        layers.Bidirectional(sa.layers.GRU(2, return_sequences=True, activation=layers.PReLU())),
        layers.RNN(sa.layers.LSTMCell(2, activation=layers.PReLU())),
    )


NESTED = {
    "frozen": _frozen,
    "named": _named,
    "operations": _operations,
    "recurrent_twins": _recurrent_twins,
    "states": _states,
    "twice": _twice,
    "twins": _twins,
    "unbuilt": _unbuilt,
}
"""Models of models, and others."""

_VALUES = 6 if keras.__version__.startswith("3.6.") else 4  # which demands as many as the queries have
# Keras 3.6 to 3.10 forget it when they save.
_PADDING = {"output_padding": 1} if "output_padding" in layers.Conv1DTranspose(1, 1).get_config() else {}
_IMAGE = (6, 6, 2)
_VIDEO = (3, 6, 6, 2)

LAYERS = {
    "Activation": lambda: _then_dense((4,), layers.Activation("tanh")),
    "Add": lambda: _merge(layers.Add()),
    "AdditiveAttention": lambda: _merge(layers.AdditiveAttention()),
    "Attention": lambda: _merge(layers.Attention(use_scale=True, score_mode="concat")),
    "Average": lambda: _merge(layers.Average()),
    "AveragePooling1D": lambda: _then_dense((7, 2), layers.AveragePooling1D(2, strides=3, padding="same")),
    "AveragePooling2D": lambda: _then_dense(_IMAGE, layers.AveragePooling2D((2, 3))),
    "AveragePooling3D": lambda: _then_dense((4, 4, 4, 2), layers.AveragePooling3D(2)),
    "BatchNormalization": lambda: _stack(_IMAGE, layers.BatchNormalization(scale=False), layers.BatchNormalization()),
    "BatchNormalization-axis": lambda: _stack(_IMAGE, layers.BatchNormalization(axis=1, center=False)),
    "Bidirectional": lambda: _then_dense((5, 3), layers.Bidirectional(layers.LSTM(2, return_sequences=True))),
    "Bidirectional-two": lambda: _then_dense(
        (5, 3),
        layers.Bidirectional(
            layers.GRU(2), merge_mode="sum", backward_layer=layers.SimpleRNN(2, go_backwards=True, use_bias=False)
        ),
    ),
    "CategoryEncoding": lambda: _stack((3,), layers.CategoryEncoding(5, output_mode="one_hot"), layers.Dense(2)),
    "CenterCrop": lambda: _then_dense(_IMAGE, layers.CenterCrop(4, 3)),
    "Concatenate": lambda: _merge(layers.Concatenate(axis=1)),
    "Conv1D": lambda: _then_dense((8, 4), layers.Conv1D(4, 3, groups=2, padding="causal", dilation_rate=2)),
    "Conv1DTranspose": lambda: _then_dense((4, 2), layers.Conv1DTranspose(3, 4, strides=3, **_PADDING)),
    "Conv2D": lambda: _then_dense(_IMAGE, layers.Conv2D(3, (2, 3), strides=2)),
    "Conv2DTranspose": lambda: _then_dense(_IMAGE, layers.Conv2DTranspose(3, 2, strides=2, use_bias=False)),
    "Conv3D": lambda: _then_dense(_VIDEO, layers.Conv3D(2, 2, padding="same")),
    "Conv3DTranspose": lambda: _then_dense(_VIDEO, layers.Conv3DTranspose(2, 2, padding="same")),
    "ConvLSTM1D": lambda: _then_dense((3, 5, 2), layers.ConvLSTM1D(2, 2)),
    "ConvLSTM2D": lambda: _then_dense(_VIDEO, layers.ConvLSTM2D(2, 2, return_sequences=True, use_bias=False)),
    "ConvLSTM3D": lambda: _then_dense((2, 3, 3, 3, 2), layers.ConvLSTM3D(2, 2)),
    "Cropping1D": lambda: _then_dense((7, 2), layers.Cropping1D((1, 2))),
    "Cropping2D": lambda: _then_dense(_IMAGE, layers.Cropping2D(((1, 2), (0, 1)))),
    "Cropping3D": lambda: _then_dense((4, 4, 4, 2), layers.Cropping3D(1)),
    "Dense": lambda: _stack((3, 4), layers.Dense(3), layers.Dense(2, use_bias=False)),
    "DepthwiseConv1D": lambda: _then_dense((6, 3), layers.DepthwiseConv1D(2, depth_multiplier=2)),
    "DepthwiseConv2D": lambda: _then_dense(_IMAGE, layers.DepthwiseConv2D(2)),
    "Dot": lambda: _merge(layers.Dot(axes=(2, 2))),
    "Dropout": lambda: _then_dense((4,), layers.Dropout(0.5, seed=1)),
    "ELU": lambda: _then_dense((4,), layers.ELU()),
    "EinsumDense": lambda: _stack((4, 3), layers.EinsumDense("abc,cd->abd", (None, 5), bias_axes="bd"[1:])),
    "EinsumDense-left": lambda: _then_dense((4, 3, 2), layers.EinsumDense("...x,xy->...y", 5, bias_axes="y")),
    "EinsumDense-right": lambda: _then_dense((4, 3), layers.EinsumDense("ab...,bc->ac...", 5, bias_axes="c")),
    "Embedding": lambda: _then_dense((3,), layers.Embedding(5, 2)),
    "Flatten": lambda: _then_dense((3, 4), layers.Flatten()),
    "GRU": lambda: _then_dense((5, 3), layers.GRU(2, return_sequences=True)),
    "GRU-before": lambda: _then_dense((5, 3), layers.GRU(2, reset_after=False)),
    "GaussianNoise": lambda: _then_dense((4,), layers.GaussianNoise(0.1)),
    "GlobalAveragePooling1D": lambda: _then_dense((7, 2), layers.GlobalAveragePooling1D()),
    "GlobalAveragePooling2D": lambda: _then_dense(_IMAGE, layers.GlobalAveragePooling2D(keepdims=True)),
    "GlobalMaxPooling3D": lambda: _then_dense(_VIDEO, layers.GlobalMaxPooling3D()),
    "GroupNormalization": lambda: _stack(_IMAGE, layers.GroupNormalization(2), layers.GroupNormalization(-1)),
    "GroupQueryAttention": lambda: _graph((5, 6), lambda x: layers.GroupQueryAttention(4, 4, 2)(x, x)),
    "LSTM": lambda: _then_dense((5, 3), layers.LSTM(2, dropout=0.1)),
    "LayerNormalization": lambda: _stack(
        (4, 3), layers.LayerNormalization(), layers.LayerNormalization(axis=[1, 2], scale=False)
    ),
    "LeakyReLU": lambda: _then_dense((4,), layers.LeakyReLU()),
    "Masking": lambda: _stack((4, 2), layers.Masking(), layers.LSTM(2)),
    "MaxPooling1D": lambda: _then_dense((7, 2), layers.MaxPooling1D(2)),
    "MaxPooling2D": lambda: _then_dense(_IMAGE, layers.MaxPooling2D(2, strides=1, padding="same")),
    "MaxPooling3D": lambda: _then_dense((4, 4, 4, 2), layers.MaxPooling3D((1, 2, 3))),
    "Maximum": lambda: _merge(layers.Maximum()),
    "MultiHeadAttention": lambda: _graph(
        (5, 6), lambda x: layers.MultiHeadAttention(2, 3, value_dim=4, output_shape=(5,))(x, layers.Dense(_VALUES)(x))
    ),
    "MultiHeadAttention-key": lambda: _graph(
        (5, 6), lambda x: layers.MultiHeadAttention(2, 3, use_bias=False)(x, value=x, key=layers.Dense(_VALUES)(x))
    ),
    "Normalization": lambda: _stack((3, 4), layers.Normalization(), layers.Normalization(axis=(1, 2))),
    "Normalization-given": lambda: _then_dense((4,), layers.Normalization(mean=[1.0] * 4, variance=[2.0] * 4)),
    "PReLU": lambda: _stack(_IMAGE, layers.PReLU(), layers.PReLU(shared_axes=[1, 2])),
    "Permute": lambda: _stack((3, 4), layers.Permute((2, 1)), layers.Dense(2)),
    "RNN": lambda: _then_dense((5, 3), _rnn(layers.LSTMCell(2), return_sequences=True)),
    "RNN-stacked": lambda: _then_dense((5, 3), _rnn(layers.GRUCell(2), layers.SimpleRNNCell(3), layers.GRUCell(4))),
    "RandomFlip": lambda: _stack(_IMAGE, layers.RandomFlip(), layers.Conv2D(2, 2)),
    "ReLU": lambda: _then_dense((4,), layers.ReLU()),
    "RepeatVector": lambda: _then_dense((4,), layers.RepeatVector(3)),
    "Rescaling": lambda: _then_dense((4,), layers.Rescaling(2.0)),
    "Resizing": lambda: _then_dense(_IMAGE, layers.Resizing(3, 2)),
    "Reshape": lambda: _stack((4, 3), layers.Reshape((-1, 2)), layers.Dense(2)),
    "SeparableConv1D": lambda: _then_dense((6, 3), layers.SeparableConv1D(4, 2, depth_multiplier=2)),
    "SeparableConv2D": lambda: _then_dense(_IMAGE, layers.SeparableConv2D(4, 2, use_bias=False)),
    "SimpleRNN": lambda: _then_dense((5, 3), layers.SimpleRNN(2)),
    "Softmax": lambda: _then_dense((4,), layers.Softmax()),
    "SpatialDropout1D": lambda: _then_dense((4, 2), layers.SpatialDropout1D(0.5)),
    "SpectralNormalization": lambda: _then_dense(_IMAGE, layers.SpectralNormalization(layers.Conv2D(2, 2))),
    "Subtract": lambda: _merge(layers.Subtract()),
    "TimeDistributed": lambda: _then_dense(_VIDEO, layers.TimeDistributed(layers.Conv2D(2, 2))),
    "UnitNormalization": lambda: _then_dense((4,), layers.UnitNormalization()),
    "UpSampling1D": lambda: _then_dense((4, 2), layers.UpSampling1D(3)),
    "UpSampling2D": lambda: _then_dense(_IMAGE, layers.UpSampling2D((1, 2))),
    "UpSampling3D": lambda: _then_dense((2, 2, 2, 2), layers.UpSampling3D(2)),
    "ZeroPadding1D": lambda: _then_dense((4, 2), layers.ZeroPadding1D((1, 2))),
    "ZeroPadding2D": lambda: _then_dense(_IMAGE, layers.ZeroPadding2D(((1, 2), (0, 3)))),
    "ZeroPadding3D": lambda: _then_dense((2, 2, 2, 2), layers.ZeroPadding3D(1)),
}
"""The layers, by the names of their classes, and what else tells them apart."""

if hasattr(layers, "RMSNormalization"):  # since Keras 3.9
    LAYERS["RMSNormalization"] = lambda: _stack((4, 3), layers.RMSNormalization(), layers.RMSNormalization([1, 2]))
if hasattr(layers, "AdaptiveAveragePooling1D"):  # since Keras 3.13
    LAYERS["AdaptiveMaxPooling2D"] = lambda: _then_dense(_IMAGE, layers.AdaptiveMaxPooling2D((2, 3)))
if hasattr(layers, "ReversibleEmbedding"):  # since Keras 3.13
    LAYERS["ReversibleEmbedding"] = lambda: _stack((3,), layers.ReversibleEmbedding(5, 2, tie_weights=False))
