"""``optiscope lessons``: what can be done with lessons."""

from pathlib import Path
from typing import Annotated

import typer

from optiscope.cli.failures import told_by_file, until_closed
from optiscope.cli.options import Url
from optiscope.cli.server import server

LessonId = Annotated[str, typer.Argument(help="The id of a lesson.", metavar="ID")]
File = Annotated[Path | None, typer.Argument(help="A file; ID.html, unless given.", metavar="[FILE.html]")]
Language = Annotated[str, typer.Option(help="A code such as zh; else what the server prefers.")]


def listing(language: Language = "", url: Url = None) -> None:
    """List the lessons."""
    with server(url) as client, until_closed():
        for lesson in client.lessons(language):
            typer.echo(f"{lesson['id']}\t{lesson['title']}")


def export(lesson_id: LessonId, path: File = None, url: Url = None) -> None:
    """Write a lesson into one HTML file, which teaches it without a server."""
    path = path or Path(f"{lesson_id}.html")
    with server(url) as client, told_by_file(path):
        path.write_bytes(client.export_html(lesson=lesson_id))
