"""A watched run, from a file to the server that shows it."""

import json

from optiscope import Client, train
from tests.commands import optiscope
from tests.watching.recorded import trained


def test_a_file_is_sent_and_its_run_named(live_server, tmp_path):
    """The id of the run is printed, and where it is shown; a file that is not there is said so."""
    trained(tmp_path / "mine.optiscope")
    done = optiscope("open", str(tmp_path / "mine.optiscope"), "--no-browser", "--url", live_server)
    with Client(live_server) as client:
        assert client.run(done.stdout.strip()).step == 6
    assert f"{live_server}/?v=2&place=loops&loop={done.stdout.strip()}" in done.stderr
    missing = optiscope("open", str(tmp_path / "none.optiscope"), "--no-browser", "--url", live_server)
    assert (missing.returncode, "cannot be read" in missing.stderr) == (1, True)


def test_what_a_run_wrote_is_opened(live_server, tmp_path):
    """Its events, or an export of it, are the same run again; of a fork they are its records."""
    config = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 9}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "run.jsonl").write_text(optiscope("run", str(tmp_path / "config.json")).stdout)
    with Client(live_server) as client:
        for name in ("run.jsonl", "run.npz"):
            done = optiscope("open", str(tmp_path / name), "--no-browser", "--url", live_server)
            assert done.returncode == 0, done.stderr
            id_ = done.stdout.strip()
            assert f"It is shown at {live_server}/?v=2&kept={id_}\n" in done.stderr
            assert [record.loss for record in client.follow(id_)] == train(config).loss.tolist()
            (tmp_path / "run.npz").write_bytes(client.export(id_, "npz"))
        fork = client.fork(id_, 4, {"optimizer": {"hyperparameters": {"lr": 0.1}}})
        losses = [record.loss for record in client.follow(fork.id)]
        for name in ("fork.csv", "fork.jsonl"):
            (tmp_path / name).write_bytes(client.export(fork.id, name[5:]))
            done = optiscope("open", str(tmp_path / name), "--no-browser", "--url", live_server)
            assert done.returncode == 0, done.stderr
            assert [record.loss for record in client.follow(done.stdout.strip())] == losses
