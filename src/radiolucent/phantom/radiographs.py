"""A cohort of chest radiographs whose truth is known, because it was drawn: with nodules and without."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError
from radiolucent.dicom import Radiograph, encode_radiograph

from .thorax import FIELD_MM, Position, Thorax, attenuation, patient, pixel_of, position

COLUMNS = ("file", "nodule", "patient", "age", "sex", "site", "view")
BITS, DEEPEST = 12, 6.5


@dataclass(frozen=True)
class Site:
    """Where images were made: photons per pixel before the patient, and how the device writes grey."""

    name: str
    photons: float
    scatter: float
    monochrome1: bool
    share_with_nodule: float


SITES = (Site("north", 6e4, 0.02, False, 0.40), Site("south", 1.5e4, 0.05, True, 0.60))
"""The label is mildly confounded with the site, as it is where a referral centre has the sicker patients."""


@dataclass(frozen=True)
class Person:
    """One patient of the cohort."""

    name: str
    chest: Thorax
    site: Site
    sex: str
    age_years: int

    @property
    def nodule(self) -> int:
        return int(bool(self.chest.nodules))


def radiographs(folder: str | Path, *, patients: int = 80, seed: int = 0, size: int = 144) -> Path:
    """Draw the cohort into `folder` and give its table.

    Each patient has one to five images (same anatomy, other position and noise) by Beer-Lambert attenuation with Poisson
    noise, written as DICOM of `size` x `size` pixels; the last image is a copy of another patient's, planted for the leak
    check to find. `nodules.csv` beside the table tells where the nodules lie (row, column, radius in pixels).
    """
    if patients < 4:
        raise InputError(f"a cohort of {patients} patients cannot be split; ask for 4 at least")
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty; name a new folder for the phantom cohort")
    (folder / "images").mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    people = [_person(rng, number, patients) for number in range(patients)]
    rows: list[tuple[object, ...]] = []
    truth: list[tuple[object, ...]] = []
    for one in people:
        for number in range(int(rng.integers(1, 6))):
            _image(rng, folder, one, number, size, rows, truth)
    _plant_copy(folder, people, rows)
    _table(folder / "nodules.csv", ("file", "row", "column", "radius_px"), truth)
    return _table(folder / "table.csv", COLUMNS, rows)


def _person(rng: np.random.Generator, number: int, patients: int) -> Person:
    site = SITES[number % 2]
    with_nodule = (number // 2 + 0.5) / np.ceil(patients / 2) < site.share_with_nodule
    sex = str(rng.choice(["F", "M"]))
    age = int(np.clip(rng.normal(62 if with_nodule else 57, 12), 20, 89))
    return Person(f"PHANTOM-{number:03d}", patient(rng, sex=sex, with_nodule=with_nodule), site, sex, age)


def _image(
    rng: np.random.Generator,
    folder: Path,
    one: Person,
    number: int,
    size: int,
    rows: list[tuple[object, ...]],
    truth: list[tuple[object, ...]],
) -> None:
    view = "AP" if rng.uniform() < (0.35 if one.site.name == "south" else 0.2) else "PA"
    stand = position(rng, view=view)
    name = f"images/r{len(rows):04d}.dcm"
    about = _about(one, f"{number}", view, size)
    encode_radiograph(_stored(rng, one, stand, size), folder / name, about)
    rows.append((name, one.nodule, one.name, one.age_years, one.sex, one.site.name, view))
    for ball in one.chest.nodules:
        row, column = pixel_of(ball, size, stand)
        truth.append((name, f"{row:.1f}", f"{column:.1f}", f"{ball.radius_mm * size / FIELD_MM:.1f}"))


def _about(one: Person, instance: str, view: str, size: int) -> Radiograph:
    return Radiograph(
        patient=one.name,
        study=f"{one.name}.1",
        instance=instance,
        spacing_mm=(FIELD_MM / size, FIELD_MM / size),
        sex=one.sex,
        age_years=one.age_years,
        view=view,
        body_part="CHEST",
        manufacturer="radiolucent phantom",
        bits=BITS,
        monochrome1=one.site.monochrome1,
    )


def _stored(rng: np.random.Generator, one: Person, stand: Position, size: int) -> NDArray[np.uint16]:
    """Photons through the chest, some scattered, counted; the detector writes the logarithm."""
    through = np.exp(-attenuation(one.chest, stand, size))
    photons = one.site.photons * rng.uniform(0.85, 1.15)
    counted = rng.poisson(photons * (through + one.site.scatter * through.mean()))
    depth = -np.log(np.maximum(counted, 1) / photons)
    top = 2**BITS - 1
    values = np.clip(np.rint(depth / DEEPEST * top), 0, top).astype(np.uint16)
    return top - values if one.site.monochrome1 else values


def _plant_copy(folder: Path, people: list[Person], rows: list[tuple[object, ...]]) -> None:
    """The first image once more, under the last patient with the same label at the same site."""
    first = rows[0]
    other = next(one for one in reversed(people) if (one.nodule, one.site.name) == (first[1], first[5]))
    name = f"images/r{len(rows):04d}.dcm"
    shutil.copyfile(folder / str(first[0]), folder / name)
    rows.append((name, other.nodule, other.name, other.age_years, other.sex, other.site.name, first[6]))


def _table(path: Path, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path
