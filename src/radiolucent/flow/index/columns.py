"""The columns of an index: a fixed list, each with its type and what it means."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "whole", "number", "truth", "wholes", "numbers"]


class Column(NamedTuple):
    """One column; `wholes` and `numbers` are lists in array order."""

    name: str
    kind: Kind
    says: str


COLUMNS = (
    Column("path", "text", "the file, or the folder that holds the image's files; relative to the table's own folder"),
    Column("name", "text", "the image's name in the case that `rl.load(path)` gives"),
    Column("format", "text", "dicom, nifti, nrrd, metaimage, picture or video"),
    Column("files", "whole", "how many files the image is made of"),
    Column("bytes", "whole", "their size together"),
    Column("copies", "whole", "how many more files repeat one of them"),
    Column("key", "text", "the key of the case, as `rl.load` gives it"),
    Column("patient", "text", "key of the patient"),
    Column("study", "text", "key of the study"),
    Column("series", "text", "key of the series"),
    Column("accession", "text", "key of the accession number"),
    Column("site", "text", "key of the institution"),
    Column("days", "whole", "days since the patient's first dated examination in the index"),
    Column("series_number", "whole", "the series' number within its study"),
    Column("modality", "text", "CT, MR, DX, CR, MG, US, PT ..."),
    Column("body_part", "text", "the part examined, in the file's word"),
    Column("laterality", "text", "L, R or B"),
    Column("view", "text", "PA, AP, LL, CC, MLO ..."),
    Column("sex", "text", "F, M or O"),
    Column("age_years", "number", "age at the examination"),
    Column("manufacturer", "text", "who made the device"),
    Column("model", "text", "the device's model"),
    Column("kvp", "number", "tube voltage [kV]"),
    Column("kernel", "text", "reconstruction kernel (CT)"),
    Column("contrast", "truth", "true where a contrast agent is stated"),
    Column("phase", "text", "contrast phase"),
    Column("sequence", "text", "pulse sequence (MR)"),
    Column("field_t", "number", "magnetic field [T]"),
    Column("repetition_ms", "number", "repetition time [ms]"),
    Column("echo_ms", "number", "echo time [ms]"),
    Column("inversion_ms", "number", "inversion time [ms]"),
    Column("flip_deg", "number", "flip angle [degrees]"),
    Column("b_value", "number", "diffusion weighting [s/mm^2]"),
    Column("component", "text", "magnitude, phase, real or imaginary"),
    Column("photometric", "text", "what high values mean: MONOCHROME2, RGB ..."),
    Column("channels", "whole", "1 for grey, 3 for colour"),
    Column("bits", "whole", "bits in use for each sample"),
    Column("lossy", "truth", "whether the pixels have been compressed with loss at any time"),
    Column("burned_in", "truth", "whether the file says that text is burned into the pixels"),
    Column("axes", "text", "which axes the image has, out of `tzyx`"),
    Column("shape", "wholes", "samples along each axis"),
    Column("spacing_mm", "numbers", "distance of samples along each axis in space [mm]; empty where it is not known"),
    Column("origin_mm", "numbers", "centre of the first sample (x, y, z) in LPS [mm]"),
    Column("direction", "numbers", "for each axis in space the unit vector along which its index grows, one after another"),
    Column("plane", "text", "axial, coronal or sagittal, whichever is nearest"),
    Column("tilt_deg", "number", "angle between the stack and the slices' normal (gantry tilt) [degrees]"),
    Column("thickness_mm", "number", "slice thickness as stated [mm]"),
    Column("gap_least_mm", "number", "least distance of neighbouring slices [mm]"),
    Column("gap_most_mm", "number", "greatest distance of neighbouring slices [mm]"),
    Column("duration_s", "number", "from the first frame to the last [s]"),
    Column("problem", "text", "why reading would refuse the image, or what is strange about its files"),
)  # fmt: skip


def table() -> str:
    """The columns as a table of a page."""
    lines = [f"| `{column.name}` | {column.kind} | {column.says} |" for column in COLUMNS]
    return "\n".join(["| column | holds | what it says |", "|---|---|---|", *lines])
