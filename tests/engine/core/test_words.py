"""What is said is data: one table of sentences, all of them used, each with the holes that are filled."""

import ast
import json
import math
import pickle
import re
from pathlib import Path

import pytest

import optiscope
from optiscope.engine.core.errors import SaidError
from optiscope.engine.core.words import LONGEST_RAW, SENTENCES, heard, raw, rounded, say, why

HOLE = re.compile(r"{(\w+)}")
SOURCES = sorted(Path(optiscope.__file__).parent.rglob("*.py"))


def templates(code):
    sentence = SENTENCES[code]
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def holes(code):
    return set(HOLE.findall(" ".join(templates(code))))


def calls(name):
    """Every call of a function in the sources, with where it stands."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == name:
                yield f"{path.name}:{node.lineno}", node


SAYINGS = [(where, node.args[0], {k.arg for k in node.keywords}) for where, node in calls("say")]


def test_every_sentence_that_is_said_is_in_the_table_with_its_holes():
    """The code is written out where it is said, and each hole of its template is filled by name."""
    for where, code, filled in SAYINGS:
        assert isinstance(code, ast.Constant), where
        assert code.value in SENTENCES, where
        needed = holes(code.value) | ({"count"} if len(templates(code.value)) > 1 else set())
        assert filled == needed, where


def test_every_sentence_of_the_table_is_said():
    """A sentence that nothing says would be translated for nobody."""
    assert set(SENTENCES) == {code.value for _, code, _ in SAYINGS}


def test_codes_are_names_and_templates_hold_nothing_but_holes():
    """Codes are stable names for programs; a brace that is no hole would break the sentence."""
    for code in SENTENCES:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
        for template in templates(code):
            assert template.strip(), code
            assert not re.search(r"[{}]", HOLE.sub("", template)), code
        if len(templates(code)) > 1:
            assert list(SENTENCES[code]) == ["one", "other"]


def test_no_status_is_raised_with_a_bare_text():
    """What a route refuses by a status is a sentence of the table, too."""
    for where, node in calls("HTTPException"):
        for said in node.args[1:]:
            assert not isinstance(said, ast.Constant | ast.JoinedStr), where


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (say("at_most", field="lr", bound=1e9, value=2e9), "lr must be at most 1e+09, got 2e+09"),
        (say("at_least", field="lr", bound=0.0, value=-1.5), "lr must be at least 0, got -1.5"),
        (say("at_most", field="x", bound=1, value=0.1 + 0.2), "x must be at most 1, got 0.30000000000000004"),
        (say("not_finite", field="lr", value=-math.inf), "lr must be a finite number, got -Infinity"),
        (say("choose_layers", layers=["fc1", "fc2"]), "choose from fc1, fc2"),
        (say("entries", count=1), "1 entry"),
        (say("entries", count=0), "0 entries"),
        (say("completed", count=1), "completed 1 step"),
        (say("completed", count=2), "completed all 2 steps"),
        (
            say("held_up", step=3, why=say("storage_full")),
            f"held up after step 3: {SENTENCES['storage_full']}",
        ),
    ],
)
def test_a_sentence_is_said_in_english(said, text):
    """Numbers are short and exact, lists have commas, one thing is singular, a part is said in its turn."""
    assert str(said) == text


SAID = say("and_more", first=say("choose_of", choices=["a", say("none")]), count=2**60)


def test_what_is_said_is_plain_data():
    """It travels as JSON and as a pickle, and comes back the same; equal sayings are one in a set."""
    document = json.loads(json.dumps(SAID.document()))
    assert document["code"] == "and_more"
    assert document["params"]["first"] == {
        "detail": "choose one of a, none",
        "code": "choose_of",
        "params": {"choices": ["a", {"detail": "none", "code": "none", "params": {}}]},
    }
    assert document["params"]["count"] == str(2**60)
    assert heard(document) == SAID == pickle.loads(pickle.dumps(SAID))  # noqa: S301 - written here
    assert len({SAID, heard(document)}) == 1


@pytest.mark.parametrize(
    "document",
    [
        {"detail": "some words"},
        {"detail": "some words", "code": "of_tomorrow", "params": {}},
        {"detail": "some words", "code": "at_most", "params": {"limit": 3}},
        {
            "detail": "some words",
            "code": "held_up",
            "params": {"step": 1, "why": {"code": "of_tomorrow", "params": {}}},
        },
        {"detail": "some words", "code": "failed", "params": {"step": 1, "why": "no luck"}},
    ],
)
def test_words_of_another_version_are_taken_as_they_were_written(document):
    """What an earlier version kept without a code, or a later one with another, can still be read."""
    assert heard(document) == say("as_written", text="some words")


def test_why_is_what_an_exception_says():
    """Data of our own exceptions, the text of all others, and the class of one without a text."""
    assert why(ValueError("no luck")) == "no luck"
    assert why(ZeroDivisionError()) == "ZeroDivisionError"
    assert rounded(math.pi, 3) == 3.14


def test_raw_words_have_their_class_and_an_end():
    """They are one line of bounded length; what is ours stays data."""
    assert raw(ZeroDivisionError("float division by zero")) == "ZeroDivisionError: float division by zero"
    assert raw(KeyError()) == "KeyError"
    assert raw(ValueError("two\n  lines")) == "ValueError: two lines"
    assert len(raw(ValueError("x" * 9999))) == LONGEST_RAW
    assert raw(SaidError(SAID)) is SAID
