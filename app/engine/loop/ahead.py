"""How far the schedule of a run goes: what an extension would come to is known before anything is changed."""

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import Parts, stretches
from optiscope.engine.core.words import raw, say
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.failing import bounds_of_run
from optiscope.engine.loop.training import Training, quiet, restored


def require_schedule(config: RunConfig, reached: int) -> None:
    """Refuse more steps than the schedulers of a run say that they allow.

    Args:
        config: The run as it is to be.
        reached: Its steps before.

    Raises:
        ConfigError: Naming how many steps could be added, and the field that bounds them.
    """
    bounds = sorted(bounds_of_run(config), key=lambda bound: bound.step)
    for bound in bounds[:1]:
        said = say(
            "schedule_allows",
            scheduler=bound.part.config.name,
            count=bound.count,
            bound=max(bound.step - 1 - reached, 0),
            value=config.steps - reached,
            pointer=bound.pointer,
        )
        raise ConfigError.at("/steps", said)


def try_schedule(config: RunConfig, checkpoint: Checkpoint | None, most: int) -> Parts[None]:
    """Step the schedulers of a run ahead of it, as far as they need no losses, in parts.

    Args:
        config: The run as it is to be.
        checkpoint: Where it stands.
        most: How many steps to look ahead.

    Raises:
        ConfigError: If one of them raises an error.
    """
    with quiet():
        training = restored(config, checkpoint)
    if training.needs_metric:
        return
    last = min(config.steps, training.step + most)
    for steps in stretches(range(training.step + 1, last + 1)):
        _schedule(training, steps)
        yield


def _schedule(training: Training, steps: range) -> None:
    with quiet():
        for step in steps:
            try:
                training.schedule(step)
            except Exception as error:
                said = say("schedule_would_fail", step=step, why=raw(error))
                raise ConfigError.at("/steps", said) from error
