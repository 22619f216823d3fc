"""What a benchmark runs where no configuration says otherwise, and the list of its rows."""

from featurex.checks import check_choice, fail
from featurex.runs import PIXELS, Entry

# The names only: every parameter is as in the constructors. One family at a time shows what each
# is worth, all models on one union show what the models are worth. The strongest of them get every
# family of every input: of images as they are, aligned, and of harmonised lungs, which travel best.
PLAN = {
    "preprocess": {},
    "inputs": {
        "original": {},
        "aligned": {"align": {}, "equalize": {}},
        "harmonized": {"align": {}, "equalize": {}, "harmonize": {}, "lungs": {}},
    },
    "features": {"zones": {}, "hog": {}, "lbp": {}, "glcm": {}, "gabor": {}},
    "models": {
        "logistic": {},
        "svm": {},
        "lda": {},
        "random_forest": {},
        "extra_trees": {},
        "hist_boosting": {},
        "xgboost": {},
        "vote": {},
        # A single network says little: how it is drawn moves its AUC as much as the rivalry does.
        "cnn": {"n_seeds": 3},
    },
    "grid": [
        {
            "inputs": ["aligned"],
            "features": ["zones", "hog", "lbp", "glcm", "gabor"],
            "models": ["logistic", "xgboost"],
        },
        {
            "inputs": ["original", "harmonized"],
            "features": ["zones", "hog", "lbp", "glcm", "gabor"],
            "models": ["logistic"],
        },
        {
            "inputs": ["aligned"],
            "features": ["zones+glcm+gabor"],
            "models": [
                "logistic",
                "svm",
                "lda",
                "random_forest",
                "extra_trees",
                "hist_boosting",
                "xgboost",
                "vote",
            ],
        },
        {
            "inputs": ["original", "aligned", "harmonized"],
            "features": ["zones+hog+lbp+glcm+gabor"],
            "models": ["logistic", "svm"],
        },
        # The boosted trees of a vote take longer on so many columns than all others together.
        {
            "inputs": ["aligned"],
            "features": ["zones+hog+lbp+glcm+gabor"],
            "models": ["vote"],
        },
        {"inputs": ["original", "aligned"], "features": [PIXELS], "models": ["cnn"]},
    ],
}


def list_entries(grid, inputs, features, models):
    """Every combination that the grid names, once, in its order.

    Parameters
    ----------
    grid : list of dict
        Each with "inputs", "features" ("+" joins families; "pixels" for a CNN) and "models".
    inputs, features, models : dict
        What exists, by name.

    Returns
    -------
    entries : list of Entry

    Raises
    ------
    ParameterError
        If the grid names what does not exist, or joins pixels with a model of columns.
    """
    # Late: who only extracts features reads the plan, and fits no model.
    from featurex.models.pixels import PixelClassifier

    if not isinstance(grid, list) or not grid:
        fail("grid", "a list with at least one item of inputs, features and models", grid)
    entries = []
    for number, part in enumerate(grid):
        where = f"grid[{number}]"
        if not isinstance(part, dict) or set(part) != {"inputs", "features", "models"}:
            fail(where, "a mapping with exactly inputs, features and models", part)
        entries += [
            Entry(name, families, model)
            for name in _names(part, "inputs", where, inputs)
            for families in _names(part, "features", where, features)
            for model in _names(part, "models", where, models)
        ]
    for entry in entries:
        if (entry.features == PIXELS) != isinstance(models[entry.model], PixelClassifier):
            fail(
                f"grid: {entry.key}",
                "a CNN on pixels, or another model on families of extractors",
                entry.features,
            )
    return list(dict.fromkeys(entries))


def _names(part, kind, where, existing):
    names = part[kind]
    if not isinstance(names, list) or not names:
        fail(f"{where}.{kind}", "a list with at least one name", names)
    for name in names:
        for member in str(name).split("+") if kind == "features" else [name]:
            if not (kind == "features" and name == PIXELS):
                check_choice(f"{where}.{kind}", member, tuple(existing))
    return names
