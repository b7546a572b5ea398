"""Evidence to labels: part, kind and rule for every block, once the walk through the page is known.

The walk says what each block looks like from its place in the page. A block that a rule caught outright keeps that
rule's part and kind; any other gets what its place and the label above it say.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise, takewhile
from typing import Final

from arabic_newsclean import arabic, kind
from arabic_newsclean.context import AT, cut_alike
from arabic_newsclean.judge import SENTENCE, Evidence
from arabic_newsclean.lines import SAME_LINE
from arabic_newsclean.model import BODY, HEADER, NOISE, Label
from arabic_newsclean.models import Models
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.walk import (
    ASIDE,
    BYLINE,
    CAPTION,
    CATEGORY,
    CREDITED,
    DATE,
    DATED,
    DECK,
    HEADLINE,
    KICKER,
    LOOK,
    LOOKS,
    OTHER,
    SIGNED,
    SOURCE,
    STRIP,
    SUB,
    TAIL,
    TOP,
)
from arabic_newsclean.walk import BODY as IN_BODY

#: What an unmarked block is by its place alone: the rule (see rules/place.toml) and the kind.
_BY_PLACE: Final = {
    TOP: ("before-article", "navigation"),
    STRIP: ("strip-before-article", "ticker"),
    CAPTION: ("between-header-and-body", "caption"),
    ASIDE: ("inside-body", "related"),
    TAIL: ("after-article", "related"),
    OTHER: ("no-article", "related"),
}
#: The same for the lines of the header and the credits below the body.
_HEADER: Final = {
    CATEGORY: ("category-first", "category"),
    KICKER: ("kicker-above", "kicker"),
    HEADLINE: ("headline", "headline"),
    DECK: ("deck-below", "deck"),
    BYLINE: ("byline-by-place", "byline"),
    SOURCE: ("source-by-place", "source"),
    DATE: ("date-line", "date"),
    SIGNED: ("byline-by-place", "byline"),
    CREDITED: ("source-by-place", "source"),
    DATED: ("date-line", "date"),
}


def settle(found: Sequence[Evidence], rules: RuleSet, models: Models) -> list[Label]:
    """The label of every block of a dump."""
    looks = places(found, models)
    out: list[Label] = []
    opened: str | None = None
    for i, (evidence, look) in enumerate(zip(found, looks, strict=True)):
        rule = evidence.rule
        if look in _HEADER or look in (IN_BODY, SUB):
            opened = None
        if evidence.inline and rule is None:
            label = Label(BODY, None, "body-line")  # the rule was disabled: doubt keeps text
        elif rule is not None and not rule.hint and rule.part == BODY:
            label = Label(BODY, rule.kind, rule.name)
        elif rule is not None and not rule.hint and rule.part == NOISE:
            label = Label(NOISE, rule.kind, rule.name)
            if _opens(found, i):
                opened = opened if _is_second_tab(found, i) else rule.kind
            elif (
                rule.kind in _CLOSERS
                and rule.name not in _BETWEEN_ITEMS
                and not evidence.inline
                and evidence.block.gap != SAME_LINE
            ):
                opened = opened if rule.kind == opened else None
            elif rule.kind == opened == "ticker" and not rule.opens:
                opened = None
        elif look in _HEADER:
            name, kind = _HEADER[look]
            same = rule is not None and rule.part == HEADER and rule.kind == kind
            label = Label(HEADER, kind, rule.name if rule is not None and same else name)
        elif look in (IN_BODY, SUB):
            label = _body(evidence, look)
        elif look == TOP and evidence.moment is not None and evidence.folded.startswith(CRAWLED):
            label = Label(HEADER, "date", "date-line")
        else:
            if _opens(found, i):
                opened = rule.kind if rule is not None else None
            label = _noise(evidence, look, opened)
        if label.rule not in rules.by_name:
            label = Label(BODY, None, "body-line")
        out.append(label)
    _unfold_decks(found, out)
    _find_date(found, out)
    _find_category(found, out)
    return out


def places(found: Sequence[Evidence], models: Models) -> list[int]:
    """What each block looks like by the best walk through the page."""
    sequence = [e for e in found if not e.inline]
    facts = [e.facts for e in sequence]
    what = kind.what(sequence, models.kind)
    walk = iter(models.page.walk(facts, bars(sequence, what)))
    looks = [ASIDE if e.inline else LOOK[next(walk)] for e in found]
    _menus(found, looks)
    _lists(found, looks)
    _one_headline(found, looks, gentle=not witnessed(sequence))
    return looks


def _one_headline(found: Sequence[Evidence], looks: list[int], *, gentle: bool) -> None:
    """Give what the walk took for a second headline back to the article: only the same words are one again.

    Where chrome stands around, a line without a full stop may be one: the page's title, or another picture's text.
    """
    titles = [i for i, look in enumerate(looks) if look == HEADLINE]
    for i in titles[1:]:
        same = arabic.bare(found[i].folded) == arabic.bare(found[titles[0]].folded)
        if not same and (gentle or found[i].sort in ("stopped", "prose")):
            looks[i] = IN_BODY


#: So many lines make a list.
LISTED: Final = 3


def _lists(found: Sequence[Evidence], looks: list[int]) -> None:
    """Give a list that goes on from the article back to it: lines built alike below prose, with no label between."""
    start = 0
    while start < len(looks):
        end = start
        while end < len(looks) and looks[end] in (ASIDE, TAIL) and _plain(found[end]):
            end += 1
        alike = sum(e.facts[AT["alike"]] in ("1", "2") for e in found[start:end])
        if end - start >= LISTED and start > 0 and looks[start - 1] in (IN_BODY, SUB) and 2 * alike >= end - start:
            looks[start:end] = [IN_BODY] * (end - start)
        start = max(end, start + 1)


def _plain(evidence: Evidence) -> bool:
    """Whether a block bears no label and none stands between it and the prose before it."""
    return evidence.rule is None and evidence.moment is None and bool(evidence.facts) and evidence.facts[AT["since"]] == "prose"


def bars(sequence: Sequence[Evidence], what: int | None) -> list[tuple[int, ...]]:
    """For each block the looks it cannot have: by its own evidence, and by what the whole page shows.

    On a page where nothing says that it holds more than an article, nothing is noise, and no paragraph is a header's.
    """
    if not sequence:
        return []
    gentle = not witnessed(sequence)
    whole: tuple[int, ...] = _NOISE_LOOKS if gentle else ()
    if what == kind.OTHER:
        whole += _ARTICLES
    elif what == kind.ARTICLE or _told(sequence):
        whole += (OTHER,)
    dated = max((i for i, e in enumerate(sequence) if e.moment is not None), default=-1)
    out = []
    for i, evidence in enumerate(sequence):
        own = whole + barred(evidence)
        if evidence.prose and evidence.main in ("first", "in", "only"):
            own += (TAIL,)  # the article goes on here, if it has begun
        out.append(own + _gently(evidence, above_date=i < dated <= i + 2) if gentle else own)
    return out


#: So many lines without a label, one in four of which ends like a sentence, are a story told in short lines.
TOLD: Final = 6
_SAID: Final = frozenset(("prose", "stopped", "question", "colon", "dotted"))


def _told(sequence: Sequence[Evidence]) -> bool:
    """Whether a page begins with a story in lines too short for prose, before any label: a listing ends no line so."""
    start = list(takewhile(lambda e: not e.label, sequence))
    ends = sum(e.sort in _SAID or e.text[-1] in "»”" for e in start)
    return len(start) >= TOLD and 4 * ends >= len(start)


def _gently(evidence: Evidence, *, above_date: bool) -> tuple[int, ...]:
    """What a block cannot be on a page where nothing says that it holds more than an article: doubt keeps text."""
    if evidence.prose and len(evidence.text) >= LONG:
        return _HEADER_LOOKS
    out: tuple[int, ...] = (KICKER, DECK) if evidence.sort in ("prose", "stopped", "cut") and not above_date else ()
    if evidence.rule is None and evidence.facts[AT["name"]] not in ("person", "outlet", "both"):
        out += (BYLINE, SOURCE, SIGNED, CREDITED)
    return out


def barred(evidence: Evidence) -> tuple[int, ...]:
    """The looks that a block's own rule, its date or its prose rules out."""
    rule = evidence.rule
    if rule is not None and not rule.hint:
        if rule.part == NOISE:
            return _NOT_NOISE
        if rule.part == HEADER and rule.kind in LOOKS:
            only = (LOOKS.index(rule.kind), _AFTER_BODY.get(rule.kind))
            return (IN_BODY, SUB, *(look for look in _HEADER_LOOKS if look not in only))
    if evidence.moment is not None and evidence.sort != "item-date":
        return _NOT_DATED
    if rule is None and evidence.moment is None and not any(map(str.isdigit, evidence.text[:DATED_TO])):
        return (DATE, DATED, *(_NOT_PROSE if _is_sentence(evidence) else ()))
    return _NOT_PROSE if _is_sentence(evidence) else ()


