"""An activation follows its owner's dtype policy, unless it was given one of its own."""

from typing import Final

import keras

from serialactivation import errors
from serialactivation.keras_api.identity import IdentityMap
from serialactivation.keras_api.sublayers import holder_of, sublayers
from serialactivation.spec.fields import ActivationField

__all__ = ["follow_owner", "follows"]

# The name of the policy that each following activation took from its owners.
_FOLLOWED: Final[IdentityMap[keras.Layer, str]] = IdentityMap()


def follows(activation: object) -> bool:
    """Tell whether *activation* took the policy of its owner: its own is then not worth storing."""
    return activation in _FOLLOWED


def follow_owner(owner: keras.Layer, field: ActivationField, activation: keras.Layer) -> None:
    """Give *activation* the dtype policy of *owner*, unless it has one of its own.

    Where an owner hands it on to a sublayer, that is the sublayer's, which calls it.
    A layer made without ``dtype`` holds the very object that is the global policy; any other object was given.

    Raises:
        ActivationDTypeError: It follows another owner, whose policy is different, or has weights of another dtype.
    """
    policy = _source_policy(holder_of(owner, activation))
    first = _FOLLOWED.get(activation)
    if first is None and activation.dtype_policy is not keras.config.dtype_policy():
        return
    if first is not None and first != policy.name:
        raise errors.ActivationDTypeError(owner.name, field.name, activation.name, (first, policy.name))
    if activation.dtype_policy != policy:
        _check_weights(owner, field, activation, policy)
        _hand_on(activation, policy)
    if first is None:
        _FOLLOWED[activation] = policy.name


def _check_weights(
    owner: keras.Layer, field: ActivationField, activation: keras.Layer, policy: keras.DTypePolicy
) -> None:
    """Refuse weights that were made under another policy: they would be rounded by the next load, without a word."""
    unset = keras.config.dtype_policy()
    dtypes = {
        weight.dtype for layer in sublayers(activation) if layer.dtype_policy is unset for weight in layer.weights
    }
    if unset.variable_dtype != policy.variable_dtype and unset.variable_dtype in dtypes:
        raise errors.ActivationDTypeError(
            owner.name, field.name, activation.name, (unset.name, policy.name), built=True
        )


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
