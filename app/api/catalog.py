"""``GET /api/catalog``: everything that a run can be made of."""

import hashlib
from functools import cache
from typing import Any

import torch
from fastapi import APIRouter, Request, Response

from optiscope import __version__
from optiscope.api.catalog_documents import Catalog
from optiscope.api.computed import answers
from optiscope.api.wire import dumps, spelled
from optiscope.engine.advice.defaults import DEFAULT_COMPARISON
from optiscope.engine.advice.schedule_presets import LR_SCHEDULER_PRESETS
from optiscope.engine.core.registry import Registry
from optiscope.engine.recipe.clipping import CLIPPING
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULER_PLUGINS, LR_SCHEDULERS
from optiscope.engine.recipe.models import ACTIVATIONS
from optiscope.engine.recipe.optimizers import OPTIMIZER_PLUGINS, OPTIMIZERS
from optiscope.engine.recipe.problems import PROBLEM_PLUGINS, PROBLEMS
from optiscope.settings import Settings

router = APIRouter(tags=["catalog"])


TAG = {"description": "What it is, for `If-None-Match`.", "schema": {"type": "string"}}
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "It is the one of `If-None-Match`."}}


def limits(options: Settings) -> dict[str, int | float]:
    """The bounds of a request, under the names of the settings."""
    return {name: bound for name, bound in options.model_dump().items() if name.startswith("max_")}


def _entries(registry: Registry[Any]) -> list[dict[str, Any]]:
    return [entry.catalog() for entry in registry.values()]


@cache
def document(options: Settings) -> tuple[bytes, str]:
    """The catalog as JSON, and its entity tag: registries and settings do not change while a server runs."""
    content = dumps(
        spelled(
            {
                "version": __version__,
                "torch": torch.__version__,
                "problems": _entries(PROBLEMS),
                "problem_plugins": PROBLEM_PLUGINS.catalog(),
                "activations": _entries(ACTIVATIONS),
                "optimizers": _entries(OPTIMIZERS),
                "optimizer_plugins": OPTIMIZER_PLUGINS.catalog(),
                "lr_schedulers": _entries(LR_SCHEDULERS),
                "lr_scheduler_plugins": LR_SCHEDULER_PLUGINS.catalog(),
                "lr_scheduler_presets": _entries(LR_SCHEDULER_PRESETS),
                "clipping": _entries(CLIPPING),
                "limits": limits(options),
                "defaults": {"comparison": {"runs": DEFAULT_COMPARISON}},
            }
        )
    )
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@router.get(
    "/catalog",
    summary="Everything that a run can be made of",
    response_class=Response,
    responses=answers(Catalog, "The catalog.", {"ETag": TAG}) | UNCHANGED,
)
async def catalog(request: Request) -> Response:
    """Every problem, activation, optimizer and scheduler, with its hyperparameters, bounds and defaults.

    Formulas are MathML, with the LaTeX beside them. `limits` are the bounds of this server, `defaults` the
    comparison that the page opens with.
    """
    content, tag = document(request.app.state.options)
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)