#: So much of a line is searched for the digits of a date.
DATED_TO: Final = 140


def _is_sentence(evidence: Evidence) -> bool:
    return evidence.sort == "prose" and (evidence.text[-1] not in "؟!?" or len(evidence.text) >= LONG)


_HEADER_LOOKS: Final = tuple(_HEADER)
_NOT_NOISE: Final = (*_HEADER_LOOKS, IN_BODY, SUB)
_NOISE_LOOKS: Final = (TOP, STRIP, CAPTION, ASIDE, TAIL, OTHER)
#: What a page without an article has none of.
_ARTICLES: Final = tuple(look for look in range(len(LOOKS)) if look not in (TOP, OTHER))
_AFTER_BODY: Final = {"byline": SIGNED, "source": CREDITED, "date": DATED}
_NOT_DATED: Final = tuple(look for look in _HEADER_LOOKS if look not in (DATE, DATED))
#: A paragraph with its full stop is the article's, if anything, or a deck.
_NOT_PROSE: Final = (SUB, *(look for look in _HEADER_LOOKS if look not in (DECK, BYLINE, SIGNED)))

#: What the header of a page without any label holds is shorter than this.
LONG: Final = 120


#: How many blocks above the headline the line with section and date may stand, share buttons between.
ABOVE: Final = 10


