"""Runs as the page that plays them, without a server: ``show`` puts it into a notebook, or into a file."""

import asyncio
import html
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import GeneratorType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.api.playing import require_small
from optiscope.api.recording import Look, Played, record
from optiscope.api.security import STYLE_HASHES
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.parts import whole
from optiscope.engine.loop.checkpoint import Ended
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.plain import plain_torch
from optiscope.local import Config, described
from optiscope.pages.onefile import one_file
from optiscope.pictures import curves_png
from optiscope.records import Run
from optiscope.runs.cache import FinishedRun
from optiscope.settings import Settings

HEIGHT = 720


@dataclass(frozen=True)
class Shown:
    """A page that plays runs: what a notebook shows where this is the value of a cell.

    Attributes:
        file: The page: one HTML file that needs no server and no network.
        caption: What it shows, in a line.
        picture: The losses as PNG, for where no page may be shown.
        height: Of its frame in a notebook, in pixels.
    """

    file: bytes = field(repr=False)
    caption: str
    picture: bytes = field(repr=False)
    height: int

    def save(self, path: str | Path) -> Path:
        """Write the page into a file, which any browser opens."""
        written = Path(path)
        written.write_bytes(self.file)
        return written

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts" srcdoc="{html.escape(self.file.decode())}" '
            f'title="{html.escape(self.caption)}" width="100%" height="{self.height}" '
            'style="border: 0"></iframe>'
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The page, a picture and a line: a notebook takes the best that it may show."""
        return {
            "text/html": self._repr_html_(),
            "image/png": b64encode(self.picture).decode(),
            "text/plain": self.caption,
        }


def show(runs: Config | Run | Iterable[Config | Run], *, address: str = "", height: int = HEIGHT) -> Shown:
    """The page that plays runs of one problem, in a notebook or as a file.

    Args:
        runs: Configs, see :func:`optiscope.train`, or runs, which are trained again from their configs.
        address: How the page looks at them: a query as the page has it, such as ``?v=2&step=40``.
        height: Of its frame in a notebook, in pixels.

    Raises:
        ConfigError: If one of them cannot be run, or they are too much for one file.

    Example:
        >>> from optiscope import show
        >>> problem = {"name": "rosenbrock"}
        >>> runs = [{"problem": problem, "optimizer": {"name": n}, "steps": 9} for n in ("SGD", "Adam")]
        >>> page = show(runs)
        >>> page.caption
        'SGD, Adam on rosenbrock: 9 steps'
    """
    given = [runs] if isinstance(runs, RunConfig | Mapping | str | bytes | Run) else list(runs)
    with ThreadPoolExecutor(1) as thread:  # a notebook has a loop of its own
        return thread.submit(_shown, given, address, height).result()


def _shown(given: list[Config | Run], address: str, height: int) -> Shown:
    options = Settings()
    configs = {f"/{k}": run.config if isinstance(run, Run) else run for k, run in enumerate(given)}
    with plain_torch():
        runs = described(configs)
        trained = advance_together([run.config for run in runs])
        records = [FinishedRun(tuple(blocks), _end(reached.ended)) for blocks, reached in trained]
        require_small(records, options.limits)
        played = [
            Played(run.config.model_dump(mode="json"), run.config, found)
            for run, found in zip(runs, records, strict=True)
        ]
        recording = asyncio.run(record(played, Look(address), _Here(), options))
    losses = [_losses(found) for found in records]
    names = ", ".join(run.config.optimizer.name for run in runs)
    caption = f"{names} on {runs[0].config.problem.name}: {max(map(len, losses)) - 1} steps"
    return Shown(one_file(recording, style_hashes=STYLE_HASHES), caption, curves_png(losses), height)


class _Here:
    """Computes in this process."""

    async def compute(self, function: Callable[..., Any], *arguments: Any) -> Any:
        found = function(*arguments)
        return whole(found) if isinstance(found, GeneratorType) else found


def _end(ended: Ended | None) -> Ended:
    assert ended is not None  # noqa: S101 - it went there
    return ended


def _losses(run: FinishedRun) -> NDArray[np.floating]:
    """[records] of each step, before it."""
    return np.concatenate([block.loss for block in run.blocks])
