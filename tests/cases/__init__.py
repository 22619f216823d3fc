"""The one table of kernel, slow twin and peer: it feeds the parity tests and the benchmarks alike.

Nothing is timed that is not first checked.
"""

from tests.cases import (
    emphasis,
    fractal,
    gabor,
    glcm,
    hog,
    intensity,
    lbp,
    local,
    lungs,
    moments,
    radiomics,
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
    + local.CASES
    + fractal.CASES
    + moments.CASES
    + lungs.CASES
    + intensity.CASES
    + emphasis.CASES
    + radiomics.CASES
)
