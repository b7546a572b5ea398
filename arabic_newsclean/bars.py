"""What a block cannot be: by the rule that caught it, by its date or its prose, and by what the whole page shows.

The walk through the page is found among what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise, takewhile
from typing import Final

from arabic_newsclean import kind
from arabic_newsclean.context import AT
from arabic_newsclean.judge import SENTENCE, Evidence, cut_alike
from arabic_newsclean.kept import compiled
from arabic_newsclean.lines import SAME_LINE
from arabic_newsclean.model import HEADER, NOISE
from arabic_newsclean.names import is_person
from arabic_newsclean.rules import WHOLE
from arabic_newsclean.stretch import BELOW
from arabic_newsclean.walk import (
    ASIDE,
    BODY,
    BYLINE,
    CAPTION,
    CATEGORY,
    CREDITED,
    DATE,
    DATED,
    DECK,
    HEADLINE,
    KICKER,
    LOOKS,
    OTHER,
    SIGNED,
    SOURCE,
    STRIP,
    SUB,
    TAIL,
    TOP,
)


def bars(sequence: Sequence[Evidence], what: int | None, *, gentle: bool) -> list[tuple[int, ...]]:
    """For each block the looks it cannot have: by its own evidence, and by what the whole page shows.

    On a ``gentle`` page nothing says that it holds more than an article (see `witnessed`): nothing is noise, and no
    paragraph is a header's.
    """
    if what == kind.OTHER and not gentle:
        return [_ARTICLES if e.sort in ENTRIES else (*_ARTICLES, TOP) for e in sequence]
    whole: tuple[int, ...] = _NOISE_LOOKS if gentle else ()
    if what == kind.ARTICLE or _told(sequence):
        whole += (OTHER,)
    in_arabic = any(e.prose for e in sequence)
    dated = max((i for i, e in enumerate(sequence) if e.moment is not None), default=-1)
    out = []
    for i, evidence in enumerate(sequence):
        own = whole + barred(evidence)
        if in_arabic and evidence.sort == "foreign":
            own += (HEADLINE, KICKER, DECK)  # an Arabic article has its headline in Arabic
        if evidence.prose and evidence.main in ("first", "in", "only"):
            own += (TAIL,)  # the article goes on here, if it has begun
        if evidence.sort == "item-date" and evidence.main in BELOW:
            own += (BODY, SUB)  # another story's, and what stands around it too
        out.append(own + _gently(evidence, above_date=i < dated <= i + 2) if gentle else own)
    return out


def witnessed(found: Sequence[Evidence]) -> bool:
    """Whether anything in a dump says that it holds more than an article.

    By their places alone, lines of a poem look like a strip of headlines. Where no label, no strip, no teaser and no turn
    of headlines and texts is seen, nothing is taken.
    """
    seen = [evidence for evidence in found if not evidence.inline]
    teasers = [b for a, b in pairwise(seen) if a.sort in _HEADS and b.text.endswith(("...", "…")) and len(b.text) >= SENTENCE]
    runs = (list(run) for is_teaser, run in groupby(seen, key=lambda e: e.sort == "teaser") if is_teaser)
    if len(teasers) >= 2 or any(map(cut_alike, runs)):
        return True
    end = gaps = 0
    for evidence in found:
        if evidence.sure and evidence.rule is not None and evidence.rule.part == NOISE and not evidence.inline:
            return True
        if evidence.block.gap == SAME_LINE and not (evidence.inline or bulleted(evidence)) and evidence.block.start - end > 2:
            gaps += 1  # more than the space between two sentences, and no item of a list; one stands before a signature too
        if gaps > 1:
            return True
        end = evidence.block.end
        if evidence.facts and evidence.facts[AT["weave"]] == "woven":
            return True
    return False


#: What stands above the teaser of another story: its headline, its section or its date. Writers' own dots follow prose.
_HEADS: Final = ("line", "question", "date", "item-date", "hint", "label", "short")
#: So many lines without a label, one in four of which ends like a sentence, are a story told in short lines.
TOLD: Final = 6
_SAID: Final = frozenset(("prose", "stopped", "question", "colon", "dotted"))
#: So many lines without a label, most of them of some words and shorter than a headline, are a poem, where a page has no
#: more labels than this: a listing has.
VERSES, WORDS, VERSE, FURNISHED = 8, 3, 45, 3


def _told(sequence: Sequence[Evidence]) -> bool:
    """Whether a page holds a story in lines too short for prose, or a poem: no listing prints its lines so."""
    start = list(takewhile(lambda e: not e.label, sequence))
    ends = sum(e.sort in _SAID or e.text[-1] in "»”" for e in start)
    if len(start) >= TOLD and 4 * ends >= len(start):
        return True
    if sum(e.sure for e in sequence) > FURNISHED:
        return False
    runs = (list(run) for plain, run in groupby(sequence, key=lambda e: not e.label and not bulleted(e)) if plain)
    return any(3 * sum(map(_is_verse, run)) >= 2 * len(run) for run in runs if len(run) >= VERSES)


def _is_verse(evidence: Evidence) -> bool:
    return len(evidence.text) < VERSE and evidence.text.count(" ") + 1 >= WORDS


def _gently(evidence: Evidence, *, above_date: bool) -> tuple[int, ...]:
    """What a block cannot be on a page where nothing says that it holds more than an article: doubt keeps text."""
    if evidence.prose and len(evidence.text) >= LONG:
        return _HEADER_LOOKS
    out: tuple[int, ...] = (KICKER, DECK) if evidence.sort in ("prose", "stopped", "cut") and not above_date else ()
    if evidence.rule is None or evidence.facts[AT["script"]] == "latin":
        out += (SIGNED, CREDITED)  # the last line of a text that nothing stands below
        if evidence.rule is None and evidence.facts[AT["name"]] not in ("person", "outlet", "both"):
            out += (BYLINE, SOURCE)
    return out


#: What the header of a page without any label holds is shorter than this.
LONG: Final = 120


def barred(evidence: Evidence) -> tuple[int, ...]:
    """The looks that a block's own rule, its date or its prose rules out."""
    rule = evidence.rule
    if rule is not None and not rule.hint:
        if rule.part == NOISE:
            return _NOT_NOISE
        if rule.part == HEADER and rule.kind in LOOKS:
            only = (LOOKS.index(rule.kind), _AFTER_BODY.get(rule.kind))
            return (BODY, SUB, *(look for look in _HEADER_LOOKS if look not in only))
    if evidence.moment is not None and evidence.sort != "item-date":
        return _NOT_DATED
    if rule is not None and rule.kind == "category" and evidence.how == WHOLE:
        return (HEADLINE, DECK, DATE, DATED)
    if rule is not None and (
        rule.name in _NO_NAMES or (rule.name == "staff-board" and is_person(_COLON.split(evidence.text)[-1]))
    ):
        return _HEADER_LOOKS
    if evidence.sort == "line" and _repeats(evidence.text):
        return (HEADLINE, KICKER, DECK)
    undated = evidence.moment is None and (rule is None or rule.kind != "date")
    if undated and _DIGIT.search(evidence.text, 0, DATED_TO) is None:
        return (DATE, DATED, *(_NOT_PROSE if _is_sentence(evidence) else ()))
    return _NOT_PROSE if _is_sentence(evidence) else ()


