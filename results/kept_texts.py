"""What stays of descriptions that nobody here wrote, under `deid --clean descriptors`: docs/results/kept_texts.json.

Two sets. `reference`: every text in the public DICOM files of shared/reference that the profile keeps in cleaned form, and,
apart, those that it does not touch. All were judged by eye before the cleaner was run on any: kept_texts.json beside this
file lists the places where something of a person or an institution has to go (the words by their number) and those where
either would be right; in all others nothing has to go. `found`: names of series and studies out of public repositories
(kept_texts.txt, source above its texts), one to a made-up file; nothing has to go from any. A text is one, however many files hold
it, and is kept when it came out untouched of all of them (white space apart). docs/results/kept_texts_first.json is
the first look; words that it showed were learned after it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from identities import copies, share
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from radiolucent.dicom import is_directory
from radiolucent.flow.deid import Job, deidentify_folder

HERE = Path(__file__).resolve().parent
REFERENCE = Path(os.environ.get("RADIOLUCENT_SHARED", HERE.parents[1] / "shared")) / "reference"
FOLDERS = ("read-pydicom", "read-pydicom-data", "read-highdicom", "geom-dcmqa", "codec-cornerstone",
           "deid-pydicom-deid-data", "ibsi")  # fmt: skip
TABLE = "deid-ps315/dicom-standard/standard/confidentiality_profile_attributes.json"
UNTOUCHED = ("ManufacturerModelName", "SequenceName", "SoftwareVersions")
"""Texts that the profile leaves as they are."""

ROUND = ("SeriesDescription", "StudyDescription", "ProtocolName", "RequestedProcedureDescription",
         "PerformedProcedureStepDescription")  # fmt: skip
KINDS = ("LO", "SH", "LT", "ST", "UT", "UC")
Place = tuple[str | int, ...]
Texts = dict[Place, str]


@dataclass(frozen=True)
class Verdicts:
    """What was judged by eye: `goes` tells the words of a text that have to go, `open` the texts where either is right."""

    goes: Mapping[tuple[str, str], tuple[int, ...]]
    open: frozenset[tuple[str, str]]


def cleaned(reference: Path) -> set[str]:
    """Attributes whose text the Clean Descriptors option cleans instead of removing it, by the standard's table."""
    rows = json.loads((reference / TABLE).read_text(encoding="utf-8"))
    tags = (row["tag"][1:5] + row["tag"][6:10] for row in rows if row.get("cleanDescOpt") == "C")
    return {pydicom.datadict.keyword_for_tag(int(tag, 16)) for tag in tags if re.fullmatch("[0-9A-Fa-f]{8}", tag)}


def texts(dataset: Dataset, wanted: set[str], at: Place = ()) -> Iterator[tuple[Place, str]]:
    """Each place of a wanted attribute, within items too, and its text with single spaces."""
    for element in dataset:
        if element.VR == "SQ":
            for number, item in enumerate(element.value):
                yield from texts(item, wanted, (*at, element.keyword, number))
        elif element.keyword in wanted and element.VR in KINDS and element.value not in (None, ""):
            yield (*at, element.keyword), " ".join(str(element.value).split())


def files(reference: Path, wanted: set[str]) -> dict[str, Texts]:
    """The reference files that hold such a text, and their texts."""
    held: dict[str, Texts] = {}
    for path in sorted(path for folder in FOLDERS for path in (reference / folder).rglob("*")):
        if path.is_file() and b"DICM" in path.open("rb").read(132)[128:] and not is_directory(path):
            found = read(path, wanted)
            if found:
                held[path.relative_to(reference).as_posix()] = found
    return held


