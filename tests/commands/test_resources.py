"""What the commands take for every file of the corpus, and for those that ask for much: memory, disk and time."""

import json

import pytest

from serialactivation.reports.formats import FORMATS
from tests import corpus
from tests.corpus.greedy import GREEDY
from tests.corpus.statuses import STATUSES
from tests.helpers.processes import run_bare

pytestmark = [pytest.mark.once, pytest.mark.slow]


# One process looks into all files, one after another, and tells its peak after each.
RUN = """

import contextlib, json, os, resource, sys, tempfile, time
from serialactivation.cli import main
from serialactivation.files.formats import forks

MIB, WRITTEN = 2**20, 50 * 2**20
os.environ["TMPDIR"] = tempfile.tempdir = sys.argv[2]

def run(path, form):
    size = os.path.getsize(path) if os.path.exists(path) else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + WRITTEN, resource.RLIM_INFINITY))
    out = os.path.join(sys.argv[2], "copy")
    words = ["repair", path, "-o", out] if form == "repair" else ["check", "--no-config", path, "--format", form]
    start = time.process_time()
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        status = main(words)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(out)
    assert os.listdir(sys.argv[2]) == [], path
    return status, time.process_time() - start

def peak():
    # not ru_maxrss, which starts at what the process that started this one takes
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))

tasks = json.load(sys.stdin)
for path, form in tasks["first"]:
    run(path, form)
base, measured = peak(), []
for path, form in tasks["tasks"]:
    status, taken = run(path, form)
    measured.append([path, form, status, peak() - base, taken])
forks._ASKERS.pop(os.getpid()).end()  # so that what its forks took is known
print(json.dumps({"measured": measured, "forks": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024}))
"""


@pytest.fixture(scope="module")
def measured(corpus_file, tmp_path_factory):
    """What each command ended with, on each file, and what it took."""
    folder, scratch = tmp_path_factory.mktemp("greedy"), tmp_path_factory.mktemp("scratch")
    names = [*corpus.CORPUS, *corpus.FOUND]
    paths = {name: str(corpus_file(name)) for name in names}
    for name, (make, _) in GREEDY.items():
        make(folder / name)
        paths[name] = str(folder / name)
    first = [(paths[name], form) for name in ("small.keras", "small.h5") for form in (*FORMATS, "repair")]
    tasks = [(paths[name], FORMATS[index % len(FORMATS)]) for index, name in enumerate(names)]
    for name in GREEDY:
        tasks += [
            (paths[name], form) for form in (FORMATS if name in ("long_name.keras", "deep_names.keras") else ["json"])
        ]
    tasks += [
        (path, "repair")
        for name, path in paths.items()
        if name.endswith((".keras", ".h5")) and not name.startswith("many")
    ]
    said = json.loads(run_bare(RUN, "", str(scratch), given=json.dumps({"first": first, "tasks": tasks})))
    by_path = {path: name for name, path in paths.items()}
    said["measured"] = [(by_path[path], *rest) for path, *rest in said["measured"]]
    return said


def test_no_file_takes_much(measured):
    """Less than 200 MB beyond the interpreter and what it has imported, and 50 MB of disk beyond the file."""
    over = [one for one in measured["measured"] if one[3] >= 200]
    assert over == []
    assert measured["forks"] < 300


def test_each_ends_as_it_should(measured):
    """A limit that is met is no reason for another exit status."""
    for name, form, status, _, _ in measured["measured"]:
        if form == "repair":
            assert status in (0, 1, 2, 4), name
        elif name in GREEDY:
            assert (name, status) == (name, GREEDY[name][1])
        elif name in corpus.HOSTILE:
            assert (name, status) == (name, STATUSES.get(name, 2))
        else:
            assert status in (0, 1), name


def test_none_takes_long(measured):
    """900,000 mistyped names, such as the most that a file may have, are reported within a minute of a slow machine."""
    assert all(taken < 60 for *_, taken in measured["measured"])
