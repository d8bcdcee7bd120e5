"""``optiscope runs follow``."""

import json
from typing import Annotated

import typer

from optiscope.cli.failures import until_closed
from optiscope.cli.options import RunId, Url
from optiscope.cli.server import server

First = Annotated[int, typer.Option("--from", help="First step; 0 is the initial state.", min=0)]


def follow(run_id: RunId, first: First = 0, url: Url = None) -> None:
    """Print the records of a run as they come, as JSON Lines, until it has ended or is paused."""
    with server(url) as client, until_closed():
        for event in client.follow_events(run_id, first):
            typer.echo(json.dumps(event, ensure_ascii=False, separators=(",", ":")))
