"""A CSV file in the place of the problem of each run that a command is given."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from optiscope.cli.failures import FAILED, REFUSED, give_up, text_of


def config_of(config: Path, points: Path | None, label: str | None) -> bytes:
    """The text of a config, a comparison or a sweep; with points, their file is the problem of its runs."""
    text = text_of(config)
    return text if points is None else placed(text, points, label)


def placed(text: bytes, points: Path, label: str | None) -> bytes:
    """A text with a file of points as the problem of its runs, each split and scaled as the run says."""
    try:
        document = json.loads(text)
    except ValueError:
        return text  # which is told where the config is read
    problem = _read(points, label)

    def in_place(given: object) -> object:
        asked = given if isinstance(given, dict) and given.get("name") == "points" else {}
        whole = problem | {name: value for name, value in asked.items() if name != "points"}
        return whole | {"points": problem["points"] | (asked.get("points") or {})}

    return json.dumps(_with_problem(document, in_place)).encode()


def _with_problem(document: object, problem: Callable[[object], object]) -> object:
    """A run with another problem: alone, as ``run`` of a sweep, or among ``runs`` of a comparison."""
    if not isinstance(document, dict):
        return document
    if isinstance(runs := document.get("runs"), list):
        return document | {"runs": [_with_problem(run, problem) for run in runs]}
    if "run" in document:
        return document | {"run": _with_problem(document["run"], problem)}
    return document | {"problem": problem(document.get("problem"))}


def _read(points: Path, label: str | None) -> dict[str, Any]:
    from optiscope.points_csv import PointsError, points_from_csv

    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            problem = points_from_csv(points, label=label)
    except PointsError as error:
        give_up("\n".join(f"{points}: {wrong}" for wrong in error.wrong), REFUSED)
    except OSError as error:
        give_up(f"cannot read {points}: {error.strerror or error}", FAILED)
    for warning in warned:
        typer.echo(str(warning.message), err=True)
    return problem
