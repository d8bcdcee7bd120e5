"""What fields and runs are called beside one another: in as few words as tell them apart."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def labels_of(paths: Sequence[str]) -> Sequence[str]:
    """The last key of each path, with an index within it, or, where two are alike, the paths.

    Example:
        >>> labels_of(["/optimizer/hyperparameters/lr", "/optimizer/hyperparameters/betas/0"])
        ['lr', 'betas/0']
        >>> labels_of(["/optimizer/param_groups/0/lr", "/optimizer/param_groups/1/lr"])
        ['/optimizer/param_groups/0/lr', '/optimizer/param_groups/1/lr']
    """
    keys = [path.split("/") for path in paths]
    names = ["/".join(key[-2:]) if key[-1].isdecimal() else key[-1] for key in keys]
    return paths if len(set(names)) < len(names) else names


def names_of(runs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The optimizer of each, and where several have the same, the values in which these differ; no two alike.

    Args:
        runs: The RunConfig of each, as JSON has it.

    Example:
        >>> heavy, plain = {"name": "SGD", "hyperparameters": {"momentum": 0.9}}, {"name": "SGD"}
        >>> names_of([{"optimizer": one} for one in (heavy, plain, {"name": "Adam"})])
        ('SGD momentum 0.9', 'SGD', 'Adam')
        >>> names_of([{"optimizer": plain}, {"optimizer": plain}])
        ('SGD #1', 'SGD #2')
    """
    given = [dict(_leaves(run)) for run in runs]
    return tuple(_numbered([_told(mine, given) for mine in given]))


def _told(mine: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> str:
    optimizer = mine["/optimizer/name"]
    alike = [other for other in given if other["/optimizer/name"] == optimizer]
    apart = [path for path in mine if any(other.get(path) != mine[path] for other in alike)]
    told = (f"{label} {mine[path]}" for label, path in zip(labels_of(apart), apart, strict=True))
    return " ".join([str(optimizer), *told])


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value of a config that holds no others, by its path."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}/{name}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}/{index}")
    else:
        yield path, value


def _numbered(names: Sequence[str]) -> Iterator[str]:
    """Names of which those that are there several times are counted."""
    times, seen = Counter(names), Counter[str]()
    for name in names:
        seen[name] += 1
        yield f"{name} #{seen[name]}" if times[name] > 1 else name
