"""One binary benchmark for each of several findings, in folders of their own below one."""

import copy
import re

import numpy as np

from featurex.benchmark.samples import check_patients
from featurex.benchmark.work import Shared, identify
from featurex.checks import check_choice
from featurex.datasets import find_task, list_findings
from featurex.errors import DataError
from featurex.progress import Progress
from featurex.runs.findings import FindingsFolder, tabulate_findings

ALL = "all"


def plan_findings(benchmark, dataset, names=ALL, uncertain="omit"):
    """Decide which findings are asked for, before any image is read.

    Parameters
    ----------
    benchmark : Benchmark
        Its folds decide how many patients are needed.
    dataset : Dataset
        Its columns tell of findings; see `featurex.datasets.list_findings`.
    names : str or sequence of str
        "all", or names of findings.
    uncertain : str
        "omit", "negative" or "positive": what -1 counts as.

    Returns
    -------
    tasks : list of Task
        One for each finding.
    left_out : list of str
        Of all findings, those that have too few patients, and why: sentences.

    Raises
    ------
    DataError
        If the data set has no findings, none by a name that was given, or too few patients of it.
    """
    existing = list_findings(dataset)
    if not existing:
        raise DataError(
            f"{dataset.name}: no column tells of findings; needed are columns of 0 and 1, or cells "
            "as A|B in a column findings or label"
        )
    if names != ALL:
        tasks = [find_task(dataset, {"finding": name, "uncertain": uncertain}) for name in names]
        for task in tasks:
            check_patients(dataset, task, benchmark.protocol)
        return list({task.name: task for task in tasks}.values()), []
    tasks, left_out = [], []
    for name in existing:
        try:
            task = find_task(dataset, {"finding": name, "uncertain": uncertain})
            check_patients(dataset, task, benchmark.protocol)
            tasks.append(task)
        except DataError as error:
            left_out.append(f"{name} is left out: {error}")
    if not tasks:
        raise DataError(f"{dataset.name}: no finding has enough patients; {left_out[0]}")
    return tasks, left_out


def run_findings(
    benchmark,
    dataset,
    folder,
    names=ALL,
    *,
    uncertain="omit",
    n_jobs=None,
    cluster=None,
    progress=None,
    done=None,
):
    """Run a benchmark for each finding, and write the table of all.

    Parameters
    ----------
    benchmark : Benchmark
        Its own task does not count.
    dataset : Dataset
        See `plan_findings`.
    folder : str or path-like
        Receives a run folder for each finding, and findings.csv; or the folder of the same
        findings whose runs were stopped, which go on.
    names, uncertain : str or sequence of str, str
        See `plan_findings`.
    n_jobs, cluster : int or None, str or None
        See `Benchmark.run`.
    progress : Progress or None
        Is told what is being done.
    done : callable or None
        Called with each finished `Run`, whose models are let go of afterwards.

    Returns
    -------
    table : pandas.DataFrame
        See `featurex.runs.findings.FindingRow`.

    Raises
    ------
    DataError
        If the folder or the data set cannot be used.
    """
    check_choice("uncertain", uncertain, ("omit", "negative", "positive"))
    progress = progress or Progress()
    tasks, left_out = plan_findings(benchmark, dataset, names, uncertain)
    for sentence in left_out:
        progress.say(sentence)
    how = {"n_jobs": n_jobs, "cluster": cluster, "progress": progress}
    findings, parts = [task.name for task in tasks], []
    with FindingsFolder(folder).locked(findings) as target:
        shared = _share(benchmark, dataset, tasks, target.work)
        below = zip(tasks, name_folders(findings), strict=True)
        for number, (task, name) in enumerate(below, start=1):
            progress.say(f"Finding {number} of {len(tasks)}: {task.name}")
            one = copy.copy(benchmark)
            one.task = task
            run = one.run(dataset, target.path / name, shared=shared, **how)
            parts.append((task.name, name, run.info, run.rows))
            if done is not None:
                done(run)
        return target.write(tabulate_findings(parts))


def _share(benchmark, dataset, tasks, folder):
    """What all findings need of the films: each is read once, and its own features are computed
    once; those after swaps depend on which images show the finding.
    """
    asked = np.any([task.index(dataset.table) >= 0 for task in tasks], axis=0)
    whole = copy.copy(benchmark)
    whole.task = None
    identity = identify(whole, dataset)
    return Shared(folder, identity, np.flatnonzero(asked))


def name_folders(names):
    """Name a folder for each finding: letters, digits, hyphens and underscores, each once.

    Parameters
    ----------
    names : sequence of str
        Of findings.

    Returns
    -------
    folders : list of str

    Examples
    --------
    >>> name_folders(["Pleural Effusion", "A/B", "A B"])
    ['Pleural_Effusion', 'A_B', 'A_B-2']
    """
    folders = []
    for name in names:
        base = folder = re.sub(r"[^\w-]+", "_", name).strip("_") or "finding"
        number = 2
        while folder.lower() in {other.lower() for other in folders}:
            folder, number = f"{base}-{number}", number + 1
        folders.append(folder)
    return folders
