"""The names in the marshaled code of lambdas: of every Python, and of bytes that no Python wrote."""

import base64
import marshal
import math

import pytest

from serialactivation.files.formats.marshaled_code import find_names
from tests.helpers.checking import findings_of
from tests.helpers.configs import dense_model
from tests.helpers.lambdas import LAMBDAS

pytestmark = pytest.mark.once


@pytest.mark.parametrize("codes", LAMBDAS.values(), ids=LAMBDAS)
def test_code_of_each_python(codes):
    """Both were written by that Python: a keyword and a number; a default, a comprehension and a text."""
    first, second = (find_names(base64.b64decode(code)) for code in codes)
    assert first == ("keras", "activations", "relu", "negative_slope", "0.2")
    assert second == ("K", "tanh", "ab", "3")


def test_code_of_this_python():
    """The names in code of this Python are found, with constants of every type, in a nested function."""
    source = (
        "lambda x: [tf.nn.elu(y, alpha=-1.5) for y in x] + [2, 3j, 'é', None, True, b'no', (4, 'in'), 1 << 40, ...]"
    )
    names = find_names(marshal.dumps(eval(source).__code__))
    assert set(names) >= {"tf", "nn", "elu", "alpha", "-1.5", "2", "3j", "é", "in", "4"}


@pytest.mark.parametrize("data", [b"", b"c", b"N", b"\xe3" * 1000, b"(\xff\xff\xff\x7f" * 9, b"r\0\0\0\0", b"[" * 9])
def test_bytes_that_are_no_code_name_nothing(data):
    """Bytes that are no code of a function name nothing, and raise nothing."""
    assert find_names(data) == ()


def test_a_tuple_with_a_billion_parts_is_not_followed():
    """Each tuple holds the one before twice; the bytes have it once."""
    inner = ("a", "b")
    for _ in range(30):
        inner = (inner, inner)
    code = (lambda x: math.erf(x)).__code__.replace(co_consts=(None, 12345))  # Python goes through all parts
    data = marshal.dumps(code, 2).replace(marshal.dumps(12345, 2), marshal.dumps(inner))
    assert len(data) < 1000
    assert find_names(data) == ("math", "erf", "a", "b")


def test_check_says_what_a_lambda_uses():
    """The finding on a stored lambda lists the names that its code uses."""
    code, _ = LAMBDAS["3.12"]
    (finding,) = findings_of(dense_model({"class_name": "__lambda__", "config": {"value": [code, None, None]}}))
    assert finding.evidence == (
        "it is the bytecode of a lambda, which uses keras, activations, relu, negative_slope and 0.2"
    )
