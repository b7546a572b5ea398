"""Of each dump what learning needs, and of each source as many dumps as are enough, on disk.

A line that a source repeats shows on a thousand of its dumps as well as on a million. Which thousand is told by the hash
of each dump, so that their order and the number of processes make no difference; the same dump twice is one.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, NamedTuple

import orjson

from arabic_newsclean.model import BLANK, BODY, HEADER, NOISE, Document, Segment, Source
from arabic_newsclean.profile.table import source_of
from arabic_newsclean.rules import RuleSet

#: So many dumps of one source are looked at.
SAMPLE: Final = 1000
#: Longer lines are an article's; what is kept of them is that they are there.
LONGEST: Final = 300
#: What a line was taken for: a part of the article, a line of its header, noise by its words, or noise by its place.
IN_BODY, IN_HEADER, BY_WORDS, BY_PLACE = "b", "h", "w", "p"


class Line(NamedTuple):
    """A line of a page: what it was taken for, its kind, and its text (empty for a long one)."""

    taken: str
    kind: str
    text: str


class Page(NamedTuple):
    """A dump as learning sees it."""

    headline: str
    lines: list[Line]


def page_of(source: Source, document: Document, by: str, places: frozenset[str]) -> bytes:
    """A dump packed for `Store`: the name of its source, a hash of its own, and its lines. Empty where no source is known."""
    name = source_of(source, by)
    if name is None:
        return b""
    return orjson.dumps(
        [_plain(name), source.sha256[:16], _plain(document.header.headline or ""), list(_lines(document, places))]
    )


def _plain(text: str) -> str:
    """Text without half characters, which JSON does not know."""
    return text.encode("utf-8", "replace").decode()


def _lines(document: Document, places: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """The lines of a dump, each with what most of it was taken for."""
    text = document.text
    position = 0
    segments = [segment for segment in document.segments if segment.part != BLANK]
    at = 0
    for line in text.split("\n"):
        end = position + len(line)
        while at < len(segments) and segments[at].end <= position:
            at += 1
        here = at
        sizes: dict[tuple[str, str], int] = {}
        while here < len(segments) and segments[here].start < end:
            segment = segments[here]
            size = min(segment.end, end) - max(segment.start, position)
            what = _taken(segment, places)
            sizes[what] = sizes.get(what, 0) + size
            here += 1
        position = end + 1
        stripped = " ".join(line.split())
        if sizes and stripped:
            taken, kind = max(sizes, key=lambda key: sizes[key])
            yield taken, kind, _plain(stripped) if len(stripped) <= LONGEST else ""


def _taken(segment: Segment, places: frozenset[str]) -> tuple[str, str]:
    if segment.part == NOISE:
        return (BY_PLACE if segment.rule in places else BY_WORDS), segment.kind or ""
    return (IN_BODY if segment.part == BODY else IN_HEADER if segment.part == HEADER else BY_PLACE), segment.kind or ""


def place_rules(rules: RuleSet) -> frozenset[str]:
    """The rules that go by place and not by words."""
    return frozenset(rule.name for rule in rules if rule.place is not None)


class Store:
    """The sample of every source, in a file that goes away. Memory holds two numbers and a hash for each source.

    >>> with Store(sample=2) as store:
    ...     for hashed in ("c1", "a1", "b1", "a1"):
    ...         store.add(orjson.dumps(["site", hashed, "", [["b", "", "سطر"]]]))
    ...     [(name, seen, len(pages)) for name, seen, pages in store.sources()]
    [('site', 4, 2)]
    """

    def __init__(self, sample: int = SAMPLE) -> None:
        self._sample = sample
        self._seen: dict[str, int] = {}
        self._kept: dict[str, int] = {}
        self._bound: dict[str, str] = {}

    def __enter__(self) -> Store:
        self._folder = TemporaryDirectory(prefix="newsclean-")
        self._base = sqlite3.connect(Path(self._folder.name) / "pages.sqlite", isolation_level=None)
        self._base.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -20000; BEGIN;"
            "CREATE TABLE page (source TEXT, hash TEXT, data BLOB, UNIQUE (source, hash));"
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._base.close()
        self._folder.cleanup()

    def add(self, packed: bytes) -> None:
        """One more dump. Raises OSError where it cannot be kept."""
        name, hashed, headline, lines = orjson.loads(packed)
        self._seen[name] = self._seen.get(name, 0) + 1
        if hashed >= self._bound.get(name, "~"):
            return
        row = (name, hashed, orjson.dumps([headline, lines]))
        try:
            added = self._base.execute("INSERT OR IGNORE INTO page VALUES (?, ?, ?)", row).rowcount
        except sqlite3.Error as error:
            raise OSError(errno.ENOSPC, f"{error} (in {self._folder.name})") from None
        self._kept[name] = kept = self._kept.get(name, 0) + added
        if kept > 2 * self._sample:
            self._trim(name)

    def _trim(self, name: str) -> None:
        query = "SELECT hash FROM page WHERE source = ? ORDER BY hash LIMIT 1 OFFSET ?"
        found = self._base.execute(query, (name, self._sample)).fetchone()
        if found is not None:
            self._bound[name] = found[0]
            self._base.execute("DELETE FROM page WHERE source = ? AND hash >= ?", (name, found[0]))
            self._kept[name] = self._sample

    def __len__(self) -> int:
        """How many sources there are."""
        return len(self._seen)

    def sources(self) -> Iterator[tuple[str, int, list[Page]]]:
        """Every source by name, with how many of its dumps there were and those that are looked at."""
        for name in sorted(self._seen):
            self._trim(name)
            with closing(self._base.execute("SELECT data FROM page WHERE source = ? ORDER BY hash", (name,))) as rows:
                pages = [orjson.loads(data) for (data,) in rows]
            yield name, self._seen[name], [Page(headline, [Line(*line) for line in lines]) for headline, lines in pages]
