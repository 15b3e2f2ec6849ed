"""The first way in: inherit."""

from collections.abc import Sequence

import keras

from serialactivation.layer.hooks import ActivationHooks
from serialactivation.layer.install import adopt
from serialactivation.spec.fields import FieldLike

__all__ = ["SerializableActivationMixin"]


class SerializableActivationMixin(ActivationHooks):
    """Makes a layer keep its activations: whatever they are, a saved layer comes back with them, or they are refused.

    Put it before the Keras class, and every subclass is registered with Keras and installed as it is defined::

        class GatedDense(SerializableActivationMixin, keras.layers.Layer): ...

    Class keywords, all optional:

    - ``fields``: the activation fields, by name or as :class:`~serialactivation.ActivationField`; found otherwise.
    - ``package`` and ``name``: what to register the class under; the top-level module and the class's name otherwise.

    Raises:
        ActivationFieldError: ``fields`` names something that is no argument of the constructor.
        RegistrationError: A different class has the name.
    """

    def __init_subclass__(
        cls,
        *,
        fields: Sequence[FieldLike] | None = None,
        package: str | None = None,
        name: str | None = None,
        **kwargs: object,
    ) -> None:
        super().__init_subclass__(**kwargs)
        if issubclass(cls, keras.Layer):
            adopt(cls, fields, package=package, name=name)
