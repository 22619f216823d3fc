"""One image in words: what of its lungs moved the score."""

from featurex.report import names

# Standard deviations from which the brightness of a zone is mentioned: with less, many normal films
# would have a sentence.
_WORTH_A_WORD = 1.0
# Three zones of each lung.
_ALL_ZONES = 6


def describe_image(explained, row, manifest):
    """Describe in a sentence what of the lungs speaks for the side of the threshold that the score
    is on.

    Parameters
    ----------
    explained : ExplainedImage
        Explanation of the image's score.
    row : dict
        Row of the image in the table of predictions.
    manifest : featurex.bundle.manifest.Manifest
        Manifest of the model.

    Returns
    -------
    sentence : str
        Empty where no zone of a lung differs from the training images by a standard deviation and
        moved the score to that side, or where no lungs were found.
    """
    if "no_lungs" in row["flags"]:
        return ""
    is_raised = manifest.threshold is None or explained.score >= manifest.threshold
    regions = explained.regions
    moved = regions["contribution"] * (1 if is_raised else -1)
    is_lung = regions["name"].str.endswith("lung")
    told = []
    for sign, looks in ((1, "more opaque"), (-1, "more translucent")):
        chosen = is_lung & (moved > 0) & (sign * regions["brightness"] >= _WORTH_A_WORD)
        told.append((moved[chosen].sum(), looks, list(regions["name"][chosen])))
    strength, looks, zones = max(told)
    if strength <= 0:
        return ""
    verb = "raised" if is_raised else "lowered"
    look = "looks" if len(zones) == 1 else "look"
    return (
        f"{_name_zones(zones)} {look} {looks} than in the training images, which {verb} the score"
        f" of {explained.target}."
    )


def _name_zones(zones):
    """Name zones of the lungs shortly: "The middle and lower zones of the right lung"."""
    of_side = {}
    for zone in zones:
        third, side = zone.split(" zone of ")
        of_side.setdefault(side, []).append(third)
    if len(zones) == _ALL_ZONES:
        return "Both lungs"
    if len(of_side) > 1 and len(set(map(tuple, of_side.values()))) == 1:
        return f"The {names.listing(next(iter(of_side.values())))} zones of both lungs"
    parts = [
        f"{names.listing(thirds)} zone{'s' if len(thirds) > 1 else ''} of {side}"
        for side, thirds in of_side.items()
    ]
    return f"The {' and the '.join(parts)}"
