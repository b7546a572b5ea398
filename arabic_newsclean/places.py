"""The place of every block in the page: the best walk through it, and what no walk can see mended afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from arabic_newsclean import arabic, kind
from arabic_newsclean.bars import ENTRIES, bars, bulleted, witnessed
from arabic_newsclean.context import AT
from arabic_newsclean.judge import Evidence
from arabic_newsclean.models import Models
from arabic_newsclean.stretch import BELOW, IN_MAIN
from arabic_newsclean.walk import ASIDE, BODY, CAPTION, HEADLINE, LOOK, OTHER, STRIP, SUB, TAIL, TOP


def places(found: Sequence[Evidence], models: Models) -> list[int]:
    """What each block looks like by the best walk through the page."""
    sequence = [e for e in found if not e.inline]
    facts = [e.facts for e in sequence]
    what = kind.what(sequence, models.kind)
    gentle = not witnessed(found)
    walk = iter(models.page.walk(facts, bars(sequence, what, gentle=gentle)))
    looks = [ASIDE if e.inline else LOOK[next(walk)] for e in found]
    if looks and looks[-1] == OTHER:  # no article: what is no menu's entry is another story
        return [OTHER if look in (TOP, STRIP) and e.sort not in ENTRIES else look for e, look in zip(found, looks, strict=True)]
    _menus(found, looks)
    _lists(found, looks)
    _one_headline(found, looks, gentle=gentle)
    _paragraphs(found, looks)
    _mass(found, looks)
    _stories(found, looks)
    _end(found, looks)
    return looks


#: Rules of labels that stand about an article, and of lists of other stories. Below the first of either no article goes on
#: that has begun: on the annotated pages not one of a thousand stands amid the paragraphs, but for boxes that say their end.
_ABOUT: Final = (
    *("comment-prompt", "comment-count", "comment-policy", "comment-rules", "comment-gate", "forum-reply"),
    "tags-heading",
)
_OTHERS: Final = (
    *("latest-list", "most-read", "more-from", "editors-choice", "previous-next"),
    *("back-to-top", "rights", "powered-by"),
)
#: An article has begun with so many paragraphs, and is long enough for comments and tags with so many characters.
BEGUN, LONG = 2, 300


def _end(found: Sequence[Evidence], looks: list[int]) -> None:
    """Take what stands below a label that ends an article for other stories.

    Where more of the article stands below than above, the walk knows better, unless the label is about an article.
    """
    if any(evidence.rule is not None and evidence.rule.closes for evidence in found):
        return
    mass = sum(len(evidence.text) for evidence, look in zip(found, looks, strict=True) if look in (BODY, SUB))
    above = paragraphs = 0
    for i, evidence in enumerate(found):
        if looks[i] in (BODY, SUB):
            above += len(evidence.text)
            paragraphs += evidence.prose
        elif paragraphs >= BEGUN and not evidence.inline and evidence.sure and evidence.rule is not None:
            name = evidence.rule.name
            if (name in _ABOUT and above >= LONG) or (name in (*_ABOUT, *_OTHERS) and 2 * above > mass):
                looks[i:] = [TAIL if look in (BODY, SUB) else look for look in looks[i:]]
                return


def _stories(found: Sequence[Evidence], looks: list[int]) -> None:
    """Take what stands below the article's stretch, beside the dates of other stories or right under a label, for theirs.

    What stands under a label is the article's only if it holds a sentence.
    """
    start = 0
    while start < len(looks):
        end = start
        while end < len(looks) and looks[end] in (BODY, SUB) and found[end].main in BELOW:
            end += 1
        dated = any(0 <= i < len(found) and found[i].sort == "item-date" for i in (start - 1, end))
        listed = start > 0 and _opens(found[start - 1]) and not any(e.prose or e.sort == "stopped" for e in found[start:end])
        if end > start and (dated or listed):
            looks[start:end] = [TAIL] * (end - start)
        start = max(end, start + 1)


def _paragraphs(found: Sequence[Evidence], looks: list[int]) -> None:
    """Give paragraphs below the headline back to the article they begin: strips, menus and most captions are no sentences."""
    if HEADLINE not in looks or BODY not in looks:
        return
    below = range(looks.index(HEADLINE) + 1, looks.index(BODY))
    for i in takewhile(lambda i: not _opens(found[i]), below):
        if looks[i] in (TOP, STRIP) and found[i].sort == "prose":
            looks[i] = BODY  # the article has begun: what a label opens stands below it
    for i in range(looks.index(HEADLINE), looks.index(BODY)):
        sentence = found[i].sort == "prose" or (looks[i] == CAPTION and found[i].sort == "stopped" and found[i].rule is None)
        if looks[i] in (TOP, STRIP, CAPTION) and sentence and found[i].main in IN_MAIN:
            looks[i] = BODY
    begun = looks.index(BODY)
    for i in takewhile(lambda i: not found[i].sure, range(begun + 1, below.stop)):
        if looks[i] in (TOP, STRIP, CAPTION):
            looks[i] = BODY  # the cells of a table, and what is said above it


def _opens(evidence: Evidence) -> bool:
    """Whether a block is a label that says what stands below it."""
    return evidence.rule is not None and evidence.rule.opens and not evidence.rule.hint


def _mass(found: Sequence[Evidence], looks: list[int]) -> None:
    """Give the paragraphs of the main stretch back to an article that is smaller than what was taken from there."""
    taken = [
        i
        for i, (evidence, look) in enumerate(zip(found, looks, strict=True))
        if look in (TOP, STRIP, CAPTION) and evidence.prose and evidence.main in IN_MAIN and evidence.rule is None
    ]
    body = sum(len(evidence.text) for evidence, look in zip(found, looks, strict=True) if look == BODY)
    if 0 < body < sum(len(found[i].text) for i in taken):
        for i in taken:
            looks[i] = BODY


def _one_headline(found: Sequence[Evidence], looks: list[int], *, gentle: bool) -> None:
    """Give what the walk took for a second headline back to the article: only the same words are one again.

    Where chrome stands around, a line without a full stop may be one: the page's title, or another picture's text.
    """
    titles = [i for i, look in enumerate(looks) if look == HEADLINE]
    for i in titles[1:]:
        same = arabic.bare(found[i].folded) == arabic.bare(found[titles[0]].folded)
        if not same and (gentle or found[i].sort in ("stopped", "prose")):
            looks[i] = BODY


#: So many lines make a list.
LISTED: Final = 3


def _lists(found: Sequence[Evidence], looks: list[int]) -> None:
    """Give a list that goes on from the article back to it: lines built alike below prose, with no label between."""
    for start in range(1, len(looks)):
        if looks[start] not in (ASIDE, TAIL) or looks[start - 1] not in (BODY, SUB):
            continue
        end = start
        while end < len(looks) and looks[end] in (ASIDE, TAIL) and _plain(found[end]):
            end += 1
        alike = sum(e.facts[AT["alike"]] in ("1", "2") for e in found[start:end])
        if end - start >= LISTED and 2 * alike >= end - start:
            looks[start:end] = [BODY] * (end - start)


def _plain(evidence: Evidence) -> bool:
    """Whether a block bears no label and none stands between it and the prose before it."""
    return evidence.rule is None and evidence.moment is None and bool(evidence.facts) and evidence.facts[AT["since"]] == "prose"


#: The headlines of a strip are this long, most of them; the entries of a menu are shorter. A strip has more than a few.
HEADLINES: Final = 40
FEW: Final = 6


def _menus(found: Sequence[Evidence], states: list[int]) -> None:
    """Give a strip of short entries back to the menu it goes on from: the same bullets, or plain entries on both sides."""
    start = 0
    while start < len(states):
        end = start
        while end < len(states) and states[end] == STRIP:
            end += 1
        if end > start and start > 0 and states[start - 1] == TOP:
            lengths = sorted(len(e.text) for e in found[start:end])
            listed = bulleted(found[start - 1]) and bulleted(found[start])
            amid = end - start <= FEW and _is_entry(found[start - 1]) and end < len(states) and _is_entry(found[end])
            if lengths[len(lengths) // 2] < HEADLINES and (listed or (amid and states[end] == TOP)):
                states[start:end] = [TOP] * (end - start)
        start = max(end, start + 1)


def _is_entry(evidence: Evidence) -> bool:
    return evidence.sort in ("short", "line") or (
        evidence.rule is not None and evidence.rule.kind in ("category", "navigation")
    )
