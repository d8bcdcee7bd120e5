"""``optiscope``: the command line, a command a module.

A module of a command imports nothing but typer at its top: what a command needs is loaded when it is called,
so that ``--help`` and the completion of a shell answer at once.
"""


def main() -> None:
    """The entry point of the ``optiscope`` command."""
    from optiscope.cli.commands import optiscope

    optiscope()
