"""The project's tasks: ``nox`` runs all that continuous integration runs, ``nox -s quick`` what fits a coffee break.

With ``--parallel 3``, as in continuous integration, three sessions run at a time, and each prints what it did when it
ends. An environment is made by uv where there is one, and by virtualenv and pip otherwise.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import nox

nox.needs_version = ">=2026.10.20"  # the first that was tried with sessions beside each other
# The longest first: the others run beside it, and use the cores while it waits for a disk or a process.
nox.options.sessions = ["tests", "lint", "exchange", "typing", "backends", "keras", "nightly(pinned)"]
nox.options.sessions += ["zip_readers", "build", "docs"]
nox.options.error_on_external_run = True
nox.options.default_venv_backend = "uv|virtualenv"

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
OLDER_KERAS: list[str] = PYPROJECT["tool"]["serialactivation"]["older-keras"]
NIGHTLY: str = PYPROJECT["tool"]["serialactivation"]["keras-nightly"]

# Keras before 3.10 calls jax.spmd_mode in fit and predict, which JAX removed in 0.6.1.
JAX_OF_KERAS = {"3.6.0": "jax==0.6.0", "3.9.2": "jax==0.6.0"}

# Other Pythons, where they are: so each supported one runs a share of the tests with each change.
PYTHON_OF_KERAS = {"3.10.0": "3.12", "3.12.4": "3.13"}


# A row of the matrix takes long: a worker without work takes some of the other's.
TWO_CORES = ("-n", "2", "--dist", "worksteal")
QUICK = (*TWO_CORES, "-m", "not slow")
AGAIN = ("-m", "not slow and not once")

# The newest Keras on JAX runs all tests. Other backends and older Kerases run a share each of those that depend on
# them, and the next share with each commit: see tests/shares.py. ``nox -s backends keras -- --share 1/1`` runs all.
BACKENDS = ["tensorflow", "torch"]
PARTS = 20
SHARES = {name: f"{part}/{PARTS}" for part, name in enumerate([*OLDER_KERAS, *BACKENDS, NIGHTLY], start=1)}


# Files of a user's that type checkers look at.
USERS = ("api.py", "own_layers.py", "twins.py")

# Without stubs, all of Keras is Any, and its classes too.
UNTYPED_KERAS = ("--ignore-missing-imports", "--allow-subclassing-any")

# Examples that a page shows have no annotations; what they call has.
UNANNOTATED = (
    *("--allow-untyped-defs", "--allow-incomplete-defs", "--allow-untyped-calls", "--allow-subclassing-any"),
    *("--allow-redefinition", "--local-partial-types", "--ignore-missing-imports"),
)

# This release has a small CPU build; others bring their GPU libraries.
PYTORCH = "torch==2.13.0"


# As pip sets them for itself, so that uv installs what pip would.
UV_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_EXTRA_INDEX_URL",
    "find-links": "UV_FIND_LINKS",
    "constraint": "UV_CONSTRAINT",
}


def _follow_pip() -> None:
    """Have uv look where pip is set to look, such as for PyTorch's small build; variables of uv's own go first."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        variable = UV_SETTINGS.get(name.rpartition(".")[2])
        if variable:
            separator = "," if variable == "UV_FIND_LINKS" else " "
            os.environ.setdefault(variable, separator.join(value.strip("'").split()))
    os.environ.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")  # of all indexes alike, as pip chooses


_follow_pip()

# Without their compiled modules, which uv does not write, every process of a test would compile Keras anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _dependencies(group: str) -> list[str]:
    return list(nox.project.dependency_groups(PYPROJECT, group))


def _pytest(session: nox.Session, *arguments: str) -> None:
    session.install(".[jax,demo]", *_dependencies("test"))
    session.run("pytest", *arguments, *session.posargs, env={"KERAS_BACKEND": "jax"})


def _find_python(version: str) -> str | None:
    """Return the path of a Python that runs, or None: pyenv puts names on the path that lead to none."""
    root = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    for python in (f"python{version}", *map(str, root.glob(f"{version}.*/bin/python"))):
        found = shutil.which(python)
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    return None


