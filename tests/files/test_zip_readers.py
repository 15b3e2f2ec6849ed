"""Zip archives: what two readers may read differently is refused, and what ordinary programs write is read."""

import random
import zipfile

import pytest

from serialactivation.errors import ArchiveError
from tests.helpers import zip_cases
from tests.zip_readers import compare, mutate, read_ours, read_pythons

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", zip_cases.BENIGN)
def test_what_ordinary_programs_write_is_read(name):
    """All readers find the same members in archives of ordinary programs."""
    assert compare(zip_cases.BENIGN[name])


@pytest.mark.parametrize("name", zip_cases.HOSTILE)
def test_what_may_be_read_differently_is_refused(name):
    """An archive that two readers may read differently is refused with the code of crafted archives."""
    with pytest.raises(ArchiveError, match="SA003"):
        read_ours(zip_cases.HOSTILE[name])


def test_mutants_are_refused_or_read_alike():
    """A mutated archive is refused, or read as Python's own module and a reader from the start read it."""
    chance = random.Random(11)
    originals = list(zip_cases.BENIGN.values())
    for _ in range(1500):
        compare(mutate(chance.choice(originals), chance))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("is_long", [False, True])
def test_pythons_own_archives_are_read(method, streams, is_long):
    """But for what is stored as it is and streamed, of which only the directory knows where it ends."""
    data = zip_cases.zipped(method, streams=streams, is_long=is_long)
    assert compare(data) == (method == zipfile.ZIP_DEFLATED or not streams)
    assert len(read_pythons(data)) == 4
