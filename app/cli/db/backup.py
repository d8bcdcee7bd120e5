"""``optiscope db backup``."""

from pathlib import Path
from typing import Annotated

import typer

from optiscope.cli.db.options import DataDir, tell, told
from optiscope.cli.failures import FAILED
from optiscope.cli.settings import settings

File = Annotated[Path, typer.Argument(help="The file to write; only you can read it.", metavar="FILE")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def backup(path: File, force: Force = False, data_dir: DataDir = None) -> None:
    """Copy all kept runs into one file, also while the server runs, and verify the copy."""
    from optiscope.runs.keeping.copying import back_up

    with told():
        report = back_up(settings(data_dir=data_dir).data_dir, path, replace=force)
    tell(report)
    if not report.is_whole:
        raise typer.Exit(FAILED)
