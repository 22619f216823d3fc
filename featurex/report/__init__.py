"""From the files of a run to one page and a table on the terminal; computes no score."""

from featurex.report.page import write_report

__all__ = ["write_report"]
