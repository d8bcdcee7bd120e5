#!/usr/bin/env bash
# numba 0.68.1: fastmath={"contract"}, the one flag that ought to touch the last bit alone, turns NaN into infinity.
#
# Expected: "contract" lets a product and a sum be one rounding in the place of two; nnan and ninf, which allow to assume that
#   no NaN or infinity comes up, are not given. So inf - a * a with an a * a that overflows is inf - inf, which is NaN, as in
#   Python, NumPy and the same function without the flag.
# Instead:  inf. The product inside a fused multiply-add does not overflow, and inf less a finite number is inf. The finite
#   case differs as well: huge - a * a, with both of them just below and just above the largest number, is finite, and -inf
#   without the flag.
# Matters:  a loop that stops at NaN, as training loops do where they have diverged, goes on.
# Until it is mended: leave the flag away where an overflow decides something, or look for both with isfinite().
#
# Needs a processor with fused multiply-add, as those of the last ten years have.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numba==0.68.1 numpy==2.4.6

cat >"$folder/fused.py" <<'PYTHON'
import math
import sys

import numba


def rest(total, a):
    return total - a * a


plain, fused = numba.njit(rest), numba.njit(fastmath={"contract"})(rest)
LARGEST = sys.float_info.max
JUST_ABOVE = math.sqrt(LARGEST) * (1 + 1e-12)
cases = {"inf - a * a": (math.inf, 1e200), "largest - a * a": (LARGEST, JUST_ABOVE)}
found = {}
for name, (total, a) in cases.items():
    found[name] = [repr(float(function(total, a))) for function in (rest, plain, fused)]
    print(f"{name:16} Python {found[name][0]:24} numba {found[name][1]:24} with contract {found[name][2]}")
kept = found["inf - a * a"] == ["nan", "nan", "inf"]
finite = found["largest - a * a"][:2] == ["-inf", "-inf"] and math.isfinite(float(found["largest - a * a"][2]))
sys.exit(0 if kept and finite else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/fused.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so: contract decides between NaN, infinity and a number."
