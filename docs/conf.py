"""How the pages become a site: ``nox -s docs`` builds it, and fails on any warning."""

from sphinx.application import Sphinx

import serialactivation

project = "serialactivation"
author = "The authors of serialactivation"
copyright = author
release = version = serialactivation.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton", "sphinx_external_toc"]
html_theme = "furo"
html_title = f"{project} {release.partition('+')[0]}"
html_show_sourcelink = html_copy_source = False
html_theme_options = {"navigation_with_keys": True}

myst_heading_anchors = 4  # the depth to which headings are linked by the names that GitHub gives them
myst_enable_extensions = ["colon_fence"]

autodoc_typehints = "none"  # the docstrings say it in words, and the types are in the source
autodoc_member_order = "bysource"
napoleon_attr_annotations = False
napoleon_custom_sections = [("Source", "notes")]
napoleon_use_ivar = True
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(?!serialactivation).*")]  # what is not this package's has no page here


def _drop_private_bases(*arguments: object) -> None:
    """Name only the bases that a user catches."""
    bases = arguments[-1]
    bases[:] = [base for base in bases if base.__name__ != "Portable"]


def _drop_signature(_: object, what: str, *__: object) -> tuple[str, None] | None:
    """Leave out how an error is made: a user catches it."""
    return ("", None) if what == "exception" else None


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("autodoc-process-bases", _drop_private_bases)
    app.connect("autodoc-process-signature", _drop_signature)
