"""Change the members of saved models at random, load them, and count what becomes of it.

    python scripts/fuzz_models.py --mutations 500

A small model of every kind is made, with prediction sets. Its file is changed byte by byte; then
its members are, with their digests made anew, so that the change is met by what lies behind them:
the manifest by bytes and by values, the arrays by bytes and by numbers, the card. Every file is
loaded, and if it loads, it scores an image, and columns that are adapted to their site. Refusals
(a `FeaturexError`) and scores are good; another error, a load of more than 20 seconds, a crash and
growing memory are not.
"""

import argparse
import copy
import functools
import hashlib
import io
import json
import sys
import tempfile
import zipfile
from importlib import resources
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from featurex.bundle import load_model
from featurex.bundle.archive import ARRAYS, CARD, MANIFEST, read_archive, write_archive
from featurex.bundle.arrays import pack_arrays
from featurex.bundle.known_answer import find_answer, prepare_probes
from featurex.bundle.scoring import Scoring
from featurex.errors import FeaturexError
from featurex.models import MODELS
from featurex.models.export import make_scorer
from featurex.runs.encoding import to_json
from featurex.scorers import to_arrays
from featurex.scorers.typical import Typical
from scripts.fuzzing import count_outcomes, run

CONFIGURATION = {
    "preprocess": {"size": 64},
    "inputs": {"aligned": {"align": {}, "equalize": {}}},
    "features": {"zones": {"grids": [1, 2], "bins": [8, 4]}, "moments": {}},
}
SMALL = {
    **{
        kind: {"n_estimators": 10}
        for kind in ("random_forest", "extra_trees", "hist_boosting", "xgboost")
    },
    "resnet18": {"size": 64, "max_iter": 1},
    "cnn": {"size": 16, "channels": (4, 8), "max_iter": 1},
}
VALUES = (0, -1, 1, 3, 5000, 2**31, 10**30, 0.5, -0.0, 1e299, "", "x", None, True, [], {}, [[]])
NUMBERS = (0, -1, -2, 1, 2**31 - 1, -(2**31), np.nan, np.inf, -np.inf, 1e300, 1e-300)


def write_small_model(path, kind):
    """Write a model of one kind, fitted to noise."""
    default = resources.files("featurex.bundle").joinpath("default.featurex")
    manifest, members = read_archive(default)
    images = np.random.default_rng(0).integers(0, 256, (60, 64, 64), dtype=np.uint8)
    typical = Typical(np.zeros(1, np.float32), np.ones(1, np.float32), 9.0)
    few, features = SMALL.get(kind, {}), CONFIGURATION["features"]
    if "size" in few:
        features = {"pixels": {"sizes": [few["size"]]}}
    configuration = CONFIGURATION | {"features": features}
    empty = Scoring.from_tree(configuration, "aligned", None, typical)
    values = empty.extract(empty.prepare(images)[0])
    given = values.reshape(60, few["size"], few["size"]) if "size" in few else values
    fitted = MODELS[kind](**few).fit(given, np.arange(60) % 2)
    scorer, typical = make_scorer(fitted), Typical.from_columns(values)
    scoring = Scoring.from_tree(configuration, "aligned", scorer, typical)
    probes = prepare_probes(scoring)
    estimator, arrays = to_arrays(scorer, "estimator")
    arrays |= {"mean": typical.mean, "deviation": typical.deviation}
    arrays["usual"] = np.ones((2, 28, 28), np.float32)
    forms, content = pack_arrays(arrays)
    manifest |= {
        "input": "aligned",
        "configuration": configuration,
        "columns": scoring.name_columns(probes),
        "estimator": estimator,
        "arrays": to_json(forms),
        "unusual_from": typical.limit,
        "known_answer": find_answer(scoring, probes).tolist(),
    }
    write_archive(path, manifest, {ARRAYS: content, CARD: members[CARD]})


def change_bytes(content, generator):
    """Overwrite, insert, delete or cut some bytes."""
    content = bytearray(content)
    for _ in range(generator.integers(1, 6)):
        place = int(generator.integers(len(content))) if content else 0
        length = int(generator.integers(1, 9))
        match generator.integers(5):
            case 0:
                content[place : place + length] = generator.bytes(length)
            case 1:
                content[place:place] = generator.bytes(length)
            case 2:
                del content[place : place + length]
            case 3:
                content[place:place] = content[place : place + 100]
            case _ if generator.integers(8) == 0:
                del content[place:]
    return bytes(content)


