"""Every case of the table: ours equals its slow twin, and the peers that do the same; and the rules
for the source of kernels.
"""

import ast
from pathlib import Path

import cv2
import numpy as np
import pytest
from numba import config

import featurex.kernels
from featurex.features import EXTRACTORS
from featurex.features.size_matrices import FORMULAS
from featurex.kernels import first_order, glcm_statistics, ngtdm, size_matrices
from tests.cases import CASES
from tests.cases.base import inputs

pytestmark = pytest.mark.kernels

SIZE = 33
# Loops that are not compiled see fewer images, which still enter each of them.
LEFT_OUT = {"constant", "black", "ramp", "steps", "disc", "disc constant", "border", "full"}
PAIRS = [
    pytest.param(case, image, inside, id=f"{case.name}-{name}")
    for case in CASES
    for name, image, inside in inputs(SIZE, case.masked)
    if not (config.DISABLE_JIT and name in LEFT_OUT)
]
PEERS = [
    pytest.param(case, peer, image, id=f"{case.name}-{peer}-{name}")
    for case in CASES
    for peer in case.comparable
    for name, image, _ in inputs(SIZE)
    if not (config.DISABLE_JIT and name in LEFT_OUT)
]


@pytest.mark.parametrize(("case", "image", "inside"), PAIRS)
def test_ours_equals_its_slow_twin(case, image, inside):
    np.testing.assert_allclose(
        case.ours(image, inside), case.twin(image, inside), case.rtol, case.atol
    )


@pytest.mark.parametrize(("case", "peer", "image"), PEERS)
def test_ours_equals_a_peer_that_does_the_same(case, peer, image):
    try:
        expected = case.peers[peer](image, None)
    except ImportError as error:
        pytest.skip(f"{peer} is not installed: {error}")
    np.testing.assert_allclose(
        case.ours(image, None), np.asarray(expected).ravel(), case.rtol, case.atol
    )


@pytest.fixture(scope="module")
def crop(real_data):
    """A crop of a radiograph across the border of a lung, and which of its pixels are lung."""
    image, mask = (
        cv2.imread(str(real_data / folder / "train" / "NORMAL" / name), cv2.IMREAD_GRAYSCALE)
        for folder, name in (
            ("chest_xray", "IM-0117-0001.jpeg"),
            ("lung_masks", "IM-0117-0001.png"),
        )
    )
    inside = cv2.resize(mask, image.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    piece = slice(100, 100 + SIZE), slice(20, 20 + SIZE + 7)
    assert 0.2 < inside[piece].mean() < 0.8
    return np.ascontiguousarray(image[piece]), inside[piece]


@pytest.mark.skipif(config.DISABLE_JIT, reason="the images above are enough without JIT")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_crop_of_a_radiograph(case, crop):
    image, inside = crop
    for region in (None, inside) if case.masked else (None,):
        ours = case.ours(image, region)
        np.testing.assert_allclose(ours, case.twin(image, region), case.rtol, case.atol)
        for peer in case.comparable if region is None else ():
            expected = np.asarray(case.peers[peer](image, None)).ravel()
            np.testing.assert_allclose(ours, expected, case.rtol, case.atol, err_msg=peer)


def test_every_family_has_a_case():
    assert {case.family for case in CASES} == set(EXTRACTORS)


def test_names_are_unique_and_say_their_family():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert all(case.name.startswith(case.family) for case in CASES)


def test_a_wrong_kernel_is_caught():
    case = next(case for case in CASES if case.family == "zones")
    name, image, inside = next(iter(inputs(SIZE)))
    wrong = case.ours(np.roll(image, 3), inside)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        np.testing.assert_allclose(
            wrong, case.twin(image, inside), case.rtol, case.atol, err_msg=name
        )


# Files with an underscore hold what kernels are made with.
SOURCES = sorted(Path(featurex.kernels.__file__).parent.glob("[!_]*.py"))
SLOTS = {
    first_order: [statistic.name for statistic in EXTRACTORS["intensity"].statistics],
    glcm_statistics: [statistic.name for statistic in EXTRACTORS["glcm"].statistics],
    ngtdm: [statistic.name for statistic in EXTRACTORS["ngtdm"].statistics],
    size_matrices: list(FORMULAS),
}


@pytest.mark.parametrize("kernel", SLOTS, ids=lambda kernel: kernel.__name__.rpartition(".")[2])
def test_slots_have_the_names_and_the_order_of_the_statistics(kernel):
    slots = {
        name: value
        for name, value in vars(kernel).items()
        if name.isupper() and name[0] != "_" and isinstance(value, int)
    }
    assert sorted(slots, key=slots.get) == [name.upper() for name in SLOTS[kernel]]
    assert sorted(slots.values()) == list(range(len(slots)))


def numbered_slots(tree):
    """Lines that assign to an array of statistics at a literal index."""
    targets = (
        target
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for target in ast.walk(target)
    )
    return [
        target.lineno
        for target in targets
        if isinstance(target, ast.Subscript)
        and getattr(target.value, "id", None) in ("out", "values")
        and isinstance(target.slice, ast.Constant)
    ]


def sibling_imports(tree):
    """Lines that import from another kernel."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module.startswith("featurex")
        and node.module != "featurex.kernels._jit"
    ]


def large_functions(tree, n_lines=45, n_parameters=8):
    """Names of functions with more lines of code or parameters."""
    large = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = {line for part in body for child in ast.walk(part) for line in _lines(child)}
            if len(lines) > n_lines or len(node.args.args) > n_parameters:
                large.append(node.name)
    return large


def _lines(node):
    return range(node.lineno, node.end_lineno + 1) if isinstance(node, ast.expr) else ()


@pytest.mark.parametrize("find", [numbered_slots, sibling_imports, large_functions])
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_source_of_a_kernel_keeps_the_rules(path, find):
    assert find(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_sources_that_break_the_rules_are_caught():
    assert numbered_slots(ast.parse("values[3] += 1\nout[0], out[CONTRAST] = 1, 2")) == [1, 2]
    assert sibling_imports(ast.parse("from featurex.kernels.glcm import count_pairs")) == [1]
    long = "def f(a):\n" + "\n".join(f"    a += {k}" for k in range(46))
    wide = "def g(a, b, c, d, e, f, g, h, i):\n    pass"
    assert large_functions(ast.parse(f"{long}\n{wide}")) == ["f", "g"]
