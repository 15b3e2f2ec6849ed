"""``serialactivation lint`` of notebooks: their code, reported with cell and line, and repaired in place."""

import ast
import copy
import json
import re

import jsonschema
import pytest

from serialactivation.reports.formats import FORMATS
from serialactivation.reports.json import read_schema
from serialactivation.syntax.text.magics import translate_cell
from tests.helpers import sarif
from tests.helpers.checking import check, run
from tests.helpers.sources import KERAS, layer

pytestmark = pytest.mark.once

GIVEN = "layer = layers.Dense(3, activation=lambda x: x)\n"


def lint(*arguments, capsys):
    """Return the status of ``lint``, and what it printed."""
    return check(*arguments, capsys=capsys, command="lint")


def code(text, **more):
    """Return a code cell as Jupyter writes it: a list of lines."""
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": text.splitlines(keepends=True), **more}


def markdown(text):
    return {"cell_type": "markdown", "metadata": {}, "source": [text]}


def notebook(*cells, **more):
    """Return a notebook of the format 4."""
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def write(path, content, **options):
    """Write a notebook as Jupyter does, and return its path."""
    path.write_text(json.dumps(content, **{"indent": 1, "ensure_ascii": False, **options}) + "\n", encoding="utf-8")
    return path


PLAIN = notebook(markdown("# Märkte"), code(f"%pip install keras\n{KERAS}"), markdown("x"), code(f"x = 1\n{GIVEN}"))
OLD = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": "old"},
    "worksheets": [
        {"cells": [{"cell_type": "code", "language": "python", "input": ["!ls\n", *KERAS.splitlines(keepends=True)]}]},
        {"cells": [{"cell_type": "markdown", "source": "x"}, {"cell_type": "code", "input": GIVEN}]},
    ],
}


def test_cells_are_linted_with_cell_and_line(tmp_path, monkeypatch, capsys):
    """Names go from cell to cell; cells count from 1 among all, lines within their cell."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "plain.ipynb", PLAIN)
    write(tmp_path / "old.ipynb", OLD)
    status, out, _ = lint("plain.ipynb", "old.ipynb", "-q", capsys=capsys)
    finding = "SA407 error: Dense: activation: it is a lambda, which Keras stores as bytecode, but refuses to load"
    assert (status, out.splitlines()) == (
        1,
        [f"plain.ipynb:cell 4:2:36: {finding}", f"old.ipynb:cell 3:1:36: {finding}"],
    )


def test_every_format_has_the_cell(tmp_path, monkeypatch, capsys):
    """JSON by itself; SARIF and GitHub beside the line that it has in the file."""
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "plain.ipynb", PLAIN)
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "lambda x: x" in text)
    report = json.loads(lint("plain.ipynb", "--format", "json", capsys=capsys)[1])
    jsonschema.validate(report, json.loads(read_schema()))
    (found,) = report["files"][0]["findings"]
    assert [found[key] for key in ("cell", "line", "column", "end_line", "end_column")] == [4, 2, 36, 2, 47]
    log = json.loads(lint("plain.ipynb", "--format", "sarif", capsys=capsys)[1])
    jsonschema.validate(log, sarif.SCHEMA)
    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": line, "endLine": line}
    assert result["locations"][0]["logicalLocations"][1]["fullyQualifiedName"] == "cell 4, line 2, column 36"
    assert ", in cell 4, line 2, column 36: " in result["message"]["text"]
    annotation = lint("plain.ipynb", "--format", "github", capsys=capsys)[1]
    assert annotation.startswith(f"::error file=plain.ipynb,line={line},endLine={line},title=SA407::")
    assert "cell 4, line 2, column 36" in annotation


def test_folders_globs_and_standard_input(tmp_path, monkeypatch, capsys):
    """A notebook is found in each; Jupyter's copies are passed over."""
    monkeypatch.chdir(tmp_path)
    for folder in ("a", "a/.ipynb_checkpoints"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "x.ipynb", PLAIN)
    assert lint("a", "-q", capsys=capsys)[1].count("a/x.ipynb:cell 4:2:36: SA407") == 1
    assert lint("a/*.ipynb", "-q", capsys=capsys)[0] == 1
    status, out, _ = run("lint", "-", "-q", cwd=tmp_path, stdin=(tmp_path / "a" / "x.ipynb").read_bytes())
    assert (status, out.decode()[:33]) == (1, "<stdin>:cell 4:2:36: SA407 error:")
    python = b"{'cells': 1}\n" + f"{KERAS}{GIVEN}".encode()
    status, out, _ = run("lint", "-", "-q", cwd=tmp_path, stdin=python)
    assert (status, b"<stdin>:7:36: SA407" in out) == (1, True)


def test_a_comment_ignores_a_finding(tmp_path, capsys):
    """A comment in a cell ignores a finding, as it does in any source."""
    path = write(tmp_path / "x.ipynb", notebook(code(f"{KERAS}{GIVEN.strip()}  # serialactivation: ignore[SA407]\n")))
    assert lint(path, capsys=capsys)[0] == 0


