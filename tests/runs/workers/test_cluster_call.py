"""A job for a cluster is bytes until a worker reads them, and is done only between equal versions."""

import pickle

import pytest

from optiscope.runs.workers.cluster_call import bytes_of, call, versions
from optiscope.runs.workers.scheduler_address import SchedulerError


def test_reading_it_is_doing_it():
    """So a scheduler can hand on what it could not import."""
    assert pickle.loads(bytes_of(divmod, (7, 2))) == (3, 1)  # noqa: S301 - written here


@pytest.mark.parametrize("name", ["Python", "optiscope", "torch", "numpy", "distributed"])
def test_other_versions_are_refused(name):
    """Both are told, of what differs."""
    job = pickle.dumps((divmod, 7, 2))
    with pytest.raises(SchedulerError, match=rf"has {name} {versions()[name]}, and here is {name} 0\.0:"):
        call(versions() | {name: "0.0"}, job)
