"""Saves, loads and clones whole models with their shared activations: Keras's functions in a sharing scope.

Keras opens a sharing scope for ``.keras`` files, but not for ``.h5``, JSON and clones. These functions have Keras's
names, arguments and results, and always open one. The files are ordinary Keras files. Keras's own functions read them,
too, but make several activations of a shared one.
"""

import contextlib
import functools
import io
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import h5py
import keras

from serialactivation import errors
from serialactivation.codec.silence import silently
from serialactivation.files.atomic import open_atomically
from serialactivation.files.layout import HDF5_SUFFIXES, MODEL_CONFIG
from serialactivation.files.limits import read_limits
from serialactivation.files.rewrite import rewrite_configs
from serialactivation.keras_api.scopes import (
    Direction,
    contained,
    knowing_attributes,
    moving,
    sharing_scope,
)
from serialactivation.models.copies.clone import Cloner
from serialactivation.models.copies.training_state import keeping_optimizer, restore_optimizer
from serialactivation.models.files.hdf5 import check_readable, check_types, find_own_config, load_own_model
from serialactivation.models.files.hdf5_names import check_layer_names, with_names_apart
from serialactivation.models.files.repaired import offering_repair, repaired_copy
from serialactivation.models.files.trusted import checked_copy
from serialactivation.models.shared_objects import may_share
from serialactivation.models.stock.older_keras import check_target, fit

__all__ = ["clone_model", "load_model", "model_from_json", "model_to_json", "save_model"]

Tensors: TypeAlias = "keras.KerasTensor | Sequence[Tensors] | Mapping[str, Tensors]"
"""A structure of symbolic tensors."""


@contextlib.contextmanager
def _sharing(shares: bool) -> Iterator[None]:
    """Open a sharing scope if there may be shared objects; suppress the warnings about copies if there are none."""
    with sharing_scope(shares=shares), contextlib.nullcontext() if shares else silently():
        yield


@contextlib.contextmanager
def _moving_shared(direction: Direction) -> Iterator[None]:
    with _sharing(shares=True), moving(direction):
        yield


@contained
def save_model(
    model: keras.Model,
    filepath: str | os.PathLike[str] | io.IOBase,
    overwrite: bool = True,
    zipped: bool | None = None,
    *,
    target_keras: str | None = None,
    **kwargs: object,
) -> None:
    """Save *model* like ``keras.saving.save_model``, with its shared activations in every format.

    A local file is written completely or not at all: if a save fails, the earlier file stays. An overwritten file keeps
    its permissions, its owner, its hard links and the symbolic links to it, as with Keras.

    The optimizer stays in the model's compile config, from which Keras removes it when it writes ``.h5``. In an ``.h5``
    file, weights of one name in one layer get different names; the file of a model of your own class is read by
    :func:`load_model` of this package.

    Args:
        model: The model.
        filepath: A path that ends in ``.keras`` or ``.h5``, a folder for ``zipped=False``, a remote path, or, where
            Keras takes one, an open file.
        overwrite: Whether to overwrite without asking.
        zipped: Whether to save as a zip archive; see Keras.
        target_keras: The oldest Keras that is to load the file, such as ``"3.10"``, or None for the installed one.
            Keywords that it lacks are left out if they hold their defaults. Only for local ``.keras`` and ``.h5``
            files, which must not exist with ``overwrite=False``.
        **kwargs: Further arguments of Keras's function.

    Raises:
        ActivationError: An activation that was assigned after construction would not come back.
        ModelFileError: An ``.h5`` file of the model could not be loaded: two layers have one name, a weight is of the
            type bfloat16, or the model is of your own class and cannot be built again from the shapes in its config.
            For the last check, a second model is made.
        TargetKerasError: The model holds a class or a keyword that *target_keras* lacks, or the path is not allowed.
    """
    if isinstance(filepath, io.IOBase):
        _save_to_open_file(model, filepath, target_keras, overwrite=overwrite, zipped=zipped, **kwargs)
        return
    target = pathlib.Path(filepath)
    local = "://" not in str(filepath) and target.suffix in (".keras", *HDF5_SUFFIXES) and zipped is not False
    if target_keras is not None:
        check_target(target_keras)
        _check_rewritable(target, target_keras, local, overwrite)
    is_hdf5 = target.suffix in HDF5_SUFFIXES
    if is_hdf5:
        check_layer_names(model)
        check_types(model)
    named = with_names_apart(model) if is_hdf5 else contextlib.nullcontext()
    with _moving_shared(Direction.SAVING), knowing_attributes("Layer"), keeping_optimizer(model), named:
        if target_keras is None and not (local and (overwrite or not target.exists())):
            keras.saving.save_model(model, filepath, overwrite=overwrite, zipped=zipped, **kwargs)
            return
        with open_atomically(str(target), target.name) as path:
            draft = pathlib.Path(path)
            keras.saving.save_model(model, draft, overwrite=True, zipped=zipped, **kwargs)
            if is_hdf5:
                _write_shared_config(model, draft)
                check_readable(model, draft)
            if target_keras is not None:
                rewrite_configs(draft, lambda config: fit(config, target_keras))


