"""How scores are obtained: the few numbers that every part of a benchmark agrees on."""

from dataclasses import dataclass

from featurex.evaluation.intervals import auc_with_interval


@dataclass(frozen=True)
class Protocol:
    """Numbers of folds, held-out patients and resamples, and the seed of every random choice.

    Parameters
    ----------
    folds : int
        Of patient-grouped cross-validation, at least 2.
    holdout : float
        Fraction of the patients that are held out where the data have no test split.
    resamples : int
        Of the patient-clustered bootstrap.
    seed : int
        Of folds, holdout, swap partners and resamples.
    threshold : str
        How the threshold is chosen; see `featurex.evaluation.thresholds.POLICIES`.
    sensitivity : float
        What the policy "sensitivity" asks for, 0 to 1.
    coverage : float
        What prediction sets state; see `featurex.evaluation.conformal`.
    augment : tuple of str
        Swaps, keys of `featurex.runs.SWAPS`, whose images models are fitted to as well.
    max_swapped : int
        Training images, about, that are also scored after swaps; see `Benchmark`.
    """

    folds: int = 5
    holdout: float = 0.2
    resamples: int = 1000
    seed: int = 0
    threshold: str = "youden"
    sensitivity: float = 0.95
    coverage: float = 0.9
    augment: tuple[str, ...] = ()
    max_swapped: int = 2000

    def measure_auc(self, labels, scores, patients):
        """The AUC with its 95 % interval over patients.

        Parameters
        ----------
        labels : int array, shape (n,)
            The class of every image.
        scores : float array, shape (n,) or (n, n_classes)
            Of one model.
        patients : array, shape (n,)
            The patient of every image.

        Returns
        -------
        auc : featurex.evaluation.intervals.Interval
        """
        return auc_with_interval(
            labels, scores, patients, n_resamples=self.resamples, seed=self.seed
        )
