"""An address at which there is no scheduler is refused at once, in a sentence."""

import socket

import pytest

from optiscope.runs.workers.cluster import Cluster
from optiscope.runs.workers.scheduler_address import SchedulerError, require_scheduler
from tests.commands import optiscope
from tests.server import free_port


@pytest.mark.parametrize(
    "address",
    ["", "lab", "lab:8786", "http://lab:8786", "tcp://lab", "tcp://lab:0", "tcp://:1", "tcp://a b:1"],
)
def test_what_is_no_address_is_refused(address):
    """With the form that one has; nobody is asked."""
    with pytest.raises(SchedulerError, match=r"is tcp://HOST:PORT, or tls://HOST:PORT, got "):
        require_scheduler(address)


@pytest.mark.parametrize("use", [require_scheduler, lambda address: Cluster(address).connect()])
def test_where_nobody_listens_is_refused(use):
    """With what the system says; Dask would try for half a minute."""
    with pytest.raises(SchedulerError, match=r"no Dask scheduler can be reached at tcp://.*refused"):
        use(f"tcp://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_where_somebody_listens_is_accepted(host):
    """Whether that is a scheduler is seen when it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        require_scheduler(f"tls://{host}:{listener.getsockname()[1]}")


@pytest.mark.live
def test_a_server_does_not_start_without_its_scheduler():
    """It says why, and ends."""
    done = optiscope("serve", "--port", "0", OPTISCOPE_SCHEDULER=f"tcp://127.0.0.1:{free_port()}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("no Dask scheduler can be reached at tcp://127.0.0.1:")
