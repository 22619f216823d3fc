"""Rivals: scores of models from elsewhere beside the run's own, on the images that both scored."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from featurex.benchmark.external import measure_row
from featurex.benchmark.rival_files import RivalScores, list_names, match_scores, read_rival
from featurex.benchmark.rows import list_lines, measure_test
from featurex.benchmark.scored import Skipped
from featurex.benchmark.seeds import Spread
from featurex.errors import DataError
from featurex.evaluation.comparison import compare_auc
from featurex.runs import Entry, schema
from featurex.runs.answers import PairedComparison, Rival
from featurex.runs.entry import ELSEWHERE
from featurex.runs.tables import Row

# What messages call the run's own images; no name of an external set has a blank.
_OWN = "the data set"


@dataclass(frozen=True)
class MatchedRival:
    """A rival whose scores belong to the run's images.

    Parameters
    ----------
    given : RivalScores
        What its file holds.
    test : float array, shape (n_test,) or (n_test, n_classes)
        Scores of the test images.
    external : dict of str to float array
        Scores of the external sets that it has scored.
    unused : int
        Rows of its file that score no test image and none of an external set.
    """

    given: RivalScores
    test: np.ndarray
    external: dict[str, np.ndarray]
    unused: int

    @property
    def entry(self):
        """Its place among the rows: Entry."""
        return Entry(*ELSEWHERE, self.given.name)


def load_rivals(rivals, samples, external, progress):
    """Read rivals' scores, before anything is fitted.

    Parameters
    ----------
    rivals : dict of str to dict
        As from `check_rivals`.
    samples : Samples
        The run's images.
    external : sequence of ExternalSamples
        The external sets.
    progress : Progress
        Is told how many scores are used.

    Returns
    -------
    rivals : list of MatchedRival

    Raises
    ------
    DataError
        If a test image has no score, or some images of an external set have none and others do; see
        also `read_rival` and `match_scores`.
    """
    return [
        _load(read_rival(name, given, samples.classes), samples, external, progress)
        for name, given in rivals.items()
    ]


def _load(rival, samples, external, progress):
    testing = samples.testing
    sets = {_OWN: (samples.table["path"].to_numpy(), samples.names)}
    sets |= {one.name: (one.table["path"].to_numpy(), one.names) for one in external}
    rows = match_scores(rival, sets)
    own = rows.pop(_OWN)[testing]
    if (own < 0).any():
        _refuse_missing(rival, samples.names[testing], own, "test images")
    used, scores = set(own), {}
    for one in external:
        found = rows[one.name]
        if (found >= 0).all():
            scores[one.name] = rival.values[found]
            used |= set(found)
        elif (found >= 0).any():
            _refuse_missing(rival, one.names, found, f"images of {one.name}")
    unused = len(rival.paths) - len(used)
    progress.say(
        f"Rival {rival.name}: {len(used):,} of {len(rival.paths):,} scores are used"
        + (f"; {unused:,} are of training images or of none of the run's" if unused else "")
    )
    return MatchedRival(rival, rival.values[own], scores, unused)


def _refuse_missing(rival, names, row, where):
    missing = names[row < 0]
    raise DataError(
        f"{rival.file} scores {len(names) - len(missing):,} of {len(names):,} {where}; a model "
        "is compared on all of them, or its hard images could be left out. It lacks "
        f"{list_names(missing)}"
    )


def measure_rivals(rivals, dataset, task, samples, protocol):
    """Measure rivals on the test images.

    Parameters
    ----------
    rivals : sequence of MatchedRival
        With their scores.
    dataset, task : str
        As for `measure_rows`.
    samples : Samples
        Labels and patients.
    protocol : Protocol
        For resamples and seed.

    Returns
    -------
    rows : list of pandas.DataFrame
        See `featurex.runs.tables.Row`: what only training tells is missing.
    """
    rows = []
    for rival in rivals:
        threshold = rival.given.threshold
        row = Row(
            dataset=dataset,
            task=task,
            **rival.entry._asdict(),
            n_columns=0,
            seed=protocol.seed,
            cv_auc=None,
            swap_auc=None,
            appearance_auc=None,
            site_auc=None,
            **dict.fromkeys(Spread._fields),
            tuned="",
            threshold=threshold,
            **measure_test(rival.test, threshold, samples, protocol),
            extract_ms_per_image=None,
            fit_s=None,
            predict_ms_per_image=None,
            n_train=0,
            n_test=len(rival.test),
        )
        rows.append(pd.DataFrame([asdict(row)]))
    return rows


def measure_rivals_elsewhere(run):
    """Measure rivals on the external sets that they have scored.

    Parameters
    ----------
    run : ScoredRun
        With external sets and rivals.

    Returns
    -------
    rows : list of pandas.DataFrame
        See `featurex.runs.external.ExternalRow`.
    """
    return [
        pd.DataFrame(
            [asdict(measure_row(scored, rival.entry, rival.given.threshold, values, run.protocol))]
        )
        for scored in run.external
        for rival in run.rivals
        for values in [rival.external.get(scored.samples.name)]
        if values is not None
    ]


def list_rival_predictions(rivals, samples, external):
    """List rivals' scores of test images and external sets.

    Parameters
    ----------
    rivals : sequence of MatchedRival
        With their scores.
    samples : Samples
        The run's images.
    external : sequence of ExternalSamples
        The external sets.

    Returns
    -------
    lines : list of pandas.DataFrame
        See `featurex.runs.tables.Prediction`.
    """
    testing, n_classes, lines = samples.testing, len(samples.classes), []
    sets = {one.name: one for one in external}
    for rival in rivals:
        key = rival.entry.key
        known = samples.names[testing], samples.patients[testing], samples.labels[testing]
        lines.append(list_lines(*known, schema.TEST, key, rival.test, n_classes))
        for name, values in rival.external.items():
            one = sets[name]
            known, split = (one.names, one.patients, one.labels), schema.external_split(name)
            lines.append(list_lines(*known, split, key, values, n_classes))
    return lines


def compare_rivals(run):
    """Test the chosen models against every rival, on the test images.

    Parameters
    ----------
    run : ScoredRun
        With scores and rivals.

    Returns
    -------
    rivals : tuple of Rival or Skipped
        In the order in which the user named them.
    """
    if not run.rivals:
        return Skipped(
            "No scores from elsewhere were given: featurex benchmark DATA --rival NAME=scores.csv "
            "compares them with these models."
        )
    samples = run.samples
    labels, patients = samples.labels[samples.testing], samples.patients[samples.testing]
    binary = len(samples.classes) == 2

    def compare(known, rival):
        test = compare_auc(labels, known.scores.test, rival.test, patients)
        return PairedComparison(a=known.entry.key, b=rival.entry.key, **test._asdict())

    return tuple(
        Rival(
            key=rival.entry.key,
            file=rival.given.file,
            n_images=len(rival.test),
            n_unused=rival.unused,
            external=tuple(rival.external),
            tests=tuple(compare(known, rival) for known in run.chosen) if binary else (),
        )
        for rival in run.rivals
    )