def _save_to_open_file(model: keras.Model, file: io.IOBase, target_keras: str | None, **options: Any) -> None:
    if target_keras is not None:
        raise errors.TargetKerasError(target_keras, "the model is saved to an open file", "Pass a path.")
    with _moving_shared(Direction.SAVING), knowing_attributes("Layer"), keeping_optimizer(model):
        keras.saving.save_model(model, file, **options)


def _check_rewritable(target: pathlib.Path, target_keras: str, rewritable: bool, overwrite: bool) -> None:
    if not rewritable:
        raise errors.TargetKerasError(
            target_keras,
            f"{str(target)!r} is not a local .keras or .h5 file",
            "Save to a local file, and copy it to its destination.",
        )
    if not overwrite and target.exists():
        raise errors.TargetKerasError(target_keras, f"{str(target)!r} exists", "Pass overwrite=True, or another path.")


def _write_shared_config(model: keras.Model, path: pathlib.Path) -> None:
    """Put the JSON config of *model* into an ``.h5`` file, whose own form of it has no shared objects."""
    with _moving_shared(Direction.SAVING), h5py.File(path, "r+") as file:
        file.attrs[MODEL_CONFIG] = model.to_json().encode()


@contained
def load_model(
    filepath: str | os.PathLike[str] | io.IOBase,
    custom_objects: Mapping[str, object] | None = None,
    compile: bool = True,  # noqa: A002  # Keras's name
    safe_mode: bool = True,
    *,
    trusted: Iterable[str] | None = None,
    repair: bool = False,
    limits: Mapping[str, int] | None = None,
) -> keras.Model:
    """Load a model like ``keras.saving.load_model``, with its shared activations in every format.

    With *trusted*, the file is first checked without Keras, and a private copy of the checked content is loaded, but
    only if every name in it is a known name of Keras, belongs to this package, or is trusted. Code in the file is
    never run. Without *trusted*, everything that Keras resolves is loaded.

    With *repair*, a repaired copy is loaded if there is something to repair: what ``serialactivation repair`` writes
    for the installed Keras, without an option that changes weights. The file is not changed; the copy is in a private
    folder, and is removed after the load.

    Args:
        filepath: A path written by :func:`save_model` or by Keras's function, or, since Keras 3.16, an open file.
        custom_objects: Functions and classes by their names in the file.
        compile: Whether to compile the model, if it was compiled when it was saved.
        safe_mode: Whether to refuse Python code in the file.
        trusted: Further names that may be loaded, as :func:`untrusted` lists them; ``()`` for none. The objects in
            *custom_objects* are trusted, too, unless another object is registered under the same name.
        repair: Whether to repair what older or newer Kerases wrote and the installed Keras does not load.
        limits: With *trusted* or *repair*, raised limits on the resources that reading the file may use, by their
            names: ``{"config_bytes": 64 * 2**20}``.

    Raises:
        ActivationConfigError: A stored activation cannot be read.
        ArchiveError: With *trusted* or *repair*, the file is damaged, or made to deceive.
        RepairableFileError: Keras does not load the file, but all its errors can be repaired; the message has the
            command.
        RepairError: With *repair*, an error is left that no repair removes.
        SettingsError: A limit does not exist, or its value is not a positive integer.
        UntrustedError: With *trusted*, the file has a name that is not trusted.
        ValueError: *trusted* is given with ``safe_mode=False``, *limits* without *trusted* and *repair*, or one of
            these two with an open file.
    """
    custom = None if custom_objects is None else dict(custom_objects)
    read = functools.partial(_read_model, custom=custom, compiled=compile, safe_mode=safe_mode)
    if limits is not None and trusted is None and not repair:
        raise ValueError("limits=... needs trusted=... or repair=True: without these, Keras reads the file")
    if trusted is not None and not safe_mode:
        raise ValueError("trusted=... never runs code: leave safe_mode=True, or load the file without trusted")
    if isinstance(filepath, io.IOBase):
        if trusted is not None or repair:
            raise ValueError("trusted=... and repair=True need a path, not an open file")
        with _moving_shared(Direction.LOADING), knowing_attributes("Layer"):
            return keras.saving.load_model(filepath, custom_objects=custom, compile=compile, safe_mode=safe_mode)
    with _moving_shared(Direction.LOADING), knowing_attributes("Layer"), contextlib.ExitStack() as stack:
        place = filepath
        if repair:
            place = stack.enter_context(repaired_copy(filepath, read_limits(limits), custom or {}))
        else:
            stack.enter_context(offering_repair(filepath))
        if trusted is not None:
            shown = os.fsdecode(filepath)
            checked = checked_copy(os.fsdecode(place), trusted, custom or {}, read_limits(limits), shown)
            place = stack.enter_context(checked)
            # Keras 3.6 reads parts of an HDF5 file without custom objects, and would import the modules named there
            stack.enter_context(keras.saving.CustomObjectScope(custom))
        return read(place)