def change_value(tree, generator):
    """Replace, remove or repeat one value of a manifest, at any depth."""
    tree = copy.deepcopy(tree)
    # Columns and what is for people alone are long, and hardly ever interesting.
    names = ["configuration", "estimator", "arrays", "known_answer", "sets", *tree]
    holder, key = tree, names[generator.integers(len(names))]
    while isinstance(holder[key], dict | list) and holder[key] and generator.integers(5):
        holder = holder[key]
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        key = keys[generator.integers(len(keys))]
    match generator.integers(6):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder += [copy.deepcopy(holder[key])] * int(generator.integers(1, 300))
        case 2 if isinstance(holder[key], int | float):
            holder[key] = holder[key] * int(generator.integers(2, 50))
        case _:
            holder[key] = copy.deepcopy(VALUES[generator.integers(len(VALUES))])
    return tree


def change_number(content, forms, generator):
    """Set one number of one array."""
    content, start = bytearray(content), 0
    chosen = int(generator.integers(len(forms)))
    for form in forms[:chosen]:
        start += int(np.prod(form["shape"])) * np.dtype(form["dtype"]).itemsize
    dtype = np.dtype(forms[chosen]["dtype"])
    place = start + dtype.itemsize * int(generator.integers(np.prod(forms[chosen]["shape"])))
    number = NUMBERS[generator.integers(len(NUMBERS))]
    if dtype.kind == "i":
        number = number if np.isfinite(number) and abs(number) < 2**31 else 2**30
    with np.errstate(over="ignore"):
        content[place : place + dtype.itemsize] = np.array(number).astype(dtype).tobytes()
    return bytes(content)


def write_mutation(path, good, member, generator):
    """Write a good file with one member changed."""
    if member == "zip":
        path.write_bytes(change_bytes(good.read_bytes(), generator))
        return
    manifest, members = read_archive(good)
    if member == "manifest, values":
        manifest = change_value(manifest, generator)
    elif member == "arrays, bytes":
        members[ARRAYS] = change_bytes(members[ARRAYS], generator)
    elif member == "arrays, numbers":
        members[ARRAYS] = change_number(members[ARRAYS], manifest["arrays"], generator)
    elif member == "card":
        members[CARD] = change_bytes(members[CARD], generator)
    if member != "manifest, bytes":
        write_archive(path, manifest, members)
        return
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    # Members first: what is for people alone is most of the text.
    text = json.dumps({"members": digests, **manifest}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MANIFEST, change_bytes(text, generator))
        for name, content in members.items():
            archive.writestr(name, content)


MEMBERS = (
    "zip",
    "manifest, bytes",
    "manifest, values",
    "arrays, bytes",
    "arrays, numbers",
    "card",
)


def use_model(path, image):
    """Load a file and let it score an image, and columns that are adapted to their site."""
    model = load_model(path)
    model.predict_rows([image])
    repr(model)
    columns = np.random.default_rng(0).random((20, len(model.manifest.columns)), np.float32)
    with np.errstate(all="ignore"):
        model.scoring.scorer.predict_proba(model.scoring.typical.adapt(columns))
    return "scores"


def fuzz(kind, member, mutations, seed):
    """Try mutations of a member of a kind of model: (counts, growth of memory in MB)."""
    generator = np.random.default_rng([seed, MEMBERS.index(member)])
    with tempfile.TemporaryDirectory() as folder:
        good, changed, image = (
            Path(folder) / name for name in ("g.featurex", "c.featurex", "i.png")
        )
        write_small_model(good, kind)
        image.write_bytes(draw_png())
        use_model(good, str(image))
        return count_outcomes(
            lambda: write_mutation(changed, good, member, generator),
            lambda: use_model(changed, str(image)),
            FeaturexError,
            mutations,
            functools.partial(_keep, changed, kind),
        )


def _keep(path, kind, number):
    """Keep a file that was not refused as it should be."""
    Path(f"fuzz-{kind}-{number}.featurex").write_bytes(path.read_bytes())


def draw_png():
    """A picture as PNG."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (80, 90), np.uint8)).save(
        stream, "PNG"
    )
    return stream.getvalue()


def main():
    """Try all kinds and members, each in a process of its own, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=500, help="of each member of each kind")
    parser.add_argument("--kinds", nargs="*", default=list(MODELS))
    parser.add_argument("--members", nargs="*", default=MEMBERS)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    jobs = {
        f"{kind}: {member}": (kind, member, arguments.mutations, arguments.seed)
        for kind in arguments.kinds
        for member in arguments.members
    }
    return run(jobs, fuzz)


if __name__ == "__main__":
    sys.exit(main())
