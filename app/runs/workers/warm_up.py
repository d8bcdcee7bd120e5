"""The first work of every worker: the server can ask for it before it has loaded torch itself."""

import gc


def warm_up() -> None:
    """Import and run once what every chunk needs, and keep torch to one thread.

    What is there then stays: the garbage collector need not look through all of torch again and again.
    """
    import torch  # noqa: PLC0415 - in the worker, which the server starts before it has loaded torch itself

    from optiscope.engine.core.config import OptimizerConfig, ProblemConfig, RunConfig  # noqa: PLC0415 - same
    from optiscope.engine.core.limits import DEFAULT_LIMITS  # noqa: PLC0415 - same
    from optiscope.engine.core.parts import whole  # noqa: PLC0415 - same
    from optiscope.runs.workers.jobs import surface_of, train_chunk  # noqa: PLC0415 - same

    torch.set_num_threads(1)
    config = RunConfig(problem=ProblemConfig(), optimizer=OptimizerConfig(name="Adam"), steps=2).canonical()
    chunk = train_chunk(config, None, 1)
    train_chunk(config, chunk.checkpoint, 1)
    whole(surface_of([config], [chunk.blocks], None, 2, None, DEFAULT_LIMITS))
    gc.freeze()
