"""A small client for scripts and notebooks: it knows the wire, and nothing of the rest of Optiscope.

Example:
    Compare two optimizers, on a server that ``optiscope serve`` has started::

        from optiscope import Client

        with Client() as client:
            for name in ("SGD", "Adam"):
                config = {"problem": {"name": "moons"}, "optimizer": {"name": name}, "steps": 200}
                *_, last = client.train(config)
                print(name, last.loss)

    Keep a run, fork it where it stood at step 100, and follow the fork::

        run = client.create(config, name="my run")
        fork = client.fork(run.id, 100, {"optimizer": {"hyperparameters": {"lr": 0.001}}})
        for record in client.follow(fork.id):
            print(record.step, record.loss, record.params["fc1.weight"])
"""

from optiscope.client.async_client import AsyncClient
from optiscope.client.async_sweep import AsyncSweep
from optiscope.client.errors import RequestRefusedError, StreamBrokenError
from optiscope.client.kept_run import KeptRun
from optiscope.client.kept_sweep import KeptSweep
from optiscope.client.reaching import NoServerError
from optiscope.client.runs import RunsClient
from optiscope.client.stream import Stream
from optiscope.client.sweeps import SweepsClient

__all__ = [
    "AsyncClient",
    "AsyncSweep",
    "Client",
    "KeptRun",
    "KeptSweep",
    "NoServerError",
    "RequestRefusedError",
    "Stream",
    "StreamBrokenError",
]


class Client(RunsClient, SweepsClient):
    """Talks to one server.

    Args:
        url: Address of the server; unless given, ``OPTISCOPE_URL`` of the environment, or
            ``http://127.0.0.1:8000``.
        token: Its access token, if it has one; unless given, ``OPTISCOPE_TOKEN`` of the environment.
        timeout: Seconds to wait for an answer, or for more of a stream.
        patience: Seconds in which a server that is busy is asked again, as often as it says, and one that has
            answered before is waited for.
        transport: How requests travel, if not over the network.
    """
