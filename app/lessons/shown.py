"""What the pages of lessons show, as the page reads their addresses: ``make lessons`` writes it."""

from pathlib import Path

SHOWN = Path(__file__).with_name("shown.json")
"""By the address of a page of a lesson: ``runs``, the configs that it compares, and the ``plane``."""
