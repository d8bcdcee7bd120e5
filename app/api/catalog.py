"""``GET /api/catalog``: everything that a run can be made of, whole, in brief or entry by entry."""

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

import torch
from fastapi import APIRouter, HTTPException, Path, Request, Response

from optiscope import __version__
from optiscope.api.catalog_documents import Catalog, CatalogEntry, LoopMistakes, OptimizerLine, OptimizerList
from optiscope.api.catalog_summary import CatalogSummary, summary
from optiscope.api.computed import answers
from optiscope.api.events import problems
from optiscope.api.wire import dumps, spelled
from optiscope.engine.advice.defaults import DEFAULT_COMPARISON
from optiscope.engine.advice.failure_modes import race_on
from optiscope.engine.advice.mistakes import LOOP_MISTAKES
from optiscope.engine.advice.schedule_presets import LR_SCHEDULER_PRESETS
from optiscope.engine.advice.suggested_rates import suggested_rates
from optiscope.engine.core.errors import UnknownNameError
from optiscope.engine.core.registry import Registry
from optiscope.engine.core.words import Said
from optiscope.engine.lens.picture import picture
from optiscope.engine.recipe.clipping import CLIPPING
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULER_PLUGINS, LR_SCHEDULERS
from optiscope.engine.recipe.models import ACTIVATIONS
from optiscope.engine.recipe.optimizers import OPTIMIZER_PLUGINS, OPTIMIZERS, OptimizerInfo
from optiscope.engine.recipe.optimizers.ideas import FAMILIES
from optiscope.engine.recipe.problems import PROBLEM_PLUGINS, PROBLEMS
from optiscope.settings import Settings

router = APIRouter(tags=["catalog"])

EntryKind = Literal["problems", "activations", "optimizers", "lr_schedulers", "clipping", "loop_mistakes"]

_KINDS: Mapping[EntryKind, Registry[Any]] = {
    "problems": PROBLEMS,
    "activations": ACTIVATIONS,
    "optimizers": OPTIMIZERS,
    "lr_schedulers": LR_SCHEDULERS,
    "clipping": CLIPPING,
    "loop_mistakes": LOOP_MISTAKES,
}

TAG = {"description": "What it is, for `If-None-Match`.", "schema": {"type": "string"}}
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "It is the one of `If-None-Match`."}}


def limits(options: Settings) -> dict[str, int | float]:
    """The bounds of a request, under the names of the settings."""
    return {name: bound for name, bound in options.model_dump().items() if name.startswith("max_")}


@cache
def _problem(name: str) -> dict[str, Any]:
    """What the recipe says of a problem, what is advised on it, and how it looks, which takes a while."""
    entry = PROBLEMS[name]
    advised = {"rates": suggested_rates(entry), "race": race_on(name)}
    return entry.catalog() | advised | {"picture": picture(entry)}


def _entries(registry: Registry[Any]) -> list[dict[str, Any]]:
    return [entry.catalog() for entry in registry.values()]


@cache
def whole(options: Settings) -> dict[str, Any]:
    """The catalog as JSON has it: registries and settings do not change while a server runs."""
    content: dict[str, Any] = spelled(
        {
            "version": __version__,
            "torch": torch.__version__,
            "problems": [_problem(name) for name in PROBLEMS],
            "problem_plugins": PROBLEM_PLUGINS.catalog(),
            "activations": _entries(ACTIVATIONS),
            "optimizers": _entries(OPTIMIZERS),
            "optimizer_plugins": OPTIMIZER_PLUGINS.catalog(),
            "lr_schedulers": _entries(LR_SCHEDULERS),
            "lr_scheduler_plugins": LR_SCHEDULER_PLUGINS.catalog(),
            "lr_scheduler_presets": _entries(LR_SCHEDULER_PRESETS),
            "clipping": _entries(CLIPPING),
            "loop_mistakes": _entries(LOOP_MISTAKES),
            "limits": limits(options),
            "defaults": {"comparison": {"runs": DEFAULT_COMPARISON}},
        }
    )
    return content


