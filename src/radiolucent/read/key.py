"""Keys that replace identifiers: the same patient gets the same key, and nobody without the key file can go back."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from platformdirs import user_config_path

from radiolucent.core import InputError

KEY_BYTES = 32


def key_file() -> Path:
    """Where the secret lies: `RADIOLUCENT_KEY_FILE`, or the user's configuration folder; never in an output."""
    named = os.environ.get("RADIOLUCENT_KEY_FILE")
    return Path(named) if named else user_config_path("radiolucent") / "key"


def secret_key() -> bytes:
    """The secret of this user, made at first use and readable by the user alone."""
    path = key_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_once(path)
        key = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"the key file {path} cannot be used ({error.strerror}); name another by RADIOLUCENT_KEY_FILE"
        ) from error
    if len(key) < KEY_BYTES:
        raise InputError(f"the key file {path} holds {len(key)} bytes, {KEY_BYTES} are needed; remove it or restore it")
    return key


def _make_once(path: Path) -> None:
    """Two processes that start together end with one key: the file is complete before it gets its name."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def keyed(text: str | bytes, key: bytes) -> str:
    """HMAC-SHA-256 of `text`, 16 hexadecimal characters."""
    return hmac.new(key, text.encode() if isinstance(text, str) else text, hashlib.sha256).hexdigest()[:16]


def content_key(path: str | Path, key: bytes) -> str:
    """Key of a file that names no patient: its content stands for it."""
    with open(path, "rb") as file:
        return keyed(hashlib.file_digest(file, "sha256").digest(), key)
