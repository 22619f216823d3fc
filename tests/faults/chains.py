"""A chain of almost nothing, as slow as a test wants it, that can be told to fail on one image."""

import os
import resource
import time

import numpy as np

from featurex.transformer import Transformer

# Grey level of the first pixel of an image that is to cause trouble.
POISON = 251
# Seconds to sleep an image: no parameter of the chain, so that slow and quick runs make the same
# table.
SECONDS = "FEATUREX_TEST_SECONDS"


class Means(Transformer):
    """Mean and deviation of each image.

    Parameters
    ----------
    poison : str
        What happens on an image whose first pixel is `POISON`: a key of `TROUBLES`.
    """

    def __init__(self, poison="none"):
        self.poison = poison

    def fit(self, X, y=None):
        """Nothing is learnt."""
        self.fitted_ = True
        return self

    def transform(self, X):
        """Two columns an image."""
        return np.array([self._describe(image) for image in X], np.float32)

    def get_feature_names_out(self, input_features=None):
        """Their names."""
        return np.array(["means_mean", "means_std"], object)

    def _describe(self, image):
        time.sleep(float(os.environ.get(SECONDS, "0")))
        if image[0, 0] == POISON:
            TROUBLES[self.poison]()
        return image.mean(), image.std()


def _raise_memory_error():
    raise MemoryError


def _hit_the_limit():
    with open("/proc/self/statm") as stream:
        used = int(stream.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(
        resource.RLIMIT_AS, (used + 2**28, resource.getrlimit(resource.RLIMIT_AS)[1])
    )
    return [np.ones(2**23) for _ in range(100)]


TROUBLES = {
    "none": lambda: None,
    "abort": os.abort,
    "memory": _raise_memory_error,
    "limit": _hit_the_limit,
}
