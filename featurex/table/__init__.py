"""From a data set to a table of features: images are read and transformed in parts, which are kept
on disk and joined.
"""

from featurex.table.extraction import extract, extract_to
from featurex.table.reading import CHUNK, error_table, read_images, read_rows
from featurex.table.table import Table, read_table

__all__ = [
    "CHUNK",
    "Table",
    "error_table",
    "extract",
    "extract_to",
    "read_images",
    "read_rows",
    "read_table",
]
