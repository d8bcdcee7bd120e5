"""``optiscope serve``: the command line."""

import contextlib
import os
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Annotated, NoReturn

import typer
import uvicorn

from app import __version__
from app.api.security import is_loopback
from app.main import create_app, end_streams
from app.settings import Settings, settings

app = typer.Typer(help="Optiscope: a microscope for torch.optim.", no_args_is_help=True, add_completion=False)


class Server(uvicorn.Server):
    """uvicorn, which says when it serves and lets open streams end when it is told to stop."""

    def __init__(
        self, config: uvicorn.Config, *, on_start: Callable[[], None], on_stop: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._on_start = on_start
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the streams, then the server."""
        self._on_stop()
        super().handle_exit(sig, frame)


@app.callback()
def optiscope() -> None:
    """Optiscope: a microscope for torch.optim."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to bind to; off loopback it needs a token.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = None,
    browser: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="Open the page; by default if there is a screen."),
    ] = None,
) -> None:
    """Serve the page and the API."""
    options = _options(host, port)
    listener = _bind(options)
    address = _address(options, listener)
    application = create_app(options)

    def started() -> None:
        typer.echo(f"Optiscope {__version__} is at {address}\nPress Ctrl+C to stop.")
        if _has_screen() if browser is None else browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=max(1, round(options.shutdown_seconds)),
    )
    if config.workers > 1:
        _give_up("Optiscope runs in one web process: unset WEB_CONCURRENCY (OPTISCOPE_WORKERS sets trainers)")
    server = Server(config, on_start=started, on_stop=partial(end_streams, application))
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after a clean end
        server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(1)


def _options(host: str | None, port: int | None) -> Settings:
    """The settings of the environment with what the command line changes."""
    given = settings()
    options = given.model_copy(
        update={"host": host or given.host, "port": given.port if port is None else port}
    )
    if options.token is None and not is_loopback(options.host):
        return options.model_copy(update={"token": secrets.token_urlsafe(24)})
    return options


def _bind(options: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((options.host.strip("[]"), options.port))
    except OSError as error:
        listener.close()
        _give_up(f"cannot serve on {options.host}:{options.port}: {error.strerror or error}; try --port 0")
    return listener


def _address(options: Settings, listener: socket.socket) -> str:
    """Where a browser finds the page."""
    host = "localhost" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104 - compared, not bound
    host = f"[{host}]" if ":" in host else host
    token = f"?token={options.token}" if options.token else ""
    return f"http://{host}:{listener.getsockname()[1]}/{token}"


def _has_screen() -> bool:
    return os.name == "nt" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _give_up(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(1)


def main() -> None:
    """The entry point of the ``optiscope`` command."""
    app()
