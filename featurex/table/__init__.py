"""From a data set to a table of features: read, transformed, kept part by part, and put
together.
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
