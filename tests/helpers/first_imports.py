"""Statements that a process starts with, each tried in a fork of one that has loaded all of Keras but its name.

Keras and its backend take seconds to import, which hundreds of statements cannot have each. What is forked has
imported them and then forgotten the package ``keras`` itself: its import runs again, found by whoever looks for it and
run by its loader, and finds its private parts loaded. Of this package nothing has been imported.
"""

import gc
import json
import os
import sys
import traceback
from collections.abc import Sequence

from tests.helpers.processes import run_bare

AFTERWARDS = """
import keras, sys
assert "serialactivation.layers.Dense" in str(keras.saving.get_registered_object("serialactivation>Dense"))
assert type(keras.__loader__).__name__ == type(keras.__spec__.loader).__name__ == "SourceFileLoader"
assert not [finder for finder in sys.meta_path if type(finder).__module__.startswith("serialactivation")]
assert not [name for name, module in sys.modules.items() if "_WatchedLoader" in str(getattr(module, "__loader__", ""))]
"""


def find_failures(statements: Sequence[str]) -> dict[str, str]:
    """Return what went wrong with those of the *statements* that cannot come first, or leave the layers out."""
    code = "from tests.helpers.first_imports import main; main()"
    failures: dict[str, str] = json.loads(run_bare(code, *statements).splitlines()[-1])
    return failures


def main() -> None:
    """Print, as JSON, what went wrong with those of the statements in the arguments that failed."""
    import keras  # noqa: F401

    del sys.modules["keras"]
    gc.disable()  # a short life has no garbage, and looking for it would copy all that is shared with this process
    assert not [name for name in sys.modules if name.split(".")[0] == "serialactivation"]
    failures = {statement: failure for statement in sys.argv[1:] if (failure := _try_first(statement))}
    print(json.dumps(failures))


def _try_first(statement: str) -> str:
    """Run the *statement*, and Keras's import after it, in a fork; return the traceback, or nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with open(writing, "w") as pipe:
            try:
                exec(statement, {"__name__": "__main__"})
                if "keras" in sys.modules or statement == "import serialactivation":
                    exec(AFTERWARDS, {})
            except BaseException:
                pipe.write(traceback.format_exc())
        os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        failure = pipe.read()
    _, status = os.waitpid(child, 0)
    return failure or (f"exit status {status}" if status else "")
