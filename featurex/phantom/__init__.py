"""Seeded synthetic chest radiographs with known lungs and known opacities: the embedded default.

They look like radiographs and have the shortcuts of real data, but they are drawn: nothing that is
measured on them says anything about patients.
"""

from featurex.phantom.anatomy import make_anatomy
from featurex.phantom.radiograph import KINDS, Framing, Radiograph, make_radiograph
from featurex.phantom.write import write_phantom

__all__ = ["KINDS", "Framing", "Radiograph", "make_anatomy", "make_radiograph", "write_phantom"]
