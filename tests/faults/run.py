"""Extract in a process that a test may kill: python -m tests.faults.run DATA OUT JOBS POISON
CLUSTER.
"""

import sys

from featurex.cli import exiting_with_a_message
from featurex.datasets import load_dataset
from featurex.engine import extract_to
from tests.faults.chains import Means

# Images of a part of so few: see `featurex.engine.parts.plan_parts`.
PART = 8


def main(data, out, jobs="2", poison="none", cluster=None):
    """Run, and print rows and files set aside."""
    n_images, _, errors = extract_to(
        out, load_dataset(data), Means(poison), n_jobs=int(jobs), cluster=cluster
    )
    print(n_images, len(errors))


if __name__ == "__main__":
    # Stopped as the commands are.
    with exiting_with_a_message():
        main(*sys.argv[1:])
