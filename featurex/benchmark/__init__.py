"""Data x features x model -> flat rows, and a run folder that the report reads."""

from featurex.benchmark.environment import describe_software
from featurex.benchmark.fitted import Fitted
from featurex.benchmark.plan import PLAN
from featurex.benchmark.runner import Benchmark, Run

__all__ = ["PLAN", "Benchmark", "Fitted", "Run", "describe_software"]
