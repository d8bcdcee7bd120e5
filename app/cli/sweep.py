"""``optiscope sweep``."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optiscope.cli.failures import FAILED, REFUSED, give_up, text_of, told_by_field, until_closed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optiscope.swept import Sweep

INTERRUPTED = 130

File = Annotated[Path, typer.Argument(help="A sweep as JSON, as for /api/sweeps; - reads standard input.")]
Output = Annotated[
    Path | None, typer.Option(help="Write every cell into a file: .csv, .jsonl or .parquet.", dir_okay=False)
]
Url = Annotated[
    str | None, typer.Option("--url", help="Have a server train it; without, it is trained here.")
]
Workers = Annotated[
    int | None,
    typer.Option(
        help="Training processes; 0 means one for each core, 1 is this one.",
        min=0,
        max=256,
        show_default="OPTISCOPE_WORKERS",
    ),
]


def sweep(config: File, output: Output = None, url: Url = None, workers: Workers = None) -> None:
    """Train a run over a grid of hyperparameters and seeds: a table of the best, and all cells in a file."""
    text, write = text_of(config), _writer(output)

    from optiscope.cli.sweeping import follow, print_summary
    from optiscope.swept import SweepBrokenError

    with _begun(text, url, workers) as found, _told_by_file(output):
        write(found)
        try:
            follow(found)
        except (SweepBrokenError, KeyboardInterrupt) as error:
            write(found)
            kept = f", kept in {output}" if output else ""
            why = str(error) or "interrupted"
            typer.echo(f"{why}: {found.count} of {found.members} cells have come{kept}", err=True)
            raise typer.Exit(INTERRUPTED if isinstance(error, KeyboardInterrupt) else FAILED) from None
        write(found)
        with until_closed():
            print_summary(found)


@contextmanager
def _begun(text: bytes, url: str | None, workers: int | None) -> "Iterator[Sweep]":
    """The sweep of a text, here or by a server."""
    if url is None:
        from optiscope import local
        from optiscope.cli.settings import settings

        with told_by_field():
            found = local.sweep(text, workers=settings(workers=workers).workers)
        with found:
            yield found
        return

    import json

    from optiscope.cli.server import server

    try:
        document = json.loads(text)
    except ValueError as error:
        give_up(f"/: not valid JSON: {error}", REFUSED)
    with server(url) as client, client.sweep(document) as found:
        yield found


def _writer(output: Path | None) -> "Callable[[Sweep], None]":
    """What keeps the cells of a sweep as far as it has come."""
    if output is None:
        return lambda _: None

    from optiscope.export import ExportError
    from optiscope.export_cells import writer_of_cells

    try:
        return writer_of_cells(output)
    except ExportError as error:
        give_up(str(error))


@contextmanager
def _told_by_file(output: Path | None) -> "Iterator[None]":
    """A file that cannot be written is told in a sentence."""
    try:
        yield
    except OSError as error:
        give_up(f"cannot write {output}: {error.strerror or error}")
