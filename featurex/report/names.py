"""What things are called on the pages, and how numbers are written."""

import math

from featurex.runs import Entry

FEATURES = {
    "pixels": "pixels",
    "zones": "zones",
    "hog": "HOG",
    "lbp": "LBP",
    "glcm": "GLCM",
    "gabor": "Gabor",
}
MODELS = {
    "logistic": "logistic regression",
    "svm": "RBF SVM",
    "lda": "linear discriminant",
    "random_forest": "random forest",
    "extra_trees": "extra trees",
    "hist_boosting": "histogram boosting",
    "xgboost": "XGBoost",
    "vote": "vote of several",
    "cnn": "CNN",
    "resnet18": "ResNet-18",
}
TASK_TITLES = {
    "pneumonia": "Normal or pneumonia?",
    "etiology": "Bacterial or viral pneumonia?",
    "three-class": "Normal, bacterial or viral?",
}
# Stands for a value that does not exist.
MISSING = "–"

# Between a number and its unit: a narrow space at which no line breaks.
_SPACE = "\N{NARROW NO-BREAK SPACE}"


def name_task(task, classes):
    """Write a task as a question: "Normal or pneumonia?"; classes as the user has written them."""
    *others, last = classes
    if others == [f"no {last}"]:
        return f"{last}?"
    return TASK_TITLES.get(task, f"{', '.join(others)} or {last}?")


def name_features(features):
    """Write families of extractors in words: "zones+glcm" becomes "zones + GLCM"."""
    return " + ".join(FEATURES.get(family, family) for family in str(features).split("+"))


def name_model(model):
    """Write a model's name in words: "xgboost" becomes "XGBoost"."""
    return MODELS.get(model, str(model))


def short_name(key):
    """Name a model without its input: "zones + GLCM, XGBoost", or "CNN".

    Parameters
    ----------
    key : str
        Key of the model, "input/features/model".

    Returns
    -------
    name : str

    Examples
    --------
    >>> short_name("aligned/zones+glcm/xgboost")
    'zones + GLCM, XGBoost'
    """
    entry = Entry.parse(key)
    if entry.is_rival:
        return entry.model
    model = name_model(entry.model)
    return model if entry.learns_features else f"{name_features(entry.features)}, {model}"


def full_name(key):
    """Name a model with its input: "zones + GLCM, XGBoost on aligned images".

    Parameters
    ----------
    key : str
        Key of the model, "input/features/model".

    Returns
    -------
    name : str
    """
    entry = Entry.parse(key)
    where = "from elsewhere" if entry.is_rival else f"on {entry.input} images"
    return f"{short_name(key)} {where}"


def name_kind(key):
    """Name the kind of a model: "learnt" (a CNN, on pixels), "rival" or "classical".

    The name is also the CSS class that gives the kind its colour.
    """
    entry = Entry.parse(key)
    return "rival" if entry.is_rival else "learnt" if entry.learns_features else "classical"


def decimal(value, digits=3):
    """Write a score: 0.986. An en dash stands for a value that does not exist."""
    return MISSING if _is_missing(value) else f"{value:.{digits}f}"


def signed(value, digits=3):
    """Write a difference with its sign: −0.012."""
    if _is_missing(value):
        return MISSING
    written = f"{abs(value):.{digits}f}"
    return written if float(written) == 0 else ("+" if value > 0 else "−") + written


def percent(value, digits=1):
    """Write a fraction as a percentage: 95.5 %."""
    return MISSING if _is_missing(value) else f"{hundredths(value, digits)}{_SPACE}%"


def hundredths(value, digits=1):
    """Write a fraction as a percentage whose unit stands elsewhere: 95.5."""
    return MISSING if _is_missing(value) else f"{100 * value:.{digits}f}"


def integer(value):
    """Write a count: 5,216."""
    return MISSING if _is_missing(value) else f"{int(value):,}"


def compact(value):
    """Write a time or cost with two or three digits: 0.042, 3.1, 118."""
    if _is_missing(value):
        return MISSING
    if value == 0:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def interval(low, high, write=decimal, separator="–"):
    """Write an interval: 0.962–0.995.

    Parameters
    ----------
    low, high : float or None
        Limits of the interval.
    write : callable
        Writes one limit.
    separator : str
        Stands between the limits; " to " where they have signs.

    Returns
    -------
    words : str
        An en dash where there is no interval, or where both limits read the same: then all
        resamples gave one value, which says nothing about other patients.
    """
    if _is_missing(low) or _is_missing(high) or write(low) == write(high):
        return MISSING
    return f"{write(low)}{separator}{write(high)}"


def write_spread(mean, deviation):
    """Write a mean and its standard deviation: 0.962 ± 0.004."""
    return MISSING if _is_missing(mean) else f"{decimal(mean)} ± {decimal(deviation)}"


def describe_interval(low, high, write=decimal):
    """Write an interval for a sentence: "95 % interval 0.962 to 0.995"."""
    if interval(low, high, write) == MISSING:
        return "no interval: all bootstrap resamples give the same value"
    return f"95{_SPACE}% interval {interval(low, high, write, ' to ')}"


def probability(p):
    """Write a p-value, never as zero: "p = 0.41"."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def sentence(words):
    """Give words a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:]}."


def listing(words):
    """Write a list: "a", "a and b", "a, b and c"."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _is_missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value))
