"""``optiscope runs export``."""

from pathlib import Path
from typing import Annotated

import typer

from optiscope.cli.failures import give_up, told_by_file
from optiscope.cli.options import RunId, Url
from optiscope.cli.server import server

File = Annotated[
    Path,
    typer.Argument(
        help="A file: .csv, .jsonl, .npz, .parquet, .safetensors, or .zip for TensorBoard.", metavar="FILE"
    ),
]


def export(run_id: RunId, path: File, url: Url = None) -> None:
    """Write all records of a run into a file, as far as it has come."""
    from optiscope.export.choosing import ExportError, by_suffix
    from optiscope.export.files import SUFFIXES

    try:
        kind = by_suffix(path, {suffix: name for name, suffix in SUFFIXES.items()})
    except ExportError as error:
        give_up(str(error))
    with server(url) as client, told_by_file(path):
        path.write_bytes(client.export(run_id, kind))
