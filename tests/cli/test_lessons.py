"""Lessons from the command line."""

import pytest

from tests.commands import optiscope

pytestmark = pytest.mark.live


def test_lessons_are_listed_and_one_becomes_a_file(live_server, tmp_path):
    """By its id, in any language that there is."""
    listed = optiscope("lessons", "list", "--language", "zh", "--url", live_server).stdout
    assert "freezing-fc2\t" in listed
    file = tmp_path / "lesson.html"
    done = optiscope("lessons", "export", "freezing-fc2", file, "--url", live_server)
    assert done.returncode == 0, done.stderr
    assert 'id="part-recording"' in file.read_text()
    unknown = optiscope("lessons", "export", "nope", file, "--url", live_server)
    assert (unknown.returncode, "there is no lesson nope" in unknown.stderr) == (2, True)
