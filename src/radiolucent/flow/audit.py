"""An audit log: who did what, when, and what came of it; lines chained under a key, and the last of them sealed.

Fields are named after the audit messages of DICOM PS3.15 A.5 (IHE ATNA). No path, patient or value of a file enters: what
a run worked on stands there as words under the log's key. Changed, removed, moved and added lines break the chain; lines
taken off the end are told by the sealed head beside the log. Who can write the log, its head and its key can forge all
three: keep the key elsewhere (`RADIOLUCENT_AUDIT_KEY`), and note the head now and then where nobody can change it.
"""

from __future__ import annotations

import getpass
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import __version__
from ..core import InputError

VARIABLE, KEY_VARIABLE = "RADIOLUCENT_AUDIT_LOG", "RADIOLUCENT_AUDIT_KEY"
KIND = "radiolucent audit key"
EVENTS = {"deid": ("110106", "Export"), "convert": ("110106", "Export")}
ACTIVITY = ("110100", "Application Activity")
SUCCESS, MINOR, SERIOUS, MAJOR = 0, 4, 8, 12
"""Event outcome indicators: done; refused or partly done; failed; stopped."""
START = "0" * 64


@dataclass(frozen=True)
class Verified:
    """A log without a fault: how many lines it has, and the hash of the last, to be noted elsewhere."""

    lines: int
    last: str


class AuditLog:
    """A log file, its key and its sealed head (`FILE.head`)."""

    def __init__(self, path: Path, key: Path | None = None) -> None:
        self.path, self.head = path, path.with_name(path.name + ".head")
        self.key = _key(key or path.with_name(path.name + ".key"), is_new=not path.exists() and not self.head.exists())

    def add(self, event: dict[str, Any]) -> None:
        """One more line. Raises `InputError` where the log does not end as it was sealed."""
        with _locked(self.path.with_name(self.path.name + ".lock")):
            number, last = self._end()
            line: dict[str, Any] = {"n": number, "previous": last, **event}
            line["hash"] = self._mark(json.dumps(line, sort_keys=True))
            with self.path.open("ab") as file:
                file.write(json.dumps(line, sort_keys=True).encode("ascii") + b"\n")
                file.flush()
                os.fsync(file.fileno())
            self._seal(number + 1, line["hash"])

    def word(self, text: str) -> str:
        """What stands for a path in the log."""
        return self._mark(f"object\0{text}")[:16]

    def verified(self) -> Verified:
        """Raises `InputError` that names the first line that is not as it was written."""
        if not self.path.exists():
            raise InputError(f"{self.path}: the log is gone" if self.head.exists() else f"{self.path}: there is no log")
        last, number = START, 0
        with self.path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                last = self._checked(raw, number, last)
        sealed, _ = self._sealed()
        if number < sealed:
            raise InputError(f"{self.path}: {sealed - number} of {sealed} lines were taken off its end")
        return Verified(number, last)

    def _checked(self, raw: bytes, number: int, last: str) -> str:
        try:
            line = json.loads(raw)
            told = line.pop("hash")
            is_whole = hmac.compare_digest(str(told), self._mark(json.dumps(line, sort_keys=True)))
        except (ValueError, KeyError, TypeError, AttributeError):
            is_whole = False
        if not is_whole:
            raise InputError(f"{self.path}: line {number} was changed, cut, or written under another key")
        if line["previous"] != last or line["n"] != number - 1:
            raise InputError(f"{self.path}: before line {number}, lines were removed, added or moved")
        return str(told)

    def _end(self) -> tuple[int, str]:
        """How many lines there are, and the last one's hash: as sealed, or one more, where a run was cut off before."""
        number, last = self._sealed()
        count, final = 0, b""
        if self.path.exists():
            with self.path.open("rb") as lines:
                for count, final in enumerate(lines, 1):  # noqa: B007  both are wanted after the last
                    pass
        if count == number + 1:
            return count, self._checked(final, count, last)
        if count != number or (count and self._checked(final, count, json.loads(final)["previous"]) != last):
            raise InputError(f"{self.path} does not end as it was sealed; `radiolucent audit-log verify` says more")
        return number, last

    def _sealed(self) -> tuple[int, str]:
        if not self.head.exists():
            if self.path.exists():
                raise InputError(f"{self.head}: the sealed head of the log is gone")
            return 0, START
        try:
            told = json.loads(self.head.read_text(encoding="ascii"))
            lines, last = int(told["lines"]), str(told["last"])
            is_ours = hmac.compare_digest(str(told["seal"]), self._mark(f"head\0{lines}\0{last}"))
        except (ValueError, KeyError, TypeError):
            is_ours = False
        if not is_ours:
            raise InputError(f"{self.head} was changed, or sealed under another key")
        return lines, last

    def _seal(self, lines: int, last: str) -> None:
        draft = self.head.with_name(f"{self.head.name}.{secrets.token_hex(4)}")
        draft.write_text(
            json.dumps({"lines": lines, "last": last, "seal": self._mark(f"head\0{lines}\0{last}")}) + "\n",
            encoding="ascii",
        )
        draft.replace(self.head)

    def _mark(self, text: str) -> str:
        return hmac.digest(self.key, text.encode("utf-8", "surrogateescape"), "sha256").hex()


