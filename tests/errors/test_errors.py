"""The errors: one base, facts as attributes, text made late."""

import html
import pathlib
import pickle
import re

import attrs
import pytest

import serialactivation as sa
from serialactivation import errors
from tests.helpers.error_examples import EXAMPLES


def test_every_error_has_an_example():
    """A new error is tested too."""
    names = {type(error).__name__ for error in EXAMPLES}
    assert names | {"ActivationError"} == {name for name in errors.__all__ if name.endswith("Error")}


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_one_base_and_a_builtin(error):
    """``except ActivationError`` catches all, and so does the built-in that a caller of Keras expects."""
    assert isinstance(error, errors.ActivationError)
    assert isinstance(error, TypeError | ValueError | AssertionError | ImportError)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_errors_survive_pickle(error):
    """The facts cross a process boundary."""
    revived = pickle.loads(pickle.dumps(error))
    assert attrs.asdict(revived) == attrs.asdict(error)
    assert str(revived) == str(error)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_the_text_has_every_fact(error):
    """Who, where, which value, and what to do."""
    facts = [fact for fact in attrs.astuple(error) if isinstance(fact, str)]
    assert all(fact in str(error) for fact in facts)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_a_notebook_shows_the_code_of_a_cure_apart(error):
    """The indented lines of a message are blocks of code, and all else is text."""
    shown = error._repr_html_()
    blocks = [html.unescape(block) for block in re.findall("<pre[^>]*>(.*?)</pre>", shown, re.DOTALL)]
    code = [line.strip() for line in str(error).splitlines() if line.startswith("    ")]
    assert [line.strip() for block in blocks for line in block.splitlines()] == code
    assert all(html.escape(line.strip()) in shown for line in str(error).splitlines())


def test_a_notebook_runs_nothing_of_a_message():
    """What looks like HTML in a name is shown as it is written."""
    shown = errors.UnknownActivationError("<script>alert()</script>")._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_name_of_a_newer_keras_says_which():
    """What the installed Keras lacks is no mistake in writing: the version that has it is named."""
    error = errors.UnknownActivationError("celu", since="3.7")
    assert "Keras 3.7" in str(error)


def test_a_name_without_neighbours_still_gets_a_cure():
    """For a name that is like no known one, it says how to register."""
    assert "register_keras_serializable" in str(errors.UnknownActivationError("zzz"))


def test_no_article_stands_before_a_name():
    """Whether that is "a" or "an", only the name tells."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in pathlib.Path(sa.__file__).parent.rglob("*.py")}
    assert [name for name, source in sources.items() if re.search(r"\b[Aa]n? \{", source)] == []
