"""The residual network: torchvision's form, weights from files, and as arrays."""

import pickle
import zipfile

import numpy as np
import pytest
from sklearn.base import clone

from featurex.errors import DataError, ParameterError
from featurex.models import ResNet18
from featurex.models.export import make_scorer
from featurex.scorers import from_arrays, to_arrays

torch = pytest.importorskip("torch", reason="needs the extra 'cnn'")

SMALL = {"size": 64, "max_iter": 1, "batch_size": 4}


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (12, 64, 64), dtype=np.uint8)


@pytest.fixture(scope="module")
def fitted(images):
    return ResNet18(**SMALL).fit(images, np.arange(12) % 2)


def make_weights(channels=3, n_classes=1000):
    """What torchvision's file holds, with other numbers."""
    from featurex.models.residual import build_resnet18

    weights = build_resnet18(n_classes, torch.Generator().manual_seed(3)).state_dict()
    shape = (64, channels, 7, 7)
    weights["conv1.weight"] = torch.randn(shape, generator=torch.Generator().manual_seed(4))
    return dict(weights)


def write(path, weights):
    torch.save(weights, path)
    return str(path)


def test_names_and_numbers_are_those_of_torchvision(fitted):
    # Its 11,689,512 weights, less two channels of the first layer and 998 classes.
    expected = 11_689_512 - 2 * 64 * 49 - 998 * 513
    shapes = {name: array.shape for name, array in fitted.weights_.items()}
    learnt = [name for name in shapes if "running" not in name and "num_batches" not in name]
    assert sum(fitted.weights_[name].size for name in learnt) == expected
    assert len(shapes) == 122
    assert shapes["layer2.0.downsample.0.weight"] == (128, 64, 1, 1)
    assert shapes["layer4.1.bn2.running_var"] == (512,)
    assert "layer1.0.downsample.0.weight" not in shapes


def test_the_scorer_repeats_the_network(fitted, images):
    tree, arrays = to_arrays(make_scorer(fitted), "estimator")
    scorer = from_arrays(tree, arrays, "estimator")
    found = scorer.predict_proba(images.reshape(12, -1))
    np.testing.assert_allclose(found, fitted.predict_proba(images), rtol=0, atol=1e-5)


def test_weights_of_a_file_are_where_training_starts(tmp_path, images):
    weights = make_weights()
    path = write(tmp_path / "w.pth", weights)
    model = ResNet18(**SMALL, weights=path, learning_rate=1e-6).fit(images, np.arange(12) % 2)
    np.testing.assert_allclose(
        model.weights_["layer3.1.conv2.weight"], weights["layer3.1.conv2.weight"], atol=1e-4
    )
    np.testing.assert_allclose(
        model.weights_["conv1.weight"], weights["conv1.weight"].sum(1, keepdim=True), atol=1e-4
    )
    assert model.weights_["fc.weight"].shape == (2, 512)
    # What is fitted stands for itself: the file may go.
    (tmp_path / "w.pth").unlink()
    assert model.predict_proba(images[:1]).shape == (1, 2)


def test_what_is_taken_of_a_file_is_said(tmp_path):
    three = ResNet18(weights=write(tmp_path / "w.pth", make_weights()))
    assert three.describe_weights() == (
        "Weights of w.pth: all layers but the last are taken; the kernels of its three channels "
        "are summed to one"
    )
    one = clone(three).set_params(weights=write(tmp_path / "o.pth", make_weights(channels=1)))
    assert one.describe_weights() == "Weights of o.pth: all layers but the last are taken"
    assert ResNet18().describe_weights() is None


class Harmful:
    """Whoever unpickles it without care writes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda weights: weights.pop("layer1.0.conv1.weight"), "it lacks layer1.0.conv1.weight"),
        (
            lambda weights: weights.update({"head.weight": torch.ones(1)}),
            "holds head.weight, which",
        ),
        (lambda weights: weights.update({"bn1.bias": torch.ones(3)}), r"bn1.bias must be of shape"),
        (
            # A few bytes that claim to be a terabyte.
            lambda weights: weights.update({"bn1.bias": torch.ones(1).expand(10**6, 10**6)}),
            "bn1.bias must be of shape",
        ),
        (
            lambda weights: weights.update({"conv1.weight": torch.ones(64, 2, 7, 7)}),
            r"must be of shape \(64, 1, 7, 7\) or \(64, 3, 7, 7\)",
        ),
        (lambda weights: weights.update({"bn1.bias": torch.full((64,), np.nan)}), "not finite"),
        (
            lambda weights: weights.update({"bn1.bias": torch.ones(64, dtype=int)}),
            "must be of type",
        ),
        (lambda weights: weights.update(epoch=3), "does not hold a mapping of names to tensors"),
    ],
)
def test_files_that_do_not_fit_are_refused(tmp_path, change, message):
    weights = make_weights()
    change(weights)
    with pytest.raises(DataError, match=message):
        ResNet18(weights=write(tmp_path / "w.pth", weights)).describe_weights()


def test_a_file_that_unpacks_to_too_much_is_not_opened(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.pth", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data/0", bytes(2**28 + 1))
    assert (tmp_path / "w.pth").stat().st_size < 2**20
    with pytest.raises(DataError, match="larger than the weights of a resnet18 can be"):
        ResNet18(weights=tmp_path / "w.pth").describe_weights()


def test_nothing_in_a_file_is_run(tmp_path):
    mark = tmp_path / "mark"
    for name, content in {
        "p.pth": pickle.dumps(Harmful(str(mark))),
        "n.pth": b"not at all",
        "e.pth": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=f"{name} cannot be read as weights"):
            ResNet18(weights=tmp_path / name).describe_weights()
    torch.save(Harmful(str(mark)), tmp_path / "t.pth")
    mark.unlink(missing_ok=True)
    with pytest.raises(DataError, match="cannot be read as weights"):
        ResNet18(weights=tmp_path / "t.pth").describe_weights()
    assert not mark.exists()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"size": 32}, "size must be an integer from 64 to 512"),
        ({"weights": "missing.pth"}, "weights must be None or a file that exists"),
        ({"weights": 3.5}, "weights must be None or a file that exists"),
    ],
)
def test_wrong_parameters_are_named(parameters, message):
    with pytest.raises(ParameterError, match=message):
        ResNet18(**parameters).check_parameters()
