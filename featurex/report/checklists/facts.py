"""What a run says of itself, as answers to the items of checklists: one short text each."""

from featurex.report.names import (
    decimal,
    describe_interval,
    full_name,
    integer,
    listing,
    name_task,
    percent,
    probability,
    signed,
)
from featurex.report.summary import summarise_run
from featurex.wording import count


def question(record):
    """The question, and the classes."""
    info = record.info
    return f"{name_task(info.task, info.classes)} Classes: {listing(info.classes)}."


def source(record):
    """Where the images come from, as far as the run knows."""
    dataset = record.info.dataset
    kind = "synthetic images, no patients" if dataset.synthetic else "images of the data set"
    others = listing(one.name for one in record.info.external) if record.info.external else "none"
    return (
        f"{dataset.name}: {kind}; SHA-256 of the files {dataset.digest[:12]}... External sets: "
        f"{others}. Whether the data are public, and what they represent, is the author's to say."
    )


def counts(record):
    """Images and patients of each split and class."""
    parts = [
        f"{part.split} {part.subtype or part.label}: {count(part.images, 'image')} of "
        f"{count(part.patients, 'patient')}"
        for part in record.info.dataset.counts
    ]
    return f"{'; '.join(parts)}."


def flow(record):
    """Images that took part, and files that were set aside."""
    images = sum(part.images for part in record.info.dataset.counts)
    reasons = record.errors["reason"].value_counts()
    aside = ", ".join(f"{number} {reason}" for reason, number in reasons.items()) or "none"
    return f"{count(images, 'image')} took part; files set aside: {aside} (errors.csv)."


def split(record):
    """How the data were divided."""
    protocol = record.info.protocol
    return (
        f"Test images: {protocol.test}. Training patients were divided into {protocol.folds} "
        "folds; all images of a patient stay in one part. Every step that learns was fitted on "
        "training images alone, and the test images were scored once. " + _notes(record)
    )


def _notes(record):
    return " ".join(f"Note: {note.rstrip('.')}." for note in record.info.dataset.notes)


def labels(record):
    """Where labels come from."""
    return (
        f"Labels ({listing(record.info.classes)}) are those of the data set, with their errors. "
        "How they were made is the author's to say."
    )


def segmentation(record):
    """How lungs are found."""
    alignment = record.info.alignment
    return (
        "Lungs are found by the software, without an operator, where an input aligns images or "
        f"takes lungs ({_inputs(record)}). {count(alignment.failed, 'image')} of "
        f"{integer(alignment.n)} could not be registered to the mean chest."
    )


def preprocessing(record):
    """The inputs: how images are prepared."""
    return (
        f"Inputs: {_inputs(record)}. The configuration in run.json holds every parameter of every "
        "step, and the report shows it."
    )


def _inputs(record):
    inputs = record.info.configuration.get("inputs") or {}
    steps = [
        f"{name} ({', '.join(steps) if steps else 'resized alone'})"
        for name, steps in inputs.items()
    ]
    return "; ".join(steps) or listing(dict.fromkeys(record.rows["input"]))


def resampling(record):
    """The size to which images are brought."""
    size = (record.info.configuration.get("preprocess") or {}).get("size")
    pixels = f"{size} x {size} pixels" if size else "the size that run.json states"
    return (
        f"Images are brought to {pixels}, and to the size of each family. Physical sizes of pixels "
        "are not used."
    )


def discretisation(record):
    """Grey levels of the families that count them."""
    families = record.info.configuration.get("features") or {}
    parts = [
        f"{family}: "
        + ", ".join(
            f"{name} {given[name]}"
            for name in ("levels", "width", "bins")
            if given.get(name) is not None
        )
        for family, given in families.items()
        if isinstance(given, dict) and any(given.get(name) for name in ("levels", "width", "bins"))
    ]
    return f"{'; '.join(parts)}." if parts else "No family of this run counts grey levels."


def families(record):
    """Families of features with their number of columns."""
    rows = record.rows[~record.rows["key"].isin(record.rivals)]
    columns = rows.drop_duplicates(["features"])[["features", "n_columns"]]
    parts = [f"{row.features} {integer(row.n_columns)}" for row in columns.itertuples()]
    return f"Columns of each family or combination: {'; '.join(parts)}."


def software(record):
    """Program and versions."""
    versions = record.info.versions
    named = ", ".join(f"{name} {versions[name]}" for name in versions)
    return (
        f"featurex {record.info.featurex}, two-dimensional, hand-crafted; versions: {named}. "
        "Formulas and sources: featurex features FAMILY."
    )


def defaults(record):
    """Every parameter is written down."""
    return "run.json holds every parameter, those with default values included."


def missing(record):
    """Missing values."""
    return "A radiograph has no missing columns; a file that cannot be read is left out. " + flow(
        record
    )


def imbalance(record):
    """The fraction of each class, and what is done about it."""
    numbers = dict.fromkeys(record.info.classes, 0)
    for part in record.info.dataset.counts:
        numbers[part.label] += part.images
    total = max(sum(numbers.values()), 1)
    shares = ", ".join(f"{name} {percent(n / total, 0)}" for name, n in numbers.items())
    return f"{shares}. The models of featurex give every class the same weight, not every image."


