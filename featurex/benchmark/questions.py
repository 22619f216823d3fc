"""The questions that are put to a scored run; each fills the field of that name in run.json."""

import traceback
import warnings

from featurex.benchmark.comparison import compare_chosen
from featurex.benchmark.controls import score_controls
from featurex.benchmark.cost import measure_cost
from featurex.benchmark.decision import trace_net_benefit
from featurex.benchmark.examples import draw_examples
from featurex.benchmark.external import describe_external
from featurex.benchmark.importance import measure_importance
from featurex.benchmark.learning import trace_learning
from featurex.benchmark.mistakes import show_mistakes
from featurex.benchmark.ranking import rank_models
from featurex.benchmark.rivals import compare_rivals
from featurex.benchmark.robustness import trace_robustness
from featurex.benchmark.scored import Skipped
from featurex.benchmark.subgroups import score_subgroups
from featurex.benchmark.work import can_go_on
from featurex.engine.store import MISSING
from featurex.parallel import release_memory
from featurex.runs import RunInfo, schema, to_json
from featurex.runs.encoding import field_types, from_json

# Name -> function from a ScoredRun to the dataclass (or tuple of them) in featurex.runs.answers,
# or to a Skipped with the reason. The cheap ones first: what is wrong with a run shows early.
QUESTIONS = {
    "comparison": compare_chosen,
    "rivals": compare_rivals,
    "ranking": rank_models,
    "decision": trace_net_benefit,
    "subgroups": score_subgroups,
    "external": describe_external,
    "cost": measure_cost,
    "learning": trace_learning,
    "robustness": trace_robustness,
    "controls": score_controls,
    "examples": draw_examples,
    "importance": measure_importance,
    "mistakes": show_mistakes,
}


def ask_all(run, store):
    """Put every question to a run that was not answered before.

    Parameters
    ----------
    run : ScoredRun
        With scores and rows.
    store : Store
        Keeps the answers.

    Returns
    -------
    answers : dict of str to dataclass or tuple of dataclass
        Fields of `RunInfo`.
    skipped : dict of str to str
        The questions that cannot be asked of this run, or that failed, and why.

    Warns
    -----
    RuntimeWarning
        If a question fails: its section of the report is lost, the scores and all others are not.
    """
    answers, skipped = {}, {}
    for name, ask in QUESTIONS.items():
        answer = store.load(f"answer {name}")
        if answer is MISSING:
            answer, failed = _ask(name, ask, run)
            if not failed:
                store.save(f"answer {name}", answer)
            release_memory()
        if isinstance(answer, Skipped):
            skipped[name] = answer.reason
        else:
            answers[name] = answer
    return answers, skipped


def _ask(name, ask, run):
    """Put one question, and check that its answer can be written to run.json: the answer, and
    whether the question failed.
    """
    try:
        answer = ask(run)
        if not isinstance(answer, Skipped):
            from_json(field_types(RunInfo)[name], to_json(answer), f"{schema.RUN}: {name}")
    # Whatever it is: scores that took hours must not be lost to a mistake in one section.
    except Exception as error:
        if can_go_on(error):
            # With this question: nothing need be left out.
            raise
        warnings.warn(
            f"the question {name!r} failed, and its section is left out of the report; please "
            f"report this:\n{traceback.format_exc()}",
            RuntimeWarning,
            stacklevel=3,
        )
        return Skipped(f"This part of the run failed: {type(error).__name__}: {error}"), True
    return answer, False
