"""The application in this process."""

from tests.application import client, connect, workers

__all__ = ["client", "connect", "workers"]
