"""``optiscope serve``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from optiscope import __version__
from optiscope.cli.failures import give_up
from optiscope.cli.options import Scheduler
from optiscope.cli.settings import settings

if TYPE_CHECKING:
    from optiscope.settings import Settings

Host = Annotated[str | None, typer.Option(help="Address to bind to; off loopback it needs a token.")]
Port = Annotated[int | None, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)]
Folder = Annotated[Path | None, typer.Option("--data-dir", help="Where runs are kept.", file_okay=False)]
Workers = Annotated[int | None, typer.Option(help="Training processes; 0 means one for each core.")]
Token = Annotated[
    str | None, typer.Option(help="Access token; other users see it here, so prefer the variable.")
]
Level = Annotated[Literal["error", "warning", "info", "debug"] | None, typer.Option(help="What is logged.")]
Browser = Annotated[
    bool | None, typer.Option("--open/--no-open", help="Open the page; by default if there is a screen.")
]


class ServeCommand(TyperCommand):
    """A command whose help ends with all variables that change the server."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help, then the variables."""
        from optiscope.cli.variables import print_variables

        super().format_help(ctx, formatter)
        print_variables()


def serve(
    host: Host = None,
    port: Port = None,
    data_dir: Folder = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    token: Token = None,
    log_level: Level = None,
    browser: Browser = None,
) -> None:
    """Serve the page and the API."""
    options = _with_token(
        settings(
            host=host,
            port=port,
            data_dir=data_dir,
            workers=workers,
            scheduler=scheduler,
            token=token,
            log_level=log_level,
        )
    )
    if failure := _serve(options, _has_screen() if browser is None else browser):
        give_up(failure)


def _serve(options: "Settings", browser: bool) -> str:
    """Serve until a signal; why the server could not go on, or ""."""
    from optiscope.runs.workers.local import local_pool
    from optiscope.runs.workers.scheduler_address import SchedulerError, require_scheduler
    from optiscope.serving.listener import BindError, address, answering, bind
    from optiscope.serving.logs import set_up
    from optiscope.settings import require_one_web_process

    set_up(options.log_level)
    try:
        require_one_web_process()
        if options.scheduler is not None:
            require_scheduler(options.scheduler)
        listener = bind(options)
    except (RuntimeError, BindError, SchedulerError) as error:
        return str(error)
    options = answering(options, listener)
    pool = local_pool(options)  # the workers start while this process still imports what it serves with

    from optiscope.serving.server import run
    from optiscope.serving.starting import Starting

    application = Starting(options, pool, lambda: _greet(address(options, listener), browser))
    run(application, options, listener)
    return application.failure


def _with_token(options: "Settings") -> "Settings":
    """The settings, with a token made up where one is needed and none is given."""
    import secrets

    from optiscope.api.security import is_loopback

    if options.token is not None or is_loopback(options.host):
        return options
    return options.model_copy(update={"token": secrets.token_urlsafe(24)})


def _greet(address: str, browser: bool) -> None:
    """Say where the page is, and open it."""
    import threading
    import webbrowser

    typer.echo(f"Optiscope {__version__} is at {address}\nPress Ctrl+C to stop.")
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _has_screen() -> bool:
    return os.name == "nt" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
