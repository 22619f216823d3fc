"""What came out, in plain words; every number is taken from the run."""

from typing import NamedTuple

import numpy as np

from featurex.report.names import (
    decimal,
    full_name,
    integer,
    listing,
    name_model,
    name_task,
    percent,
    probability,
    signed,
)

# Test AUC from which a model that sees no lung is called a serious rival, and from which it is
# worth a word.
_SERIOUS, _NOTABLE = 0.8, 0.6


class Verdict(NamedTuple):
    """The answer before the details; each part one paragraph.

    Parameters
    ----------
    title, asked, found, compared, worth : str
    """

    title: str
    asked: str
    found: str
    compared: str
    worth: str


def describe_verdict(record):
    """What was asked, what came out, and what it is worth.

    Parameters
    ----------
    record : Record

    Returns
    -------
    verdict : Verdict
    """
    facts = record.facts
    title = name_task(facts["task"], record.classes)
    asked = (
        f"{len(record.rows)} combinations of image preparation, features and model were asked to "
        f"tell "
        f"{listing(record.classes)} apart on radiographs of patients they had never seen."
    )
    return Verdict(title, asked, _found(record), _compared(record), _worth(record))


def _found(record):
    if not record.chosen:
        return "No model was chosen in this run; the table below shows all of them."
    row = record.row(record.chosen[0])
    low, high = decimal(row["test_auc_low"]), decimal(row["test_auc_high"])
    interval = f"AUC {decimal(row['test_auc'])}, 95 % interval {low} to {high}"
    start = f"Chosen on training images alone, {full_name(row)}"
    if len(record.classes) > 2:
        return (
            f"{start} ranks an image of a class above an image of the others in "
            f"{percent(row['test_auc'])} of all "
            f"pairs, on average over the classes ({interval}). It decides "
            f"{percent(row['test_accuracy'])} of "
            f"{integer(row['n_test'])} test images correctly."
        )
    negative, positive = record.classes
    return (
        f"{start} ranks a {positive} film above a {negative} film in {percent(row['test_auc'])} "
        f"of all pairs "
        f"({interval}). At the threshold frozen before the test it decides "
        f"{percent(row['test_accuracy'])} of "
        f"{integer(row['n_test'])} test images correctly: it recognises "
        f"{percent(row['test_sensitivity'])} of "
        f"the {positive} films and {percent(row['test_specificity'])} of the {negative} films."
    )


def _compared(record):
    selection, comparison = record.facts["selection"], record.facts["comparison"]
    if not selection.get("cnn"):
        missing = selection.get("cnn_missing")
        return f"No CNN took part. {missing}" if missing else "No CNN took part in this run."
    network = record.row(selection["cnn"])
    reached = (
        f"Trained on the same patients, the {full_name(network)} reaches "
        f"{decimal(network['test_auc'])}"
    )
    if len(record.classes) > 2:
        return f"{reached}. With three classes the two are not tested against each other."
    if not comparison or comparison.get("p") is None:
        return f"{reached}; this run holds no paired test of the difference."
    favoured = "the classical model" if comparison["difference"] >= 0 else "the CNN"
    return (
        f"{reached}. The difference of {decimal(abs(comparison['difference']))} in favour of "
        f"{favoured} is "
        f"{'within' if comparison['p'] >= 0.05 else 'beyond'} what chance explains (95 % interval "
        f"{signed(comparison['low'])} to {signed(comparison['high'])}, "
        f"{probability(comparison['p'])})."
    )


def _worth(record):
    controls = [control for control in record.facts["controls"] if control["test_auc"] is not None]
    sentences = [_framing(record)] if record.chosen else []
    if not controls:
        sentences.append(
            "No negative controls were run, so nothing is known of what scores without lungs."
        )
        return " ".join(sentences)
    best = max(controls, key=lambda control: control["test_auc"])
    reached = (
        f"The strongest negative control, {best['name']} ({best['description']}), reaches a test "
        f"AUC of "
        f"{decimal(best['test_auc'])}"
    )
    if best["cv_auc"] is not None and best["cv_auc"] >= max(_NOTABLE, best["test_auc"] + 0.1):
        reached += (
            f", but {decimal(best['cv_auc'])} in cross-validation: training images share a short "
            f"cut that the "
            "test images do not"
        )
    if best["test_auc"] >= _SERIOUS:
        sentences.append(
            f"{reached}. Much of any test score here can be had without looking at a lung."
        )
    elif best["test_auc"] >= _NOTABLE:
        sentences.append(
            f"{reached}. Some of any test score here can be had without looking at a lung."
        )
    else:
        sentences.append(
            f"{reached}. Next to nothing of a test score can be had without looking at a lung."
        )
    return " ".join(sentences)