def test_another_language_is_skipped(tmp_path, capsys):
    """A notebook of another language is skipped, wherever its metadata say so."""
    for number, metadata in enumerate(({"kernelspec": {"language": "R"}}, {"language_info": {"name": "julia"}})):
        path = write(tmp_path / f"{number}.ipynb", notebook(code("x <- (\n"), metadata=metadata))
        status, out, err = lint(path, "-v", capsys=capsys)
        assert (status, "1 skipped" in out, "it is a notebook in " in err) == (0, True, True)
    three = {"kernelspec": {"language": "python"}, "language_info": {"name": "ipython3"}}
    assert lint(write(tmp_path / "p.ipynb", notebook(code(KERAS + GIVEN), metadata=three)), capsys=capsys)[0] == 1


BROKEN = {
    "empty": ("", "it is not JSON"),
    "no JSON": ('{"cells": [', "it is not JSON"),
    "no object": ("[]", "it is JSON, but not a notebook"),
    "no version": ('{"cells": []}', "its nbformat is None"),
    "a version to come": ('{"cells": [], "nbformat": 5}', "its nbformat is 5"),
    "no cells": ('{"nbformat": 4}', "it has no list of cells"),
    "cells of another kind": ('{"nbformat": 4, "cells": {}}', "it has no list of cells"),
    "a sheet of another kind": ('{"nbformat": 3, "worksheets": [{"cells": 1}]}', "a worksheet without a list"),
    "a cell of another kind": (
        '{"nbformat": 4, "cells": [{"cell_type": "markdown"}, 1]}',
        "cell 2: it is not an object",
    ),
    "no source": ('{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "cell 1: its input is not a text"),
    "numbers": ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}', "cell 1: its source is not a text"),
    "a key twice": ('{"nbformat": 4, "nbformat": 4, "cells": []}', "a key twice"),
    "deep": ('{"nbformat": 4, "cells": ' + "[" * 100_000, "it is nested too deeply"),
    "digits": ('{"nbformat": 4, "cells": [], "x": ' + "9" * 5000 + "}", "it is not JSON"),
    "no Python": (
        json.dumps(notebook(code("x = 1\n"), code("y = 1\nx = (\n"))),
        "cell 2, line 2: it is not valid Python",
    ),
    "a null": (json.dumps(notebook(code("x = '\0'\n"))), "cell 1, line 1: it holds a null byte"),
    "half a character": (
        json.dumps(notebook(code("x = '\ud800'\n"))),
        "cell 1, line 1: it holds one half of a surrogate pair",
    ),
}


