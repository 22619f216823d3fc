import cv2
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from featurex import Align, Equalize, Preprocess
from featurex.challenges.framing import choose_partners, swap_framing
from featurex.errors import DataError, ParameterError
from featurex.lungs import Registration, compose, invert, normalize_contrast, warp_image

IDENTITY = np.eye(2, 3)


@pytest.fixture(scope="module")
def align(chests):
    return Align().fit(chests)


def affine(zoom=1.0, shift=(0.0, 0.0), degrees=0.0):
    """Map in units of the side that zooms and turns about the middle."""
    turn = np.deg2rad(degrees)
    linear = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return np.column_stack([linear, np.array(shift) + 0.5 - linear @ [0.5, 0.5]])


def random_maps(n, seed=0):
    generator = np.random.default_rng(seed)
    return np.stack(
        [
            affine(
                generator.uniform(0.9, 1.1),
                generator.uniform(-0.05, 0.05, 2),
                generator.uniform(-6, 6),
            )
            for _ in range(n)
        ]
    )


def test_compose_and_invert_are_those_of_maps():
    first, second = random_maps(2)
    point = np.array([0.3, 0.8, 1.0])
    assert np.allclose(compose(first, second) @ point, first @ [*(second @ point), 1.0])
    assert np.allclose(compose(first, invert(first)), IDENTITY)
    assert np.allclose(compose(invert(first), first), IDENTITY)


def test_warping_by_the_identity_changes_nothing(chests):
    assert np.array_equal(warp_image(chests[0], IDENTITY), chests[0])


def test_maps_do_not_depend_on_the_size_of_the_image(chests):
    matrix = random_maps(1)[0]
    small = cv2.resize(chests[0], (64, 64), interpolation=cv2.INTER_AREA)
    expected = cv2.resize(warp_image(chests[0], matrix), (64, 64), interpolation=cv2.INTER_AREA)
    difference = np.abs(warp_image(small, matrix).astype(float) - expected)[6:-6, 6:-6]
    assert difference.mean() < 3


def test_a_half_turn_swaps_corners():
    image = np.zeros((20, 20), np.uint8)
    image[2, 3] = 200
    assert warp_image(image, affine(degrees=180))[17, 16] == 200


# The last ones cut part of the lungs off, or leave them small.
@pytest.mark.parametrize(
    ("change", "tolerance"),
    [
        (affine(zoom=1.12), 0.012),
        (affine(shift=(0.06, -0.05)), 0.012),
        (affine(degrees=7), 0.012),
        (affine(shift=(0.0, 0.25)), 0.04),
        (affine(zoom=0.75), 0.04),
        (affine(zoom=1.3), 0.03),
    ],
)
def test_registration_finds_a_known_change(align, chests, change, tolerance):
    before = align.register(chests)
    moved = np.stack([warp_image(image, change) for image in chests])
    after = align.register(moved)
    assert not after.failed.any()
    found = [compose(change, new) for new in after.matrices]
    corners = np.array([[0.25, 0.25, 1], [0.75, 0.25, 1], [0.25, 0.75, 1], [0.75, 0.75, 1]]).T
    errors = [
        np.abs(new @ corners - old @ corners).mean()
        for new, old in zip(found, before.matrices, strict=True)
    ]
    assert np.median(errors) < tolerance


def test_aligned_images_are_alike_whatever_their_framing(align, chests):
    moved = np.stack(
        [warp_image(i, m) for i, m in zip(chests, random_maps(len(chests)), strict=True)]
    )
    apart = np.abs(chests.astype(float) - moved).mean()
    aligned = np.abs(align.transform(chests).astype(float) - align.transform(moved)).mean()
    assert aligned < 0.4 * apart


@pytest.mark.parametrize(
    "blank", [np.zeros((128, 128), np.uint8), np.full((128, 128), 90, np.uint8)]
)
def test_what_cannot_be_registered_stays_as_it_is_and_is_counted(align, blank):
    found = align.register(blank[None])
    assert found.failed.tolist() == [True]
    assert np.array_equal(found.matrices[0], IDENTITY)


def test_a_negative_is_registered_as_its_film(align, chests):
    film, negative = align.register(chests), align.register(255 - chests)
    assert np.abs(film.matrices - negative.matrices).max() < 0.05


def test_noise_is_never_warped_beyond_reason(align):
    noise = np.random.default_rng(0).integers(0, 256, (5, 128, 128), dtype=np.uint8)
    matrices = align.register(noise).matrices
    assert (np.abs(matrices[:, :, :2] - np.eye(2)) < 0.51).all()


def test_the_margin_is_cut_off(chests):
    whole = Align(margin=(0.0, 0.0)).fit(chests)
    cut = Align(margin=(0.125, 0.25)).fit(chests)
    registration = whole.register(chests)
    inner = whole.warp(chests, registration)[:, 16:-16, 32:-32]
    expected = np.stack(
        [cv2.resize(image, (128, 128), interpolation=cv2.INTER_LINEAR) for image in inner]
    )
    assert np.abs(cut.warp(chests, registration).astype(float) - expected).mean() < 2