class Document(NamedTuple):
    """What is sent, and its entity tag."""

    content: bytes
    tag: str


def _document(content: Any) -> Document:
    text = dumps(content)
    return Document(text, f'"{hashlib.sha256(text).hexdigest()[:32]}"')


@cache
def document(options: Settings) -> Document:
    """The whole catalog."""
    return _document(whole(options))


@cache
def summary_document(options: Settings) -> Document:
    """The catalog in brief."""
    return _document(summary(whole(options)))


def _line(info: OptimizerInfo) -> dict[str, Any]:
    """An optimizer in brief, with the reason why there is none as a sentence of ours, if it is one."""
    entry, why = info.catalog(), info.unavailable
    entry["why"] = why.document() if isinstance(why, Said) else None
    return {name: entry[name] for name in OptimizerLine.model_fields}


@cache
def optimizers_document() -> Document:
    """The optimizers as a list to choose from."""
    lines = [_line(info) for info in OPTIMIZERS.values()]
    families = [{"idea": idea, **about.document()} for idea, about in FAMILIES.items()]
    return _document({"optimizers": lines, "families": families})


@cache
def loop_mistakes_document() -> Document:
    """The classic mistakes of the training loop alone."""
    return _document({"loop_mistakes": _entries(LOOP_MISTAKES)})


def _answer(request: Request, found: Document) -> Response:
    headers = {"Cache-Control": "no-cache", "ETag": found.tag}
    if found.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type="application/json", headers=headers)


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
    return _answer(request, document(request.app.state.options))


@router.get(
    "/catalog/summary",
    summary="The same in brief",
    response_class=Response,
    responses=answers(CatalogSummary, "The catalog in brief.", {"ETag": TAG}) | UNCHANGED,
)
async def catalog_summary(request: Request) -> Response:
    """What there is and what it takes to begin, a tenth of the catalog's size: the page starts with it.

    Formulas, papers and descriptions are left out, the hyperparameters of other packages' optimizers too, and
    every field that is what the schema names as its default. `/api/catalog/{kind}/{name}` has them.
    """
    return _answer(request, summary_document(request.app.state.options))


@router.get(
    "/catalog/loop_mistakes",
    summary="The classic mistakes of the training loop",
    response_class=Response,
    responses=answers(LoopMistakes, "All of them.", {"ETag": TAG}) | UNCHANGED,
)
async def loop_mistakes(request: Request) -> Response:
    """Each as the change to a run that makes it, as the whole catalog lists them."""
    return _answer(request, loop_mistakes_document())


@router.get(
    "/catalog/optimizers",
    summary="The optimizers as a list to choose from",
    response_class=Response,
    responses=answers(OptimizerList, "All of them.", {"ETag": TAG}) | UNCHANGED,
)
async def optimizers(request: Request) -> Response:
    """Each with its idea, a line about it and its paper, which is what one looks for."""
    return _answer(request, optimizers_document())


@router.get(
    "/catalog/{kind}/{name}",
    summary="One entry of the catalog",
    response_class=Response,
    responses=answers(CatalogEntry, "The entry.", {"ETag": TAG}) | UNCHANGED | problems(404, 422),
)
async def catalog_entry(
    request: Request,
    kind: Annotated[EntryKind, Path(description="The list of the catalog that it is in.")],
    name: Annotated[
        str,
        Path(
            description="The `name` of an entry.",
            json_schema_extra={"pattern": r"^[\w.-]{1,200}$"},
            examples=["Adam"],
        ),
    ],
) -> Response:
    """All that the catalog says of a problem, activation, optimizer, scheduler or way of clipping."""
    try:
        return _answer(request, entry_document(kind, name))
    except UnknownNameError as error:
        raise HTTPException(404, error.problems[0].said) from None


def entry_document(kind: EntryKind, name: str) -> Document:
    """One entry, whole.

    Raises:
        UnknownNameError: If there is none.
    """
    found = _KINDS[kind].resolve(name, "/name")
    told = _problem(found.name) if kind == "problems" else found.catalog()
    return _document(spelled(told))
