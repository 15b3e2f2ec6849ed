"""Which distributions own the package ``keras``: several overwrite each other's modules, and none is whole then.

``python -m tests.keras_owner NAME`` fails unless it is the distribution of that name alone.
"""

import importlib.metadata
import sys


def find_owners() -> list[str]:
    """Return the names of the distributions that have the module ``keras``."""
    return importlib.metadata.packages_distributions().get("keras", [])


if __name__ == "__main__":
    owners = find_owners()
    if owners != sys.argv[1:]:
        raise SystemExit(f"keras is of {', '.join(owners) or 'no distribution'}, and not of {sys.argv[1]} alone")
