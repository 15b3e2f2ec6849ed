"""Makes a model again with only Keras's own layers, so that it loads where this package is not installed."""

import inspect
import json
from typing import Any, cast

import keras

from serialactivation import errors
from serialactivation.catalog.graphs import ANY_ORDER, find_early_call
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.private_names import has_default_build
from serialactivation.catalog.versions import is_newer
from serialactivation.codec.partial_layer import PartialLayer
from serialactivation.keras_api.scopes import contained
from serialactivation.keras_api.sublayers import is_unbuilt, sublayers
from serialactivation.models.copies.comparison import is_ours
from serialactivation.models.copies.rebuild import Follower, OperationT, Rebuilder, read_layer
from serialactivation.models.stock.graph_facts import STOCK, Survey, called_layer, survey, values_of
from serialactivation.models.stock.stock_forms import NONE, find_stock_form, survives
from serialactivation.spec.fields import ActivationField
from serialactivation.typing import JSON, Config

__all__ = ["to_stock"]


@contained
def to_stock(model: keras.Model) -> keras.Model:
    """Return an equal of *model* with Keras's own layers, which loads where this package is not installed.

    An activation that is a layer becomes a layer of the model, right after its owner, also under ``TimeDistributed``. A
    shared activation becomes one layer, which is called several times. Keras's layer is given any other activation in a
    form that stock Keras can store: a name, a registered function, an operation. A Sequential that then calls a layer
    twice, or with keywords, becomes a Functional model. The new model keeps names, ``trainable``, dtype policies and
    compile arguments. It keeps the names of outputs if there are several, or if the compile arguments use them. It has
    its own weights, which are copies of the old ones; the state of the optimizer is also copied.

    The file loads on the same Keras or a newer one. Modules that register functions, layers or objects must be imported
    there, as always. Where outputs keep their names, the owner of the activation is called ``<name>_linear``.

    Args:
        model: A Sequential or Functional model.

    Raises:
        ModelKindError: *model* is, or holds, a subclassed model.
        StockFormError: A layer has no equal in stock Keras: your own layer that keeps its activations through this
            package, a function with keywords that stock Keras cannot store, a layer with weights inside a recurrent
            layer, or a layer with weights that is in several models, or both inside a wrapper and outside. The error's
            ``path`` says which.
        LayerStateError: A layer's config leaves out an argument that its weights depend on.
        CompileStateError: A metric or the optimizer cannot be made again.
    """
    made = _Exporter(model).rebuild(model)
    if is_newer(ANY_ORDER, keras.__version__):
        for inner in sublayers(made):
            if isinstance(inner, keras.Model):
                _check_order(inner)
    return made


def _check_order(model: keras.Model) -> None:
    """Refuse a graph that the installed Keras would save but not load."""
    called_early = find_early_call(model.get_config())
    if called_early is not None:
        reason = f"Keras {keras.__version__} does not load a model that calls it on the output of a later layer"
        raise errors.StockFormError(f"{model.name}/{called_early}", None, called_early, reason, "Use a newer Keras.")


