"""``optiscope runs fork``."""

import json
from typing import Annotated, Any

import typer

from optiscope.cli.options import RunId, Url
from optiscope.cli.server import server

Step = Annotated[int, typer.Option(help="The recorded step that the fork begins at.", min=0)]
Name = Annotated[str | None, typer.Option(help="Unless given: the name of the run, and the step.")]


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"no JSON: {error}") from error
    if not isinstance(found, dict):
        raise typer.BadParameter(f"must be a JSON object, got {text}")
    return found


Change = Annotated[
    dict[str, Any],
    typer.Option(
        parser=_object, help='What to change of its config, such as {"optimizer": {"name": "SGD"}}.'
    ),
]


def fork(run_id: RunId, step: Step, change: Change = "{}", name: Name = None, url: Url = None) -> None:  # type: ignore[assignment]
    """Begin a new run where another stood, with changes, and print its id."""
    with server(url) as client:
        typer.echo(client.fork(run_id, step, change, name=name).id)
