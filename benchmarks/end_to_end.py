"""Files to features, end to end: images a second, where the time goes, and scikit-image with joblib
on the same work; then what a film costs in the default plan of the benchmark.

Usage: python benchmarks/end_to_end.py [DATA] [--images N] [--jobs N] [--quick]

DATA is a data set as for `featurex extract`; its files are linked as often as it takes to have N.
Without it a phantom of 1,200 rows is drawn, about the size of originals. Everything is measured in
one run; the ratios count.
"""

import argparse
import functools
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
from sklearn.pipeline import FeatureUnion, make_pipeline

from featurex import (
    GLCM,
    GLRLM,
    HOG,
    LBP,
    NGLDM,
    NGTDM,
    IntensityStatistics,
    Preprocess,
    load_dataset,
)
from featurex.benchmark.recipes import find_align
from featurex.benchmark.samples import load_samples
from featurex.benchmark.session import Session
from featurex.benchmark.work import Work
from featurex.config import make_benchmark, read_configuration
from featurex.datasets import find_task
from featurex.engine import extract_to
from featurex.engine.store import Memory
from featurex.engine.workers import Inline
from featurex.images import read_image
from featurex.parallel import serial_libraries
from featurex.phantom import write_phantom
from featurex.progress import Progress

SIDE = 256
# Films on which the default plan is measured.
PLAN_FILMS = 200
FAMILIES = {
    "hog": HOG(cell=8, size=None),
    "lbp": LBP(points=(8, 16, 24), radii=(1, 2, 3), grid=1, size=None, mode="fast"),
    "glcm": GLCM(levels=32, distances=(1, 2, 4), grid=1, size=None),
    "glrlm": GLRLM(levels=32),
    "ngtdm": NGTDM(levels=32),
    "ngldm": NGLDM(levels=32),
    "intensity": IntensityStatistics(),
}


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", nargs="?")
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--quick", action="store_true", help="so few images that the figures mean nothing"
    )
    options = parser.parse_args()
    n_images = 60 if options.quick else options.images
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or write_phantom(
            Path(folder) / "phantom",
            60,
            0,
            rows=160 if options.quick else 1200,
            n_jobs=options.jobs,
        )
        linked = link(load_dataset(data).table["path"], Path(folder) / "linked", n_images)
        print(
            f"{n_images} files of {mean_size(linked):.0f} kB on average, to {SIDE} px, "
            f"{count_columns()} columns"
        )
        for n_jobs in sorted({1, options.jobs}):
            rate = run(linked, Path(folder) / f"{n_jobs}.parquet", n_jobs)
            print(f"featurex, {n_jobs} processes: {rate:.0f} images/s")
        print_split(linked)
        print_peer(linked[: max(60, n_images // 20)], options.jobs, rate)
        print_plan(load_dataset(data), Path(folder) / "plan")


def link(paths, folder, count):
    """Links to the files, again and again, in class folders: their paths."""
    links = []
    for number in range(count):
        path = Path(paths[number % len(paths)]).resolve()
        place = folder / path.parent.name
        place.mkdir(parents=True, exist_ok=True)
        links.append(place / f"{number:06d}{path.suffix}")
        links[-1].symlink_to(path)
    return links


def mean_size(paths):
    """Kilobytes a file."""
    return np.mean([path.stat().st_size for path in paths]) / 1e3


def chain():
    """The work that is measured."""
    union = FeatureUnion(list(FAMILIES.items()), verbose_feature_names_out=False)
    return make_pipeline(Preprocess(SIDE), union)


def count_columns():
    """Features an image."""
    return len(chain().fit(np.zeros((1, SIDE, SIDE), np.uint8)).get_feature_names_out())


def run(linked, out, n_jobs):
    """Images a second of a whole extraction, without the import of featurex."""
    dataset = load_dataset(linked[0].parents[1])
    start = time.perf_counter()
    extract_to(out, dataset, chain(), n_jobs=n_jobs)
    return len(linked) / (time.perf_counter() - start)


def print_split(linked):
    """Milliseconds an image of each step, in one thread."""
    sample = list(map(str, linked[:: max(1, len(linked) // 200)]))
    with serial_libraries():
        images, spent = timed(lambda: [read_image(path, size=SIDE) for path in sample], len(sample))
        print(f"  load {spent:.2f} ms")
        # The first image loads compiled code, as it does for each family below.
        Preprocess(SIDE).transform(images[:1])
        small, spent = timed(lambda: Preprocess(SIDE).transform(images), len(sample))
        print(f"  resize {spent:.2f} ms")
        for name, family in FAMILIES.items():
            family.fit_transform(small[:1])
            _, spent = timed(lambda family=family: family.transform(small), len(sample))
            print(f"  {name} {spent:.2f} ms")


def print_plan(dataset, folder):
    """Processor milliseconds of a film in the default plan of `featurex benchmark`, in one thread:
    every input, family and swap.
    """
    benchmark = make_benchmark(read_configuration(None, ()))
    some = np.sort(np.random.default_rng(0).permutation(len(dataset))[:PLAN_FILMS])
    dataset = replace(dataset, table=dataset.table.iloc[some].reset_index(drop=True))
    task, align = find_task(dataset, None), find_align(benchmark.inputs)
    work = Work(folder, {}, Memory(), Inline(), 1, Progress())
    with serial_libraries():
        # The first images load and compile what the others use.
        align.register([read_image(path, size=SIDE) for path in dataset.table["path"][:2]])
        load = functools.partial(load_samples, dataset, task, benchmark.preprocess, align)
        samples, spent = timed(lambda: load(benchmark.protocol, work), len(dataset))
        print(f"default plan, of a film: read and register {spent:.1f} ms")
        _, spent = timed(lambda: Session(benchmark, samples, work), len(dataset))
        print(f"  all inputs, families and swaps {spent:.1f} ms")


def timed(work, count):
    """The result of some work, and processor milliseconds for each of `count`."""
    start = time.process_time()
    return work(), 1e3 * (time.process_time() - start) / count


def print_peer(linked, n_jobs, rate):
    """The same families by scikit-image and numpy, with joblib."""
    paths = list(map(str, linked))
    with joblib.Parallel(n_jobs=n_jobs, inner_max_num_threads=1) as pool:
        pool(joblib.delayed(extract_with_scikit_image)(path) for path in paths[: 2 * n_jobs])
        start = time.perf_counter()
        pool(joblib.delayed(extract_with_scikit_image)(path) for path in paths)
        peer = len(paths) / (time.perf_counter() - start)
    print(
        f"scikit-image and joblib, {n_jobs} processes: {peer:.1f} images/s; featurex is "
        f"{rate / peer:.1f} times as fast"
    )


def extract_with_scikit_image(path):
    """HOG, LBP at three scales, GLCM at twelve offsets, and histograms of one file."""
    from skimage.feature import graycomatrix, graycoprops, hog, local_binary_pattern
    from skimage.io import imread
    from skimage.transform import resize

    image = imread(path, as_gray=True)
    image = image if image.dtype == np.uint8 else np.rint(255 * image).astype(np.uint8)
    small = np.rint(255 * resize(image, (SIDE, SIDE), anti_aliasing=True)).astype(np.uint8)
    values = [hog(small)]
    for points, radius in ((8, 1), (16, 2), (24, 3)):
        codes = local_binary_pattern(small, points, radius, "uniform")
        values.append(np.histogram(codes, points + 2, (0, points + 2), density=True)[0])
    angles = np.pi * np.arange(4) / 4
    counts = graycomatrix(small // 8, (1, 2, 4), angles, 32, symmetric=True, normed=True)
    names = ("contrast", "dissimilarity", "homogeneity", "ASM", "energy", "correlation")
    values += [graycoprops(counts, name).ravel() for name in names]
    values.append(np.histogram(small, 32, (0, 256), density=True)[0])
    zones = small.reshape(4, SIDE // 4, 4, SIDE // 4).transpose(0, 2, 1, 3).reshape(16, -1)
    values += [np.histogram(zone, 8, (0, 256), density=True)[0] for zone in zones]
    return np.concatenate(values)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
