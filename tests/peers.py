"""Peers that may live in another Python: they need numpy and their own package, and nothing of
featurex.

Usage: PYTHON tests/peers.py PEER, with a line on standard input for each turn: seconds, a tab, and
the path of an .npz file with the arguments. The answer is a line of JSON: {"ms": [...]}, or
{"absent": why}. benchmarks/kernels.py asks.
"""

import json
import logging
import os
import sys
import time
from functools import lru_cache, partial

import numpy as np


def opencv(image, orientations, cell, block):
    """OpenCV's HOG of a whole image; it adds gamma, a Gaussian window and trilinear votes to the
    definition.
    """
    import cv2

    if not hasattr(cv2, "HOGDescriptor"):
        raise ImportError(f"OpenCV {cv2.__version__} has no HOGDescriptor; OpenCV 4 has")
    cv2.setNumThreads(1)
    sides = tuple(side // cell * cell for side in image.shape[::-1])
    size, stride = (block * cell, block * cell), (cell, cell)
    return cv2.HOGDescriptor(sides, size, stride, stride, orientations).compute(image).ravel()


def pyradiomics(image, region, levels):
    """First order, GLCM, GLRLM, GLSZM, NGTDM and GLDM of a region."""
    from SimpleITK import GetImageFromArray

    return _pyradiomics_extractor(levels).execute(
        GetImageFromArray(image[None]), GetImageFromArray(region[None])
    )


@lru_cache(maxsize=1)
def _pyradiomics_extractor(levels):
    from radiomics.featureextractor import RadiomicsFeatureExtractor
    from radiomics.glcm import RadiomicsGLCM

    logging.getLogger("radiomics").setLevel(logging.ERROR)
    extractor = RadiomicsFeatureExtractor(binCount=levels, force2D=True)
    extractor.disableAllFeatures()
    # The maximal correlation is left out everywhere: it takes longer than all the others.
    old = {"MCC"} | {
        name for name, deprecated in RadiomicsGLCM.getFeatureNames().items() if deprecated
    }
    names = [name for name in RadiomicsGLCM.getFeatureNames() if name not in old]
    extractor.enableFeaturesByName(firstorder=[], glcm=names, glrlm=[], glszm=[], ngtdm=[], gldm=[])
    return extractor


def nyxus(image, region, levels):
    """The same families of a region."""
    return _nyxus_extractor(levels).featurize(image.astype(np.uint32), region.astype(np.uint32))


@lru_cache(maxsize=1)
def _nyxus_extractor(levels):
    from nyxus import Nyxus

    classes = [
        "*ALL_INTENSITY*",
        "*ALL_GLCM*",
        "*ALL_GLRLM*",
        "*ALL_GLSZM*",
        "*ALL_NGTDM*",
        "*ALL_NGLDM*",
    ]
    return Nyxus(classes, n_feature_calc_threads=1, coarse_gray_depth=levels)


def pictologics(image, region, levels):
    """The same families of a region, of one slice of a volume."""
    # It would compile for minutes, and take all processors.
    os.environ |= {"PICTOLOGICS_DISABLE_WARMUP": "1", "PICTOLOGICS_NUM_THREADS": "1"}
    from pictologics.features import calculate_all_texture_features, calculate_intensity_features
    from pictologics.preprocessing import discretise_image

    binned = discretise_image(image, "FBN", roi_mask=region, n_bins=levels)
    families = "glcm", "glrlm", "glszm", "ngtdm", "ngldm"
    textures = calculate_all_texture_features(
        binned[..., None], region[..., None], levels, families=families
    )
    return calculate_intensity_features(image[region > 0].astype(np.float64)) | textures


PEERS = {"OpenCV": opencv, "pyradiomics": pyradiomics, "nyxus": nyxus, "pictologics": pictologics}


def take_turn(function, seconds):
    """Call a function for some seconds, at least once: the milliseconds of each call, of all
    threads.
    """
    taken, end = [], time.perf_counter() + seconds
    while not taken or time.perf_counter() < end:
        start = time.process_time()
        function()
        taken.append(1e3 * (time.process_time() - start))
    return taken


def main(name):
    """Answer until the input ends."""
    # Some packages print; that must not get between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        seconds, path = line.rstrip("\n").split("\t")
        with np.load(path) as file:
            arguments = {
                key: file[key] if file[key].ndim else file[key].item() for key in file.files
            }
        try:
            answer = {"ms": take_turn(partial(PEERS[name], **arguments), float(seconds))}
        except ImportError as error:
            answer = {"absent": str(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