def _find_date(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take a line that names section and date, just above the header, for the header's: menus name no section with a date."""
    kinds = [label.kind if label.part == HEADER else None for label in labels]
    if "date" in kinds or "headline" not in kinds:
        return
    title = kinds.index("headline")
    for i in range(title - 1, max(-1, title - ABOVE), -1):
        if found[i].label == "date?" and found[i].moment is not None and labels[i].part == NOISE:
            labels[i] = Label(HEADER, "date", "date-line")
            return


def _find_category(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take a section's name beside a line of the header for its category: one that stands alone, or that a menu said before.

    In a menu other sections stand beside it; one that is printed again above the headline is the article's.
    """
    kinds = [label.kind if label.part == HEADER else None for label in labels]
    if "category" in kinds or "headline" not in kinds:
        return
    title = kinds.index("headline")
    body = next((i for i, label in enumerate(labels) if i > title and label.part == BODY), title)
    lines = [i for i in range(max(0, title - ABOVE), body + 1) if labels[i].kind not in _BETWEEN]
    for before, i, after in zip([-1, *lines], lines, lines[1:], strict=False):
        if labels[i].kind != "navigation" or kinds[after] not in ("date", "headline", "byline"):
            continue
        alone = found[i].label == "category?" and (before < 0 or labels[before].kind != "navigation")
        again = found[i].label in ("category?", "") and len(found[i].text) <= SECTION and _again(found, i)
        if alone or (again and (before < 0 or not _again(found, before))):
            rule = found[i].rule
            labels[i] = Label(HEADER, "category", rule.name if rule is not None else "category-first")
            return


def _again(found: Sequence[Evidence], i: int) -> bool:
    """Whether a line was printed before, bullets aside."""
    name = arabic.bare(found[i].folded)
    return any(arabic.bare(evidence.folded) == name for evidence in found[:i])


#: A section's name is no longer than this.
SECTION: Final = 26
#: What may stand between two lines of the header: signs and buttons.
_BETWEEN: Final = ("residue", "share", "counter")


def _unfold_decks(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Give short paragraphs back to the body: a deck that is longer than its article is the article."""
    decks = [i for i, label in enumerate(labels) if label.kind == "deck"]
    body = sum(len(e.text) for e, label in zip(found, labels, strict=True) if label.part == BODY)
    if sum(len(found[i].text) for i in decks) > body:
        for i in decks:
            labels[i] = _body(found[i], IN_BODY)


#: Kinds of first sight that the items of a list have; a menu's entries are shorter.
_ITEMS: Final = frozenset(("line", "dotted", "teaser", "prose", "cut", "stopped", "question", "colon", "date", "item-date"))


def _opens(found: Sequence[Evidence], i: int) -> bool:
    """Whether a block is a label with its items under it: latest news in a menu is an entry like the others."""
    rule = found[i].rule
    if rule is None or not rule.opens or rule.part != NOISE:
        return False
    if not rule.hint or rule.kind not in ("ticker", "related"):
        return True
    return i + 1 < len(found) and found[i + 1].sort in _ITEMS


def _is_second_tab(found: Sequence[Evidence], i: int) -> bool:
    """Whether two labels stand together as the tabs of one box, latest and most read: the items shown are the first's."""
    before = found[i - 1] if i else None
    return (
        before is not None and before.sure and before.label == "ticker" and found[i].label == "related" and _opens(found, i - 1)
    )


#: What stands above the teaser of another story: its headline, its section or its date. Writers' own dots follow prose.
_HEADS: Final = ("line", "question", "date", "item-date", "hint", "label", "short")


def witnessed(found: Sequence[Evidence]) -> bool:
    """Whether anything in a dump says that it holds more than an article.

    By their places alone, lines of a poem look like a strip of headlines. Where no label, no strip, no teaser and no turn
    of headlines and texts is seen, nothing is taken.
    """
    teasers = [b for a, b in pairwise(found) if a.sort in _HEADS and b.text.endswith(("...", "…")) and len(b.text) >= SENTENCE]
    runs = (list(run) for is_teaser, run in groupby(found, key=lambda e: e.sort == "teaser") if is_teaser)
    if len(teasers) >= 2 or any(map(cut_alike, runs)):
        return True
    end = 0
    for evidence in found:
        if evidence.sure and evidence.rule is not None and evidence.rule.part == NOISE and not evidence.inline:
            return True
        if evidence.block.gap == SAME_LINE and not evidence.inline and evidence.block.start - end > 2:
            return True  # more than the space between two sentences
        end = evidence.block.end
        if evidence.facts and evidence.facts[AT["weave"]] == "woven":
            return True
    return False


#: Another story's first paragraph is at least this long; a headline is not.
TEASER: Final = 90

#: How a crawler's own date begins, which it prints before the page: date 2025-09-23.
CRAWLED: Final = "date "

#: Kinds that end the block another label opened.
_CLOSERS: Final = frozenset(("comments", "legal", "promo", "navigation", "tags", "share"))


#: Labels that stand between the items of a block and do not end it.
_BETWEEN_ITEMS: Final = ("read-more",)


#: The headlines of a strip are this long, most of them; the entries of a menu are shorter.
HEADLINES: Final = 40


def _menus(found: Sequence[Evidence], states: list[int]) -> None:
    """Give a strip of short entries back to the menu it goes on from: the same bullets, no longer than a menu's."""
    start = 0
    while start < len(states):
        end = start
        while end < len(states) and states[end] == STRIP:
            end += 1
        if end > start and start > 0 and states[start - 1] == TOP:
            lengths = sorted(len(e.text) for e in found[start:end])
            if lengths[len(lengths) // 2] < HEADLINES and _bulleted(found[start - 1]) and _bulleted(found[start]):
                states[start:end] = [TOP] * (end - start)
        start = max(end, start + 1)


def _bulleted(evidence: Evidence) -> bool:
    return not evidence.text[0].isalnum() and evidence.text[0] not in '"“«('


def _noise(evidence: Evidence, look: int, opened: str | None) -> Label:
    rule = evidence.rule
    if rule is not None and rule.part == NOISE and (opened is None or rule.kind == opened):
        return Label(NOISE, rule.kind, rule.name)
    if opened and (look in (TAIL, ASIDE, OTHER) or evidence.sort in _ITEMS):
        return Label(NOISE, opened, "under-label")
    if look == STRIP and evidence.sort in ("hint", "short", "label"):
        look = TOP  # sections between the headlines of a strip
    if look in (TAIL, OTHER) and _is_entry(evidence):
        return Label(NOISE, "navigation", "menu-after-article")
    name, kind = _BY_PLACE[look]
    if look == STRIP and evidence.sort in ("prose", "teaser") and len(evidence.text) >= TEASER and "." in evidence.text:
        name, kind = "teaser-before-article", "related"
    return Label(NOISE, kind, name)


#: The entries of a menu are no longer than this.
ENTRY: Final = 25


def _is_entry(evidence: Evidence) -> bool:
    """Whether a line after the article looks like an entry of a menu: a section's name, or one of many short lines."""
    if evidence.label in ("category?", "navigation?"):
        return True
    return evidence.sort == "short" and len(evidence.text) < ENTRY and evidence.facts[AT["run"]] == "8+"


def _body(evidence: Evidence, look: int) -> Label:
    if look == SUB:
        return Label(BODY, "sub", "body-subheading")
    return Label(BODY, None, "body-prose" if evidence.prose else "body-line")
