"""A file appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from radiolucent.core import InputError


@contextmanager
def whole_file(path: str | Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A draft beside `path`, which takes its name when the block ends well and vanishes when it does not."""
    path = Path(path)
    if path.is_dir() or (path.exists() and not overwrite):
        raise InputError(f"{path} exists; name another file, or say --overwrite")
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        suffix = "".join(path.suffixes[-2:])
        descriptor, name = tempfile.mkstemp(prefix=".draft-", suffix=suffix, dir=path.parent)
        os.close(descriptor)
        draft = Path(name)
        yield draft
        os.chmod(draft, 0o666 & ~_umask())
        os.replace(draft, path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}; nothing was left behind") from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def whole_text(path: str | Path, text: str, *, overwrite: bool = False) -> None:
    """Write a text as UTF-8, wholly or not at all."""
    with whole_file(path, overwrite=overwrite) as draft:
        draft.write_text(text, encoding="utf-8")


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
