import math

import numpy as np
import pytest

from featurex.checks import check_boolean, check_choice, check_integer, check_number, check_sequence
from featurex.errors import FeaturexError, ImageError, MissingExtraError, ParameterError


def test_an_integer_within_its_limits_comes_back_as_int():
    assert type(check_integer("levels", np.uint8(32), 2, 256)) is int


@pytest.mark.parametrize("value", [1, 257, 3.0, "32", None, True])
def test_an_integer_error_names_parameter_rule_and_value(value):
    with pytest.raises(
        ParameterError, match=r"levels must be an integer from 2 to 256, but .* was given"
    ):
        check_integer("levels", value, 2, 256)


def test_an_open_limit_reads_as_at_least():
    with pytest.raises(
        ParameterError, match="size must be an integer of at least 1, but 0 was given"
    ):
        check_integer("size", 0, 1)


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1, 1.1, "x", None, False])
def test_a_number_must_be_finite_and_within_limits(value):
    with pytest.raises(ParameterError, match="margin must be a number from 0 to 1"):
        check_number("margin", value, 0, 1)


def test_numbers_come_back_as_float():
    assert check_number("margin", 1, 0) == 1.0
    assert type(check_number("margin", np.float32(0.5), 0)) is float


def test_a_choice_lists_what_is_allowed():
    assert check_choice("norm", "L1", ("L1", "L2")) == "L1"
    with pytest.raises(ParameterError, match="one of L1, L2, but 'L3' was given; did you mean"):
        check_choice("norm", "L3", ("L1", "L2"))


def test_a_boolean_is_not_a_number():
    assert check_boolean("symmetric", False) is False
    assert check_boolean("symmetric", np.True_) is True
    with pytest.raises(ParameterError, match="symmetric must be true or false, but 1 was given"):
        check_boolean("symmetric", 1)


def test_a_sequence_checks_each_item_and_says_which():
    assert check_sequence("distances", [1, 3], check_integer, low=1) == (1, 3)
    with pytest.raises(
        ParameterError, match=r"distances\[1\] must be an integer of at least 1, but 0 was given"
    ):
        check_sequence("distances", [1, 0], check_integer, low=1)


@pytest.mark.parametrize("value", ["12", 3, [], None])
def test_a_sequence_is_a_list_with_items(value):
    with pytest.raises(ParameterError, match="distances must be a list with at least one item"):
        check_sequence("distances", value, check_integer, low=1)


@pytest.mark.parametrize(
    "error",
    [ImageError("EMPTY_FILE", "a.jpeg", "the file is empty"), MissingExtraError("cnn", "the CNN")],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_the_trip_between_processes(error):
    import pickle

    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, FeaturexError)
    assert (str(again), vars(again)) == (str(error), vars(error))
