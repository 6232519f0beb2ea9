"""The sealed map: who is who, line by line, encrypted; only the key or the passphrase opens it."""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from radiolucent.core import InputError

from .key import Key

KIND = "radiolucent sealed map"
NONCE = 12


class SealedMap:
    """A file of encrypted lines (AES-256-GCM) that can be added to; each line bears its number, so none can be moved."""

    def __init__(self, path: Path, key: Key, passphrase: str | None = None) -> None:
        self.path = path
        if not path.exists():
            salt = secrets.token_hex(16)
            fresh = {"kind": KIND, "version": 1, "salt": salt, "passphrase": passphrase is not None}
            path.write_text(json.dumps(fresh) + "\n", encoding="ascii")
            path.chmod(0o600)
        head, self._lines = _head(path)
        self._cipher = AESGCM(_secret(key, passphrase, bytes.fromhex(head["salt"])))
        for _ in self.entries():  # a wrong passphrase or key is told before anything is added
            break

    def add(self, entries: list[dict[str, Any]]) -> None:
        """Seal some entries as one line."""
        if not entries:
            return
        nonce = secrets.token_bytes(NONCE)
        sealed = self._cipher.encrypt(nonce, json.dumps(entries).encode(), str(self._lines).encode())
        with self.path.open("a", encoding="ascii") as file:
            file.write(b64encode(nonce + sealed).decode() + "\n")
        self._lines += 1

    def entries(self) -> Iterator[dict[str, Any]]:
        """Everything in the map. Raises `InputError` for a wrong key or passphrase, or a map that was changed."""
        with self.path.open(encoding="ascii") as file:
            next(file)
            for number, line in enumerate(file):
                raw = b64decode(line)
                try:
                    opened = self._cipher.decrypt(raw[:NONCE], raw[NONCE:], str(number).encode())
                except InvalidTag as error:
                    raise InputError(
                        f"{self.path}: line {number + 2} does not open; the key or passphrase is another, or the map was changed"
                    ) from error
                yield from json.loads(opened)


def _head(path: Path) -> tuple[dict[str, Any], int]:
    """What the first line says, and how many lines follow."""
    try:
        with path.open(encoding="ascii") as lines:
            head = json.loads(next(lines))
            if head["kind"] == KIND:
                return dict(head), sum(1 for _ in lines)
    except (StopIteration, ValueError, KeyError, TypeError):
        pass
    raise InputError(f"{path} is no sealed map; name another file")


def _secret(key: Key, passphrase: str | None, salt: bytes) -> bytes:
    if passphrase is None:
        return key.digest("map", salt)
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
