"""What an expert would say of a watched loop: from what was recorded, quiet when all is well."""

from optiscope.watching.advice.finding import Finding
from optiscope.watching.advice.report import Report, planned, report_of

__all__ = ["Finding", "Report", "planned", "report_of"]
