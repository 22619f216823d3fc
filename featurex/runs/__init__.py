"""The folder that a benchmark leaves behind: what stands in it, who writes it, and who reads it.

Nothing else in featurex knows the name of a file, a column or a key of such a folder.
"""

from featurex.runs.encoding import to_json
from featurex.runs.entry import PIXELS, Entry
from featurex.runs.folder import RunFolder
from featurex.runs.record import Record, rank, read_record, worst_swap
from featurex.runs.schema import APPEARANCE, FRAMING, SWAPS, RunInfo

__all__ = [
    "APPEARANCE",
    "FRAMING",
    "PIXELS",
    "SWAPS",
    "Entry",
    "Record",
    "RunFolder",
    "RunInfo",
    "rank",
    "read_record",
    "to_json",
    "worst_swap",
]