class _Exporter(Rebuilder):
    def __init__(self, model: keras.Model) -> None:
        super().__init__()
        self._survey: Survey = survey(model)
        self._distributed: dict[int, keras.Layer] = {}  # the TimeDistributed of an activation, by its id
        self._made_here: list[keras.Layer] = []  # keeps layers alive whose ids are used as keys

    def remake(self, layer: OperationT, path: str) -> OperationT:
        """Return the new layer for *layer*, which is made again for each of its places if there are several.

        Raises:
            StockFormError: The layer has weights and several places: stock Keras would not load the weights.
        """
        if not (isinstance(layer, keras.Layer) and self._survey.is_scattered(layer)):
            return super().remake(layer, path)
        if has_weights(layer):
            reason = "its weights are shared by layers of several models, or by layers inside and outside a wrapper"
            raise errors.StockFormError(path, None, layer, reason, "Use a separate layer for each of them.")
        return cast("OperationT", self.make_another(layer, path))

    def make(self, layer: keras.Layer, path: str) -> keras.Layer:
        if type(layer) in STOCK:
            return self._make_stock(layer, path)
        if type(layer) is keras.layers.TimeDistributed:
            return self._make_distributed(layer, path)
        wrapper = self.rewrap(layer, path)
        return self._copy_stock(layer, path) if wrapper is None else wrapper

    def _copy_stock(self, layer: keras.Layer, path: str) -> keras.Layer:
        """Return a copy of *layer*, which does not need this package."""
        if any(is_ours(inner) or isinstance(inner, PartialLayer) for inner in sublayers(layer)):
            raise _needs_us(layer, path)
        made = self.copy(layer, path)
        if f'"{PACKAGE}>' in json.dumps(made.get_config(), default=str):
            raise _needs_us(layer, path)
        return made

    def _make_stock(self, layer: keras.Layer, path: str) -> keras.Layer:
        config = self.bare_config(layer)
        followers: list[Follower] = []
        for field, value in values_of(layer):
            form = self._find_form(layer, field, value, path)
            if isinstance(form, list):
                followers += form
            else:
                config[field.key] = cast("JSON", form)
        followers += self._close(layer, config, followers)
        made: keras.Layer = read_layer(STOCK[type(layer)], config)
        self.followers[id(made)] = followers
        return made

    def _make_distributed(self, layer: keras.layers.TimeDistributed, path: str) -> keras.Layer:
        """Make a ``TimeDistributed``; the followers of its inner layer follow it, each in a ``TimeDistributed``."""
        inner = super().inner(layer.layer, path)
        config = self.bare_config(layer)
        followers = [Follower(self._distribute(layer, step, path)) for step in self.followers.get(id(inner), ())]
        followers += self._close(layer, config, followers)
        config["layer"] = cast("JSON", inner)
        made = keras.layers.TimeDistributed(**cast("Any", config))
        self.followers[id(made)] = followers
        return made

    def _distribute(self, layer: keras.layers.TimeDistributed, step: Follower, path: str) -> keras.Layer:
        if step.keywords or step.layer.activity_regularizer is not None:
            raise errors.StockFormError(
                f"{path}/{layer.layer.name}",
                "activation",
                step.layer,
                "TimeDistributed does not pass on keywords or an activity regularizer",
                "Use an activation without keywords and without an activity regularizer.",
            )
        made = self._distributed.get(id(step.layer))
        if made is None:
            name = self._survey.find_name(f"{step.layer.name}_distributed")
            made = keras.layers.TimeDistributed(step.layer, name=name, dtype=step.layer.dtype_policy)
            self._distributed[id(step.layer)] = made
        return made

    def inner(self, layer: keras.Layer, path: str) -> keras.Layer:
        """Return the new layer for a *layer* inside a wrapper, where no other layer can follow it."""
        made = super().inner(layer, path)
        if self.followers.get(id(made)):
            raise errors.StockFormError(
                f"{path}/{layer.name}",
                "activation",
                self.followers[id(made)][0].layer,
                "no layer can follow its owner inside the wrapper",
                "Remove the activation from that layer, and put it after the wrapper.",
            )
        return made

    # One activation: it becomes a value for the stock layer, or layers that follow it.

    def _find_form(self, layer: keras.Layer, field: ActivationField, value: object, path: str) -> object:
        form = find_stock_form(value)
        if form is NONE:
            raise errors.StockFormError(
                path,
                field.name,
                value,
                "stock Keras cannot store this function, or cannot store its keywords",
                "Use an activation that Keras has a name for, or a registered function of your own.",
            )
        if not isinstance(form, keras.Layer):
            return form
        if form is not value:
            form.dtype_policy = layer.dtype_policy
            self._made_here.append(form)
        reason = self._find_hindrance(layer, form)
        return self._put_after(layer, form, path) if reason is None else self._put_in(layer, field, form, path, reason)

    def _find_hindrance(self, layer: keras.Layer, activation: keras.Layer) -> str | None:
        """Return why *activation* cannot be a layer of the model, or None."""
        called = called_layer(activation)
        if isinstance(layer, keras.layers.RNN) or hasattr(layer, "state_size"):
            return "a recurrent layer calls it at every step"
        if self._survey.masked and ("mask" in inspect.signature(called.call).parameters or not called.supports_masking):
            return "as a layer of the model, it would receive or stop the mask"
        if self._survey.is_scattered(called) and has_weights(called):
            return "its weights are shared by layers of several models, or by layers inside and outside TimeDistributed"
        return None

    def _put_after(self, layer: keras.Layer, activation: keras.Layer, path: str) -> list[Follower]:
        called = called_layer(activation)
        made = self._make_follower(layer, called, f"{path}/{called.name}")
        if called.built and not made.built and (shapes := called.get_build_config()):
            made.build_from_config(shapes)  # the graph may not know a size that the owner knew
        keywords = activation.keywords if isinstance(activation, PartialLayer) else {}
        return [Follower(made, keywords), *self.followers.get(id(made), ())]

    def _make_follower(self, layer: keras.Layer, called: keras.Layer, path: str) -> keras.Layer:
        if self._survey.is_scattered(called):  # a separate layer, with its own name
            before = self.names.get(id(called))
            self.names[id(called)] = self._survey.find_name(called.name, layer.name)
            made = self.remake(called, path)
            self.names.pop(id(called)) if before is None else self.names.update({id(called): before})
            return made
        if id(called) not in self._survey.graph:
            self.names.setdefault(id(called), self._survey.find_name(called.name, layer.name))
        return self.remake(called, path)

    def _put_in(
        self, layer: keras.Layer, field: ActivationField, activation: keras.Layer, path: str, reason: str
    ) -> keras.Layer:
        """Return *activation* for the stock layer itself, if stock Keras restores it there."""
        if not (isinstance(activation, PartialLayer) or _is_stateful(activation)):
            made = self.remake(activation, f"{path}/{activation.name}")
            if survives(made) and not self.followers.get(id(made)):
                return made
        raise errors.StockFormError(
            path,
            field.name,
            activation,
            f"{reason}, and stock Keras does not restore it inside {type(layer).__name__}",
            "Use an activation without weights that Keras has a name for.",
        )

    def _close(self, layer: keras.Layer, config: Config, followers: list[Follower]) -> list[Follower]:
        """Return the last follower: it has *layer*'s activity regularizer, and the name of an output."""
        regularizer, is_output = config.get("activity_regularizer"), id(layer) in self._survey.outputs
        if not followers or not (regularizer or is_output):
            return []
        name = layer.name
        if is_output:
            config["name"] = self._survey.find_name(f"{name}_linear")
        else:
            name = self._survey.find_name(f"{name}_output")
        config.pop("activity_regularizer", None)
        identity = keras.layers.Activation("linear", name=name, dtype=followers[-1].layer.dtype_policy)
        identity.activity_regularizer = keras.regularizers.get(cast("Any", regularizer))
        return [Follower(identity)]


def has_weights(layer: keras.Layer) -> bool:
    """Return whether *layer* has weights, or makes some when it is built."""
    inside = sublayers(layer)
    return bool(layer.weights) or any(
        not inner.built and not has_default_build(type(inner))
        for inner in inside
        if not isinstance(inner, keras.Sequential)
    )


def _is_stateful(activation: keras.Layer) -> bool:
    return bool(activation.variables) or is_unbuilt(activation)


def _needs_us(layer: keras.Layer, path: str) -> errors.StockFormError:
    return errors.StockFormError(
        path,
        None,
        layer,
        f"{type(layer).__name__} stores its activations with serialactivation",
        "Replace it with Keras's own layers, or install serialactivation where the model is loaded.",
    )
