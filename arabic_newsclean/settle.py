"""Evidence to labels: part, kind and rule for every block, once the walk through the page is known.

The walk says what each block looks like from its place in the page. A block that a rule caught outright keeps that
rule's part and kind; any other gets what its place and the label above it say.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from arabic_newsclean import arabic
from arabic_newsclean.context import AT
from arabic_newsclean.judge import REMEMBERED, Evidence
from arabic_newsclean.lines import SAME_LINE
from arabic_newsclean.model import BODY, HEADER, NOISE, Label, Rule
from arabic_newsclean.models import Models
from arabic_newsclean.names import is_name, is_outlet
from arabic_newsclean.places import HEADLINES, places
from arabic_newsclean.rules import WHOLE, RuleSet
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
#: The rules of places that rules of the `kind_only` are asked after. Between headlines and captions they are not.
_ASKED: Final = ("before-article", "inside-body", "after-article", "no-article", "menu-after-article", "under-label")
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
    for evidence, look in zip(found, looks, strict=True):
        evidence.look = look
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
            if rule.closes:
                opened = None
            elif _opens(found, i):
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
            if look == CATEGORY and rule is None and out and out[-1].kind == "category" and evidence.text.count(" ") >= PHRASE:
                look = KICKER  # the section was said; a page says it in a word or two
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
            elif opened == "tags" and _is_no_tag(evidence, out[-1]):
                opened = None
            label = _noise(evidence, look, opened)
            if label.rule in _ASKED and evidence.folded and (named := _named(evidence.folded, rules)) is not None:
                label = Label(NOISE, named.kind, named.name)
            if i and (_heads_paper(found[i - 1], evidence) or _owns(found[i - 1], evidence, last=i == len(found) - 1)):
                label = Label(NOISE, "legal", "under-label")
        out.append(label)
    _unfold_decks(found, out)
    _find_headline(found, out)
    _find_date(found, out)
    _leave_masthead(found, out)
    _find_category(found, out)
    _find_byline(found, out)
    _find_source(found, out)
    return [label if label.rule in rules.by_name else Label(BODY, None, "body-line") for label in out]


#: On so many lines above the headline a date is the article's; on those before them it is the masthead's.
CLOSE: Final = 2
#: How many blocks above the headline the line with section and date may stand, share buttons between.
ABOVE: Final = 10


def _find_headline(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take a line for the headline where none was found: a dump's first, or the longest just above the body.

    The first where the body begins with it and it does not read like a sentence. The longest where it was taken for an entry
    of a menu and has no bullet.
    """
    body = [i for i, label in enumerate(labels) if label.part == BODY]
    if len(body) < 2 or any(label.kind == "headline" for label in labels):
        return
    first = found[body[0]]
    if body[0] == 0 and (found[1].block.gap >= 1 or _is_signature(found, 1)):
        fits = first.rule is None and first.sort in ("line", "short", "question") and len(first.text) in TITLE
        if (
            fits
            and first.facts
            and first.facts[AT["start"]] not in ("verb", "and", "،")
            and first.facts[AT["group"]] != "prose"
        ):
            labels[0] = Label(HEADER, "headline", "headline")
    for i in range(body[0]):
        if labels[i].rule == "before-article" and found[i].facts[AT["rank"]] == "longest" and _may_be_title(found[i]):
            labels[i] = Label(HEADER, "headline", "headline")


def _may_be_title(evidence: Evidence) -> bool:
    """Whether a line above the body has what a headline has: some length or words of the article, and no bullet."""
    if evidence.facts[AT["start"]] not in ("", '"') or len(evidence.text) not in TITLE:
        return False
    return evidence.sort in ("line", "question") or (
        evidence.sort == "short" and evidence.facts[AT["echo"]] not in ("", "none")
    )


#: A headline has at least and at most so many characters.
TITLE: Final = range(10, 151)


