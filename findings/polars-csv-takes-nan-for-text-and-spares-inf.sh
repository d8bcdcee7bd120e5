#!/usr/bin/env bash
# polars 2.1.0: read_csv infers a column of numbers with "NaN" or "inf" in it as Float64, one with "nan" or "Infinity" as String.
#
# Expected: an inference that knows one spelling of not-a-number and of infinity knows the usual others, since a cast of the
#   same texts takes them all; or it knows none.
# Instead:  of each pair just one: "NaN" but not "nan", "inf" but not "Infinity" (nor "Inf"). NumPy's savetxt and Python's csv write
#   "nan" and "inf", JavaScript's String() writes "NaN" and "Infinity": each of them half right. No warning is given; pandas 3.1.1
#   and DuckDB 2.0.1 read all of the files as numbers.
# Matters:  a table of losses in which one run diverged comes in as texts. A sort of them puts "10.0" before "9.0", a mean is null
#   or an error far from the reading, and the same script worked on the day when no run diverged.
# Until it is mended: write "NaN" and "inf", or name the types (schema_overrides), with which every spelling is read.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 pandas==3.1.1 duckdb==2.0.1 numpy==2.4.6

cat >"$folder/spelled.py" <<'PYTHON'
import io
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl

found = {}
for spelling in ("NaN", "nan", "inf", "Infinity"):
    text = f"step,loss\n0,9.0\n1,10.0\n2,{spelling}\n"
    inferred = pl.read_csv(text.encode()).schema["loss"]
    named = pl.read_csv(text.encode(), schema_overrides={"loss": pl.Float64}).schema["loss"]
    cast = pl.Series([spelling]).cast(pl.Float64).dtype
    others = pd.read_csv(io.StringIO(text))["loss"].dtype == float
    with open(f"{sys.argv[1]}/{spelling}.csv", "w") as file:
        file.write(text)
    kind = duckdb.sql(f"select typeof(loss) from read_csv('{file.name}') limit 1").fetchall()[0][0]
    found[spelling] = (str(inferred), str(named), str(cast), others and kind == "DOUBLE")
    print(f"{spelling:9} inferred {inferred}, named {named}, cast {cast}, elsewhere a number: {found[spelling][3]}")
table = io.StringIO()
np.savetxt(table, [[9.0], [10.0], [np.nan]], header="loss", comments="", fmt="%g")
kept = pl.read_csv(table.getvalue().encode())["loss"]
print("from numpy.savetxt:", kept.dtype, "highest first:", kept.sort(descending=True).to_list())
numbers, text = ("Float64", "Float64", "Float64", True), ("String", "Float64", "Float64", True)
wanted = {"NaN": numbers, "nan": text, "inf": numbers, "Infinity": text}
sys.exit(found != wanted or kept.dtype != pl.String)
PYTHON

if ! "$folder/venv/bin/python" "$folder/spelled.py" "$folder"; then
  echo "No longer so."
  exit 1
fi
echo "Still so: one spelling of each is a number, the other turns its column into text."
