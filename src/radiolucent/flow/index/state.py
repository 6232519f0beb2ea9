"""What is known of each file, in a small database beside the index: a later run reads only what is new or changed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from ...core import InputError
from ...read import keyed
from ...read.record import unpacked
from ...read.volumes import Known
from .files import BATCH, Seen, There

VERSION = "1"
"""Of what is kept; another one is made anew."""

SAVED_EVERY_S = 1.0
_CACHE_KIB = 16 * 1024
_KEPT = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, kind TEXT, of TEXT, number INTEGER, series TEXT, twin TEXT,
    told TEXT, folder TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_series ON files (kind, of, number, series, folder);
"""
_PASSING = """
CREATE TEMP TABLE there (path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, why TEXT) WITHOUT ROWID;
CREATE TEMP TABLE todo (path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, why TEXT) WITHOUT ROWID;
"""


class Series(NamedTuple):
    """The files of one series of one examination; where copies of it lie in several folders, those of one `folder`."""

    of: str
    number: int
    series: str
    folder: str | None


class Told(NamedTuple):
    """A file, its size in bytes, and how many copies of it there are beside it."""

    file: Known
    size: int
    copies: int


class State:
    """The database; everything large stays on disk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql, self.saved_s = connection, monotonic()

    def settle(self, files: Iterable[There]) -> tuple[int, int, int]:
        """Compare with what is there now; returns how many files are to be read, are unchanged, and are gone."""
        run = self.sql
        run.executescript(_PASSING)
        run.executemany("INSERT OR REPLACE INTO there VALUES (?, ?, ?, ?)", files)
        gone = run.execute("DELETE FROM files WHERE path NOT IN (SELECT path FROM there)").rowcount
        run.execute(
            "INSERT INTO todo SELECT t.* FROM there t LEFT JOIN files f USING (path)"
            " WHERE f.path IS NULL OR f.size <> t.size OR f.changed <> t.changed OR t.why <> ''"
        )
        todo, all_there = run.execute("SELECT (SELECT COUNT(*) FROM todo), (SELECT COUNT(*) FROM there)").fetchone()
        run.commit()
        return todo, all_there - todo, gone

    def todo(self) -> Iterator[list[There]]:
        """What is to be read, in batches."""
        last = ""
        while True:
            rows = self.sql.execute("SELECT * FROM todo WHERE path > ? ORDER BY path LIMIT ?", (last, BATCH)).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield [There(*row) for row in rows]

    def keep(self, seen: list[Seen]) -> None:
        """Keep what was read, and save it now and then."""
        rows = [(*one, one.path.rpartition("/")[0]) for one in seen]
        self.sql.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        if monotonic() > self.saved_s + SAVED_EVERY_S:
            self.save()

    def save(self) -> None:
        """Make sure that what was kept outlives this process."""
        self.sql.commit()
        self.saved_s = monotonic()

    def series(self) -> Iterator[Series]:
        """Every series of every examination."""
        found = self.sql.execute(
            "SELECT of, number, series, COUNT(*) > COUNT(DISTINCT twin) AND COUNT(DISTINCT folder) > 1"
            " FROM files WHERE kind = 'image' GROUP BY of, number, series"
        )
        for of, number, series, is_copied in found:
            if not is_copied:
                yield Series(of, number, series, None)
                continue
            folders = self.sql.execute(
                "SELECT DISTINCT folder FROM files WHERE kind = 'image' AND of = ? AND number = ? AND series = ?",
                (of, number, series),
            )
            for (folder,) in folders:
                yield Series(of, number, series, folder)

    def files(self, of: Series) -> list[Told]:
        """The files of a series, without copies."""
        rows = self.sql.execute(
            "SELECT MIN(path), told, size, COUNT(*) FROM files WHERE kind = 'image' AND of = ? AND number = ?"
            " AND series = ? AND (? IS NULL OR folder = ?) GROUP BY twin",
            (*of, of.folder),
        ).fetchall()
        rows.sort(key=lambda row: row[0].split("/"))
        return [Told(Known(path, unpacked(told)), size, count - 1) for path, told, size, count in rows]

    def unreadable(self) -> Iterator[tuple[str, str]]:
        """Files that cannot be read, and why."""
        yield from self.sql.execute("SELECT path, told FROM files WHERE kind = 'unreadable' ORDER BY path")

    def count(self, kind: str) -> int:
        """How many files are of a kind."""
        return int(self.sql.execute("SELECT COUNT(*) FROM files WHERE kind = ?", (kind,)).fetchone()[0])


@contextmanager
def opened(path: Path, root: Path, key: bytes) -> Iterator[State]:
    """The state of the index of `root`; one that was made of another folder, or under another key, is refused."""
    try:
        connection = sqlite3.connect(path)
        try:
            yield _checked(connection, path, root, key)
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise InputError(f"{path} cannot be used ({error}); remove it to begin anew, or say --overwrite") from error


def _checked(connection: sqlite3.Connection, path: Path, root: Path, key: bytes) -> State:
    connection.executescript(
        f"PRAGMA cache_size = -{_CACHE_KIB}; PRAGMA temp_store = FILE; PRAGMA synchronous = NORMAL; {_KEPT}"
    )
    kept = dict(connection.execute("SELECT name, value FROM about").fetchall())
    if kept.get("version", VERSION) != VERSION:
        connection.executescript("DELETE FROM files; DELETE FROM about;")
        kept = {}
    place = os.path.relpath(root, path.parent) if root.drive == path.drive else str(root)
    ours = {"version": VERSION, "root": place, "key": keyed("radiolucent index", key)}
    if kept.get("root", place) != place:
        raise InputError(
            f"{path} belongs to the index of {kept['root']}; give another name for {root}, or say --overwrite"
        )
    if kept.get("key", ours["key"]) != ours["key"]:
        raise InputError(f"{path} was made under another key file; say --overwrite to make the index anew")
    connection.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", ours.items())
    connection.commit()
    return State(connection)
