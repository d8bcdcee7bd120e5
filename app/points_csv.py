"""Points and labels, or values, from a CSV file as a problem, by the rules that the page reads files by."""

import csv
import math
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Any, Literal

Loss = Literal["mse_loss", "binary_cross_entropy_with_logits"]

_MSE: Loss = "mse_loss"
_BCE: Loss = "binary_cross_entropy_with_logits"

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_NUMERIC = re.compile(f"{_NUMBER.pattern}|{_DECIMAL_COMMA.pattern}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
"""What no text holds; a tab, ends of lines and a form feed it may."""

_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_CODECS = {"UTF-8": "utf-8-sig", "UTF-16": "utf-16", "Windows-1252": "cp1252"}

_DELIMITERS = "\t;,"
_CLASSES = 2
_LEAST_POINTS = 2
_MOST_TOLD = 8

_SENTENCES: Mapping[str, str] = {
    "no_text": "this is no text in UTF-8, UTF-16 or Windows-1252",
    "no_numbers": "this is no table of points: no row has a number in one of its cells",
    "empty": "row {row}, column {column}: there is nothing",
    "decimal_comma": "row {row}, column {column}: {text} has a decimal comma; write a point",
    "not_a_number": "row {row}, column {column}: {text} is not a number",
    "not_finite": "row {row}, column {column}: {text} is too large for a number",
    "quote": "row {row} has a quotation mark that does not end a cell",
    "cells": "row {row} has {count} cells, and the first one {expected}",
    "no_column": "there is no column {column}: there are {known}",
    "one_column": "there is one column: a label and features are needed, between commas, semicolons or tabs",
    "few_points": "there are {count} points: 2 are needed at least",
    "classes": "column {column} has {count} different labels: 2 make a classification, numbers a regression",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that keeps a file from being read.

    Attributes:
        code: Of what kind it is.
        params: Row, column and text, as far as there are some; rows are lines of the file, from 1.
    """

    code: str
    params: Mapping[str, str | int]

    def __str__(self) -> str:
        """It in a sentence."""
        return _SENTENCES[self.code].format_map(self.params)


class PointsError(ValueError):
    """A file is no table of numbers and labels.

    Attributes:
        wrong: Each cell, row or column at fault; at most eight are told.
    """

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        self.wrong = list(wrong)
        super().__init__("\n".join(map(str, wrong)))


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says.

    Attributes:
        features: The names of the columns of ``x``.
        label: The name of the column of ``y``.
        classes: What stands in the file for 0 and for 1; None of values.
        x: [points, features].
        y: [points].
        loss: Of labels or of values.
    """

    features: list[str]
    label: str
    classes: tuple[str, str] | None
    x: list[list[float]]
    y: list[float]
    loss: Loss


def points_from_csv(
    file: str | PathLike[str],
    *,
    label: str | None = None,
    loss: Loss | None = None,
    held_out: float = 0.25,
    standardize: bool = False,
    seed: int = 0,
) -> dict[str, Any]:
    r"""A CSV file as the ``problem`` of a RunConfig.

    Columns are parted by commas, semicolons or tabs; a first row without a number names them. All columns but
    the label's are features. Two different labels, words or numbers, become 0 and 1 in ascending order; other
    numbers are values. A file that is not UTF-8 is read as UTF-16 if it begins with its mark, else as
    Windows-1252, and a warning says so.

    Args:
        file: Its path.
        label: The column of labels by name, or by number from 1 where there are no names; the last one,
            unless given.
        loss: ``mse_loss`` for values or ``binary_cross_entropy_with_logits`` for labels; as the column says,
            unless given.
        held_out: Share of the points that is not trained on.
        standardize: Whether features are brought to mean 0 and standard deviation 1.
        seed: Chooses what is held out.

    Raises:
        PointsError: Naming every bad cell by row and column.
        OSError: If there is no such file.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "points.csv")
        ...     _ = path.write_text("length,width,species\n4.7,1.4,versicolor\n6,2.5,virginica\n")
        ...     points_from_csv(path)["points"]["y"]
        [0.0, 1.0]
    """
    text, encoding = decoded(Path(file).read_bytes())
    if encoding != "UTF-8":
        warnings.warn(f"{file}: this is not UTF-8, and was read as {encoding}", stacklevel=2)
    table = read_table(text, label, loss)
    points = {
        "x": table.x,
        "y": table.y,
        "loss": table.loss,
        "held_out": held_out,
        "standardize": standardize,
    }
    return {"name": "points", "points": points, "seed": seed}


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and the encoding that it was read in; the page tells them the same way.

    Raises:
        PointsError: If it is no text.
    """
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "UTF-8")
    for tried in dict.fromkeys((encoding, "Windows-1252")):
        try:
            text = content.decode(_CODECS[tried])
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text) is None:
            return text, tried
    raise PointsError([Wrong("no_text", {})])


def read_table(text: str, label: str | None = None, loss: Loss | None = None) -> Table:
    """The table of a text, as :func:`points_from_csv` takes it from a file.

    Raises:
        PointsError: Naming every bad cell by row and column.
    """
    lines = _rows(text.removeprefix("\ufeff"))
    if len(lines) > 1 and not any(_NUMERIC.fullmatch(cell) for _, cells in lines for cell in cells):
        raise PointsError([Wrong("no_numbers", {})])
    names, rows = _named(lines)
    place = _place(names, label)
    _raise(_uneven(rows, len(names)))
    if len(rows) < _LEAST_POINTS:
        raise PointsError([Wrong("few_points", {"count": len(rows)})])
    labels = [cells[place] for _, cells in rows]
    is_of_numbers = loss == _MSE or 2 * sum(map(_is_number, labels)) >= len(labels)
    words = None if is_of_numbers else place
    _raise(
        found
        for row, cells in rows
        for i, cell in enumerate(cells)
        if (found := _wrong(row, names[i], cell, is_word=i == words))
    )
    classes = _classes(labels, names[place], loss, is_of_numbers=is_of_numbers)
    return Table(
        features=[name for i, name in enumerate(names) if i != place],
        label=names[place],
        classes=(labels[classes.index(0)], labels[classes.index(1)]) if classes else None,
        x=[[float(cell) for i, cell in enumerate(cells) if i != place] for _, cells in rows],
        y=classes or [float(cell) for cell in labels],
        loss=_BCE if classes else _MSE,
    )


Row = tuple[int, list[str]]
"""A line of the file by its number from 1, and its cells."""


def _rows(text: str) -> list[Row]:
    """The lines that are not empty."""
    lines = text.splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), "")
    outside = re.sub(r'"[^"]*"', "", first)
    delimiter = next((sign for sign in _DELIMITERS if sign in outside), ",")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    found, begin = list[Row](), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((begin, [cell.strip() for cell in cells]))
            begin = reader.line_num + 1
    except csv.Error:
        raise PointsError([Wrong("quote", {"row": begin})]) from None
    return found


def _named(rows: list[Row]) -> tuple[list[str], list[Row]]:
    """The names of the columns and the rows of points; columns without names are numbered."""
    if not rows:
        raise PointsError([Wrong("few_points", {"count": 0})])
    (_, first), *rest = rows
    if len(first) < _CLASSES:
        raise PointsError([Wrong("one_column", {})])
    if any(map(_is_number, first)):
        return [str(number) for number in range(1, len(first) + 1)], rows
    return [name or str(number) for number, name in enumerate(first, start=1)], rest


def _place(names: list[str], label: str | None) -> int:
    """Where the labels stand."""
    if label is None:
        return len(names) - 1
    if label not in names:
        raise PointsError([Wrong("no_column", {"column": label, "known": ", ".join(names)})])
    return names.index(label)


def _uneven(rows: list[Row], expected: int) -> Iterator[Wrong]:
    for row, cells in rows:
        if len(cells) != expected:
            yield Wrong("cells", {"row": row, "count": len(cells), "expected": expected})


def _raise(wrong: Iterator[Wrong]) -> None:
    told = list(islice(wrong, _MOST_TOLD))
    if told:
        raise PointsError(told)


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _wrong(row: int, column: str, cell: str, *, is_word: bool) -> Wrong | None:
    """What is wrong with a cell; a word may be anything."""
    place: dict[str, str | int] = {"row": row, "column": column}
    if not cell:
        return Wrong("empty", place)
    if is_word:
        return None
    if _DECIMAL_COMMA.fullmatch(cell):
        return Wrong("decimal_comma", place | {"text": cell})
    if not _is_number(cell):
        return Wrong("not_a_number", place | {"text": cell})
    return None if math.isfinite(float(cell)) else Wrong("not_finite", place | {"text": cell})


def _classes(labels: list[str], name: str, loss: Loss | None, *, is_of_numbers: bool) -> list[float] | None:
    """0 or 1 for each point, if its labels are two; None if they are values."""
    values: list[Any] = [float(cell) for cell in labels] if is_of_numbers else list(labels)
    different = sorted(set(values))
    if loss == _MSE or (loss is None and is_of_numbers and len(different) != _CLASSES):
        return None
    if len(different) != _CLASSES:
        raise PointsError([Wrong("classes", {"column": name, "count": len(different)})])
    return [float(different.index(value)) for value in values]
