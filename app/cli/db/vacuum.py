"""``optiscope db vacuum``."""

import typer

from optiscope.cli.db.options import DataDir, told
from optiscope.cli.settings import settings


def vacuum(data_dir: DataDir = None) -> None:
    """Give the space of deleted runs back to the disk; no server may be using the runs."""
    from optiscope.runs.keeping import copying

    options = settings(data_dir=data_dir)
    with told():
        before, after = copying.vacuum(options.data_dir, options.storage_wait_seconds)
    typer.echo(f"{before / 1e6:.1f} MB before, {after / 1e6:.1f} MB now")
