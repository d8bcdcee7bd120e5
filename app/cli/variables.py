"""Every ``OPTISCOPE_…`` variable, with its default and what it means, out of the fields of the settings."""

from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from optiscope.engine.core.limits import Limits
from optiscope.settings import Settings


def print_variables() -> None:
    """A panel like those of typer, on standard output."""
    lines = [
        Text.assemble((name, "bold cyan"), f" = {default}", ("\n    " + meaning, "dim"))
        for name, default, meaning in variables()
    ]
    Console().print(Panel(Group(*lines), title="Variables", title_align="left", border_style="dim"))


def variables() -> list[tuple[str, str, str]]:
    """Name, default and meaning of each: those of the server, then the limits of a request."""
    prefix = Settings.model_config["env_prefix"]
    fields = sorted(Settings.model_fields.items(), key=lambda item: item[0] in Limits.model_fields)
    return [(f"{prefix}{name.upper()}", _shown(field), field.description or "") for name, field in fields]


def _shown(field: FieldInfo) -> str:
    default: Any = field.get_default(call_default_factory=True, validated_data={})
    if default is None or default == ():
        return "none"
    if isinstance(default, float):
        return f"{default:g}"
    return str(default).replace(str(Path.home()), "~", 1)
