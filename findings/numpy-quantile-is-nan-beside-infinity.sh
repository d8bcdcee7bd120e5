#!/usr/bin/env bash
# numpy 2.4.6, pandas 3.1.1 and Python 3.11's statistics: the middle quantile of 0.1, 0.5 and inf is nan; their median is 0.5.
#
# Expected: the 0.5 quantile of three numbers is the one in the middle, and a number beyond it, however large, takes no part. That
#   is what the medians of the same three packages say, and quantiles of polars 2.1.0 and DuckDB 2.0.1.
# Instead:  where a quantile falls exactly on a number, the next one is still weighed, with weight 0, and 0 times inf is nan. So
#   numpy.quantile, Series.quantile, Series.describe ("50%") and statistics.quantiles(method="inclusive") answer nan, with a
#   warning of numpy about a multiplication or none at all. With 1e308 in the place of inf all is well.
# Matters:  runs over several seeds of which one diverged: the loss of that one is infinite, and a band drawn with quantiles has
#   a hole in just those places where an odd number of seeds makes the quantile exact. Rank tables lose rows that a median keeps.
# Until it is mended: take the median by a function of that name; for other quantiles, fall back on method="lower" where the linear
#   one is nan.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 pandas==3.1.1 polars==2.1.0 duckdb==2.0.1

cat >"$folder/middle.py" <<'PYTHON'
import math
import statistics
import sys
import warnings

import duckdb
import numpy as np
import pandas as pd
import polars as pl

warnings.simplefilter("ignore")
losses = [0.1, 0.5, math.inf]
asked = "from (values (0.1::double), (0.5), ('inf'::double)) as seeds(loss)"
middle = {
    "numpy.median": np.median(losses),
    "pandas median": pd.Series(losses).median(),
    "statistics.median": statistics.median(losses),
    "polars quantile": pl.Series(losses).quantile(0.5, interpolation="linear"),
    "DuckDB quantile_cont": duckdb.sql(f"select quantile_cont(loss, 0.5) {asked}").fetchall()[0][0],
    "numpy.quantile": np.quantile(losses, 0.5),
    "numpy.percentile": np.percentile(losses, 50),
    "pandas quantile": pd.Series(losses).quantile(0.5),
    "pandas describe": pd.Series(losses).describe()["50%"],
    "statistics.quantiles": statistics.quantiles(losses, n=2, method="inclusive")[0],
}
for name, value in middle.items():
    print(f"{name:22} {value}")
large = np.quantile([0.1, 0.5, 1e308], 0.5)
lower = np.quantile(losses, 0.5, method="lower")
print(f"{'with 1e308 for inf':22} {large}\n{'method lower':22} {lower}")
sane, nan = list(middle.values())[:5], list(middle.values())[5:]
sys.exit(not (all(value == 0.5 for value in [*sane, large, lower]) and all(map(math.isnan, nan))))
PYTHON

if ! "$folder/venv/bin/python" "$folder/middle.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so: a quantile that falls on a number is lost if the next one is infinite."
