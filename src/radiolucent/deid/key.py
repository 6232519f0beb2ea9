"""The key that a user keeps: from it, and from nothing else, come pseudonyms, identifiers and shifts of dates."""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from radiolucent.core import InputError

BYTES = 32
KIND = "radiolucent de-identification key"
LEAST_DAYS, MOST_DAYS = 366, 3652
"""Dates go back by at least a year and at most ten, so that no shifted date lies in the future."""


@dataclass(frozen=True)
class Key:
    """A secret; everything derived is HMAC-SHA-256 under it, apart for each purpose."""

    secret: bytes

    def digest(self, purpose: str, text: bytes) -> bytes:
        """32 bytes that stand for `text`; nobody without the key can test a guess against them."""
        return hmac.digest(self.secret, purpose.encode() + b"\0" + text, "sha256")

    def word(self, purpose: str, text: bytes, characters: int = 16) -> str:
        """The same as hexadecimal characters in capitals, as an identifier."""
        return self.digest(purpose, text).hex()[:characters].upper()

    def uid(self, original: bytes) -> bytes:
        """A unique identifier under 2.25 with 128 bits of the digest."""
        return _uid(self.secret, original)

    def days_back(self, patient: bytes) -> int:
        """How many days the dates of this patient go back; the same in all files of the patient."""
        number = int.from_bytes(self.digest("days", patient)[:8], "big")
        return LEAST_DAYS + number % (MOST_DAYS - LEAST_DAYS + 1)

    @property
    def mark(self) -> str:
        """Which key it is, without telling anything of it."""
        return self.word("mark", b"")


@lru_cache(maxsize=1 << 14)
def _uid(secret: bytes, original: bytes) -> bytes:
    """Files of a series share most of their identifiers."""
    return b"2.25.%d" % int.from_bytes(Key(secret).digest("uid", original)[:16], "big")


def open_key(path: Path, *, create: bool = True) -> Key:
    """Read the key file, or make it (readable by its owner alone) where there is none.

    Raises `InputError` where the file is not a key, or cannot be read or made.
    """
    if not path.exists() and not create:
        raise InputError(f"{path}: there is no such key file; give the one that the output was made with")
    try:
        if not path.exists():
            _make(path)
        return Key(_secret(path))
    except OSError as error:
        raise InputError(f"the key file {path} cannot be used: {error.strerror}") from error


def _secret(path: Path) -> bytes:
    wrong = InputError(f"{path} is not a key of this program; name its key file, or a new file to be made")
    try:
        told = json.loads(path.read_text(encoding="ascii"))
        secret = bytes.fromhex(told["secret"])
    except (ValueError, KeyError, TypeError) as error:
        raise wrong from error
    if told.get("kind") != KIND or len(secret) != BYTES:
        raise wrong
    return secret


def _make(path: Path) -> None:
    """Complete before it gets its name: two processes that start together end with one key."""
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    told = {"kind": KIND, "version": 1, "secret": secrets.token_hex(BYTES)}
    try:
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(json.dumps(told, indent=1) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
