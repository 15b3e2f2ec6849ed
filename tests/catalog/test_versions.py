"""Versions of Keras, as PEP 440 has them: pre-releases and builds of one's own, too."""

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

import serialactivation as sa
from serialactivation.catalog.classes import KNOWN, NEWEST, NEWEST_PRERELEASE, find_signature
from serialactivation.catalog.versions import is_newer, is_version
from serialactivation.commands.settings import check_version
from serialactivation.errors import TargetKerasError
from serialactivation.rules.rule import Verdict
from tests.helpers.checking import check_file, write
from tests.helpers.configs import layer, model

NUMBERS = st.integers(0, 99)
RELEASES = st.lists(NUMBERS, min_size=2, max_size=3).map(lambda parts: ".".join(map(str, parts)))
PARTS = [
    st.sampled_from(["", "a", "b", "rc"]).flatmap(lambda kind: NUMBERS.map(lambda n: f"{kind}{n}" if kind else "")),
    st.just("") | NUMBERS.map(".post{}".format),
    st.just("") | st.integers(0, 2026123123).map(".dev{}".format),
    st.just("") | st.sampled_from(["+local", "+cpu.1", "+g1a2b"]),
]
VERSIONS = st.tuples(RELEASES, *PARTS).map("".join)


@pytest.mark.once
@given(VERSIONS, VERSIONS)
def test_versions_are_ordered_by_their_minor_releases(one, other):
    """Versions are compared by their first two numbers, as PEP 440 orders these: what Keras takes changes with them."""
    assert is_version(one)
    assert str(Version(one)) == one
    assert is_newer(one, other) == (Version(one).release[:2] > Version(other).release[:2])


@pytest.mark.once
@pytest.mark.parametrize(
    "text", ["3", "3.x", "3.16.", "3.16.0.0.1", "3.16-rc0x", "3.16.0+", "3.16.0dev 1", "v3.16", ""]
)
def test_other_texts_are_no_versions(text):
    """A text of another form is no version, and is refused as a target."""
    assert not is_version(text)
    with pytest.raises(ValueError, match="is not a version of Keras"):
        check_version(text)
    with pytest.raises(TargetKerasError):
        sa.save_model(keras.Sequential([keras.Input((2,)), sa.layers.Dense(1)]), "never.keras", target_keras=text)


def test_the_installed_keras_is_a_version():
    """The version of the installed Keras is read, also if it is a nightly."""
    assert check_version(keras.__version__) == keras.__version__


PRE_RELEASES = [f"{KNOWN}.0rc0", f"{KNOWN}.0.dev2026102704", f"{KNOWN}.0.dev2026102704+local", f"{KNOWN}rc1"]


@pytest.mark.once
@pytest.mark.parametrize("target", PRE_RELEASES)
def test_a_pre_release_has_what_its_release_adds(target, tmp_path):
    """And the newest release, which is meant where no target is named, lacks it. A pre-release may still change."""
    assert NEWEST_PRERELEASE is not None
    assert find_signature("layers", "TernaryDense").since == KNOWN
    path = str(write(tmp_path / "config.json", model(layer("TernaryDense", units=2))))
    report = check_file(path, target)
    assert report.verdicts.rest is Verdict.NOT_KNOWN
    assert [NEWEST_PRERELEASE in finding.evidence for finding in report.findings] == [True]
    for older in (None, NEWEST, f"{NEWEST}.1", f"{NEWEST}.0rc0"):
        report = check_file(path, older)
        assert report.verdicts.rest is Verdict.DOES_NOT_LOAD
        assert [finding.code for finding in report.findings] == ["SA203"]


@pytest.mark.parametrize("target", PRE_RELEASES)
def test_a_model_is_saved_for_a_pre_release(target, tmp_path):
    """It takes all that an older Keras takes."""
    built = keras.Sequential([keras.Input((2,)), sa.layers.Dense(1, activation=keras.ops.gelu)])
    sa.save_model(built, tmp_path / "model.keras", target_keras=target)
    assert keras.models.load_model(tmp_path / "model.keras").layers[0].get_config() == built.layers[0].get_config()
