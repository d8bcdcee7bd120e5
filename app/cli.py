"""``optiscope serve | run | runs``: the command line."""

import contextlib
import json
import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import httpx
import typer
import uvicorn

from optiscope import __version__
from optiscope.api.security import is_loopback
from optiscope.api.wire import Layout
from optiscope.client import Client, RequestRefusedError
from optiscope.engine.core.errors import ConfigError
from optiscope.export import ExportError, Table, writer_of
from optiscope.main import create_app, end_streams
from optiscope.settings import Settings
from optiscope.terminal import print_runs, read_config, train_here

app = typer.Typer(help="Optiscope: a microscope for torch.optim.", no_args_is_help=True, add_completion=False)
kept = typer.Typer(help="Runs that a server keeps.", no_args_is_help=True)
app.add_typer(kept, name="runs")

ServerAddress = Annotated[
    str | None, typer.Option("--server", help="Its address; by default the one that `serve` would take.")
]
RunId = Annotated[str, typer.Argument(help="The id of a run.")]


SWITCH_SECONDS = 0.001
"""How long a thread may compute while others wait for their turn. A query gives its turn away at every row:
with Python's 5 ms, a list of fifty runs would take as many times 5 ms while the event loop is busy."""

KEEP_ALIVE_SECONDS = 75
"""How long an idle connection stays open: longer than clients keep theirs (httpx: 5 s), since a request that
meets the server closing the connection is lost."""


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
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=max(1, round(options.shutdown_seconds)),
    )
    if config.workers > 1:
        _give_up("Optiscope runs in one web process: unset WEB_CONCURRENCY (OPTISCOPE_WORKERS sets trainers)")
    sys.setswitchinterval(SWITCH_SECONDS)
    server = Server(config, on_start=started, on_stop=partial(end_streams, application))
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after a clean end
        server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(1)


@app.command()
def run(
    config: Annotated[Path, typer.Argument(help="A RunConfig as JSON; - reads standard input.")],
    layout: Annotated[Layout, typer.Option(help="A line for each step, or blocks of typed arrays.")] = "rows",
) -> None:
    """Train one run here, without a server: JSON Lines on standard output, progress on the error stream."""
    try:
        train_here(read_config(config), layout)
    except ConfigError as error:
        for problem in error.problems:
            typer.echo(f"{problem.pointer or '/'}: {problem.detail}", err=True)
        raise typer.Exit(2) from error
    except BrokenPipeError:  # whoever read has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _give_up(f"cannot read {config}: {error.strerror or error}")


@kept.command("list")
def list_runs(
    search: Annotated[str, typer.Argument(help="Words in the name, problem, optimizer or scheduler.")] = "",
    server: ServerAddress = None,
) -> None:
    """List runs, newest first."""
    with _client(server) as client:
        print_runs(client.runs(search))


@kept.command("show")
def show(run_id: RunId, server: ServerAddress = None) -> None:
    """Print all that is known of a run, as JSON."""
    with _client(server) as client:
        typer.echo(json.dumps(client.run(run_id).document, indent=2, ensure_ascii=False))


@kept.command("export")
def export(
    run_id: RunId,
    path: Annotated[Path, typer.Argument(help="A file: .csv, .npz, .parquet or .safetensors.")],
    server: ServerAddress = None,
) -> None:
    """Write all records of a run into a file, as far as it has come."""
    try:
        write = writer_of(path)
        with _client(server) as client:
            step = client.run(run_id).step
            write(Table.of(client.recorded_blocks(run_id, step)), path)
    except ExportError as error:
        _give_up(str(error))


@contextlib.contextmanager
def _client(server: str | None) -> Iterator[Client]:
    """A client of the server that runs here, or of another; what it refuses ends the command in words."""
    options = Settings()
    host = f"[{options.host}]" if ":" in options.host else options.host
    address = server or f"http://{host}:{options.port}"
    try:
        with Client(address, options.token) as client:
            yield client
    except httpx.TransportError as error:
        _give_up(f"no server answers at {address} ({error}); start one with: optiscope serve")
    except RequestRefusedError as error:
        _give_up(str(error))


def _options(host: str | None, port: int | None) -> Settings:
    """The settings of the environment with what the command line changes."""
    given = Settings()
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
