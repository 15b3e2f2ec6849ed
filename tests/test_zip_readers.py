"""Zip archives: what two readers may read differently is refused, and what ordinary programs write is read."""

import random
import zipfile

import pytest

from serialactivation.errors import ArchiveError
from serialactivation.files.formats.plain_zip import list_plain
from tests import zip_cases
from tests.zip_readers import compare, list_ours, mutate, read_ours, read_pythons

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", zip_cases.BENIGN)
def test_what_ordinary_programs_write_is_read(name):
    """By all to the same members."""
    assert compare(zip_cases.BENIGN[name])


@pytest.mark.parametrize("name", zip_cases.HOSTILE)
def test_what_may_be_read_differently_is_refused(name):
    """And left to the strict reader by the quick one."""
    data = zip_cases.HOSTILE[name]
    with pytest.raises(ArchiveError, match="SA003"):
        read_ours(data)
    assert list_plain(lambda start, size: data[start : start + size], len(data)) is None


def test_mutants_are_refused_or_read_alike():
    """By Python's own module, by a reader that starts at the start, and by the quick one."""
    chance = random.Random(11)
    originals = list(zip_cases.BENIGN.values())
    for _ in range(1500):
        data = mutate(chance.choice(originals), chance)
        compare(data)
        plain = list_plain(lambda start, size, data=data: data[start : start + size], len(data))
        if plain is not None:
            assert list(plain.items()) == [(member.name.encode(), member[1:]) for member in list_ours(data)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("is_long", [False, True])
def test_pythons_own_archives_are_read(method, streams, is_long):
    """But for what is stored as it is and streamed, of which only the directory knows where it ends."""
    data = zip_cases.zipped(method, streams=streams, is_long=is_long)
    assert compare(data) == (method == zipfile.ZIP_DEFLATED or not streams)
    assert len(read_pythons(data)) == 4
