"""The log: a line for each event on the error stream, with the id of the request that it is about."""

import logging

from optiscope.api.request_id import REQUEST_ID

FORMAT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"


class OneLine(logging.Formatter):
    """Writes control characters out, so that nobody who is quoted in the log can begin a line of it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """The line, without what is appended of an exception."""
        record.request_id = REQUEST_ID.get() or "-"
        line = super().formatMessage(record).rstrip()
        return line if line.isprintable() else "".join(map(_written, line))


def _written(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


def set_up(level: str) -> None:
    """Log from a level on, on the error stream."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(FORMAT))
    logging.basicConfig(level=level.upper(), handlers=[handler])
