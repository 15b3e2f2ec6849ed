"""Every exception of the package; it imports nothing else of the package.

All of them are :class:`ActivationError`, and each is also the built-in exception that a caller of Keras would expect,
so that ``except TypeError`` and ``except ValueError`` go on working. The facts are attributes; ``str(error)`` makes
the text from them.

Each class is loaded at first use: the commands that read files need few of them.
"""

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from serialactivation.errors.activations import ActivationAssignmentError as ActivationAssignmentError
    from serialactivation.errors.activations import ActivationBuildError as ActivationBuildError
    from serialactivation.errors.activations import ActivationConfigError as ActivationConfigError
    from serialactivation.errors.activations import ActivationDTypeError as ActivationDTypeError
    from serialactivation.errors.activations import UncallableActivationError as UncallableActivationError
    from serialactivation.errors.activations import UnknownActivationError as UnknownActivationError
    from serialactivation.errors.activations import UnserializableActivationError as UnserializableActivationError
    from serialactivation.errors.base import READ_ERRORS as READ_ERRORS
    from serialactivation.errors.base import ActivationError as ActivationError
    from serialactivation.errors.broken import LayerCheckError as LayerCheckError
    from serialactivation.errors.broken import PromiseBrokenError as PromiseBrokenError
    from serialactivation.errors.files import ArchiveError as ArchiveError
    from serialactivation.errors.files import ExpressionError as ExpressionError
    from serialactivation.errors.files import MissingExtraError as MissingExtraError
    from serialactivation.errors.files import RepairableFileError as RepairableFileError
    from serialactivation.errors.files import RepairError as RepairError
    from serialactivation.errors.files import SettingsError as SettingsError
    from serialactivation.errors.files import SourceError as SourceError
    from serialactivation.errors.files import UntrustedError as UntrustedError
    from serialactivation.errors.layers import ActivationFieldError as ActivationFieldError
    from serialactivation.errors.layers import CloneError as CloneError
    from serialactivation.errors.layers import CompileStateError as CompileStateError
    from serialactivation.errors.layers import LayerArgumentError as LayerArgumentError
    from serialactivation.errors.layers import LayerStateError as LayerStateError
    from serialactivation.errors.layers import ModelFileError as ModelFileError
    from serialactivation.errors.layers import ModelKindError as ModelKindError
    from serialactivation.errors.layers import NewerArgumentError as NewerArgumentError
    from serialactivation.errors.layers import RegistrationError as RegistrationError
    from serialactivation.errors.layers import StockFormError as StockFormError
    from serialactivation.errors.layers import TargetKerasError as TargetKerasError
    from serialactivation.errors.lost import NotRestoredError as NotRestoredError
    from serialactivation.errors.lost import NotRestoredWarning as NotRestoredWarning
    from serialactivation.errors.warned import PromiseNotTriedWarning as PromiseNotTriedWarning
    from serialactivation.errors.warned import PrunedArgumentWarning as PrunedArgumentWarning
    from serialactivation.errors.warned import RedefinedActivationWarning as RedefinedActivationWarning
    from serialactivation.errors.warned import SharedActivationWarning as SharedActivationWarning

__all__ = [
    "ActivationAssignmentError",
    "ActivationBuildError",
    "ActivationConfigError",
    "ActivationDTypeError",
    "ActivationError",
    "ActivationFieldError",
    "ArchiveError",
    "CloneError",
    "CompileStateError",
    "ExpressionError",
    "LayerArgumentError",
    "LayerCheckError",
    "LayerStateError",
    "MissingExtraError",
    "ModelFileError",
    "ModelKindError",
    "NewerArgumentError",
    "NotRestoredError",
    "NotRestoredWarning",
    "PromiseBrokenError",
    "PromiseNotTriedWarning",
    "PrunedArgumentWarning",
    "RedefinedActivationWarning",
    "RegistrationError",
    "RepairError",
    "RepairableFileError",
    "SettingsError",
    "SharedActivationWarning",
    "SourceError",
    "StockFormError",
    "TargetKerasError",
    "UncallableActivationError",
    "UnknownActivationError",
    "UnserializableActivationError",
    "UntrustedError",
]

REGISTER: Final = "@keras.saving.register_keras_serializable(package='my_package')"
"""The line that registers a function or a class with Keras, as cures show it."""

DAMAGED: Final = "The file is damaged: save the model again, or copy the file again from where it came from."
"""The cure for a file that holds something that neither Keras nor this package writes."""

_HOMES = {
    "ActivationAssignmentError": "activations",
    "ActivationBuildError": "activations",
    "ActivationConfigError": "activations",
    "ActivationDTypeError": "activations",
    "ActivationError": "base",
    "ActivationFieldError": "layers",
    "ArchiveError": "files",
    "CloneError": "layers",
    "CompileStateError": "layers",
    "ExpressionError": "files",
    "LayerArgumentError": "layers",
    "LayerCheckError": "broken",
    "LayerStateError": "layers",
    "MissingExtraError": "files",
    "ModelFileError": "layers",
    "ModelKindError": "layers",
    "NewerArgumentError": "layers",
    "NotRestoredError": "lost",
    "NotRestoredWarning": "lost",
    "PromiseBrokenError": "broken",
    "PromiseNotTriedWarning": "warned",
    "PrunedArgumentWarning": "warned",
    "READ_ERRORS": "base",
    "RedefinedActivationWarning": "warned",
    "RegistrationError": "layers",
    "RepairError": "files",
    "RepairableFileError": "files",
    "SettingsError": "files",
    "SharedActivationWarning": "warned",
    "SourceError": "files",
    "StockFormError": "layers",
    "TargetKerasError": "layers",
    "UncallableActivationError": "activations",
    "UnknownActivationError": "activations",
    "UnserializableActivationError": "activations",
    "UntrustedError": "files",
}


if not TYPE_CHECKING:  # a type checker would else accept any name

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
