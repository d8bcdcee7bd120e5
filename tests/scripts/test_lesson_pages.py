"""What the pages of lessons show is what the page reads in their addresses."""

from optiscope.lessons.shown import SHOWN
from scripts.lesson_pages import shown, written


def test_what_lessons_show_is_written_down():
    """``make lessons`` would change nothing."""
    assert written(shown()) == SHOWN.read_text(encoding="utf-8")
