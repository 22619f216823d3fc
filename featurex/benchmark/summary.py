"""What run.json says of a run beside the answers to its questions."""

import featurex
from featurex.benchmark.environment import describe_data, describe_software
from featurex.benchmark.samples import OFFICIAL
from featurex.construct import describe
from featurex.evaluation.thresholds import POLICIES
from featurex.runs import SWAPS, schema


def describe_run(benchmark, run, session, dataset):
    """Describe the configuration, the images, the protocol and what was chosen.

    Parameters
    ----------
    benchmark : Benchmark
        The configuration.
    run : ScoredRun
        What was scored.
    session : Session
        The search for parameters, and why there is no network.
    dataset : Dataset
        With the notes on its question.

    Returns
    -------
    facts : dict
        Fields of `featurex.runs.RunInfo`.
    """
    samples = run.samples
    return {
        "format": schema.FORMAT,
        "featurex": featurex.__version__,
        "versions": describe_software(),
        # The question as it was understood: the same on other data, too.
        "configuration": {**describe(benchmark), "task": samples.task.describe()},
        "task": samples.task.name,
        "seed": benchmark.seed,
        "classes": tuple(samples.classes),
        "dataset": describe_data(dataset, samples),
        "protocol": _describe_protocol(benchmark, run),
        "alignment": _count_failed(samples, samples.films.registration.failed),
        "selection": schema.Selection(
            by=" + ".join(SWAPS.values()),
            classical=run.classical and run.classical.key,
            cnn=run.cnn and run.cnn.key,
            cnn_missing=session.cnn_missing,
        ),
        "timings": run.work.progress.timings,
        "tuned": _describe_searches(run.scored),
    }


def _describe_protocol(benchmark, run):
    samples = run.samples
    return schema.ProtocolSummary(
        folds=benchmark.folds,
        test=samples.held_out,
        official_test=samples.held_out == OFFICIAL,
        threshold=POLICIES[benchmark.threshold].format(sensitivity=benchmark.sensitivity),
        coverage=benchmark.coverage,
        augment=tuple(benchmark.augment),
        training=int(samples.training.sum()),
        swapped=len(run.inputs.swapped_rows),
        interval=f"95 %, patient-clustered bootstrap, {benchmark.resamples:,} resamples",
    )


def _count_failed(samples, failed):
    by_class = {
        name: int(failed[samples.labels == index].sum())
        for index, name in enumerate(samples.classes)
    }
    return schema.Alignment(len(failed), int(failed.sum()), by_class)


def _describe_searches(scored):
    """What searches for parameters have found: dict of str to Tuned."""
    searched = {
        entry.key: known.scores for entry, known in scored.items() if known.scores.found is not None
    }
    return {
        key: schema.Tuned(
            chosen=scores.found.best.words,
            in_folds=tuple(found.best.words for found in scores.found_in_folds),
            tried=tuple(
                schema.Combination(one.words, len(one.swap_aucs), one.swap_auc)
                for one in scores.found.tried
            ),
            search_s=scores.found.seconds,
        )
        for key, scores in searched.items()
    }
