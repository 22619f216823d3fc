"""Section: terms of the report, for readers who do not use them every day."""

from featurex.report.section import Section

GLOSSARY = {
    "AUC": (
        "Area under the ROC curve: the probability that a positive image has a higher score than a "
        "negative one. 0.5 is a coin toss, 1 is perfect. With three classes: the mean over each "
        "class against the rest."
    ),
    "95 % interval": (
        "The range of the score in 95 of 100 samples of test patients, drawn with replacement "
        "(bootstrap). Patients are drawn and not images, since images of one patient are alike. "
        "No interval is shown where all samples give the same score."
    ),
    "Cross-validation (CV)": (
        "Training patients are divided into folds; each fold is scored by a model that was fitted "
        "on the others. These scores are called out-of-fold scores."
    ),
    "Swapped framing": (
        "Each validation image is warped as if it had been positioned and cropped like an image of "
        "another class, and is then scored. A model that uses the lungs keeps its score; a model "
        "that uses the framing loses it."
    ),
    "Swapped appearance (Look AUC)": (
        "Each validation image takes the contrast, brightness curve, sharpness and noise of an "
        "image of another class. A model that reads the device and not the disease loses its score."
    ),
    "Shortcut": (
        "Information that predicts the label without showing the disease, such as the size of the "
        "file or the way an image is cropped."
    ),
    "Negative control": (
        "A model that gets only information that cannot show the disease. If it scores well, the "
        "images contain a shortcut."
    ),
    "Chosen model": (
        "The classical model, and the CNN, with the highest validation AUC in the worse of both "
        "swaps, of framing and of appearance. "
        "Test scores play no part in the choice."
    ),
    "Frozen threshold": (
        "The score from which an image is called positive. It is chosen on out-of-fold scores of "
        "training images and does not change afterwards."
    ),
    "Sensitivity, specificity": (
        "Fraction of positive images that are called positive; fraction of negative images that "
        "are called negative."
    ),
    "Precision, recall": (
        "Fraction of the images called positive that are positive; recall is another word for "
        "sensitivity."
    ),
    "F1, MCC": (
        "Two summaries of decisions: the harmonic mean of precision and sensitivity; the "
        "correlation of label and decision, which is 0 for guessing whatever the prevalence."
    ),
    "Calibration, ECE, Brier": (
        "Whether a probability of 0.8 is right in 8 of 10 cases; the mean deviation from that; the "
        "mean squared error of the probabilities."
    ),
    "Net benefit": (
        "True positives per image, less false positives weighted by the odds of the threshold "
        "probability; a decision curve shows it for every threshold (Vickers and Elkin 2006)."
    ),
    "DeLong": "A paired test of two AUCs on the same images, here with patients as clusters.",
    "Critical difference": (
        "Two models differ significantly if their mean ranks over the folds are farther apart than "
        "this (Nemenyi's test, which accounts for the number of pairs)."
    ),
    "Alignment": (
        "Each image is registered to the mean chest by landmarks on its lungs, so that lungs have "
        "the same position in all images, and its margin is cropped."
    ),
    "zones": "Histograms of grey values in the zones of a grid.",
    "HOG": "Histograms of oriented gradients: the direction of edges in each cell of a grid.",
    "LBP": "Local binary patterns: each pixel compared with the ring around it.",
    "GLCM": "Grey-level co-occurrence matrices: which grey levels are neighbours.",
    "Gabor": "Responses of filters for waves of a given direction and width.",
    "CNN": "A small convolutional network that learns its features from pixels.",
}


def make_section(record):
    """Explain the terms of the report.

    Parameters
    ----------
    record : Record
        The run; the terms are the same for all.

    Returns
    -------
    section : Section
    """
    return Section("glossary", "Glossary", "Glossary", values={"terms": GLOSSARY}, wide=True)
