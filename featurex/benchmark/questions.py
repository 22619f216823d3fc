"""The questions that are put to a scored run; each fills the field of that name in run.json."""

from featurex.benchmark.comparison import compare_chosen
from featurex.benchmark.controls import score_controls
from featurex.benchmark.cost import measure_cost
from featurex.benchmark.decision import trace_net_benefit
from featurex.benchmark.examples import draw_examples
from featurex.benchmark.importance import measure_importance
from featurex.benchmark.learning import trace_learning
from featurex.benchmark.mistakes import show_mistakes
from featurex.benchmark.ranking import rank_models
from featurex.benchmark.robustness import trace_robustness
from featurex.benchmark.scored import Skipped
from featurex.benchmark.subgroups import score_subgroups

# Name -> function from a ScoredRun to the dataclass (or tuple of them) in featurex.runs.answers,
# or to a Skipped with the reason. The cheap ones first: what is wrong with a run shows early.
QUESTIONS = {
    "comparison": compare_chosen,
    "ranking": rank_models,
    "decision": trace_net_benefit,
    "subgroups": score_subgroups,
    "cost": measure_cost,
    "learning": trace_learning,
    "robustness": trace_robustness,
    "controls": score_controls,
    "examples": draw_examples,
    "importance": measure_importance,
    "mistakes": show_mistakes,
}


def ask_all(run):
    """Put every question to a run.

    Parameters
    ----------
    run : ScoredRun
        With scores and rows.

    Returns
    -------
    answers : dict of str to dataclass or tuple of dataclass
        Fields of `RunInfo`.
    skipped : dict of str to str
        The questions that cannot be asked of this run, and why.
    """
    answers = {name: ask(run) for name, ask in QUESTIONS.items()}
    skipped = {
        name: answer.reason for name, answer in answers.items() if isinstance(answer, Skipped)
    }
    return {name: answers[name] for name in answers if name not in skipped}, skipped
