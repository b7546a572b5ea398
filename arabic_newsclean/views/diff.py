"""What was taken out, beside what was kept: the lines of a dump with their labels, for reading in a terminal.

>>> from arabic_newsclean.model import Document, Header, Segment, Source
>>> document = Document("خبر\\nنص\\nنص\\nنص\\nاترك رد", (
...     Segment(0, 3, "header", "headline", "headline"), Segment(4, 12, "body", None, "body-line"),
...     Segment(13, 20, "noise", "comments", "comment-prompt")), Header("خبر"), "نص")
>>> print(plain(Source.of_text(document.text, "a.txt"), document, context=0), end="")
a.txt: chars 20, header 3, body 8, noise 7
    1 h headline                 خبر
        ⋯ 3 lines kept ⋯
    5 - comments comment-prompt  اترك رد
<BLANKLINE>
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from arabic_newsclean.model import BLANK, BODY, HEADER, NOISE, Document, Source
from arabic_newsclean.terminal import isolated, visible
from arabic_newsclean.views.spans import ALL, Only

if TYPE_CHECKING:
    from rich.console import Console

MARKS: Final = {HEADER: "h", BODY: " ", NOISE: "-"}
STYLES: Final = {HEADER: "cyan", BODY: "", NOISE: "red"}

#: How much of a kept line is shown: enough to find the place. Removed lines and header lines are shown whole.
GLIMPSE: Final = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the dump, or the piece of one that has a label of its own. ``number`` counts lines from 1."""

    number: int
    part: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Fold:
    """A run of kept lines that is not shown."""

    lines: int

    def __str__(self) -> str:
        return f"        ⋯ {self.lines} line{'' if self.lines == 1 else 's'} kept ⋯"


def rows(document: Document, only: Only = ALL) -> list[Row]:
    """Every line that says something, in order. A line with two labels gives two rows of the same number."""
    out: list[Row] = []
    for number, segment in document.numbered(document.segments):
        if segment.part == BLANK:
            continue
        part = segment.part if only(segment) else BODY  # what is not asked for is shown as what is kept
        label = "" if part != segment.part else f"{segment.kind} {segment.rule}" if part == NOISE else segment.kind or ""
        for offset, line in enumerate(segment.of(document.text).split("\n")):
            line = line.removesuffix("\r")
            if line.strip():
                out.append(Row(number + offset, part, label, line))
    return out


def folded(all_rows: Sequence[Row], context: int) -> Iterator[Row | Fold]:
    """Removed and header rows with ``context`` kept rows on either side; every other run of kept rows is a `Fold`."""
    near = [False] * len(all_rows)
    for order in (range(len(all_rows)), range(len(all_rows) - 1, -1, -1)):
        left = -1  # how many more kept rows to show
        for index in order:
            left = context if all_rows[index].part != BODY else left - 1
            near[index] = near[index] or left >= 0
    for show, run in groupby(enumerate(all_rows), key=lambda item: near[item[0]]):
        found = [row for _index, row in run]
        if show:
            yield from found
        else:
            yield Fold(len({row.number for row in found}))


def plain(source: Source, document: Document, *, context: int, only: Only = ALL) -> str:
    """The view for a pipe or a file: no colour, no marks of direction."""
    return "".join(f"{ours}{visible(theirs)}\n" for ours, theirs, _style in _lines(source, document, context, only))


def coloured(source: Source, document: Document, *, context: int, console: Console, only: Only = ALL) -> str:
    """The view for a terminal: colours as it and NO_COLOR allow, each text of the dump isolated in its own direction."""
    from rich.text import Text

    with console.capture() as capture:
        for ours, theirs, style in _lines(source, document, context, only):
            console.print(Text(ours + (isolated(theirs) if theirs else ""), style), soft_wrap=True)
    return capture.get()


def _lines(source: Source, document: Document, context: int, only: Only) -> Iterator[tuple[str, str, str]]:
    """What is ours, what is the dump's, and the style, line by line."""
    counts = ", ".join(f"{name} {count}" for name, count in document.stats.items())
    yield f"{visible(source.id)}: {counts}", "", "bold"
    all_rows = rows(document, only)
    width = max((len(row.label) for row in all_rows), default=0)
    for row in folded(all_rows, context):
        if isinstance(row, Fold):
            yield str(row), "", "dim"
        else:
            text = row.text if row.part != BODY or len(row.text) <= GLIMPSE else row.text[:GLIMPSE] + "…"
            yield f"{row.number:5} {MARKS[row.part]} {row.label:{width}}  ", text, STYLES[row.part]
    yield "", "", ""
