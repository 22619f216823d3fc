"""The one table of kernel, slow twin and peer: it feeds the parity tests and the benchmarks alike.

Nothing is timed that is not first checked.
"""

from tests.cases import (
    first_order,
    fractal,
    gabor,
    glcm,
    heart,
    hog,
    ivh,
    lbp,
    local_statistics,
    lungs,
    moments,
    radiomics,
    size_matrices,
    wavelet,
    zones,
)
from tests.cases.base import Case

CASES: tuple[Case, ...] = (
    zones.CASES
    + hog.CASES
    + lbp.CASES
    + glcm.CASES
    + gabor.CASES
    + wavelet.CASES
    + local_statistics.CASES
    + fractal.CASES
    + moments.CASES
    + lungs.CASES
    + heart.CASES
    + first_order.CASES
    + ivh.CASES
    + size_matrices.CASES
    + radiomics.CASES
)
