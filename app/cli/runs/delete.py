"""``optiscope runs delete``."""

import sys
from contextlib import redirect_stdout
from typing import Annotated

import typer

from optiscope.cli.options import RunId, Url
from optiscope.cli.server import server

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def delete(run_id: RunId, yes: Yes = False, url: Url = None) -> None:
    """Delete a run and all of its records."""
    with server(url) as client:
        run = client.run(run_id)
        if not yes:
            with redirect_stdout(sys.stderr):  # err=True leaves a blank of the question on stdout
                reach = "" if run.steps is None else f" of {run.steps}"
                typer.confirm(f"Delete {run.name} ({run.step}{reach} steps)?", abort=True)
        client.delete(run_id)
