"""Write ``serialactivation/catalog/classes.json``: what the classes of Keras take, release by release.

``python -m tests.keywords WHEEL...`` takes the wheel of the first patch of every minor release from 3.6 on, and may
take a pre-release of the next one, such as a wheel of keras-nightly. Each is imported from its file, in a process of
its own, and nothing is installed. A new release needs all wheels again: what has gone is reported, too.

The file has ``versions``, all minor releases, and under ``prerelease`` the version of a pre-release in full; then, by
module of ``keras`` and class, what every release takes that has it; beside that, where it is so:
``since`` and ``until``, the first and the last release that has it; ``asks``, keywords that have to be given, with the
last release that asks for them, or null for the newest; ``newer``, keywords with the first release, and the
default, that have been added; ``gone``, keywords with the last release that has them; ``swallows``, where any keyword
is taken, and one that is not known does nothing. A name alone stands for another class. Names by which objects may be
stored are listed by the releases that know them, the first, or the first and the last.
"""

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from packaging.version import Version

from tests.helpers.processes import ROOT
from tests.installed_keywords import OPAQUE, REQUIRED

FILE: Final = ROOT / "serialactivation" / "catalog" / "classes.json"

# A keyword whose default in the constructor is written as another value into the config.
WRITTEN: Final = {("layers", "InputLayer", "ragged"): False}

Release = Mapping[str, Any]


def read_wheel(wheel: pathlib.Path) -> Release:
    """Return what :mod:`tests.installed_keywords` prints with the Keras in *wheel*."""
    environment = {**os.environ, "KERAS_BACKEND": "numpy", "PYTHONPATH": f"{wheel.resolve()}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.installed_keywords"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: Release = json.loads(done.stdout.splitlines()[-1])
    return found


def merge(releases: Sequence[Release]) -> dict[str, Any]:
    """Return what the file holds, of *releases* from the oldest to the newest."""
    versions = [".".join(release["version"].split(".")[:2]) for release in releases]
    classes = dict(zip(versions, (release["classes"] for release in releases), strict=True))
    modules = list(dict.fromkeys(module for found in classes.values() for module in found))
    merged = {module: _merge_module(module, classes) for module in modules}
    for module, aliases in releases[-1]["aliases"].items():
        for alias, name in aliases.items():
            if merged[module][alias] == merged[module][name]:
                merged[module][alias] = name
    for module, name in _swallowing(releases):
        merged[module][name]["swallows"] = True
    names = dict(zip(versions, (release["names"] for release in releases), strict=True))
    return {"versions": versions, **_prerelease(releases[-1]), "classes": merged, "names": _merge_names(names)}


def _prerelease(newest: Release) -> dict[str, str]:
    version = newest["version"]
    return {"prerelease": version} if Version(version).is_prerelease else {}


def _swallowing(releases: Sequence[Release]) -> set[tuple[str, str]]:
    found = [{(module, name) for module in one["swallowing"] for name in one["swallowing"][module]} for one in releases]
    if any(one != found[0] for one in found):
        raise ValueError(f"a class swallows keywords in one release, and not in another: {found}")
    return found[0]


def _merge_module(module: str, classes: Mapping[str, Any]) -> dict[str, Any]:
    names = sorted({name for found in classes.values() for name in found.get(module, ())})
    return {
        name: _merge_class(
            (module, name),
            {version: found[module][name] for version, found in classes.items() if name in found.get(module, ())},
            list(classes),
        )
        for name in names
    }


def _merge_class(owner: tuple[str, str], found: Mapping[str, Any], versions: Sequence[str]) -> dict[str, Any]:
    having = list(found)
    keywords = dict.fromkeys(keyword for known in found.values() for keyword in known)
    spans = {keyword: _span(having, (v for v in having if keyword in found[v])) for keyword in keywords}
    newer = {
        keyword: [since, *_default((*owner, keyword), found[until or having[-1]][keyword])]
        for keyword, (since, until) in spans.items()
        if since is not None
    }
    gone = {keyword: until for keyword, (_, until) in spans.items() if until is not None}
    since, until = _span(versions, having)
    entry = {
        "takes": " ".join(keyword for keyword in keywords if keyword not in newer),
        "asks": _asked(found),
        "since": since,
        "until": until,
        "newer": newer,
        "gone": gone,
    }
    return {key: value for key, value in entry.items() if key == "takes" or value}


def _asked(found: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the keywords that have to be given, each with the last release that asks for it, or None for the newest.

    A release that asks for what those before it had a default for would need a second version here; none does.
    """
    asking = {
        keyword: [version for version, known in found.items() if known.get(keyword) == REQUIRED]
        for keyword in dict.fromkeys(keyword for known in found.values() for keyword in known)
    }
    for keyword, versions in asking.items():
        having = [version for version, known in found.items() if keyword in known]
        if versions != having[: len(versions)]:
            raise ValueError(f"{keyword} has to be given in {versions} of {having}")
    return {
        keyword: None if versions[-1] == list(found)[-1] else versions[-1]
        for keyword, versions in asking.items()
        if versions
    }


def _default(keyword: tuple[str, str, str], default: object) -> list[object]:
    default = WRITTEN.get(keyword, default)
    return [] if default in (REQUIRED, OPAQUE) else [default]


def _span(versions: Sequence[str], having: Iterable[str]) -> tuple[str | None, str | None]:
    """Return the first and the last of *versions* that has something; None for the first and the last of all."""
    kept = list(having)
    first, last = versions.index(kept[0]), versions.index(kept[-1])
    if kept != list(versions[first : last + 1]):
        raise ValueError(f"it has come, gone and come again: {kept}")
    return kept[0] if first else None, None if kept[-1] == versions[-1] else kept[-1]


def _merge_names(names: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    versions = list(names)
    known = dict.fromkeys((module, name) for found in names.values() for module in found for name in found[module])
    for module, name in known:
        having = [version for version in versions if name in names[version][module]]
        _, until = _span(versions, having)
        span = having[0] if until is None else f"{having[0]}-{until}"
        found = merged.setdefault(module, {})
        found[span] = f"{found[span]} {name}" if span in found else name
    return merged


def write(merged: Mapping[str, Any]) -> str:
    """Return the text of the file, with a line for each class."""
    classes = ",\n".join(
        f"{json.dumps(module)}: {{\n{_lines(found)}\n}}" for module, found in merged["classes"].items()
    )
    rest = _lines({key: value for key, value in merged.items() if key != "classes"})
    return f'{{\n{rest},\n"classes": {{\n{classes}\n}}\n}}\n'


def _lines(items: Mapping[str, Any]) -> str:
    return ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in items.items())


def main(wheels: Sequence[str]) -> None:
    """Write the file."""
    releases = [read_wheel(pathlib.Path(wheel)) for wheel in wheels]
    releases.sort(key=lambda release: Version(release["version"]))
    FILE.write_text(write(merge(releases)))


if __name__ == "__main__":
    main(sys.argv[1:])
