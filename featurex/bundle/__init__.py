"""Models as files that can be handed on: saved, loaded without running anything, and applied to new films."""

from featurex.bundle.explaining import explain_files
from featurex.bundle.film import Film
from featurex.bundle.model import Model, load_model, save_model

__all__ = ["Film", "Model", "explain_files", "load_model", "save_model"]
