"""``optiscope runs list``."""

from typing import Annotated, Any

import typer

from optiscope.cli.options import Url
from optiscope.cli.server import server

Words = Annotated[str, typer.Argument(help="Words in the name, problem, optimizer or scheduler.")]


def list_runs(search: Words = "", url: Url = None) -> None:
    """List runs, newest first."""
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "name", "state", "step", "loss", "end loss", "pinned", box=None)
    with server(url) as client:
        for run in client.runs(search):
            result, ended = run.document["result"], run.document["ended"]
            table.add_row(
                run.id,
                run.name,
                ended["reason"] if ended else run.state,
                f"{run.step}" if run.steps is None else f"{run.step}/{run.steps}",
                _number(result and result["loss"]),
                _number(result and result.get("end_loss")),
                "yes" if run.document["pinned"] else "",
            )
    Console().print(table)


def _number(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
