"""Studies full of planted identities, with a key of answers: what must be gone, what must stay, what must agree."""

from __future__ import annotations

import json
import warnings
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

from radiolucent.core import InputError, unknown

from .people import LISTS, Somebody, somebody, told, words_of

Action = Literal[
    "tag_retained", "text_notnull", "text_retained", "text_removed", "date_shifted", "uid_changed", "uid_consistent",
    "patid_consistent", "pixels_hidden", "pixels_retained",
]  # fmt: skip
ANSWERS = "answers.jsonl"
CLASSES = {
    "CT": "1.2.840.10008.5.1.4.1.1.2", "MR": "1.2.840.10008.5.1.4.1.1.4", "DX": "1.2.840.10008.5.1.4.1.1.1.1",
    "US": "1.2.840.10008.5.1.4.1.1.6.1", "PT": "1.2.840.10008.5.1.4.1.1.128",
}  # fmt: skip
SHARE_WRITTEN_ON = {"US": 1.0, "DX": 0.5, "CT": 0.1, "MR": 0.0, "PT": 0.0}
SIZE = 192
STAYS = ("Modality", "SOPClassUID", "Rows", "Columns", "PixelSpacing", "BitsStored", "PatientSex", "BodyPartExamined")
FILLED = ("PatientID", "PatientName", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID")
DAYS = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")


@dataclass(frozen=True)
class Planted:
    """One answer: in `file`, at `place`, `action` is due; `value` is what was planted, `kind` what sort of thing it is.

    A piece of free text also has the `phrase` it stood in, with its slots open.
    """

    file: str
    action: Action
    place: str
    value: str
    kind: str
    is_structured: bool = True
    phrase: str = ""


@dataclass
class _Study:
    """What is drawn once for a study."""

    words: dict[str, Any]
    rng: np.random.Generator
    who: Somebody
    modality: str
    root: str
    accession: str
    day: date
    answers: list[Planted] = field(default_factory=list)


def identities(folder: str | Path, *, studies: int = 200, names: str = "first", seed: int = 0) -> list[Planted]:
    """Write two files a study into `folder`, two studies a patient at most, and give the key of answers.

    Names, numbers, days and addresses stand in headers, items, private elements, free text, file names and, in part of
    the files, in the pixels. `names` is one of `LISTS`. The key is also written, as `answers.jsonl` beside the folder
    `scans` that holds the files.
    """
    if names not in LISTS:
        raise unknown("list of names", names, LISTS)
    folder, words = Path(folder), words_of(names)
    if (folder / "scans").exists():
        raise InputError("the folder holds scans already; name a new one")
    rng = np.random.default_rng((seed, LISTS.index(names)))
    answers: list[Planted] = []
    who = somebody(words, rng)
    for number in range(studies):
        who = who if number % 3 == 1 else somebody(words, rng)
        study = _study(words, rng, who, number)
        for instance in (1, 2):
            _write(folder / "scans", study, instance)
        answers += study.answers
    lines = (json.dumps(asdict(one), ensure_ascii=False) for one in answers)
    (folder / ANSWERS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return answers


def _study(words: dict[str, Any], rng: np.random.Generator, who: Somebody, number: int) -> _Study:
    modality = words["places"]["modality"][number % 5]
    root = f"1.3.6.1.4.1.{int(rng.integers(10**4, 10**5))}.{int(rng.integers(10**8, 10**9))}.{number}"
    day = date(2008, 1, 1) + timedelta(int(rng.integers(0, 5000)))
    accession = f"{day.year}{int(rng.integers(10**6, 10**7))}"
    return _Study(words, rng, who, modality, root, accession, day)


def _write(scans: Path, study: _Study, instance: int) -> None:
    who = study.who
    place = Path(f"{who.family}_{who.given}", f"{study.modality} {who.number}", f"{study.accession}_{instance}.dcm")
    name = place.as_posix()
    made = Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in life, texts are longer than their kind of value allows
        for numbered in (_header, _people, _items):
            numbered(made, study, name, instance)
        for part in (_texts, _private, _pixels):
            part(made, study, name)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    _answer(study, name, "text_removed", "file name", who.family, "file name")
    _answer(study, name, "text_removed", "file name", who.number, "file name")
    (scans / place).parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.save_as(scans / place, enforce_file_format=True)


def _answer(
    study: _Study, name: str, action: Action, place: str, value: str, kind: str, is_structured: bool = True
) -> None:
    study.answers.append(Planted(name, action, place, value, kind, is_structured))


def _header(made: Dataset, study: _Study, name: str, instance: int) -> None:
    """What every file has: the patient, the days and the identifiers."""
    who = study.who
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID, made.Modality = CLASSES[study.modality], study.modality
    made.StudyInstanceUID, made.SeriesInstanceUID = study.root, f"{study.root}.1"
    made.SOPInstanceUID, made.FrameOfReferenceUID = f"{study.root}.1.{instance}", f"{study.root}.9"
    made.PatientName, made.PatientID = f"{who.family}^{who.given}", who.number
    made.PatientBirthDate, made.PatientSex = f"{who.birth:%Y%m%d}", who.sex
    made.AccessionNumber, made.StudyID = study.accession, study.accession[-6:]
    made.PatientAddress, made.PatientTelephoneNumbers = who.address, who.telephone
    made.BodyPartExamined, made.Manufacturer = "CHEST", "Phantom Works"
    made.InstanceNumber, made.SeriesNumber = instance, 1
    for keyword in DAYS:
        setattr(made, keyword, f"{study.day:%Y%m%d}")
        _answer(study, name, "date_shifted", keyword, f"{study.day:%Y%m%d}", "day")
    made.StudyTime = made.ContentTime = "101112"
    made.AcquisitionDateTime = f"{study.day:%Y%m%d}101112"
    _answer(study, name, "date_shifted", "AcquisitionDateTime", made.AcquisitionDateTime, "day")
    for keyword, pieces in {
        "PatientName": (who.family, who.given), "PatientID": (who.number,), "AccessionNumber": (study.accession,),
        "PatientBirthDate": (f"{who.birth:%Y%m%d}",), "PatientAddress": (who.address,),
        "PatientTelephoneNumbers": (who.telephone,), "StudyID": (study.accession[-6:],),
    }.items():  # fmt: skip
        for piece in pieces:
            _answer(study, name, "text_removed", keyword, piece, keyword)
    for keyword in FILLED:
        _answer(study, name, "text_notnull", keyword, "", keyword)
    for keyword in UIDS:
        _answer(study, name, "uid_changed", keyword, str(made[keyword].value), "uid")
        _answer(study, name, "uid_consistent", keyword, str(made[keyword].value), "uid")
    _answer(study, name, "patid_consistent", "PatientID", who.number, "PatientID")


def _people(made: Dataset, study: _Study, name: str, instance: int) -> None:
    """Those who refer, operate and read; and where."""
    words, rng = study.words, study.rng
    made.ReferringPhysicianName = f"{study.who.referrer}^{_drawn(words['given'], rng)}"
    _answer(study, name, "text_removed", "ReferringPhysicianName", study.who.referrer, "physician")
    for keyword in words["places"]["people"][1:]:
        doctor = _drawn(words["doctor"], rng)
        setattr(made, keyword, f"{doctor}^{_drawn(words['given'], rng)}")
        _answer(study, name, "text_removed", keyword, doctor, "physician")
    made.InstitutionName, made.InstitutionAddress = _drawn(words["hospital"], rng), _drawn(words["town"], rng)
    _answer(study, name, "text_removed", "InstitutionName", made.InstitutionName, "institution")
    _answer(study, name, "text_removed", "InstitutionAddress", made.InstitutionAddress, "institution")
    made.StationName, made.DeviceSerialNumber = f"STN{instance}{study.accession[-4:]}", f"SN-{study.accession[-5:]}-77"
    _answer(study, name, "text_removed", "StationName", made.StationName, "device")
    _answer(study, name, "text_removed", "DeviceSerialNumber", made.DeviceSerialNumber, "device")


def _texts(made: Dataset, study: _Study, name: str) -> None:
    """Free text with something clinical and somebody in it."""
    places = study.words["places"]
    for keyword in study.rng.permutation(places["text"])[:4]:
        setattr(made, keyword, _text(study, name, str(keyword), is_kept=True))
    for keyword in study.rng.permutation(places["removed"])[:2]:
        setattr(made, keyword, _text(study, name, str(keyword), is_kept=False))


def _text(study: _Study, name: str, place: str, *, is_kept: bool) -> str:
    words, rng = study.words, study.rng
    kind = _drawn(sorted(words["phrases"]), rng)
    clinical = _drawn(words["clinical"], rng)
    phrase = told(kind, words, study.who, study.accession, study.day, rng)
    if is_kept:
        _answer(study, name, "text_retained", place, clinical, f"beside {kind}", False)
    for piece in phrase.pieces:
        study.answers.append(Planted(name, "text_removed", place, piece, kind, False, phrase.phrase))
    gap = _drawn([" ", ", ", "; ", " - ", " / "], rng)
    return gap.join((clinical, phrase.text) if rng.random() < 0.6 else (phrase.text, clinical))


def _items(made: Dataset, study: _Study, name: str, instance: int) -> None:
    """The same inside sequences, and a reference to the other file of the study."""
    place = _drawn(study.words["places"]["nested"], study.rng)
    sequence, keyword = place.split("/")
    item = Dataset()
    setattr(item, keyword, _text(study, name, place, is_kept=True))
    item.AccessionNumber = study.accession
    setattr(made, sequence, Sequence([item]))
    other = Dataset()
    other.PatientID, other.TypeOfPatientID = f"X{study.who.number}", "TEXT"
    made.OtherPatientIDsSequence = Sequence([other])
    _answer(study, name, "text_removed", "OtherPatientIDsSequence/PatientID", other.PatientID, "PatientID")
    source = Dataset()
    source.ReferencedSOPClassUID = made.SOPClassUID
    source.ReferencedSOPInstanceUID = f"{study.root}.1.{3 - instance}"
    made.SourceImageSequence = Sequence([source])
    place = "SourceImageSequence/ReferencedSOPInstanceUID"
    for action in ("uid_changed", "uid_consistent"):
        _answer(study, name, action, place, source.ReferencedSOPInstanceUID, "uid")


def _private(made: Dataset, study: _Study, name: str) -> None:
    creator, group, element = study.words["places"]["private"][int(study.rng.integers(2))]
    block = made.private_block(group, creator, create=True)
    block.add_new(element, "LO", f"{study.who.given} {study.who.family}")
    block.add_new(element + 1, "UN", f"{study.who.number} {study.accession}".encode())
    for piece in (study.who.family, study.who.number, study.accession):
        _answer(study, name, "text_removed", f"private {creator}", piece, "private")


def _pixels(made: Dataset, study: _Study, name: str) -> None:
    """A body of ellipses with noise; on some, the name, number and day in the pixels."""
    rng = study.rng
    values = _body(rng)
    if rng.random() < SHARE_WRITTEN_ON[study.modality]:
        values, boxes = _written_on(values, study)
        for top, bottom, left, right in boxes:
            _answer(study, name, "pixels_hidden", f"{top}:{bottom},{left}:{right}", "", "burned in", False)
    else:
        _answer(study, name, "pixels_retained", "pixels", "", "no text", False)
    is_short = study.modality != "US"
    stored = (values * (16 if is_short else 1)).astype(np.uint16 if is_short else np.uint8)
    made.Rows, made.Columns = stored.shape
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.PixelRepresentation = 8 * stored.itemsize, 0
    made.BitsStored = 12 if is_short else 8
    made.HighBit = made.BitsStored - 1
    made.PixelSpacing = [0.8, 0.8]
    made.PixelData = stored.tobytes()
    made["PixelData"].VR = "OW" if is_short else "OB"
    for keyword in STAYS:
        _answer(study, name, "tag_retained", keyword, str(made[keyword].value), keyword)


def _body(rng: np.random.Generator) -> NDArray[np.float64]:
    """Values 0..255."""
    y, x = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    values = np.full((SIZE, SIZE), 8.0)
    for grey, tall, wide, dx in ((70, 0.9, 0.75, 0.0), (35, 0.55, 0.25, -0.35), (35, 0.55, 0.25, 0.35)):
        middle = dx + rng.normal(0, 0.03)
        values[(y / tall) ** 2 + ((x - middle) / wide) ** 2 < 1] = grey + rng.normal(0, 5)
    return np.asarray(np.clip(values + rng.normal(0, 3, values.shape), 0, 255))


def _written_on(
    values: NDArray[np.float64], study: _Study
) -> tuple[NDArray[np.float64], list[tuple[int, int, int, int]]]:
    who, rng = study.who, study.rng
    size = int(rng.integers(10, 16))
    sheet = Picture.fromarray(values.astype(np.uint8))
    pen, font, boxes = ImageDraw.Draw(sheet), ImageFont.load_default(size), []
    top = int(rng.integers(2, 8)) if rng.random() < 0.6 else SIZE - 3 * (size + 4) - 4
    for line in (f"{who.family} {who.given}"[:22], f"ID {who.number}", f"{study.day:%d.%m.%Y}"):
        left, upper, right, lower = (int(v) for v in pen.textbbox((4, top), line, font=font))
        pen.text((4, top), line, fill=230, font=font)
        boxes.append((upper, lower, left, min(right, SIZE)))
        top += size + 4
    return np.asarray(sheet, float), boxes


def _drawn(several: list[str], rng: np.random.Generator) -> str:
    return str(several[int(rng.integers(len(several)))])
