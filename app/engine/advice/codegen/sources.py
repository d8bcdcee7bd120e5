"""The source of functions, as a script has it."""

import inspect
from types import FunctionType


def with_helpers(*functions: object) -> str:
    """The source of functions, behind that of the functions of their module that they use."""
    found: dict[str, str] = {}
    waiting = list(functions)
    while waiting:
        made = waiting.pop()
        assert isinstance(made, FunctionType)  # noqa: S101
        found[made.__name__] = inspect.getsource(made).rstrip()
        for name in made.__code__.co_names:
            used = made.__globals__.get(name)
            if isinstance(used, FunctionType) and used.__module__ == made.__module__ and name not in found:
                waiting.append(used)
    return "\n\n\n".join(reversed(found.values()))
