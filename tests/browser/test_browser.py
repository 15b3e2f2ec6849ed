"""Pages of ``serialactivation report`` in a browser: Debian's Chromium, through Playwright."""

import json
import os
import pathlib
import shutil

import pytest
from playwright.sync_api import sync_playwright

from serialactivation.cli import main
from tests.helpers.checking import write
from tests.helpers.configs import an_object, dense, dense_model, layer, model
from tests.helpers.processes import ROOT

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
SAVED = ROOT / "tests" / "data" / "3.15.1" / "for-3.6.0.keras"
HOSTILE = [
    "<script>document.title='taken'</script>",
    '"><img src=x onerror="document.title=\'taken\'">',
    "' onmouseover='document.title=1",
    "{{7*7}}",
    "</style></title></table><script>document.title='taken'</script>",
    "\x1b[31m\u202egnp.exe",
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A page of each kind, by its name."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copy(SAVED, folder / "clean.keras")
    write(folder / "error.json", dense_model("reluu"))
    mixed = [layer("InputLayer", batch_shape=[None, 4], name="given"), dense(name="first", activation="gelu")]
    mixed += [dense(name="wrong", activation="reluu"), dense(name="head", activation="softmax")]
    write(folder / "mixed.json", model(*mixed))
    write(folder / "hostile.json", model(*(stored for name in HOSTILE for stored in make_hostile(name))))
    write(folder / "deep.json", model(*(dense(name=f"dense_{n}", activation="relu") for n in range(5000))))
    calls = {
        "one": ["mixed.json"],
        "several": ["clean.keras", "error.json", "mixed.json"],
        "compared": ["mixed.json", "--against", "error.json"],
        "hostile": ["hostile.json"],
        "deep": ["deep.json"],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, call in calls.items():
            main(["report", *call, "-o", f"{name}.html", "-q"])
    return {name: folder / f"{name}.html" for name in calls}


def make_hostile(name):
    """Yield layers that have a *name* wherever a file may have one."""
    yield layer(name, name=name, units=3, activation=name, dtype=name, **{f"{name}_activation": name})
    yield dense(name=name, activation=an_object(name, name, {"name": name, name: name}, name))


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ["BROWSER_PATH"], args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Tab:
    """A page in a tab, with what the browser says of it, and what it asks of a network."""

    def __init__(self, browser, path, width=1280, **more):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        self.page = self.context.new_page()
        self.said, self.asked = [], []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()
        assert self.said == []
        assert {url.partition("#")[0] for url in self.asked} == {self.path.as_uri()}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["one", "several", "compared", "hostile", "deep"])
def test_a_page_fits(name, scheme, width, pages, browser):
    """It says nothing on the console, asks no network, does not scroll to the side, and its words are legible."""
    with Tab(browser, pages[name], width, color_scheme=scheme) as tab:
        wide = tab.page.evaluate("document.documentElement.scrollWidth")
        assert wide == width
        dark, light = tab.page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
        assert (sum(map(int, dark[4:-1].split(","))) < sum(map(int, light[4:-1].split(",")))) == (scheme == "dark")
        if shots := os.environ.get("SCREENSHOTS"):
            tab.page.screenshot(path=pathlib.Path(shots) / f"{name}-{scheme}-{width}.png", full_page=name != "deep")


@pytest.mark.parametrize("name", ["one", "several", "compared"])
def test_every_link_leads_to_what_it_names(name, pages, browser):
    """A click on it scrolls there."""
    with Tab(browser, pages[name]) as tab:
        links = tab.page.eval_on_selector_all("a", "all => [...new Set(all.map(a => a.getAttribute('href')))]")
        assert links
        for link in links:
            tab.page.locator(f'a[href="{link}"]').first.click()
            box = tab.page.locator(f"[id='{link[1:]}']").bounding_box()
            assert box["height"] > 0
            assert -1 <= box["y"] < 900


def test_the_filter_shows_what_has_a_word(pages, browser):
    """The rows with a word, the rows with findings, and how many these are."""
    with Tab(browser, pages["one"]) as tab:
        rows, field = tab.page.locator("tbody tr:visible"), tab.page.get_by_role("searchbox")
        assert rows.count() == 4
        field.fill("SOFTmax")
        assert (rows.count(), tab.page.locator("output").inner_text()) == (1, "1 of 4 layers")
        field.fill("")
        tab.page.get_by_role("checkbox").check()
        assert rows.count() == 1
        assert "reluu" in rows.first.inner_text()


@pytest.mark.parametrize("name", ["one", "deep"])
def test_a_page_is_whole_without_script(name, pages, browser):
    """All rows are there, and no filter that would not work."""
    with Tab(browser, pages[name], java_script_enabled=False) as tab:
        assert tab.page.locator("tbody tr").count() == (4 if name == "one" else 5000)
        assert not tab.page.locator("form").first.is_visible()
        assert tab.page.locator("figure svg").first.is_visible()


def test_small_curves_are_drawn(pages, browser):
    """A small curve has the pixels of the large one: a row with a curve looks unlike one without."""
    with Tab(browser, pages["one"]) as tab:
        colors = tab.page.locator("svg.spark").first.evaluate(
            "svg => [svg.getBoundingClientRect().width, svg.querySelector('use').getBBox().width]"
        )
        assert all(size > 10 for size in colors)


def test_the_focus_is_seen(pages, browser):
    """Who moves through the page with the keyboard sees where."""
    with Tab(browser, pages["one"]) as tab:
        for _ in range(4):
            tab.page.keyboard.press("Tab")
            outline = tab.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert float(outline.removesuffix("px")) >= 1


def test_a_hostile_file_injects_nothing(pages, browser):
    """The title stays, no element comes from a name, and no handler is called."""
    with Tab(browser, pages["hostile"]) as tab:
        for row in tab.page.locator("tbody tr").all():
            row.hover()
        assert tab.page.title() == "hostile.json"
        assert tab.page.locator("img, iframe, object, embed").count() == 0
        assert tab.page.locator("script").count() == 1
        handlers = (
            "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
        )
        assert tab.page.evaluate(handlers) == []
        assert "{{7*7}}" in tab.page.locator("table").inner_text()


def test_a_script_that_got_in_would_not_run(pages, browser, tmp_path):
    """The page's policy lets its own script run, and no other, and loads nothing."""
    text = pages["one"].read_text()
    added = "<script>document.title = 'taken'</script><img src='http://localhost:9/x.png' onerror='document.title=1'>"
    path = tmp_path / "injected.html"
    path.write_text(text.replace("</main>", f"{added}</main>"))
    context = browser.new_context()
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    assert page.title() == "mixed.json"
    assert len([one for one in said if "Content Security Policy" in one]) >= 2, json.dumps(said)
    context.close()


def test_a_page_prints(pages, browser):
    """Without the filter, on paper."""
    with Tab(browser, pages["one"]) as tab:
        tab.page.emulate_media(media="print")
        assert not tab.page.locator("form").first.is_visible()
        assert tab.page.pdf().startswith(b"%PDF")
