"""A page in a notebook: in a frame of its own, as a picture, or as a line."""

import html
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

HEIGHT = 720


@dataclass(frozen=True)
class Shown:
    """A page of its own: what a notebook shows where this is the value of a cell.

    Attributes:
        file: The page: one HTML file that needs no server and no network.
        caption: What it shows, in a line.
        picture: The same as PNG, for where no page may be shown.
        height: Of its frame in a notebook, in pixels.
    """

    file: bytes = field(repr=False)
    caption: str
    picture: bytes = field(repr=False)
    height: int = HEIGHT

    def save(self, path: str | Path) -> Path:
        """Write the page into a file, which any browser opens."""
        written = Path(path)
        written.write_bytes(self.file)
        return written

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts" srcdoc="{html.escape(self.file.decode())}" '
            f'title="{html.escape(self.caption)}" width="100%" height="{self.height}" '
            'style="border: 0"></iframe>'
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The page, a picture and a line: a notebook takes the best that it may show."""
        return {
            "text/html": self._repr_html_(),
            "image/png": b64encode(self.picture).decode(),
            "text/plain": self.caption,
        }
