"""Reads the page of ``serialactivation report`` as a browser does, as far as tests ask for it."""

import html.parser

VOID = {"br", "input", "meta", "link", "img", "hr"}


class ReportPage(html.parser.HTMLParser):
    """The elements of a page, its text, and where its links lead."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.texts = []
        self.open = []
        self.rows = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, (tag, self.getpos())

    def handle_data(self, data):
        if self.open and self.open[-1][0] not in ("style", "script"):
            self.texts.append(data)
            row = next((attrs["id"] for tag, attrs in reversed(self.open) if tag == "tr" and "id" in attrs), None)
            self.rows.setdefault(row, []).append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())

    def row(self, name):
        """Return the text of the row of a layer, which starts with its name."""
        rows = (" ".join(" ".join(texts).split()) for row, texts in self.rows.items() if row)
        (found,) = [row for row in rows if row.startswith(f"{name} ")]
        return found

    def find(self, tag):
        """Return the attributes of each element with a *tag*."""
        return [attrs for one, attrs in self.elements if one == tag]

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]

    @property
    def addresses(self):
        """What the page leads to, or loads: of links, images, scripts and styles."""
        names = ("href", "src", "xlink:href", "action", "data", "srcset", "poster")
        return [attrs[name] for _, attrs in self.elements for name in names if name in attrs]

    @property
    def headings(self):
        return [int(tag[1]) for tag, _ in self.elements if tag in ("h1", "h2", "h3", "h4")]


def check_sound(text):
    """Hold a page to what every page must be, and return it."""
    page = ReportPage(text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {one.removeprefix("#") for one in page.addresses} - set(page.ids) == set()
    assert all(one.startswith("#") for one in page.addresses)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert len(page.find("script")) == 1
    assert not page.find("img")
    assert not page.find("link")
    assert not page.find("iframe")
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "url(" not in text.replace("url(#", "")
    assert all(attrs["scope"] for attrs in page.find("th"))
    assert len(page.find("caption")) == len(page.find("table"))
    return page
