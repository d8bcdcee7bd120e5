"""The grammar: every command by its name."""

from typing import Annotated

import typer

from optiscope import __version__
from optiscope.cli.code import code
from optiscope.cli.compare import compare
from optiscope.cli.db import backup, check, restore, vacuum
from optiscope.cli.lessons import export as export_lesson
from optiscope.cli.lessons import listing as list_lessons
from optiscope.cli.lint import lint
from optiscope.cli.lr_range import lr_range
from optiscope.cli.open_file import open_file
from optiscope.cli.report import report
from optiscope.cli.run import run
from optiscope.cli.runs import delete, export, follow, fork, listing, show
from optiscope.cli.serve import ServeCommand, serve
from optiscope.cli.sweep import sweep
from optiscope.cli.sweeps import delete as delete_sweep
from optiscope.cli.sweeps import export as export_sweep
from optiscope.cli.sweeps import follow as follow_sweep
from optiscope.cli.sweeps import listing as list_sweeps
from optiscope.cli.sweeps import pause, resume
from optiscope.cli.sweeps import show as show_sweep

optiscope = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
runs = typer.Typer(help="Runs that a server keeps.", no_args_is_help=True)
sweeps = typer.Typer(help="Sweeps that a server keeps.", no_args_is_help=True)
lessons = typer.Typer(help="The lessons, and each as one file.", no_args_is_help=True)
db = typer.Typer(help="The database of kept runs: verify, copy, put back.", no_args_is_help=True)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
]


@optiscope.callback()
def about(version: Version = False) -> None:
    """Optiscope: a microscope for torch.optim."""


optiscope.command(cls=ServeCommand)(serve)
optiscope.command()(run)
optiscope.command()(compare)
optiscope.command()(sweep)
optiscope.command("lr-range")(lr_range)
optiscope.command()(lint)
optiscope.command()(code)
optiscope.command("open")(open_file)
optiscope.command()(report)
optiscope.add_typer(runs, name="runs")
runs.command("list")(listing.list_runs)
runs.command()(show.show)
runs.command()(follow.follow)
runs.command()(fork.fork)
runs.command()(export.export)
runs.command()(delete.delete)
optiscope.add_typer(sweeps, name="sweeps")
sweeps.command("list")(list_sweeps)
sweeps.command("show")(show_sweep)
sweeps.command("follow")(follow_sweep)
sweeps.command("pause")(pause)
sweeps.command("resume")(resume)
sweeps.command("export")(export_sweep)
sweeps.command("delete")(delete_sweep)
optiscope.add_typer(lessons, name="lessons")
lessons.command("list")(list_lessons)
lessons.command("export")(export_lesson)
optiscope.add_typer(db, name="db")
db.command()(check.check)
db.command()(backup.backup)
db.command()(restore.restore)
db.command()(vacuum.vacuum)
