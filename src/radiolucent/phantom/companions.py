"""What lies beside scans: volumes, pictures, side-cars and a table, with the same planted identities."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import nibabel
import numpy as np
from nibabel.nifti1 import Nifti1Extension
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from .people import Somebody, somebody, words_of


def companions(folder: str | Path, *, patients: int = 4, names: str = "first", seed: int = 0) -> list[str]:
    """Write a NIfTI with a side-car, a PNG and a JPEG for each patient, and one table; gives all that must not be found."""
    folder, words = Path(folder), words_of(names)
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng((seed, 7))
    rows, planted = [], []
    for _ in range(patients):
        who, day = somebody(words, rng), date(2015, 1, 1 + int(rng.integers(28)))
        stem = f"{who.family}_{who.number}"
        _volume(folder / f"{stem}.nii.gz", who)
        _side_car(folder / f"{stem}.json", who, day)
        _pictures(folder / stem, who, rng)
        rows.append(_row(who, day, f"{stem}.nii.gz"))
        planted += [who.family, who.given, who.number, who.telephone, who.address, f"{who.birth:%Y-%m-%d}"]
    with (folder / f"{rows[0]['surname']} and others.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return planted


def _volume(path: Path, who: Somebody) -> None:
    image = nibabel.Nifti1Image(np.arange(60, dtype=np.int16).reshape(3, 4, 5), np.diag([1.0, 2.0, 3.0, 1.0]))
    image.header["descrip"], image.header["db_name"] = f"{who.given} {who.family}".encode()[:79], who.number.encode()
    image.header["aux_file"], image.header["intent_name"] = who.number.encode(), who.number.encode()[:15]
    image.header.extensions.append(Nifti1Extension("comment", f"{who.family} {who.address}".encode()))
    nibabel.save(image, path)


def _side_car(path: Path, who: Somebody, day: date) -> None:
    told = {
        "Modality": "MR", "EchoTime": 0.03, "PatientName": f"{who.family}^{who.given}", "PatientID": who.number,
        "PatientBirthDate": f"{who.birth:%Y%m%d}", "StudyDate": f"{day:%Y%m%d}", "SeriesDescription": "T1 MPRAGE",
        "ImageComments": f"{who.given} {who.family} follow-up of liver lesion", "StudyInstanceUID": "1.2.3.4",
        "Notes": [{"read by": f"Dr. {who.referrer}"}],
    }  # fmt: skip
    path.write_text(json.dumps(told), encoding="utf-8")


def _pictures(stem: Path, who: Somebody, rng: np.random.Generator) -> None:
    picture = Picture.fromarray(rng.integers(0, 60, (48, 64), dtype=np.uint8))
    texts = PngInfo()
    texts.add_text("Author", f"{who.given} {who.family}")
    texts.add_itxt("XML:com.adobe.xmp", f"<x>{who.number}</x>")
    picture.save(stem.with_name(f"{stem.name}.png"), pnginfo=texts)
    exif = Picture.Exif()
    exif[0x010E], exif[0x013B] = who.number, f"{who.given} {who.family}"
    picture.save(stem.with_name(f"{stem.name}_2.jpg"), exif=exif, comment=who.telephone.encode())


def _row(who: Somebody, day: date, file: str) -> dict[str, str]:
    return {
        "PatientID": who.number, "surname": who.family, "given name": who.given, "birth date": f"{who.birth:%Y-%m-%d}",
        "scan_date": f"{day:%Y-%m-%d}", "phone": who.telephone, "home address": who.address, "image": file,
        "volume_ml": "12.5", "diagnosis": "pneumonia", "note": f"{who.given.lower()} {who.family.lower()} has a renal cyst",
    }  # fmt: skip
