import json

import pytest
import yaml
from sklearn.linear_model import LogisticRegression

from featurex.benchmark import PLAN, Benchmark
from featurex.config import (
    CONFIGURATIONS,
    describe,
    make_benchmark,
    make_chain,
    read_configuration,
)
from featurex.construct import STEPS, describe_chain, make_all
from featurex.errors import DataError, ParameterError
from featurex.features import EXTRACTORS, HOG
from featurex.models import MODELS

CONFIGS = sorted(path.stem for path in CONFIGURATIONS.glob("*.yaml"))


def test_without_a_file_the_plan_is_as_in_code():
    assert read_configuration() == PLAN
    assert isinstance(make_benchmark(read_configuration()), Benchmark)


def test_reading_never_changes_the_plan():
    before = repr(PLAN)
    read_configuration(settings=["features.glcm.levels=8", "folds=3"])
    assert repr(PLAN) == before


@pytest.mark.parametrize("name", CONFIGS)
def test_every_shipped_configuration_is_found_by_name_and_constructs(name):
    assert make_benchmark(read_configuration(name)).entries


def test_an_unknown_configuration_lists_those_that_come_with_featurex():
    with pytest.raises(DataError, match=r"no configuration quik .* only ablation, .*, quick, "):
        read_configuration("quik")


def test_a_setting_reaches_the_constructor():
    tree = read_configuration(
        settings=["features.glcm.levels=16", "seed=7", "models.logistic.C=0.5"]
    )
    benchmark = make_benchmark(tree)
    assert benchmark.features["glcm"].levels == 16
    assert benchmark.seed == 7


def test_values_are_read_as_yaml():
    tree = read_configuration(settings=["features.glcm.distances=[1, 3]"])
    assert make_benchmark(tree).features["glcm"].distances == [1, 3]


def test_a_section_of_the_file_replaces_the_plans(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("features: {hog: {cell: 8}}\n")
    tree = read_configuration(path)
    assert tree["features"] == {"hog": {"cell": 8}}
    assert tree["models"] == PLAN["models"]


def test_a_chain_ends_in_named_columns():
    chain = make_chain(read_configuration(), "aligned")
    assert [name for name, _ in chain.steps] == ["preprocess", "align", "equalize", "features"]


@pytest.mark.parametrize(
    "registry", [EXTRACTORS, MODELS, STEPS], ids=["features", "models", "steps"]
)
def test_a_description_makes_the_objects_again_with_every_parameter(registry):
    tree = describe({name: member() for name, member in registry.items()})
    assert all(tree[name].keys() == registry[name]().get_params().keys() for name in registry)
    assert yaml.safe_load(yaml.safe_dump(tree)) == tree
    assert describe(make_all(registry, tree, "here")) == tree


def test_a_described_benchmark_or_chain_is_the_same_benchmark_or_chain():
    tree = describe(make_benchmark(read_configuration(settings=["seed=7", "models.svm.C=2"])))
    svm = {"C": 2, "n_components": 150, "max_rows": 10_000, "random_state": 7}
    assert tree["models"]["svm"] == svm
    assert tree["inputs"]["original"] == {}
    assert describe(make_benchmark(tree)) == tree
    chain = make_chain(tree, "aligned")
    part = describe_chain(chain, "aligned")
    assert part["inputs"]["aligned"] == tree["inputs"]["aligned"]
    assert part["features"] == tree["features"]


def test_an_object_of_another_name_is_described_with_its_class():
    tree = describe({"fine": HOG(cell=8), "other": LogisticRegression(C=2.0)})
    assert tree["fine"]["class"] == "hog"
    assert tree["other"]["class"] == "sklearn.linear_model._logistic.LogisticRegression"
    assert make_all(EXTRACTORS, {"fine": tree["fine"]}, "features")["fine"].cell == 8
    with pytest.raises(ParameterError, match=r"models\.other\.class: sklearn.* is no class of f"):
        make_all(MODELS, {"other": tree["other"]}, "models")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "features.glcm.levles=8",
            r"features\.glcm\.levles does not exist; did you mean levels\? Allowed here: .*levels",
        ),
        ("features.glmc={}", r"features\.glmc does not exist; did you mean glcm\?"),
        ("models.forest={}", r"models\.forest does not exist.*random_forest"),
        ("inputs.aligned.alin={}", r"inputs\.aligned\.alin does not exist; did you mean align\?"),
        ("fold=3", r"configuration\.fold does not exist; did you mean folds\?"),
        ("models.svm.C=0", r"C must be a number from 1e-09"),
        ("models.cnn.max_iter=0", r"max_iter must be an integer from 1"),
        (
            "models.xgboost.max_depth=many",
            r"max_depth must be an integer from 1 to 30, but 'many' was given",
        ),
        ("folds=1", "folds must be an integer of at least 2, but 1 was given"),
        ("seed=x", "seed must be an integer from 0 to 4294967295, but 'x' was given"),
        ("task=flu", "task must be one of pneumonia, etiology, three-class, or a mapping of colu"),
        ("folds", "--set must be of the form path=value"),
        ("=3", "--set must be of the form path=value"),
        (
            "features.glcm=3",
            r"features\.glcm must be a mapping of names to values, but 3 was given",
        ),
        ("features=3", "features must be a mapping of names to values, but 3 was given"),
        ("folds=[", r"the value '\[' is not YAML"),
    ],
)
def test_a_wrong_setting_says_what_is_allowed(setting, message):
    with pytest.raises(ParameterError, match=message):
        make_benchmark(read_configuration(settings=[setting]))


