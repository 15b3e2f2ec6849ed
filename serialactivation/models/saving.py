"""Whole models saved, loaded and cloned with their shared activations: Keras's functions, in a sharing scope.

Keras keeps shared objects together in ``.keras`` files, and opens no such scope for ``.h5``, JSON and clones. These
functions have Keras's names, arguments and results, and open one. The files are Keras's own, and Keras's own functions
read them too, each shared activation then as several.
"""

import contextlib
import functools
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import h5py
import keras

from serialactivation import errors
from serialactivation.codec.silence import silently
from serialactivation.files.atomic import written_whole
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
from serialactivation.models.clone import Cloner
from serialactivation.models.hdf5 import check_readable, find_own_config, load_own_model
from serialactivation.models.hdf5_names import check_layer_names, with_names_apart
from serialactivation.models.older_keras import check_target, fit
from serialactivation.models.shared_objects import may_share
from serialactivation.models.training_state import keeping_optimizer, restore_optimizer
from serialactivation.models.trusted import checked_copy

__all__ = ["clone_model", "load_model", "model_from_json", "model_to_json", "save_model"]

Tensors: TypeAlias = "keras.KerasTensor | Sequence[Tensors] | Mapping[str, Tensors]"
"""Symbolic tensors, in a structure."""


@contextlib.contextmanager
def _sharing(shares: bool) -> Iterator[None]:
    """Within it, Keras keeps track of shared objects if there may be any; if not, no copies are made to warn of."""
    with sharing_scope(shares=shares), contextlib.nullcontext() if shares else silently():
        yield


@contextlib.contextmanager
def _moving_shared(direction: Direction) -> Iterator[None]:
    with _sharing(shares=True), moving(direction):
        yield


@contained
def save_model(
    model: keras.Model,
    filepath: str | os.PathLike[str],
    overwrite: bool = True,
    zipped: bool | None = None,
    *,
    target_keras: str | None = None,
    **kwargs: object,
) -> None:
    """Save *model* like ``keras.saving.save_model``, with its shared activations in every format.

    A local file is written whole or not at all: a save that fails leaves what was there. The permissions and the owner
    of a file that is written over stay, its other names and a symbolic link to it too, as Keras leaves them.

    Args:
        model: The model.
        filepath: A path that ends in ``.keras`` or ``.h5``, a folder for ``zipped=False``, or a remote path.
        overwrite: Whether to overwrite without asking.
        zipped: Whether to save as a zip archive; see Keras.
        target_keras: The oldest Keras that is to load the file, such as ``"3.10"``, or None for the installed one.
            Keywords that it lacks are left out where they hold their default; for a local file, ``.keras`` or ``.h5``.
        **kwargs: Further arguments of Keras's function.

    Raises:
        ActivationError: An activation was assigned after construction that could not come back.
        ModelFileError: The model is of a class of yours and cannot be built again by the shapes in its config: no
            ``.h5`` file of it could be read. To see that, a second one is made. Or two of its layers have one name.
        TargetKerasError: The model holds what the Keras aimed at lacks, or such a file cannot be written there.
    """
    target = pathlib.Path(filepath)
    local = "://" not in str(filepath) and target.suffix in (".keras", *HDF5_SUFFIXES) and zipped is not False
    if target_keras is not None:
        check_target(target_keras)
        _check_rewritable(target, target_keras, local, overwrite)
    is_hdf5 = target.suffix in HDF5_SUFFIXES
    if is_hdf5:
        check_layer_names(model)
    named = with_names_apart(model) if is_hdf5 else contextlib.nullcontext()
    with _moving_shared(Direction.SAVING), knowing_attributes(), keeping_optimizer(model), named:
        if target_keras is None and not (local and (overwrite or not target.exists())):
            keras.saving.save_model(model, filepath, overwrite=overwrite, zipped=zipped, **kwargs)
            return
        with written_whole(str(target), target.name) as draft:
            beside = pathlib.Path(draft)
            keras.saving.save_model(model, beside, overwrite=True, zipped=zipped, **kwargs)
            if is_hdf5:
                _write_shared_config(model, beside)
                check_readable(model, beside)
            if target_keras is not None:
                rewrite_configs(beside, lambda config: fit(config, target_keras))


def _check_rewritable(target: pathlib.Path, target_keras: str, rewritable: bool, overwrite: bool) -> None:
    if not rewritable:
        raise errors.TargetKerasError(
            target_keras,
            f"{str(target)!r} is no local .keras or .h5 file",
            "Save to one, and copy it where it is wanted.",
        )
    if not overwrite and target.exists():
        raise errors.TargetKerasError(target_keras, f"{str(target)!r} exists", "Pass overwrite=True, or another path.")


