"""How optimizers do on the failure modes, each at its best rate: what a sweep over all of them measured."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_suffix(".json")


@cache
def _measured() -> Mapping[str, Any]:
    """What ``scripts/failure_modes.py`` has written."""
    found: Mapping[str, Any] = json.loads(FILE.read_text())
    return found


def race_on(name: str) -> dict[str, Any] | None:
    """What was measured on a problem, the best optimizer first, as JSON; None where it is no failure mode.

    Example:
        >>> sorted(race_on("cliff")), race_on("xor")
        (['rows', 'steps', 'trials'], None)
    """
    measured = _measured()
    if name not in measured["modes"]:
        return None
    return {"steps": measured["steps"], "trials": measured["trials"], "rows": measured["modes"][name]}
