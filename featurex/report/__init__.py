"""From the files of a run, or from an audit, to one page and a table on the terminal; computes no
score.
"""

from featurex.report.audit_page import write_audit_page
from featurex.report.findings_page import write_findings_page
from featurex.report.image_page import write_image_list, write_image_page
from featurex.report.run_page import write_report

__all__ = [
    "write_audit_page",
    "write_findings_page",
    "write_image_list",
    "write_image_page",
    "write_report",
]
