"""What things are called on the page, and how numbers are written."""

import math

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
}
MISSING = "–"

# Between a number and its unit: a narrow space at which no line breaks.
_SPACE = "\N{NARROW NO-BREAK SPACE}"


def name_features(features):
    """Families of extractors: "zones+glcm" becomes "zones + GLCM"."""
    return " + ".join(FEATURES.get(family, family) for family in str(features).split("+"))


def name_model(model):
    """A model's name in words."""
    return MODELS.get(model, str(model))


def name_row(row):
    """What a row is about, without its input: "zones + GLCM, XGBoost" or "CNN"."""
    model = name_model(row["model"])
    return model if row["features"] == "pixels" else f"{name_features(row['features'])}, {model}"


def full_name(row):
    """What a row is about: "zones + GLCM, XGBoost on aligned images"."""
    return f"{name_row(row)} on {row['input']} images"


def decimal(value, digits=3):
    """A score: 0.986. An en dash stands for what is not there."""
    return MISSING if _absent(value) else f"{value:.{digits}f}"


def signed(value, digits=3):
    """A difference, with a true minus sign: −0.012."""
    if _absent(value):
        return MISSING
    written = f"{abs(value):.{digits}f}"
    return written if float(written) == 0 else ("+" if value > 0 else "−") + written


def percent(value, digits=1):
    """A share: 95.5 %."""
    return MISSING if _absent(value) else f"{hundredths(value, digits)}{_SPACE}%"


def hundredths(value, digits=1):
    """A share where the unit stands elsewhere: 95.5."""
    return MISSING if _absent(value) else f"{100 * value:.{digits}f}"


def integer(value):
    """A count: 5,216."""
    return MISSING if _absent(value) else f"{int(value):,}"


def compact(value):
    """A time or cost with two or three digits: 0.042, 3.1, 118."""
    if _absent(value):
        return MISSING
    if value == 0:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def span(low, high, write):
    """An interval, both ends written alike: 0.962–0.995."""
    return f"{write(low)}–{write(high)}"


def probability(p):
    """A p-value, never as zero: "p = 0.41"."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def sentence(words):
    """With a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:]}."


def listing(words):
    """a; a and b; a, b and c."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _absent(value):
    return value is None or (isinstance(value, float) and math.isnan(value))
