"""Decision curves of the chosen models."""

import numpy as np

from featurex.benchmark.scored import Skipped
from featurex.evaluation.calibration import fit_platt
from featurex.evaluation.decision import decision_points
from featurex.runs.answers import DecisionCurve, DecisionCurves


def trace_net_benefit(run):
    """Trace the net benefit of the chosen models on the test images.

    Parameters
    ----------
    run : ScoredRun
        With scores and rows.

    Returns
    -------
    curves : DecisionCurves or Skipped
        See `featurex.evaluation.decision.decision_points`; Skipped for three classes.
    """
    samples = run.samples
    if len(samples.classes) > 2:
        return Skipped("Decision curves are defined for two classes.")
    training, labels = samples.labels[samples.training], samples.labels[samples.testing]
    curves = []
    for model in run.chosen:
        calibration = fit_platt(training, model.scores.out_of_fold)
        points = decision_points(labels, calibration(model.scores.test))
        curves.append(
            DecisionCurve(
                key=model.entry.key,
                slope=calibration.slope,
                intercept=calibration.intercept,
                net_benefit=_rounded(points.model),
            )
        )
    return DecisionCurves(
        calibration="Platt's, on out-of-fold scores",
        prevalence=np.mean(labels),
        threshold=_rounded(points.threshold),
        everyone=_rounded(points.everyone),
        models=tuple(curves),
    )


def _rounded(values):
    return tuple(np.round(values, 6).tolist())
