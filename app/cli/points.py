"""A CSV file in the place of the problem of a config."""

import json
from pathlib import Path

from optiscope.cli.failures import FAILED, REFUSED, give_up, text_of


def config_of(config: Path, points: Path | None, label: str | None) -> bytes:
    """The text of a config; with points, their file is its problem, split and scaled as the config says."""
    text = text_of(config)
    if points is None:
        return text
    try:
        document = json.loads(text)
    except ValueError:
        return text  # which is told where the config is read
    if not isinstance(document, dict):
        return text
    return json.dumps(document | {"problem": _problem(document.get("problem"), points, label)}).encode()


def _problem(given: object, points: Path, label: str | None) -> dict[str, object]:
    from optiscope.points_csv import PointsError, points_from_csv

    try:
        problem = points_from_csv(points, label=label)
    except PointsError as error:
        give_up("\n".join(f"{points}: {wrong}" for wrong in error.wrong), REFUSED)
    except (OSError, UnicodeDecodeError) as error:
        give_up(f"cannot read {points}: {getattr(error, 'strerror', None) or error}", FAILED)
    asked = given if isinstance(given, dict) and given.get("name") == "points" else {}
    problem["points"] |= asked.get("points") or {}
    return problem | {name: value for name, value in asked.items() if name != "points"}
