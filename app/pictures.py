"""Small pictures as PNG, for where nothing that moves may be shown: NumPy and nothing else."""

import html
import struct
import zlib
from base64 import b64encode
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

COLORS = ("#0068ad", "#c94f00", "#00805c", "#a83d80", "#8a6100", "#5b4fc9", "#3a4049", "#8c3b2e")
"""Those of the runs on the page, where it is light."""

LOSSES = ("#33607f", "#5c8aa3", "#8fb0bd", "#c3d3d6", "#f2f6f6")
"""Of cells, from low to high."""

LOST = "#d98b6f"
"""Of a cell that has no number."""

WIDTH, HEIGHT, MARGIN = 640, 320, 12
GRID = 0xE4
LINES = 5

Image = NDArray[np.uint8]


def curves_png(curves: Sequence[NDArray[np.floating]]) -> bytes:
    """Curves over their steps, logarithmic where all numbers are above zero, as a PNG.

    Example:
        >>> curves_png([np.array([4.0, 2.0, 1.0])])[1:4]
        b'PNG'
    """
    image = np.full((HEIGHT, WIDTH, 3), 0xFF, np.uint8)
    for row in np.linspace(MARGIN, HEIGHT - MARGIN - 1, LINES).astype(int):
        image[row, MARGIN:-MARGIN] = GRID
    known = np.concatenate([curve[np.isfinite(curve)] for curve in curves] or [np.zeros(0)])
    if not known.size:
        return _png(image)
    scale = np.log10 if known.min() > 0 else np.asarray
    low, high = scale(known.min()), scale(known.max())
    for curve, color in zip(curves, _repeated(len(curves)), strict=True):
        with np.errstate(invalid="ignore", divide="ignore"):
            heights = (scale(curve) - low) / (high - low or 1.0)
        _draw(image, heights, color)
    return _png(image)


def bundle(picture: bytes, text: str, more: str = "") -> dict[str, str]:
    """What a notebook takes the best of: a picture with its lines and more HTML, the picture, the lines."""
    encoded = b64encode(picture).decode()
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines())
    told = f'<img alt="" src="data:image/png;base64,{encoded}">{lines}{more}'
    return {"text/html": told, "image/png": encoded, "text/plain": text}


def table_html(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as a table, the first row its head.

    Example:
        >>> table_html([["a"], ["<"]])
        '<table><tr><th>a</th></tr><tr><td>&lt;</td></tr></table>'
    """
    head, *body = (
        "".join(f"<{kind}>{html.escape(cell)}</{kind}>" for cell in row)
        for kind, row in zip(["th"] + ["td"] * (len(rows) - 1), rows, strict=True)
    )
    return "<table>" + "".join(f"<tr>{cells}</tr>" for cells in (head, *body)) + "</table>"


def cells_png(cells: NDArray[np.floating]) -> bytes:
    """Cells [rows, columns], the first row below, logarithmic where all are above zero, as a PNG.

    Example:
        >>> cells_png(np.array([[1.0, 2.0], [np.inf, 4.0]]))[1:4]
        b'PNG'
    """
    isfinite = np.isfinite(cells)
    known = cells[isfinite]
    scale = np.log10 if known.size and known.min() > 0 else np.asarray
    low, high = (scale(known.min()), scale(known.max())) if known.size else (0.0, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        at = np.where(isfinite, (scale(cells) - low) / (high - low or 1.0), 0.0) * (len(LOSSES) - 1)
    scales = np.array([_color(name) for name in LOSSES], np.float64)
    parts = [np.interp(at, np.arange(len(LOSSES)), scales[:, part]) for part in range(3)]
    colors = np.stack(parts, axis=-1).astype(np.uint8)
    colors[~isfinite] = _color(LOST)
    rows, columns = (
        np.arange(side) * count // side for side, count in zip((HEIGHT, WIDTH), cells.shape, strict=True)
    )
    return _png(np.ascontiguousarray(colors[::-1][rows][:, columns]))


def _color(name: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(name[1:]), np.uint8)


def _repeated(count: int) -> list[NDArray[np.uint8]]:
    """A colour for each of so many."""
    return [_color(COLORS[index % len(COLORS)]) for index in range(count)]


def _draw(image: Image, heights: NDArray[np.floating], color: NDArray[np.uint8]) -> None:
    """A line of two pixels through heights from 0 to 1; it breaks where one is not finite."""
    fine = np.linspace(0, max(1, len(heights) - 1), 4 * WIDTH)
    values = np.interp(fine, np.arange(len(heights)), heights)
    inside = np.isfinite(values)
    columns = MARGIN + fine / fine[-1] * (WIDTH - 2 * MARGIN - 2)
    rows = HEIGHT - MARGIN - 2 - values * (HEIGHT - 2 * MARGIN - 2)
    for first, last in zip(range(len(fine) - 1), range(1, len(fine)), strict=True):
        if inside[first] and inside[last]:
            top, bottom = sorted((int(rows[first]), int(rows[last])))
            column = int(columns[first])
            image[top : bottom + 2, column : column + 2] = color


def _png(image: Image) -> bytes:
    height, width, _ = image.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), image.reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
