"""Runs scripts that come as a JSON list on stdin, each in a namespace of its own; tells what they print."""

import contextlib
import io
import json
import sys
import warnings


def outcome(source: str) -> dict[str, str]:
    """What a script prints, and the error that ends it, if one does."""
    printed = io.StringIO()
    error = ""
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(source, "script.py", "exec"), {"__name__": "__main__"})  # noqa: S102
        except Exception as raised:  # noqa: BLE001 - whatever ends a script is told
            error = f"{type(raised).__name__}: {raised}"
    return {"printed": printed.getvalue(), "error": error}


if __name__ == "__main__":
    json.dump([outcome(source) for source in json.load(sys.stdin)], sys.stdout)
