"""An export: three patients with a chest picture each, a CT in two folders' worth of files, and other things."""

import numpy as np
import pytest
from small_dicom import write_dicom, write_series

PEOPLE = {"MRN-001": ("20240110", "pa"), "MRN-002": ("20240210", "pb"), "MRN-003": ("20240310", "pc")}


@pytest.fixture
def export(tmp_path):
    folder = tmp_path / "export"
    rng = np.random.default_rng(0)
    for k, (patient, (day, place)) in enumerate(PEOPLE.items()):
        about = {"PatientID": patient, "StudyInstanceUID": f"1.2.{k}", "Modality": "DX", "StudyDate": day}
        about |= {"SeriesInstanceUID": f"1.2.{k}.1", "PatientSex": "FM"[k % 2], "ViewPosition": "PA"}
        write_dicom(folder / place / "a.dcm", rng.integers(0, 99, (16, 16)).astype(np.uint16), **about)
    ct = {"PatientID": "MRN-001", "StudyInstanceUID": "1.2.0", "SeriesInstanceUID": "1.2.0.7", "SeriesNumber": 7}
    places = [(0, 0, 2.5 * k) for k in range(5)]
    write_series(folder / "pa" / "ct", np.zeros((5, 4, 6), np.int16), places=places, StudyDate="20240115", **ct)
    (folder / "notes.txt").write_text("not an image")
    (folder / "fake.dcm").write_bytes(b"no DICOM at all")
    return folder
