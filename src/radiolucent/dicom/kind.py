"""Files whose headers have the same elements: the first is parsed, of the others only what they state otherwise.

The first file of a kind is parsed in full. A file that states nothing else but its place, number and time is described
by these alone; one that states more is described by the full functions again. What is not plain (compressed, colour,
multi-frame, PET, mosaics) is left to `decode`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag, Tag

from radiolucent.core import UnreadableError
from radiolucent.core.frozen import FrozenMap

from .decode import Decoded, words
from .facts import Identity, facts, identity
from .groups import group_of, is_enhanced
from .header import damage_named, read_header
from .layout import Layout
from .mosaic import mosaic_of
from .place import Place, frame_times_s, places
from .plain_values import UnusualError
from .record import KEYWORDS, TEXT_VRS, Header, header_record, plain
from .values import line_of, physical_unit
from .variant import Variant, clock_s, variants
from .waiting import Samples, Waiting

_INSTANCE, _TIME, _ACQUISITION, _NUMBER, _POSITION = 0x00080018, 0x00080032, 0x00200012, 0x00200013, 0x00200032
_QUICK = frozenset((_INSTANCE, _TIME, _ACQUISITION, _NUMBER, _POSITION))
_COUNTED = frozenset((_NUMBER, _ACQUISITION, _TIME))
_IN_UID, _IN_TIME, _IN_NUMBERS = b"0123456789.\0", b"0123456789. ", b"0123456789+-.eE \\"
_OTHERWISE = ("PT", "SEG", "RTSTRUCT", "RTDOSE")
_FAR_MM, _BODY = 1e7, 0x00080000
_SIZES = frozenset((0x00280002, 0x00280004, 0x00280008, 0x00280010, 0x00280011, 0x00280100))
_KEPT = {int(tag_for_keyword(word) or 0): word for word in KEYWORDS}


class _Watched(Dataset):
    """A dataset that remembers which of its elements were looked at."""

    def __init__(self, source: Dataset) -> None:
        self.looked_at: set[int] = set()
        super().__init__(source)
        self.file_meta, self.preamble = source.file_meta, getattr(source, "preamble", None)

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            self.looked_at.add(int(Tag(key)))
        return super().__getitem__(key)


@dataclass(frozen=True)
class Description:
    """What is said of one file without looking at its samples, and which elements were looked at to say so."""

    file: Decoded
    samples: Samples
    looked_at: frozenset[int]
    day: Any
    clock: Any


class Kind:
    """Files of one series whose headers have the same elements; `is_plain` where they can be described here."""

    def __init__(self, path: Path, head: bytes) -> None:
        self.layout = Layout(head)
        self._dataset = read_header(path)
        self._known: dict[tuple[tuple[int, bytes], ...], Description] = {}
        self._header: Header | None = None
        try:
            self._seen = self._describe(()).looked_at
            self.is_plain = True
        except (UnusualError, UnreadableError):
            self.is_plain = False

    def described(self, path: Path, stated: Mapping[int, bytes], start: int) -> Decoded:
        """The file that states `stated` otherwise than the first, with samples from `start` on.

        Raises `UnusualError` where it is not plain."""
        if not self.is_plain:
            raise UnusualError
        more = tuple((tag, raw) for tag, raw in stated.items() if tag in self._seen and tag not in _QUICK)
        about = self._known.get(more) or self._describe(more)
        if any(tag in stated for tag in about.looked_at - self._seen):
            raise UnusualError  # what varies there made more be looked at than the key tells
        return _moved(about, stated, Waiting(path, start, about.samples))

    def record(self, path: Path, name: str, stated: Mapping[int, bytes], length: int) -> Header | None:
        """As `header_record`, but without the hash of the pixels; `None` where only the full parser can tell."""
        if self._header is None:
            dataset = _Watched(self._dataset)
            self._header = header_record(path, dataset)
            self._recorded = frozenset(dataset.looked_at)
        if (
            self._header.charset
            or _SIZES & stated.keys()
            or any(self._is_beyond(tag, raw) for tag, raw in stated.items() if tag >= _BODY)
        ):
            return None
        changed = [tag for tag in stated if tag in _KEPT]
        values = dict(self._header.values)
        small = self._changed({tag: stated[tag] for tag in changed})
        for tag in changed:
            values[_KEPT[tag]] = plain(small, _KEPT[tag])
        kept = FrozenMap({word: value for word, value in values.items() if value not in (None, "", ())})
        return replace(self._header, file=name, values=kept, bytes_there=length)

    def _is_beyond(self, tag: int, raw: bytes) -> bool:
        """Whether a varying value has a say in more than the record's values."""
        return (tag in self._recorded and tag not in _KEPT) or not (raw.isascii() or self._is_binary(tag))

    def _is_binary(self, tag: int) -> bool:
        return self._dataset.get_item(tag).VR not in TEXT_VRS

    def _changed(self, stated: Mapping[int, bytes]) -> Dataset:
        """Elements of these raw values."""
        small = Dataset()
        for tag, raw in stated.items():
            vr = self._dataset.get_item(tag).VR
            small[tag] = RawDataElement(BaseTag(tag), vr, len(raw), raw, 0, False, True, True)
        return small

    def _describe(self, stated: tuple[tuple[int, bytes], ...]) -> Description:
        dataset = _Watched(self._dataset)
        dataset.update(self._changed(dict(stated)))
        with damage_named("a header", "interpreted"):
            self._known[stated] = found = _description(dataset)
        return found


