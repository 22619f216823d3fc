"""``featurex benchmark``: from a folder of radiographs, or the phantom, to a report."""

import click

from featurex.cli._options import (
    cluster_option,
    config_option,
    jobs_option,
    plugin_option,
    progress_options,
    set_option,
    source_options,
    task_option,
)
from featurex.cli._output import echo


@click.command()
@click.argument("data", required=False)
@source_options
@config_option
@set_option
@task_option
@click.option(
    "--curves",
    is_flag=True,
    help="Learning curves and robustness, too; the same as --set curves=true.",
)
@click.option("--out", type=click.Path(), help="Folder of the run. [default: runs/NAME-DATE-TIME]")
@click.option(
    "--save",
    multiple=True,
    metavar="KEY",
    help=(
        "Save this model, too, as aligned/zones/xgboost, or cnn for the chosen network; may be "
        "repeated. The chosen classical model always is."
    ),
)
@click.option(
    "--external",
    multiple=True,
    metavar="NAME=DATA",
    help="Score every model once on images of another hospital; may be repeated.",
)
@click.option(
    "--external-masks",
    multiple=True,
    metavar="NAME=FOLDER",
    help="Masks of the external set NAME, as --masks has those of DATA; may be repeated.",
)
@click.option(
    "--rival",
    "rivals",
    multiple=True,
    metavar="NAME=FILE",
    help="Compare with another model's scores: path, and score or one column a class.",
)
@click.option(
    "--findings",
    metavar="A,B|all",
    help=(
        "One benchmark for each finding of images that may show several: columns of 0 and 1 of a "
        "list, or cells as A|B."
    ),
)
@click.option(
    "--uncertain",
    default="omit",
    show_default=True,
    help="What -1 of a finding counts as: omit, negative or positive.",
)
@plugin_option
@jobs_option
@cluster_option
@progress_options
def benchmark(
    data,
    source,
    config,
    settings,
    task,
    curves,
    save,
    external,
    external_masks,
    rivals,
    out,
    findings,
    uncertain,
    jobs,
    cluster,
    progress,
):
    """Compare classical models and a CNN on DATA, and write a report.

    A run that was stopped goes on where it was when the same command is given again, with the
    --out of its folder.

    DATA is a folder of radiographs with a folder for each class, whatever the classes are called,
    or with train and test above these; or a list of images with their labels. Two classes make a
    binary question, more a multi-class one. Without DATA the synthetic phantom is used, which needs
    no download, with the configuration "phantom": the whole plan with fewer folds and trees.

    Exit code: 0, or 3 if files had to be set aside (see errors.csv in the run folder).
    """
    from pathlib import Path

    from featurex.cli import FILES_SET_ASIDE
    from featurex.cli._data import open_data
    from featurex.cli._stopping import going_on
    from featurex.config import make_benchmark, read_configuration

    if findings and (task or rivals):
        raise click.UsageError(
            "--findings asks a question for each finding: leave --task out, and compare --rival "
            "with one finding, as --task '{finding: Effusion}'"
        )
    asked = [
        *[f"task={task}"] * bool(task),
        *["curves=true"] * curves,
        *[f"save=[{', '.join(save)}]"] * bool(save),
    ]
    if data is None and not source.given and config is None:
        config = "phantom"
    tree = read_configuration(config, (*settings, *asked))
    _add_named(tree, "external", "data", "--external", external)
    _add_named(tree, "external", "masks", "--external-masks", external_masks)
    _add_named(tree, "rivals", "scores", "--rival", rivals)
    job, workers = make_benchmark(tree), {"n_jobs": jobs, "cluster": cluster}
    with open_data(data, source, job.seed, jobs, progress, labelled=not findings) as dataset:
        folder = Path(out or _default_folder(dataset.name))
        with going_on(f"To go on: the same command with --out {folder}."):
            if findings:
                asked = [findings, uncertain]
                return _run_findings(job, dataset, folder, asked, workers, progress)
            run = job.run(dataset, folder, **workers, progress=progress)
            _finish(run, progress)
    return FILES_SET_ASIDE if len(run.errors) else 0


def _finish(run, progress):
    """Write the report and the models of a run, and print its table."""
    from featurex.cli._console import make_console
    from featurex.cli._progress import print_set_aside
    from featurex.report.terminal import external_table, ranked_table

    _write_rest(run)
    console = make_console(stderr=False)
    console.print(ranked_table(run.rows, run.info, console.width))
    if run.external is not None:
        console.print(external_table(run.external, run.rows, run.info))
    print_set_aside(progress, run.errors, run.folder / "errors.csv")
    echo(f"Report: {run.folder / 'report.html'}")


def _run_findings(job, dataset, folder, asked, workers, progress):
    """Run a benchmark for each finding, and print the table of all."""
    from featurex.benchmark.findings import ALL, run_findings
    from featurex.cli import FILES_SET_ASIDE
    from featurex.cli._console import make_console
    from featurex.report import write_findings_page
    from featurex.report.findings_page import list_models
    from featurex.report.terminal import findings_table

    findings, uncertain = asked
    names = ALL if findings == ALL else [name.strip() for name in findings.split(",")]
    set_aside = []

    def done(run):
        _finish(run, progress)
        set_aside.append(len(run.errors))

    options = {"uncertain": uncertain, **workers, "progress": progress, "done": done}
    table = run_findings(job, dataset, folder, names, **options)
    make_console(stderr=False).print(findings_table(list_models(table), dataset.name))
    echo(f"Report: {write_findings_page(folder)}")
    return FILES_SET_ASIDE if any(set_aside) else 0


def _write_rest(run):
    """Write the report and the models of a finished run, as far as they are not there."""
    from featurex.report import write_report
    from featurex.runs.schema import MODEL, REPORT

    wanted = {run.folder / MODEL: run.chosen} if run.chosen is not None else {}
    for fitted in run.others:
        wanted[run.folder / f"{fitted.entry.key.replace('/', '-')}.featurex"] = fitted
    if not (run.folder / REPORT).exists():
        write_report(run.folder)
    missing = {path: fitted for path, fitted in wanted.items() if not path.exists()}
    if missing:
        # Late: what reads and writes models takes seconds to import.
        from featurex.bundle import save_model
        from featurex.errors import DataError

        for path, fitted in missing.items():
            try:
                save_model(path, run, fitted)
            except DataError as error:
                # The run is whole without it: a class of the user's has no form in a file.
                echo(f"{path.name} is not written: {error}", err=True)


def _add_named(tree, section, key, option, texts):
    """Put what the command line names beside what the configuration names."""
    from featurex.cli._options import split_named
    from featurex.construct import check_mapping
    from featurex.errors import ParameterError

    for text in texts:
        name, path = split_named(option, text)
        named = tree[section] = dict(check_mapping(tree.get(section), section))
        if key == "masks" and name not in named:
            raise ParameterError(
                f"{option} {name}: there is no external set of this name"
                f"{', but ' * bool(named)}{', '.join(named)}; name it with --external {name}=DATA"
            )
        given = named.get(name)
        # A path alone is its data.
        given = given if isinstance(given, dict) else {"data": given} if key == "masks" else {}
        named[name] = {**given, key: path}


def _default_folder(name):
    from datetime import datetime
    from pathlib import Path

    return Path("runs") / f"{name}-{datetime.now():%Y%m%d-%H%M%S}"
