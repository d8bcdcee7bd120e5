"""A watched run, from a file to the server that shows it."""

from optiscope import Client
from tests.commands import optiscope
from tests.watching.recorded import trained


def test_a_file_is_sent_and_its_run_named(live_server, tmp_path):
    """The id of the run is printed; a file that is not there is said so."""
    trained(tmp_path / "mine.optiscope")
    done = optiscope("open", str(tmp_path / "mine.optiscope"), "--no-browser", "--url", live_server)
    with Client(live_server) as client:
        assert client.run(done.stdout.strip()).step == 6
    missing = optiscope("open", str(tmp_path / "none.optiscope"), "--no-browser", "--url", live_server)
    assert (missing.returncode, "cannot be read" in missing.stderr) == (1, True)
