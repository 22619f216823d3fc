"""Does extraction keep its pace and its memory, however many images there are?

Usage: python benchmarks/growth.py [DATA] [--counts 1000 10000 100000] [--jobs N] [--quick]
       [--benchmark]

DATA is a data set as for `featurex extract`, whose files are linked as often as it takes; without
it a phantom is drawn. For each count: images a second, peak memory of this process and of its
largest worker, and the seconds in which a finished run, of which the table was taken away, finds
that all of its parts are there. With --benchmark the same of a benchmark of one model, logistic
regression on zone histograms of aligned images, whose DATA have labels; the last column is then the
seconds in which the same command finds that its run is finished. Not on Windows, where Python has
no module resource.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from pathlib import Path

from end_to_end import link
from sklearn.pipeline import make_pipeline

from featurex import Preprocess, ZoneHistogram, load_dataset
from featurex.config import make_benchmark, read_configuration
from featurex.engine import extract_to
from featurex.engine.arrays import ArrayParts
from featurex.engine.extraction import _Extraction
from featurex.engine.writing import TableFile
from featurex.phantom import write_phantom

BENCHMARK = [
    "features={zones: {}}",
    "models={logistic: {}}",
    "grid=[{inputs: [aligned], features: [zones], models: [logistic]}]",
]


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", nargs="?")
    parser.add_argument("--counts", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--quick", action="store_true", help="so few images that the figures mean nothing"
    )
    parser.add_argument("--benchmark", action="store_true", help="a benchmark, not an extraction")
    options = parser.parse_args()
    work = measure_benchmark if options.benchmark else measure
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or write_phantom(
            Path(folder) / "phantom", 60, 0, rows=160, n_jobs=options.jobs
        )
        paths = load_dataset(data).table["path"]
        print(
            f"{'images':>8}{'images/s':>10}{'MB here':>9}{'MB a worker':>13}{'resume scan, s':>16}"
        )
        for count in [200] if options.quick else options.counts:
            linked = link(paths, Path(folder) / f"{count}", count)
            # In a process of its own: a process keeps the maximum of its memory for good.
            queue = multiprocessing.get_context("spawn").Queue()
            job = multiprocessing.get_context("spawn").Process(
                target=work, args=(linked[0].parents[1], Path(folder), options.jobs, queue)
            )
            job.start()
            rate, here, worker, scan = queue.get()
            job.join()
            print(f"{count:>8,}{rate:>10.0f}{here:>9.0f}{worker:>13.0f}{scan:>16.2f}", flush=True)


def measure(data, folder, n_jobs, queue):
    """Extract once, keeping the parts; then look for what is left to do."""
    dataset, out = load_dataset(data), folder / f"{os.getpid()}.parquet"
    chain = make_pipeline(Preprocess(224), ZoneHistogram())
    ArrayParts.remove = lambda self: None
    start = time.perf_counter()
    n_images, _, _ = extract_to(out, dataset, chain, n_jobs=n_jobs)
    rate = n_images / (time.perf_counter() - start)
    here, worker = peak_memory()
    out.unlink()
    queue.put((rate, here, worker, scan(dataset, chain, out, n_jobs)))


def measure_benchmark(data, folder, n_jobs, queue):
    """Run a benchmark once; then again, when it is finished."""
    dataset, out = load_dataset(data), folder / f"{os.getpid()}.run"
    tree = read_configuration(settings=BENCHMARK)
    start = time.perf_counter()
    make_benchmark(tree).run(dataset, out, n_jobs=n_jobs)
    rate = len(dataset) / (time.perf_counter() - start)
    here, worker = peak_memory()
    start = time.perf_counter()
    make_benchmark(tree).run(load_dataset(data), out, n_jobs=n_jobs)
    queue.put((rate, here, worker, time.perf_counter() - start))


def peak_memory():
    """Megabytes of this process, and of its largest child that has ended."""
    return [
        # Kilobytes on Linux.
        resource.getrusage(who).ru_maxrss / 1e3
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]


def scan(dataset, chain, out, n_jobs):
    """Seconds in which a run whose parts are all there finds that out: until it would write the
    table.
    """
    start, ended = time.perf_counter(), []
    TableFile.finish = lambda self: ended.append(time.perf_counter())
    _Extraction.publish = lambda self, file, path: None
    extract_to(out, dataset, chain, n_jobs=n_jobs)
    return ended[0] - start


if __name__ == "__main__":
    main()
