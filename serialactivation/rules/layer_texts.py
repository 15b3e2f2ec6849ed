"""Configs as Keras writes them, taken apart by their text: a layer like one that was in order is not judged again.

A model has many layers of few shapes, which differ in their names, in what they are called on and in their sizes. The
text of a layer without these is judged once, as a model of that layer alone; so is the text around the layers. Where
nothing was found and nothing else in the model could matter to it, the next one of the same text has the same
activations. Every text is parsed strictly before it counts as known, and what is put into it since has no meaning in
JSON beyond its own: so a config that is made of known texts is one that was parsed strictly.
"""

import functools
import re
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from serialactivation import errors
from serialactivation.files.formats.json_text import parse_json
from serialactivation.files.limits import DEFAULT_LIMITS
from serialactivation.files.refusals import Place
from serialactivation.tree.activations import Site
from serialactivation.typing import JSON, Config

__all__ = ["Judge", "Shapes"]

Judge: TypeAlias = Callable[[JSON], tuple[Site, ...] | None]
"""What judges a model's config: its activations, or None where there is something to say of it."""

_LIMITS: Final = DEFAULT_LIMITS._replace(depth=DEFAULT_LIMITS.depth - 8)  # a part lies deeper in the whole
_LONGEST: Final = DEFAULT_LIMITS.values  # of a text: it cannot hold more values than are allowed
_LONGEST_KNOWN: Final = 2**14
_MOST_KNOWN: Final = 1024
_LONGEST_WHOLE: Final = 2**18
_SHORT: Final = 2**14  # of what is longer, many layers are alike to the last size
_MOST_WHOLE: Final = 32

_CALLED: Final = "_"  # what every layer and model is called while it is judged
_BEFORE: Final = 2  # owners of it: the model, and the layer
_MODELS: Final = ("Functional", "Model", "Sequential")
_AROUND: Final[Config] = {"module": "keras", "class_name": "Sequential", "registered_name": None}

_NAME: Final = rb"[\w./-]*"
_GAP: Final = b"\0"  # where a name was taken out of a text; no JSON has it
_SIZE_GAP: Final = b"\1"  # where a number was
_SIZE: Final = rb"(?:null|0|%b|[1-9]\d{0,15})" % _SIZE_GAP
_SHAPE: Final = rb"\[(?:%b(?:, %b)*)?\]" % (_SIZE, _SIZE)
_TENSOR: Final = (
    rb'\{"class_name": "__keras_tensor__", "config": \{"shape": %b, "dtype": "\w+", '
    rb'"keras_history": \["%b", 0, 0\]\}\}' % (_SHAPE, _NAME)
)
_TENSORS: Final = rb"%b(?:, %b)*" % (_TENSOR, _TENSOR)
_NODE: Final = rb'\{"args": \[(?:%b|\[%b\])\], "kwargs": \{(?:"mask": null)?\}\}' % (_TENSORS, _TENSORS)
_NODES: Final = rb"\[(?:%b(?:, %b)*)?\]" % (_NODE, _NODE)

_OPEN: Final = b'"layers": ['
_FIRST: Final = _OPEN + b'{"module": '
_NEXT: Final = b'}, {"module": '
_ENDS: Final = (b'}], "input_layers": ', b'}], "build_input_shape": ', b'}]}, "registered_name": ')
_INBOUND: Final = b', "inbound_nodes": '
_NO_NODES: Final = b'", "inbound_nodes": []'
_NAMED: Final = re.compile(rb'"name": "(%b)"' % _NAME, re.ASCII)
_SHARED: Final = b"shared_object_id"
_UNNUMBERED: Final = b'"registered_name": null'
_NUMBERED: Final = re.compile(rb'%b, "shared_object_id": [1-9]\d{0,18}\}' % _UNNUMBERED, re.ASCII)
_MOST_NUMBERS: Final = 4
# A tensor that a model starts or ends with: which layer's it is, does not matter to what is around the layers.
_CALL: Final = re.compile(rb'\["%b", 0, 0\]' % _NAME, re.ASCII)
_IS_CALL: Final = b'", 0, 0]'
_ANY_CALL: Final = b'["%b", 0, 0]' % _CALLED.encode()
# Each starts with the one byte before the number, by which it is found a few times faster than by looking behind.
_BRACKET_SIZE, _SPACE_SIZE = (re.compile(rb"%b[1-9]\d{0,14}(?=[],}])" % re.escape(before)) for before in (b"[", b" "))
_EXAMPLES: Final = (b"1", b"999999999999999")  # one value at most is a default


