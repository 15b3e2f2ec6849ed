"""The project's tasks: ``nox`` runs all that continuous integration runs, ``nox -s quick`` what fits a coffee break."""

import json
import os
import pathlib
import shutil
import subprocess
import zipfile

import nox

nox.options.sessions = [
    *("lint", "typing", "oldest_stubs", "zip_readers"),
    *("tests", "backends", "keras", "exchange", "export", "build"),
]
nox.options.error_on_external_run = True
nox.options.default_venv_backend = "virtualenv"

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
OLDER_KERAS: list[str] = PYPROJECT["tool"]["serialactivation"]["older-keras"]

# Keras before 3.10 calls jax.spmd_mode in fit and predict, which JAX removed in 0.6.1.
JAX_OF_KERAS = {"3.6.0": "jax==0.6.0", "3.9.2": "jax==0.6.0"}


# A row of the matrix takes long: a worker without work takes some of the other's.
PARALLEL = ("-n", "2", "--dist", "worksteal")
QUICK = (*PARALLEL, "-m", "not slow")
AGAIN = (*PARALLEL, "-m", "not slow and not once")

# Continuous integration has two cores. The newest Keras on JAX runs all tests, the oldest all that depend on Keras; the
# others share those out. ``nox -s backends keras -- --share 1/1`` runs all on each.
SHARES = {"tensorflow": "1/2", "torch": "2/2", "3.9.2": "1/3", "3.10.0": "2/3", "3.12.4": "3/3"}


def _share(name: str) -> tuple[str, str]:
    return "--share", SHARES.get(name, "1/1")


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


def _dependencies(group: str) -> list[str]:
    return list(nox.project.dependency_groups(PYPROJECT, group))


def _pytest(session: nox.Session, *arguments: str) -> None:
    session.install(".[jax,demo]", *_dependencies("test"))
    session.run("pytest", *arguments, *session.posargs, env={"KERAS_BACKEND": "jax"})


