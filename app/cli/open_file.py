"""``optiscope open``."""

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from optiscope.cli.failures import give_up
from optiscope.cli.options import Url
from optiscope.cli.server import server

File = Annotated[Path, typer.Argument(help="What `optiscope.watch` wrote.", metavar="FILE")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")]
Name = Annotated[str | None, typer.Option(help="Unless given: what the run calls itself.")]


def open_file(path: File, name: Name = None, browser: Browser = True, url: Url = None) -> None:
    """Send a watched run to a server that keeps and shows it, and print its id."""
    try:
        lines = path.read_bytes()
    except OSError as error:
        give_up(f"{path} cannot be read: {error.strerror}")
    with server(url) as client:
        typer.echo(client.import_run(lines, name=name).id)
        if browser:
            webbrowser.open(client.url)
