"""Processor time and test scores of every model."""

from featurex.runs.answers import CostPoint


def measure_cost(run):
    """Add up the processor time to extract the training images and to fit, for every model.

    Parameters
    ----------
    run : ScoredRun
        With rows.

    Returns
    -------
    cost : tuple of CostPoint
        Each as if there were no other model.
    """
    return tuple(
        CostPoint(
            key=entry.key,
            cpu_s=1e-3 * row["extract_ms_per_image"] * row["n_train"] + row["fit_s"],
            accuracy=row["test_accuracy"],
            auc=row["test_auc"],
        )
        for entry, row in zip(run.scored, run.rows.to_dict("records"), strict=True)
    )
