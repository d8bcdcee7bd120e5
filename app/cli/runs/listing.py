"""``optiscope runs list``."""

from typing import Annotated

import typer

from optiscope.cli.options import Url
from optiscope.cli.server import server

Words = Annotated[str, typer.Argument(help="Words in the name, problem, optimizer or scheduler.")]


def list_runs(search: Words = "", url: Url = None) -> None:
    """List runs, newest first."""
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "name", "state", "step", "loss", "pinned", box=None)
    with server(url) as client:
        for run in client.runs(search):
            result, ended = run.document["result"], run.document["ended"]
            loss = result["loss"] if result else ""
            table.add_row(
                run.id,
                run.name,
                ended["reason"] if ended else run.state,
                f"{run.step}" if run.steps is None else f"{run.step}/{run.steps}",
                f"{loss:.6g}" if isinstance(loss, float) else str(loss),
                "yes" if run.document["pinned"] else "",
            )
    Console().print(table)