@nox.session(tags=["quick"], allow_parallel=True)
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install(*_dependencies("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session(tags=["quick"], allow_parallel=True)
def typing(session: nox.Session) -> None:
    """Check the types of the package and of its public face."""
    session.install(".[jax,demo,report]", *_dependencies("typing"), "nox", "pytest")
    _uninstall(session, "serialactivation-keras-stubs")  # of the last run, in an environment that is used again
    session.run("mypy")
    session.run("pyright")
    session.run("python", "-m", "tests.typing.annotations", env={"KERAS_BACKEND": "jax"})
    _compare_stubs(session, "typings/allowlist.txt")
    _check_user(session)


def _uninstall(session: nox.Session, package: str) -> None:
    if session.venv_backend == "uv":
        session.run("uv", "pip", "uninstall", "--quiet", package)
    else:
        session.run("python", "-m", "pip", "uninstall", "--yes", "--quiet", package)


def _compare_stubs(session: nox.Session, *allowlists: str) -> None:
    allowed = [argument for path in allowlists for argument in ("--allowlist", path)]
    stubtest = ["python", "-m", "mypy.stubtest", "keras", *allowed, "--ignore-missing-stub"]
    session.run(*stubtest, env={"KERAS_BACKEND": "jax", "MYPYPATH": "typings"})


def _check_user(session: nox.Session) -> None:
    """Check the type tests, and the documentation, as a user's: with nothing but the wheel, then with Keras's stubs."""
    project = pathlib.Path(session.create_tmp()).resolve() / "project"
    shutil.rmtree(project, ignore_errors=True)
    pages = project / "pages"
    pages.mkdir(parents=True)
    for name in USERS:
        shutil.copy(f"tests/typing/{name}", project)
    session.run("python", "-m", "tests.typing.pages", str(pages))
    with session.chdir(project):
        session.run("mypy", "--strict", "twins.py")
        _pyright(session, "strict", "twins.py")
        session.run("mypy", "--strict", *UNTYPED_KERAS, "own_layers.py")
        _pyright(session, "standard", "own_layers.py")
    session.install("./typings")
    with session.chdir(project):
        session.run("mypy", "--strict", *USERS)
        _pyright(session, "strict", *USERS)
        examples = [str(page) for page in sorted(pages.glob("*.py"))]
        session.run("mypy", "--strict", *UNANNOTATED, *examples)
        _pyright(session, "standard", *examples)


def _pyright(session: nox.Session, mode: str, *files: str) -> None:
    """Run pyright on a user's *files*; an error that is expected and does not come is one."""
    settings = {
        "typeCheckingMode": mode,
        "enableTypeIgnoreComments": False,
        "reportUnnecessaryTypeIgnoreComment": "error",
        "reportMissingModuleSource": False,
    }
    pathlib.Path(f"{mode}.json").write_text(json.dumps(settings))
    session.run("pyright", "--project", f"{mode}.json", *files)


@nox.session
def quick(session: nox.Session) -> None:
    """Run the tests without the large part of the matrix."""
    _pytest(session, *QUICK)


@nox.session(allow_parallel=True)
def tests(session: nox.Session) -> None:
    """Run all tests."""
    _pytest(session, *TWO_CORES)


@nox.session(python="3.11", allow_parallel=True)  # PyTorch's small build is for this Python
def exchange(session: nox.Session) -> None:
    """Compare what one backend saves and another reads, and exported models with Keras's.

    Exported are ONNX files from each backend, and a TensorFlow SavedModel from TensorFlow and from JAX.
    """
    session.install(PYTORCH)
    session.install(".[tensorflow,jax,torch]", *_dependencies("test"), *_dependencies("export"))
    test = ["pytest", "tests/models/test_export.py"]
    session.run(*test, "tests/exchange", *session.posargs, env={"KERAS_BACKEND": "jax"})
    session.run(*test, *session.posargs, env={"KERAS_BACKEND": "tensorflow"})
    session.run(*test, "-k", "onnx", *session.posargs, env={"KERAS_BACKEND": "torch"})


@nox.session(allow_parallel=True)
def zip_readers(session: nox.Session) -> None:
    """Compare what is read of zip archives with what the module of each supported Python reads; where there is one.

    In continuous integration, only the newest Python may be missing: few machines have it yet.
    """
    session.install("attrs")  # all that the reader needs, and it is of no one Python
    packages = session.run("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", silent=True)
    environment = {"PYTHONPATH": os.pathsep.join([str(pathlib.Path.cwd()), str(packages).strip()])}
    pythons = {version: _find_python(version) for version in PYTHONS}
    for python in filter(None, pythons.values()):
        session.run(python, "-m", "tests.zip_readers", env=environment, external=True)
    missing = [version for version, python in pythons.items() if python is None]
    is_newest = missing == [PYTHONS[-1]]
    if missing and (len(missing) == len(pythons) or ("CI" in os.environ and not is_newest)):
        session.error(f"There is no Python {', '.join(missing)} here.")
    if missing:
        session.warn(f"Not compared with Python {', '.join(missing)}, which is not here.")


@nox.session(python=PYTHONS)
def pythons(session: nox.Session) -> None:
    """Run the quick tests on every supported Python."""
    _pytest(session, *QUICK)


@nox.session(python="3.11", allow_parallel=True)
@nox.parametrize("backend", BACKENDS)
def backends(session: nox.Session, backend: str) -> None:
    """Run a share of the quick tests on TensorFlow and on PyTorch, each alone; ``tests`` runs all on JAX."""
    if backend == "torch":
        session.install(PYTORCH)
    session.install(f".[{backend},demo]", *_dependencies("test"))
    session.run("pytest", *AGAIN, "--share", SHARES[backend], *session.posargs, env={"KERAS_BACKEND": backend})


@nox.session(python="3.11")
def bench(session: nox.Session) -> None:
    """Measure what the package costs against stock Keras, and write the pages of it; a part may be named."""
    session.install(PYTORCH)
    session.install(".[jax,tensorflow,torch]")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def published(session: nox.Session) -> None:
    """Check and repair the models of published packages, compare with Keras 2, and write the page about them."""
    session.install(".[tensorflow]", "tf_keras", *_dependencies("test"))
    folder = pathlib.Path(session.create_tmp()).resolve() / "models"
    session.run("python", "-m", "tests.published", "fetch", str(folder))
    environment = {"KERAS_BACKEND": "tensorflow", "PUBLISHED_MODELS": str(folder)}
    session.run("python", "-m", "tests.published", "survey", str(folder), "docs/survival/published.md", env=environment)
    session.run("pytest", "tests/published", *session.posargs, env=environment)


@nox.session
def downstream(session: nox.Session) -> None:
    """Hold the layers of other packages to every promise; ``-- measure FOLDER`` and ``-- write FOLDER docs`` report."""
    session.install(".[jax,tensorflow]", *_dependencies("test"), *_dependencies("downstream-needs"))
    session.install("--no-deps", *_dependencies("downstream"))
    session.run("python", "-m", "tests.downstream", *(session.posargs or ["test"]))


@nox.session
def browser(session: nox.Session) -> None:
    """Look at pages of ``serialactivation report`` in Chromium, which the system has; BROWSER_PATH may name it."""
    path = os.environ.get("BROWSER_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        session.error("There is no chromium here. Install it, or set BROWSER_PATH to a browser of its kind.")
    session.install(".[jax]", *_dependencies("test"), *_dependencies("browser"))
    environment = {"KERAS_BACKEND": "jax", "BROWSER_PATH": path}
    session.run("pytest", "tests/browser", *session.posargs, env=environment)


# The session is named by its Keras alone; its Python is the one that runs nox where there is no other.
OTHER_PYTHONS = {version: _find_python(python) for version, python in PYTHON_OF_KERAS.items()}
WITH_PYTHONS = [nox.param(OTHER_PYTHONS.get(version), version, id=f"version='{version}'") for version in OLDER_KERAS]


@nox.session(allow_parallel=True)
@nox.parametrize("python,version", WITH_PYTHONS)
def keras(session: nox.Session, version: str) -> None:
    """Run a share of the quick tests on an older Keras, and compare the stubs with the oldest.

    The newest has the sessions ``tests`` and ``typing``. Some run on another Python: see ``PYTHON_OF_KERAS``.
    """
    _install_keras(session, version)
    environment = {"KERAS_BACKEND": "jax"}
    if version in JAX_OF_KERAS:  # which computes other last bits where it does not optimize
        environment["JAX_DISABLE_MOST_OPTIMIZATIONS"] = "0"
    session.run("pytest", *AGAIN, "--share", SHARES[version], *session.posargs, env=environment)
    if version == OLDER_KERAS[0]:
        session.install("mypy")
        _compare_stubs(session, "typings/allowlist.txt", "typings/allowlist-oldest.txt")


def _install_keras(session: nox.Session, version: str) -> None:
    pins = [f"keras=={version}", JAX_OF_KERAS.get(version, "jax")]
    session.install(".[jax,demo]", *_dependencies("test"), *pins)


@nox.session(allow_parallel=True)
@nox.parametrize("version", [nox.param(f"=={NIGHTLY}", id="pinned"), nox.param(">=3.16.0.dev0", id="newest")])
def nightly(session: nox.Session, version: str) -> None:
    """Run a share of the quick tests on the pinned nightly of the next Keras; or all tests on the newest, as a report.

    What fails on the newest nightly does not fail the session: Keras may mend it, or change it again.
    """
    _install_nightly(session, version)
    environment = {"KERAS_BACKEND": "jax"}
    if NIGHTLY in version:
        session.run("pytest", *AGAIN, "--share", SHARES[NIGHTLY], *session.posargs, env=environment)
    else:
        session.run("pytest", *TWO_CORES, *session.posargs, env=environment, success_codes=[0, 1])


def _install_nightly(session: nox.Session, version: str) -> None:
    """Put keras-nightly where the package asks for keras: both have the same modules, and only one may be there."""
    session.install(".[jax,demo]", *_dependencies("test"))
    for package in ("keras", "keras-nightly"):
        _uninstall(session, package)
    session.install(f"keras-nightly{version}")
    session.run("python", "-m", "tests.keras_owner", "keras-nightly")


@nox.session(python="3.11")
@nox.parametrize("backend", ["jax", "tensorflow", "torch"])
def survival(session: nox.Session, backend: str) -> None:
    """Write docs/survival/ on each backend, and docs/survival.md: what stock Keras loses, and what we keep."""
    if backend == "torch":
        session.install(PYTORCH)
    session.install(f".[{backend}]", *_dependencies("test"))
    session.run("python", "-m", "tests.matrix", "docs", env={"KERAS_BACKEND": backend})


@nox.session
@nox.parametrize("version", [*OLDER_KERAS, NIGHTLY])
def survival_of(session: nox.Session, version: str) -> None:
    """Write the same for an older Keras, or the pinned nightly, on JAX."""
    if version == NIGHTLY:
        _install_nightly(session, f"=={version}")
    else:
        _install_keras(session, version)
    session.run("python", "-m", "tests.matrix", "docs", env={"KERAS_BACKEND": "jax"})


@nox.session(python="3.11")
@nox.parametrize("backend", ["jax", "tensorflow", "torch"])
def stages(session: nox.Session, backend: str) -> None:
    """Write docs/survival/stages.md: every stage of a model's life on each backend, with all that it exports to."""
    session.install(PYTORCH)
    session.install(".[tensorflow,jax,torch]", *_dependencies("test"), *_dependencies("export"))
    session.install(*_dependencies("stages"))
    session.run("python", "-m", "tests.stages", "docs/survival/stages.md", env={"KERAS_BACKEND": backend})


@nox.session(allow_parallel=True)
def docs(session: nox.Session) -> None:
    """Build the site of the documentation in ``build/site``; a link that leads nowhere, or any warning, is an error."""
    session.install(".", *_dependencies("docs"))
    sphinx = ["sphinx-build", "--builder", "html", "--nitpicky", "--fail-on-warning", "--keep-going", "--quiet"]
    session.run(*sphinx, *session.posargs, "docs", "build/site")


@nox.session(allow_parallel=True)
def build(session: nox.Session) -> None:
    """Build what is released, check it, and check a file with the wheel alone where there is no Keras."""
    wheel = _build(session)
    session.run("twine", "check", "--strict", *map(str, wheel.parent.iterdir()))
    session.run("check-wheel-contents", str(wheel))
    session.install("--force-reinstall", "--no-deps", str(wheel), "attrs")
    session.run("python", "-m", "serialactivation", "check", "tests/data/3.15.1/for-3.6.0.keras")
    session.run("python", "-m", "serialactivation", "check", "--schema", silent=True)
    session.install(*PYPROJECT["project"]["optional-dependencies"]["report"])
    page = pathlib.Path(session.create_tmp()).resolve() / "report.html"  # whose template is in the wheel
    session.run("python", "-m", "serialactivation", "report", "tests/data/3.15.1/for-3.6.0.keras", "-o", str(page))


def _build(session: nox.Session) -> pathlib.Path:
    """Build the source distribution, and from it the wheel, whose path is returned."""
    target = pathlib.Path(session.create_tmp()).resolve() / "wheels"
    shutil.rmtree(target, ignore_errors=True)
    session.install(*_dependencies("release"))
    installer = "uv" if session.venv_backend == "uv" else "pip"
    session.run("python", "-m", "build", "--installer", installer, "--outdir", str(target))
    (wheel,) = target.glob("*.whl")
    return wheel


@nox.session(python=PYTHONS)
def installed(session: nox.Session) -> None:
    """Run the demo and the commands with the wheel alone, where there is no checkout, on every supported Python."""
    wheel = _build(session)
    session.install("--force-reinstall", f"serialactivation[jax,demo,report] @ {wheel.as_uri()}")
    saved = pathlib.Path("tests/data/3.15.1/for-3.6.0.keras").resolve()
    elsewhere = wheel.parent.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    with session.chdir(elsewhere):
        session.run("serialactivation", "check", str(saved))
        session.run("serialactivation", "report", str(saved), "-o", "report.html")
        session.run("serialactivation", "demo", "--epochs", "2", env={"KERAS_BACKEND": "jax"})
