"""``optiscope report``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from optiscope.cli.failures import give_up, told_by_field, told_by_file, until_closed
from optiscope.cli.options import Url
from optiscope.cli.server import server

Run = Annotated[
    str,
    typer.Argument(help="A file that `optiscope.watch` wrote, or the id of a run.", metavar="FILE|ID"),
]


def report(run: Run, url: Url = None) -> None:
    """Say what is likely not meant in a watched loop, a line for each; nothing, if all is well."""
    path = Path(run)
    everything: Sequence[Mapping[str, Any]]
    if path.exists():
        with told_by_field(), told_by_file(path, "read"):
            everything = _of_file(path)["found"]
    elif path.suffix:
        give_up(f"there is no file {run}")
    else:
        with server(url) as client:
            everything = client.report(run)["found"]
    with until_closed():
        for found in everything:
            typer.echo(f"{found['code']}: {found['detail']}")


def _of_file(path: Path) -> dict[str, Any]:
    from optiscope.engine.loop.checkpoint import Reason
    from optiscope.watching.advice.telling import told
    from optiscope.watching.file import recording_in

    beginning, blocks, ended = recording_in(path)
    return told(beginning, blocks, is_complete=ended is not None and ended.reason is Reason.COMPLETED)
