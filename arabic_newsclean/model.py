"""The nouns: parts, kinds, rules, blocks, segments, and the labelled document that every view is a view of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

_Span = TypeVar("_Span", bound=tuple[Any, ...])

#: The version of the record's shape; it changes when a field changes its meaning.
SCHEMA: Final = 1

HEADER, BODY, NOISE, BLANK = PARTS = ("header", "body", "noise", "blank")

#: Which kinds a part has. ``None`` is running text of the article.
KINDS: Final[dict[str, tuple[str | None, ...]]] = {
    HEADER: ("category", "kicker", "headline", "deck", "byline", "source", "date"),
    BODY: (None, "sub"),
    NOISE: ("navigation", "share", "comments", "related", "ticker", "promo", "tags", "counter", "caption", "legal", "residue"),
    BLANK: (None,),
}

#: What a flag means. The list is closed: a record holds no other.
FLAGS: Final[dict[str, str]] = {
    "not-article": "no article was found: a listing, a contact page, an empty dump",
    "no-headline": "an article without a headline that could be told from the rest",
    "low-confidence": "the labels and the weight of the prose disagree on where the article is: look before you trust",
    "not-arabic": "fewer than half of the letters are Arabic",
    "decoding-damage": "some bytes were not valid in the encoding found; each stands as U+FFFD",
    "truncated": "the dump ends inside a character: it was cut off there",
    "mojibake-repaired": "the text had been read with a wrong code page before; this was undone, exactly",
    "mojibake": "the text had been read with a wrong code page before, and this can't be undone: it is left as it is",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table: what a label looks like, why it is what it is, and what it must spare.

    Every way of matching looks at the folded line (`arabic.fold`): ``lines`` is the whole line, without punctuation
    around it; ``starts`` and ``ends`` are whole words at its ends; ``pattern`` is a regular expression that must match
    all of it; ``within`` is a phrase that opens foreign text inside a longer line. A rule of the ``place`` names what a
    block is by where it stands in the page, whatever its words.

    A rule that is only a ``hint`` is evidence and never decides alone; a header's rule decides in the header and after
    the body, nowhere else. A rule that ``opens`` a block says what the unmarked lines after it are; one that ``closes``
    it says that the article goes on. A rule of the ``kind_only`` has no say on whether a line is noise: it is asked what
    kind of noise a line is that its place has made noise.
    """

    name: str
    part: str
    kind: str | None
    why: str
    lines: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    pattern: str | None = None
    place: str | None = None
    hint: bool = False
    opens: bool = False
    closes: bool = False
    kind_only: bool = False
    catches: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()


class Label(NamedTuple):
    """What a block is, and the name of the rule that says so."""

    part: str
    kind: str | None
    rule: str


class Segment(NamedTuple):
    """A half-open span ``[start, end)`` of code points with its part, its kind and the rule that decided it."""

    start: int
    end: int
    part: str
    kind: str | None
    rule: str

    def of(self, text: str) -> str:
        """The characters of the segment."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Header:
    """What the page says about its article. A field that nobody printed is ``None``, never guessed."""

    category: str | None = None
    kicker: str | None = None
    headline: str | None = None
    deck: str | None = None
    byline: str | None = None
    source: str | None = None
    date: str | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Noise:
    """One removed piece: its kind, its text as printed, and the rule that removed it."""

    kind: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a dump came from: its path (``-`` for standard input), its place in a container, its bytes, and what the
    container says of it."""

    path: str
    encoding: str
    bytes: int
    sha256: str
    member: str | int | None = None
    flags: tuple[str, ...] = ()
    meta: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        """The dump's name. It tells it from every other below the folder that was given; another folder may hold its like."""
        return self.path if self.member is None else f"{self.path}#{self.member}"

    @classmethod
    def of_text(cls, text: str, path: str = "-") -> Source:
        """The source of a text that was never bytes: counted and hashed as UTF-8."""
        data = text.encode("utf-8", "surrogatepass")
        return cls(path, "utf-8", len(data), hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Document:
    """A dump with every character labelled. ``segments`` tile ``text`` from 0 to its length, in order."""

    text: str
    segments: tuple[Segment, ...]
    header: Header
    body: str
    ticker: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    #: What `judge` saw of each block, for views that explain; of no fixed shape.
    evidence: tuple[Any, ...] = field(default=(), repr=False, compare=False)

    @property
    def noise(self) -> tuple[Noise, ...]:
        """Every removed piece, in order."""
        return tuple(Noise(s.kind or "residue", s.of(self.text), s.rule) for s in self.segments if s.part == NOISE)

    def spans(self, part: str) -> Iterator[Segment]:
        """The segments of one part, in order."""
        return (segment for segment in self.segments if segment.part == part)

    def numbered(self, spans: Iterable[_Span]) -> Iterator[tuple[int, _Span]]:
        """Spans of the text, in order, each after the number of the line that it begins on: lines count from 1, and only
        ``\\n`` ends one. A span is any tuple whose first value is its start.

        >>> list(Document("a\\nb\\n\\nc", (), Header(), "").numbered([(0, "a"), (2, "b"), (5, "c")]))
        [(1, (0, 'a')), (2, (2, 'b')), (4, (5, 'c'))]
        """
        line, position = 1, 0
        for span in spans:
            line += self.text.count("\n", position, span[0])
            position = span[0]
            yield line, span

    @property
    def stats(self) -> dict[str, int]:
        """How many characters the dump has, and how many of them are header, body and noise; the rest is blank."""
        sizes = {"chars": len(self.text), HEADER: 0, BODY: 0, NOISE: 0}
        for segment in self.segments:
            if segment.part in sizes:
                sizes[segment.part] += segment.end - segment.start
        return sizes

    def record(self, source: Source | None = None) -> dict[str, Any]:
        """The JSON object of this dump (schema 1), ready for `json.dumps`."""
        source = source or Source.of_text(self.text)
        header = self.header
        return {
            "schema": SCHEMA,
            "id": source.id,
            "source": {
                "path": source.path,
                "member": source.member,
                "encoding": source.encoding,
                "bytes": source.bytes,
                "sha256": source.sha256,
                **({} if source.meta is None else {"meta": source.meta}),
            },
            "header": {name: getattr(header, name) for name in Header.__dataclass_fields__},
            "body": self.body,
            "noise": [
                {"kind": s.kind or "residue", "text": self.text[s.start : s.end], "rule": s.rule} for s in self.spans(NOISE)
            ],
            "ticker": list(self.ticker),
            "segments": [
                {"start": s.start, "end": s.end, "part": s.part, "kind": s.kind, "rule": s.rule} for s in self.segments
            ],
            "flags": sorted({*self.flags, *source.flags}),
            "stats": self.stats,
        }
