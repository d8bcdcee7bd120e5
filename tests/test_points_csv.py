import json
from dataclasses import asdict
from pathlib import Path

import pytest

import optiscope
from optiscope.points_csv import PointsError, decoded, read_table

CASES = json.loads(Path(__file__).with_name("points_csv.json").read_text())
"""What the page reads, too: ``tests/js/state/points-csv.test.js``."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_text_is_the_same_table_here_and_on_the_page(case):
    """Each case is read, or refused cell by cell, as the table of cases says."""
    given = case["text"], case.get("label"), case.get("loss")
    if "table" in case:
        found = asdict(read_table(*given))
        assert found | {"classes": found["classes"] and list(found["classes"])} == case["table"]
        return
    with pytest.raises(PointsError) as caught:
        read_table(*given)
    assert [{"code": one.code, "params": one.params} for one in caught.value.wrong] == case["wrong"]
    assert "{" not in str(caught.value)


TEXTS = json.loads(Path(__file__).with_name("texts.json").read_text())
"""What the page reads, too: ``tests/js/state/points-text.test.js``."""


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["name"])
def test_the_bytes_of_a_file_are_the_same_text_here_and_on_the_page(case):
    """UTF-8, UTF-16 by its mark, else Windows-1252; what is none of them is refused."""
    content = bytes(case["bytes"])
    if case["encoding"] is not None:
        assert decoded(content) == (case["text"], case["encoding"])
        return
    with pytest.raises(PointsError, match="no text in UTF-8"):
        decoded(content)


def test_a_file_that_is_not_utf_8_is_read_and_that_is_said(tmp_path):
    """As spreadsheets of other years wrote it."""
    path = tmp_path / "points.csv"
    path.write_bytes("größe,art\n1,süß\n2,sauer\n3,süß\n".encode("cp1252"))
    with pytest.warns(UserWarning, match="not UTF-8, and was read as Windows-1252"):
        problem = optiscope.points_from_csv(path)
    assert problem["points"]["y"] == [1, 0, 1]


def test_a_file_is_trained_on(tmp_path):
    """What a file becomes is the problem of a run, which starts and learns."""
    path = tmp_path / "points.csv"
    path.write_text("a,b,y\n" + "".join(f"{i},{-i},{'up' if i > 4 else 'down'}\n" for i in range(10)))
    problem = optiscope.points_from_csv(path, held_out=0.2, standardize=True, seed=3)
    run = optiscope.train(
        {"problem": problem, "optimizer": {"name": "Adam"}, "model": {"seed": 1}, "steps": 30}
    )
    assert run.loss[-1] < run.loss[0]
    assert run.config["problem"]["points"]["standardize"]
