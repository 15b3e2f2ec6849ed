"""How the pages become a site: ``nox -s docs`` builds it, and fails on any warning."""

import serialactivation

project = "serialactivation"
author = "The authors of serialactivation"
copyright = author
release = version = serialactivation.__version__

extensions = ["myst_parser", "sphinx_copybutton", "sphinx_external_toc"]
html_theme = "furo"
html_title = f"{project} {release.partition('+')[0]}"
html_show_sourcelink = html_copy_source = html_use_index = False
html_theme_options = {"navigation_with_keys": True}
smartquotes = False  # quotes are those of code: 'relu'
html_static_path = ["_static"]
html_css_files = ["site.css"]

myst_heading_anchors = 4  # the depth to which headings are linked by the names that GitHub gives them