def _read_model(
    filepath: str | os.PathLike[str], custom: dict[str, object] | None, *, compiled: bool, safe_mode: bool
) -> keras.Model:
    config = find_own_config(filepath)
    if config is not None:
        return load_own_model(filepath, config, custom or {}, compiled=compiled, safe_mode=safe_mode)
    return keras.saving.load_model(filepath, custom_objects=custom, compile=compiled, safe_mode=safe_mode)


@contained
def model_to_json(model: keras.Model, **kwargs: object) -> str:
    """Return *model*'s config like ``model.to_json``, with the keys of its shared activations.

    Args:
        model: The model.
        **kwargs: Arguments of ``json.dumps``.
    """
    with _sharing(may_share(model)), moving(Direction.SAVING):
        return model.to_json(**kwargs)


@contained
def model_from_json(json_string: str, custom_objects: Mapping[str, object] | None = None) -> keras.Model:
    """Return the model of a JSON config, with new weights, like ``keras.models.model_from_json``.

    Args:
        json_string: The result of :func:`model_to_json`.
        custom_objects: Functions and classes by their names in the config.

    Raises:
        ActivationConfigError: A stored activation cannot be read.
    """
    custom = None if custom_objects is None else dict(custom_objects)
    with _moving_shared(Direction.LOADING):
        return keras.models.model_from_json(json_string, custom_objects=custom)


@contained
def clone_model(
    model: keras.Model,
    input_tensors: "Tensors | None" = None,
    clone_function: Callable[[keras.Layer], keras.Layer] | None = None,
    call_function: Callable[..., object] | None = None,
    recursive: bool = False,
    **kwargs: object,
) -> keras.Model:
    """Return a clone of *model* with new weights, like ``keras.models.clone_model``: shared activations stay shared.

    State that a layer keeps besides its weights is copied, such as the vocabulary of a ``StringLookup`` and the
    statistics of an adapted ``Normalization``. A model of your own decorated class is made
    from its config, with the activations that it uses outside its graph.

    Args:
        model: The model.
        input_tensors: New inputs to build the clone on; see Keras.
        clone_function: Returns the clone of a layer; by default, it is made by the layer's class from its config.
        call_function: Calls a layer on the clone's tensors; by default, the layer itself is called.
        recursive: Whether inner models are cloned layer by layer, too.
        **kwargs: Further arguments of Keras's function.

    Raises:
        CloneError: The clone of a model of your own class would have another activation, because Keras's function does
            not copy it. The class is not decorated, or functions or inputs are given.
    """
    restore_optimizer(model)
    shares = may_share(model)
    cloner = Cloner(clone_function, call_function, recursive=recursive, shares=shares, options=kwargs)
    with _sharing(shares):
        return cloner.clone(model, input_tensors)
