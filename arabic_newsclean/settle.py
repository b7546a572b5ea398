"""Evidence to labels: part, kind and rule for every block, once the walk through the page is known.

`walk` says where in the page each block stands. A block that a rule caught outright keeps that rule's part and kind; a
block in the header gets its role from `header`; any other gets what its place and the label above it say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from arabic_newsclean import header
from arabic_newsclean.judge import Evidence
from arabic_newsclean.model import BODY, HEADER, NOISE, Label
from arabic_newsclean.rules import RuleSet
from arabic_newsclean.walk import ASIDE, CREDIT, HEAD, MID, STRIP, TAIL, TOP, Walker
from arabic_newsclean.walk import BODY as IN_BODY


#: What an unmarked block is by its place alone: the rule (see rules/place.toml) and the kind.
_BY_PLACE: Final = {
    TOP: ("before-article", "navigation"),
    STRIP: ("strip-before-article", "ticker"),
    MID: ("between-header-and-body", "caption"),
    ASIDE: ("inside-body", "related"),
    TAIL: ("after-article", "related"),
}


def settle(found: Sequence[Evidence], rules: RuleSet, walker: Walker) -> list[Label]:
    """The label of every block of a dump."""
    sequence = [i for i, e in enumerate(found) if not e.inline]
    walk = walker.walk([found[i].facts for i in sequence], [barred(found[i]) for i in sequence])
    place = dict(zip(sequence, walk, strict=True))
    states = [place.get(i, ASIDE) for i in range(len(found))]
    roles = header.roles(found, [i for i in sequence if states[i] in (HEAD, CREDIT)], states)
    out: list[Label] = []
    opened: str | None = None
    for i, (evidence, state) in enumerate(zip(found, states, strict=True)):
        rule = evidence.rule
        if state in (HEAD, IN_BODY):
            opened = None
        if rule is not None and not rule.hint and rule.part == NOISE:
            label = Label(NOISE, rule.kind, rule.name)
            if rule.opens:
                opened = rule.kind
            elif rule.kind != opened and rule.kind in _CLOSERS:
                opened = None
        elif state == IN_BODY:
            label = _body(found, i)
        elif i in roles:
            label = roles[i]
        else:
            if rule is not None and rule.part == NOISE and rule.opens:
                opened = rule.kind
            label = _noise(evidence, state, opened)
        if label.rule not in rules.by_name:
            label = Label(BODY, None, "body-line")  # the rule was disabled: doubt keeps text
        out.append(label)
    return out


#: Kinds that end the block another label opened.
_CLOSERS: Final = frozenset(("comments", "legal", "promo", "navigation", "tags", "share"))


def barred(evidence: Evidence) -> tuple[int, ...]:
    """The places a block cannot have: what a noise rule caught outright is neither header nor body."""
    if not evidence.sure or evidence.rule is None:
        return ()
    return _NOT_NOISE if evidence.rule.part == NOISE else _NOT_BODY if evidence.rule.part == HEADER else ()


_NOT_NOISE: Final = (HEAD, IN_BODY, CREDIT)
_NOT_BODY: Final = (IN_BODY,)


def _noise(evidence: Evidence, state: int, opened: str | None) -> Label:
    rule = evidence.rule
    if rule is not None and rule.part == NOISE and (opened is None or rule.kind == opened):
        return Label(NOISE, rule.kind, rule.name)
    name, kind = _BY_PLACE[state]
    if opened and state in (STRIP, ASIDE, TAIL, MID, TOP):
        return Label(NOISE, opened, "under-label")
    return Label(NOISE, kind, name)


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
