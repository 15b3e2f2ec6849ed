"""The release of Keras whose verdict is compared with what the installed Keras does."""

import keras

from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.versions import is_newer

RELEASE = NEWEST if is_newer(keras.__version__, NEWEST) else keras.__version__
"""The installed release, or the newest if a nightly is installed, of which ``check`` says "not known" at best."""
