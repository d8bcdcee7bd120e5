"""Arguments and options that several commands take, each under one name."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Layout = Literal["rows", "columns"]

ConfigFile = Annotated[Path, typer.Argument(help="A RunConfig as JSON; - reads standard input.")]
LayoutOption = Annotated[Layout, typer.Option(help="A line for each step, or blocks of typed arrays.")]
PointsFile = Annotated[
    Path | None,
    typer.Option(
        "--points", help="A CSV file of points and labels, or values, that is trained on.", show_default=False
    ),
]
LabelColumn = Annotated[
    str | None,
    typer.Option("--label", help="Its column of labels, by name or number.", show_default="the last one"),
]
Url = Annotated[
    str | None,
    typer.Option("--url", help="Address of the server.", show_default="OPTISCOPE_URL, or what `serve` takes"),
]
RunId = Annotated[str, typer.Argument(help="The id of a run.", metavar="ID")]
Scheduler = Annotated[
    str | None,
    typer.Option(
        help="Dask scheduler whose workers train sweeps, as tcp://10.0.0.5:8786.",
        show_default="OPTISCOPE_SCHEDULER",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        help="Training processes; 0 means one for each core, 1 is this one.",
        min=0,
        max=256,
        show_default="OPTISCOPE_WORKERS",
    ),
]
