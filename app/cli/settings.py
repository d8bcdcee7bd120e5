"""The settings of the environment, with what the command line changes."""

from typing import TYPE_CHECKING, Any

from optiscope.cli.failures import give_up

if TYPE_CHECKING:
    from optiscope.settings import Settings


def settings(**given: Any) -> "Settings":
    """The settings; what is None is left to the environment, and what cannot be used ends the command."""
    from pydantic import ValidationError

    from optiscope.settings import Settings

    given = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        give_up("\n".join(f"{_named(found['loc'], given)}: {found['msg']}" for found in error.errors()))


def trainers(workers: int | None, scheduler: str | None) -> dict[str, Any]:
    """Who trains where no server does: the workers asked for, those of a scheduler, or as it is set."""
    options = settings(workers=workers, scheduler=scheduler)
    return {"workers": options.workers, "scheduler": options.scheduler if workers is None else None}


def _named(place: tuple[int | str, ...], given: dict[str, Any]) -> str:
    """What a person wrote to set a field: an option or a variable."""
    name = str(place[0])
    return f"--{name.replace('_', '-')}" if name in given else f"OPTISCOPE_{name.upper()}"
