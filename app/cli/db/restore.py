"""``optiscope db restore``."""

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from optiscope.cli.db.options import DataDir, tell, told
from optiscope.cli.settings import settings

File = Annotated[Path, typer.Argument(help="A file that `optiscope db backup` wrote.", metavar="FILE")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before runs are replaced.")]
Force = Annotated[bool, typer.Option("--force", help="Use it even if some of it is damaged.")]


def restore(path: File, yes: Yes = False, force: Force = False, data_dir: DataDir = None) -> None:
    """Put a copy in the place of all kept runs, once it is verified; no server may be using them."""
    from optiscope.runs.keeping import copying
    from optiscope.runs.keeping.opening import NAME

    options = settings(data_dir=data_dir)
    if not yes and (options.data_dir / NAME).exists():
        with redirect_stdout(sys.stderr):
            typer.confirm(f"Replace all runs in {options.data_dir}?", abort=True)
    with told():
        report = copying.restore(path, options.data_dir, options.storage_wait_seconds, damaged=force)
    tell(report)
