"""Extractors: one family a file, and the dict of all of them by the name that configurations use."""

from featurex.features.base import Extractor, Statistic

# Registration is this literal: nothing registers itself by being imported.
EXTRACTORS: dict[str, type[Extractor]] = {}

__all__ = ["EXTRACTORS", "Extractor", "Statistic"]