def _write_shared_config(model: keras.Model, path: pathlib.Path) -> None:
    """Put the config of *model* as it is in JSON into an ``.h5`` file: the older form there tells no shared objects."""
    with _moving_shared(Direction.SAVING), h5py.File(path, "r+") as file:
        file.attrs[MODEL_CONFIG] = model.to_json().encode()


@contained
def load_model(
    filepath: str | os.PathLike[str],
    custom_objects: Mapping[str, object] | None = None,
    compile: bool = True,  # noqa: A002  # Keras's name
    safe_mode: bool = True,
    *,
    trusted: Iterable[str] | None = None,
    limits: Mapping[str, int] | None = None,
) -> keras.Model:
    """Load a model like ``keras.saving.load_model``, with its shared activations in every format.

    With *trusted*, the file is checked first without Keras, and then what was checked is loaded, from a private copy
    that is written anew from it: only if all that it names is a part of Keras that is known as such, is this package's,
    or is trusted by its name. Code in the file is never run. Without, whatever Keras resolves is loaded.

    Args:
        filepath: What :func:`save_model`, or Keras's function, wrote.
        custom_objects: Functions and classes by the names that the file calls them.
        compile: Whether to compile the model, if it was when it was saved.
        safe_mode: Whether to refuse Python code in the file.
        trusted: The names of what may be loaded beyond that, as :func:`untrusted` lists them; ``()`` for nothing. What
            is in *custom_objects* is trusted, too, unless something else is registered by the same name.
        limits: With *trusted*, how much the file may ask of its reader beyond what is allowed to any, by the names of
            the limits: ``{"config_bytes": 64 * 2**20}``.

    Raises:
        ActivationConfigError: A stored activation cannot be read.
        ArchiveError: With *trusted*, the file is damaged, or made to deceive.
        SettingsError: There is no such limit, or it is no whole number from 1 on.
        UntrustedError: With *trusted*, the file names something else.
        ValueError: *trusted* is given, and ``safe_mode=False``; or *limits* without *trusted*.
    """
    custom = None if custom_objects is None else dict(custom_objects)
    read = functools.partial(_read_model, custom=custom, compiled=compile, safe_mode=safe_mode)
    with _moving_shared(Direction.LOADING), knowing_attributes():
        if trusted is None:
            if limits is not None:
                raise ValueError("limits=... are those of a load with trusted=...: without it, Keras reads the file")
            return read(filepath)
        if not safe_mode:
            raise ValueError("trusted=... never runs code: leave safe_mode=True, or load the file without trusted")
        # Keras 3.6 reads parts of an HDF5 file without custom objects, and would import the modules named there
        checked = checked_copy(os.fsdecode(filepath), trusted, custom or {}, read_limits(limits))
        with checked as copy, keras.saving.CustomObjectScope(custom):
            return read(copy)


def _read_model(
    filepath: str | os.PathLike[str], custom: dict[str, object] | None, *, compiled: bool, safe_mode: bool
) -> keras.Model:
    config = find_own_config(filepath)
    if config is not None:
        return load_own_model(filepath, config, custom or {}, compiled=compiled, safe_mode=safe_mode)
    return keras.saving.load_model(filepath, custom_objects=custom, compile=compiled, safe_mode=safe_mode)


@contained
def model_to_json(model: keras.Model, **kwargs: object) -> str:
    """Return *model*'s config as ``model.to_json`` does, with the keys of its shared activations, if it has any.

    Args:
        model: The model.
        **kwargs: Arguments of ``json.dumps``.
    """
    with _sharing(may_share(model)), moving(Direction.SAVING):
        return model.to_json(**kwargs)


@contained
def model_from_json(json_string: str, custom_objects: Mapping[str, object] | None = None) -> keras.Model:
    """Return the model that :func:`model_to_json` wrote, with new weights, like ``keras.models.model_from_json``.

    Args:
        json_string: The model's config.
        custom_objects: Functions and classes by the names that the config calls them.

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

    What a layer keeps besides its weights is handed on, such as the vocabulary of a ``StringLookup`` and the statistics
    of an adapted ``Normalization``. A model of a class of yours is made again by its class, with its activations.

    Args:
        model: The model.
        input_tensors: New inputs to build the clone on; see Keras.
        clone_function: What makes a layer of a layer; by default the layer's config and its class.
        call_function: What calls a layer on the clone's tensors; by default the layer is called.
        recursive: Whether models inside it are cloned layer by layer, too.
        **kwargs: Further arguments of Keras's function.

    Raises:
        UnserializableActivationError: The clone of a model of a class of yours would have another activation: Keras's
            function does not hand it on, and that class is not decorated, or a function or inputs are given.
    """
    restore_optimizer(model)
    shares = may_share(model)
    cloner = Cloner(clone_function, call_function, recursive=recursive, shares=shares, options=kwargs)
    with _sharing(shares):
        return cloner.clone(model, input_tensors)
