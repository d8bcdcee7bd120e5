"""Every language has the texts of the catalog, and none that nobody asks for."""

import json

import pytest

from optiscope.api.catalog import document
from optiscope.pages.files import static_dir
from optiscope.pages.languages import BASE, document_of, languages_in

FOLDER = static_dir() / "languages"
FURTHER = [language.code for language in languages_in(FOLDER) if language.code != BASE]
"""The languages that English is translated into."""

SECTIONS = ("problems", "activations", "optimizers", "lr_schedulers", "clipping", "lr_scheduler_presets")
SHARED = "*"
"""The entry of a section whose texts are those of all others, unless they have their own."""


def texts_of(section, entry):
    """The texts of an entry of the catalog, by where they stand."""
    for field in ("title", "summary", "description", "reason"):
        if entry.get(field) and entry[field] != entry["name"]:
            yield (section, entry["name"], field), entry[field]
    for declared in entry.get("hyperparameters", ()):
        yield (section, entry["name"], "hyperparameters", declared["name"]), declared["description"]
    for key in entry.get("state_keys", ()):
        yield (section, entry["name"], "state", key["key"]), key["meaning"]


def texts_of_the_catalog():
    """Those of our own entries; what another package brings stays in its own words."""
    catalog = json.loads(document()[0])
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