class Shapes:
    """Texts of layers, and of what is around them, that have been judged for one Keras.

    Args:
        judge: What judges a model's config.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._known: dict[bytes, tuple[Site, ...] | None] = {}
        self._whole: dict[int, tuple[bytes, tuple[Site, ...] | None]] = {}

    def find_sites(self, text: bytes) -> tuple[Site, ...] | None:
        """Return the activations in a model's config, or None where there may be more to say of it.

        A model that is saved after every epoch has the same config each time; the last one of each length is kept.

        Args:
            text: The config, as JSON.
        """
        kept = self._whole.get(len(text))
        if kept is not None and kept[0] == text:
            return kept[1]
        sites = self._find_in_model(text)
        if len(text) <= _LONGEST_WHOLE:
            if len(self._whole) >= _MOST_WHOLE:
                self._whole.clear()
            self._whole[len(text)] = text, sites
        return sites

    def _find_in_model(self, text: bytes) -> tuple[Site, ...] | None:
        if len(text) > _LONGEST or not text.isascii() or b"\\" in text or _GAP in text or _SIZE_GAP in text:
            return None
        text = _take_out_numbers(text)
        head, mark, rest = (_take_out_sizes(text) if len(text) <= _SHORT else text).partition(_FIRST)
        end = next((place for place in map(rest.rfind, _ENDS) if place >= 0), -1)
        model = _NAMED.search(head)
        if not mark or end < 0 or model is None:
            return None
        frame = b"".join((head[: model.start(1)], _GAP, head[model.end(1) :], _OPEN, _GAP, rest[end + 1 :]))
        if _IS_CALL in frame:
            frame = _CALL.sub(_ANY_CALL, frame)
        if self._look_up(frame, self._judge_frame) is None:
            return None
        return self._find_in_layers(rest[:end].split(_NEXT), model[1].decode())

    def _find_in_layers(self, layers: Iterable[bytes], model: str) -> tuple[Site, ...] | None:
        sites: list[Site] = []
        for index, text in enumerate(layers):
            shape, name = _take_out_name(text)
            its = None if shape is None else self._look_up(shape, self._judge_layer)
            if its is None:
                return None
            for site in its:  # made anew, which takes a third of the time of a change
                made = Site(
                    owners=(model, name, *site.owners[_BEFORE:]),
                    class_name=site.class_name,
                    stock=site.stock,
                    field=site.field,
                    steps=(*site.steps[:2], index, *site.steps[3:]),
                    stored=site.stored,
                    policy=site.policy,
                )
                sites.append(made)
        return tuple(sites)

    def _look_up(self, text: bytes, judge: Callable[[bytes], tuple[Site, ...] | None]) -> tuple[Site, ...] | None:
        """Return what *judge* says of a *text*, or said once, of it or of one that differs in its sizes."""
        if text in self._known:
            return self._known[text]
        if len(text) > _LONGEST_KNOWN or _SHARED in text:
            return None
        alike = _take_out_sizes(text)
        judged = self._known[alike] if alike in self._known else _judge_alike(alike, judge)
        if len(self._known) >= _MOST_KNOWN - 1:
            self._known.clear()
        self._known[alike] = self._known[text] = judged
        return judged

    def _judge_layer(self, text: bytes) -> tuple[Site, ...] | None:
        """Return the activations of a layer of that *text*, if there is nothing to say of it."""
        layer = _parse(b'{"module": %b}' % text.replace(_GAP, _CALLED.encode()))
        if not _is_called(layer):
            return None
        sites = self._judge({**_AROUND, "config": {"name": _CALLED, "trainable": True, "layers": [layer]}})
        is_named = sites is not None and all(isinstance(site.stored, str | None) for site in sites)
        return sites if is_named else None  # an object had a number, too

    def _judge_frame(self, text: bytes) -> tuple[Site, ...] | None:
        """Return no activations where what is around the layers is a model of Keras's, and in order."""
        before, name, after = text.split(_GAP)
        marked, empty = (_parse(b"".join((before, _CALLED.encode(), name, inner, after))) for inner in (b"0", b""))
        if not (isinstance(marked, dict) and isinstance(empty, dict) and _is_called(empty)):
            return None
        config = marked["config"]
        if not isinstance(config, dict) or config.get("layers") != [0] or empty.get("class_name") not in _MODELS:
            return None
        return self._judge(empty)


def _judge_alike(text: bytes, judge: Callable[[bytes], tuple[Site, ...] | None]) -> tuple[Site, ...] | None:
    """Return what *judge* says of a *text* without sizes, or None where that depends on them."""
    first, *others = (text.replace(_SIZE_GAP, size) for size in (_EXAMPLES if _SIZE_GAP in text else _EXAMPLES[:1]))
    judged = judge(first)
    return judged if judged is not None and all(judge(other) == judged for other in others) else None


def _take_out_sizes(text: bytes) -> bytes:
    """Return a text without the whole numbers in it."""
    return _SPACE_SIZE.sub(b" " + _SIZE_GAP, _BRACKET_SIZE.sub(b"[" + _SIZE_GAP, text))


def _take_out_numbers(text: bytes) -> bytes:
    """Return a config without the numbers of objects that Keras counts as shared, as each layer's dtype policy is.

    They are at the end of an object, so that none is left without one where it had two.
    """
    for _ in range(_MOST_NUMBERS):
        found = _NUMBERED.search(text) if _SHARED in text else None
        if found is None:
            break
        text = (_UNNUMBERED + b"}").join(text.split(found[0]))  # quicker than to replace it
    return text


def _take_out_name(text: bytes) -> tuple[bytes | None, str]:
    """Return a layer's text without its name and what it is called on, and its name; None where there is more to it."""
    text, mark, nodes = text.rpartition(_INBOUND)
    if not mark:
        text = nodes
    elif not _nodes().fullmatch(nodes):
        return None, ""
    found = _NAMED.search(text)
    if found is None:
        return None, ""
    name, end = found[1], found.end(1)
    if not mark:
        return b"".join((text[: found.start(1)], _GAP, text[end:])), name.decode()
    if not text.endswith(b'"name": "%b"' % name, end):
        return None, ""
    return b"".join((text[: found.start(1)], _GAP, text[end : -len(name) - 1], _GAP, _NO_NODES)), name.decode()


@functools.cache
def _nodes() -> re.Pattern[bytes]:
    return re.compile(_NODES, re.ASCII)  # takes its time, and a Sequential has none


def _parse(text: bytes) -> JSON:
    """Return what a text says, or None where it is not read."""
    try:
        return parse_json(text, _LIMITS, Place(""))
    except errors.ArchiveError:
        return None


def _is_called(stored: JSON) -> bool:
    """Tell whether an object's own name is the one that was put into its text."""
    config = stored.get("config") if isinstance(stored, dict) else None
    return isinstance(config, dict) and config.get("name") == _CALLED
