"""``optiscope runs export``."""

from pathlib import Path
from typing import Annotated

import typer

from optiscope.cli.failures import give_up, told_by_file
from optiscope.cli.options import RunId, Url
from optiscope.cli.server import server

File = Annotated[Path, typer.Argument(help="A file: .csv, .npz, .parquet or .safetensors.", metavar="FILE")]


def export(run_id: RunId, path: File, url: Url = None) -> None:
    """Write all records of a run into a file, as far as it has come."""
    from optiscope.export import WRITERS, ExportError, Table, writer_of

    try:
        write = writer_of(path, WRITERS)
        with server(url) as client, told_by_file(path):
            step = client.run(run_id).step
            write(Table.of(client.recorded_blocks(run_id, step)), path)
    except ExportError as error:
        give_up(str(error))
