"""The Keras whose verdict is compared with what the installed one does."""

import keras

from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.versions import is_newer

INSTALLED = NEWEST if is_newer(keras.__version__, NEWEST) else keras.__version__
"""Of a nightly, the newest release: for a nightly itself, ``check`` says "not known" at best."""
