"""What objects would do, as a page of tables, and their rates as a picture."""

import numpy as np

from optiscope.pictures import curves_png
from optiscope.showing.shown import Shown
from optiscope.watching.audit import Audit

_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Audit</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 1rem; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid #ccc; padding: 0.25rem 0.75rem; text-align: right; }
</style>
%s
</html>
"""


def shown_audit(audit: Audit, height: int) -> Shown:
    """The tables of an audit."""
    picture = curves_png([np.asarray(rates, np.float64) for rates in audit.rates])
    return Shown((_PAGE % audit._repr_html_()).encode(), str(audit), picture, height)
