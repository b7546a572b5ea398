"""The removed spans of a dump one by one, for programs, and their sums over a run.

A span is what `clean` writes as a segment: the header's lines, which the record keeps as fields, and the noise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from arabic_newsclean.model import BLANK, BODY, Document, Rule, Segment, Source
from arabic_newsclean.terminal import counted, visible


@dataclass(frozen=True, slots=True)
class Only:
    """Which removed spans are asked for: of some kinds, of some rules, or all."""

    kinds: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()

    def __call__(self, segment: Segment) -> bool:
        """Whether a segment is removed and asked for."""
        removed = segment.part not in (BODY, BLANK)
        asked = not self.kinds or segment.kind in self.kinds
        return removed and asked and (not self.rules or segment.rule in self.rules)


#: Every removed span.
ALL = Only()


@dataclass(frozen=True, slots=True)
class Span:
    """A removed span: half-open in code points, the line it begins on counted from 1, and why it went."""

    id: str
    start: int
    end: int
    line: int
    part: str
    kind: str | None
    rule: str
    why: str
    text: str


def spans(source: Source, document: Document, rules: Mapping[str, Rule], only: Only) -> Iterator[dict[str, object]]:
    """The removed spans of a dump that are asked for, in order, each ready for JSON."""
    for line, segment in document.numbered(document.segments):
        if only(segment):
            why = rules[segment.rule].why if segment.rule in rules else ""
            text = segment.of(document.text)
            part, kind, rule = segment.part, segment.kind, segment.rule
            yield asdict(Span(source.id, segment.start, segment.end, line, part, kind, rule, why, text))


class Stat:
    """How much was removed over a run: by kind and by rule, in how many dumps, how many characters, which share.

    >>> from arabic_newsclean import clean
    >>> stat = Stat(Only(kinds=frozenset({"comments"})))
    >>> stat.add(clean("افتتح الوزير، صباح اليوم، السوق الجديد في المدينة، وقال إن العمل فيه دام عامين.\\n\\nاترك رد\\n"))
    >>> print(stat.table(), end="")
    1 dump, 89 characters
    <BLANKLINE>
    kind               dumps     spans    characters    share
    noise.comments         1         1             7    7.87%
    <BLANKLINE>
    rule                              dumps     spans    characters    share
    noise.comments comment-prompt         1         1             7    7.87%
    """

    def __init__(self, only: Only) -> None:
        self._only = only
        self._dumps = self._characters = 0
        self._counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def add(self, document: Document) -> None:
        """Count a dump."""
        self._dumps += 1
        self._characters += len(document.text)
        touched: set[tuple[str, str]] = set()
        for segment in filter(self._only, document.segments):
            kind = f"{segment.part}.{segment.kind}"
            for row in (("kind", kind), ("rule", f"{kind} {segment.rule}")):
                self._counts[row]["spans"] += 1
                self._counts[row]["characters"] += segment.end - segment.start
                touched.add(row)
        for row in touched:
            self._counts[row]["dumps"] += 1

    def table(self) -> str:
        """The sums as a table for reading, the largest first."""
        lines = [f"{counted(self._dumps, 'dump')}, {counted(self._characters, 'character')}"]
        for what in ("kind", "rule"):
            rows = [(name, counts) for (of, name), counts in self._counts.items() if of == what]
            rows.sort(key=lambda row: (-row[1]["characters"], row[0]))
            width = max((len(name) for name, _ in rows), default=0)
            lines += ["", f"{what:{width}}  {'dumps':>8}  {'spans':>8}  {'characters':>12}  {'share':>7}"]
            for name, counts in rows:
                share = counts["characters"] / max(1, self._characters)
                sums = f"{counts['dumps']:8}  {counts['spans']:8}  {counts['characters']:12}  {share:7.2%}"
                lines.append(f"{visible(name):{width}}  {sums}")
        return "".join(f"{line}\n" for line in lines)
