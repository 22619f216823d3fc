import io
import sys

import numpy as np
import pytest

from featurex import audit_dataset, load_dataset, read_image
from featurex.errors import ImageError
from featurex.images import read_header

pydicom = pytest.importorskip("pydicom")
from pydicom.dataset import Dataset, FileMetaDataset  # noqa: E402
from pydicom.uid import (  # noqa: E402
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
)

ROWS, COLUMNS = 32, 41


def levels(bits):
    """All levels of a depth, in order, over and over."""
    return (np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS) * 7 % 2**bits).astype(
        np.uint16 if bits > 8 else np.uint8
    )


def make(stored, bits, photometric="MONOCHROME2", syntax=ExplicitVRLittleEndian, **elements):
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    dataset.SOPInstanceUID = "1.2.3"
    dataset.Rows, dataset.Columns = stored.shape[:2]
    dataset.BitsStored, dataset.HighBit = bits, bits - 1
    dataset.BitsAllocated = 8 * stored.dtype.itemsize
    dataset.SamplesPerPixel = 1 if stored.ndim == 2 else 3
    dataset.PixelRepresentation = int(stored.dtype.kind == "i")
    dataset.PhotometricInterpretation = photometric
    if stored.ndim == 3:
        dataset.PlanarConfiguration = 0
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    dataset.PixelData = stored.astype(stored.dtype.newbyteorder(order)).tobytes()
    dataset["PixelData"].VR = "OW" if bits > 8 else "OB"
    for name, value in elements.items():
        setattr(dataset, name, value)
    return dataset


@pytest.fixture
def save(tmp_path):
    def write(dataset, name="image", **options):
        path = tmp_path / name
        if isinstance(dataset, bytes):
            path.write_bytes(dataset)
        else:
            dataset.save_as(path, **({"enforce_file_format": True} | options))
        return path

    return write


def reason(path):
    with pytest.raises(ImageError, match=r"\[[A-Z_]+\]$") as caught:
        read_image(path)
    return caught.value.reason


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless]
)
def test_every_depth_spans_its_type(save, bits, syntax):
    stored = levels(bits)
    dataset = make(stored, bits, syntax=ExplicitVRLittleEndian if syntax == RLELossless else syntax)
    if syntax == RLELossless:
        dataset.compress(RLELossless, generate_instance_uid=False)
    image = read_image(save(dataset))
    top = 255 if bits == 8 else 65535
    assert image.dtype == (np.uint8 if bits == 8 else np.uint16)
    np.testing.assert_array_equal(image, np.rint(stored * (top / (2**bits - 1))))
    assert len(np.unique(image)) == len(np.unique(stored))


@pytest.mark.parametrize("bits", [8, 10, 16])
def test_an_inverted_twin_is_the_same_picture(save, bits):
    stored = levels(bits)
    inverted = (2**bits - 1 - stored).astype(stored.dtype)
    twin = read_image(save(make(inverted, bits, "MONOCHROME1"), "twin"))
    np.testing.assert_array_equal(twin, read_image(save(make(stored, bits))))


def test_an_inverted_twin_with_a_window_is_the_same_picture(save):
    stored = levels(12)
    one = make(stored, 12, WindowCenter=1500, WindowWidth=2000)
    two = make(4095 - stored, 12, "MONOCHROME1", WindowCenter=4096 - 1500, WindowWidth=2000)
    np.testing.assert_array_equal(read_image(save(one)), read_image(save(two, "twin")))


def test_the_window_is_the_standards_pseudo_code(save):
    """PS3.3 C.11.2.1.2.1, case by case."""
    center, width = 300.0, 201.0
    stored = levels(10)
    expected = np.empty(stored.shape)
    for index, x in np.ndenumerate(stored.astype(float)):
        if x <= center - 0.5 - (width - 1) / 2:
            expected[index] = 0
        elif x > center - 0.5 + (width - 1) / 2:
            expected[index] = 1
        else:
            expected[index] = (x - (center - 0.5)) / (width - 1) + 0.5
    image = read_image(save(make(stored, 10, WindowCenter=[center, 1], WindowWidth=[width, 2])))
    np.testing.assert_array_equal(image, np.rint(65535 * expected))


