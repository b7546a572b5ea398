"""Evidence to labels: part, kind and rule for every block, once the walk through the page is known.

`walk` says where in the page each block stands. A block that a rule caught outright keeps that rule's part and kind; a
block in the header gets its role from `header`; any other gets what its place and the label above it say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any, Final, NamedTuple

from arabic_newsclean import header
from arabic_newsclean.judge import FACTS, SENTENCE, Evidence, cut_alike
from arabic_newsclean.lines import SAME_LINE
from arabic_newsclean.model import BODY, HEADER, NOISE, Label
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.sequence import Walker
from arabic_newsclean.walk import ASIDE, CREDIT, HEAD, MID, OTHER, PAGE, STRIP, TAIL, TOP
from arabic_newsclean.walk import BODY as IN_BODY

#: What an unmarked block is by its place alone: the rule (see rules/place.toml) and the kind.
_BY_PLACE: Final = {
    TOP: ("before-article", "navigation"),
    STRIP: ("strip-before-article", "ticker"),
    ASIDE: ("inside-body", "related"),
    TAIL: ("after-article", "related"),
    OTHER: ("no-article", "related"),
}


class Walkers(NamedTuple):
    """What finds the places of blocks in a page, and what finds the roles of lines in a header."""

    page: Walker
    header: Walker

    @classmethod
    def of(cls, weights: Mapping[str, Any]) -> Walkers:
        """The walkers that go by a weights file's tables."""
        return cls(Walker(PAGE, weights["page"]), Walker(header.LINES, weights["header"]))


def settle(found: Sequence[Evidence], rules: RuleSet, walkers: Walkers) -> list[Label]:
    """The label of every block of a dump."""
    sequence, states = places(found, walkers.page)
    roles = header.roles(found, sequence, states, walkers.header, gentle=not witnessed(found))
    out: list[Label] = []
    opened: str | None = None
    for i, (evidence, state) in enumerate(zip(found, states, strict=True)):
        rule = evidence.rule
        if state in (HEAD, IN_BODY):
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
        elif (role := roles.get(i)) is not None:
            label = role
        elif state == IN_BODY:
            label = _body(found, i)
        elif state == TOP and evidence.moment is not None and evidence.folded.startswith(CRAWLED):
            label = Label(HEADER, "date", "date-line")
        else:
            if _opens(found, i):
                opened = rule.kind if rule is not None else None
            label = _noise(evidence, state, opened)
        if label.rule not in rules.by_name:
            label = Label(BODY, None, "body-line")
        out.append(label)
    _unfold_decks(found, out)
    _find_date(found, out)
    return out


def places(found: Sequence[Evidence], walker: Walker) -> tuple[list[int], list[int]]:
    """Where in the page each block stands: the blocks that the walk takes in, and the place of every block."""
    sequence = [i for i, e in enumerate(found) if not e.inline]
    taken: tuple[int, ...] = () if witnessed(found) else _NOISE_PLACES
    if any(e.main == "first" or e.main == "only" for e in found) and found[sequence[0]].facts[-1] == "":
        taken += (OTHER,)  # prose stands together somewhere: where it is not plain that it is no article, it is one
    bars = [barred(found[i]) + taken + (_NOT_AFTER if _goes_on(found[i]) else ()) for i in sequence]
    walk = walker.walk([found[i].facts for i in sequence], bars)
    place = dict(zip(sequence, walk, strict=True))
    states = [place.get(i, ASIDE) for i in range(len(found))]
    _menus(found, states)
    return sequence, states


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


def _unfold_decks(found: Sequence[Evidence], labels: list[Label]) -> None:
    """Give short paragraphs back to the body: a deck that is longer than its article is the article."""
    decks = [i for i, label in enumerate(labels) if label.kind == "deck"]
    body = sum(len(e.text) for e, label in zip(found, labels, strict=True) if label.part == BODY)
    if sum(len(found[i].text) for i in decks) > body:
        for i in decks:
            labels[i] = _body(found, i)


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
        if evidence.facts and evidence.facts[-1] == "woven":
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


def barred(evidence: Evidence) -> tuple[int, ...]:
    """The places a block cannot have: what a noise rule caught outright is neither header nor body."""
    if not evidence.sure or evidence.rule is None:
        return ()
    return _NOT_NOISE if evidence.rule.part == NOISE else _NOT_BODY if evidence.rule.part == HEADER else ()


_NOT_NOISE: Final = (HEAD, IN_BODY, CREDIT)
_NOISE_PLACES: Final = (TOP, STRIP, MID, ASIDE, TAIL, OTHER)
_NOT_BODY: Final = (IN_BODY,)
_NOT_AFTER: Final = (TAIL,)


def _goes_on(evidence: Evidence) -> bool:
    """Whether prose stands before the end of the stretch that holds most of it: the article goes on there, if it has begun."""
    return evidence.prose and evidence.main in ("first", "in", "only")


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


def _noise(evidence: Evidence, state: int, opened: str | None) -> Label:
    rule = evidence.rule
    if state in (HEAD, MID):  # the header knows better: it is neither the header's nor a caption
        state = STRIP if len(evidence.text) >= STRIPS else TOP
    elif state == CREDIT:
        state = TAIL
    if rule is not None and rule.part == NOISE and (opened is None or rule.kind == opened):
        return Label(NOISE, rule.kind, rule.name)
    if opened and (state in (TAIL, ASIDE, OTHER) or evidence.sort in _ITEMS):
        return Label(NOISE, opened, "under-label")
    if state == STRIP and evidence.sort in ("hint", "short", "label"):
        state = TOP  # sections between the headlines of a strip
    if state in (TAIL, OTHER) and _is_entry(evidence):
        return Label(NOISE, "navigation", "menu-after-article")
    name, kind = _BY_PLACE[state]
    if state == STRIP and evidence.sort in ("prose", "teaser") and len(evidence.text) >= TEASER and "." in evidence.text:
        name, kind = "teaser-before-article", "related"
    return Label(NOISE, kind, name)


#: A line of so many characters above the article is a strip of headlines; a shorter one is a menu's or a button's.
STRIPS: Final = 100

#: The entries of a menu are no longer than this.
ENTRY: Final = 25


def _is_entry(evidence: Evidence) -> bool:
    """Whether a line after the article looks like an entry of a menu: a section's name, or one of many short lines."""
    if evidence.label in ("category?", "navigation?"):
        return True
    return evidence.sort == "short" and len(evidence.text) < ENTRY and evidence.facts[_RUN] == "8+"


_RUN: Final = FACTS.index("run")


def _body(found: Sequence[Evidence], i: int) -> Label:
    evidence = found[i]
    if _is_subheading(found, i):
        return Label(BODY, "sub", "body-subheading")
    return Label(BODY, None, "body-prose" if evidence.prose else "body-line")


def _is_subheading(found: Sequence[Evidence], i: int) -> bool:
    """A short line without a full stop that prose follows, and that stands apart from the line above."""
    evidence = found[i]
    if len(evidence.text) > 80 or evidence.text[-1] in ".،!" or i + 1 >= len(found) or evidence.block.lines > 1:
        return False
    return found[i + 1].prose and evidence.block.gap in (1, 2) and found[i + 1].block.gap in (1, 2)
