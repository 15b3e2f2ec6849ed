"""``python -m serialactivation``."""

from serialactivation.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