@contextmanager
def audited(command: str, path: Path | None, objects: list[str]) -> Iterator[dict[str, int]]:
    """Log the start and the end of a run. Sets `code`, the exit code, in what it gives; without a path, logs nothing.

    A run that cannot be logged is not begun.
    """
    told = {"code": 0}
    path = path or (Path(named) if (named := os.environ.get(VARIABLE)) else None)
    if path is None:
        yield told
        return
    log = AuditLog(path, Path(named) if (named := os.environ.get(KEY_VARIABLE)) else None)
    run = secrets.token_hex(8)
    words = [log.word(one) for one in objects]
    log.add(_event(command, run, "begun", SUCCESS, words))
    outcome = SERIOUS
    try:
        yield told
        outcome = SUCCESS if told["code"] == 0 else MINOR
    except InputError:
        outcome = MINOR
        raise
    except KeyboardInterrupt:
        outcome = MAJOR
        raise
    finally:
        log.add(_event(command, run, "ended", outcome, words))


def _event(command: str, run: str, state: str, outcome: int, words: list[str]) -> dict[str, Any]:
    code, meaning = EVENTS.get(command, ACTIVITY)
    return {
        "EventID": {"code": code, "codeSystemName": "DCM", "displayName": meaning},
        "EventTypeCode": f"radiolucent {command}",
        "EventActionCode": "E",
        "EventDateTime": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "EventOutcomeIndicator": outcome,
        "state": state,
        "run": run,
        "ActiveParticipant": [{"UserID": _user(), "UserIsRequestor": True}],
        "AuditSourceIdentification": {"AuditSourceID": f"radiolucent {__version__}"},
        "ParticipantObjectIdentification": [{"ParticipantObjectID": word} for word in words],
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"


def _key(path: Path, *, is_new: bool) -> bytes:
    """The log's secret; made, readable by its owner alone, for a log that is new."""
    if not path.exists():
        if not is_new:
            raise InputError(f"{path}: the key of this audit log is not there; give it by {KEY_VARIABLE}")
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(json.dumps({"kind": KIND, "secret": secrets.token_hex(32)}) + "\n")
    try:
        told = json.loads(path.read_text(encoding="ascii"))
        secret = bytes.fromhex(told["secret"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no key of an audit log") from error
    if told.get("kind") != KIND or len(secret) != 32:
        raise InputError(f"{path} is no key of an audit log")
    return secret


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One writer at a time, where the system has locks."""
    with path.open("a") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        except ImportError:
            pass
        yield