@pytest.mark.parametrize("function", ["LINEAR_EXACT", "SIGMOID"])
def test_other_windows_rise_through_one_half_at_the_centre(save, function):
    stored = levels(10)
    dataset = make(stored, 10, WindowCenter=500, WindowWidth=300, VOILUTFunction=function)
    image = read_image(save(dataset)).astype(int)
    assert image[stored == 500] == pytest.approx(65535 / 2, abs=1)
    order = np.argsort(stored, axis=None)
    assert (np.diff(image.ravel()[order]) >= 0).all()


def test_rescaling_keeps_the_picture_and_shifts_the_window(save):
    stored = levels(10)
    plain = read_image(save(make(stored, 10, WindowCenter=400, WindowWidth=300)))
    rescaled = make(
        stored,
        10,
        WindowCenter=400 * 2 - 1000,
        WindowWidth=2 * 299 + 1,
        RescaleSlope=2,
        RescaleIntercept=-1000,
    )
    np.testing.assert_allclose(read_image(save(rescaled)).astype(int), plain, atol=120)
    inverse = make(stored, 10, RescaleSlope=-1, RescaleIntercept=0)
    np.testing.assert_array_equal(
        read_image(save(inverse)), 65535 - read_image(save(make(stored, 10), "plain"))
    )


def lookup_table(values, bits, name):
    item = Dataset()
    item.LUTDescriptor = [len(values), 0, bits]
    item["LUTDescriptor"].VR = "US"
    item.LUTData = [int(value) for value in values]
    item["LUTData"].VR = "US"
    return {name: [item]}


@pytest.mark.parametrize("name", ["ModalityLUTSequence", "VOILUTSequence"])
def test_lookup_tables_are_applied(save, name):
    table = np.rint(np.linspace(0, 1, 1024) ** 2 * 4095).astype(int)
    stored = np.sort(levels(10), axis=None).reshape(ROWS, COLUMNS)
    image = read_image(save(make(stored, 10, **lookup_table(table, 12, name))))
    np.testing.assert_array_equal(image, np.rint(table[stored] * (65535 / 4095)))


@pytest.mark.parametrize(("declared", "used"), [(16, 12), (12, 16), (16, 10)])
def test_the_entries_of_a_lookup_table_decide_about_its_bits(save, declared, used):
    stored = levels(10)
    rising = np.rint(np.linspace(0, 2**used - 1, 1024)).astype(int)
    dataset = make(stored, 10, **lookup_table(rising, declared, "VOILUTSequence"))
    expected = np.rint(rising[stored] / (2**used - 1) * 65535)
    np.testing.assert_array_equal(read_image(save(dataset)), expected)


def test_a_preamble_may_be_the_header_of_another_format(save):
    dataset = make(levels(12), 12)
    expected = read_image(save(dataset))
    dataset.preamble = b"II*\0\x08\0\0\0".ljust(128, b"\0")
    np.testing.assert_array_equal(read_image(save(dataset, "tiff")), expected)
    assert read_header(save(dataset, "tiff")).format == "DICOM"


def test_an_overlay_in_unused_bits_is_not_taken_for_levels(save):
    stored = levels(12)
    drawn = stored | np.uint16(1 << 12)
    assert reason(save(make(drawn, 12))) == "CORRUPT_IMAGE"
    dataset = make(drawn, 12)
    dataset.add_new(0x60020100, "US", 16)
    dataset.add_new(0x60020102, "US", 12)
    np.testing.assert_array_equal(read_image(save(dataset)), read_image(save(make(stored, 12))))


