"""What Optiscope consists of, as a CycloneDX document: ``make sbom``.

What an environment holds is written by cyclonedx-py; the scripts of others that the page is sent with lie in
``static/vendor`` and are added here.

Usage: python scripts/sbom.py PYTHON FILE
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGE = re.compile(r"npm\s+package `([^`]+)` (\d[\d.]*\d)")
DIGEST = re.compile(r"^    sha256  ([0-9a-f]{64})", re.MULTILINE)


def vendored() -> Iterator[dict[str, Any]]:
    """The npm packages whose files are in ``static/vendor``, as components."""
    for about in sorted((ROOT / "static" / "vendor").glob("*/README.md")):
        text = about.read_text()
        name, version = PACKAGE.search(text).groups()  # type: ignore[union-attr]
        purl = f"pkg:npm/{name}@{version}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in DIGEST.findall(text)],
        }


def main() -> None:
    """Write the document."""
    python, file = sys.argv[1], Path(sys.argv[2])
    program = Path(sys.executable).with_name("cyclonedx-py")
    command = [
        program,
        "environment",
        python,
        "--pyproject",
        ROOT / "pyproject.toml",
        "--output-reproducible",
    ]
    document = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    document["components"] += vendored()
    file.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
