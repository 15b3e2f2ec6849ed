"""The project's tasks: ``nox`` runs all that continuous integration runs, ``nox -s quick`` what fits a coffee break."""

import pathlib
import shutil

import nox

nox.options.sessions = ["lint", "typing", "tests", "export", "build"]
nox.options.error_on_external_run = True
nox.options.default_venv_backend = "virtualenv"

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)


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
    session.run("mypy")
    session.run("pyright")
    stubtest = ["python", "-m", "mypy.stubtest", "keras", "--allowlist", "typings/allowlist.txt"]
    session.run(*stubtest, "--ignore-missing-stub", env={"KERAS_BACKEND": "jax", "MYPYPATH": "typings"})


@nox.session
def quick(session: nox.Session) -> None:
    """Run the tests without the large part of the matrix."""
    _pytest(session, "-n", "auto", "-m", "not slow")


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests."""
    _pytest(session, "-n", "2")


@nox.session
def export(session: nox.Session) -> None:
    """Compare exported models: as a TensorFlow SavedModel from TensorFlow and from JAX, and as ONNX."""
    session.install(".[tensorflow,jax]", *_dependencies("test"), *_dependencies("export"))
    test = ["pytest", "tests/test_export.py"]
    session.run(*test, *session.posargs, env={"KERAS_BACKEND": "tensorflow"})
    session.run(*test, "-k", "saved_model", *session.posargs, env={"KERAS_BACKEND": "jax"})


@nox.session(python=PYTHONS)
def pythons(session: nox.Session) -> None:
    """Run the quick tests on every supported Python."""
    _pytest(session, "-n", "auto", "-m", "not slow")


@nox.session
def survival(session: nox.Session) -> None:
    """Write docs/survival.md from a run: what stock Keras loses, and what this package keeps."""
    session.install(".[jax]", *_dependencies("test"))
    session.run("python", "-m", "tests.matrix", "docs/survival.md", env={"KERAS_BACKEND": "jax"})


@nox.session
def build(session: nox.Session) -> None:
    """Build the wheel, and import from it what needs no Keras where there is none."""
    target = pathlib.Path(session.create_tmp()) / "wheels"
    shutil.rmtree(target, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--wheel", "--outdir", str(target))
    (wheel,) = target.glob("*.whl")
    session.install("--force-reinstall", "--no-deps", str(wheel), "attrs")
    session.run("python", "-c", "import serialactivation.notation, serialactivation.cli")