@pytest.mark.parametrize("signed", [True, False])
def test_a_jpeg2000_stream_that_contradicts_the_header_about_the_sign(save, signed):
    openjpeg = pytest.importorskip("openjpeg")
    bits = levels(12)
    as_signed = np.where(bits >= 2048, bits.astype(int) - 4096, bits).astype(np.int16)
    header, stream = (as_signed, bits) if signed else (bits, as_signed)
    dataset = make(header, 12)
    expected = read_image(save(dataset))
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    dataset.PixelData = pydicom.encaps.encapsulate([openjpeg.encode(stream, bits_stored=12)])
    dataset["PixelData"].VR = "OB"
    np.testing.assert_array_equal(read_image(save(dataset, "stream")), expected)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.103", "1.2.9"])
def test_a_syntax_that_is_not_read_is_named_and_not_called_damage(save, syntax):
    dataset = make(levels(12), 12)
    path = save(dataset)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID(syntax)
    dataset.PixelData = pydicom.encaps.encapsulate([b"no stream at all"])
    dataset["PixelData"].VR = "OB"
    path = save(dataset, implicit_vr=False, little_endian=True, enforce_file_format=False)
    with pytest.raises(ImageError, match=syntax.replace(".", r"\.")) as caught:
        read_image(path)
    assert caught.value.reason == "UNSUPPORTED_FORMAT"


def test_signed_values_start_at_their_lowest(save):
    stored = (levels(12).astype(np.int16) - 2048).astype(np.int16)
    image = read_image(save(make(stored, 12)))
    np.testing.assert_array_equal(image, read_image(save(make(levels(12), 12), "unsigned")))


def test_padding_is_black(save):
    stored = levels(10)
    dataset = make(stored, 10, "MONOCHROME1", PixelPaddingValue=0)
    image = read_image(save(dataset))
    assert (image[stored == 0] == 0).all()
    assert image[stored == 7].min() > 65000


def test_equal_channels_are_grey(save):
    grey = levels(8)
    np.testing.assert_array_equal(read_image(save(make(np.dstack([grey] * 3), 8, "RGB"))), grey)