def algorithms(record):
    """The models."""
    models = record.info.configuration.get("models") or {}
    parts = [
        f"{name} ({', '.join(f'{key} {value}' for key, value in given.items())})"
        if isinstance(given, dict) and given
        else name
        for name, given in models.items()
    ]
    return f"{'; '.join(parts) or listing(dict.fromkeys(record.rows['model']))}."


def reduction(record):
    """What reduces the number of columns."""
    models = record.info.configuration.get("models") or {}
    with_components = [
        f"{name} {given['n_components']}"
        for name, given in models.items()
        if isinstance(given, dict) and given.get("n_components")
    ]
    if not with_components:
        return "None: every model gets all columns of its families."
    return (
        f"Principal components of the training images: {', '.join(with_components)}. Other models "
        "get all columns."
    )


def scaling(record):
    """How columns are scaled."""
    return (
        "The linear models and the kernel machine of featurex standardise columns by the mean and "
        "standard deviation of the training images; trees take columns as they are."
    )


def training(record):
    """How models are fitted."""
    return f"{algorithms(record)} Seed {record.info.seed}; the whole configuration is in run.json."


def confounders(record):
    """Negative controls and swaps."""
    return summarise_run(record).validity


def selection(record):
    """How the model was chosen."""
    chosen = listing(full_name(key) for key in record.chosen) if record.chosen else "none"
    by = record.info.selection.by.replace("+", "and")
    return f"Chosen on training images alone, by the lowest of {by}: {chosen}."


def testing(record):
    """Internal and external tests."""
    names = [f"{one.name} ({count(one.images, 'image')})" for one in record.info.external]
    external = f"External: {listing(names)}." if names else "There is no external set."
    return f"Internal: {record.info.protocol.test}. {external}"


def metrics(record):
    """The measures."""
    return (
        "AUC, accuracy, sensitivity, specificity, F1, Matthews correlation, Brier score and "
        "expected calibration error; ROC, precision-recall and calibration curves, and net "
        "benefit where there are two classes."
    )


def threshold(record):
    """Output of a model, and its threshold."""
    return (
        "A score for each class, and a decision; the threshold was frozen before the test: "
        f"{record.info.protocol.threshold}."
    )


def uncertainty(record):
    """The intervals."""
    return f"Intervals: {record.info.protocol.interval}."


def tests(record):
    """The paired test of the chosen models."""
    found = record.info.comparison
    if found is None or found.p is None:
        return "This run holds no paired test; featurex compare makes one of two runs."
    return (
        f"DeLong's test with patients as clusters: {full_name(found.a)} against "
        f"{full_name(found.b)}, difference {signed(found.difference)} "
        f"({describe_interval(found.low, found.high, signed)}, {probability(found.p)})."
    )


def others(record):
    """What the models are compared with."""
    return f"{summarise_run(record).comparison} {confounders(record)}"


def explanation(record):
    """How models are explained."""
    if record.info.importance is None:
        return "This run does not explain its models."
    return (
        "Contributions of every column to the log-odds, drawn where the columns lie; change of the "
        "AUC under permutation by family and region; the worst mistakes with their maps."
    )


def performance(record):
    """Scores of the chosen models."""
    parts = []
    for key in record.chosen:
        row = record.row(key)
        interval = describe_interval(row["test_auc_low"], row["test_auc_high"])
        parts.append(
            f"{full_name(key)}: AUC {decimal(row['cv_auc'])} in cross-validation, "
            f"{decimal(row['test_auc'])} on the test images ({interval}), accuracy "
            f"{percent(row['test_accuracy'])}"
        )
    return f"{'; '.join(parts)}. rows.csv has every model." if parts else "No model was chosen."


def groups(record):
    """Scores in groups."""
    if record.info.subgroups is None:
        return "This run holds no groups; sex and age are columns of a list (subgroups)."
    names = listing(group.name for group in record.info.subgroups.groups)
    return f"Scores with intervals of {names}: see Groups of test images in the report."


def sites(record):
    """Scores by site and hospital."""
    if record.rows["site_auc"].notna().any():
        return "Each site is scored by a model of the others: column site_auc of rows.csv."
    return testing(record)


def model_file(record):
    """The saved model."""
    return (
        "model.featurex holds the chosen classical model with every parameter, where it could be "
        "saved; featurex predict scores new images with it."
    )


def features_file(record):
    """The table of features."""
    return "features.parquet in the run folder; sharing it is the author's decision."


def code(record):
    """How to run it again."""
    return (
        f"Command: {' '.join(record.info.command)}. featurex benchmark --config run.json repeats "
        "the run on the same data."
    )


def poor_input(record):
    """What is done about input that cannot be trusted."""
    return (
        "A file that cannot be read is refused with a reason; images unlike the training images, "
        "or without lungs where these are needed, are flagged, and no decision is given."
    )
