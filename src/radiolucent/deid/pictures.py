"""PNG, JPEG and TIFF: what describes the picture goes (EXIF, XMP, comments, thumbnails, profiles), its samples stay."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image as Picture
from PIL import ImageSequence, UnidentifiedImageError

from radiolucent.dicom import within_limits

from .elements import DamageError
from .header import RefusedError
from .opinion import tesseract_boxes
from .pixels import find

_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNKS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"))
_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I", "F")


def cleaned_png(data: bytes) -> tuple[bytes, int]:
    """The chunks that draw the picture, and how many others there were."""
    if not data.startswith(_PNG):
        raise DamageError("this is no PNG file")
    kept, at, cut = [_PNG], len(_PNG), 0
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if end > len(data):
            break
        kept += [data[at:end]] if kind in _CHUNKS else []
        cut += kind not in _CHUNKS
        at = end
        if kind == b"IEND":
            return b"".join(kept), cut + (at < len(data))
    raise DamageError("the file is cut off")


def cleaned_jpeg(data: bytes) -> tuple[bytes, int]:
    """The segments that draw the picture, and how many others there were."""
    if data[:2] != b"\xff\xd8":
        raise DamageError("this is no JPEG file")
    kept, at, cut = [b"\xff\xd8"], 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind, end = data[at + 1], at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at:end]
        if kind == 0xDA:
            stop = data.find(b"\xff\xd9", end)  # packed samples never hold this mark
            if stop < 0:
                raise DamageError("the file is cut off")
            return b"".join((*kept, data[at : stop + 2])), cut + (stop + 2 < len(data))
        piece = _segment(kind, segment)
        kept.append(piece)
        cut += piece != segment
        at = end
    raise DamageError("the file is cut off")


def _segment(kind: int, segment: bytes) -> bytes:
    if kind == 0xE0 and segment[4:9] == b"JFIF\0":
        return segment[:2] + b"\0\x10" + segment[4:16] + b"\0\0"  # without a thumbnail
    is_adobe = kind == 0xEE and segment[4:9] == b"Adobe"
    return segment[:16] if is_adobe and len(segment) >= 16 else b"" if 0xE0 <= kind <= 0xEF or kind == 0xFE else segment


def cleaned_tiff(data: bytes, name: str) -> tuple[bytes, int]:
    """Every page written anew, without anything but its samples."""
    try:
        with Picture.open(BytesIO(data), formats=("TIFF",)) as opened:
            pages = [_page(page, name) for page in ImageSequence.Iterator(opened)]
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Picture.DecompressionBombError) as error:
        raise DamageError("the file is no TIFF file that can be read") from error
    made = BytesIO()
    pages[0].save(made, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_adobe_deflate")
    return made.getvalue(), 1


def _page(page: Picture.Image, name: str) -> Picture.Image:
    if page.mode not in _MODES:
        raise RefusedError(f"its samples are of a kind ({page.mode}) that cannot be written anew")
    within_limits(name, page.size, 8)
    bare = Picture.new(page.mode, page.size)
    bare.paste(page)
    if page.mode == "P" and (palette := page.getpalette()):
        bare.putpalette(palette)
    return bare


def blanked(data: bytes, name: str, *, second_opinion: bool = False) -> tuple[bytes, int]:
    """A PNG of the picture with its text made black, and the number of boxes; the data as they are where there is none.

    With `second_opinion` Tesseract is asked too, where it is installed. Raises `RefusedError` for text in samples that a PNG
    cannot hold.
    """
    with Picture.open(BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as opened:
        within_limits(name, opened.size, 8)
        if getattr(opened, "n_frames", 1) > 1:
            raise RefusedError("it has several pages, in whose pixels text cannot be looked for")
        is_deep = opened.mode in ("I", "F")
        plain = opened if opened.mode in ("L", "RGB", "I;16") or is_deep else opened.convert("RGB")
        array = np.array(plain)
    boxes = find(array[None])
    if second_opinion:
        boxes += tesseract_boxes(array if array.ndim == 2 else array.mean(axis=-1)) or ()
    if boxes and is_deep:
        raise RefusedError("it has text in samples of 32 bits, which cannot be written anew")
    for top, bottom, left, right in ((box.top, box.bottom, box.left, box.right) for box in boxes):
        array[top:bottom, left:right] = 0
    if not boxes:
        return data, 0
    made = BytesIO()
    Picture.fromarray(array).save(made, "PNG")
    return made.getvalue(), len(boxes)
