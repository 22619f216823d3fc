"""Work over all images of a data set: they are read and transformed in parts, which are kept
on disk and joined.
"""

from featurex.engine.extraction import extract, extract_to
from featurex.engine.films import Engine, Films
from featurex.engine.reading import CHUNK, error_table, read_images
from featurex.engine.table import Table, read_table

__all__ = [
    "CHUNK",
    "Engine",
    "Films",
    "Table",
    "error_table",
    "extract",
    "extract_to",
    "read_images",
    "read_table",
]