def _moved(about: Description, stated: Mapping[int, bytes], waiting: Waiting) -> Decoded:
    """The file described, at the place, number and time that are stated."""
    file, ids = about.file, about.file.identity
    try:
        place = _placed(file.places[0], stated[_POSITION]) if _POSITION in stated else file.places[0]
        variant = _counted(about, stated) if _COUNTED & stated.keys() else file.variants[0]
        instance = _only(_IN_UID, stated[_INSTANCE]).rstrip("\0") if _INSTANCE in stated else ids.instance
    except ValueError as error:
        raise UnusualError from error
    if instance != ids.instance:
        ids = Identity(ids.patient, ids.study, ids.series, instance, ids.series_number)
    return Decoded(
        file.array, file.unit, file.modality, (place,), file.times_s, file.facts, ids, file.image_type, (variant,),
        waiting=(waiting,),
    )  # fmt: skip


def _only(allowed: bytes, raw: bytes) -> str:
    """A value of the characters that its type allows; what has others is left to the full parser's judgement."""
    if raw.translate(None, allowed):
        raise ValueError(raw)
    return raw.decode("ascii")


def _placed(place: Place, raw: bytes) -> Place:
    x, y, z = (float(number) for number in _only(_IN_NUMBERS, raw).split("\\"))
    if not (abs(x) < _FAR_MM and abs(y) < _FAR_MM and abs(z) < _FAR_MM):
        raise ValueError(raw)
    return Place(place.spacing_mm, place.spacing_from, (x, y, z), place.down, place.right)


def _counted(about: Description, stated: Mapping[int, bytes]) -> Variant:
    """Number, acquisition and time of the clock, as the full functions take them."""
    changes: dict[str, Any] = {}
    if _NUMBER in stated:
        changes["number"] = _whole(stated[_NUMBER])
    if _ACQUISITION in stated:
        changes["acquisition"] = _whole(stated[_ACQUISITION])
    if _TIME in stated:
        changes["acquired_s"] = clock_s(about.day, _only(_IN_TIME, stated[_TIME]).strip(), whole=about.clock)
    return replace(about.file.variants[0], **changes)


def _whole(raw: bytes) -> int:
    if not raw.strip(b" ").lstrip(b"+-").isdigit():
        raise ValueError(raw)
    return int(raw)


def _description(dataset: _Watched) -> Description:
    samples = _plain(dataset)
    place, variant = places(dataset, 1), variants(dataset, 1)
    if place[0].position_mm is None:
        raise UnusualError
    file = Decoded(
        array=np.empty((0, *samples.shape), samples.dtype),  # the samples wait
        unit=physical_unit(dataset),
        modality=str(dataset.get("Modality") or "OT"),
        places=place,
        times_s=frame_times_s(dataset, 1),
        facts=facts(dataset),
        identity=identity(dataset),
        image_type=words(dataset.get("ImageType")),
        variants=variant,
    )
    day, clock = dataset.get("AcquisitionDate"), dataset.get("AcquisitionDateTime")
    return Description(file, samples, frozenset(dataset.looked_at), day, clock)


def _plain(dataset: Dataset) -> Samples:
    """How the samples are kept, or `UnusualError` for a picture that is not a plain grey slice of 16 bits."""
    stored, frames = int(dataset.get("BitsStored") or 0), int(dataset.get("NumberOfFrames") or 1)
    wanted = {"BitsAllocated": 16, "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2"}
    if any(dataset.get(word) != value for word, value in wanted.items()) or frames != 1:
        raise UnusualError
    if not 1 <= stored <= 16 or dataset.get("HighBit") != stored - 1 or dataset.get("Modality") in _OTHERWISE:
        raise UnusualError
    tables = ("ModalityLUTSequence", "SequenceOfUltrasoundRegions", "DirectoryRecordSequence")
    if any(dataset.get(word) for word in tables) or group_of(dataset, 0, "RealWorldValueMappingSequence"):
        raise UnusualError
    if is_enhanced(dataset) or dataset.get("SharedFunctionalGroupsSequence") or mosaic_of(dataset) is not None:
        raise UnusualError
    shape = (int(dataset.Rows), int(dataset.Columns))
    signed = dataset.get("PixelRepresentation")
    if min(shape) < 1 or signed not in (0, 1):
        raise UnusualError
    return Samples(shape, np.dtype("<i2" if signed else "<u2"), stored, *line_of(dataset, 0))
