"""Every language has what the server says and the texts of the catalog, and nothing that nobody asks for."""

import json
import re
from typing import get_args

import pytest

from optiscope.api.catalog import whole
from optiscope.engine.core.words import SENTENCES
from optiscope.engine.recipe.optimizers.ideas import Idea
from optiscope.languages import BASE, languages_in
from optiscope.pages.files import static_dir
from optiscope.pages.languages import document_of
from optiscope.settings import Settings

FOLDER = static_dir() / "languages"
FURTHER = [language.code for language in languages_in(FOLDER) if language.code != BASE]
"""The languages that English is translated into."""

SECTIONS = (
    "problems",
    "activations",
    "optimizers",
    "lr_schedulers",
    "clipping",
    "lr_scheduler_presets",
    "loop_mistakes",
)
SHARED = "*"
"""The entry of a section whose texts are those of all others, unless they have their own."""


def texts_of(section, entry):
    """The texts of an entry of the catalog, by where they stand."""
    for field in ("title", "summary", "description", "failure", "reason"):
        if entry.get(field) and entry[field] != entry["name"]:
            yield (section, entry["name"], field), entry[field]
    for declared in entry.get("hyperparameters", ()):
        yield (section, entry["name"], "hyperparameters", declared["name"]), declared["description"]
    for key in entry.get("state_keys", ()):
        yield (section, entry["name"], "state", key["key"]), key["meaning"]


def texts_of_the_catalog():
    """Those of our own entries; what another package brings stays in its own words."""
    catalog = whole(Settings())
    return {
        place: text
        for section in SECTIONS
        for entry in catalog[section]
        if "." not in entry["name"]
        for place, text in texts_of(section, entry)
    }


def leaves(node, place=()):
    """All texts of nested objects, by their places."""
    if isinstance(node, str):
        return {place: node}
    return {
        inner: text for key, below in node.items() for inner, text in leaves(below, (*place, key)).items()
    }


@pytest.mark.parametrize("code", FURTHER)
def test_every_text_of_the_catalog_is_translated_and_nothing_else(code):
    """By where it stands, or once for all entries of a section that say the same."""
    translated = leaves(document_of(FOLDER / code)["catalog"])
    english = texts_of_the_catalog()
    stands = {place: place if place in translated else (place[0], SHARED, *place[2:]) for place in english}
    assert [place for place, found in stands.items() if found not in translated] == []
    assert sorted(set(translated) - set(stands.values())) == []
    assert "" not in translated.values()
    shared = {}
    for place, found in stands.items():
        shared.setdefault(found, set()).add(english[place])
    assert {found: texts for found, texts in shared.items() if len(texts) > 1} == {}


def forms_of(sentence):
    """The one form of a sentence, or those among which a count decides."""
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def holes_of(sentence):
    """What a sentence asks for, in any of its forms."""
    return {hole for form in forms_of(sentence) for hole in re.findall(r"\{(\w+)\}", form)}


@pytest.mark.parametrize("code", FURTHER)
def test_everything_that_the_server_says_is_translated_and_nothing_else(code):
    """Code by code, and each translation has the holes of its sentence."""
    said = document_of(FOLDER / code)["said"]
    assert sorted(set(SENTENCES) - set(said)) == []
    assert sorted(set(said) - set(SENTENCES)) == []
    assert [key for key in said if "" in forms_of(said[key])] == []
    unlike = [key for key in said if holes_of(said[key]) != holes_of(SENTENCES[key])]
    assert unlike == []


def test_a_sentence_has_several_forms_only_where_a_count_decides_among_them():
    """English has two; a language has those of its own rules, of which one is for any other count."""
    several = {key for key, sentence in SENTENCES.items() if not isinstance(sentence, str)}
    assert [key for key in several if set(SENTENCES[key]) != {"one", "other"}] == []
    for code in FURTHER:
        said = {
            key: one for key, one in document_of(FOLDER / code)["said"].items() if not isinstance(one, str)
        }
        assert [key for key, one in said.items() if key not in several or "other" not in one] == []


@pytest.mark.parametrize(
    "path", sorted(FOLDER.rglob("*.json")), ids=lambda path: str(path.relative_to(FOLDER))
)
def test_no_file_says_two_things_under_one_key(path):
    """The first of them would be lost without a word."""

    def once(pairs):
        keys = [key for key, _ in pairs]
        assert sorted(set(keys)) == sorted(keys)
        return dict(pairs)

    json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)


@pytest.mark.parametrize("code", [BASE, *FURTHER])
def test_every_idea_that_the_list_of_optimizers_is_grouped_by_has_words(code):
    """A heading, and what else a person may look for; there are none but those."""
    words = json.loads((FOLDER / code / "controls" / "optimizers.json").read_text(encoding="utf-8"))
    ideas = set(get_args(Idea))
    assert set(words["groups"]) - {"recent", "named"} == ideas
    assert set(words["also"]) == ideas
