"""The page as one file that opens from the disk: its modules, its styles, plotly.js, and what was recorded.

Nothing of it asks for anything outside: its policy allows the scripts and styles that it holds, by their
hashes, and no request. What is large is compressed, and unpacked by a script of its own.
"""

import base64
import gzip
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from markupsafe import Markup

from optiscope import __version__
from optiscope.languages import preferred_language
from optiscope.pages.files import edition, static_dir
from optiscope.pages.languages import document_of, languages_dir, offered
from optiscope.pages.page import plotly_script, templates
from optiscope.pages.styles import combined
from optiscope.pages.whole import whole

PLOTLY = "plotly-cartesian.min.js"


class Parts(NamedTuple):
    """What each file holds, as long as ours are those of one edition.

    Attributes:
        early: A script that runs before anything is drawn.
        unpack: A script that unpacks the others.
        styles: All stylesheets.
        packed: Scripts by name, compressed, in base64.
        policy: The policy that allows these and nothing else, but for what plotly.js writes.
    """

    early: Markup
    unpack: Markup
    styles: Markup
    packed: Mapping[str, Markup]
    policy: str


def one_file(recording: Mapping[str, Any], *, style_hashes: str, accepts: str = "") -> bytes:
    """The file.

    Args:
        recording: What it plays: ``Contents`` of ``static/js/onefile/recording.js``, without the languages.
        style_hashes: Of the style attributes that plotly.js writes.
        accepts: Languages that are preferred, as ``Accept-Language`` has them.
    """
    name = edition()
    known = offered(name)
    words = {one.address(name).partition("?")[0]: document_of(languages_dir() / one.code) for one in known}
    told = {**recording, "documents": {**recording["documents"], **words}}
    parts = _parts(name)
    first = preferred_language(accepts, known)
    page = (
        templates()
        .get_template("onefile.html")
        .render(
            version=__version__,
            recorded=True,
            language=first,
            preferred=first.code,
            languages=[one._asdict() | {"address": one.address(name)} for one in known],
            icon=_icon(),
            parts=parts,
            policy=f"{parts.policy} {style_hashes}",
            recording=_packed(orjson.dumps(told)),
        )
    )
    return page.encode()


@lru_cache(maxsize=1)
def _parts(edition: str) -> Parts:
    early, unpack, styles = (
        _text("js/early.js"),
        _text("js/onefile/unpack.js"),
        combined(static_dir() / "css"),
    )
    plotly, page = plotly_script(PLOTLY).plain.decode(), whole(static_dir(), edition)
    scripts = " ".join(map(_hash, (early, unpack, plotly, page)))
    return Parts(
        Markup(early),  # noqa: S704 - files of ours
        Markup(unpack),  # noqa: S704
        Markup(styles),  # noqa: S704
        {"plotly": _packed(plotly.encode()), "page": _packed(page.encode())},
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; "
        f"script-src {scripts}; style-src {_hash(styles)}",
    )


def _text(path: str) -> str:
    return (static_dir() / path).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """How a policy names an inline script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _icon() -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(_text("img/mark.svg").encode()).decode()


def _packed(data: bytes) -> Markup:
    return Markup(base64.b64encode(gzip.compress(data, 9, mtime=0)).decode())  # noqa: S704 - letters and digits