def _framing(record):
    row = record.row(record.chosen[0])
    if np.isnan(row["swap_auc"]):
        return (
            "Swapped framings were not tried, so a short cut through the framing of the films "
            "cannot be ruled out."
        )
    fall = row["cv_auc"] - row["swap_auc"]
    judged = "holds" if fall < 0.02 else "falls somewhat" if fall < 0.1 else "falls steeply"
    return (
        f"With every film warped into the framing of another class, its validation AUC {judged}: "
        f"{decimal(row['cv_auc'])} becomes {decimal(row['swap_auc'])}."
    )


def list_caveats(record):
    """What a reader must bear in mind: list of sentences.

    Parameters
    ----------
    record : Record
    """
    facts = record.facts
    caveats = [
        "Research use only. This is not a medical device, and nothing here may guide the care of "
        "a patient.",
        "All images come from one data set. A score says nothing about another hospital, another "
        "device or another "
        "age group until it has been measured there.",
        "Labels are taken as the data set gives them, with their errors.",
        "Precision, calibration and accuracy depend on the share of each class, which here is the "
        "data set's and "
        "not that of a clinic.",
        f"The interval of a score ({facts['protocol'].get('interval', 'see the protocol')}) "
        f"covers the choice of test "
        "patients, not the choice of data set, labels or seeds.",
    ]
    if facts["dataset"].get("synthetic"):
        caveats.insert(
            1,
            "The images are synthetic: they show that the method works, not how well it does on "
            "patients.",
        )
    if not str(facts["protocol"].get("test", "")).startswith("official"):
        caveats.append(
            "The data have no test split of their own: the test images come from the same source "
            "as training."
        )
    rates = list_failures(facts)
    if rates and max(rate for *_, rate in rates) > 2 * min(rate for *_, rate in rates) + 0.01:
        caveats.append(
            "Alignment fails more often in one class than in another. Such images are used as "
            "they are, and a "
            "model might read the failure itself."
        )
    return caveats


def list_failures(facts):
    """How often registration to the mean chest failed: list of (class, failed, images, rate).

    Parameters
    ----------
    facts : dict
        Of run.json.
    """
    failed = (facts["alignment"] or {}).get("failed_by_class") or {}
    counts = {}
    for count in facts["dataset"].get("counts", []):
        counts[count["label"]] = counts.get(count["label"], 0) + count["images"]
    return [
        (name, number, counts[name], number / counts[name])
        for name, number in failed.items()
        if counts.get(name)
    ]


def describe_ranking(ranking, record):
    """Whether models differ fold by fold, and which from the first: str.

    Parameters
    ----------
    ranking : dict
        Of run.json.
    record : Record
    """
    models, apart = ranking["models"], ranking["critical_difference"]
    names = {model["key"]: name_model(record.row(model["key"])["model"]) for model in models}
    best = models[0]
    behind = [
        names[model["key"]] for model in models if model["mean_rank"] - best["mean_rank"] > apart
    ]
    differ = (
        "differ by more than chance explains"
        if ranking["p"] < 0.05
        else "do not differ beyond chance"
    )
    who = f"{listing(behind)} {'falls' if len(behind) == 1 else 'fall'}" if behind else "none falls"
    return (
        f"Ranked in each of {len(best['auc'])} folds by the AUC in swapped framings, the "
        f"{len(models)} models {differ} "
        f"(Friedman's test, χ² = {decimal(ranking['statistic'], 1)}, "
        f"{probability(ranking['p'])}). Two of them differ "
        f"where their mean ranks are more than {decimal(apart, 2)} apart, the critical difference "
        f"of Nemenyi's test: "
        f"{who} that far behind {names[best['key']]}, the first."
    )
