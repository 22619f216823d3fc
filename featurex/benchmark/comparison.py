"""The paired test of the chosen classical model against the chosen CNN."""

from featurex.benchmark.scored import Skipped
from featurex.evaluation.comparison import compare_auc
from featurex.runs.answers import PairedComparison


def compare_chosen(run):
    """Test the difference of the two chosen models' AUC on the test images.

    Parameters
    ----------
    run : ScoredRun
        With scores and rows.

    Returns
    -------
    comparison : PairedComparison or Skipped
        Skipped for three classes or a missing model.
    """
    samples = run.samples
    if run.classical is None or run.cnn is None:
        return Skipped("A classical model and a CNN must both take part to be compared.")
    if len(samples.classes) > 2:
        return Skipped("The paired test of AUCs is defined for two classes.")
    classical, cnn = (run.scored[entry].scores.test for entry in (run.classical, run.cnn))
    labels, patients = samples.labels[samples.testing], samples.patients[samples.testing]
    test = compare_auc(labels, classical, cnn, patients)
    return PairedComparison(a=run.classical.key, b=run.cnn.key, **test._asdict())
