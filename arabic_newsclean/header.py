"""Which line of a header is what: section, kicker, headline, deck, by-line, source, date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Final

from arabic_newsclean import arabic
from arabic_newsclean.judge import Evidence
from arabic_newsclean.model import HEADER, NOISE, Label
from arabic_newsclean.names import AROUND, NAME, PARTS, is_name, is_outlet
from arabic_newsclean.walk import BODY, HEAD, OTHER, TAIL, TOP

#: A headline is at least this long, unless the header has nothing longer.
HEADLINE: Final = 18
#: A section's name is no longer than this, a kicker above a headline no longer than that, a headline than the last.
CATEGORY: Final = 26
KICKER: Final = 60
TITLE: Final = 170


def roles(found: Sequence[Evidence], members: Sequence[int], states: Sequence[int]) -> dict[int, Label]:
    """For each header block its label. ``members`` are the blocks in the header and the credits after the body."""
    out: dict[int, Label] = {}
    known: dict[str, bool] = {}
    head = [i for i in members if states[i] == HEAD]
    unknown: list[int] = []
    for i in members:
        evidence = found[i]
        rule = evidence.rule
        if rule is not None and rule.part == HEADER and (not rule.hint or rule.kind != "category"):
            wrong = rule.hint and rule.kind == "byline" and _is_outlet_here(found, states, i, known)
            out[i] = Label(HEADER, "source", "source-by-place") if wrong else Label(HEADER, rule.kind, rule.name)
        elif evidence.moment is not None and evidence.sort != "item-date":
            out[i] = Label(HEADER, "date", "date-line")
        elif states[i] != HEAD:
            out[i] = _credit(found, states, i, known)
        else:
            unknown.append(i)
    title = _headline(found, unknown)
    for i in unknown:
        out[i] = _role(found, states, i, title, known, first=i == head[0])
    return out


#: Kinds of hints that a section's name in the header may look like.
_SECTIONS: Final = ("category", "navigation", "ticker")


def _role(
    found: Sequence[Evidence], states: Sequence[int], i: int, title: int | None, known: dict[str, bool], *, first: bool
) -> Label:
    evidence = found[i]
    text, rule = evidence.text, evidence.rule
    if title is not None and (i == title or _same(evidence, found[title])):
        return Label(HEADER, "headline", "headline")
    if title is not None and i > title and any(0 <= j < len(found) and _same(found[j], evidence) for j in (i - 1, i + 1)):
        return Label(NOISE, "caption", "caption-twice")
    if rule is not None and len(text) <= CATEGORY and rule.kind in _SECTIONS:
        return Label(HEADER, "category", rule.name if rule.kind == "category" else "category-first")
    if title is not None and i < title and first and len(text) <= CATEGORY:
        return Label(HEADER, "category", "category-first")
    if is_name(text) and (is_outlet(text) or title is None or i > title):
        return _credit(found, states, i, known)
    if title is None or i < title:
        return Label(HEADER, "kicker", "kicker-above")
    return Label(HEADER, "deck", "deck-below")


def _headline(found: Sequence[Evidence], unknown: Sequence[int]) -> int | None:
    """The block that is the headline: one that stands twice, or the first that is long enough and no name."""
    free = [i for i in unknown if found[i].rule is None]
    candidates = [i for i in free if len(found[i].text) >= HEADLINE and not _is_dateline(found[i].text)]
    times = Counter(arabic.bare(found[i].folded) for i in unknown)
    for i in candidates:
        # What is printed twice over is a caption, unless it comes first.
        twin = any(0 <= j < len(found) and _same(found[i], found[j]) for j in (i - 1, i + 1))
        if found[i].folded and times[arabic.bare(found[i].folded)] > 1 and (i == candidates[0] or not twin):
            return i
    last = max((i for i in candidates if not is_name(found[i].text)), default=-1)
    for i in candidates:
        if i >= last or not is_name(found[i].text):
            return _longer(found, i, candidates)
    rest = [i for i in free if len(found[i].text) > 6 and not is_outlet(found[i].text)]
    return rest[0] if rest and not (len(rest) == 1 and is_name(found[rest[0]].text) and len(found[rest[0]].text) < 12) else None


def _longer(found: Sequence[Evidence], first: int, candidates: Sequence[int]) -> int:
    """A short line right above a much longer one is its kicker."""
    second = next((j for j in candidates if j == first + 1), None)
    if second is None or found[second].prose or len(found[first].text) > KICKER:
        return first
    return second if len(found[second].text) >= 1.4 * len(found[first].text) and len(found[second].text) <= TITLE else first


def _same(one: Evidence, other: Evidence) -> bool:
    return bool(one.folded) and arabic.bare(one.folded) == arabic.bare(other.folded)


def _is_dateline(text: str) -> bool:
    """Whether a line is a town and an outlet: صنعاء // وكالة الصحافة."""
    if len(text) > KICKER:
        return False
    parts = [part for part in PARTS.split(text.strip(AROUND)) if part]
    return len(parts) >= 2 and is_outlet(text)


#: So many blocks before and after a name are searched for it: more than pages have, fewer than would cost by the square.
PAGE: Final = 400


def _is_outlet_here(found: Sequence[Evidence], states: Sequence[int], i: int, known: dict[str, bool]) -> bool:
    """Whether a bare name is the outlet's: by its words, or since the page's menus, rights or first words say it again."""
    text = found[i].text.strip(AROUND)
    if is_outlet(text):
        return True
    if not 5 <= len(text) <= NAME or PARTS.search(text):
        return False
    if text in known or len(known) >= NAMES:
        return known.get(text, False)
    others = (j for j in range(len(found)) if j != i and text in found[j].text and found[j].folded != found[i].folded)
    known[text] = any(_names_outlet(found[j], states[j], text) for j in islice(others, MENTIONS))
    return known[text]


#: So many names are looked up in the rest of the page, and so many mentions of each.
NAMES, MENTIONS = 24, 20


def _names_outlet(other: Evidence, state: int, name: str) -> bool:
    if state in (TOP, TAIL, OTHER):
        return other.sure or len(other.text) <= CATEGORY + len(name)
    return (state == BODY and other.text.startswith(name)) or other.text.endswith(f"- {name}")


def _credit(found: Sequence[Evidence], states: Sequence[int], i: int, known: dict[str, bool]) -> Label:
    kind = "source" if _is_outlet_here(found, states, i, known) else "byline"
    return Label(HEADER, kind, f"{kind}-by-place")