def _find_date(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take what looks like the article's date for it, where no better one was found: a date between headline and body.

    Or one without a day of the week, which mastheads print, on the last lines above the headline, signs and buttons aside.
    Or a line that names section and date, just above the header: menus name no section with a date.
    """
    headers = [i for i, label in enumerate(labels) if label.part == HEADER]
    title = next((i for i in headers if labels[i].kind == "headline"), None)
    if title is None or any(labels[i].kind == "date" and found[i].moment is not None for i in headers):
        return
    body = next((i for i, label in enumerate(labels) if i > title and label.part == BODY), title)
    below = [i for i in range(title + 1, body) if found[i].label in ("date", "date?")]
    above = [i for i in range(title - 1, max(-1, title - ABOVE), -1) if found[i].label == "date?"]
    lines = [i for i in range(max(0, title - ABOVE), title) if labels[i].kind not in _BETWEEN]
    near = [i for i in lines[-CLOSE:] if found[i].label == "date" and arabic.WEEKDAYS.isdisjoint(_words(found[i].text))]
    for i in (*below, *near[::-1], *above):
        if found[i].moment is not None and labels[i].part == NOISE:
            labels[i] = Label(HEADER, "date", "date-line")
            if i < title:
                return


def _words(text: str) -> list[str]:
    return [arabic.bare(word) for word in arabic.fold(text).split()]


def _leave_masthead(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Give a date above the headline back to the masthead, which prints today's, where another stands below the headline.

    The same where a menu or a strip stands below it, and another date beside the header.
    """
    kinds = [label.kind if label.part == HEADER else None for label in labels]
    if "headline" not in kinds:
        return
    body = next((i for i, label in enumerate(labels) if i > kinds.index("headline") and label.part == BODY), len(labels))
    title = max(i for i, kind in enumerate(kinds[:body]) if kind == "headline")  # the last: the page's title says it before
    bare = [i for i, kind in enumerate(kinds) if kind == "date" and found[i].rule is None and found[i].moment is not None]
    if any(title < i < body and (moment := found[i].moment) is not None and moment.date for i in bare):
        for i in bare:
            if i < title:
                labels[i] = Label(NOISE, "navigation", "before-article")
    start = _below_furniture(labels, body)
    if any(start <= i < body and (moment := found[i].moment) is not None and moment.date for i in bare):
        for i in range(min(start, title)):
            if labels[i].kind == "date" and found[i].rule is None and not found[i].folded.startswith(CRAWLED):
                labels[i] = Label(NOISE, "navigation", "before-article")


#: So many entries of a menu or a strip in a row part the masthead from the header.
FURNITURE: Final = 3


def _below_furniture(labels: Sequence[Label], body: int) -> int:
    """Where the lines begin between the last menu or strip above the body and the body."""
    run = 0
    for i in range(body - 1, -1, -1):
        run = run + 1 if labels[i].kind in ("navigation", "ticker", "related") else 0
        if run == FURNITURE:
            return i + FURNITURE
    return 0


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


def _find_byline(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take a line between headline and body that says who wrote for the by-line, where no better one was found.

    Or a line just above the body, or the body's first, that is a person's name, with an outlet's at most.
    """
    kinds = [label.kind if label.part == HEADER else None for label in labels]
    body = next((i for i, label in enumerate(labels) if label.part == BODY), None)
    if "byline" in kinds or body is None:
        return
    title = kinds.index("headline") if "headline" in kinds else None
    if title is not None:
        for i in range(title + 1, body):
            rule = found[i].rule
            if labels[i].part == NOISE and rule is not None and rule.name in _WROTE:
                labels[i] = Label(HEADER, "byline", rule.name)
                return
    above = next((i for i in range(body - 1, -1, -1) if labels[i].kind not in _BETWEEN), None)
    if above is not None and above != title and labels[above].kind == "navigation" and _is_signature(found, above):
        labels[above] = Label(HEADER, "byline", "byline-by-place")
    elif (above is None or labels[above].part == HEADER) and _is_signature(found, body):
        labels[body] = Label(HEADER, "byline", "byline-by-place")


def _is_signature(found: Sequence[Evidence], i: int) -> bool:
    """Whether a line names a person, and the next does not: of several names none is the author's.

    A name before a colon is one who speaks.
    """
    names = [bool(e.facts) and e.rule is None and e.facts[AT["name"]] in ("person", "both") for e in found[i : i + 2]]
    return names == [True, False] and not (found[i].sort == "colon" and found[i].facts[AT["name"]] == "person")


def _find_source(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take the short line below a label that only says that a source follows for the source."""
    for i, after in enumerate(found[1:], 1):
        label = found[i - 1]
        alone = label.rule is not None and label.rule.name == "source-label" and label.how == WHOLE
        if alone and labels[i - 1].kind == "source" and not label.folded.endswith(_SAID):
            announced = label.text.endswith(":") or is_outlet(after.text)
            if announced and after.rule is None and labels[i].part == NOISE and is_name(after.text):
                labels[i] = Label(HEADER, "source", "source-by-place")
            return


#: What a label of a source ends with that no name follows.
_SAID: Final = ("وكالات", "منقول")
#: The rules of by-lines that say so in words.
_WROTE: Final = ("byline-wrote", "byline-by", "byline-label")


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
_ITEMS: Final = frozenset(
    ("line", "dotted", "teaser", "strip", "prose", "cut", "stopped", "question", "colon", "date", "item-date")
)


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


def _is_no_tag(evidence: Evidence, before: Label) -> bool:
    """Whether a line below tags is too long to be one more: another box has begun.

    Where all tags stand in one line, it is the first.
    """
    return before.rule == "under-label" and len(evidence.text) >= TAG and "](" not in evidence.text


#: A tag is shorter than this.
TAG: Final = 30


@lru_cache(REMEMBERED)
def _named(folded: str, rules: RuleSet) -> Rule | None:
    """The rule that names the kind of a line that its place has made noise: a site's furniture is the same on every page."""
    return rules.kind(folded)


#: Another story's first paragraph is at least this long; a headline is not.
TEASER: Final = 90
#: How a crawler's own date begins, which it prints before the page: date 2025-09-23.
CRAWLED: Final = "date "
#: Kinds that end the block another label opened.
_CLOSERS: Final = frozenset(("comments", "legal", "promo", "navigation", "tags", "share"))
#: Labels that stand between the items of a block and do not end it.
_BETWEEN_ITEMS: Final = ("read-more",)


def _noise(evidence: Evidence, look: int, opened: str | None) -> Label:
    rule = evidence.rule
    if rule is not None and rule.part == NOISE and (opened is None or rule.kind == opened):
        return Label(NOISE, rule.kind, rule.name)
    if opened and (look in (TAIL, ASIDE, OTHER) or evidence.sort in _ITEMS):
        return Label(NOISE, opened, "under-label")
    if look == STRIP and evidence.sort in ("hint", "short", "label"):
        look = TOP  # sections between the headlines of a strip
    if look == OTHER and (_is_entry(evidence) or evidence.sort in _BRIEF or _is_no_headline(evidence)):
        return Label(NOISE, "navigation", "menu-without-article")
    if look == TAIL and (_is_entry(evidence) or evidence.sort in _BRIEF):
        below = evidence.sort == "short" and not _is_entry(evidence) and evidence.facts[AT["since"]] == "prose"
        return Label(NOISE, "tags", "tags-below-article") if below else Label(NOISE, "navigation", "menu-after-article")
    name, kind = _BY_PLACE[look]
    if look == STRIP and evidence.sort in ("prose", "teaser") and len(evidence.text) >= TEASER and "." in evidence.text:
        name, kind = "teaser-before-article", "related"
    return Label(NOISE, kind, name)


def _heads_paper(before: Evidence, evidence: Evidence) -> bool:
    """Whether a line is the name that stands under the title of who edits or publishes the paper."""
    named = evidence.rule is None and bool(evidence.facts) and evidence.facts[AT["name"]] == "person"
    return named and before.rule is not None and before.rule.name == "staff-title" and before.how == WHOLE


def _owns(before: Evidence, evidence: Evidence, *, last: bool) -> bool:
    """Whether a line says whose the rights are that the line above reserves: all rights reserved, *to the paper*."""
    rights = before.rule is not None and before.rule.name == "rights" and evidence.rule is None and evidence.moment is None
    return rights and (last or (evidence.text.startswith(("ل", "©")) and len(evidence.text) <= OWNER))


#: What the headline of another story seldom is at first sight.
_BRIEF: Final = ("short", "foreign")
#: Who owns the rights is said in so many characters.
OWNER: Final = 60
#: A line with so many spaces is no section's name.
PHRASE: Final = 2
#: The entries of a menu are no longer than this.
ENTRY: Final = 25


def _is_entry(evidence: Evidence) -> bool:
    """Whether a line after the article looks like an entry of a menu: a section's name, or one of many short lines."""
    if evidence.label in ("category?", "navigation?"):
        return True
    return evidence.sort == "short" and len(evidence.text) < ENTRY and evidence.facts[AT["run"]] == "8+"


def _is_no_headline(evidence: Evidence) -> bool:
    """Whether a line of a listing is too short for a headline, and no date and no text stands below it."""
    return evidence.sort == "line" and len(evidence.text) < HEADLINES and evidence.facts[AT["after"]] not in _STORY


#: What stands below the headline of a story in a listing.
_STORY: Final = ("date", "date?", "item-date", "teaser", "prose", "cut", "dotted", "related")


def _body(evidence: Evidence, look: int) -> Label:
    if look == SUB:
        return Label(BODY, "sub", "body-subheading")
    return Label(BODY, None, "body-prose" if evidence.prose else "body-line")