@pytest.mark.parametrize(
    ("dtype", "scale"), [(np.uint16, 257), (np.float32, 1 / 255), (np.float32, 1e-4)]
)
def test_other_types_align_the_same(align, chests, dtype, scale):
    made = align.transform((chests * np.float64(scale)).astype(dtype))
    assert made.dtype == dtype
    assert np.abs(made / scale - align.transform(chests)).mean() < 1.5


def test_one_at_a_time_is_the_same_as_a_batch(align, chests):
    batch = align.transform(chests)
    single = np.concatenate([align.transform(chests[i : i + 1]) for i in range(len(chests))])
    assert np.array_equal(batch, single)
    assert np.array_equal(align.transform(list(chests)), batch)


def test_nothing_is_learnt(align, chests):
    assert np.array_equal(
        Align().transform(chests), Align().fit(chests[::-1], np.arange(8) % 2).transform(chests)
    )


def test_it_works_in_a_pipeline(chests):
    chain = make_pipeline(Preprocess(size=96), Align(), Equalize()).fit(chests)
    made = clone(chain).fit(chests).transform(chests)
    assert made.shape == (8, 96, 96)
    assert np.array_equal(made, chain.transform(chests))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"margin": 0.1}, "margin must be a list"),
        ({"margin": (0.1,)}, "margin must be two fractions"),
        ({"margin": (0.1, 0.4)}, r"margin\[1\] must be a number from 0 to 0.3, but 0.4 was given"),
    ],
)
def test_a_wrong_parameter_is_named(chests, parameters, message):
    with pytest.raises(ParameterError, match=message):
        Align(**parameters).fit(chests)


def test_images_of_several_sizes_are_sent_to_preprocess(align, chests):
    with pytest.raises(
        ParameterError,
        match="some of 100 x 128 and 128 x 128 pixels; bring them to one with Preprocess",
    ):
        align.transform([chests[0], chests[1][:100]])


def test_contrast_is_local():
    row, column = np.mgrid[:64, :64]
    waves = 20 * np.sin(row / 2) * np.sin(column / 2)
    slope = 2.0 * column
    plain, tilted = (
        normalize_contrast(np.float32(image + 60), 8) for image in (waves, waves + slope)
    )
    assert np.abs(plain - tilted)[16:-16, 16:-16].mean() < 12


def test_swapping_with_oneself_changes_little(align, chests):
    registration = align.register(chests)
    swapped = swap_framing(chests, registration, np.arange(len(chests)))
    assert np.abs(np.stack(swapped).astype(int) - chests).max() <= 1


def test_a_swapped_image_has_its_partners_framing(chests):
    maps = random_maps(len(chests))
    films = [warp_image(image, invert(matrix)) for image, matrix in zip(chests, maps, strict=True)]
    registration = Registration(maps, np.zeros(len(maps), bool))
    partners = np.roll(np.arange(len(chests)), 1)
    swapped = swap_framing(films, registration, partners)
    for own, other in enumerate(partners):
        expected = warp_image(chests[own], invert(maps[other])).astype(float)
        assert np.abs(swapped[own] - expected)[20:-20, 20:-20].mean() < 3


def test_swapping_back_gives_the_film_back(chests):
    maps = random_maps(2)
    there = swap_framing(chests[:2], Registration(maps, np.zeros(2, bool)), [1, 0])
    back = swap_framing(there, Registration(maps[::-1], np.zeros(2, bool)), [1, 0])
    inner = np.abs(np.stack(back).astype(float) - chests[:2])[:, 25:-25, 25:-25]
    # Two resamplings blur; a wrong order of the maps would be off by ten times as much.
    assert inner.mean() < 4


def test_partners_are_of_another_class_and_registered():
    labels = np.array([0, 0, 1, 1, 1, 2])
    failed = np.array([False, True, False, True, False, False])
    registration = Registration(np.repeat(IDENTITY[None], 6, 0), failed)
    for seed in range(20):
        partners = choose_partners(labels, registration, seed)
        assert (labels[partners] != labels).all()
        assert not failed[partners].any()
    assert np.array_equal(
        choose_partners(labels, registration, 1), choose_partners(labels, registration, 1)
    )


def test_no_partner_to_swap_with_is_an_error():
    registration = Registration(np.repeat(IDENTITY[None], 2, 0), np.array([False, True]))
    with pytest.raises(DataError, match="no image of another class could be registered"):
        choose_partners(np.array([0, 1]), registration, 0)


def test_most_real_radiographs_register(real_data):
    files = sorted((real_data / "chest_xray" / "train").glob("*/*.jpeg"))[::60]
    films = Preprocess().transform([cv2.imread(str(file), cv2.IMREAD_GRAYSCALE) for file in files])
    assert Align().register(films).failed.mean() < 0.02
