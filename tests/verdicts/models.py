"""The models whose files every Keras is given: each has something that an older Keras may not take."""

import keras

__all__ = ["MODELS"]

layers, initializers, ops = keras.layers, keras.initializers, keras.ops


def _sequential(shape: tuple[int, ...], *stack: keras.Layer, **options: object) -> keras.Model:
    return keras.Sequential([keras.Input(shape, **options), *stack])


def _compiled(model: keras.Model, *arguments: object, **options: object) -> keras.Model:
    model.compile(*arguments, **options)
    return model


def _square() -> keras.Model:
    return _sequential((4,), layers.Flatten())


def _nothing(layer: keras.Layer, shape: tuple[int, ...]) -> keras.Model:
    """Return a model with nothing in it but one layer."""
    return _sequential(shape, layer)


def _separable() -> keras.Model:
    return _sequential(
        (8, 8, 2), layers.SeparableConv2D(3, 2), layers.DepthwiseConv2D(2), layers.Conv2DTranspose(2, 3, strides=2)
    )


def _attention(attention: keras.Layer, *, listed: bool = False) -> keras.Model:
    inputs = keras.Input((5, 6))
    return keras.Model(inputs, attention([inputs, inputs]) if listed else attention(inputs, inputs))


def _normalizations() -> keras.Model:
    return _sequential(
        (6, 4),
        layers.BatchNormalization(),
        layers.LayerNormalization(),
        layers.GroupNormalization(2),
        layers.UnitNormalization(),
        layers.SpectralNormalization(layers.Conv1D(2, 2)),
    )


def _recurrent() -> keras.Model:
    return _sequential(
        (5, 3),
        layers.Bidirectional(layers.LSTM(2, return_sequences=True)),
        layers.TimeDistributed(layers.Dense(3)),
        layers.RNN(layers.StackedRNNCells([layers.GRUCell(2), layers.SimpleRNNCell(2)]), return_sequences=True),
        layers.GRU(2),
    )


def _preprocessing() -> keras.Model:
    return _sequential(
        (8, 8, 3), layers.Rescaling(0.5), layers.CenterCrop(6, 6), layers.RandomFlip(), layers.RandomRotation(0.1)
    )


def _shared() -> keras.Model:
    """A layer called twice, a model in the model, several inputs and outputs, and an operation in the graph."""
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    inner = keras.Sequential([keras.Input((4,)), layers.ReLU(name="in")], name="inner")
    same = layers.LeakyReLU(negative_slope=0.2, name="same")
    left, right = inner(same(one)), same(two)
    return keras.Model([one, two], [layers.Add(name="sum")([left, right]), layers.Concatenate()([left, right])])


def _nested() -> keras.Model:
    """A model in a model, called twice, and what is between the calls."""
    inputs = keras.Input((4,))
    inner = keras.Model(inputs, layers.ReLU()(inputs), name="inner")
    outer = keras.Input((4,))
    return keras.Model(outer, layers.Rescaling(2.0)(inner(layers.Rescaling(-1.0)(outer))))


def _named() -> keras.Model:
    inputs = {name: keras.Input((4,), name=name) for name in ("a", "b")}
    return keras.Model(inputs, {"out": layers.Multiply()([inputs["a"], inputs["b"]])})


def _early() -> keras.Model:
    twice = layers.ReLU(name="twice")
    inputs = keras.Input((4,))
    return keras.Model(inputs, twice(layers.Rescaling(2.0, name="between")(twice(inputs))))


def _operations() -> keras.Model:
    inputs = keras.Input((4, 2))
    hidden = ops.tanh(inputs) + 1.0
    hidden = ops.expand_dims(ops.sum(hidden, axis=-1), -1) * inputs
    return keras.Model(inputs, ops.softmax(ops.reshape(hidden, (-1, 8))))


def _newer_operation() -> keras.Model:
    inputs = keras.Input((4,))
    return keras.Model(inputs, ops.where(ops.isclose(inputs, 2.0), inputs, ops.exp2(inputs)))


def _initialized(*made: object) -> keras.Model:
    return _sequential((4,), *(layers.EinsumDense("bi,ij->bj", 4, kernel_initializer=one) for one in made))


def _old_initializers() -> keras.Model:
    """Of those that have gained nothing, in a layer that has not either."""
    made = (
        initializers.Zeros(),
        initializers.Ones(),
        initializers.Constant(0.5),
        initializers.RandomNormal(seed=1),
        initializers.RandomUniform(seed=1),
        initializers.TruncatedNormal(seed=1),
    )
    return _sequential((4,), *(layers.PReLU(alpha_initializer=one) for one in made))


def _new_initializers() -> keras.Model:
    made = (
        initializers.GlorotUniform(seed=1),
        initializers.GlorotNormal(seed=1),
        initializers.HeUniform(seed=1),
        initializers.HeNormal(seed=1),
        initializers.LecunUniform(seed=1),
        initializers.LecunNormal(seed=1),
        initializers.VarianceScaling(2.0, seed=1),
    )
    return _sequential((4, 4), *(layers.Conv1D(4, 1, kernel_initializer=one) for one in made))


