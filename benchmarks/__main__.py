"""``python -m benchmarks [name …]``: all measurements, or those named, one after the other."""

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """Every module here that measures something."""
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def main() -> None:
    """Run what the command line names.

    Raises:
        SystemExit: for a name that there is not.
    """
    asked = sys.argv[1:] or names()
    if unknown := set(asked) - set(names()):
        raise SystemExit(f"no benchmark {', '.join(sorted(unknown))}: choose of {', '.join(names())}")
    for name in asked:
        print(f"\n== {name} ==", flush=True)
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
