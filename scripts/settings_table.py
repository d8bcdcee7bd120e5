"""The table of all settings in docs/operating.md, out of the fields of the settings: ``make settings``.

Usage: python scripts/settings_table.py
"""

from pathlib import Path

from optiscope.cli.variables import variables

FILE = Path(__file__).parents[1] / "docs" / "operating.md"
BEGIN = "<!-- settings: written by `make settings` -->\n"
END = "<!-- end of settings -->\n"


def with_table(text: str) -> str:
    """A text whose table is that of the settings as they are."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    lines = [f"| `{name}` | `{default}` | {meaning} |\n" for name, default, meaning in variables()]
    return "".join([head, BEGIN, "\n| variable | default | |\n|---|---|---|\n", *lines, "\n", END, tail])


if __name__ == "__main__":
    FILE.write_text(with_table(FILE.read_text()))
