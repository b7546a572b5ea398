"""Many dumps in one run: each is read, cleaned and shown in turn, and what goes wrong with one stops no other."""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from arabic_newsclean import reading
from arabic_newsclean import rules as tables
from arabic_newsclean.model import Document, Rule, Source
from arabic_newsclean.pipeline import clean
from arabic_newsclean.reading import LIMIT, Input
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.signals import shielded

if TYPE_CHECKING:
    from arabic_newsclean.profile import Profile

#: How a labelled dump is put out: as a record, as a diff. Every view is a function of the same document.
View = Callable[[Source, Document], bytes]


@dataclass(frozen=True, slots=True)
class Options:
    """How dumps are read and judged: ``encoding`` instead of the one found, ``rules`` instead of the package's own, a
    ``profile`` with what was learned of their sources, ``now`` for pages that print only their age, ``key`` and
    ``keep_meta`` for JSON, no dump longer than ``limit`` bytes; and what is wanted of each beside its view: what was
    ``removed``, and with ``tally`` the sums of its labels."""

    encoding: str | None = None
    rules: RuleSet | None = None
    now: datetime | None = None
    key: str = "text"
    keep_meta: bool = False
    limit: int = LIMIT
    removed: View | None = None
    tally: bool = False
    profile: Profile | None = None

    def known(self) -> Mapping[str, Rule]:
        """Every rule a label may name."""
        rules = (self.rules or tables.default()).by_name
        return rules if self.profile is None else {**rules, **self.profile.by_name()}


class Done(NamedTuple):
    """A dump that was cleaned: what the views made of it, and what the report tells of it."""

    id: str
    data: bytes
    removed: bytes
    sha256: str
    encoding: str
    flags: tuple[str, ...]
    stats: dict[str, int]
    headline: str | None
    #: Characters by part and kind, and spans by rule.
    characters: Counter[str]
    rules: Counter[str]


class Failed(NamedTuple):
    """An input that could not be used, and why. ``shown`` is its path as one would type it."""

    id: str
    shown: str
    reason: str


class Same(NamedTuple):
    """A dump that an earlier run has done already: its text is the same."""

    id: str


Outcome = Done | Failed | Same


def ready(options: Options) -> None:
    """Load what every dump needs, before workers are forked that would each load it."""
    clean("وكالة الغيمة\nأعلنت الوزارة، اليوم، بدء العمل في الجسر القديم بعد عامين من التوقف.", rules=options.rules)


def outcomes(inputs: Iterable[Input], view: View, options: Options) -> Iterator[Outcome]:
    """What becomes of each input, in their order."""
    for item in inputs:
        with shielded():
            outcome = one(item, view, options)
        yield outcome


def one(item: Input, view: View, options: Options) -> Outcome:
    """Read, clean and show one dump."""
    try:
        keep = options.keep_meta or (options.profile is not None and options.profile.needs_meta)
        text, source = reading.load(item, options.encoding, key=options.key, keep=keep, limit=options.limit)
    except (OSError, MemoryError) as error:
        return _failed(item, getattr(error, "strerror", None) or str(error) or "is too large for the memory")
    if item.known == source.sha256:
        return Same(item.id)
    try:
        judges = options.rules
        if options.profile is not None:
            judges = options.profile.rules(source, judges or tables.default())
            source = replace(source, meta=source.meta if options.keep_meta else item.meta)
        document = clean(text, judges, now=options.now)
        data = view(source, document)
        removed = options.removed(source, document) if options.removed else b""
        characters, rules = _tally(document) if options.tally else (Counter[str](), Counter[str]())
    except Exception as error:  # a fault of ours, which a night's run of other dumps need not pay for
        return _failed(item, f"could not be cleaned, please report it: {_fault(error)}")
    flags = tuple(sorted({*document.flags, *source.flags}))
    headline = document.header.headline
    told = (source.sha256, source.encoding, flags, document.stats, headline)
    return Done(item.id, data, removed, *told, characters, rules)


def _failed(item: Input, reason: str) -> Failed:
    return Failed(item.id, item.shown, reason)


def _tally(document: Document) -> tuple[Counter[str], Counter[str]]:
    characters: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for segment in document.segments:
        characters[f"{segment.part}.{segment.kind}" if segment.kind else segment.part] += segment.end - segment.start
        rules[segment.rule] += 1
    return characters, rules


def _fault(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({os.path.basename(place.filename)}, line {place.lineno})"
