"""``optiscope db check``."""

import typer

from optiscope.cli.db.options import DataDir, tell, told
from optiscope.cli.failures import FAILED
from optiscope.cli.settings import settings


def check(data_dir: DataDir = None) -> None:
    """Verify every kept run, while the server runs or not; the exit status is 1 if anything is damaged."""
    from optiscope.runs.keeping import checking
    from optiscope.runs.keeping.opening import NAME

    with told():
        report = checking.check(settings(data_dir=data_dir).data_dir / NAME)
    tell(report)
    if not report.is_whole:
        raise typer.Exit(FAILED)
