"""Terms of the report, for readers who do not use them every day."""

GLOSSARY = {
    "AUC": (
        "Area under the ROC curve: the chance that a positive image scores above a negative one. "
        "0.5 is a coin toss, 1 is perfect. With three classes: the mean of each class against the "
        "rest."
    ),
    "95 % interval": (
        "Where the score would fall in 95 of 100 repetitions with other test patients of the same "
        "kind. Patients, not images, are drawn anew, as images of one patient resemble each other."
    ),
    "Cross-validation (CV)": (
        "Training patients are dealt into folds; each fold is scored by a model fitted on the "
        "others. Scores made so are called out-of-fold."
    ),
    "Swapped framing": (
        "Each validation image is warped as if it had been positioned and cropped like an image of"
        " another class, and then scored. A model that reads lungs does not mind; one that reads "
        "framing falls."
    ),
    "Frozen threshold": (
        "The score from which an image is called positive. Chosen on out-of-fold scores of "
        "training images, and not touched again."
    ),
    "Sensitivity, specificity": (
        "Share of positive images called positive; share of negative images called negative."
    ),
    "Precision, recall": (
        "Of the images called positive the share that is; recall is another word for sensitivity."
    ),
    "F1, MCC": (
        "Two summaries of decisions in one number: harmonic mean of precision and sensitivity; "
        "correlation of truth and decision, which is 0 for guessing whatever the share of the "
        "classes."
    ),
    "Calibration, ECE, Brier": (
        "Whether a probability of 0.8 is right in 8 of 10 cases; the mean gap to that; the mean "
        "squared error of the probabilities."
    ),
    "Net benefit": (
        "Cases found an image, less the false alarms, each weighed by the odds of the probability "
        "from which one would act: what a decision curve shows (Vickers and Elkin 2006)."
    ),
    "DeLong": "A paired test of two AUCs on the same images, here grouped by patient.",
    "Critical difference": (
        "How far apart the mean ranks of two models must be, over all folds, before chance is "
        "ruled out for every pair at once."
    ),
    "Negative control": (
        "A model that is given what cannot show the disease, such as the border of the film. If it"
        " scores, the data hold a short cut."
    ),
    "Alignment": (
        "Each image is registered to the mean chest by landmarks on its lungs, so that lungs lie "
        "in the same place, and its margin is cropped."
    ),
    "zones": "Histograms of grey values on a grid of zones.",
    "HOG": "Histograms of oriented gradients: which way edges run, cell by cell.",
    "LBP": "Local binary patterns: how each pixel compares with the ring around it.",
    "GLCM": "Grey-level co-occurrence matrices: which grey values lie side by side.",
    "Gabor": "Filters for waves of a given direction and width.",
    "CNN": "A small convolutional network that learns its own features from pixels.",
}
