"""``optiscope runs export``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from optiscope.cli.failures import give_up, told_by_file
from optiscope.cli.options import Url
from optiscope.cli.server import server

IdsAndFile = Annotated[
    list[str],
    typer.Argument(
        help="The id of a run, or of several, and a file: .csv, .html, .jsonl, .npz, .parquet, .safetensors, "
        "or .zip for TensorBoard; by default one of the format, here.",
        metavar="ID… [FILE]",
    ),
]
Format = Annotated[str | None, typer.Option("--format", help="Of the file, unless its name says it.")]
HeldOut = Annotated[
    bool, typer.Option("--held-out", help="Add the loss on held-out samples as a column, held_out_loss.")
]


def export(
    words: IdsAndFile,
    format: Format = None,  # noqa: A002 - as it is typed
    held_out: HeldOut = False,
    url: Url = None,
) -> None:
    """Write all records of a run into a file, as far as it has come; html plays them without a server."""
    from optiscope.export.choosing import ExportError, by_suffix
    from optiscope.export.files import SUFFIXES

    suffixes: dict[Any, str] = {**SUFFIXES, "html": ".html"}
    ids, path = _parted(words)
    if format is not None and format not in suffixes:
        give_up(f"--format must be one of {', '.join(suffixes)}, got {format!r}")
    if path is None and format is None:
        give_up("name a file, or a --format")
    try:
        kind: Any = format or by_suffix(path or Path(), {suffix: name for name, suffix in suffixes.items()})
    except ExportError as error:
        give_up(str(error))
    is_zip = len(ids) > 1 and kind != "html"
    if is_zip and path is not None and path.suffix != ".zip":
        give_up(f"several runs are a zip of their files: name it so, with --format {kind}; got {path.name!r}")
    path = path or Path((ids[0] if len(ids) == 1 else "runs") + (".zip" if is_zip else suffixes[kind]))
    with server(url) as client, told_by_file(path):
        path.write_bytes(
            client.export(ids[0], kind, held_out=held_out)
            if len(ids) == 1
            else client.export_runs(ids, kind, held_out=held_out)
        )


def _parted(words: Sequence[str]) -> tuple[Sequence[str], Path | None]:
    """The ids, and the file if there is one: ids have no dot."""
    *ids, last = words
    return (ids, Path(last)) if ids and "." in last else (words, None)
