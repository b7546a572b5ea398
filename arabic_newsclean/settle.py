"""Evidence to labels: part, kind and rule for every block, once the walk through the page is known.

The walk says what each block looks like from its place in the page. A block that a rule caught outright keeps that
rule's part and kind; any other gets what its place and the label above it say.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from arabic_newsclean.context import AT
from arabic_newsclean.echoes import ECHOED
from arabic_newsclean.headers import CRAWLED, mend
from arabic_newsclean.judge import REMEMBERED, Evidence
from arabic_newsclean.kept import compiled
from arabic_newsclean.lines import SAME_LINE
from arabic_newsclean.model import BODY, HEADER, NOISE, Label, Rule
from arabic_newsclean.models import Models
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
    formed = False
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
            elif opened and look not in (TOP, STRIP) and _ends(opened, found, i, out, formed=formed):
                opened = None
            label = _noise(evidence, look, opened)
            if label.rule in _ASKED and evidence.folded and (named := _named(evidence.folded, rules)) is not None:
                label = Label(NOISE, named.kind, named.name)
            if i and (_heads_paper(found[i - 1], evidence) or _owns(found[i - 1], evidence, last=i == len(found) - 1)):
                label = Label(NOISE, "legal", "under-label")
        if label.kind == "comments" and label.rule != "under-label":
            formed = label.rule in _FORMS
        out.append(label)
    _number_pages(found, out)
    _name_tags(found, out)
    _unfold_decks(found, out)
    mend(found, out)
    return [label if label.rule in rules.by_name else Label(BODY, None, "body-line") for label in out]


def _number_pages(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take numbers that count up, line by line, for the pages of a listing, with the signs around them."""
    start = 0
    while start < len(labels):
        end = start
        while end < len(labels) and labels[end].part == NOISE and _PAGE.fullmatch(found[end].text):
            end += 1
        numbers = [int(evidence.text) for evidence in found[start:end] if evidence.text.isdecimal()]
        if len(numbers) >= ROW and all(one < other for one, other in pairwise(numbers)):
            labels[start:end] = [Label(NOISE, "navigation", "page-numbers")] * (end - start)
        start = max(end, start + 1)


def _name_tags(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Take short lines below the article for its tags where it says most of them: a menu names what it is not about."""
    body = [i for i, label in enumerate(labels) if label.part == BODY]
    article = ""
    start = body[-1] + 1 if body else len(labels)
    while start < len(labels):
        end = start
        while end < len(labels) and _may_be_tag(found[end], labels[end]):
            end += 1
        if end - start in TAGS:
            article = article or "\n".join(found[i].text for i in body)[:ECHOED]
            said = sum(found[i].text.strip("#*•- ") in article for i in range(start, end))
            if said >= SAID * (end - start):
                labels[start:end] = [Label(NOISE, "tags", "tags-below-article")] * (end - start)
        start = max(end, start + 1)


#: An article has so many tags, and says so many of them.
TAGS, SAID = range(2, 16), 0.6
#: The rules of places below an article that only guess what stands there, and the kinds they guess.
_UNSURE: Final = ("menu-after-article", "tags-below-article", "after-article", "under-label")
_GUESSED: Final = ("navigation", "related", "tags")


def _may_be_tag(evidence: Evidence, label: Label) -> bool:
    guessed = label.rule in _UNSURE and label.kind in _GUESSED and (label.rule, label.kind) != ("under-label", "tags")
    return (
        guessed and evidence.sort in ("short", "hint", "foreign") and len(evidence.text) < TAG and evidence.text[-1].isalpha()
    )


_PAGE: Final = compiled(r"\d{1,4}|[.…]{1,3}|[‹›«»<>]{1,2}")


def _unfold_decks(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Give short paragraphs back to the body: a deck that is longer than its article is the article.

    A sentence right above a box of other stories is, too: such boxes stand in the article.
    """
    for i, (label, below) in enumerate(pairwise(labels)):
        if label.kind == "deck" and found[i].sort == "prose" and (below.part, below.kind) == (NOISE, "related"):
            labels[i] = _body(found[i], IN_BODY)
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


def _ends(opened: str, found: Sequence[Evidence], i: int, labels: Sequence[Label], *, formed: bool) -> bool:
    """Whether the block that a label opened has ended above a line that no label is: by what it is, another box has begun.

    Of comments the last label above may have been one of a form: ``formed``.
    """
    if opened == "tags":
        return _is_no_tag(found[i], labels[-1])
    if opened == "comments" and found[i].sort in _ITEMS and _FIELD.search(found[i].text) is None:
        return formed  # no comments stand below the form
    return _is_menu(found, i)


#: An empty field of a form, as a browser for terminals prints it, or the star of one that must be filled in.
_FIELD: Final = compiled(r"\[ *\]|\*$")


def _is_menu(found: Sequence[Evidence], i: int) -> bool:
    """Whether the names of so many sections begin here that they are a menu: between the stories of a list stands one."""
    names = [e for e in found[i : i + ROW] if e.label in ("category?", "navigation?")]
    return len(names) == ROW and not any(e.rule is not None and e.rule.name in _FORMS for e in names)


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
#: Kinds that end the block another label opened.
_CLOSERS: Final = frozenset(("comments", "legal", "promo", "navigation", "tags", "share"))
#: The rules of a comment form's fields and buttons.
_FORMS: Final = ("comment-form", "form-field")
#: Labels that stand between the items of a block and do not end it.
_BETWEEN_ITEMS: Final = ("read-more",)


def _noise(evidence: Evidence, look: int, opened: str | None) -> Label:
    rule = evidence.rule
    if rule is not None and rule.part == NOISE and (opened is None or rule.kind == opened):
        return Label(NOISE, rule.kind, rule.name)
    if look in (TAIL, OTHER) and opened != "tags" and _is_row(evidence.text):
        return Label(NOISE, "navigation", "menu-after-article" if look == TAIL else "menu-without-article")
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


def _is_row(text: str) -> bool:
    """Whether a line is a menu in a row: من نحن | اتصل بنا | سياسة الخصوصية. Headlines that stand so are longer."""
    entries = text.split("|")
    return len(entries) >= ROW and max(map(len, entries)) <= ENTRY + 2


#: A row of a menu has so many entries, which may have a space on both sides.
ROW: Final = 3


def _is_no_headline(evidence: Evidence) -> bool:
    """Whether a line of a listing is too short for a headline, and no date and no text stands below it."""
    return evidence.sort == "line" and len(evidence.text) < HEADLINES and evidence.facts[AT["after"]] not in _STORY


#: What stands below the headline of a story in a listing.
_STORY: Final = ("date", "date?", "item-date", "teaser", "prose", "cut", "dotted", "related")


def _body(evidence: Evidence, look: int) -> Label:
    if look == SUB:
        return Label(BODY, "sub", "body-subheading")
    return Label(BODY, None, "body-prose" if evidence.prose else "body-line")
