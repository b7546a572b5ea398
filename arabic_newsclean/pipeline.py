"""The main job, from text to labelled document: the table of contents of the package."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from arabic_newsclean import arabic, fields, lines
from arabic_newsclean import rules as tables
from arabic_newsclean.context import look_around
from arabic_newsclean.judge import Evidence, judge
from arabic_newsclean.kept import compiled
from arabic_newsclean.lines import SAME_LINE, Block
from arabic_newsclean.model import BLANK, BODY, NOISE, Document, Header, Label, Segment
from arabic_newsclean.models import Models
from arabic_newsclean.models import default as defaults
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.settle import settle


def clean(text: str, rules: RuleSet | None = None, models: Models | None = None, now: datetime | None = None) -> Document:
    """Tell header, body and noise apart in the raw text of one page.

    Never raises for any text and never changes it: what is returned are labels, and views of them. ``rules`` are the
    package's own unless given (see `arabic_newsclean.rules.combine`), and so are the weights of the ``models``.
    ``now`` is when the page was fetched: without it what a page dates only by its age (منذ ساعتين) has no date.

    >>> document = clean("سياسة\\n\\nالحكومة تقر الموازنة بعد نقاش طويل\\n\\nأقرت الحكومة، اليوم، الموازنة العامة بعد نقاش "
    ...                  "استمر ثلاثة أيام، وقال الوزير إن الإنفاق لن يزيد على العام الماضي.\\n\\nاترك رد\\n")
    >>> document.header.headline
    'الحكومة تقر الموازنة بعد نقاش طويل'
    >>> [(noise.kind, noise.text) for noise in document.noise]
    [('comments', 'اترك رد')]
    """
    rules = rules or tables.default()
    models = models or defaults()
    given = text
    if "\n" not in text:
        text = text.replace("\r", "\n")  # old Macs: the same places, so that the labels hold for the text as it is
    blocks = lines.blocks(text, rules, models.heads)
    evidence = judge(text, blocks, rules)
    look_around([item for item in evidence if not item.inline])
    labels = settle(evidence, rules, models)
    header = fields.header(evidence, labels, now)
    flags = fields.flags(text, evidence, labels, header)
    return Document(
        text=given,
        segments=tuple(segments(text, evidence, labels)),
        header=Header() if "not-article" in flags else header,
        body=body(text, evidence, labels),
        ticker=fields.ticker(evidence, labels, models.cutter),
        flags=flags,
        evidence=tuple(evidence),
    )


def segments(text: str, evidence: Sequence[Evidence], labels: Sequence[Label]) -> list[Segment]:
    """The labels as spans that tile the whole text: white space between two blocks is blank.

    A sign between two pieces of a line goes with noise, or with the piece before it; an invisible mark goes with what is
    printed on its line, so that marks of direction stay in pairs.
    """
    out: list[Segment] = []
    position = 0
    marked = _has_marks(text)
    for item, label in zip(evidence, labels, strict=True):
        start, end = _marked(text, item.block) if marked else (item.block.start, item.block.end)
        between = text[position:start]
        if out and between.strip():
            if label.part == NOISE and item.block.gap == SAME_LINE:
                start = position
            else:
                out[-1] = out[-1]._replace(end=position + len(between.rstrip()))
                position = out[-1].end
        if start > position:
            out.append(Segment(position, start, BLANK, None, "blank"))
        out.append(Segment(start, end, label.part, label.kind, label.rule))
        position = end
    rest = text[position:]
    if out and rest.strip():
        out[-1] = out[-1]._replace(end=position + len(rest.rstrip()))
        position = out[-1].end
    if position < len(text):
        out.append(Segment(position, len(text), BLANK, None, "blank"))
    return out


_BEFORE: Final = compiled(f"[^\\S\n]*([{arabic.INVISIBLE}][{arabic.INVISIBLE}{arabic.SPACES} ]*)?")
_AFTER: Final = compiled(f"((?:[^\\S\n]*[{arabic.INVISIBLE}])*)[^\\S\n]*$", re.MULTILINE)


def _has_marks(text: str) -> bool:
    return any(mark in text for mark in arabic.INVISIBLE)


def _marked(text: str, block: Block) -> tuple[int, int]:
    """Where a block begins and ends with the invisible marks at the beginning and at the end of its line."""
    start = block.start
    if block.gap != SAME_LINE:
        before = _BEFORE.fullmatch(text, text.rfind("\n", 0, start) + 1, start)
        start = before.start(1) if before and before[1] else start
    after = _AFTER.match(text, block.end)
    return start, after.end(1) if after else block.end


def body(text: str, evidence: Sequence[Evidence], labels: Sequence[Label]) -> str:
    """The article: its paragraphs as printed, a blank line between, broken lines joined again."""
    pieces: list[str] = []  # with what stands between them
    last: Evidence | None = None
    between = False
    marked = _has_marks(text)
    for item, label in zip(evidence, labels, strict=True):
        if label.part != BODY:
            between = True
            continue
        piece = item.text
        if marked:
            start, end = _marked(text, item.block)
            piece = text[start:end]
        if item.block.lines > 1:
            piece = _joined(piece)
        if last is not None:
            pieces.append(_glue(text, last, item, between) if _same_paragraph(text, last, item) else "\n\n")
        pieces.append(piece)
        last, between = item, False
    return "".join(pieces)


def _glue(text: str, one: Evidence, other: Evidence, between: bool) -> str:
    """What joins two pieces of a line: what is printed there, or a space at most where noise was taken out between them."""
    if not between:
        return text[one.block.end : other.block.start]
    return " " if text[one.block.end].isspace() or text[other.block.start - 1].isspace() else ""


def _joined(piece: str) -> str:
    return " ".join(line.strip() for line in piece.split("\n"))


def _same_paragraph(text: str, one: Evidence, other: Evidence) -> bool:
    """Whether two body blocks that follow each other are one paragraph: pieces of one line, as the dump prints it."""
    return "\n" not in text[one.block.end : other.block.start]
