"""Names in Keras's custom-object system."""

import keras
import pytest

import serialactivation as sa
from serialactivation.errors import RegistrationError


def define(name="Cell", module="tests.notebook", **options):
    """Define a layer class again, as running a notebook's cell does."""
    body = {"__module__": module, "__qualname__": name}
    cell = type(name, (keras.layers.Layer,), body)
    return sa.serializable_activation(**options)(cell) if options else sa.serializable_activation(cell)


def test_the_same_class_object_comes_back():
    """The decorator works in place, bare and called."""

    class Plain(keras.layers.Layer):
        pass

    assert sa.serializable_activation(Plain) is Plain
    assert sa.serializable_activation(package="in_place")(Plain) is Plain


def test_package_and_name():
    """The registered name is what Keras writes and looks for."""
    cell = define(package="named", name="Other")

    assert keras.saving.get_registered_name(cell) == "named>Other"
    assert keras.saving.get_registered_object("named>Other") is cell


@pytest.mark.parametrize(("module", "package"), [("my_lib.blocks.dense", "my_lib"), ("__main__", "Custom")])
def test_the_bare_form_takes_the_top_level_module(module, package):
    """Keras's own default stands for a script or a notebook."""
    assert keras.saving.get_registered_name(define("Bare", module)) == f"{package}>Bare"


def test_a_cell_may_be_run_again():
    """The same class, defined again, takes the place of the first."""
    define(package="cells")
    second = define(package="cells")

    assert keras.saving.get_registered_object("cells>Cell") is second


def test_a_taken_name_is_refused():
    """Models saved with one class would load as the other."""
    define(package="taken")
    with pytest.raises(RegistrationError, match=r"tests.notebook.Cell has that name"):
        define(module="tests.elsewhere", package="taken")


def test_an_earlier_registration_is_kept():
    """A class that Keras knows already keeps its name in the bare form."""

    @sa.serializable_activation
    @keras.saving.register_keras_serializable(package="earlier")
    class Known(keras.layers.Layer):
        pass

    assert keras.saving.get_registered_name(Known) == "earlier>Known"


def test_the_mixin_registers_its_subclasses():
    """Inheriting is enough."""

    class Inherits(sa.SerializableActivationMixin, keras.layers.Layer, package="inherits", name="Short"):
        pass

    class Grandchild(Inherits):
        pass

    assert keras.saving.get_registered_object("inherits>Short") is Inherits
    assert keras.saving.get_registered_object("tests>Grandchild") is Grandchild


def test_subclasses_of_decorated_classes_are_registered():
    """An undecorated subclass comes back from a file too."""

    class LateChild(define(package="parents")):
        pass

    assert keras.saving.get_registered_object("tests>LateChild") is LateChild


@pytest.mark.parametrize("wrong", ["package", 3, object, keras.layers.Layer()])
def test_only_layer_classes_are_decorated(wrong):
    """A name by position, an instance and a class that is no layer are refused."""
    with pytest.raises(sa.ActivationError):
        sa.serializable_activation(wrong)
