"""The findings on a layer class that stores its activations itself: SA401 to SA406, and SA412. Keras-free."""

import ast
from collections.abc import Generator, Iterator
from typing import Final, NamedTuple

from serialactivation.files.regions import TextEdit
from serialactivation.lint.edits import add_key, serialize
from serialactivation.lint.make_finding import make_source_finding
from serialactivation.rules.finding import Finding
from serialactivation.syntax.classes.attribute_uses import Use, find_calls, find_gets, is_passed_on, reads_key
from serialactivation.syntax.classes.config_objects import find_config_arguments, read_config_class
from serialactivation.syntax.classes.constructor import Argument, How, Store, find_arguments, find_stores
from serialactivation.syntax.classes.get_config import Config, Form, read_config, read_form
from serialactivation.syntax.classes.layer_classes import LayerClass
from serialactivation.syntax.module import Module

__all__ = ["find_config_findings"]

_CONFIG_OBJECT_CURE: Final = (
    "Pass the activation as an argument of its own, and decorate the class with "
    "serialactivation.serializable_activation, which stores it."
)


class _Class(NamedTuple):
    """A class, with everything that the rules need."""

    module: Module
    layer: LayerClass
    arguments: list[Argument]
    stores: dict[str, Store]
    calls: list[Use]
    gets: list[Use]
    method: ast.FunctionDef | None
    config: Config | None

    def find(
        self,
        code: str,
        node: "ast.expr | ast.stmt",
        attribute: str,
        argument: Argument,
        evidence: str,
        edits: tuple[TextEdit, ...] = (),
    ) -> Finding:
        found = make_source_finding(self.module, code, node, self.layer.node.name, evidence, edits)
        return found._replace(cure=_name_cure(found.cure, attribute, argument.name))

    def decodes(self, argument: Argument) -> bool:
        return reads_key(self.layer, argument.name)

    def forms(self) -> Iterator[tuple[ast.expr, Form, str]]:
        """Yield the values in the config that hold a stored attribute, each with its form and the attribute's name."""
        if self.config is None or self.method is None:
            return
        for values in self.config.values.values():
            for value in values:
                form = read_form(value, self.method, self.module.names)
                if form is not None and form[1] in self.stores:
                    yield value, *form


def _name_cure(cure: str, attribute: str, argument: str) -> str:
    """Return a cure with the names that were found instead of the usual names."""
    named = cure.replace("self.activation", f"self.{attribute}").replace("(activation)", f"({argument})")
    return named.replace('"activation":', f'"{argument}":').replace("of activation ", f"of {argument} ")


def find_config_findings(module: Module, layer: LayerClass) -> Iterator[Finding]:
    """Yield the findings on how *layer* stores its activations; none if this package stores them."""
    if layer.is_ours:
        return
    method = layer.own("get_config")
    one = _Class(
        module=module,
        layer=layer,
        arguments=find_arguments(layer),
        stores=find_stores(layer, module.names),
        calls=find_calls(layer),
        gets=find_gets(layer, module.names),
        method=method,
        config=None if method is None else read_config(method),
    )
    yield from _find_missing(one)
    encoded = yield from _find_encoded(one)
    yield from _find_called(one, encoded)
    known = yield from _find_got(one)
    yield from _find_raw(one, known)
    yield from _find_config_objects(one)


def _find_missing(one: _Class) -> Iterator[Finding]:
    """SA402: an argument that is missing in the config."""
    if one.method is None or one.config is None or not one.config.is_whole or _is_functional(one.layer):
        return
    for argument in one.arguments:
        if _is_kept(one, one.config, argument) or one.decodes(argument) or not _is_read(one.layer, argument):
            continue
        edits = _add_key(one, argument)
        evidence = f"get_config leaves out {argument.name!r}, which __init__ takes: after a load, it has its default"
        stored = [name for name, store in one.stores.items() if store.argument.name == argument.name]
        attribute = stored[0] if len(stored) == 1 else argument.name
        yield one.find("SA402", one.method, attribute, argument, evidence, edits)


def _add_key(one: _Class, argument: Argument) -> tuple[TextEdit, ...]:
    stores = [(name, store) for name, store in one.stores.items() if store.argument.name == argument.name]
    if one.config is None or one.method is None or len(stores) != 1 or stores[0][1].how is not How.GOT:
        return ()
    return add_key(one.module, one.method, one.config, argument.name, *stores[0])


def _is_kept(one: _Class, config: Config, argument: Argument) -> bool:
    """Return whether a config has the argument, or may have it under another key or from a parent class."""
    stored = {name for name, store in one.stores.items() if store.argument.name == argument.name}
    values = [value for values in config.values.values() for value in values]
    if argument.name in config.values or any(_mentions(value, {argument.name, *stored}) for value in values):
        return True
    return (config.has_base and not all(_lacks(parent, argument) for parent in one.layer.parents)) or (
        config.has_base and not one.layer.extends_bare_layer and _may_pass_on(one.layer, argument)
    )


def _mentions(value: ast.expr, names: set[str]) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in names for node in ast.walk(value))


def _lacks(parent: LayerClass, argument: Argument) -> bool:
    """Return whether the config of a parent class certainly lacks the key."""
    return not parent.is_ours and all(_lacks_itself(one, argument) for one in parent.lineage())


def _lacks_itself(layer: LayerClass, argument: Argument) -> bool:
    method = layer.own("get_config")
    if method is None:
        return not layer.binds("get_config")
    config = read_config(method)
    return config.is_whole and argument.name not in config.values


