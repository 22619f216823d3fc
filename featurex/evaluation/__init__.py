"""Grouped splits, metrics, intervals, paired tests, framing swap and negative controls."""
