"""The state of an activation that is a layer: its owners, the dtype policy that it follows, its input.

The state is not an attribute of the activation, because Keras visits all attributes of a layer whose weights it saves.
"""

import warnings
import weakref
from typing import Final

import keras

from serialactivation import errors
from serialactivation.codec.silence import is_silent
from serialactivation.keras_api.scopes import in_sharing_scope
from serialactivation.keras_api.sublayers import holder_of, is_unbuilt, sublayers
from serialactivation.spec.fields import ActivationField

__all__ = ["TrackedActivation", "find_tracked", "track"]

_CALLER: Final = 5  # the frame of the code that calls get_config()


class TrackedActivation:
    """One activation that is a layer, or a layer inside one.

    Attributes:
        owners: The existing layers that hold it, by their ids.
        policy: The name of the dtype policy that it took from its owner; None if it has its own policy.
        infers_input: Whether it is a Sequential that was given without an Input. The Input that its first build adds is
            then left out of its config.
        is_built_by_calls: Whether only the calls of an owner build it. Its build config and its policy are stored then,
            because loading runs no call.
        is_warned_of: Whether a warning has said that the configs of its owners make several activations of it.
    """

    __slots__ = ("_layer", "infers_input", "is_built_by_calls", "is_warned_of", "owners", "policy")

    def __init__(self, layer: keras.Layer) -> None:
        number = id(layer)
        self._layer = weakref.ref(layer, lambda _: _TRACKED.pop(number, None))
        self.owners: weakref.WeakValueDictionary[int, keras.Layer] = weakref.WeakValueDictionary()
        self.policy: str | None = None
        self.infers_input = False
        self.is_built_by_calls = False
        self.is_warned_of = False

    @property
    def layer(self) -> keras.Layer:
        """The activation."""
        layer = self._layer()
        if layer is None:
            raise ReferenceError("the activation no longer exists")
        return layer

    def add_owner(self, owner: keras.Layer) -> None:
        """Note that *owner* holds the activation and the layers inside it. Called before *owner* builds it."""
        activation = self.layer
        for layer in sublayers(activation):
            inner = self if layer is activation else track(layer)
            inner.owners[id(owner)] = owner
            inner.infers_input |= isinstance(layer, keras.Sequential) and not layer.built

    def follow(self, owner: keras.Layer, field: ActivationField) -> None:
        """Give the activation the dtype policy of *owner*, unless it has its own.

        If *owner* has passed the activation to a sublayer, it gets the policy of the sublayer, which calls it.
        A layer made without ``dtype`` holds the global policy object itself; any other object was given as ``dtype``.

        Raises:
            ActivationDTypeError: It follows another owner, whose policy is different, or has weights of another dtype.
        """
        layer = self.layer
        if self.policy is None and layer.dtype_policy is not keras.config.dtype_policy():
            return
        policy = holder_of(owner, layer).dtype_policy
        if policy.quantization_mode is not None:
            policy = keras.DTypePolicy(str(policy.get_config()["source_name"]))  # that it was quantized from
        if self.policy is not None and self.policy != policy.name:
            raise errors.ActivationDTypeError(owner.name, field.name, layer.name, (self.policy, policy.name))
        if layer.dtype_policy != policy:
            _check_weights(owner, field, layer, policy)
            _set_policy(layer, policy)
        self.policy = policy.name

    def stop_following(self) -> None:
        """Give the activation the global policy, as stock Keras does, unless it has its own, or weights of its dtype.

        From then on, its config has that policy, which a load gives it as its own.
        """
        unset, layer = keras.config.dtype_policy(), self.layer
        policy = layer.dtype_policy
        if self.policy is not None and (policy.variable_dtype == unset.variable_dtype or not layer.weights):
            self.policy = None
            for inner in sublayers(layer):
                if inner.dtype_policy is policy:
                    inner.dtype_policy = unset

    def warn_of_copies(self, owner: keras.Layer) -> None:
        """Warn, once for an activation with weights, that *owner*'s config will not know its other owners."""
        if in_sharing_scope() or is_silent():
            return
        inside = set(
            map(id, sublayers(owner))
        )  # the owner passes the activation on to its sublayers, also after a load
        for layer in sublayers(self.layer):
            tracked = track(layer)
            if tracked.is_warned_of or not (layer.weights or is_unbuilt(layer)):
                continue
            owners = [other for other in tracked.owners.values() if id(other) not in inside]
            others = [other.name for other in owners if id(owner) not in map(id, sublayers(other))]
            if others:
                warnings.warn(
                    errors.SharedActivationWarning(layer.name, owner.name, tuple(sorted(others))), stacklevel=_CALLER
                )
                for inner in sublayers(layer):  # last: if the warning was raised as an error, it is given again
                    track(inner).is_warned_of = True


# By the ids of the activations, until these are freed: a layer may define __eq__ and have no hash.
_TRACKED: Final[dict[int, TrackedActivation]] = {}


def find_tracked(activation: keras.Layer) -> TrackedActivation | None:
    """Return the state of *activation*, or None if no layer of ours has held it."""
    return _TRACKED.get(id(activation))


def track(activation: keras.Layer) -> TrackedActivation:
    """Return the state of *activation*, made now if there is none."""
    tracked = _TRACKED.get(id(activation))
    if tracked is None:
        tracked = _TRACKED[id(activation)] = TrackedActivation(activation)
    return tracked


def _check_weights(
    owner: keras.Layer, field: ActivationField, activation: keras.Layer, policy: keras.DTypePolicy
) -> None:
    """Refuse weights that were made under another policy: the next load would silently round them."""
    unset = keras.config.dtype_policy()
    dtypes = {
        weight.dtype for layer in sublayers(activation) if layer.dtype_policy is unset for weight in layer.weights
    }
    if unset.variable_dtype != policy.variable_dtype and unset.variable_dtype in dtypes:
        raise errors.ActivationDTypeError(
            owner.name, field.name, activation.name, (unset.name, policy.name), built=True
        )


def _set_policy(activation: keras.Layer, policy: keras.DTypePolicy) -> None:
    """Give *policy* to *activation* and to the layers inside it, which a Sequential does not do itself."""
    unset = keras.config.dtype_policy()
    for layer in sublayers(activation):
        if layer.dtype_policy is unset:
            layer.dtype_policy = policy
