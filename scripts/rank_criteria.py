"""Print how well each criterion of validation ranks models by their AUC at another hospital.

Usage: python scripts/rank_criteria.py RUN [RUN ...]

RUN is the folder of a run with external sets, as from

    featurex benchmark HERE --config elsewhere --external there=THERE --out RUN

For every run and external set it prints Spearman's rank correlation, over all models of columns,
of the external AUC with the AUC of cross-validation, of the framing swap, of the appearance swap
and of the worse of both swaps; and what the model that each criterion would choose has there.
"""

import sys

import pandas as pd
from scipy.stats import spearmanr

from featurex.runs import PIXELS, read_record, worst_swap

CRITERIA = {
    "cross-validation": lambda rows: rows["cv_auc"],
    "framing swap": lambda rows: rows["swap_auc"],
    "appearance swap": lambda rows: rows["appearance_auc"],
    "worse of both": worst_swap,
}


def rank_criteria(folder):
    """Compare the criteria on every external set of one run.

    Parameters
    ----------
    folder : str
        Of the run.

    Returns
    -------
    lines : list of dict
        One for each external set and criterion.
    """
    record = read_record(folder)
    lines = []
    for name, there in record.external.groupby("set", sort=False):
        both = record.rows.merge(there[["key", "auc", "accuracy"]], on="key")
        # A rival was not validated here, and has no swaps.
        validated = (both["features"] != PIXELS) & worst_swap(both).notna()
        both = both[validated].dropna(subset=["auc"]).reset_index(drop=True)
        for criterion, measure in CRITERIA.items():
            values = measure(both)
            chosen = both.loc[values.idxmax()]
            lines.append(
                {
                    "from": record.info.dataset.name,
                    "to": name,
                    "criterion": criterion,
                    "models": len(both),
                    "Spearman": spearmanr(values, both["auc"]).statistic,
                    "chosen": chosen["key"],
                    "AUC": chosen["auc"],
                    "accuracy": chosen["accuracy"],
                    "best AUC": both["auc"].max(),
                }
            )
    return lines


def main(folders):
    """Print one table of all runs.

    Parameters
    ----------
    folders : list of str
        Of the runs.
    """
    if not folders:
        sys.exit(__doc__)
    lines = [line for folder in folders for line in rank_criteria(folder)]
    if not lines:
        sys.exit("none of these runs has an external set: run featurex benchmark with --external")
    print(pd.DataFrame(lines).to_string(index=False, float_format="{:.3f}".format))


if __name__ == "__main__":
    main(sys.argv[1:])
