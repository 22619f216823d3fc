"""Models as files that can be handed on: saved, loaded without running anything, and applied to new
images.
"""

from featurex.bundle.model import Model
from featurex.bundle.storage import load_model

__all__ = ["Model", "load_model", "save_model"]


def __getattr__(name):
    # Late: who only reads models need not wait for what makes them.
    if name == "save_model":
        from featurex.bundle.saving import save_model

        return save_model
    raise AttributeError(f"module 'featurex.bundle' has no attribute {name!r}")