@pytest.mark.parametrize(("text", "said"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_notebook_is_refused(text, said, tmp_path, capsys):
    """A file that is no notebook is refused in one line, in every format, with status 2."""
    path = tmp_path / "broken.ipynb"
    path.write_text(text)
    for style in FORMATS:
        status, out, _ = lint(path, "--format", style, capsys=capsys)
        assert status == 2
        assert (said.rpartition(": ")[2] if style == "json" else said) in out
    if "cell " in said:
        assert json.loads(lint(path, "--format", "json", capsys=capsys)[1])["unreadable"][0]["cell"] == int(said[5])


def test_bytes_and_sizes_have_limits(tmp_path, capsys):
    """The whole, and its code; what a cell has drawn counts for the whole alone."""
    drawn = [{"output_type": "display_data", "data": {"image/png": "A" * (3 * 2**20)}}]
    path = write(tmp_path / "large.ipynb", notebook(code(KERAS + GIVEN, outputs=drawn)))
    assert lint(path, capsys=capsys)[0] == 1
    for limit in ("notebook_bytes=1MiB", "source_bytes=9"):
        status, out, _ = lint(path, "--limit", limit, capsys=capsys)
        assert (status, "SA005 error: it is longer than" in out, limit.partition("=")[0] in out) == (2, True, True)
    (tmp_path / "latin.ipynb").write_bytes(json.dumps(PLAIN, ensure_ascii=False).encode("latin-1"))
    assert "is not UTF-8" in lint(tmp_path / "latin.ipynb", capsys=capsys)[1]


MAGICS = {
    "%matplotlib inline\nx = 1\n": "pass\nx = 1\n",
    "!pip install a \\\n  b\nx = 1": "pass\n\nx = 1",
    "files = !ls\ntook = %timeit -o f()\na, b[0] = %time f()\n": "files = ...\ntook = ...\na, b[0] = ...\n",
    "if x:\n    !ls\nelse:\n    %time f()\n": "if x:\n    pass\nelse:\n    pass\n",
    "%%bash\necho (\n": "\n\n",
    "\n%%writefile a.py\nx = (\n": "\n\n\n",
    "%%time\nx = 1\n": "\nx = 1\n",
    "%%capture out\n%time x\n": "\npass\n",
    "keras.layers?\n?keras\nx??\n%time?\n": "pass\npass\npass\npass\n",
    "/f x\n,f x\n;f x\n": "pass\npass\npass\n",
    "!!ls\n!{sys.executable} x\n": "pass\npass\n",
    **{
        text: text
        for text in (
            "s = '''\n%time\n!ls\n'''\n",
            's = """a\n?x\n""" # (\nx = 1\n',
            "x = (a\n% b)\n",
            "x = a \\\n% b\n",
            "x %= 3\ny = x % z\nx != 3\n",
            "x = f'{a!r}'\nx = '%d' % 3\n",
            "s = 'it\\'s (' # it's (\nx = 1\n",
            "x = 'a\\\n%b'\n",
            "await f()\n",
            "x\x0c= '\u2028%time'\n",
        )
    },
}


@pytest.mark.parametrize(("text", "expected"), MAGICS.items(), ids=map(repr, MAGICS))
def test_what_ipython_alone_reads_is_taken_out(text, expected):
    """Line for line; what is Python stays."""
    assert translate_cell(text) == expected
    ast.parse(expected)


def test_a_magic_after_a_string_is_one():
    """A magic after a string is one, whatever the string contains."""
    for text in ("'''(''' + \"[\"", "b'\\''", "r'\\'", "rb'''x\n'''", "x = '#('", "f('a', \"b\", 'it''s')"):
        assert translate_cell(f"{text}\n%time\n") == f"{text}\npass\n"


def test_an_indented_cell_is_read_as_ipython_reads_it(tmp_path, capsys):
    """Its indent is none; columns count it."""
    text = "".join(f"  {line}" for line in (KERAS + GIVEN).splitlines(keepends=True))
    path = write(tmp_path / "x.ipynb", notebook(code(text)))
    assert "x.ipynb:cell 1:6:38: SA407" in lint(path, capsys=capsys)[1]


# --fix


HABIT = layer(config="'activation': self.activation", above="").removeprefix(KERAS)
FIXED = notebook(
    markdown("# Märkte"),
    code(f"!ls\n{KERAS}"),
    code("%time\n" + HABIT, outputs=[{"output_type": "stream", "text": ["activation\n"]}]),
    code("x = 'ä'\n"),
)


@pytest.mark.parametrize("options", [{}, {"ensure_ascii": True}, {"indent": None}, {"indent": 4, "sort_keys": True}])
@pytest.mark.parametrize("form", ["lines", "one text", "format 3"])
def test_fix_mends_the_cell_and_nothing_else(form, options, tmp_path, capsys):
    """All else of the file stays, byte for byte, however it is written."""
    content = copy.deepcopy(FIXED)
    if form == "one text":
        for cell in content["cells"]:
            cell["source"] = "".join(cell["source"])
    if form == "format 3":
        cells = [
            {**cell, "input": cell.pop("source")} if cell["cell_type"] == "code" else cell for cell in content["cells"]
        ]
        content = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}
    path = write(tmp_path / "x.ipynb", content, **options)
    before = path.read_text(encoding="utf-8")
    status, out, _ = lint(path, "--fix", capsys=capsys)
    assert (status, "2 fixed" in out) == (0, True)
    after = path.read_text(encoding="utf-8")
    assert lint(path, capsys=capsys)[0] == 0
    fixed = json.loads(after)
    changed = fixed["cells"][2] if form != "format 3" else fixed["worksheets"][0]["cells"][2]
    text = "".join(changed.pop("source", None) or changed.pop("input"))
    assert text == ("%time\n" + HABIT).replace(
        "class Gated", "@keras.saving.register_keras_serializable()\nclass Gated"
    ).replace("'activation': self.activation", "'activation': keras.activations.serialize(self.activation)")
    old = json.loads(before)
    kept = old["cells"][2] if form != "format 3" else old["worksheets"][0]["cells"][2]
    kept.pop("source", None) or kept.pop("input")
    assert fixed == old
    start = next(place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
    end = next(place for place, (a, b) in enumerate(zip(reversed(before), reversed(after), strict=False)) if a != b)
    assert before[:start] == after[:start]
    assert before[len(before) - end :] == after[len(after) - end :]
    if form == "lines":
        assert all(line.count("\n") <= 1 for line in json.loads(after)["cells"][2]["source"])


def test_a_diff_is_one_of_cells(tmp_path, monkeypatch, capsys):
    """The diff has the cells that would change, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "x.ipynb", FIXED)
    before = path.read_bytes()
    _, out, _ = lint("x.ipynb", "--diff", capsys=capsys)
    assert out.startswith("--- x.ipynb:cell 3\n+++ x.ipynb:cell 3\n@@ -1,6 +1,7 @@\n %time\n")
    assert len(re.findall(r"^\+(?!\+)", out, re.MULTILINE)) == 2
    assert path.read_bytes() == before


def test_what_cannot_be_edited_stays(tmp_path, capsys):
    """A cell with an indent of its own: it is reported, and left."""
    text = "".join(f"  {line}" for line in (KERAS + HABIT).splitlines(keepends=True))
    path = write(tmp_path / "x.ipynb", notebook(code(text)))
    before = path.read_bytes()
    status, out, _ = lint(path, "--fix", "-q", capsys=capsys)
    assert (status, out.count("SA4"), path.read_bytes()) == (1, 2, before)
