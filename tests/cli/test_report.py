"""What is said of a watched loop, from its file or by its id."""

from optiscope import Client
from tests.commands import optiscope
from tests.watching.advised import FLAWED
from tests.watching.loop_lines import Watched


def test_a_file_and_its_run_are_said_the_same(live_server, tmp_path):
    """A line for each thing; what is no such file is said so."""
    path = tmp_path / "mine.optiscope"
    watched = Watched(path)
    FLAWED["no backward"][0](watched)
    watched.seen.close()
    of_file = optiscope("report", str(path))
    assert of_file.stdout.startswith("no_backward: No parameter got a gradient in all 60 steps")
    with Client(live_server) as client:
        id_ = client.import_run(path.read_bytes()).id
        assert [found["code"] for found in client.report(id_)["found"]] == ["no_backward"]
    assert optiscope("report", id_, "--url", live_server).stdout == of_file.stdout
    missing = optiscope("report", str(tmp_path / "none.optiscope"))
    assert (missing.returncode, "there is no file" in missing.stderr) == (1, True)
    path.write_text("hello\n")
    assert optiscope("report", str(path)).returncode != 0
    folder = optiscope("report", str(tmp_path))
    assert (folder.returncode, folder.stderr) == (1, f"cannot read {tmp_path}: Is a directory\n")
