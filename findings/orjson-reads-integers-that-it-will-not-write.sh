#!/usr/bin/env bash
# orjson 3.13.0 (Python 3.11): loads() turns an integer of more than 64 bits into a rounded float, without a word.
#
# Expected: an int, as json.loads() gives, or a JSONDecodeError, as the way back is refused: dumps() of such an int raises
#   "Integer exceeds 64-bit range". The documentation says that 64-bit integers are read and written, and not what else
#   becomes of others.
# Instead:  a float with the first 16 or so digits. Two ids that differ become equal, and isinstance(x, int) fails first
#   at the one value that is too large.
# Matters:  hashes, UUIDs as numbers, and seeds and bit fields of 128 bits are written by Python's json as they are. A
#   program that reads them with orjson instead changes them silently.
# Until it is mended: such numbers as strings.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check orjson==3.13.0

cat >"$folder/read.py" <<'PYTHON'
import json
import sys

import orjson

for text in ("18446744073709551615", "18446744073709551616", "-9223372036854775809"):
    print(f"{text}: json {json.loads(text)!r}, orjson {orjson.loads(text)!r}")
a, b = "340282366920938463463374607431768211455", "340282366920938463463374607431768211454"
equal = orjson.loads(a) == orjson.loads(b)
print(f"2**128 - 1 == 2**128 - 2: json {json.loads(a) == json.loads(b)}, orjson {equal}")
try:
    orjson.dumps(2**64)
    refused = False
except TypeError as error:
    refused = True
    print(f"orjson.dumps(2**64): {type(error).__name__}: {error}")
sys.exit(0 if equal and refused and isinstance(orjson.loads(str(2**64)), float) else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/read.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
