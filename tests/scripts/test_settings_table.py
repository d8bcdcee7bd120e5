"""Whoever operates a server reads of every setting, with its default."""

from scripts.settings_table import FILE, with_table


def test_the_table_of_settings_is_current():
    """A setting that was added or changed is written by ``make settings``."""
    text = FILE.read_text()
    assert "`OPTISCOPE_TOKEN`" in text
    assert with_table(text) == text