@pytest.mark.parametrize(
    "family", [name for name, kind in EXTRACTORS.items() if kind().get_params()]
)
def test_a_wrong_value_of_an_extractor_is_found_before_any_image_is_read(family):
    tree = read_configuration()
    tree["features"] = {family: {}}
    name = next(iter(EXTRACTORS[family]().get_params()))
    tree["features"][family][name] = object()
    with pytest.raises(ParameterError, match=name):
        make_chain(tree, "aligned")


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ([], r"grid must be a list with at least one item"),
        (
            [{"inputs": ["aligned"]}],
            r"grid\[0\] must be a mapping with exactly inputs, features and models",
        ),
        (
            [{"inputs": ["rotated"], "features": ["hog"], "models": ["svm"]}],
            r"grid\[0\]\.inputs must be one of original, aligned, harmonized, but 'rotated' was",
        ),
        (
            [{"inputs": ["aligned"], "features": ["hog+sift"], "models": ["svm"]}],
            r"grid\[0\]\.features must be one of .*hog.*, but 'sift' was given",
        ),
        (
            [{"inputs": ["aligned"], "features": ["pixels"], "models": ["svm"]}],
            "aligned/pixels/svm must be a CNN on pixels",
        ),
        (
            [{"inputs": ["aligned"], "features": ["hog"], "models": ["cnn"]}],
            "aligned/hog/cnn must be a CNN on pixels",
        ),
    ],
)
def test_a_grid_names_only_what_exists(grid, message):
    tree = read_configuration()
    tree["grid"] = grid
    with pytest.raises(ParameterError, match=message):
        make_benchmark(tree)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"cannot read the configuration .*none\.yaml"):
        read_configuration(tmp_path / "none.yaml")


@pytest.mark.parametrize("text", ["features: [", "\tx: 1"])
def test_a_broken_file_is_named(tmp_path, text):
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    with pytest.raises(DataError, match=r"broken\.yaml is not YAML"):
        read_configuration(path)


def test_a_file_must_hold_a_mapping(tmp_path):
    path = tmp_path / "list.yaml"
    path.write_text("- a\n")
    with pytest.raises(ParameterError, match=r"list\.yaml must be a mapping"):
        read_configuration(path)


def test_the_run_json_of_a_run_repeats_its_configuration(tmp_path):
    benchmark = make_benchmark(read_configuration("quick", ["models.logistic.C=1.0e-05", "seed=3"]))
    path = tmp_path / "run.json"
    path.write_text(json.dumps({"format": 3, "configuration": describe(benchmark)}))
    again = make_benchmark(read_configuration(path))
    assert describe(again) == describe(benchmark)
    assert again.models["logistic"].C == 1e-05


@pytest.mark.parametrize(
    ("text", "message"),
    [("{}", "run.json holds no configuration"), ("{", "run.json is not JSON")],
)
def test_a_run_json_without_a_configuration_is_refused(tmp_path, text, message):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises((DataError, ParameterError), match=message):
        read_configuration(tmp_path / "run.json")
