"""A line of the log is one line, and says which request it is about."""

import logging
import re

from optiscope.api.request_id import REQUEST_ID
from optiscope.serving.logs import FORMAT, OneLine


def line_of(message, *arguments, error=None):
    record = logging.LogRecord("optiscope.x", logging.WARNING, "", 0, message, arguments, error)
    return OneLine(FORMAT).format(record)


def test_a_line_has_time_level_name_and_request():
    """The id in brackets; a dash where nobody asked."""
    form = r"[-\d]+ [:\d,]+ WARNING optiscope.x \[{}\] 3 runs"
    assert re.fullmatch(form.format("-"), line_of("%d runs", 3))
    token = REQUEST_ID.set("mine")
    assert re.fullmatch(form.format("mine"), line_of("%d runs", 3))
    REQUEST_ID.reset(token)


def test_what_is_quoted_cannot_begin_a_line():
    """Control characters are written out; other languages are not, and a traceback keeps its lines."""
    assert line_of("run %s", "a\nERROR forged\x1b[2J").endswith(r"run a\nERROR forged\x1b[2J")
    assert line_of("运行 %s", "é").endswith("运行 é")
    try:
        1 / 0  # noqa: B018 - to have an error
    except ZeroDivisionError as error:
        lines = line_of("failed", error=(type(error), error, error.__traceback__)).splitlines()
    assert lines[0].endswith("failed")
    assert lines[-1] == "ZeroDivisionError: division by zero"
