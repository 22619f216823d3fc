"""Models as files that can be handed on: saved, loaded without running anything, and applied to new
images.
"""

from featurex.bundle.model import Model
from featurex.bundle.storage import load_model, save_model

__all__ = ["Model", "load_model", "save_model"]
