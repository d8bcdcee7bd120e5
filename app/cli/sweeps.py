"""``optiscope sweeps``: what can be done with sweeps that a server keeps."""

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated, Any

import typer

from optiscope.cli.failures import FAILED, give_up, told_by_file, until_closed
from optiscope.cli.options import Url
from optiscope.cli.server import server

HTML = "html"

SweepId = Annotated[str, typer.Argument(help="The id of a sweep.", metavar="ID")]
Words = Annotated[str, typer.Argument(help="Words in the name, problem, optimizers or paths.")]
File = Annotated[Path, typer.Argument(help="A file: .csv, .html, .jsonl, .npz or .parquet.", metavar="FILE")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def listing(search: Words = "", url: Url = None) -> None:
    """List sweeps, newest first."""
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "name", "state", "done", "shape", "pinned", box=None)
    with server(url) as client:
        for sweep in client.sweeps(search):
            shape = " x ".join(map(str, sweep.document["shape"]))
            pinned = "yes" if sweep.document["pinned"] else ""
            table.add_row(sweep.id, sweep.name, sweep.state, f"{sweep.done}/{sweep.members}", shape, pinned)
    Console().print(table)


def show(sweep_id: SweepId, url: Url = None) -> None:
    """Print all that is known of a sweep, as JSON."""
    with server(url) as client:
        typer.echo(json.dumps(client.kept_sweep(sweep_id).document, indent=2, ensure_ascii=False))


def follow(sweep_id: SweepId, url: Url = None) -> None:
    """Wait until a sweep is complete, and print what it comes to."""
    from optiscope.cli.sweeping import follow as wait
    from optiscope.cli.sweeping import print_summary
    from optiscope.swept import SweepBrokenError

    with server(url) as client, client.follow_sweep(sweep_id) as found:
        try:
            wait(found)
        except SweepBrokenError as error:
            give_up(str(error), FAILED)
        with until_closed():
            print_summary(found)


def pause(sweep_id: SweepId, url: Url = None) -> None:
    """Stop training a sweep; what is done stays."""
    with server(url) as client:
        typer.echo(client.pause_sweep(sweep_id).document["detail"])


def resume(sweep_id: SweepId, url: Url = None) -> None:
    """Go on with what is missing of a paused sweep."""
    with server(url) as client:
        client.resume_sweep(sweep_id)


def export(sweep_id: SweepId, path: File, url: Url = None) -> None:
    """Write all cells of a sweep into a file, as far as it has come; html shows its map without a server."""
    from optiscope.client.sweep_calls import FORMATS
    from optiscope.export.choosing import ExportError, by_suffix

    try:
        kind: Any = by_suffix(path, {f".{kind}": kind for kind in (*FORMATS, HTML)})
    except ExportError as error:
        give_up(str(error))
    with server(url) as client, told_by_file(path):
        is_page = kind == HTML
        path.write_bytes(
            client.export_html(sweeps=[sweep_id]) if is_page else client.export_sweep(sweep_id, kind)
        )


def delete(sweep_id: SweepId, yes: Yes = False, url: Url = None) -> None:
    """Delete a sweep and all of its cells."""
    with server(url) as client:
        if not yes:
            sweep = client.kept_sweep(sweep_id)
            with redirect_stdout(sys.stderr):  # err=True leaves a blank of the question on stdout
                typer.confirm(f"Delete {sweep.name} ({sweep.done} of {sweep.members} members)?", abort=True)
        client.delete_sweep(sweep_id)
