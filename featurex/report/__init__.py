"""From the files of a run, or from an audit, to one page and a table on the terminal; computes no
score.
"""

from featurex.report.audit_page import write_audit_page
from featurex.report.film_page import write_film_list, write_film_page
from featurex.report.page import write_report

__all__ = ["write_audit_page", "write_film_list", "write_film_page", "write_report"]