def test_jpeg_inside(save):
    import simplejpeg
    from pydicom.encaps import encapsulate

    shades = np.add.outer(np.arange(ROWS), np.arange(COLUMNS)).astype(np.uint8)
    data = simplejpeg.encode_jpeg(shades[:, :, np.newaxis], quality=95, colorspace="GRAY")

    def wrap(frame):
        dataset = make(shades, 8, syntax=JPEGBaseline8Bit, PixelData=encapsulate([frame]))
        dataset["PixelData"].VR = "OB"
        return save(dataset)

    np.testing.assert_array_equal(
        read_image(wrap(data)), simplejpeg.decode_jpeg(data, "GRAY")[:, :, 0]
    )
    assert reason(wrap(data[: len(data) // 2])) == "TRUNCATED"
    other = simplejpeg.encode_jpeg(shades[:-1, :, np.newaxis].copy(), colorspace="GRAY")
    assert reason(wrap(other)) == "CORRUPT_IMAGE"


def test_jpeg2000_of_another_size_than_declared(save, real_data):
    path = real_data / "dicom" / "fuji_hip_MONO2_10bit_j2k.dcm"
    dataset = pydicom.dcmread(path)
    assert dataset.file_meta.TransferSyntaxUID in (JPEG2000Lossless, "1.2.840.10008.1.2.4.90")
    dataset.Rows = 30000
    assert reason(save(dataset)) == "CORRUPT_IMAGE"


def test_a_missing_transfer_syntax_is_said(save):
    dataset = make(levels(10), 10, syntax=ImplicitVRLittleEndian)
    stream = io.BytesIO()
    syntax = dataset.file_meta.TransferSyntaxUID
    del dataset.file_meta
    dataset.save_as(stream, implicit_vr=True, little_endian=True, enforce_file_format=False)
    path = save(stream.getvalue())
    assert read_header(path).notes == (
        f"it names no transfer syntax: read as {syntax.name}, which its encoding shows",
    )
    np.testing.assert_array_equal(
        read_image(path), read_image(save(make(levels(10), 10), "complete"))
    )


def test_the_audit_says_what_was_assumed(tmp_path):
    for name in ("NORMAL", "PNEUMONIA"):
        (tmp_path / name).mkdir()
        dataset = make(levels(10), 10, syntax=ImplicitVRLittleEndian)
        del dataset.file_meta
        dataset.save_as(
            tmp_path / name / "a.dcm",
            implicit_vr=True,
            little_endian=True,
            enforce_file_format=False,
        )
    titles = [finding.title for finding in audit_dataset(load_dataset(tmp_path), n_jobs=1).findings]
    assert any(
        title.startswith("2 files, such as ") and "it names no transfer syntax" in title
        for title in titles
    )


def test_refusals_have_reasons(save):
    colour = np.dstack([levels(8)] * 3)
    without = make(levels(8), 8)
    del without.PixelData
    cases = [
        (without, "NO_PIXEL_DATA"),
        (make(levels(8), 8, NumberOfFrames=2), "SEVERAL_IMAGES"),
        (make(levels(8), 8, "PALETTE COLOR"), "UNSUPPORTED_COLOUR"),
        (make(colour, 8, "HSV"), "UNSUPPORTED_COLOUR"),
        (make(levels(10), 10, HighBit=15), "UNSUPPORTED_FORMAT"),
        (make(levels(10), 10, BitsStored=32, HighBit=31), "UNSUPPORTED_FORMAT"),
        (make(levels(12), 10), "CORRUPT_IMAGE"),  # values beyond the declared bits
        (make(levels(8), 8, WindowCenter=5, WindowWidth=0), "CORRUPT_IMAGE"),
        # Every value would be shown alike.
        (make(levels(8), 8, RescaleSlope=0, RescaleIntercept=1), "CORRUPT_IMAGE"),
        (make(levels(8), 8, **lookup_table([7] * 256, 8, "VOILUTSequence")), "CORRUPT_IMAGE"),
        (make(levels(8)[:8], 8), "TOO_SMALL"),
        (make(levels(8), 8, Rows=65535, Columns=65535), "TOO_LARGE"),
        (make(levels(8), 8, Rows=1000), "TRUNCATED"),
    ]
    for dataset, expected in cases:
        assert reason(save(dataset)) == expected, expected


def test_a_shortened_file_is_refused(save):
    data = save(make(levels(10), 10)).read_bytes()
    for missing in (1, 2, 100):
        assert reason(save(data[:-missing])) in ("TRUNCATED", "CORRUPT_IMAGE")


def test_without_the_extra_the_reason_names_it(save, monkeypatch):
    path = save(make(levels(8), 8))
    monkeypatch.setitem(sys.modules, "pydicom", None)
    with pytest.raises(
        ImageError, match=r"extra 'dicom'.*pip install 'featurex-xray\[dicom\]'.*DECODER_MISSING"
    ):
        read_image(path)


def test_real_files(real_data):
    images = {path.name: read_image(path) for path in sorted((real_data / "dicom").glob("*.dcm"))}
    assert len(images) >= 5
    plain = images["fuji_CR_chestPA_MONO1_10bit_uncompressed.dcm"]
    np.testing.assert_array_equal(images["fuji_CR_chestPA_MONO1_10bit_no_file_meta.dcm"], plain)
    for image in images.values():
        # Bone is white: the middle of every picture here is brighter than its darkest tenth by far.
        assert np.median(image) > np.quantile(image, 0.1) or np.median(image) == 0
        assert len(np.unique(image)) > 200
    # On a chest film the mediastinum is white and the lungs are dark.
    middle = plain[150:300, 200:240].mean()
    assert middle > 1.3 * plain[150:300, 90:140].mean()
    assert middle > 1.3 * plain[150:300, 300:350].mean()
    note = read_header(real_data / "dicom" / "fuji_CR_chestPA_MONO1_10bit_no_file_meta.dcm").notes
    assert "no transfer syntax" in note[0]


def test_run_lengths_too_short_for_their_pixels_are_refused(save):
    dataset = make(levels(16), 16)
    dataset.compress(RLELossless, generate_instance_uid=False)
    dataset.Rows = dataset.Columns = 2**14
    assert reason(save(dataset)) == "TRUNCATED"
