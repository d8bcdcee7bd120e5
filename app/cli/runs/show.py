"""``optiscope runs show``."""

import json

import typer

from optiscope.cli.options import RunId, Url
from optiscope.cli.server import server


def show(run_id: RunId, url: Url = None) -> None:
    """Print all that is known of a run, as JSON."""
    with server(url) as client:
        typer.echo(json.dumps(client.run(run_id).document, indent=2, ensure_ascii=False))
