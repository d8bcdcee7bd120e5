"""A run as the database knows it."""

from optiscope.engine.core.words import say
from optiscope.runs.keeping.run import from_text, to_text


def test_what_is_said_of_a_run_is_kept_as_data():
    """A sentence comes back with its code and its parameters, and nothing said comes back as nothing."""
    said = say("held_up", step=3, why=say("storage_full"))
    assert from_text(to_text(said)) == said
    assert from_text(to_text(None)) is None


def test_what_an_earlier_version_said_is_read_as_it_was_written():
    """Before there were codes, the database held English sentences."""
    assert from_text("paused after step 7") == say("as_written", text="paused after step 7")
