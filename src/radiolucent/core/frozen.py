"""Values that do not change, and the hash of their content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


class FrozenMap(Mapping[Any, Any]):
    """A read-only mapping that, unlike `types.MappingProxyType`, can be pickled to a worker."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[Any, Any]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: Any) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return repr(self._items)


PLAIN = frozenset({str, int, float, bool, type(None)})


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """A read-only view: the caller's own array stays as it was."""
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view


def freeze(value: Any) -> Any:
    """Make mappings read-only and lists tuples, all the way down; arrays become read-only views."""
    if type(value) in PLAIN:  # a mask may have thousands of names
        return value
    if isinstance(value, Mapping):
        return FrozenMap({key: freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return tuple(freeze(item) for item in value)
    return read_only(value) if isinstance(value, np.ndarray) else value


def fingerprint(value: Any) -> str:
    """SHA-256 of the content of nested values: independent of mapping order, memory layout and process."""
    digest = hashlib.sha256()
    for part in _parts(value):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _parts(value: Any) -> Iterable[bytes | memoryview]:
    if isinstance(value, np.ndarray):
        yield f"array {value.dtype.str} {value.shape}".encode()
        yield np.ascontiguousarray(value).reshape(-1).view(np.uint8).data if value.size else b""
    elif is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__.encode()
        for item in fields(value):
            yield from _parts(getattr(value, item.name))
    elif isinstance(value, Mapping):
        yield f"mapping {len(value)}".encode()
        for key in sorted(value, key=str):
            yield from _parts(key)
            yield from _parts(value[key])
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        yield f"sequence {len(value)}".encode()
        for item in value:
            yield from _parts(item)
    else:
        yield f"{type(value).__name__} {value!r}".encode()
