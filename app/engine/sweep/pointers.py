"""JSON pointers (RFC 6901) into the document of a run: reading one, asking for a value, putting another."""

from collections.abc import Sequence
from typing import Any

Tokens = Sequence[str]


def tokens_of(pointer: str) -> Tokens | None:
    """The keys of a pointer; None if it is none.

    Example:
        >>> tokens_of("/optimizer/hyperparameters/lr")
        ['optimizer', 'hyperparameters', 'lr']
    """
    if not pointer.startswith("/"):
        return None
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/")]


def holds(document: Any, tokens: Tokens) -> bool:
    """Whether there is a value, be it null, at a place."""
    for token in tokens:
        match document:
            case dict() if token in document:
                document = document[token]
            case list() if _is_index(token) and int(token) < len(document):
                document = document[int(token)]
            case _:
                return False
    return True


def _is_index(token: str) -> bool:
    """Whether a key is an index in its one spelling: ASCII digits, without a 0 in front."""
    return token.isdecimal() and token == str(int(token))


def with_value(document: Any, tokens: Tokens, value: Any, filled: Any) -> Any:
    """The document with another value at a place; the rest is shared with it.

    Args:
        document: May lack what leads to the place.
        tokens: The place, which there is in ``filled``.
        value: What is put there.
        filled: The document with all defaults.

    Example:
        >>> with_value({"a": 1}, ["b", "1"], 5, {"a": 1, "b": [3, 4]})
        {'a': 1, 'b': [3, 5]}
    """
    if not tokens:
        return value
    first, *rest = tokens
    if isinstance(filled, list):
        entries = list(filled if document is None else document)
        entries[int(first)] = with_value(entries[int(first)], rest, value, filled[int(first)])
        return entries
    own = {} if document is None else document
    return {**own, first: with_value(own.get(first), rest, value, filled[first])}
