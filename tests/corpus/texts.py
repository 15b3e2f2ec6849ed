"""Hostile configs: JSON texts that are damaged, endless, or no config."""

import functools
import pathlib
from collections.abc import Callable

from tests.helpers.raw_zip import CONFIG, Entry, weights, write_zip


def config(text: bytes) -> functools.partial:
    """Return what writes an archive whose config is *text*."""
    return functools.partial(_write_config, text=text)


def _write_config(path: pathlib.Path, text: bytes) -> None:
    write_zip(path, Entry(data=text, method=8), weights())


def metadata(text: bytes) -> functools.partial:
    """Return what writes an archive whose metadata are *text*."""
    return functools.partial(_write_metadata, text=text)


def _write_metadata(path: pathlib.Path, text: bytes) -> None:
    write_zip(path, Entry(), Entry(name=b"metadata.json", data=text))


def holding(value: bytes | Callable[[], bytes]) -> functools.partial:
    """Return what writes an archive whose config has *value* in it; a long one is made when it is written."""
    return functools.partial(_write_holding, value=value)


def _write_holding(path: pathlib.Path, value: bytes | Callable[[], bytes]) -> None:
    made = value() if callable(value) else value
    _write_config(
        path,
        b'{"module": "keras", "class_name": "Sequential", "config": {"name": "model", "layers": [], "more": '
        + made
        + b"}}",
    )


def file(text: bytes) -> functools.partial:
    """Return what writes *text* and nothing else."""
    return functools.partial(pathlib.Path.write_bytes, data=text)


HOSTILE = {
    "key_twice.keras": (config(CONFIG[:-1] + b', "class_name": "Model"}'), "SA004"),
    "key_twice_escaped.keras": (holding(rb'{"a": 1, "\u0061": 2}'), "SA004"),
    "key_twice_in_metadata.keras": (metadata(b'{"a": 1, "a": 1}'), "SA004"),
    "many_keys_one_twice.keras": (
        holding(lambda: b"{" + b",".join(b'"%d": 1' % index for index in range(200_000)) + b', "7": 1}'),
        "SA004",
    ),
    "long_integer.keras": (holding(b"9" * 100_000), "SA005"),
    "long_float.keras": (holding(b"0." + b"3" * 100_000), "SA005"),
    "byte_order_mark.keras": (config(b"\xef\xbb\xbf" + CONFIG), "SA004"),
    "utf_16.keras": (config(CONFIG.decode().encode("utf-16")), "SA004"),
    "utf_32.json": (file(CONFIG.decode().encode("utf-32-be")), "SA004"),
    "latin_1.keras": (holding(b'"\xe9"'), "SA004"),
    "overlong_utf8.keras": (holding(b'"\xc0\xa2"'), "SA004"),
    "surrogate_in_utf8.keras": (holding(b'"\xed\xa0\x80"'), "SA004"),
    "control_character.keras": (holding(b'"\x1b[2J"'), "SA004"),
    "null_character.keras": (config(CONFIG + b"\0"), "SA004"),
    "two_texts.keras": (config(CONFIG + CONFIG), "SA004"),
    "trailing_comma.keras": (holding(b"1,"), "SA004"),
    "comment.keras": (holding(b"/* one */ 1"), "SA004"),
    "single_quotes.keras": (config(b"{'class_name': 'Sequential', 'config': {}}"), "SA004"),
    "open_string.keras": (config(b'{"class_name": "Sequential'), "SA004"),
    "escaped_end.keras": (config(rb'{"class_name": "Sequential\"}'), "SA004"),
    "wrong_brackets.keras": (holding(b"[}"), "SA004"),
    "empty_text.keras": (config(b""), "SA004"),
    "python.keras": (config(b"__import__('os').abort()"), "SA004"),
    "metadata_is_a_list.keras": (metadata(b"[]"), "SA004"),
    "metadata_is_no_json.keras": (metadata(b"keras_version: 3"), "SA004"),
    "deep_lists.keras": (holding(b"[" * 100_000 + b"]" * 100_000), "SA005"),
    "deep_objects.keras": (holding(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), "SA005"),
    "deep_and_open.keras": (config(b"[" * 100_000), "SA005"),
    "deep_metadata.keras": (metadata(b"[" * 100_000), "SA005"),
    "many_objects.keras": (holding(lambda: b",".join([b"{}"] * 600_000)), "SA005"),
    "many_numbers.keras": (holding(lambda: b",".join([b"1"] * 2_000_000)), "SA005"),
    "many_strings.keras": (holding(lambda: b",".join([b'""'] * 10_000_000)), "SA005"),
    "many_names.keras": (
        holding(lambda: b"{" + b",".join(b'"%d":"%d"' % (index, index) for index in range(600_000)) + b"}"),
        "SA005",
    ),
    "wide_text.keras": (holding(lambda: b'"' + "\U0001f600".encode() + b"a" * 2**24 + b'"'), "SA005"),
    "wide_escape.keras": (holding(lambda: rb'"\ud83d\ude00' + b"a" * 2**24 + b'"'), "SA005"),
    "deep_a_little.json": (file(b"[" * 201 + b"]" * 201), "SA005"),
    "a_list.keras": (config(b"[]"), "SA009"),
    "a_number.keras": (config(b"3"), "SA009"),
    "no_class_name.keras": (config(b'{"config": {}}'), "SA009"),
    "class_name_is_a_number.keras": (config(b'{"class_name": 1, "config": {}}'), "SA009"),
    "no_config_in_config.keras": (config(b'{"class_name": "Sequential"}'), "SA009"),
    "config_is_a_name.keras": (config(b'{"class_name": "function", "config": "os>abort"}'), "SA009"),
    "transformers.json": (file(b'{"architectures": ["BertModel"], "hidden_act": "gelu"}'), "SA009"),
}
