"""Only what is new: an SQLite file remembers which dumps are done, and each run appends shards with the others.

A dump counts as done when the shard that holds its record is committed. Shard and memory become true together: the
shard is whole on the disk under its hidden name, then one transaction says what is in it and that it is to be named,
then it gets its name. A run that was killed between the last two is finished by the next; before them, it never was.
A run that is stopped commits what it has done.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, BinaryIO, Final, NamedTuple, TypeAlias

from arabic_newsclean.batch import Done, Failed, Outcome
from arabic_newsclean.output.lock import LockedError
from arabic_newsclean.output.target import Target, is_ours, shards
from arabic_newsclean.output.writing import rejected
from arabic_newsclean.reading import STDIN, Input
from arabic_newsclean.report import Report

_TABLES = """
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dumps (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pending (part TEXT NOT NULL, final TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
#: What is the same in every run of a folder, or who reads its shards meets two kinds of records; and what may change, and
#: is told when it has.
_LAYOUT: Final = "layout"
_TOLD: Final = ("version", "rules", "profile", "encoding", "text-key", "keep-meta")
#: The last shard, by its path and its size: by them a folder is known for that of the state, wherever it was moved.
_SHARD: Final = "shard"
_BYTES: Final = "bytes"


class StateError(Exception):
    """The state is none of ours, or of a run of another kind; the message says why."""


#: A name as SQLite keeps it: text, or the bytes of one that is no UTF-8.
_Name: TypeAlias = str | bytes


class _File(NamedTuple):
    """A file as it was when it was opened."""

    path: _Name
    size: int
    mtime_ns: int


class _Place(NamedTuple):
    """Where a dump is from, and under which name it is remembered; neither for standard input."""

    file: _File | None
    key: _Name | None


class Incremental:
    """Records of new and changed dumps to new shards in the folder of ``records``; ``state`` is the SQLite file, and
    ``settings`` are those of the run.

    Raises `StateError` for a file that is none of ours, and where the shards that are there are others or have another
    layout; `LockedError` where another program holds the state, and OSError, by its name, where it can't be used.
    """

    def __init__(
        self, state: str, records: Target, report: Report, settings: Mapping[str, Any], rejects: BinaryIO | None = None
    ) -> None:
        self._records = records
        self._rejects = rejects
        self._report = report
        self._state = state
        self._settings: dict[str, _Name] = {name: str(settings[name]) for name in (_LAYOUT, *_TOLD)}
        self._open = False
        self._whole = True  # no record is half written, or written and not remembered
        self._waiting: deque[_Place] = deque()
        self._last: _File | None = None
        self._failed = False
        with _named(state):
            self._db = sqlite3.connect(state, isolation_level=None)
            self._check()
            self._db.executescript(_TABLES)
            self._settle()
            self._compare()
            self._begin()

    def _check(self) -> None:
        """Refuse a file of another program, which the tables would be added to."""
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and not {"files", "dumps", "pending"} <= tables:
            raise StateError(f"{self._state} is a database of another program: give a file of its own to --incremental")

    def _settle(self) -> None:
        """Finish what a run that was killed had committed."""
        for part, final in self._db.execute("SELECT part, final FROM pending").fetchall():
            if os.path.exists(_bytes(part)):
                os.replace(_bytes(part), _bytes(final))
        self._db.execute("DELETE FROM pending")

    def _compare(self) -> None:
        """Refuse another folder than that of the state, and another layout there, and say what else is not as it was."""
        before = dict(self._db.execute("SELECT name, value FROM settings"))
        if _SHARD in before:
            self._find(os.fsdecode(_bytes(before[_SHARD])), int(before[_BYTES]))
        others = [name for name, value in self._settings.items() if before.get(name, value) != value]
        if _LAYOUT in others and shards(self._records.path):
            was = before[_LAYOUT]
            raise StateError(
                f"the shards of {self._state} have the layout {was}: give --layout {was}, or another state and folder"
            )
        if others:
            message = (
                f"since the last run with {self._state} these have changed: {', '.join(others)}; what is done stays as it is"
            )
            self._report.say(message, level="warning", event="changed", changed=others)

    def _find(self, shard: str, size: int) -> None:
        """Refuse where the last shard is not: what is done would be passed over, and its records would be nowhere."""
        place = os.path.join(self._records.path, os.path.basename(shard))
        if not os.path.isfile(place) or os.path.getsize(place) != size:
            raise StateError(
                f"the last shard of {self._state} was {shard}, which is not in {self._records.path}: give the folder that "
                f"holds it, or another state, or remove {self._state} to do all anew"
            )

    def _begin(self) -> None:
        """Count on from the shards that are there, and forget what a run that was killed had not committed."""
        numbers = shards(self._records.path)
        self._records.next_shard(numbers[-1] + 1 if numbers else 0)
        for name in os.listdir(self._records.path):
            if name.endswith(".part") and is_ours(name):
                os.unlink(os.path.join(self._records.path, name))

    def files(self, files: Iterable[Input]) -> Iterator[Input]:
        """The files that are new or have changed since they were last done."""
        for file in files:
            now = _seen(file)
            if now is not None and self._row("SELECT 1 FROM files WHERE path=? AND size=? AND mtime_ns=?", *now):
                self._report.counts["dumps"]["unchanged"] += 1
            else:
                yield file

    def dumps(self, inputs: Iterable[Input]) -> Iterator[Input]:
        """The inputs, each with what is known of it."""
        for item in inputs:
            file = _seen(item)
            key = None if file is None else _name(item)
            self._waiting.append(_Place(file, key))
            known = self._row("SELECT sha256 FROM dumps WHERE id=?", key)
            yield item if known is None else replace(item, known=known[0])

    def _row(self, query: str, *values: object) -> Any:
        with _named(self._state):
            return self._db.execute(query, values).fetchone()

    def put(self, outcome: Outcome) -> None:
        """Write the record of a dump that is new, and remember it in the same transaction as its shard."""
        place = self._waiting.popleft()  # outcomes come in the order of the inputs
        with _named(self._state):
            if isinstance(outcome, Done) and self._records.is_full(outcome.data):
                self._commit()
            self._whole = False
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            self._turn(place.file)
            if isinstance(outcome, Failed):
                self._failed = True
                if self._rejects is not None:
                    self._rejects.write(rejected(outcome))
            elif isinstance(outcome, Done):
                if not self._open:
                    self._open = True
                    self._records.open()
                self._records.write(outcome.data)
                if place.key is not None:
                    self._db.execute("INSERT OR REPLACE INTO dumps VALUES (?, ?)", (place.key, outcome.sha256))
        self._whole = True

    def last(self, failed: Failed) -> None:
        """List the input that ends the run; the next run tries it again, as it does with all that failed."""
        self.put(failed)

    def _turn(self, file: _File | None) -> None:
        """A file is done when another begins and all that was in it could be used."""
        if file != self._last:
            if self._last is not None and not self._failed:
                self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", self._last)
            self._failed = False
        self._last = file

    def _commit(self) -> None:
        """Make the shard and what is remembered of it true together."""
        self._whole = False
        named = self._open
        if named:
            part, final = self._records.part, self._records.final
            self._records.seal()
            self._db.execute("INSERT INTO pending VALUES (?, ?)", (_kept(os.fsencode(part)), _kept(os.fsencode(final))))
            self._settings |= {_SHARD: _kept(os.fsencode(final)), _BYTES: str(os.path.getsize(part))}
        if self._db.in_transaction:
            self._db.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", self._settings.items())
            self._db.execute("COMMIT")
        self._open = False  # from here on the next run would finish it
        if named:
            os.replace(part, final)
            self._db.execute("DELETE FROM pending")
            self._records.next_shard()
        self._whole = True

    def finish(self) -> None:
        """Commit the last shard."""
        with _named(self._state):
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            self._turn(None)
            self._commit()
            self._db.close()

    def leave(self) -> None:
        """Stop here: what is done gets its shard, and the next run does the rest. Where a record is not whole, or can't be
        kept, what is in the shards before it is done."""
        with suppress(sqlite3.Error, OSError):
            if self._whole:
                self._commit()
        with suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        if self._open:
            self._records.drop()
        self._db.close()


def _seen(item: Input) -> _File | None:
    """A file as it is now; ``None`` for standard input, and for what is not there."""
    if item.path == STDIN:
        return None
    try:
        found = os.stat(item.path)
    except OSError:
        return None
    return _File(_kept(_path(item)), found.st_size, found.st_mtime_ns)


def _name(item: Input) -> _Name:
    """Under which name a dump is remembered: its path, and the member of a container."""
    return _kept(_path(item) if item.member is None else _path(item) + f"\0{item.member}".encode())


def _path(item: Input) -> bytes:
    return os.fsencode(os.path.abspath(item.path))


def _kept(name: bytes) -> _Name:
    """A name as SQLite can keep it, whatever the locale says that names are.

    >>> _kept("خبر".encode()), _kept(b"caf\\xe9")
    ('خبر', b'caf\\xe9')
    """
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name


def _bytes(kept: _Name) -> bytes:
    return kept.encode() if isinstance(kept, str) else kept


@contextmanager
def _named(state: str) -> Iterator[None]:
    """Errors of SQLite by the name of the state: it is held by another, none of ours, or can't be read or written."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise LockedError(f"another program is using {state}") from None
        if code == sqlite3.SQLITE_NOTADB:
            raise StateError(f"{state}: {error}") from None
        raise OSError(errno.EIO, str(error), state) from None
