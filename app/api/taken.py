"""What ``POST /api/export`` is asked for: runs, or what a page shows of sweeps or of a lesson."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from optiscope.api.computed import GivenRun, GivenRuns
from optiscope.engine.core.config import Config, JSONList, at_most
from optiscope.engine.core.findings import refusal
from optiscope.engine.core.words import say
from optiscope.engine.lens.planes import PlaneConfig
from optiscope.engine.sweep.request import SweepConfig
from optiscope.export.files import Format
from optiscope.lessons.lesson import MAX_STEPS, Lesson

FILE_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "npz": "application/octet-stream",
    "safetensors": "application/octet-stream",
    "jsonl": "application/x-ndjson",
    "tensorboard": "application/zip",
}

PageOrFile = Literal[Format, "html"]

MOST_SWEEPS = 64
"""One for each run that is compared, and those that judge a race."""


class KeptSweepId(Config):
    """A kept sweep; one that is being trained is waited for."""

    id: Annotated[str, Field(max_length=64)] = Field(description="Of a kept sweep.")


def _kind(sweep: Any) -> str:
    return "kept sweep" if isinstance(sweep, dict) and "id" in sweep and "run" not in sweep else "sweep"


GivenSweep = Annotated[
    Annotated[SweepConfig, Tag("sweep")] | Annotated[KeptSweepId, Tag("kept sweep")], Discriminator(_kind)
]


class DrawnSweep(Config):
    """A sweep that a map is of."""

    sweep: GivenSweep = Field(description="A kept sweep, or what `POST /api/sweeps` takes.")
    runs: Annotated[tuple[Annotated[int, Field(ge=0)], ...], JSONList, Field(max_length=1024)] | None = Field(
        None,
        description="Which of `runs` its optimizers are, by index; unless given, all of them. None of one "
        "that is asked for after the others, as what judges a race.",
    )


class LessonPage(Config):
    """What a page of a lesson shows."""

    runs: GivenRuns = Field(description="A RunConfig, or the id of a kept run, each.")
    plane: PlaneConfig | None = Field(None, description="That the surface is drawn on.")


class Export(Config):
    """Runs to take away as a file; as HTML also the map of sweeps, or a lesson."""

    runs: Annotated[
        tuple[GivenRun, ...], Field(max_length=1024, strict=False), at_most("max_compared_runs")
    ] = Field((), description="Configs or ids; of sweeps, unless given, those that they begin with.")
    format: PageOrFile = Field(
        "csv", description="Of the file; several runs come as a zip, unless it is html."
    )
    address: str = Field(
        "", max_length=2**15, description="Of `html`: how the page looks at it, as a query of its own."
    )
    plane: PlaneConfig | None = Field(None, description="Of `html`: that the surface is drawn on.")
    held_out: bool = Field(False, description="Whether the loss on held-out samples is one more column.")
    sweeps: Annotated[tuple[DrawnSweep, ...], JSONList, Field(max_length=MOST_SWEEPS)] = Field(
        (), description="Of `html`: what a map is of."
    )
    lesson: Lesson | Annotated[str, Field(max_length=64)] | None = Field(
        None, description="Of `html`: the id of a lesson, or one of one's own."
    )
    pages: Annotated[tuple[LessonPage, ...], JSONList, Field(max_length=MAX_STEPS)] = Field(
        (), description="What each page of the lesson shows; known of those that come with Optiscope."
    )

    @model_validator(mode="after")
    def _require_something(self) -> Self:
        if not (self.runs or self.sweeps or self.lesson):
            raise refusal(say("export_nothing"))
        if self.format != "html" and (self.sweeps or self.lesson is not None):
            raise refusal(say("export_html_only", format=self.format))
        return self
