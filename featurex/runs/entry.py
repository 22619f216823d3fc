"""The name of one row of a benchmark: a model on features of an input."""

from typing import NamedTuple

from featurex.errors import ParameterError

# Stands instead of families where a model learns its own features from the images.
PIXELS = "pixels"
# Input and features of a rival, whose scores come from elsewhere.
ELSEWHERE = ("elsewhere", "scores")


class Entry(NamedTuple):
    """A model on features of an input: what one row of a run is about.

    Parameters
    ----------
    input : str
        How the images are prepared, as "aligned".
    features : str
        Families of extractors joined by "+", as "zones+glcm"; `PIXELS` for a CNN.
    model : str
        The model's name in the configuration, as "xgboost".

    Examples
    --------
    >>> entry = Entry.parse("aligned/zones+glcm/xgboost")
    >>> entry.families
    ('zones', 'glcm')
    >>> entry.key
    'aligned/zones+glcm/xgboost'
    """

    input: str
    features: str
    model: str

    @classmethod
    def parse(cls, key):
        """Read a key "input/features/model".

        Parameters
        ----------
        key : str
            As in predictions.csv, run.json and ``--model``.

        Returns
        -------
        entry : Entry

        Raises
        ------
        ParameterError
            If it has not three parts, or one of them is empty.
        """
        parts = str(key).split("/")
        if len(parts) != 3 or not all(parts):
            raise ParameterError(
                f"a model's key must be of the form input/features/model, as "
                f"aligned/zones+glcm/xgboost, but {key!r} was given"
            )
        return cls(*parts)

    @property
    def key(self):
        """The entry as one word, "input/features/model": its name in every file of a run."""
        return "/".join(self)

    @property
    def families(self):
        """Families of extractors whose columns stand side by side, tuple of str; none for
        pixels.
        """
        return () if self.learns_features or self.is_rival else tuple(self.features.split("+"))

    @property
    def is_rival(self):
        """Whether the scores come from elsewhere."""
        return self[:2] == ELSEWHERE

    @property
    def learns_features(self):
        """Whether the model is given the images themselves."""
        return self.features == PIXELS