def _regularized() -> keras.Model:
    return _sequential(
        (4, 2),
        layers.PReLU(alpha_regularizer=keras.regularizers.L2(0.1), alpha_constraint=keras.constraints.NonNeg()),
        layers.PReLU(alpha_regularizer=keras.regularizers.L1L2(0.1, 0.2), alpha_constraint=keras.constraints.MaxNorm()),
        layers.PReLU(alpha_regularizer=keras.regularizers.L1(), alpha_constraint=keras.constraints.UnitNorm()),
        layers.Conv1D(2, 2, kernel_initializer="ones", kernel_regularizer=keras.regularizers.OrthogonalRegularizer()),
        layers.ActivityRegularization(l1=0.1),
    )


def _activated(activation: object) -> keras.Model:
    """A layer that has gained nothing, so that its activation alone decides."""
    return _sequential((6, 2), layers.Conv1D(2, 2, kernel_initializer="ones", activation=activation))


def _with_losses() -> keras.Model:
    return _compiled(
        _square(),
        keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.1, 10)),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseTopKCategoricalAccuracy(2), keras.metrics.MeanAbsoluteError()],
        weighted_metrics=["mse"],
    )


def _with_names() -> keras.Model:
    return _compiled(_square(), "adam", loss="mse", metrics=["mae", "accuracy"], jit_compile=False)


def _with_old_losses() -> keras.Model:
    return _compiled(
        _square(), keras.optimizers.RMSprop(0.1), loss=keras.losses.Huber(), metrics=[keras.metrics.MeanSquaredError()]
    )


MODELS = {
    "dense": lambda: _sequential((4,), layers.Dense(3, "relu"), layers.Dense(2, "softmax")),
    "embedding": lambda: _sequential((3,), layers.Embedding(5, 2), dtype="int32"),
    "einsum": lambda: _initialized("glorot_uniform"),
    "convolution": lambda: _sequential((8, 2), layers.Conv1D(3, 2), layers.Conv1DTranspose(2, 2)),
    "separable": _separable,
    "attention": lambda: _attention(layers.MultiHeadAttention(2, 3)),
    "grouped": lambda: _attention(layers.GroupQueryAttention(4, 4, 2)),
    "dot": lambda: _attention(layers.Attention(), listed=True),
    "additive": lambda: _attention(layers.AdditiveAttention(), listed=True),
    "nested": _nested,
    "normalization": _normalizations,
    "recurrent": _recurrent,
    "preprocessing": _preprocessing,
    "resizing": lambda: _nothing(layers.Resizing(4, 4), (6, 6, 3)),
    "antialias": lambda: _nothing(layers.Resizing(4, 4, antialias=True), (6, 6, 3)),
    "contrast": lambda: _nothing(layers.RandomContrast(0.2), (6, 6, 3)),
    "shared": _shared,
    "named": _named,
    "early": _early,
    "operations": _operations,
    "new-operation": _newer_operation,
    "old-initializers": _old_initializers,
    "new-initializers": _new_initializers,
    "axes": lambda: _initialized(initializers.GlorotUniform(seed=1, input_axes=[0], output_axes=[1])),
    "regularized": _regularized,
    "policy": lambda: _nothing(layers.PReLU(dtype="mixed_float16"), (4,)),
    "dropout": lambda: _nothing(layers.Dropout(0.5, seed=3), (4,)),
    "pooling": lambda: _sequential((8, 2), layers.MaxPooling1D(2), layers.GlobalAveragePooling1D()),
    "renorm": lambda: _nothing(layers.BatchNormalization(renorm=True), (4,)),
    "gated": lambda: _nothing(layers.RMSNormalization(), (4,)),
    "adaptive": lambda: _nothing(layers.AdaptiveAveragePooling1D(2), (4, 2)),
    "name": lambda: _activated("gelu"),
    "newer-name": lambda: _activated("celu"),
    "layer": lambda: _activated(layers.ReLU(max_value=3.0)),
    "operation": lambda: _activated(ops.silu),
    "losses": _with_losses,
    "names": _with_names,
    "long-names": lambda: _compiled(_square(), "adam", loss="mean_squared_error", metrics=["accuracy"]),
    "old-losses": _with_old_losses,
    "new-loss": lambda: _compiled(_square(), "sgd", loss=keras.losses.Circle()),
    "new-loss-name": lambda: _compiled(_square(), "sgd", loss="circle"),
    "new-optimizer": lambda: _compiled(_square(), keras.optimizers.Muon(), loss="mse"),
    "scaled": lambda: _compiled(_square(), keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD()), loss="mse"),
}
"""What the newest Keras saves, by name."""
