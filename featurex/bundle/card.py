"""The model card: what a model is for, how it was made, and what is known against it."""

from featurex.report.names import decimal, full_name, integer, percent

_TEXT = """# Model card: {title}

**Research use only. Not a medical device; no output is a diagnosis.**

## What it is

{name}, to tell {classes} apart on frontal chest radiographs. Made {created} with featurex
{version}; format {format}.

{masks}{own}## Intended use

Research and teaching on the classical analysis of radiographs: comparing methods, studying
shortcuts, learning. Not for decisions about patients, not for images of adults if it was trained on
children, and not for images of another hospital without a validation there: on 1,000 adults of
another hospital, models trained like this one scored no better than chance (AUC .51).

## Training data

{dataset}{synthetic}: {training}. Digest of the files: `{digest}`.

## Protocol

{folds} patient-grouped folds; the threshold ({threshold}) is {policy}, frozen before the test;
chosen among models by the lower AUC of both swaps, on training images alone. Test: {test}.
Intervals: {interval}.

## Results

| measure | value |
|---|---|
| AUC, cross-validated | {cv_auc} |
| AUC, validated in swapped framings | {swap_auc} |
| AUC, validated with swapped appearance | {appearance_auc} |
| AUC, test | {test_auc} ({test_auc_low} to {test_auc_high}) |
| accuracy, test | {accuracy} |
| sensitivity, specificity, test | {sensitivity}, {specificity} |
| calibration error, Brier score, test | {ece}, {brier} |

## Negative controls

Models that see only shortcuts, and no lung, reach these AUCs on the same data. The closer they come
to the AUC of this model, the less its AUC says about the disease.

| control | cross-validated | test |
|---|---|---|
{controls}

{findings}
## Limits

- It was trained on the images of one data set, whose labels may be wrong. Children and adults
  differ.
- A score near the threshold says little. The calibrated probability holds for the class fractions
  of the training data.
- Flags: an image that could not be aligned, looks like a negative, shows no lungs, or is unlike
  the training images is scored and flagged. Do not use such scores.
- The file was written by `featurex benchmark`; loading it runs nothing from it.
"""

_MASKS = """It needs a mask of every image, as `featurex predict MODEL IMAGES --masks FOLDER` finds
them: only pixels inside count ({labels}). Its scores hold for masks that are drawn as those of the
training images were.

"""


_OWN = """It uses classes that are not featurex's ({names}), and loads only where they are allowed:
`featurex predict MODEL IMAGES {options}`, with `--plugin FILE.py` where they lie in a file.

"""


def write_card(manifest, own=()):
    """Write the card, as Markdown.

    Parameters
    ----------
    manifest : dict
        As `save_model` makes it.
    own : sequence of str
        The classes that it needs and that are not featurex's.

    Returns
    -------
    card : str
    """
    labels, threshold = manifest["mask_labels"], manifest["threshold"]
    return _TEXT.format(
        title=full_name(manifest["key"]),
        name=full_name(manifest["key"]),
        classes=" and ".join(manifest["classes"]),
        masks="" if labels is None else _MASKS.format(labels=_name_labels(labels)),
        own=_OWN.format(
            names=", ".join(f"`{name}`" for name in own),
            options=" ".join(f"--allow {name}" for name in own),
        )
        if own
        else "",
        created=manifest["created"],
        version=manifest["versions"]["featurex"],
        format=manifest["format"],
        threshold="the largest score decides" if threshold is None else decimal(threshold),
        policy=manifest["threshold_policy"],
        **{name: manifest["protocol"][name] for name in ("folds", "test", "interval")},
        **_tell_of_data(manifest["dataset"]),
        **_tell_of_scores(manifest["scores"]),
        controls="\n".join(
            f"| {control['name']} | {decimal(control['cv_auc'])} | {decimal(control['test_auc'])} |"
            for control in manifest["controls"]
        ),
        findings="".join(
            f"- {finding['severity']}: {finding['title']}\n" for finding in manifest["findings"]
        ),
    )


def _tell_of_data(dataset):
    training = [count for count in dataset["counts"] if count["split"] == "train"]
    return {
        "dataset": dataset["name"],
        "digest": dataset["digest"],
        "synthetic": " (synthetic: no patients)" if dataset["synthetic"] else "",
        "training": ", ".join(
            f"{integer(count['images'])} {count['subtype'] or count['label']} of "
            f"{integer(count['patients'])} patients"
            for count in training
        ),
    }


def _tell_of_scores(scores):
    decimals = ("cv_auc", "swap_auc", "appearance_auc", "ece", "brier")
    decimals += ("test_auc", "test_auc_low", "test_auc_high")
    percents = ("accuracy", "sensitivity", "specificity")
    return {name: decimal(scores[name]) for name in decimals} | {
        name: percent(scores[f"test_{name}"]) for name in percents
    }


def _name_labels(labels):
    """Say which values of a mask are inside."""
    if not labels:
        return "all of a mask but 0"
    return "any value of a mask but 0" if labels == ["any"] else f"value {' or '.join(labels)}"
