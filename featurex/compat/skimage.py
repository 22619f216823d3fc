"""scikit-image's feature functions, faster: import them from here in place of ``skimage.feature``.

Signatures, types, errors and values are those of scikit-image 0.26. Its functions run unchanged
beside these.
"""

from featurex.compat._glcm import graycomatrix, graycoprops
from featurex.compat._hog import hog
from featurex.compat._lbp import local_binary_pattern

__all__ = ["graycomatrix", "graycoprops", "hog", "local_binary_pattern"]
