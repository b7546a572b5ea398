"""The stretch of a page that holds most of its prose, and where every block stands to it."""

from __future__ import annotations

from typing import Final

from arabic_newsclean.judge import Evidence
from arabic_newsclean.lines import SAME_LINE

#: Where a block stands that belongs to the stretch with most of the prose.
IN_MAIN: Final = frozenset(("first", "in", "last", "only"))
#: Where a block stands that comes after it.
BELOW: Final = frozenset(("below", "after", "beyond", "far"))

#: Kinds of labels that the article does not go on after, mostly.
_ENDERS: Final = frozenset(("comments", "ticker", "tags", "legal", "navigation", "related", "share", "promo"))


#: A stretch of prose is the article's with some certainty from this mass on.
MAIN: Final = 90
#: How many blocks before and after that stretch may still belong to it.
NEAR: Final = 8
#: From so many blocks after it nothing does.
FAR: Final = 30


#: What stands above the teaser of another story: its headline or its date.
_TEASED: Final = frozenset(("line", "date", "teaser"))


def _mass(evidence: Evidence, before: Evidence | None, group: str) -> int:
    """How much a block weighs as text of an article: its length if it is prose, less than nothing if it is a label."""
    length = len(evidence.text)
    match evidence.sort:
        case "label":
            return -50 if evidence.label in _ENDERS else -20
        case "hint" | "date":
            return -15
        case "teaser" | "strip":
            return -min(length, 100)
        case "cut" if length < 300 and before is not None and (before.sort in _TEASED or before.label in ("related", "ticker")):
            return -20
        case "prose" | "cut":
            return min(length, 400)
        case "stopped" | "question" | "colon":
            return length if length > 60 else length // 2 if length > 12 else 0
    return length // 2 if group == "prose" else -15


def place(found: list[Evidence], groups: list[str], alike: list[str]) -> list[str]:
    """Where each block stands to the stretch of blocks whose masses have the greatest sum."""
    best = total = 0
    start, first, last = 0, -1, -1
    before: Evidence | None = None
    paragraphs, closed = 0, False
    for i, evidence in enumerate(found):
        if total <= 0:
            total, start = 0, i
        mass = _mass(evidence, before, groups[i])
        if mass < 0 and paragraphs and alike[i] in ("1", "2") and evidence.sort in ("short", "line"):
            mass = len(evidence.text) // 3  # scores, prices and line-ups between paragraphs
        paragraphs += evidence.prose
        closed = closed or (paragraphs >= 2 and evidence.sure and evidence.label == "comments")
        total += mass // 4 if closed and mass > 0 else mass  # what readers write, and the rules they write by
        if total > best:
            best, first, last = total, start, i
        before = evidence
    if best < MAIN:
        return ["none"] * len(found)
    out = ["ahead"] * (first - NEAR) + ["before"] * min(first, NEAR) + ["in"] * (last - first + 1)
    rest = len(found) - len(out)
    out += ["after"] * min(rest, NEAR) + ["beyond"] * min(rest - NEAR, FAR - NEAR) + ["far"] * (rest - FAR)
    for at, name in ((last, "last"), (first, "first"), (first - 1, "above"), (last + 1, "below")):
        if 0 <= at < len(out):
            out[at] = name
    if first == last:
        out[first] = "only"
    return out


def groups_of(found: list[Evidence]) -> list[str]:
    """For each block whether the lines printed without a blank line around it end like a paragraph ("prose") or not."""
    out = [""] * len(found)
    start = 0
    while start < len(found):
        end = start + 1
        while end < len(found) and found[end].block.gap in (0, SAME_LINE):
            end += 1
        if end - start > 1:
            members = found[start:end]
            length = sum(len(e.text) for e in members)
            plain = not any(e.sure or e.moment for e in members)
            stopped = members[-1].text[-1] in ".؟!" or members[-1].text.endswith(('."', ".”", ".»"))
            broken = sum(e.sort in ("short", "line", "cut") for e in members[:-1]) * 2 >= len(members) - 1
            prose = plain and stopped and broken and length >= 100
            out[start:end] = ["prose" if prose else "lines"] * (end - start)
        start = end
    return out