def _repeats(text: str) -> bool:
    """Whether a line says one word three times, as the sections of a menu do: أخبار محلية أخبار عربية أخبار دولية."""
    words = [word.removeprefix("ال") for word in text[:MENU].split() if len(word) > MINOR]
    return len(words) > 3 and len(words) - len(set(words)) >= 2 and max(Counter(words).values()) >= 3


#: Words of so few letters are in every line; so much of a line shows whether it is a menu.
MINOR, MENU = 3, 400


#: So much of a line is searched for the digits of a date.
DATED_TO: Final = 140
_DIGIT: Final = compiled(r"\d")


def _is_sentence(evidence: Evidence) -> bool:
    return evidence.sort == "prose" and (evidence.text[-1] not in "؟!?" or len(evidence.text) >= LONG)


#: Between the office of who heads a paper and his name; a headline says there what he says.
_COLON: Final = compiled(r"\s*[:/]\s*")
#: Rules whose lines hold nothing that a header could.
_NO_NAMES: Final = ("lone-sign", "form-field", "bare-number")
_HEADER_LOOKS: Final = (CATEGORY, KICKER, HEADLINE, DECK, BYLINE, SOURCE, DATE, SIGNED, CREDITED, DATED)
_NOT_NOISE: Final = (*_HEADER_LOOKS, BODY, SUB)
_NOISE_LOOKS: Final = (TOP, STRIP, CAPTION, ASIDE, TAIL, OTHER)
#: What the entries of a menu are at first sight; on a page without an article all else is other stories.
ENTRIES: Final = ("short", "hint", "label", "foreign", "date")
#: What a page without an article has none of.
_ARTICLES: Final = tuple(look for look in range(len(LOOKS)) if look not in (TOP, OTHER))
_AFTER_BODY: Final = {"byline": SIGNED, "source": CREDITED, "date": DATED}
_NOT_DATED: Final = tuple(look for look in _HEADER_LOOKS if look not in (DATE, DATED))
#: A paragraph with its full stop is the article's, if anything, or a deck.
_NOT_PROSE: Final = (SUB, *(look for look in _HEADER_LOOKS if look not in (DECK, BYLINE, SIGNED)))


def bulleted(evidence: Evidence) -> bool:
    return not evidence.text[0].isalnum() and evidence.text[0] not in '"“«('
