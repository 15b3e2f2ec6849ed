"""An activation follows its owner's dtype policy, unless it was given one of its own."""

import weakref
from typing import Final

import keras

from serialactivation.building import sublayers
from serialactivation.errors import ActivationDTypeError
from serialactivation.fields import ActivationField

__all__ = ["follow_owner", "follows"]

# The name of the policy that each following activation took from its owners.
_FOLLOWED: Final[weakref.WeakKeyDictionary[keras.Layer, str]] = weakref.WeakKeyDictionary()


def follows(activation: object) -> bool:
    """Tell whether *activation* took the policy of its owner: its own is then not worth storing."""
    return isinstance(activation, keras.Layer) and activation in _FOLLOWED


def follow_owner(owner: keras.Layer, field: ActivationField, activation: keras.Layer) -> None:
    """Give *activation* the dtype policy of *owner*, unless it has one of its own.

    A layer made without ``dtype`` holds the very object that is the global policy; any other object was given.

    Raises:
        ActivationDTypeError: It follows another owner, whose policy is different.
    """
    policy = _source_policy(owner)
    first = _FOLLOWED.get(activation)
    if first is None and activation.dtype_policy is not keras.config.dtype_policy():
        return
    if first is not None and first != policy.name:
        raise ActivationDTypeError(owner.name, field.name, activation.name, (first, policy.name))
    _FOLLOWED[activation] = policy.name
    if activation.dtype_policy != policy:
        _hand_on(activation, policy)


def _hand_on(activation: keras.Layer, policy: keras.DTypePolicy) -> None:
    """Give *policy* to *activation* and to what is inside it: a Sequential alone would change nothing."""
    unset = keras.config.dtype_policy()
    for layer in sublayers(activation):
        if layer.dtype_policy is unset:
            layer.dtype_policy = policy


def _source_policy(owner: keras.Layer) -> keras.DTypePolicy:
    """Return the policy that *owner* computes in; for a quantized one, the policy that it was quantized from."""
    policy = owner.dtype_policy
    if policy.quantization_mode is None:
        return policy
    return keras.DTypePolicy(str(policy.get_config()["source_name"]))