@nox.session(tags=["quick"])
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install(*_dependencies("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session(tags=["quick"])
def typing(session: nox.Session) -> None:
    """Check the types of the package and of its public face."""
    session.install(".[jax,demo]", *_dependencies("typing"), "nox", "pytest")
    session.run(
        "python", "-m", "pip", "uninstall", "--yes", "--quiet", "serialactivation-keras-stubs"
    )  # of the last run
    session.run("mypy")
    session.run("pyright")
    session.run("python", "-m", "tests.typing.annotations", env={"KERAS_BACKEND": "jax"})
    _compare_stubs(session, "typings/allowlist.txt")
    _check_user(session)


@nox.session
def oldest_stubs(session: nox.Session) -> None:
    """Compare the stubs with the oldest Keras; ``typing`` does with the newest."""
    _install_keras(session, OLDER_KERAS[0], "mypy")
    _compare_stubs(session, "typings/allowlist.txt", "typings/allowlist-oldest.txt")


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


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests."""
    _pytest(session, *PARALLEL)


@nox.session(python="3.11")
def export(session: nox.Session) -> None:
    """Compare exported models: ONNX from each backend, and a TensorFlow SavedModel from TensorFlow and from JAX."""
    session.install(PYTORCH)
    session.install(".[tensorflow,jax,torch]", *_dependencies("test"), *_dependencies("export"))
    test = ["pytest", "tests/test_export.py"]
    session.run(*test, *session.posargs, env={"KERAS_BACKEND": "tensorflow"})
    session.run(*test, *session.posargs, env={"KERAS_BACKEND": "jax"})
    session.run(*test, "-k", "onnx", *session.posargs, env={"KERAS_BACKEND": "torch"})


@nox.session
def zip_readers(session: nox.Session) -> None:
    """Compare what is read of zip archives with what the module of each supported Python reads; where there is one."""
    session.install("attrs")  # all that the reader needs, and it is of no one Python
    packages = session.run("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", silent=True)
    environment = {"PYTHONPATH": os.pathsep.join([str(pathlib.Path.cwd()), str(packages).strip()])}
    pythons = {version: _find_python(version) for version in PYTHONS}
    for python in filter(None, pythons.values()):
        session.run(python, "-m", "tests.zip_readers", env=environment, external=True)
    missing = [version for version, python in pythons.items() if python is None]
    if missing and ("CI" in os.environ or len(missing) == len(pythons)):
        session.error(f"There is no Python {', '.join(missing)} here.")
    if missing:
        session.warn(f"Not compared with Python {', '.join(missing)}, which is not here.")


def _find_python(version: str) -> str | None:
    """Return the path of a Python that runs, or None: pyenv puts names on the path that lead to none."""
    root = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    for python in (f"python{version}", *map(str, root.glob(f"{version}.*/bin/python"))):
        found = shutil.which(python)
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    return None


@nox.session(python=PYTHONS)
def pythons(session: nox.Session) -> None:
    """Run the quick tests on every supported Python."""
    _pytest(session, *QUICK)


@nox.session(python="3.11")  # PyTorch's small build is for this Python
@nox.parametrize("backend", ["tensorflow", "torch"])
def backends(session: nox.Session, backend: str) -> None:
    """Run the quick tests again on TensorFlow and on PyTorch; ``tests`` runs on JAX."""
    if backend == "torch":
        session.install(PYTORCH)
    session.install(f".[{backend},demo]", *_dependencies("test"))
    session.run("pytest", *AGAIN, *_share(backend), *session.posargs, env={"KERAS_BACKEND": backend})


@nox.session(python="3.11")
def exchange(session: nox.Session) -> None:
    """Save files under each backend, and read them under each."""
    session.install(PYTORCH)
    session.install(".[jax,tensorflow,torch]", *_dependencies("test"))
    session.run("pytest", "tests/exchange", *session.posargs, env={"KERAS_BACKEND": "jax"})


@nox.session(python="3.11")
def bench(session: nox.Session) -> None:
    """Measure what the package costs against stock Keras, and write the pages of it; a part may be named."""
    session.install(PYTORCH)
    session.install(".[jax,tensorflow,torch]")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def published(session: nox.Session) -> None:
    """Mend the models of a published package, which Keras 3 does not load, and check those of two that it does."""
    session.install(".[tensorflow]", "tf_keras", *_dependencies("test"))
    folder = pathlib.Path(session.create_tmp()).resolve() / "models"  # beside it, pytest keeps what it has mended
    for package in ("deeplc==2.2.38", "deeplc==3.1.13", "im2deep==1.2.0"):
        target = folder / package
        session.run("python", "-m", "pip", "download", "--no-deps", "--dest", str(target), package)
        with zipfile.ZipFile(next(target.glob("*.whl"))) as wheel:
            wheel.extractall(target, [name for name in wheel.namelist() if name.endswith((".hdf5", ".keras"))])
    environment = {"KERAS_BACKEND": "tensorflow", "PUBLISHED_MODELS": str(folder)}
    session.run("pytest", "tests/published", *session.posargs, env=environment)


@nox.session
def downstream(session: nox.Session) -> None:
    """Hold the layers of other packages to every promise; ``-- measure FOLDER`` and ``-- write FOLDER docs`` report."""
    session.install(".[jax,tensorflow]", *_dependencies("test"), *_dependencies("downstream-needs"))
    session.install("--no-deps", *_dependencies("downstream"))
    session.run("python", "-m", "tests.downstream", *(session.posargs or ["test"]))


@nox.session
@nox.parametrize("version", OLDER_KERAS)
def keras(session: nox.Session, version: str) -> None:
    """Run the quick tests again on an older Keras; the newest has the session ``tests``."""
    _install_keras(session, version)
    session.run("pytest", *AGAIN, *_share(version), *session.posargs, env={"KERAS_BACKEND": "jax"})


def _install_keras(session: nox.Session, version: str, *others: str) -> None:
    pins = [f"keras=={version}", JAX_OF_KERAS.get(version, "jax")]
    session.install(".[jax,demo]", *_dependencies("test"), *pins, *others)


@nox.session(python="3.11")
@nox.parametrize("backend", ["jax", "tensorflow", "torch"])
def survival(session: nox.Session, backend: str) -> None:
    """Write docs/survival/ on each backend, and docs/survival.md: what stock Keras loses, and what we keep."""
    if backend == "torch":
        session.install(PYTORCH)
    session.install(f".[{backend}]", *_dependencies("test"))
    session.run("python", "-m", "tests.matrix", "docs", env={"KERAS_BACKEND": backend})


@nox.session
@nox.parametrize("version", OLDER_KERAS)
def survival_of(session: nox.Session, version: str) -> None:
    """Write the same for an older Keras, on JAX."""
    _install_keras(session, version)
    session.run("python", "-m", "tests.matrix", "docs", env={"KERAS_BACKEND": "jax"})


@nox.session
def build(session: nox.Session) -> None:
    """Build the wheel, and check a file with it where there is no Keras."""
    target = pathlib.Path(session.create_tmp()) / "wheels"
    shutil.rmtree(target, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--wheel", "--outdir", str(target))
    (wheel,) = target.glob("*.whl")
    session.install("--force-reinstall", "--no-deps", str(wheel), "attrs")
    session.run("python", "-m", "serialactivation", "check", "tests/data/3.15.1/for-3.6.0.keras")
    session.run("python", "-m", "serialactivation", "check", "--schema", silent=True)
