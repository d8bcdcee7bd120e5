"""The hashes of what ``make run`` and the container install: ``make lock``.

``constraints.txt`` says which versions; uv finds all that belongs to them on any platform, with the hashes of
every file that the index has of each. The result is split, since not everything is for everybody:

    requirements/build.txt      what a wheel of Optiscope is built with
    requirements/runtime.txt    what it runs with, but for torch
    requirements/torch.txt      torch as the default index has it
    requirements/torch-cpu.txt  its CPU-only build, for the platform of which the hash is known
    requirements/cuda.txt       what the default build of torch for Linux needs besides

Usage: python scripts/lock.py UV
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "requirements"
CONSTRAINTS = ROOT / "constraints.txt"
CUDA = ("cuda-", "nvidia-", "triton")
TORCH_CPU = """\
torch==2.13.0+cpu ; python_version == '3.11' and sys_platform == 'linux' and platform_machine == 'x86_64' \\
    --hash=sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b
"""
"""Another version of torch needs another hash: ``pip download torch``, then ``pip hash`` of the file."""

HEAD = "# Written by `make lock`: do not edit.\n"


def locked(uv: str, source: str) -> Iterator[str]:
    """The entries of a lock, each with its hashes.

    Args:
        uv: The program.
        source: A pyproject.toml, or ``-`` for the name on standard input.
    """
    command = [uv, "pip", "compile", "--universal", "--generate-hashes", "--no-annotate", "--no-header"]
    command += [
        "--no-config",
        "--quiet",
        "--python-version",
        "3.11",
        "--constraints",
        str(CONSTRAINTS),
        source,
    ]
    found = subprocess.run(command, check=True, capture_output=True, text=True, input="hatchling").stdout
    return (f"{entry.rstrip()}\n" for entry in re.split(r"^(?=[a-z0-9])", found, flags=re.MULTILINE) if entry)


def write(name: str, entries: Iterable[str]) -> None:
    """Write one of the files."""
    (FOLDER / name).write_text(HEAD + "".join(entries))


def main() -> None:
    """Write all of them."""
    uv = sys.argv[1]
    build, runtime = list(locked(uv, "-")), list(locked(uv, str(ROOT / "pyproject.toml")))
    torch = next(entry for entry in runtime if entry.startswith("torch=="))
    cuda = [entry for entry in runtime if entry.startswith(CUDA)]
    FOLDER.mkdir(exist_ok=True)
    write("build.txt", build)
    write("runtime.txt", (entry for entry in runtime if entry != torch and entry not in cuda))
    write("torch.txt", [torch])
    write("torch-cpu.txt", [TORCH_CPU])
    write("cuda.txt", cuda)


if __name__ == "__main__":
    main()
