"""SA3xx: what a load would run, read or fetch. Keras-free."""

from typing import Final

from serialactivation.rules.codes.entry import Entry
from serialactivation.rules.severity import Severity

__all__ = ["LOADING"]

LOADING: Final = (
    Entry(
        code="SA301",
        severity=Severity.ERROR,
        meaning="The file holds the code of a function, which Keras runs on load, or refuses to.",
        why="A Lambda layer was given a lambda, or a layer keeps one. Keras stores its bytecode, and load_model runs "
        "it with safe_mode=False.",
        example='{"class_name": "Lambda", "config": {"function": {"class_name": "__lambda__", ...}}}',
        cure="Write a layer of your own in place of the Lambda, register it, and save the model again. Do not load the "
        "file with safe_mode=False unless you know who made it.",
    ),
    Entry(
        code="SA302",
        severity=Severity.ERROR,
        meaning="A layer reads what lies outside the file, or unpacks code from it, when it is loaded.",
        why="TFSMLayer reads a folder with a TensorFlow program, TorchModuleWrapper unpickles a module, JaxLayer and "
        "FlaxLayer call what they were given, and a lookup layer reads its vocabulary from a path.",
        example='{"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd", ...}}',
        cure="Load it only if you know who made it. A vocabulary that is a list, not a path, lies in the file itself.",
    ),
    Entry(
        code="SA303",
        severity=Severity.ERROR,
        meaning="The file names something of Keras that is no part of a model, and that a load would resolve.",
        why="load_model resolves whatever Keras exports, functions that draw, write or download among them. Keras "
        "writes no such file.",
        example='{"module": "keras.utils", "class_name": "function", "config": "get_file"}',
        cure="Do not load it, and ask where the file comes from.",
    ),
    Entry(
        code="SA304",
        severity=Severity.ERROR,
        meaning="The file names something of Python's own that runs programs, reads files or unpickles.",
        why="load_model imports the module that a config names. Keras writes no such file.",
        example='{"module": "os", "class_name": "function", "config": "system"}',
        cure="Do not load it, and ask where the file comes from.",
    ),
)
