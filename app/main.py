"""``create_app()``: the routers, the page, the guards and the worker pool, put together."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache, partial

from fastapi import APIRouter, FastAPI

from optiscope import __version__
from optiscope.api import (
    anatomy,
    catalog,
    central_flow,
    checkpoints,
    code,
    compare,
    curvature,
    decision_boundary,
    docs,
    errors,
    export,
    gradient_noise,
    health,
    held_out_loss,
    imports,
    kept_sweeps,
    lessons,
    lint,
    loss_surface,
    lr_schedule,
    metrics,
    openapi,
    reports,
    runs,
    sweeps,
    train,
)
from optiscope.api.following import EncodedRecords
from optiscope.api.guards import guards
from optiscope.api.metrics import Metrics
from optiscope.api.security import STYLE_HASHES
from optiscope.api.streams import Places
from optiscope.engine.advice.defaults import DEFAULT_COMPARISON
from optiscope.engine.core.config import RunConfig
from optiscope.pages import page
from optiscope.pages.languages import languages_dir
from optiscope.pages.onefile import one_file
from optiscope.runs.advice import Advice
from optiscope.runs.description import describe
from optiscope.runs.keeping.errors import StorageError
from optiscope.runs.keeping.kept_runs import KeptRuns, open_kept_runs
from optiscope.runs.keeping.sweeps.kept_sweeps import KeptSweeps, open_kept_sweeps
from optiscope.runs.kernels import KernelsHere, KernelsThere
from optiscope.runs.kernels_ahead import KernelsAhead, suggested_sweeps
from optiscope.runs.service import RunService
from optiscope.runs.workers.by_kind import ByKind
from optiscope.runs.workers.cluster import Cluster
from optiscope.runs.workers.executor import Executor
from optiscope.runs.workers.local import local_pool
from optiscope.settings import Settings, require_one_web_process

DESCRIPTION = """\
A microscope for `torch.optim`: every route trains small networks with real PyTorch on the CPU and returns
torch's own numbers. A run is a pure function of its `RunConfig`: the same config gives the same numbers, bit
for bit. Errors are `application/problem+json` and name every field that is wrong; with the header
`Prefer: problem-status=200` they come with status 200, and their own `status` says what they are.
"""

TAGS = [
    {"name": "runs", "description": "Train, and stream every step."},
    {"name": "kept runs", "description": "Kept runs: follow, pause, rewind, fork."},
    {"name": "views", "description": "What is computed from runs."},
    {"name": "sweeps", "description": "Thousands of runs over a grid, and what each comes to."},
    {"name": "catalog", "description": "What a run can be made of."},
    {
        "name": "lessons",
        "description": "A few steps of text over the page, with questions that a run answers.",
    },
    {"name": "server", "description": "The server itself."},
]


def create_app(
    options: Settings | None = None, start_executor: Callable[[Settings], Executor] = local_pool
) -> FastAPI:
    """The application.

    Args:
        options: Addresses and limits of the server; those of the environment by default.
        start_executor: Starts what runs are trained on, once the server starts.
    """
    options = options or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        require_one_web_process()
        executor = start_executor(options)
        cluster = None
        if options.scheduler is not None:
            cluster = Cluster(options.scheduler, patience=options.job_seconds)
            executor = ByKind(executor, cluster)
        app.state.service = RunService(
            executor,
            chunk_seconds=options.chunk_seconds,
            chunk_bytes=options.chunk_bytes,
            cache_bytes=options.cache_bytes,
        )
        app.state.advice = Advice(app.state.service, options.limits)
        app.state.kernels = (
            KernelsHere(app.state.service, options.data_dir / "kernels")
            if cluster is None
            else KernelsThere(app.state.service, cluster)
        )
        app.state.kept_runs = await open_kept_runs(app.state.service, options)
        app.state.kept_sweeps = await _open_kept_sweeps(app, options)
        await asyncio.to_thread(prepare, app)
        ahead = _compiling_ahead(app, options)
        try:
            yield
        finally:
            end_streams(app)
            if ahead is not None:
                await ahead.close()
            await app.state.kernels.close()
            if isinstance(app.state.kept_sweeps, KeptSweeps):
                await app.state.kept_sweeps.close()
            if isinstance(app.state.kept_runs, KeptRuns):
                await app.state.kept_runs.close()
            await asyncio.to_thread(executor.shutdown)

    counted = Metrics()
    app = FastAPI(
        title="Optiscope",
        version=__version__,
        summary="Train small networks with real PyTorch and watch every step.",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=guards(options, counted.observe),
        generate_unique_id_function=openapi.operation_id,
        telemetry={"tracing": False},
    )
    app.state.options = options
    app.state.languages = languages_dir()
    app.state.metrics = counted
    app.state.limits = options.limits
    app.state.one_file = partial(one_file, style_hashes=STYLE_HASHES)
    app.state.places = Places(options.max_streams, options.max_client_streams)
    app.state.followers = Places(options.max_followers)
    app.state.encoded = EncodedRecords(options.encoded_bytes)
    errors.install(app)
    app.include_router(_api())
    app.include_router(docs.router)
    app.include_router(metrics.router)
    openapi.install(app)
    page.install(app)
    return app


async def _open_kept_sweeps(app: FastAPI, options: Settings) -> KeptSweeps | StorageError:
    """The sweeps in the database of kept runs, or why there are none."""
    state, kept = app.state, app.state.kept_runs
    if isinstance(kept, StorageError):
        return kept
    return await open_kept_sweeps(kept.database, state.service, state.kernels, options)


def _compiling_ahead(app: FastAPI, options: Settings) -> KernelsAhead | None:
    """Who compiles what nobody has asked for yet, unless kernels are a cluster's or that is switched off."""
    kernels = app.state.kernels
    if not options.compile_ahead or not isinstance(kernels, KernelsHere):
        return None
    return KernelsAhead(app.state.service, kernels, suggested_sweeps())


def prepare(app: FastAPI) -> None:
    """Do what the first requests would wait for: FastAPI builds its routes when it first needs them."""
    app.openapi()
    catalog.document(app.state.options)
    catalog.summary_document(app.state.options)
    _prepare_process()


@cache
def _prepare_process() -> None:
    """The same for what all applications of a process share: late imports of torch, the catalog, gzip."""
    describe(RunConfig.model_validate(DEFAULT_COMPARISON[0]))
    for script in page.PLOTLY:
        page.plotly_script(script)
    gc.freeze()  # torch's objects stay: looking through them again and again would cost more than the work


def end_streams(app: FastAPI) -> None:
    """End every open stream with ``run_ended``; may be called from a signal handler."""
    if hasattr(app.state, "service"):
        app.state.service.stop()


def _api() -> APIRouter:
    api = APIRouter(prefix="/api")
    for resource in (
        health,
        catalog,
        train,
        compare,
        loss_surface,
        curvature,
        central_flow,
        gradient_noise,
        held_out_loss,
        decision_boundary,
        lr_schedule,
        lint,
        code,
        reports,
        runs,
        imports,
        checkpoints,
        export,
        anatomy,
        lessons,
        sweeps,
        kept_sweeps,
    ):
        api.include_router(resource.router)
    return api
