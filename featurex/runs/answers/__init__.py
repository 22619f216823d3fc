"""What a benchmark answers beyond its rows: one dataclass for each noun, as it stands in run.json.

A model is named by its key "input/features/model". Intervals, in fields ending in _low and _high,
are 95 %, by bootstrap over patients. AUCs of three classes are the mean of each class against the
rest.
"""

from featurex.runs.answers.beside import Control, PairedComparison, RankedModel, Ranking, Rival
from featurex.runs.answers.decisions import DecisionCurve, DecisionCurves, SubgroupRow, Subgroups
from featurex.runs.answers.growth import CostPoint, LearningPoint, RobustnessPoint
from featurex.runs.answers.images import Example, Importance, ImportanceRow, Mistake, Panel

__all__ = [
    "Control",
    "CostPoint",
    "DecisionCurve",
    "DecisionCurves",
    "Example",
    "Importance",
    "ImportanceRow",
    "LearningPoint",
    "Mistake",
    "PairedComparison",
    "Panel",
    "RankedModel",
    "Ranking",
    "Rival",
    "RobustnessPoint",
    "SubgroupRow",
    "Subgroups",
]
