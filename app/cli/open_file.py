"""``optiscope open``."""

import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer

from optiscope.cli.failures import give_up
from optiscope.cli.options import Url
from optiscope.cli.server import server

File = Annotated[
    Path,
    typer.Argument(
        help="What `optiscope.watch`, `optiscope run` (as .jsonl) or an export wrote.",
        metavar="FILE",
    ),
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")]
Name = Annotated[str | None, typer.Option(help="Unless given: what the run calls itself.")]


def open_file(path: File, name: Name = None, browser: Browser = True, url: Url = None) -> None:
    """Send a run to a server that keeps and shows it, and print its id.

    A watched run is sent as it was recorded; one of ours is trained again from the config in its file, which
    gives the same numbers.
    """
    try:
        lines = path.read_bytes()
    except OSError as error:
        give_up(f"{path} cannot be read: {error.strerror}")
    about = _about(path)
    with server(url) as client:
        if about.get("config"):
            run = client.create(about["config"], name=name or about["name"])
        else:
            run = client.import_run(lines, name=name)
        typer.echo(run.id)
        if browser:
            webbrowser.open(client.url)


def _about(path: Path) -> dict[str, Any]:
    """What a file of ours says of its run; nothing, of any other."""
    from optiscope.export.about import about_of
    from optiscope.export.choosing import ExportError

    try:
        return about_of(path)
    except ExportError:
        return {}
