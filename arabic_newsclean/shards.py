"""A run in parts, on as many machines as there are: which part takes a dump, and the parts joined again.

A dump's part is told by a hash of its name alone, so that no part needs to know of the others, and a file that is added
moves no other file to another part.
"""

from __future__ import annotations

import errno
import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import orjson

from arabic_newsclean.layouts import is_record
from arabic_newsclean.reading import Input, opened
from arabic_newsclean.reading.inputs import unusable
from arabic_newsclean.reading.streams import fault


class Shard(NamedTuple):
    """One part of so many, counted from 1."""

    number: int
    of: int

    @classmethod
    def parsed(cls, text: str) -> Shard:
        """A part as one types it. Raises ValueError for what is none.

        >>> Shard.parsed("2/7")
        Shard(number=2, of=7)
        """
        found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text.strip())
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise ValueError(f"takes a part of so many, counted from 1, such as 2/7, not {text!r}")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def takes(self, name: str) -> bool:
        """Whether a dump of this name belongs to the part.

        >>> [Shard(n, 3).takes("iq/0001.txt") for n in (1, 2, 3)].count(True)
        1
        """
        hashed = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(hashed, "big") % self.of == self.number - 1

    def share(self, inputs: Iterable[Input]) -> Iterator[Input]:
        """The dumps of the part, in their order. Where there is nothing to read for any part, each is told a reason."""
        readable = False
        lost: Input | None = None
        for item in inputs:
            readable = readable or item.problem is None
            if self.takes(item.id):
                yield item
            elif item.problem is not None:
                lost = item
        if lost is not None and not readable:
            yield lost


class DifferentError(ValueError):
    """There are different records of one name."""


def lines(paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Every record of some files with its id, a file after the other. Raises OSError, with the place, for what is none."""
    for path in paths:
        try:
            with opened(path) as stream:
                for number, line in enumerate(stream, 1):
                    if line.strip():
                        yield _id(line, f"{path}, line {number}"), line if line.endswith(b"\n") else line + b"\n"
        except Exception as error:
            if isinstance(error, OSError) and error.strerror:
                raise
            raise unusable(f"{path}: {fault(error)}") from None


def _id(line: bytes, place: str) -> str:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise unusable(f"{place}: is no JSON: {error.msg}") from None
    if not is_record(record):
        raise unusable(f"{place}: is no record of newsclean clean")
    return str(record["id"])


@contextmanager
def joined(records: Iterable[tuple[str, bytes]], *, by_id: bool) -> Iterator[Iterator[bytes]]:
    """The records of all parts, each once: by id, or as they come. They wait on disk and not in memory.

    Raises `DifferentError` where there are different records of one id, and OSError, with the place, where they can't be kept.
    """
    with TemporaryDirectory(prefix="newsclean-") as folder:
        base = sqlite3.connect(Path(folder) / "records.sqlite", isolation_level=None)
        try:
            base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
            base.execute("CREATE TABLE record (id TEXT PRIMARY KEY, line BLOB)")
            yield _sorted(base, records) if by_id else _as_they_come(base, records)
        except sqlite3.Error as error:
            raise OSError(errno.ENOSPC, f"{error} (in {folder}; TMPDIR chooses another place)") from None
        finally:
            base.close()


def _sorted(base: sqlite3.Connection, records: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    for name, line in records:
        if base.execute("INSERT OR IGNORE INTO record VALUES (?, ?)", (name, line)).rowcount == 0:
            _check_same(name, base.execute("SELECT line FROM record WHERE id = ?", (name,)).fetchone()[0], line)
    for (line,) in base.execute("SELECT line FROM record ORDER BY id"):
        yield line


def _as_they_come(base: sqlite3.Connection, records: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    for name, line in records:
        own = hashlib.sha256(line).digest()
        if base.execute("INSERT OR IGNORE INTO record VALUES (?, ?)", (name, own)).rowcount:
            yield line
        else:
            _check_same(name, base.execute("SELECT line FROM record WHERE id = ?", (name,)).fetchone()[0], own)


def _check_same(name: str, one: bytes, other: bytes) -> None:
    if one != other:
        raise DifferentError(
            f"two different records are called {name!r}: the parts are of different runs, or one run was given two folders "
            "with files of that name; clean these dumps anew, from the folder above all"
        )


#: What the report of a run says beside its counts, as far as `summed` needs it.
_REPORT: Final = {"dumps": dict, "status": int, "began": str, "seconds": (int, float)}


def is_report(row: object) -> bool:
    """Whether JSON is the report of a run.

    >>> is_report({"dumps": {"article": 1}, "status": 0, "began": "2026-11-27T03:15:00Z", "seconds": 1.5})
    True
    >>> is_report({"dumps": {"article": "many"}, "status": "good"})
    False
    """
    if not isinstance(row, dict) or not all(isinstance(row.get(name), kind) for name, kind in _REPORT.items()):  # type: ignore
        return False
    counts = [value for name, value in row.items() if name != "options" and isinstance(value, dict | list)]
    return all(isinstance(group, dict) and all(isinstance(count, int) for count in group.values()) for group in counts)


def summed(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The reports of the parts as that of the whole: counts added, seconds added, the earliest begin, the worst status."""
    out: dict[str, Any] = {
        "version": reports[0].get("version"),
        "complete": all(report.get("complete") for report in reports),
        "parts": len(reports),
        "status": max(report.get("status", 0) for report in reports),
        "began": min(report.get("began", "") for report in reports),
        "seconds": round(sum(report.get("seconds", 0.0) for report in reports), 3),
    }
    groups = [name for name, value in reports[0].items() if isinstance(value, dict) and name != "options"]
    for group in groups:
        counts: Counter[str] = Counter()
        for report in reports:
            counts.update(report.get(group, {}))
        out[group] = dict(sorted(counts.items()))
    return out
