"""What a file's values mean: bits, signs, rescale, which way is white, colour."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import convert_color_space
from pydicom.sequence import Sequence
from small_dicom import write_dicom

from radiolucent.core import InputError, UnreadableError
from radiolucent.dicom import decode, limits


def test_ct_comes_in_hounsfield_units_as_whole_numbers(tmp_path):
    stored = np.array([[0, 1024], [2024, 4095]], np.uint16)
    file = write_dicom(tmp_path / "a.dcm", stored, RescaleIntercept="-1024", RescaleSlope="1", RescaleType="HU")
    got = decode(file)
    assert got.unit == "HU"
    assert got.array.dtype == np.int16
    np.testing.assert_array_equal(got.array[0], stored.astype(int) - 1024)


def test_a_fractional_slope_gives_floats(tmp_path):
    file = write_dicom(
        tmp_path / "a.dcm", np.array([[1, 2]], np.uint16), RescaleIntercept="0.5", RescaleSlope="0.25", Modality="PT",
        Units="BQML",
    )  # fmt: skip
    got = decode(file)
    np.testing.assert_allclose(got.array[0], [[0.75, 1.0]])
    assert got.unit == "Bq/ml"


def test_a_modality_table_is_applied(tmp_path):
    table = Dataset()
    table.LUTDescriptor, table.LUTData, table.ModalityLUTType = [3, 0, 16], [10, 40, 90], "US"
    table["LUTDescriptor"].VR = table["LUTData"].VR = "US"
    file = write_dicom(tmp_path / "a.dcm", np.array([[0, 1, 2, 7]], np.uint16), ModalityLUTSequence=[table])
    np.testing.assert_array_equal(decode(file).array[0], [[10, 40, 90, 90]])


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_white_is_high_in_monochrome1_over_the_range_the_file_can_store(tmp_path, bits):
    stored = np.array([[0, 1, 2**bits - 1]], np.uint16)
    file = write_dicom(
        tmp_path / "a.dcm", stored, Modality="DX", PhotometricInterpretation="MONOCHROME1", BitsStored=bits, HighBit=bits - 1
    )  # fmt: skip
    got = decode(file)
    np.testing.assert_array_equal(got.array[0], 2**bits - 1 - stored)
    assert got.facts["photometric"] == "MONOCHROME1"


def test_values_with_a_physical_unit_are_never_turned(tmp_path):
    stored = np.array([[0, 1000]], np.uint16)
    file = write_dicom(
        tmp_path / "a.dcm", stored, RescaleIntercept="-1000", RescaleSlope="1", PhotometricInterpretation="MONOCHROME1"
    )
    np.testing.assert_array_equal(decode(file).array[0], [[-1000, 0]])


def test_monochrome1_is_turned_after_the_rescale(tmp_path):
    file = write_dicom(
        tmp_path / "a.dcm", np.array([[0, 255]], np.uint8), Modality="DX", RescaleSlope="2", RescaleIntercept="-10",
        PhotometricInterpretation="MONOCHROME1",
    )  # fmt: skip
    np.testing.assert_array_equal(decode(file).array[0], [[500, -10]])


def test_bits_that_are_not_stored_are_masked(tmp_path):
    stored = np.array([[0xF123, 0x0FFF]], np.uint16)
    file = write_dicom(tmp_path / "a.dcm", stored, BitsStored=12, HighBit=11)
    np.testing.assert_array_equal(decode(file).array[0], [[0x123, 0xFFF]])


def test_signs_are_extended_from_the_highest_stored_bit(tmp_path):
    stored = np.array([[0x0FFF, 0x0801, 0x07FF]], np.uint16)
    file = write_dicom(tmp_path / "a.dcm", stored, BitsStored=12, HighBit=11, PixelRepresentation=1)
    np.testing.assert_array_equal(decode(file).array[0], [[-1, -2047, 2047]])


def test_values_that_lie_above_bit_zero_are_lowered(tmp_path):
    stored = np.array([[0x1230, 0xFFF0]], np.uint16)
    file = write_dicom(tmp_path / "a.dcm", stored, BitsStored=12, HighBit=15)
    np.testing.assert_array_equal(decode(file).array[0], [[0x123, 0xFFF]])


def test_ybr_becomes_rgb(tmp_path):
    rgb = np.random.default_rng(0).integers(0, 255, (4, 6, 3)).astype(np.uint8)
    ybr = convert_color_space(rgb, "RGB", "YBR_FULL")
    file = write_dicom(
        tmp_path / "a.dcm", ybr[..., 0], PixelData=ybr.tobytes(), SamplesPerPixel=3, PlanarConfiguration=0, Modality="US",
        PhotometricInterpretation="YBR_FULL",
    )  # fmt: skip
    got = decode(file).array
    assert got.shape == (1, 4, 6, 3)
    assert np.abs(got[0].astype(int) - rgb).max() <= 2


def test_a_palette_becomes_rgb(tmp_path):
    palette = {
        f"{c}PaletteColorLookupTable{what}": value
        for c, data in (("Red", b"\x00\x01"), ("Green", b"\x00\x80"), ("Blue", b"\xff\xff"))
        for what, value in (("Descriptor", [2, 0, 8]), ("Data", data))
    }
    file = write_dicom(
        tmp_path / "a.dcm",
        np.array([[0, 1]], np.uint8),
        Modality="US",
        PhotometricInterpretation="PALETTE COLOR",
        **palette,
    )
    np.testing.assert_array_equal(decode(file).array[0], [[[0, 0, 255], [1, 128, 255]]])


def test_truncated_pixels_are_named_with_both_lengths(tmp_path):
    file = write_dicom(tmp_path / "short.dcm", np.zeros((8, 8), np.uint16), PixelData=bytes(100))
    with pytest.raises(UnreadableError, match=r"short\.dcm is truncated: 100 bytes .* 128"):
        decode(file)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_anywhere_is_an_unreadable_file(tmp_path, share):
    whole = write_dicom(tmp_path / "a.dcm", np.zeros((32, 32), np.uint16)).read_bytes()
    cut = tmp_path / "cut.dcm"
    cut.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(UnreadableError, match=r"cut\.dcm"):
        decode(cut)


def test_a_picture_larger_than_the_bound_is_refused_before_anything_is_allocated(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOST_BYTES", 1000)
    file = write_dicom(tmp_path / "a.dcm", np.zeros((32, 32), np.uint16))
    with pytest.raises(InputError, match="GiB"):
        decode(file)


def test_a_header_that_asks_for_more_than_memory_is_refused(tmp_path):
    file = write_dicom(
        tmp_path / "a.dcm", np.zeros((2, 2), np.uint16), Rows=65535, Columns=65535, NumberOfFrames=100000
    )
    with pytest.raises(InputError, match="GiB"):
        decode(file)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\0" * 128 + b"DICM", b"\0" * 200, b"\x08\x00\x05\x00CS" + b"\xff" * 40]
)
def test_what_is_no_dicom_is_unreadable(tmp_path, content):
    file = tmp_path / "x.dcm"
    file.write_bytes(content)
    with pytest.raises(UnreadableError, match=r"x\.dcm"):
        decode(file)


def test_a_file_that_is_absent_is_named(tmp_path):
    with pytest.raises(UnreadableError, match="does not exist"):
        decode(tmp_path / "none.dcm")


def test_facts_hold_no_identifier(tmp_path):
    file = write_dicom(
        tmp_path / "a.dcm", np.zeros((2, 2), np.uint16), PatientAge="045Y", PatientSex="F", ViewPosition="PA",
        PatientBirthDate="19700101", InstitutionName="Saint Elsewhere",
    )  # fmt: skip
    facts = decode(file).facts
    assert facts == {"age_years": 45, "sex": "F", "view": "PA", "photometric": "MONOCHROME2"}


def test_age_comes_from_the_dates_where_it_is_not_stated(tmp_path):
    file = write_dicom(
        tmp_path / "a.dcm", np.zeros((2, 2), np.uint16), PatientBirthDate="19700601", StudyDate="20200101"
    )
    assert decode(file).facts["age_years"] == 49


def test_pixel_spacing_goes_before_that_at_the_detector(tmp_path):
    zero = np.zeros((2, 2), np.uint16)
    both = write_dicom(tmp_path / "a.dcm", zero, PixelSpacing=[0.1, 0.2], ImagerPixelSpacing=[0.3, 0.3])
    detector = write_dicom(tmp_path / "b.dcm", zero, ImagerPixelSpacing=[0.3, 0.4])
    neither = write_dicom(tmp_path / "c.dcm", zero, PixelSpacing=[0, 0])
    places = [decode(file).places[0] for file in (both, detector, neither)]
    assert [(p.spacing_mm, p.spacing_from) for p in places] == [
        ((0.1, 0.2), "PixelSpacing"),
        ((0.3, 0.4), "ImagerPixelSpacing"),
        (None, ""),
    ]


def test_frame_times_come_from_the_header(tmp_path):
    file = write_dicom(tmp_path / "a.dcm", np.zeros((3, 2, 2), np.uint8), Modality="US", FrameTime="40")
    assert decode(file).times_s == pytest.approx((0, 0.04, 0.08))


def _group(**elements):
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def test_sequence_b_value_phase_and_kernel_are_facts(tmp_path):
    stored = np.zeros((4, 4), np.uint16)
    ct = write_dicom(tmp_path / "ct.dcm", stored, ConvolutionKernel=["B30f", "2"], ContrastBolusAgentPhase="PORTAL")
    assert decode(ct).facts.items() >= {"kernel": "B30f\\2", "phase": "PORTAL"}.items()
    diffusion = Sequence([_group(DiffusionBValue=800.0)])
    mr = write_dicom(
        tmp_path / "mr.dcm", stored, Modality="MR", ScanningSequence=["SE", "EP"], MRDiffusionSequence=diffusion
    )
    assert decode(mr).facts.items() >= {"sequence": "SE\\EP"}.items()


def test_an_enhanced_file_states_its_facts_in_groups(tmp_path):
    stored = np.zeros((2, 4, 4), np.uint16)
    shared_groups = _group(
        ContrastBolusUsageSequence=Sequence([_group(ContrastBolusAgentPhase="ARTERIAL")]),
        CTReconstructionSequence=Sequence([_group(ConvolutionKernel="Br40")]),
    )
    frames = [_group(MRDiffusionSequence=Sequence([_group(DiffusionBValue=500.0)])) for _ in range(2)]
    file = write_dicom(
        tmp_path / "e.dcm",
        stored,
        SOPClassUID="1.2.840.10008.5.1.4.1.1.4.1",
        Modality="MR",
        PulseSequenceName="EPI",
        SharedFunctionalGroupsSequence=Sequence([shared_groups]),
        PerFrameFunctionalGroupsSequence=Sequence(frames),
    )
    expected = {"phase": "ARTERIAL", "kernel": "Br40", "b_value": 500.0, "sequence": "EPI"}
    assert decode(file).facts.items() >= expected.items()
