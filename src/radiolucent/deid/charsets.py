"""Text of a file in the file's own character sets."""

from __future__ import annotations

from pydicom.charset import convert_encodings, decode_bytes, encode_string

DELIMITERS = {0x0D, 0x0A, 0x09, 0x0C}


def charsets_of(raw: bytes) -> tuple[str, ...]:
    """Python's names of the character sets."""
    names = [one.strip() for one in raw.decode("ascii", "replace").strip("\0 ").split("\\")]
    return tuple(convert_encodings(names or [""]))


def decoded(raw: bytes, charsets: tuple[str, ...]) -> str:
    """A value as text; bytes that are none of these sets' become signs of their absence."""
    return str(decode_bytes(raw.rstrip(b"\0 "), charsets, DELIMITERS))


def encoded(text: str, charsets: tuple[str, ...]) -> bytes:
    """A text as a value, with escapes where a set has to change."""
    return bytes(encode_string(text, charsets))
