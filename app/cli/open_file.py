"""``optiscope open``."""

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optiscope.cli.failures import give_up
from optiscope.cli.options import Url
from optiscope.cli.server import server

if TYPE_CHECKING:
    from optiscope.export.about import Recorded

File = Annotated[
    Path,
    typer.Argument(
        help="What `optiscope.watch`, `optiscope run` (as .jsonl) or an export wrote.",
        metavar="FILE",
    ),
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")]
Name = Annotated[
    str | None, typer.Option(help="Unless given: what the run calls itself, or the name of the file.")
]

_LONGEST_NAME = 200


def open_file(path: File, name: Name = None, browser: Browser = True, url: Url = None) -> None:
    """Send a run to a server that keeps and shows it, and print its id and, beside it, the address.

    A watched run is sent as it was recorded; one of ours is trained again from the config in its file, which
    gives the same numbers. A fork, whose config does not say how it began, is sent as it was recorded.
    """
    try:
        lines = path.read_bytes()
    except OSError as error:
        give_up(f"{path} cannot be read: {error.strerror}")
    found = _found(path)
    with server(url) as client:
        file = path.name[:_LONGEST_NAME]
        if found is None:
            run = client.import_run(lines, name=name, file_name=file)
        elif found.about.config is not None and found.blocks[:1] and found.blocks[0].first == 0:
            run = client.create(found.about.config, name=name or found.about.name)
        else:
            run = client.import_run(_as_recorded(found, path), name=name or found.about.name, file_name=file)
        typer.echo(run.id)
        address = _address(client.url, run.id, is_watched=run.document["config"] is None)
        typer.echo(f"It is shown at {address}", err=True)
        if browser:
            webbrowser.open(address)


def _address(url: str, id_: str, *, is_watched: bool) -> str:
    """Where the page shows a run: one of a loop that is not ours has a place of its own."""
    shown = f"place=loops&loop={id_}" if is_watched else f"kept={id_}"
    return f"{url.rstrip('/')}/?v=2&{shown}"


def _found(path: Path) -> "Recorded | None":
    """The run in a file of ours; none, of any other, which the server reads or refuses."""
    from optiscope.export.choosing import ExportError
    from optiscope.export.reading import recorded_in

    try:
        return recorded_in(path)
    except ExportError:
        return None


def _as_recorded(found: "Recorded", path: Path) -> bytes:
    """Its records as those of a loop that is not ours, which is how a server takes records."""
    from dataclasses import replace

    from optiscope.export.json_lines import lines_of

    source = {"program": path.name, "started": {"torch": "", "parameters": [], "layers": [], "warnings": []}}
    about = replace(found.about, config=None, source=found.about.source or source)
    return "".join(lines_of(replace(found, about=about))).encode()