def _may_pass_on(layer: LayerClass, argument: Argument) -> bool:
    """Return whether a direct subclass of a Keras layer may pass an argument on to that layer."""
    constructor = layer.own("__init__")
    assert constructor is not None
    if argument.name in ("activation", "recurrent_activation"):
        return True
    return any(_is_super_with(node, argument.name) for node in ast.walk(constructor))


def _is_super_with(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="__init__")):
            return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(node))
    return False


def _is_functional(layer: LayerClass) -> bool:
    """Return whether a model may be made from a graph, which has a different config."""
    constructor = layer.find("__init__")
    for node in [] if constructor is None else ast.walk(constructor):
        match node:
            case ast.Call(func=ast.Attribute(attr="__init__"), args=args, keywords=keywords):
                if args or any(keyword.arg in ("inputs", "outputs") for keyword in keywords):
                    return "keras.models.Model" in _stock(layer)
    return False


def _stock(layer: LayerClass) -> set[str]:
    return {base for one in layer.lineage() for base in one.stock}


def _is_read(layer: LayerClass, argument: Argument) -> bool:
    constructor = layer.own("__init__")
    return constructor is not None and any(
        isinstance(node, ast.Name) and node.id == argument.name and isinstance(node.ctx, ast.Load)
        for statement in constructor.body
        for node in ast.walk(statement)
    )


def _find_encoded(one: _Class) -> Generator[Finding, None, set[str]]:
    """SA406: get_config encodes an activation that nothing decodes. Return the attributes with findings."""
    known: set[str] = set()
    called = {use.attribute for use in one.calls}
    for value, form, attribute in one.forms():
        store = one.stores[attribute]
        if store.how is not How.GIVEN:
            continue
        refuses_names = form is Form.ACTIVATION and store.argument.takes_names
        is_lost = form in (Form.ACTIVATION, Form.OBJECT) and attribute in called and not _is_decoded(one, attribute)
        if refuses_names or is_lost:
            known.add(attribute)
            yield one.find(
                "SA406",
                value,
                attribute,
                store.argument,
                _describe_encoded(attribute, store, refuses_names=refuses_names),
            )
    return known


def _describe_encoded(attribute: str, store: Store, *, refuses_names: bool) -> str:
    given = f"__init__ stores {store.argument.name!r} in self.{attribute} unchanged"
    if refuses_names:
        return f"{given}, and keras.activations.serialize refuses a name"
    return f"{given}, and no method decodes what get_config encodes"


def _is_decoded(one: _Class, attribute: str) -> bool:
    return one.decodes(one.stores[attribute].argument) or any(use.attribute == attribute for use in one.gets)


def _find_called(one: _Class, encoded: set[str]) -> Iterator[Finding]:
    """SA403: an activation that is called as it was given."""
    for attribute, store in one.stores.items():
        calls = [use.call for use in one.calls if use.attribute == attribute]
        if store.how is not How.GIVEN or not calls or attribute in encoded or _is_decoded(one, attribute):
            continue
        if store.argument.takes_names or one.method is not None:
            evidence = f"self.{attribute} is called, but __init__ stores {store.argument.name!r} in it unchanged"
            yield one.find("SA403", store.node, attribute, store.argument, evidence)


def _find_got(one: _Class) -> Generator[Finding, None, set[str]]:
    """SA404 and SA405: get is applied in a call, or twice. Return the attributes with findings."""
    known: set[str] = set()
    for use in one.gets:
        store, attribute = one.stores.get(use.attribute), use.attribute
        if store is not None and store.how is How.GOT:
            evidence = f"self.{attribute} is already the result of keras.activations.get"
            yield one.find("SA405", use.call, attribute, store.argument, evidence)
        elif store is not None and use.method in ("call", "__call__") and store.argument.takes_others:
            known.add(attribute)
            evidence = f"after a load, each call makes a new layer from self.{attribute}"
            yield one.find("SA404", use.call, attribute, store.argument, evidence)
    for attribute, store in one.stores.items():
        if store.twice is not None:
            evidence = f"{store.argument.name!r} is already the result of keras.activations.get"
            yield one.find("SA405", store.twice, attribute, store.argument, evidence)
    return known


def _find_raw(one: _Class, known: set[str]) -> Iterator[Finding]:
    """SA401 and SA412: get_config returns the activation itself."""
    called = {use.attribute for use in one.calls}
    for value, form, attribute in one.forms():
        store = one.stores[attribute]
        if form is not Form.ITSELF:
            continue
        if store.how is How.GOT:
            is_named = one.config is None or value in one.config.named
            edits = () if is_named else serialize(one.module, value, store)
            evidence = (
                f"get_config returns self.{attribute}, which keras.activations.get has made a function or a layer"
            )
            yield one.find("SA401", value, attribute, store.argument, evidence, edits)
        elif attribute not in called | known and is_passed_on(one.layer, store.argument, attribute, one.module.names):
            evidence = f"get_config returns self.{attribute}, which __init__ stores unchanged"
            yield one.find("SA412", value, attribute, store.argument, evidence)


def _find_config_objects(one: _Class) -> Iterator[Finding]:
    """SA406: get_config encodes a field of a configuration object, which holds it as it was given."""
    for held in find_config_arguments(one.module.names, one.layer):
        config_class = None if held.annotation is None else read_config_class(one.module.names, held.annotation)
        for field, call in held.calls.items() if config_class is not None else ():
            assert config_class is not None
            if field in config_class.names_given:
                given = f"{config_class.node.name} stores {ast.unparse(call.args[0])} unchanged"
                evidence = f"{given}: serialize refuses a name, and stores a function only by its name"
                found = make_source_finding(one.module, "SA406", call, one.layer.node.name, evidence)
                yield found._replace(cure=_CONFIG_OBJECT_CURE)