def read(path: Path, wanted: set[str]) -> Texts:
    """Nothing for a file that cannot be read to its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return dict(texts(pydicom.dcmread(path, stop_before_pixels=True), wanted))
        except Exception:  # the damaged ones among the test files, each in its own way
            return {}


def fingerprint(held: Mapping[str, Texts]) -> tuple[int, str]:
    """How many different texts there are, and their hash: all of them were judged, and no other."""
    pairs = sorted({f"{place[-1]}\t{text}" for found in held.values() for place, text in found.items()})
    return len(pairs), hashlib.sha256("\n".join(pairs).encode()).hexdigest()


def verdicts(path: Path, held: Mapping[str, Texts]) -> Verdicts:
    """Read them; `ValueError` where the files hold other texts than those that were judged."""
    judged = json.loads(path.read_text(encoding="utf-8"))
    if fingerprint(held) != (judged["texts"], judged["sha256"]):
        raise ValueError(f"{fingerprint(held)[0]} texts with another hash than the {judged['texts']} that were judged")
    goes = {text: tuple(row["words"]) for row in judged["goes"] for text in _named(row, held)}
    return Verdicts(goes, frozenset(text for row in judged["open"] for text in _named(row, held)))


def _named(row: Mapping[str, Any], held: Mapping[str, Texts]) -> Iterator[tuple[str, str]]:
    there = [(row["attribute"], text) for at, text in held[row["file"]].items() if at[-1] == row["attribute"]]
    if not there:
        raise ValueError(f"{row['file']} has no {row['attribute']}")
    yield from there


def compared(before: Mapping[str, Texts], after: Mapping[str, Texts]) -> dict[tuple[str, str], list[str]]:
    """What each different text became, in every file that has a copy."""
    became: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in before.keys() & after.keys():
        for place, text in before[name].items():
            became[str(place[-1]), text].append(after[name].get(place, ""))
    return became


def told(became: Mapping[tuple[str, str], list[str]], judged: Verdicts) -> dict[str, Any]:
    """Texts kept though nothing had to go from them, and words gone that had to."""
    free = {text: became[text] for text in became if text not in judged.goes and text not in judged.open}
    left = {text: now for text, now in free.items() if text[0] in UNTOUCHED}
    due = {(text, number): became[text] for text, words in judged.goes.items() for number in words if text in became}
    rows = {
        "kept": [_is_kept(text, now) for text, now in free.items() if text not in left],
        "kept, not touched by the profile": [_is_kept(text, now) for text, now in left.items()],
        "removed": [_is_gone(text, number, now) for (text, number), now in due.items()],
    }
    return {name: share(done) for name, done in rows.items() if done}


def _is_kept(text: tuple[str, str], now: Iterable[str]) -> bool:
    return all(one == text[1] for one in now)


def _is_gone(text: tuple[str, str], number: int, now: Iterable[str]) -> bool:
    word = _words(text[1])[number - 1]
    return not any(word in _words(one) for one in now)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def cleaned_copies(folder: Path, wanted: set[str]) -> dict[str, Texts]:
    """De-identify what lies in `folder`/scans, and give the texts of each copy by the name of its original."""
    job = Job(folder / "scans", folder / "out", folder / "key.json", (), ("descriptors",), folder / "map", verify=False)
    deidentify_folder(job)
    made = copies(folder / "out", folder / "map", folder / "key.json")
    return {name: read(path, wanted) for name, path in made.items()}


def reference_files(folder: Path, reference: Path, judged: Path) -> tuple[dict[str, Any], list[str]]:
    """The first set: what is told of it, and each text that changed with what it became."""
    wanted = cleaned(reference) | set(UNTOUCHED)
    held = files(reference, wanted)
    said = verdicts(judged, held)
    for name in held:
        (folder / "scans" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(reference / name, folder / "scans" / name)
    after = cleaned_copies(folder, wanted)
    became = compared(held, after)
    return {"files": len(held), "without a copy": len(held.keys() - after.keys()), **told(became, said)}, _changes(
        became
    )


def found_texts(folder: Path, listed: Path) -> tuple[dict[str, Any], list[str]]:
    """The second set: by source and in all, and each text that changed."""
    source, by_text = "", {}
    for line in listed.read_text(encoding="utf-8").splitlines():
        source = line[2:] if line.startswith("# ") else source
        if line and not line.startswith("# "):
            by_text[" ".join(line.split())] = source
    before = {f"{number}.dcm": _write(folder / "scans", number, text) for number, text in enumerate(by_text)}
    became = compared(before, cleaned_copies(folder, {*ROUND, "ImageComments"}))
    kept = {text[1]: _is_kept(text, now) for text, now in became.items()}
    rows = {name: [kept[text] for text in kept if by_text[text] == name] for name in dict.fromkeys(by_text.values())}
    return {"all": share(list(kept.values()))} | {name: share(done) for name, done in rows.items() if done}, _changes(
        became
    )


def _write(scans: Path, number: int, text: str) -> Texts:
    """A file of somebody made up that holds the text where a series, a study or a procedure is described."""
    made, keyword = Dataset(), ROUND[number % len(ROUND)] if len(text) <= 64 else "ImageComments"
    setattr(made, keyword, text)
    made.SpecificCharacterSet, made.Modality, made.ImageType = "ISO_IR 192", "OT", ["ORIGINAL", "PRIMARY"]
    made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    made.StudyInstanceUID, made.SeriesInstanceUID = f"1.2.826.0.1.999.{number + 1}", f"1.2.826.0.1.999.{number + 1}.1"
    made.SOPInstanceUID, made.StudyDate = f"1.2.826.0.1.999.{number + 1}.1.1", "20110609"
    made.PatientName, made.PatientID, made.PatientBirthDate = "Quillfeather^Ambrose", "QX-774120", "19471123"
    made.ReferringPhysicianName, made.InstitutionName = "Thistlewold^Maud", "Greywether Infirmary"
    made.Rows = made.Columns = 8
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PixelRepresentation = 1, "MONOCHROME2", 0
    made.BitsAllocated, made.BitsStored, made.HighBit = 8, 8, 7
    made.PixelData = np.zeros((8, 8), np.uint8).tobytes()
    made["PixelData"].VR = "OB"
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    scans.mkdir(parents=True, exist_ok=True)
    made.save_as(scans / f"{number}.dcm", enforce_file_format=True)
    return {(keyword,): text}


def _changes(became: Mapping[tuple[str, str], list[str]]) -> list[str]:
    return [f"{at}: {text!r} -> {sorted(set(now))}" for (at, text), now in sorted(became.items()) if {*now} != {text}]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="every text that changed")
    parser.add_argument("--json", type=Path, default=HERE.parent / "docs/results/kept_texts.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        reference, changed = reference_files(Path(one), REFERENCE, HERE / "kept_texts.json")
        found, more = found_texts(Path(two), HERE / "kept_texts.txt")
    result = {"command": "python results/kept_texts.py", "reference": reference, "found": found}
    given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1), *(changed + more if given.show else ()), sep="\n")


if __name__ == "__main__":
    main()
