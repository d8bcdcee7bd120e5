"""The languages of the page: what a folder gives is offered, preferred, loaded and kept."""

import gzip
import html
import json
import re
import shutil

import pytest

from optiscope.languages import languages_in, preferred_language
from optiscope.pages import files, languages, page
from optiscope.pages.files import edition, static_dir
from optiscope.pages.languages import document_of


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-Hans-CN", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("de,zh;q=0.3,en;q=0.8", "en"),
        ("de,zh;q=0.8,en;q=0.3", "zh"),
        ("fr", "en"),
        ("zh;q=0", "en"),
        ("zh;q=much", "zh"),
        ("*", "en"),
    ],
)
def test_the_language_is_the_most_wanted_one_of_ours(header, language):
    """By the weights of Accept-Language, then by order; what cannot be read counts least."""
    known = languages_in(static_dir() / "languages")
    assert preferred_language(header, known).code == language


def offered_in(text):
    """The languages that a page names."""
    return json.loads(html.unescape(re.search(r'data-languages="([^"]*)"', text)[1]))


def loaded_early(text):
    """The codes of the languages that a page asks for before its modules do."""
    return re.findall(r'<link rel="preload" href="/languages/([^."]+)\.json', text)


async def test_the_page_begins_in_the_language_that_is_preferred_or_named_in_its_address(client):
    """Its words are asked for at once, those that stand in for them too."""
    plain = await client.get("/")
    assert ('lang="en"' in plain.text, loaded_early(plain.text)) == (True, ["en"])
    chinese = await client.get("/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert ('lang="zh-CN"' in chinese.text, loaded_early(chinese.text)) == (True, ["en", "zh"])
    assert 'data-preferred="zh"' in chinese.text
    named = await client.get("/?language=zh")
    assert ('lang="zh-CN"' in named.text, loaded_early(named.text)) == (True, ["en", "zh"])
    assert 'data-preferred="en"' in named.text
    assert loaded_early((await client.get("/?language=xx")).text) == ["en"]


async def test_a_language_is_kept_for_good_under_the_edition_and_compressed_once(client):
    """Under any other address it is asked about each time."""
    [english, *_] = offered_in((await client.get("/")).text)
    assert english["address"] == f"/languages/en.json?v={edition()}"
    response = await client.get(english["address"], headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert "immutable" in response.headers["cache-control"]
    assert response.json()["words"]["views"]["step"]["update"] == "update"
    packed = languages._packed(edition(), "en")
    assert gzip.decompress(packed.compressed) == packed.plain == response.content
    other = await client.get("/languages/en.json")
    assert other.headers["cache-control"] == "no-cache"
    again = await client.get("/languages/en.json", headers={"if-none-match": other.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("code", ["xx", "..%2Fen", "*", "en%2Flanguage"])
async def test_only_languages_are_served(client, code):
    """Any other name is not there."""
    assert (await client.get(f"/languages/{code}.json")).status_code == 404


def test_the_files_of_a_folder_are_one_document(tmp_path):
    """What stands by itself keeps its name; all else are words, under the folder and file they are in."""
    (tmp_path / "views").mkdir()
    for name in ("language", "said", "catalog", "quoted", "shell", "views/step", "views/said"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"from": name}))
    assert document_of(tmp_path) == {
        "language": {"from": "language"},
        "said": {"from": "said"},
        "catalog": {"from": "catalog"},
        "quoted": {"from": "quoted"},
        "words": {
            "shell": {"from": "shell"},
            "views": {"step": {"from": "views/step"}, "said": {"from": "views/said"}},
        },
    }


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    """Our files, and one more folder of words."""
    folder = tmp_path / "static"
    shutil.copytree(static_dir(), folder)
    ours = folder / "languages" / "tlh"
    ours.mkdir()
    (ours / "language.json").write_text(json.dumps({"name": "tlhIngan Hol", "short": "TLH", "tag": "tlh"}))
    (ours / "shell.json").write_text(json.dumps({"tagline": "torch.optim leghwI'"}))
    for module in (files, languages, page):
        monkeypatch.setattr(module, "static_dir", lambda: folder)
    return folder


async def test_a_further_language_is_nothing_but_a_folder(made_up, client):
    """It is offered beside the others, preferred where a browser does, and loaded as far as it goes."""
    text = (await client.get("/", headers={"accept-language": "tlh, en;q=0.5"})).text
    assert [one["code"] for one in offered_in(text)] == ["en", "tlh", "zh"]
    assert 'lang="tlh"' in text
    assert loaded_early(text) == ["en", "tlh"]
    document = (await client.get(offered_in(text)[1]["address"])).json()
    assert document["language"]["name"] == "tlhIngan Hol"
    assert document["words"] == {"shell": {"tagline": "torch.optim leghwI'"}}
