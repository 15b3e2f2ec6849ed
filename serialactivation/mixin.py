"""The first way in: inherit."""

from collections.abc import Sequence

import keras

from serialactivation.layer.hooks import ActivationHooks
from serialactivation.layer.install import adopt
from serialactivation.spec.fields import FieldLike

__all__ = ["SerializableActivationMixin"]


class SerializableActivationMixin(ActivationHooks):
    """Makes a layer keep its activations: a saved layer comes back with them, or the constructor refuses them.

    Put it before the Keras class. Every subclass is then registered with Keras when it is defined::

        class GatedDense(SerializableActivationMixin, keras.layers.Layer): ...

    Class keywords, all optional:

    - ``fields``: the activation fields, by name or as :class:`~serialactivation.ActivationField`. By default, they are
      found in the constructor.
    - ``package`` and ``name``: the registered name of the class. By default, these are its top-level module and its
      own name.

    Raises:
        ActivationFieldError: ``fields`` has a name that is not an argument of the constructor.
        RegistrationError: A different class has the registered name.
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
