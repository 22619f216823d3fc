"""Extract features with the library, step by step: the program to copy and change.

Usage: python scripts/extract_features.py chest_xray/ features.parquet
"""

import sys

from sklearn.pipeline import FeatureUnion, make_pipeline

from featurex import (
    GLCM,
    HOG,
    LBP,
    Align,
    Equalize,
    Preprocess,
    ZoneHistogram,
    extract,
    load_dataset,
)


def main(source, target):
    """Read the images of `source`, extract four families, write the table to `target`."""
    families = FeatureUnion(
        [("zones", ZoneHistogram()), ("hog", HOG()), ("lbp", LBP()), ("glcm", GLCM())],
        verbose_feature_names_out=False,
    )
    chain = make_pipeline(Preprocess(size=224), Align(), Equalize(), families)
    table = extract(load_dataset(source), chain)
    table.write(target)
    print(f"{len(table.frame)} images x {len(table.columns)} features: {target}")
    print(f"{len(table.errors)} files set aside")
    print(table.errors.to_string() if len(table.errors) else "")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
